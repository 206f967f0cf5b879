package dev.lanewise.data.internal;

import dev.lanewise.nn.Scaling;

/**
 * Rows of floats in memory, scaled before or not at all.
 *
 * @param values [rows][features]
 * @param features the number of features
 * @param exact [rows][features], the unrounded values for a later scaling; null if the floats are
 *     exact
 */
public record FloatRows(float[] values, int features, double[] exact) implements RowSource {
  public FloatRows(float[] values, int features) {
    this(values, features, null);
  }

  @Override
  public int rows() {
    return values.length / features;
  }

  @Override
  public void copy(int row, int count, float[] out, int offset) {
    System.arraycopy(values, row * features, out, offset, count * features);
  }

  @Override
  public void copyRow(int row, double[] out) {
    if (exact != null) {
      System.arraycopy(exact, row * features, out, 0, features);
    } else {
      for (int j = 0; j < features; j++) {
        out[j] = values[row * features + j];
      }
    }
  }

  @Override
  public boolean isRounded() {
    return exact != null;
  }

  @Override
  public RowSource under(Scaling scaling) {
    return null;
  }

  @Override
  public RowSource select(int[] rows) {
    float[] some = new float[rows.length * features];
    double[] someExact = exact == null ? null : new double[some.length];
    for (int i = 0; i < rows.length; i++) {
      copy(rows[i], 1, some, i * features);
      if (exact != null) {
        System.arraycopy(exact, rows[i] * features, someExact, i * features, features);
      }
    }
    return new FloatRows(some, features, someExact);
  }

  @Override
  public void gather(
      int first, int[] order, int from, int count, int column, int width, float[] out, int offset) {
    for (int i = 0; i < count; i++) {
      int at = RowSource.row(first, order, from + i) * features + column;
      System.arraycopy(values, at, out, offset + i * width, width);
    }
  }
}
