package dev.lanewise.data;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import java.util.OptionalInt;

/**
 * The class of every row of a split.
 *
 * @param values [rows], from 0
 * @param columns how many columns one-hot targets had; empty for integers
 * @param largestRow the first row of the largest label
 * @param where the file and the array, for errors
 */
record Labels(int[] values, OptionalInt columns, int largestRow, String where) {
  /** A larger label is a mistake, and its output layer would not fit anywhere. */
  static final int MAX_CLASSES = 1 << 16;

  private static final String EXPECTED =
      "expected a class 0, 1, 2, ... or a one-hot row (other targets are not supported)";

  /** Reads targets N, N x 1 or one-hot N x K, of any type of number. */
  static Labels of(NdArray array, int rows, String where) throws FormatException {
    if (array.type() == ElementType.UNICODE) {
      throw new FormatException(where, array + ", expected numbers");
    }
    if (array.rank() < 1 || array.rank() > 2) {
      throw new FormatException(
          where, array + ", expected N or N x 1 class labels or N x K one-hot rows");
    }
    if (array.dimension(0) != rows) {
      throw new FormatException(
          where, array + ", expected " + rows + " rows, as many as there are inputs");
    }
    int columns = array.rank() == 1 ? 1 : array.dimension(1);
    if (columns == 0 || columns > MAX_CLASSES) {
      throw new FormatException(where, array + ", expected 1 to " + MAX_CLASSES + " columns");
    }
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = columns == 1 ? integer(array, row, where) : oneHot(array, row, columns, where);
    }
    return of(labels, columns == 1 ? OptionalInt.empty() : OptionalInt.of(columns), where);
  }

  static Labels of(int[] labels, OptionalInt columns, String where) {
    int largest = 0;
    for (int row = 1; row < labels.length; row++) {
      if (labels[row] > labels[largest]) {
        largest = row;
      }
    }
    return new Labels(labels, columns, largest, where);
  }

  /** The largest label. */
  int largest() {
    return values[largestRow];
  }

  /** Checks that every label is below the number of classes. */
  void check(int classes, String reason) throws FormatException {
    if (largest() >= classes) {
      throw new FormatException(
          where,
          "row %s is %s, expected a class from 0 to %s, %s"
              .formatted(largestRow, largest(), classes - 1, reason));
    }
  }

  private static int integer(NdArray array, int row, String where) throws FormatException {
    double value = array.doubleAt(row);
    if (value != Math.rint(value) || Double.isInfinite(value)) { // NaN too
      throw new FormatException(where, "row " + row + " is " + value + ", " + EXPECTED);
    }
    if (value < 0 || value >= MAX_CLASSES) {
      String found = Math.abs(value) < 1e18 ? Long.toString((long) value) : Double.toString(value);
      throw new FormatException(
          where,
          "row %s is %s, expected a class from 0 to %s".formatted(row, found, MAX_CLASSES - 1));
    }
    return (int) value;
  }

  private static int oneHot(NdArray array, int row, int columns, String where)
      throws FormatException {
    int label = -1;
    int ones = 0;
    for (int k = 0; k < columns; k++) {
      double value = array.doubleAt(row * columns + k);
      if (value == 1) {
        label = k;
        ones++;
      } else if (value != 0) {
        throw new FormatException(
            where, "row " + row + " of " + columns + " holds " + value + ", " + EXPECTED);
      }
    }
    if (ones != 1) {
      String found = ones == 0 ? "no 1" : ones + " ones";
      throw new FormatException(
          where, "row " + row + " of " + columns + " has " + found + ", " + EXPECTED);
    }
    return label;
  }
}
