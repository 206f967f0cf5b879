package dev.lanewise.engine;

/**
 * How the features of rows become the inputs of a network that has more inputs: the features come
 * first, and further inputs are computed from them.
 *
 * @param features features per row
 * @param inputs inputs per row
 * @param rest computes the inputs after the features
 */
public record Expansion(int features, int inputs, Rest rest) {
  /** Computes further inputs of a row. */
  @FunctionalInterface
  public interface Rest {
    /** Reads the features of a row from an offset on, and writes the further inputs at another. */
    void compute(float[] row, int from, float[] inputs, int to);
  }

  /**
   * Returns the position at which the features of rows from..to are stored before {@link #expand}:
   * at the end of the place of these rows' inputs.
   */
  int place(int to, int count) {
    return to * inputs - count * features;
  }

  /** Expands rows of features, which begin at an offset, to inputs at the beginning of an array. */
  public void expand(float[] x, int offset, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(x, offset + i * features, out, i * inputs, features);
      rest.compute(out, i * inputs, out, i * inputs + features);
    }
  }

  /** Expands rows from..to, whose features are at their {@link #place}, in the same array. */
  void expand(float[] rows, int from, int to) {
    int at = place(to, to - from);
    for (int i = from; i < to; i++) { // no row overwrites the features of a later one
      System.arraycopy(rows, at, rows, i * inputs, features);
      rest.compute(rows, i * inputs, rows, i * inputs + features);
      at += features;
    }
  }
}
