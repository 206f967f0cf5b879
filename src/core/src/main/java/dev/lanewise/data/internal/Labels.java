package dev.lanewise.data.internal;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Loss;
import java.util.List;
import java.util.function.Function;

/** The targets of all rows of a split, classes or numbers, and optionally weights. */
public final class Labels {
  /** Maximum number of classes; larger labels are mistakes. */
  public static final int MAX_CLASSES = 1 << 16;

  private static final String EXPECTED =
      "expected a class 0, 1, 2, ... or a one-hot row (other targets are for other losses)";

  public final int[] values; // [rows], from 0; null for numeric targets
  public final double[] numbers; // [rows][columns]; null for classes
  public final int columns; // columns of one-hot or numeric targets; 0 for class numbers
  public final String where; // the file and the array, for errors
  public float[] weights; // [rows], set by a loader; null if all are 1
  List<String> names = List.of(); // one per class if labels were names
  public int most =
      Integer.MAX_VALUE; // labels of at least this are classes that a model does not have
  private int largestRow; // the first row with the largest label

  public Labels(int[] values, int columns, String where) {
    this.values = values;
    this.numbers = null;
    this.columns = columns;
    this.where = where;
    for (int row = 1; row < values.length; row++) {
      largestRow = values[row] > values[largestRow] ? row : largestRow;
    }
  }

  public Labels(double[] numbers, int columns, String where) {
    this.values = null;
    this.numbers = numbers;
    this.columns = columns;
    this.where = where;
  }

  /**
   * Reads targets of any numeric type: N, N x 1 or one-hot N x K for losses with classes, N or N x
   * K for other losses.
   */
  public static Labels of(NdArray array, int rows, String where, Loss loss) throws FormatException {
    check(array, array.type() != ElementType.UNICODE, "numbers", where);
    int rank = array.rank();
    check(
        array,
        rank == 1 || rank == 2,
        loss.task().hasClasses() ? "N or N x 1 class labels or N x K one-hot rows" : "N or N x K",
        where);
    String asMany = rows + " rows, as many as there are inputs";
    check(array, array.dimension(0) == rows, asMany, where);
    int columns = rank == 1 ? 1 : array.dimension(1);
    boolean sound = columns > 0 && columns <= MAX_CLASSES;
    check(array, sound, "1 to " + MAX_CLASSES + " columns", where);
    if (!loss.task().hasClasses()) {
      double[] numbers = new double[DataErrors.length(rows, columns)];
      for (int i = 0; i < numbers.length; i++) {
        int row = i / columns;
        numbers[i] = number(array.doubleAt(i), loss, what -> wrong(where, row, what));
      }
      return new Labels(numbers, columns, where);
    }
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = columns == 1 ? integer(array, row, where) : oneHot(array, row, columns, where);
    }
    return new Labels(labels, columns == 1 ? 0 : columns, where);
  }

  private static FormatException wrong(String where, int row, String what) {
    return new FormatException(where, "row %s has %s", row, what);
  }

  /** Checks that a loss accepts a numeric target; {@code wrong} makes the error with the place. */
  public static double number(double value, Loss loss, Function<String, FormatException> wrong)
      throws FormatException {
    if (!Float.isFinite((float) value) || !loss.task().takes(value)) {
      String expected =
          loss.task()
              .limits()
              .map(limits -> "number from %s, as the %s loss takes".formatted(limits, loss.label()))
              .orElse("finite float");
      throw wrong.apply("the target " + value + ", expected a " + expected);
    }
    return value;
  }

  /** Sets the weights of the rows from an array of any numeric type: N or N x 1. */
  public void weigh(NdArray array, int rows, String where) throws FormatException {
    check(array, array.type() != ElementType.UNICODE, "numbers", where);
    boolean column = array.rank() == 1 || array.rank() == 2 && array.dimension(1) == 1;
    String expected = "N or N x 1 with " + rows + " rows, as many as there are inputs";
    check(array, column && array.dimension(0) == rows, expected, where);
    weights = new float[rows];
    for (int row = 0; row < rows; row++) {
      int of = row;
      weights[row] = weight(array.doubleAt(row), what -> wrong(where, of, what));
    }
  }

  /** Checks the weight of a row; {@code wrong} makes the error with the place. */
  public static float weight(double value, Function<String, FormatException> wrong)
      throws FormatException {
    if (!(value >= 0 && (float) value < Float.POSITIVE_INFINITY)) {
      throw wrong.apply("the weight " + value + ", expected a finite float, not below 0");
    } else if (value > 0 && (float) value < Float.MIN_NORMAL) { // a float would lose digits or be 0
      throw wrong.apply(
          "the weight "
              + value
              + ", expected 0 or at least 1.2e-38, as weights are floats (multiply all weights by"
              + " one number)");
    }
    return (float) value;
  }

  /** Refuses an array that does not have the expected form. */
  public static void check(NdArray array, boolean sound, String expected, String where)
      throws FormatException {
    if (!sound) {
      throw new FormatException(where, "%s, expected %s", array, expected);
    }
  }

  /** Returns the largest label of a known class; -1 if targets are numeric. */
  public int largest() {
    return values == null ? -1 : Math.min(most - 1, values[largestRow]);
  }

  /** Checks that labels are below the number of classes, which replaces %s in the reason. */
  public void check(int classes, String reason) throws FormatException {
    if (largest() >= classes) {
      throw new FormatException(
          where,
          "row %s is %s, expected a class from 0 to %s, as " + reason,
          largestRow,
          largest(),
          classes - 1,
          classes);
    }
  }

  private static int integer(NdArray array, int row, String where) throws FormatException {
    double value = array.doubleAt(row);
    if (value != Math.rint(value) || Double.isInfinite(value)) { // NaN too
      throw new FormatException(where, "row %s is %s, " + EXPECTED, row, value);
    }
    if (value < 0 || value >= MAX_CLASSES) {
      Object found = Math.abs(value) < 1e18 ? (Object) (long) value : value;
      throw new FormatException(
          where, "row %s is %s, expected a class from 0 to %s", row, found, MAX_CLASSES - 1);
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
        throw new FormatException(where, "row %s of %s holds %s, " + EXPECTED, row, columns, value);
      }
    }
    if (ones != 1) {
      throw new FormatException(
          where, "row %s of %s has %s ones, " + EXPECTED, row, columns, ones == 0 ? "no" : ones);
    }
    return label;
  }
}
