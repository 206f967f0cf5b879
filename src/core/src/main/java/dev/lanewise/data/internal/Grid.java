package dev.lanewise.data.internal;

import java.lang.reflect.Array;

/** Numbers that a caller hands over in an array of floats or doubles, or in one for each row. */
public final class Grid {
  private final Object[] arrays; // float[] or double[] of each row; null: all are in one
  private final Object values; // or float[] or double[], row after row
  private final int width; // of these

  private Grid(Object[] arrays, Object values, int width) {
    if (arrays == null && values == null) {
      throw DataErrors.wrong("null in place of rows or targets, expected an array");
    }
    this.arrays = arrays;
    this.values = values;
    this.width = width;
  }

  /** A row an array. */
  public static Grid of(float[][] rows) {
    return new Grid(rows, null, 0);
  }

  /** A row an array. */
  public static Grid of(double[][] rows) {
    return new Grid(rows, null, 0);
  }

  /** Row after row in one array, of which the number of columns is a divisor. */
  public static Grid of(float[] values, int columns) {
    return new Grid(null, values, columns);
  }

  /** Row after row in one array, of which the number of columns is a divisor. */
  public static Grid of(double[] values, int columns) {
    return new Grid(null, values, columns);
  }

  /** The number of rows. */
  public int rows() {
    return arrays == null ? Array.getLength(values) / width : arrays.length;
  }

  /** How many numbers a row has; -1 if there is null in its place. */
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
