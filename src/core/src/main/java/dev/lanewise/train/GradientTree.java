package dev.lanewise.train;

import dev.lanewise.engine.Backpropagation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Layer;
import java.util.Arrays;

/**
 * Sums the gradients of the shards of a mini-batch in pairs: shards 0 and 1, 2 and 3, ...; then
 * these sums likewise, and so on. A subtree is 2^h shards from a multiple of 2^h on. Its sum does
 * not depend on the others, so machines can compute subtrees alone.
 *
 * <p>The left half of a subtree is summed in place, and the right half in a buffer of its height,
 * so S shards need log2(S) buffers. Members of a team compute different parameters.
 */
final class GradientTree {
  private final Layer[] layers;
  private final Backpropagation network;
  private final int height; // of the whole tree
  private final float[] gradient;
  private final float[][] right; // [height], in the layout of the gradient: sums of right halves

  private int batch;
  private int[] starts;
  private int subtree; // first shard of the subtree to sum
  private int top; // its height

  GradientTree(Architecture architecture, Backpropagation network, int shards, float[] gradient) {
    this.layers = architecture.layers().toArray(new Layer[0]);
    this.network = network;
    this.height = Integer.numberOfTrailingZeros(shards);
    this.gradient = gradient;
    this.right = new float[height][Math.toIntExact(architecture.parameterCount())];
  }

  /** Prepares to sum all shards of a mini-batch. One thread calls this before the others start. */
  void begin(int batch, int[] starts) {
    begin(batch, starts, 0, height);
  }

  /**
   * Prepares to sum a subtree of 2^height shards.
   *
   * @param batch rows of the mini-batch in the buffers of the network
   * @param starts the first row of each shard in these buffers, and after the last one the end;
   *     only those of the subtree are read
   * @param shard the first shard of the subtree, a multiple of 2^height
   */
  void begin(int batch, int[] starts, int shard, int height) {
    this.batch = batch;
    this.starts = starts;
    this.subtree = shard;
    this.top = height;
  }

  /**
   * Computes the gradient of the weights of inputs from..to of a layer.
   *
   * @param columns whether the network's inputs are these columns by themselves
   */
  void weights(int l, int from, int to, boolean columns, int member) {
    weights(l, from, to, columns, member, subtree, top, gradient);
  }

  private void weights(
      int l, int from, int to, boolean columns, int member, int s, int h, float[] sum) {
    int place = layers[l].weightsOffset() + from * layers[l].outputs();
    int length = (to - from) * layers[l].outputs();
    if (h > 0) {
      weights(l, from, to, columns, member, s, h - 1, sum);
      weights(l, from, to, columns, member, s + (1 << h - 1), h - 1, right[h - 1]);
      add(right[h - 1], place, length, sum);
    } else if (starts[s] == starts[s + 1]) {
      Arrays.fill(sum, place, place + length, 0);
    } else if (columns) {
      network.columnsGradient(from, to, batch, starts[s], starts[s + 1], sum, member);
    } else {
      network.weightGradient(l, from, to, starts[s], starts[s + 1], sum, member);
    }
  }

  /** Computes the gradient of the biases of outputs from..to of a layer. */
  void biases(int l, int from, int to) {
    biases(l, from, to, subtree, top, gradient);
  }

  private void biases(int l, int from, int to, int s, int h, float[] sum) {
    if (h == 0) {
      network.biasGradient(l, from, to, starts[s], starts[s + 1], sum);
      return;
    }
    biases(l, from, to, s, h - 1, sum);
    biases(l, from, to, s + (1 << h - 1), h - 1, right[h - 1]);
    add(right[h - 1], layers[l].biasesOffset() + from, to - from, sum);
  }

  /** Adds the sum of a right half to that of the left half. */
  static void add(float[] right, int place, int length, float[] sum) {
    for (int i = place; i < place + length; i++) {
      sum[i] += right[i];
    }
  }
}
