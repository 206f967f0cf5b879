package dev.lanewise.data;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.GivenRows;
import dev.lanewise.data.internal.Grid;
import dev.lanewise.data.internal.LabelMapping;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.RowRange;
import dev.lanewise.data.internal.Stratification;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.nn.Scaling;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/**
 * Rows of scaled features and their targets, which are classes or numbers. Immutable and
 * thread-safe.
 *
 * <p>The rows are in memory or stay in a file; see {@link #isInMemory}.
 */
public final class Rows {
  static {
    RowRange.HOOK.install(split -> split.in, Rows::new);
  }

  private final RowRange in;

  private Rows(RowRange in) {
    this.in = in;
  }

  /**
   * {@return a split of unscaled rows and classes}
   *
   * @param rows [rows][features], finite, at least one of each; copied
   * @param labels [rows], from 0
   * @throws IllegalArgumentException if the arrays do not have this form; the message names the row
   *     and feature
   */
  public static Rows of(float[][] rows, int[] labels) {
    return of(Grid.of(rows), GivenRows.classes(labels));
  }

  /**
   * {@return a split of unscaled rows and classes} Values are rounded to floats only while the rows
   * are unscaled: {@link Dataset#withScaling} and {@link #withScaling} scale the doubles and round
   * once.
   *
   * @param rows [rows][features], finite as floats, at least one of each; copied
   * @param labels [rows], from 0
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Rows of(double[][] rows, int[] labels) {
    return of(Grid.of(rows), GivenRows.classes(labels));
  }

  /**
   * {@return a split of unscaled rows and named classes} The classes are numbered in the order of
   * the code points of their names; {@link Dataset#of(Rows, Rows, Rows)} renumbers them as in the
   * training rows.
   *
   * @param rows as for {@link #of(float[][], int[])}
   * @param labels [rows], the class name of each row
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Rows of(float[][] rows, String[] labels) {
    return of(Grid.of(rows), GivenRows.classes(labels));
  }

  /**
   * {@return a split of unscaled rows and named classes, as for {@link #of(float[][], String[])}}
   *
   * @param rows as for {@link #of(double[][], int[])}
   * @param labels [rows], the class name of each row
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Rows of(double[][] rows, String[] labels) {
    return of(Grid.of(rows), GivenRows.classes(labels));
  }

  /**
   * {@return a split of unscaled rows with one numeric target each, for losses without classes}
   *
   * @param rows as for {@link #of(float[][], int[])}
   * @param targets [rows], finite
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Rows of(float[][] rows, float[] targets) {
    return of(Grid.of(rows), GivenRows.numbers(Grid.column(targets)));
  }

  /**
   * {@return a split of unscaled rows with one numeric target each, for losses without classes}
   *
   * @param rows as for {@link #of(double[][], int[])}
   * @param targets [rows], finite as floats; kept as doubles until they are scaled
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Rows of(double[][] rows, double[] targets) {
    return of(Grid.of(rows), GivenRows.numbers(Grid.column(targets)));
  }

  /**
   * {@return a split of unscaled rows with one or more numeric targets each}
   *
   * @param rows as for {@link #of(float[][], int[])}
   * @param targets [rows][outputs], finite, at least one output
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Rows of(float[][] rows, float[][] targets) {
    return of(Grid.of(rows), GivenRows.numbers(Grid.of(targets)));
  }

  /**
   * {@return a split of unscaled rows with one or more numeric targets each}
   *
   * @param rows as for {@link #of(double[][], int[])}
   * @param targets [rows][outputs], finite as floats, at least one output; kept as doubles until
   *     they are scaled
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Rows of(double[][] rows, double[][] targets) {
    return of(Grid.of(rows), GivenRows.numbers(Grid.of(targets)));
  }

  private static Rows of(Grid rows, Labels labels) {
    int count =
        labels.values == null ? labels.numbers.length / labels.columns : labels.values.length;
    return RowRange.split(GivenRows.source(rows, count), labels, Scaling.none());
  }

  /**
   * {@return consecutive rows, which share the arrays of this split}
   *
   * @param from the first row
   * @param count how many rows, at least 1
   * @throws IndexOutOfBoundsException if there are fewer rows
   */
  public Rows slice(int from, int count) {
    Objects.checkFromIndexSize(from, count, rows());
    return in.slice(from, count);
  }

  /**
   * Copies rows by their numbers, with their targets and weights.
   *
   * @param order the numbers of the rows, in any order
   * @return the rows
   * @throws IndexOutOfBoundsException if a number is not the number of a row
   * @throws IllegalArgumentException if the rows stay in a file (see {@link #isInMemory})
   */
  public Rows select(int[] order) {
    return in.select(Objects.requireNonNull(order, "order"));
  }

