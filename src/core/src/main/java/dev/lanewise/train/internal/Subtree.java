package dev.lanewise.train.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A part of the tree by which the gradients of shards are added: 2^height shards from a multiple of
 * 2^height on. Its sum does not depend on the other shards.
 *
 * @param shard the first of the shards
 * @param height of the subtree; 0 for one shard
 */
public record Subtree(int shard, int height) {
  /** Returns the largest subtrees that consecutive shards consist of, in the order of shards. */
  public static List<Subtree> of(int from, int end) {
    List<Subtree> all = new ArrayList<>();
    for (int s = from; s < end; s += 1 << all.get(all.size() - 1).height) {
      int height = s == 0 ? 31 : Integer.numberOfTrailingZeros(s);
      while (1L << height > end - s) {
        height--;
      }
      all.add(new Subtree(s, height));
    }
    return all;
  }

  /**
   * Adds up the sums of subtrees that the whole tree consists of, as the tree says.
   *
   * @param heights the height of each subtree, in the order of shards
   * @param sums the numbers of each subtree, arrays of equal length, which change
   * @param length how many numbers are added
   * @return the array among these that has the result
   */
  public static float[] total(int[] heights, float[][] sums, int length) {
    long shards = Arrays.stream(heights).mapToLong(height -> 1L << height).sum();
    return total(heights, sums, length, Long.numberOfTrailingZeros(shards), new int[1]);
  }

  private static float[] total(int[] heights, float[][] sums, int length, int height, int[] next) {
    if (heights[next[0]] == height) {
      return sums[next[0]++];
    }
    float[] left = total(heights, sums, length, height - 1, next);
    add(total(heights, sums, length, height - 1, next), 0, length, left);
    return left;
  }

  /** Adds the sum of a right half to that of the left half. */
  public static void add(float[] right, int place, int length, float[] sum) {
    for (int i = place; i < place + length; i++) {
      sum[i] += right[i];
    }
  }
}
