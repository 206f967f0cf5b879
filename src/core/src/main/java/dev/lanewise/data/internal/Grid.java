package dev.lanewise.data.internal;

import java.lang.reflect.Array;

/** Numbers from a caller: floats or doubles, in one array or in one array per row. */
public final class Grid {
  private final Object[] arrays; // float[] or double[] per row; null if all rows are in one array
  private final Object values; // float[] or double[], all rows; null if each row has its array
  private final int width; // columns of values

  private Grid(Object[] arrays, Object values, int width) {
    if (arrays == null && values == null) {
      throw DataErrors.wrong("null in place of rows or targets, expected an array");
    }
    this.arrays = arrays;
    this.values = values;
    this.width = width;
  }

  /** Holds one array per row. */
  public static Grid of(float[][] rows) {
    return new Grid(rows, null, 0);
  }

  /** Holds one array per row. */
  public static Grid of(double[][] rows) {
    return new Grid(rows, null, 0);
  }

  /** Holds all rows in one array, whose length is a multiple of the columns. */
  public static Grid of(float[] values, int columns) {
    return new Grid(null, values, columns);
  }

  /** Holds all rows in one array, whose length is a multiple of the columns. */
  public static Grid of(double[] values, int columns) {
    return new Grid(null, values, columns);
  }

  public int rows() {
    return arrays == null ? Array.getLength(values) / width : arrays.length;
  }

  /** Returns the number of values of a row; -1 if the row is null. */
  int columns(int row) {
    return arrays == null ? width : arrays[row] == null ? -1 : Array.getLength(arrays[row]);
  }

  /** Copies a row, [columns]. */
  void copyRow(int row, double[] out) {
    Object from = arrays == null ? values : arrays[row];
    int at = arrays == null ? row * width : 0;
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
