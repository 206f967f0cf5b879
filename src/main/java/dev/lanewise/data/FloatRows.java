package dev.lanewise.data;

import dev.lanewise.kernel.Kernels;

/** Rows in memory that are scaled already. */
final class FloatRows implements RowSource {
  private final float[] values; // [rows][features]
  private final int features;

  FloatRows(float[] values, int features) {
    this.values = values;
    this.features = features;
  }

  @Override
  public int rows() {
    return values.length / features;
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public void copy(int row, int count, float[] out, int offset) {
    System.arraycopy(values, row * features, out, offset, count * features);
  }

  @Override
  public boolean gather(
      int first,
      int[] order,
      int from,
      int count,
      int column,
      int width,
      float[] out,
      int offset,
      int ld) {
    if (ld < 0) {
      Kernels.active()
          .floatsToBlocks(
              count,
              width,
              values,
              first * features + column,
              features,
              order,
              from,
              out,
              offset,
              -ld);
      return true;
    }
    for (int i = 0; i < count; i++) {
      int at = RowSource.row(first, order, from + i) * features + column;
      System.arraycopy(values, at, out, offset + i * ld, width);
    }
    return true;
  }
}