  /**
   * Copies the rows in random order, with their targets and weights.
   *
   * @param seed the seed of the order; a CSV file is shuffled in the same way
   * @return the rows
   * @throws IllegalArgumentException if the rows stay in a file (see {@link #isInMemory})
   */
  public Rows shuffled(long seed) {
    int[] order = new int[rows()];
    CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.SPLIT, 0), order);
    return select(order);
  }

  /**
   * Divides the rows into two parts, for example training and validation, with their targets and
   * weights. Both parts keep the order of the rows; use {@link #shuffled} before for a random
   * division.
   *
   * @param fraction the share of the second part, at least 0 and below 1; the number of its rows is
   *     rounded down and must be at least 1
   * @param stratified whether each class gives its last rows in proportion to its size (largest
   *     remainder method); otherwise the second part has the last rows
   * @return the two parts
   * @throws IllegalArgumentException if the fraction is out of range or less than one row, or if
   *     stratified rows stay in a file (see {@link #isInMemory})
   * @throws IllegalStateException if stratified rows have numeric targets
   */
  public List<Rows> divide(double fraction, boolean stratified) {
    int taken = Stratification.share(fraction, rows());
    if (taken == 0) {
      throw DataErrors.wrong(
          "a share of %s of %s rows, expected at least one row", fraction, rows());
    }
    Rows all = this;
    if (stratified) {
      all = select(Stratification.order(in.targets().copyOfClasses(in.first(), rows()), taken, 0));
    }
    return List.of(all.slice(0, rows() - taken), all.slice(rows() - taken, taken));
  }

  /**
   * Returns these rows with their classes renumbered, for example as in a model.
   *
   * @param names the names of all classes in their new order; they must include every class that
   *     has rows here
   * @return new rows on the same arrays; this split if its classes have no names
   * @throws IllegalArgumentException if a class with rows is not among the names; the message names
   *     the row
   */
  public Rows withClassesOf(List<String> names) {
    return LabelMapping.of(this, names, "row", false);
  }

  /**
   * Scales these unscaled rows in double and rounds each value to a float once. Rows that were read
   * from a file as integers in 0..255, and rows that stay in a file, are scaled when they are
   * copied; other rows are copied and scaled now.
   *
   * @param scaling for the number of features of a row
   * @return new rows; this split if it has that scaling already
   * @throws IllegalArgumentException if the rows have another scaling, the scaling is for another
   *     number of features, or a scaled feature is not a finite float
   */
  public Rows withScaling(Scaling scaling) {
    return in.scaling().equals(scaling) ? this : in.scaled(scaling, List.of());
  }

  /**
   * {@return these rows with weights} Training multiplies the loss and gradients of a row by its
   * weight; the divisor of a mini-batch stays its number of rows, as in Keras. An evaluation uses
   * the same weights. Existing weights are replaced.
   *
   * @param weights [rows], finite, at least 0; training and evaluation need one above 0
   * @throws IllegalArgumentException if the number of weights is wrong, or one is out of range
   */
  public Rows withRowWeights(float[] weights) {
    Objects.requireNonNull(weights, "weights");
    if (weights.length != rows()) {
      throw DataErrors.wrong("%s weights, expected %s as there are rows", weights.length, rows());
    }
    for (int row = 0; row < rows(); row++) {
      if (!(weights[row] >= 0 && weights[row] < Float.POSITIVE_INFINITY)) {
        throw DataErrors.wrong(
            "row %s has weight %s, expected a finite number, not below 0", row, weights[row]);
      }
    }
    return in.with(in.targets().withWeights(in.first(), weights));
  }

  /**
   * {@return these rows with a scaling of their numeric targets: {@code (float) ((target - mean) /
   * deviation)} for a standard scaling, computed in double and rounded once} The raw targets are
   * kept, so an existing target scaling is replaced.
   *
   * @param scaling for the number of outputs
   * @throws IllegalArgumentException if the targets are classes, the scaling is for another number
   *     of outputs, or a scaled target is not a finite float
   */
  public Rows withTargetScaling(Scaling scaling) {
    return in.targetScaling().equals(scaling) ? this : in.withTargetScaling(scaling);
  }

  /**
   * {@return the weight of a row; 1 if the rows have no weights}
   *
   * @param row which row
   */
  public float weight(int row) {
    return in.targets().weight(in.first() + Objects.checkIndex(row, rows()));
  }

  /** {@return true if the rows have weights; otherwise each row counts as 1} */
  public boolean hasWeights() {
    return in.targets().haveWeights();
  }

  /** {@return the number of rows, at least 1} */
  public int rows() {
    return in.count();
  }

  /** {@return the number of features, at least 1} */
  public int features() {
    return in.source().features();
  }

  /**
   * {@return the class of a row, from 0}
   *
   * @param row which row
   * @throws IllegalStateException if the targets are numeric
   */
  public int label(int row) {
    return in.targets().classes()[in.first() + Objects.checkIndex(row, rows())];
  }

  /** {@return the number of numeric targets per row, or 0 if targets are classes} */
  public int outputs() {
    return in.targets().outputs();
  }

  /**
   * {@return a numeric target of a row as it was given or read, unscaled}
   *
   * @param row which row
   * @param output which output
   */
  public double target(int row, int output) {
    int at = in.first() + Objects.checkIndex(row, rows());
    return in.targets().number(at, Objects.checkIndex(output, in.targets().outputs()));
  }

  /** {@return one name per class if classes were given by name, or none} */
  public List<String> classNames() {
    return in.targets().names();
  }

  /** {@return the scaling of numeric targets; {@link Scaling#none} for classes} */
  public Scaling targetScaling() {
    return in.targetScaling();
  }

  /** {@return the scaling of the features} */
  public Scaling scaling() {
    return in.scaling();
  }

  /**
   * Copies scaled rows into a mini-batch.
   *
   * @param order row numbers, or null for 0, 1, 2, ...
   * @param from the first position in the order
   * @param count how many rows
   * @param batch receives the rows, [count][features]
   * @param offset the first position in {@code batch}
   * @throws IndexOutOfBoundsException if the order, the batch or this split is too short
   * @throws UncheckedIOException if the rows stay in a file (see {@link #isInMemory}), and one of
   *     them has a value that is not finite or can no longer be read
   */
  public void copyRows(int[] order, int from, int count, float[] batch, int offset) {
    Objects.requireNonNull(batch, "batch");
    int features = in.source().features();
    check(order, from, count, features, batch, offset);
    if (order == null) {
      in.source().copy(in.first() + from, count, batch, offset);
    } else {
      in.source().gather(in.first(), order, from, count, 0, features, batch, offset);
    }
  }

  private void check(int[] order, int from, int count, int width, float[] batch, int offset) {
    Objects.checkFromIndexSize(from, count, order == null ? rows() : order.length);
    for (int i = from; order != null && i < from + count; i++) {
      Objects.checkIndex(order[i], rows());
    }
    Objects.checkFromIndexSize((long) offset, (long) count * width, batch.length);
  }

  /** {@return true if the rows are in memory, false if each copy reads them from a file} */
  public boolean isInMemory() {
    return in.source().isInMemory();
  }

  /**
   * Copies some features of rows, scaled, into a part of a mini-batch: [count][width].
   *
   * @param order row numbers, or null for 0, 1, 2, ...
   * @param from the first position in the order
   * @param count how many rows
   * @param column the first feature
   * @param width how many features, at least 1
   * @param batch receives the features
   * @param offset the first position in {@code batch}
   * @throws IndexOutOfBoundsException if the order, the rows, the batch or this split is too short
   */
  public void copyColumns(
      int[] order, int from, int count, int column, int width, float[] batch, int offset) {
    Objects.checkIndex(column, in.source().features());
    Objects.checkIndex(width - 1, in.source().features() - column);
    check(order, from, count, width, batch, offset);
    in.source().gather(in.first(), order, from, count, column, width, batch, offset);
  }

  /**
   * Copies labels into a mini-batch.
   *
   * @param order row numbers, or null for 0, 1, 2, ...
   * @param from the first position in the order
   * @param count how many rows
   * @param out receives the labels, [count]
   * @param offset the first position in {@code out}
   * @throws IndexOutOfBoundsException if the order, the array or this split is too short
   */
  public void copyLabels(int[] order, int from, int count, int[] out, int offset) {
    Objects.requireNonNull(out, "out");
    Objects.checkFromIndexSize(from, count, order == null ? rows() : order.length);
    Objects.checkFromIndexSize(offset, count, out.length);
    int[] classes = in.targets().classes();
    for (int i = 0; i < count; i++) {
      int row = order == null ? from + i : Objects.checkIndex(order[from + i], rows());
      out[offset + i] = classes[in.first() + row];
    }
  }

  /**
   * Copies scaled numeric targets into a mini-batch.
   *
   * @param order row numbers, or null for 0, 1, 2, ...
   * @param from the first position in the order
   * @param count how many rows
   * @param out receives the targets, [count][outputs]
   * @param offset the first position in {@code out}
   * @throws IndexOutOfBoundsException if the order, the array or this split is too short
   * @throws IllegalStateException if the targets are classes
   */
  public void copyTargets(int[] order, int from, int count, float[] out, int offset) {
    Objects.requireNonNull(out, "out");
    Objects.checkFromIndexSize(from, count, order == null ? rows() : order.length);
    int width = outputs();
    if (width == 0) {
      throw new IllegalStateException("data: the targets are classes, expected numbers");
    }
    Objects.checkFromIndexSize((long) offset, (long) count * width, out.length);
    for (int i = 0; i < count; i++) {
      int row = order == null ? from + i : Objects.checkIndex(order[from + i], rows());
      in.targets().copy(in.first() + row, in.targetScaling(), out, offset + i * width);
    }
  }

  /** {@return a description such as {@code Rows[120 rows of 4 features, classes, scaling none]}} */
  @Override
  public String toString() {
    String what = outputs() == 0 ? "classes" : outputs() == 1 ? "1 target" : outputs() + " targets";
    return "Rows[%s rows of %s features, %s%s, scaling %s]"
        .formatted(
            rows(),
            features(),
            what,
            in.targets().haveWeights() ? ", weights" : "",
            scaling().name());
  }
}
