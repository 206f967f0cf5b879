package dev.lanewise.data.internal;

import java.lang.reflect.Array;

/** Numbers from a caller: floats or doubles, in one array per row or as one column. */
public final class Grid {
  private final Object rows; // float[][], double[][], float[] or double[]
  private final boolean isColumn;

  private Grid(Object rows, boolean isColumn) {
    if (rows == null) {
      throw DataErrors.wrong("null in place of rows or targets, expected an array");
    }
    this.rows = rows;
    this.isColumn = isColumn;
  }

  public static Grid of(float[][] rows) {
    return new Grid(rows, false);
  }

  public static Grid of(double[][] rows) {
    return new Grid(rows, false);
  }

  public static Grid column(float[] values) {
    return new Grid(values, true);
  }

  public static Grid column(double[] values) {
    return new Grid(values, true);
  }

  public int rows() {
    return Array.getLength(rows);
  }

  /** Returns the number of values of a row; -1 if the row is null. */
  int columns(int row) {
    Object values = isColumn ? null : ((Object[]) rows)[row];
    return isColumn ? 1 : values == null ? -1 : Array.getLength(values);
  }

  /** Copies a row, [columns]. */
  void copyRow(int row, double[] out) {
    Object from = isColumn ? rows : ((Object[]) rows)[row];
    int at = isColumn ? row : 0;
    if (from instanceof double[] doubles) {
      System.arraycopy(doubles, at, out, 0, out.length);
    } else {
      float[] floats = (float[]) from;
      for (int j = 0; j < out.length; j++) {
        out[j] = floats[at + j];
      }
    }
  }
}
