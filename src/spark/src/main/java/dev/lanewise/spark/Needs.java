package dev.lanewise.spark;

/** Estimates the peak memory of a training, in bytes, from facts that are known before it. */
final class Needs {
  private static final int OBJECT = 24; // the header of an array and its place in a list

  /** Peak bytes per number of a vector: a double and two floats. */
  private static final int NUMBER = 16;

  private static final int CELL = 28; // a value of a table and its encoded inputs

  private static final int ROW = 32; // target, weight and index of a row

  /** Bytes per row that stays in a file: its target, its weight and its index. */
  private static final int KEPT = 16;

  /** Bytes per vector in a file until it is scaled: a column of numbers, and a part of its copy. */
  private static final int SCALED = 16;

  /** Bytes per row of a table in files until it is encoded: digests, sorted digests and indices. */
  private static final int ENCODED = 60;

  /** Bytes for the columns that are scaled at a time, if they are more than one. */
  private static final long COLUMNS = 1 << 26;

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

  /**
   * Returns the bytes of a training whose rows are in files. What prepares the rows is garbage when
   * the networks are made.
   */
  static long inFiles(boolean isVector, long rows, long ofNetworks) {
    long before = Math.max(COLUMNS, rows * (isVector ? SCALED : ENCODED));
    return rows * KEPT + Math.max(before, ofNetworks);
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
