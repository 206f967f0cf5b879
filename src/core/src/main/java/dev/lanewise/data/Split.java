package dev.lanewise.data;

import dev.lanewise.data.internal.ByteRows;
import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.FloatRows;
import dev.lanewise.data.internal.GivenRows;
import dev.lanewise.data.internal.Grid;
import dev.lanewise.data.internal.Labels;
import dev.lanewise.data.internal.RowSource;
import dev.lanewise.data.internal.Stratification;
import dev.lanewise.data.internal.Targets;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.nn.Scaling;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Rows of scaled features and their targets, which are classes or numbers. Immutable and
 * thread-safe.
 *
 * <p>The rows are in memory or stay in a file; see {@link #isInMemory}.
 */
public final class Split {
  private final RowSource source;
  private final Targets targets; // of all rows of the source
  private final int first; // the first row in the source
  private final int rows;
  private final Scaling scaling;
  private final Scaling targetScaling; // of numeric targets, which are kept raw

  private Split(
      RowSource source,
      Targets targets,
      int first,
      int rows,
      Scaling scaling,
      Scaling targetScaling) {
    this.source = source;
    this.targets = targets;
    this.first = first;
    this.rows = rows;
    this.scaling = scaling;
    this.targetScaling = targetScaling;
  }

  /** Makes a split of all rows of a source, which scales them. */
  Split(RowSource source, Labels labels, Scaling scaling) {
    this(source, Targets.of(labels, source.rows()), 0, source.rows(), scaling, Scaling.none());
  }

  /**
   * Makes a split of unscaled rows and classes.
   *
   * @param rows [rows][features], finite, at least one of each
   * @param labels [rows], from 0
   * @return the rows
   * @throws IllegalArgumentException if the arrays do not have this form; the message names the row
   *     and feature
   */
  public static Split of(float[][] rows, int[] labels) {
    return of(rows, labels, Scaling.none());
  }

  /**
   * Makes a split of unscaled rows and classes. Values are rounded to floats only while the rows
   * are unscaled: {@link Dataset#withScaling} and {@link #withScaling} scale the doubles and round
   * once.
   *
   * @param rows [rows][features], finite as floats, at least one of each
   * @param labels [rows], from 0
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(double[][] rows, int[] labels) {
    return of(Grid.of(rows), GivenRows.classes(labels), Scaling.none());
  }

  /**
   * Makes a split of unscaled rows in one array and classes.
   *
   * @param rows [rows][features], row-major, finite, at least one row
   * @param features the number of features of a row, at least 1
   * @param labels [rows], from 0
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(float[] rows, int features, int[] labels) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(labels, "labels");
    return of(GivenRows.flat(rows, features), GivenRows.classes(labels), Scaling.none());
  }

  /**
   * Makes a split of unscaled rows and named classes. The classes are numbered in the order of the
   * code points of their names; {@link Dataset#of(Split, Split, Split)} renumbers them as in the
   * training rows.
   *
   * @param rows [rows][features], finite, at least one of each
   * @param labels [rows], the class name of each row
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(float[][] rows, String[] labels) {
    return of(Grid.of(rows), GivenRows.classes(labels), Scaling.none());
  }

  /**
   * Makes a split of unscaled rows, rounded as by {@link #of(double[][], int[])}, and named
   * classes, as for {@link #of(float[][], String[])}.
   *
   * @param rows [rows][features], finite as floats, at least one of each
   * @param labels [rows], the class name of each row
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(double[][] rows, String[] labels) {
    return of(Grid.of(rows), GivenRows.classes(labels), Scaling.none());
  }

  /**
   * Makes a split of unscaled rows in one array and named classes, as for {@link #of(float[][],
   * String[])}.
   *
   * @param rows [rows][features], row-major, finite, at least one row
   * @param features the number of features of a row, at least 1
   * @param labels [rows], the class name of each row
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(float[] rows, int features, String[] labels) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(labels, "labels");
    return of(GivenRows.flat(rows, features), GivenRows.classes(labels), Scaling.none());
  }

  /**
   * Makes a split of unscaled rows with one numeric target each, for losses without classes.
   *
   * @param rows [rows][features], finite, at least one of each
   * @param targets [rows], finite
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(float[][] rows, float[] targets) {
    return of(Grid.of(rows), GivenRows.numbers(Grid.of(targets, 1)), Scaling.none());
  }

  /**
   * Makes a split of unscaled rows, rounded as by {@link #of(double[][], int[])}, with one numeric
   * target each, for losses without classes.
   *
   * @param rows [rows][features], finite as floats, at least one of each
   * @param targets [rows], finite as floats; kept as doubles until they are scaled
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(double[][] rows, double[] targets) {
    return of(Grid.of(rows), GivenRows.numbers(Grid.of(targets, 1)), Scaling.none());
  }

  /**
   * Makes a split of unscaled rows in one array with numeric targets in another.
   *
   * @param rows [rows][features], row-major, finite, at least one row
   * @param features the number of features of a row, at least 1
   * @param targets [rows][outputs], row-major, finite
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(float[] rows, int features, float[] targets) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(targets, "targets");
    Grid flat = GivenRows.flat(rows, features);
    Labels numbers = GivenRows.numbers(GivenRows.flatTargets(targets, flat.rows()));
    return of(flat, numbers, Scaling.none());
  }

  /**
   * Makes a split of unscaled rows with one or more numeric targets each.
   *
   * @param rows [rows][features], finite, at least one of each
   * @param targets [rows][outputs], finite, at least one output
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(float[][] rows, float[][] targets) {
    return of(rows, targets, Scaling.none());
  }

  /**
   * Makes a split of unscaled rows, rounded as by {@link #of(double[][], int[])}, with one or more
   * numeric targets each.
   *
   * @param rows [rows][features], finite as floats, at least one of each
   * @param targets [rows][outputs], finite as floats, at least one output; kept as doubles until
   *     they are scaled
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(double[][] rows, double[][] targets) {
    return of(Grid.of(rows), GivenRows.numbers(Grid.of(targets)), Scaling.none());
  }

  /**
   * Scales rows and makes a split of them with classes.
   *
   * @param rows [rows][features], raw, finite, at least one of each
   * @param labels [rows], from 0
   * @param scaling is applied to the rows
   * @return the rows
   * @throws IllegalArgumentException if the arrays do not have this form, or the scaling is for
   *     another number of features
   */
  public static Split of(float[][] rows, int[] labels, Scaling scaling) {
    return of(Grid.of(rows), GivenRows.classes(labels), scaling);
  }

  /**
   * Scales rows and makes a split of them with numeric targets, for losses without classes.
   *
   * @param rows [rows][features], raw, finite, at least one of each
   * @param targets [rows][outputs], finite, at least one output
   * @param scaling is applied to the rows
   * @return the rows
   * @throws IllegalArgumentException if the arrays do not have this form, or the scaling is for
   *     another number of features
   */
  public static Split of(float[][] rows, float[][] targets, Scaling scaling) {
    return of(Grid.of(rows), GivenRows.numbers(Grid.of(targets)), scaling);
  }

  private static Split of(Grid rows, Labels labels, Scaling scaling) {
    int count =
        labels.values == null ? labels.numbers.length / labels.columns : labels.values.length;
    return new Split(GivenRows.source(rows, count, scaling), labels, scaling);
  }

  /** Concatenates splits of equal form; rows that are adjacent in one source are not copied. */
  static Split concatenation(List<Split> parts) {
    Split one = parts.get(0);
    if (parts.size() == 1) {
      return one;
    }
    long all = 0;
    for (Split part : parts) {
      all += part.rows;
    }
    if (all > Integer.MAX_VALUE) {
      throw DataErrors.wrong("%s rows together, expected less than 2^31", all);
    }
    int rows = 0;
    boolean allBytes = true;
    boolean together = true;
    int[] firsts = new int[parts.size()];
    int[] counts = new int[parts.size()];
    List<Targets> targets = new ArrayList<>();
    for (Split part : parts) {
      together &= part.source == one.source && part.first == one.first + rows;
      allBytes &= part.keepsBytes();
      firsts[targets.size()] = part.first;
      counts[targets.size()] = part.rows;
      targets.add(part.targets);
      rows += part.rows;
    }
    int first = together ? one.first : 0;
    return new Split(
        together ? one.source : joined(parts, rows, allBytes),
        Targets.concatenation(targets, firsts, counts, first),
        first,
        rows,
        one.scaling,
        one.targetScaling);
  }

  /** Copies the rows of all parts into one source. */
  private static RowSource joined(List<Split> parts, int rows, boolean allBytes) {
    Split one = parts.get(0);
    int features = one.features();
    int length = GivenRows.length(rows, features);
    byte[] bytes = allBytes ? new byte[length] : null;
    float[] values = allBytes ? null : new float[length];
    boolean anyRounded = false;
    boolean stored = true;
    for (Split part : parts) {
      stored &= part.storesBytes();
      anyRounded |= part.source.isRounded();
    }
    double[] exact = anyRounded ? new double[length] : null;
    double[] row = new double[features];
    int at = 0;
    for (Split part : parts) {
      if (allBytes) {
        ((ByteRows) part.source).copy(part.first, part.rows, bytes, at);
      } else {
        part.source.copy(part.first, part.rows, values, at);
      }
      for (int r = 0; anyRounded && r < part.rows; r++) {
        part.source.copyUnscaled(part.first + r, row);
        System.arraycopy(row, 0, exact, at + r * features, features);
      }
      at += part.rows * features;
    }
    return allBytes
        ? new ByteRows(bytes, features, one.scaling, stored)
        : new FloatRows(values, features, exact);
  }

  /** Returns a source with the rows of this split alone; rows in memory are copied. */
  RowSource selected() {
    return source.select(IntStream.range(first, first + rows).toArray());
  }

  /**
   * Returns consecutive rows, which share the arrays of this split.
   *
   * @param from the first row
   * @param count how many rows, at least 1
   * @return the rows
   * @throws IndexOutOfBoundsException if there are not so many rows
   */
  public Split slice(int from, int count) {
    Objects.checkFromIndexSize(from, count, rows);
    return new Split(source, targets, first + from, count, scaling, targetScaling);
  }

  /**
   * Copies rows by their numbers, with their targets and weights.
   *
   * @param order the numbers of the rows, in any order
   * @return the rows
   * @throws IndexOutOfBoundsException if a number is not that of a row
   * @throws IllegalArgumentException if the rows stay in a file (see {@link #isInMemory})
   */
  public Split select(int[] order) {
    Objects.requireNonNull(order, "order");
    int[] some = new int[order.length];
    for (int i = 0; i < some.length; i++) {
      some[i] = first + Objects.checkIndex(order[i], rows);
    }
    return new Split(
        source.select(some), targets.select(some), 0, some.length, scaling, targetScaling);
  }

  /**
   * Copies the rows in random order, with their targets and weights.
   *
   * @param seed the seed of the order; a CSV file is shuffled in the same way
   * @return the rows
   * @throws IllegalArgumentException if the rows stay in a file (see {@link #isInMemory})
   */
  public Split shuffled(long seed) {
    int[] order = new int[rows];
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
  public List<Split> divide(double fraction, boolean stratified) {
    int taken = Stratification.share(fraction, rows);
    if (taken == 0) {
      throw DataErrors.wrong("a share of %s of %s rows, expected at least one row", fraction, rows);
    }
    Split all = this;
    if (stratified) {
      all = select(Stratification.order(targets.copyOfClasses(first, rows), taken, 0));
    }
    return List.of(all.slice(0, rows - taken), all.slice(rows - taken, taken));
  }

  /** Returns the rows with each label replaced by {@code replacements[label]}. */
  Split relabelled(int[] replacements, List<String> names) {
    Targets changed = targets.relabelled(first, rows, replacements, names);
    return new Split(source, changed, first, rows, scaling, targetScaling);
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
  public Split withClassesOf(List<String> names) {
    return withClassesOf(names, "row");
  }

  private Split withClassesOf(List<String> names, String kind) {
    List<String> own = targets.names();
    if (own.isEmpty() || own.equals(names)) {
      return this;
    }
    int[] places = places(own, names);
    for (int row = 0; row < rows; row++) {
      int label = label(row);
      if (places[label] == names.size()) {
        String name = label < own.size() ? own.get(label) : Integer.toString(label);
        throw DataErrors.wrong("%s %s has class '%s', expected one of %s", kind, row, name, names);
      }
    }
    return relabelled(places, names);
  }

  /**
   * Renumbers the classes of rows for the evaluation of a model. A class that the model does not
   * have gets the number of classes as its label. Throws only if no row has a class of the model.
   */
  Split measuredBy(List<String> names, String kind) {
    List<String> own = targets.names();
    if (own.isEmpty() || own.equals(names)) {
      return this;
    }
    int[] places = places(own, names);
    for (int row = 0; row < rows; row++) {
      if (places[label(row)] < names.size()) {
        return relabelled(places, names);
      }
    }
    return withClassesOf(names, kind); // throws an error that names the first row
  }

  /** Returns the position of each class in {@code names}, or their number if it is absent. */
  private static int[] places(List<String> own, List<String> names) {
    int[] places =
        new int[own.size() + 1]; // the last entry is for rows whose class is already unknown
    Arrays.fill(places, names.size());
    for (int c = 0; c < own.size(); c++) {
      int place = names.indexOf(own.get(c));
      places[c] = place < 0 ? names.size() : place;
    }
    return places;
  }

  /** Returns these rows with other class names if they have some; more names are allowed. */
  Split renamed(List<String> names) {
    int[] places = IntStream.rangeClosed(0, targets.names().size()).toArray();
    places[places.length - 1] = names.size(); // an unknown class stays unknown
    return targets.names().isEmpty() ? this : relabelled(places, names);
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
  public Split withScaling(Scaling scaling) {
    Objects.requireNonNull(scaling, "scaling");
    return withScaling(scaling, List.of());
  }

  /** Scales the rows; errors name the features if there are names. */
  Split withScaling(Scaling scaling, List<String> names) {
    if (scaling == this.scaling || scaling.equals(this.scaling)) {
      return this;
    }
    if (!(this.scaling instanceof Scaling.None)) {
      throw DataErrors.wrong(
          "rows that are scaled %s, expected unscaled ones to scale %s",
          this.scaling.name(), scaling.name());
    }
    int features = features();
    if (scaling.features().orElse(features) != features) {
      throw DataErrors.wrong(
          "%s features, expected %s as the scaling has", features, scaling.features().getAsInt());
    }
    RowSource same = source.under(scaling);
    if (same != null) {
      return new Split(same, targets, first, rows, scaling, targetScaling);
    }
    float[] values = new float[rows * features];
    double[] row = new double[features];
    int[] numbers = new int[rows];
    for (int r = 0; r < rows; r++) {
      numbers[r] = first + r;
      source.copyUnscaled(first + r, row);
      GivenRows.scale(row, scaling, values, r, names);
    }
    RowSource scaled = new FloatRows(values, features);
    return new Split(scaled, targets.select(numbers), 0, rows, scaling, targetScaling);
  }

  /** Copies a row of unscaled rows, [features], with its values before they were rounded. */
  void copyUnscaled(int row, double[] out) {
    source.copyUnscaled(first + Objects.checkIndex(row, rows), out);
  }

  String where() {
    return source.where();
  }

  /**
   * Returns these rows with weights. Training multiplies the loss and gradients of a row by its
   * weight; the divisor of a mini-batch stays its number of rows, as in Keras. An evaluation
   * weights the rows likewise. Existing weights are replaced.
   *
   * @param weights [rows], finite, at least 0; training and evaluation need one above 0
   * @return new rows on the same arrays
   * @throws IllegalArgumentException if the number of weights is wrong, or one is out of range
   */
  public Split withRowWeights(float[] weights) {
    Objects.requireNonNull(weights, "weights");
    if (weights.length != rows) {
      throw DataErrors.wrong("%s weights, expected %s as there are rows", weights.length, rows);
    }
    for (int row = 0; row < rows; row++) {
      if (!(weights[row] >= 0 && weights[row] < Float.POSITIVE_INFINITY)) {
        throw DataErrors.wrong(
            "row %s has weight %s, expected a finite number, not below 0", row, weights[row]);
      }
    }
    Targets weighed = targets.withWeights(first, weights);
    return new Split(source, weighed, first, rows, scaling, targetScaling);
  }

  /**
   * Returns these rows with a scaling of their numeric targets: {@code (float) ((target - mean) /
   * deviation)} for a standard scaling, computed in double and rounded once. The raw targets are
   * kept, so an existing target scaling is replaced.
   *
   * @param scaling for the number of outputs
   * @return new rows on the same arrays
   * @throws IllegalArgumentException if the targets are classes, the scaling is for another number
   *     of outputs, or a scaled target is not a finite float
   */
  public Split withTargetScaling(Scaling scaling) {
    Objects.requireNonNull(scaling, "scaling");
    if (scaling == targetScaling || scaling.equals(targetScaling)) {
      return this;
    }
    int outputs = targets.outputs();
    if (outputs == 0) {
      throw DataErrors.wrong("targets that are classes, expected numbers, which can be scaled");
    } else if (scaling.features().orElse(outputs) != outputs) {
      throw DataErrors.wrong(
          "targets of %s numbers, expected %s as their scaling has",
          outputs, scaling.features().getAsInt());
    }
    Split scaled = new Split(source, targets, first, rows, this.scaling, scaling);
    float[] row = new float[outputs];
    for (int r = 0; r < rows; r++) {
      scaled.copyTargets(null, r, 1, row, 0);
      for (int k = 0; k < outputs; k++) {
        if (!Float.isFinite(row[k])) {
          throw DataErrors.wrong(
              "a target of %s, expected less: scaled (%s) it is not a finite float",
              target(r, k), scaling.name());
        }
      }
    }
    return scaled;
  }

  /**
   * Returns the weight of a row.
   *
   * @param row which row
   * @return the weight; 1 if the rows have no weights
   */
  public float weight(int row) {
    return targets.weight(first + Objects.checkIndex(row, rows));
  }

  /** {@return true if the rows have weights; otherwise each row counts as 1} */
  public boolean hasWeights() {
    return targets.haveWeights();
  }

  /** {@return the number of rows, at least 1} */
  public int rows() {
    return rows;
  }

  /** {@return the number of features, at least 1} */
  public int features() {
    return source.features();
  }

  /**
   * Returns the class of a row.
   *
   * @param row which row
   * @return the class, from 0
   * @throws IllegalStateException if the targets are numeric
   */
  public int label(int row) {
    return targets.classes()[first + Objects.checkIndex(row, rows)];
  }

  /** {@return the number of numeric targets per row, or 0 if targets are classes} */
  public int outputs() {
    return targets.outputs();
  }

  /**
   * Returns a numeric target of a row, unscaled.
   *
   * @param row which row
   * @param output which output
   * @return the number as it was given or read
   */
  public double target(int row, int output) {
    int at = first + Objects.checkIndex(row, rows);
    return targets.number(at, Objects.checkIndex(output, targets.outputs()));
  }

  /** {@return one name per class if classes were given by name, or none} */
  public List<String> classNames() {
    return targets.names();
  }

  /** {@return the scaling of numeric targets; {@link Scaling#none} for classes} */
  public Scaling targetScaling() {
    return targetScaling;
  }

  /** {@return the scaling of the features} */
  public Scaling scaling() {
    return scaling;
  }

  /** Returns the largest label, or the number of outputs minus one. */
  int largestLabel() {
    return targets.largest(first, rows);
  }

  boolean keepsBytes() {
    return source instanceof ByteRows;
  }

  /** Returns whether the origin of the rows stored them as bytes. */
  boolean storesBytes() {
    return source.storesBytes();
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
    int features = source.features();
    check(order, from, count, features, batch, offset);
    if (order == null) {
      source.copy(first + from, count, batch, offset);
    } else {
      source.gather(first, order, from, count, 0, features, batch, offset);
    }
  }

  private void check(int[] order, int from, int count, int width, float[] batch, int offset) {
    Objects.checkFromIndexSize(from, count, order == null ? rows : order.length);
    for (int i = from; order != null && i < from + count; i++) {
      Objects.checkIndex(order[i], rows);
    }
    Objects.checkFromIndexSize((long) offset, (long) count * width, batch.length);
  }

  /**
   * {@return true if the rows are in memory, false if they stay in a file and are read when they
   * are copied}
   */
  public boolean isInMemory() {
    return source.isInMemory();
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
   * @return false if nothing was copied because the rows stay in a file (see {@link #isInMemory})
   * @throws IndexOutOfBoundsException if the order, the rows, the batch or this split is too short
   */
  public boolean copyColumns(
      int[] order, int from, int count, int column, int width, float[] batch, int offset) {
    Objects.checkIndex(column, source.features());
    Objects.checkIndex(width - 1, source.features() - column);
    check(order, from, count, width, batch, offset);
    if (!source.gathersColumns()) {
      return false;
    }
    source.gather(first, order, from, count, column, width, batch, offset);
    return true;
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
    Objects.checkFromIndexSize(from, count, order == null ? rows : order.length);
    Objects.checkFromIndexSize(offset, count, out.length);
    int[] classes = targets.classes();
    for (int i = 0; i < count; i++) {
      int row = order == null ? from + i : Objects.checkIndex(order[from + i], rows);
      out[offset + i] = classes[first + row];
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
    Objects.checkFromIndexSize(from, count, order == null ? rows : order.length);
    int width = outputs();
    if (width == 0) {
      throw new IllegalStateException("data: the targets are classes, expected numbers");
    }
    Objects.checkFromIndexSize((long) offset, (long) count * width, out.length);
    for (int i = 0; i < count; i++) {
      int row = order == null ? from + i : Objects.checkIndex(order[from + i], rows);
      targets.copy(first + row, targetScaling, out, offset + i * width);
    }
  }

  /**
   * Describes the rows for people.
   *
   * @return such as {@code Split[120 rows of 4 features, classes, scaling none]}
   */
  @Override
  public String toString() {
    String what = outputs() == 0 ? "classes" : outputs() == 1 ? "1 target" : outputs() + " targets";
    return "Split[%s rows of %s features, %s%s, scaling %s]"
        .formatted(
            rows, features(), what, targets.haveWeights() ? ", weights" : "", scaling.name());
  }
}
