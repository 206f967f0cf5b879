package dev.lanewise.spark;

/** Estimates the peak memory of a training, in bytes, from facts that are known before it. */
final class Needs {
  private static final int OBJECT = 24; // the header of an array and its place in a list

  /** Peak bytes per number of a vector: a double and two floats. */
  private static final int NUMBER = 16;

  private static final int CELL = 28; // a value of a table and its encoded inputs

  private static final int ROW = 32; // target, weight and index of a row

  private static final int FOLD = 20; // index, target, weight and order of a row of a network

  /** Number of arrays as large as the weights: initial, current, best, gradient, Adam's, file. */
  private static final int COPIES = 9;

  private static final int UNIT = 3; // numbers per unit and row of a mini-batch

  private Needs() {}

  /** Returns the bytes that an arriving row takes. */
  static long held(byte[] row) {
    return OBJECT + row.length;
  }

  /** Returns the bytes of a data set. */
  static long ofData(boolean isVector, long rows, long numbers) {
    return rows * ROW + numbers * (isVector ? NUMBER : CELL);
  }

  /** Returns the bytes of a network, its rows among all, its training and a mini-batch. */
  static long ofNetwork(long rows, long inputs, int[] hidden, long batch) {
    long parameters = 0;
    long units = inputs;
    long previous = inputs;
    for (int size : hidden) {
      parameters += (previous + 1) * size;
      units += (long) UNIT * size;
      previous = size;
    }
    return rows * FOLD + Float.BYTES * (COPIES * parameters + batch * units);
  }
}
