package dev.lanewise.engine.internal;

import dev.lanewise.kernel.math.CounterRandom;

/**
 * Inverted dropout of hidden layers (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov,
 * "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014): training sets each
 * output to 0 with probability p and otherwise multiplies it by {@code 1 / (1 - p)}, so that
 * predictions need no change. The masks depend on seed, epoch, step, layer and element, and are
 * computed again in the backward pass.
 *
 * <p>Whether an element is kept depends on a key and the element's index, never on a thread or on
 * the place of a batch in memory. A random number of {@link CounterRandom} decides two elements;
 * its upper half is for the even one. There is only a scalar version, because most of its time goes
 * into 64-bit products, for which AVX2 has no instruction.
 *
 * <p>Threads may share it within a step.
 */
public final class Dropout {
  private final double probability;
  private final long seed;
  private long threshold; // the probability in units of 2^-32
  private float scale;
  private long key; // key of the step
  private int firstRow;

  /**
   * Makes the dropout of a run.
   *
   * @param probability that an output is dropped
   * @param seed the seed of the masks
   * @throws IllegalArgumentException if the probability is not from 0 to below 1
   */
  public Dropout(double probability, long seed) {
    check(probability);
    this.probability = probability;
    this.seed = seed;
  }

  /**
   * Checks a probability of dropout.
   *
   * @param probability that an output is dropped
   * @throws IllegalArgumentException if it is not from 0 to below 1
   */
  public static void check(double probability) {
    if (!(probability >= 0 && (float) probability < 1)) {
      throw new IllegalArgumentException(
          "dropout " + probability + ", expected a number from 0 to below 1, as float32 has them");
    }
  }

  /**
   * Changes to the masks of a step. One thread calls this before the others start.
   *
   * @param share the share of the probability that this step has, from 0 to 1
   */
  public void begin(int epoch, long step, double share) {
    double dropped = probability * share;
    threshold = Math.round(dropped * 0x1p32);
    scale = (float) (1 / (1 - dropped));
    key = CounterRandom.bits(CounterRandom.key(seed, CounterRandom.DROPOUT, epoch), step);
  }

  /**
   * Sets which row of the mini-batch is row 0 of the buffers, which can hold a part of it.
   *
   * @param row an even number; 0 is the default
   */
  public void setFirstRow(int row) {
    if (row < 0 || row % 2 != 0) {
      throw new IllegalArgumentException("first row " + row + ", expected an even number from 0");
    }
    firstRow = row;
  }

  /** Masks rows from..to of a hidden layer's outputs or gradients, [rows][outputs]. */
  public void apply(int layer, int outputs, int from, int to, float[] x, float[] y) {
    long first = CounterRandom.from(CounterRandom.bits(key, layer), firstRow / 2 * (long) outputs);
    apply(first, threshold, scale, from * outputs, to * outputs, x, y);
  }

  /**
   * Computes {@code y[e] = kept(e) ? x[e] * scale : 0} for a range of elements of a matrix. The
   * element of row i and column j has the index {@code e = i * columns + j}.
   *
   * @param key from {@link CounterRandom#key}
   * @param threshold an element is dropped if its 32 random bits are below this
   * @param scale the factor of the elements that are kept
   * @param x the matrix
   * @param y overwritten; may be x
   */
  public static void apply(
      long key, long threshold, float scale, int from, int to, float[] x, float[] y) {
    int e = from;
    if ((e & 1) != 0 && e < to) {
      y[e] = lower(CounterRandom.bits(key, e >> 1)) >= threshold ? x[e] * scale : 0;
      e++;
    }
    for (; e + 1 < to; e += 2) {
      long bits = CounterRandom.bits(key, e >> 1);
      y[e] = bits >>> 32 >= threshold ? x[e] * scale : 0;
      y[e + 1] = lower(bits) >= threshold ? x[e + 1] * scale : 0;
    }
    if (e < to) {
      y[e] = CounterRandom.bits(key, e >> 1) >>> 32 >= threshold ? x[e] * scale : 0;
    }
  }

  private static long lower(long bits) {
    return bits & 0xFFFFFFFFL;
  }
}
