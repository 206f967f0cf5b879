package dev.lanewise.engine.internal;

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

  /** Expands rows of features, which begin at an offset, to inputs from another offset on. */
  public void expand(float[] x, int offset, int count, float[] out, int to) {
    for (int i = 0; i < count; i++) {
      int row = to + i * inputs;
      System.arraycopy(x, offset + i * features, out, row, features);
      rest.compute(out, row, out, row + features);
    }
  }
}
