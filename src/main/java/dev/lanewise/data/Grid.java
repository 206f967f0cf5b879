package dev.lanewise.data;

/** Numbers that a caller hands over in an array of some form, row by row. */
interface Grid {
  /** The number of rows. */
  int rows();

  /** How many numbers a row has; -1 if there is null in its place. */
  int columns(int row);

  /** Copies a row, [columns]. */
  void copyRow(int row, double[] out);

  /** Whether every number is a float, so that a float is all of it. */
  boolean isOfFloats();

  /** A row an array. */
  static Grid of(float[][] rows) {
    return new FloatArrays(rows);
  }

  /** A row an array. */
  static Grid of(double[][] rows) {
    return new DoubleArrays(rows);
  }

  /** Row after row in one array, of which the number of columns is a divisor. */
  static Grid of(float[] values, int columns) {
    return new Floats(values, columns);
  }

  /** Row after row in one array, of which the number of columns is a divisor. */
  static Grid of(double[] values, int columns) {
    return new Doubles(values, columns);
  }

  /** Floats, a row an array. */
  record FloatArrays(float[][] arrays) implements Grid {
    @Override
    public int rows() {
      return arrays.length;
    }

    @Override
    public int columns(int row) {
      return arrays[row] == null ? -1 : arrays[row].length;
    }

    @Override
    public void copyRow(int row, double[] out) {
      float[] from = arrays[row];
      for (int j = 0; j < out.length; j++) {
        out[j] = from[j];
      }
    }

    @Override
    public boolean isOfFloats() {
      return true;
    }
  }

  /** Doubles, a row an array. */
  record DoubleArrays(double[][] arrays) implements Grid {
    @Override
    public int rows() {
      return arrays.length;
    }

    @Override
    public int columns(int row) {
      return arrays[row] == null ? -1 : arrays[row].length;
    }

    @Override
    public void copyRow(int row, double[] out) {
      System.arraycopy(arrays[row], 0, out, 0, out.length);
    }

    @Override
    public boolean isOfFloats() {
      return false;
    }
  }

  /** Floats, row after row. */
  record Floats(float[] values, int width) implements Grid {
    @Override
    public int rows() {
      return values.length / width;
    }

    @Override
    public int columns(int row) {
      return width;
    }

    @Override
    public void copyRow(int row, double[] out) {
      for (int j = 0; j < out.length; j++) {
        out[j] = values[row * width + j];
      }
    }

    @Override
    public boolean isOfFloats() {
      return true;
    }
  }

  /** Doubles, row after row. */
  record Doubles(double[] values, int width) implements Grid {
    @Override
    public int rows() {
      return values.length / width;
    }

    @Override
    public int columns(int row) {
      return width;
    }

    @Override
    public void copyRow(int row, double[] out) {
      System.arraycopy(values, row * width, out, 0, out.length);
    }

    @Override
    public boolean isOfFloats() {
      return false;
    }
  }
}
