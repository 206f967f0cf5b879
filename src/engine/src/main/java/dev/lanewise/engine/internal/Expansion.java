package dev.lanewise.engine.internal;

/**
 * How the features of rows become the inputs of a network that has more inputs: the features come
 * first, and further inputs are computed from them.
 */
public interface Expansion {
  /** {@return the number of features of a row} */
  int features();

  /** {@return the number of inputs of a row} */
  int inputs();

  /** Reads the features of a row from an offset on, and writes the further inputs at another. */
  void rest(float[] row, int from, float[] inputs, int to);

  /** Expands rows of features, which begin at an offset, to inputs from another offset on. */
  default void expand(float[] x, int offset, int count, float[] out, int to) {
    for (int i = 0; i < count; i++) {
      int row = to + i * inputs();
      System.arraycopy(x, offset + i * features(), out, row, features());
      rest(out, row, out, row + features());
    }
  }
}
