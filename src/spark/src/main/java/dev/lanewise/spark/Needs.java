package dev.lanewise.spark;

/**
 * The bytes of memory that a training takes, estimated from what is known before it: the largest
 * amount at one time.
 */
final class Needs {
  private static final int OBJECT = 24; // the header of an array and its place in a list

  /** Bytes that the data set of a number takes at its largest: a double and two floats. */
  private static final int NUMBER = 16;

  private static final int CELL = 28; // of a table, as it is built, and what it is encoded to

  private static final int ROW = 32; // for its target, its weight and its place

  /** Copies of the weights: first, present and best ones, gradients, two of Adam's, the file. */
  private static final int COPIES = 9;

  private static final int UNIT = 3; // numbers of a unit in each row of a mini-batch

  private Needs() {}

  /** Returns the bytes of a row as it arrives. */
  static long held(byte[] row) {
    return OBJECT + row.length;
  }

  /** Returns the bytes of the data set that is made of rows. */
  static long ofData(boolean isVector, long rows, long numbers) {
    return rows * ROW + numbers * (isVector ? NUMBER : CELL);
  }

  /** Returns the bytes of the network, its training and a mini-batch. */
  static long ofNetwork(int inputs, int[] hidden, long batch) {
    long parameters = 0;
    long units = inputs;
    long previous = inputs;
    for (int size : hidden) {
      parameters += (previous + 1) * size;
      units += (long) UNIT * size;
      previous = size;
    }
    return Float.BYTES * (COPIES * parameters + batch * units);
  }
}
