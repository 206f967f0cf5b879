package dev.lanewise.train;

import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.Network;
import dev.lanewise.engine.internal.Step;
import dev.lanewise.train.internal.Subtree;
import java.util.Arrays;
import java.util.List;

/**
 * Sums the gradients of the shards of a mini-batch in pairs: shards 0 and 1, 2 and 3, ...; then
 * these sums likewise, and so on. Of several processes, each sums the subtrees of its own shards.
 *
 * <p>The left half of a subtree is summed in place, and the right half in a buffer of its height,
 * so S shards need log2(S) buffers. Members of a team compute different parameters.
 */
final class GradientTree implements Step.Part {
  private final List<Network.Layer> layers;
  private final Backpropagation network;
  private final List<Subtree> subtrees;
  private final float[][] sums; // of each subtree, in the layout of the gradient
  private final float[][] right; // [height], in the same layout: sums of right halves

  private int[] starts;

  /**
   * Makes the tree of some shards.
   *
   * @param gradient receives the sum of the first subtree, which is the gradient if there is one
   */
  GradientTree(Backpropagation network, List<Subtree> subtrees, float[] gradient) {
    this.layers = network.network().layers();
    this.network = network;
    this.subtrees = subtrees;
    int length = network.network().parameterCount();
    int height = subtrees.stream().mapToInt(Subtree::height).max().orElseThrow();
    this.right = new float[height][length];
    this.sums = new float[subtrees.size()][];
    Arrays.setAll(sums, t -> t == 0 ? gradient : new float[length]);
  }

  /** Returns the sums of the subtrees. */
  float[][] sums() {
    return sums;
  }

  /**
   * Prepares to sum the shards of a mini-batch. One thread calls this before the others start.
   *
   * @param starts the first row of each shard in these buffers, and after the last one the end;
   *     only those of the subtrees are read
   */
  void begin(int[] starts) {
    this.starts = starts;
  }

  @Override
  public void weights(int l, int from, int to, int member, int members) {
    for (int t = 0; t < sums.length; t++) {
      Subtree tree = subtrees.get(t);
      weights(l, from, to, member, tree.shard(), tree.height(), sums[t]);
    }
  }

  private void weights(int l, int from, int to, int member, int s, int h, float[] sum) {
    int place = layers.get(l).weights() + from * layers.get(l).outputs();
    int length = (to - from) * layers.get(l).outputs();
    if (h > 0) {
      weights(l, from, to, member, s, h - 1, sum);
      weights(l, from, to, member, s + (1 << h - 1), h - 1, right[h - 1]);
      Subtree.add(right[h - 1], place, length, sum);
    } else if (starts[s] == starts[s + 1]) {
      Arrays.fill(sum, place, place + length, 0);
    } else {
      network.weightGradient(l, from, to, starts[s], starts[s + 1], sum, member);
    }
  }

  @Override
  public void biases(int l, int from, int to) {
    for (int t = 0; t < sums.length; t++) {
      biases(l, from, to, subtrees.get(t).shard(), subtrees.get(t).height(), sums[t]);
    }
  }

  private void biases(int l, int from, int to, int s, int h, float[] sum) {
    if (h == 0) {
      network.biasGradient(l, from, to, starts[s], starts[s + 1], sum);
      return;
    }
    biases(l, from, to, s, h - 1, sum);
    biases(l, from, to, s + (1 << h - 1), h - 1, right[h - 1]);
    Subtree.add(right[h - 1], layers.get(l).biases() + from, to - from, sum);
  }
}
