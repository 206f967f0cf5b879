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
 * Rows of scaled features with their targets, classes or numbers. Immutable; safe to share between
 * threads.
 *
 * <p>The rows are in memory, or stay in the file of {@link #isInMemory}.
 */
public final class Split {
  private final RowSource source;
  private final Targets targets; // of the source's rows
  private final int first; // of the source's rows
  private final int rows;
  private final Scaling scaling;
  private final Scaling targetScaling; // of targets that are numbers, which are kept raw

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

  /** All rows of a source, which scales them. */
  Split(RowSource source, Labels labels, Scaling scaling) {
    this(source, Targets.of(labels, source.rows()), 0, source.rows(), scaling, Scaling.none());
  }

  /**
   * Rows from memory, as they are.
   *
   * @param rows [rows][features], finite, at least one of each
   * @param labels [rows], from 0
   * @return the rows
   * @throws IllegalArgumentException if the arrays are others; the message says which row and
   *     feature
   */
  public static Split of(float[][] rows, int[] labels) {
    return of(rows, labels, Scaling.none());
  }

  /**
   * Rows from memory, as they are. Each number is rounded to a float, but only for as long as the
   * rows are unscaled: {@link Dataset#withScaling} and {@link #withScaling} scale it in double and
   * round once.
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
   * Rows from memory, one after the other in one array, as they are.
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
   * Rows from memory, as they are, with names for classes: these are numbered in the order of their
   * code points, until {@link Dataset#of(Split, Split, Split)} numbers them as in training.
   *
   * @param rows [rows][features], finite, at least one of each
   * @param labels [rows], the name of each row's class
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(float[][] rows, String[] labels) {
    return of(Grid.of(rows), GivenRows.classes(labels), Scaling.none());
  }

  /**
   * Rows from memory, rounded as {@link #of(double[][], int[])} does, with names for classes as
   * {@link #of(float[][], String[])} has them.
   *
   * @param rows [rows][features], finite as floats, at least one of each
   * @param labels [rows], the name of each row's class
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(double[][] rows, String[] labels) {
    return of(Grid.of(rows), GivenRows.classes(labels), Scaling.none());
  }

  /**
   * Rows from memory, one after the other in one array, with names for classes as {@link
   * #of(float[][], String[])} has them.
   *
   * @param rows [rows][features], row-major, finite, at least one row
   * @param features the number of features of a row, at least 1
   * @param labels [rows], the name of each row's class
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(float[] rows, int features, String[] labels) {
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(labels, "labels");
    return of(GivenRows.flat(rows, features), GivenRows.classes(labels), Scaling.none());
  }

  /**
   * Rows from memory, as they are, with a number each as target: for losses that do not take
   * classes.
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
   * Rows from memory, rounded as {@link #of(double[][], int[])} does, with a number each as target:
   * for losses that do not take classes.
   *
   * @param rows [rows][features], finite as floats, at least one of each
   * @param targets [rows], finite as floats; all digits are kept until they are scaled
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(double[][] rows, double[] targets) {
    return of(Grid.of(rows), GivenRows.numbers(Grid.of(targets, 1)), Scaling.none());
  }

  /**
   * Rows from memory, one after the other in one array, with one or more numbers each as target,
   * which stand likewise.
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
   * Rows from memory, as they are, with one or more numbers each as target.
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
   * Rows from memory, rounded as {@link #of(double[][], int[])} does, with one or more numbers each
   * as target.
   *
   * @param rows [rows][features], finite as floats, at least one of each
   * @param targets [rows][outputs], finite as floats, at least one output; all digits are kept
   *     until they are scaled
   * @return the rows
   * @throws IllegalArgumentException as {@link #of(float[][], int[])}
   */
  public static Split of(double[][] rows, double[][] targets) {
    return of(Grid.of(rows), GivenRows.numbers(Grid.of(targets)), Scaling.none());
  }

  /**
   * Rows from memory, raw, to be scaled.
   *
   * @param rows [rows][features], finite, at least one of each
   * @param labels [rows], from 0
   * @param scaling is applied to the rows
   * @return the rows
   * @throws IllegalArgumentException if the arrays are others or the scaling is for another number
   *     of features
   */
  public static Split of(float[][] rows, int[] labels, Scaling scaling) {
    return of(Grid.of(rows), GivenRows.classes(labels), scaling);
  }

  /**
   * Rows from memory, raw, to be scaled, with numbers as targets: for losses that do not take
   * classes.
   *
   * @param rows [rows][features], finite, at least one of each
   * @param targets [rows][outputs], finite, at least one output
   * @param scaling is applied to the rows
   * @return the rows
   * @throws IllegalArgumentException if the arrays are others or the scaling is for another number
   *     of features
   */
  public static Split of(float[][] rows, float[][] targets, Scaling scaling) {
    return of(Grid.of(rows), GivenRows.numbers(Grid.of(targets)), scaling);
  }

  private static Split of(Grid rows, Labels labels, Scaling scaling) {
    int count =
        labels.values == null ? labels.numbers.length / labels.columns : labels.values.length;
    return new Split(GivenRows.source(rows, count, scaling), labels, scaling);
  }

  /**
   * All rows of all parts, in order; the parts agree in features and scaling. Rows that follow each
   * other in one source stay there.
   */
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

  /** The rows of all parts one after the other, copied. */
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

  /** The rows as they are kept, copied where they are in memory. */
  RowSource selected() {
    return source.select(IntStream.range(first, first + rows).toArray());
  }

  /**
   * Returns some of the rows, on the same arrays.
   *
   * @param from the first of them
   * @param count how many rows, at least 1
   * @return the rows
   * @throws IndexOutOfBoundsException if there are not so many rows
   */
  public Split slice(int from, int count) {
    Objects.checkFromIndexSize(from, count, rows);
    return new Split(source, targets, first + from, count, scaling, targetScaling);
  }

  /**
   * Returns rows by their numbers, copied, with their targets and weights.
   *
   * @param order the numbers of the rows, in any order
   * @return the rows
   * @throws IndexOutOfBoundsException if there is no row with a number
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
   * These rows in another order, with their targets and weights.
   *
   * @param seed says which, as it does for a CSV file
   * @return new rows, copied
   * @throws IllegalArgumentException if the rows stay in a file (see {@link #isInMemory})
   */
  public Split shuffled(long seed) {
    int[] order = new int[rows];
    CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.SPLIT, 0), order);
    return select(order);
  }

  /**
   * Divides the rows in two, such as for training and validation, with their targets and weights.
   * Both parts keep the order of the rows; {@link #shuffled} before it takes rows at random.
   *
   * @param fraction the share of the second part, from 0 to below 1; it has the rows times this,
   *     rounded down: at least one
   * @param stratified whether the second part has the last rows of each class, and as many as are
   *     its share, by the method of the largest remainder; otherwise it has the last of all
   * @return two parts, of which every row is in one
   * @throws IllegalArgumentException if the fraction is another number or less than a row, or if
   *     stratified rows stay in a file (see {@link #isInMemory})
   * @throws IllegalStateException if the targets of stratified rows are numbers
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

  /** The same rows with each label replaced by what the array has in its place. */
  Split relabelled(int[] replacements, List<String> names) {
    Targets changed = targets.relabelled(first, rows, replacements, names);
    return new Split(source, changed, first, rows, scaling, targetScaling);
  }

  /**
   * These rows with their classes numbered as others are, such as those of a model.
   *
   * @param names the names of all classes in their order; among them those of the classes that have
   *     rows here
   * @return new rows on the same arrays; these if their classes have no names
   * @throws IllegalArgumentException if a class with rows is not among them; the message says which
   *     row has it
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
   * The same of rows by which a model is measured: a class that it does not have gets the number
   * behind its own. Refused only if no row has a class of the model.
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
    return withClassesOf(names, kind); // which names the first row
  }

  /** The places of classes among others; one more than the last for a class that is not there. */
  private static int[] places(List<String> own, List<String> names) {
    int[] places = new int[own.size() + 1]; // rows may have such a number already
    Arrays.fill(places, names.size());
    for (int c = 0; c < own.size(); c++) {
      int place = names.indexOf(own.get(c));
      places[c] = place < 0 ? names.size() : place;
    }
    return places;
  }

  /** These rows under other names of their classes, if they have some; there may be more names. */
  Split renamed(List<String> names) {
    int[] places = IntStream.rangeClosed(0, targets.names().size()).toArray();
    places[places.length - 1] = names.size(); // a class that is not among these is not among those
    return targets.names().isEmpty() ? this : relabelled(places, names);
  }

  /**
   * These rows, unscaled till now, under a scaling: each feature {@code (float)} of what the
   * scaling makes of it in double. Rows of whole numbers in 0..255 that a file was read to, and
   * rows that stay in a file, are scaled when they are copied; others are copied now.
   *
   * @param scaling of as many features as a row has
   * @return new rows; these if they have that scaling already
   * @throws IllegalArgumentException if they have another, or it is for another number of features,
   *     or a scaled feature is no finite float
   */
  public Split withScaling(Scaling scaling) {
    Objects.requireNonNull(scaling, "scaling");
    return withScaling(scaling, List.of());
  }

  /** The same with the names of the features, or none, for errors. */
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

  /** Copies a row of unscaled ones, [features], as it was before it was rounded to floats. */
  void copyUnscaled(int row, double[] out) {
    source.copyUnscaled(first + Objects.checkIndex(row, rows), out);
  }

  /** What the rows are called in errors. */
  String where() {
    return source.where();
  }

  /**
   * These rows with a weight each, by which training multiplies their losses and gradients (the
   * divisor of a mini-batch stays its number of rows, as in Keras), and which weigh their part in
   * what an evaluation measures. Other weights that they may have are replaced.
   *
   * @param weights [rows], finite, not below 0; for training and evaluation not all 0
   * @return new rows on the same arrays
   * @throws IllegalArgumentException if there are not as many, or one is another number
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
   * These rows with targets as a network sees them under a scaling; another that they may have is
   * replaced, for the raw targets are kept: {@code (float) ((target - mean) / deviation)}, in
   * double and rounded once.
   *
   * @param scaling of as many numbers as a target has
   * @return new rows on the same arrays
   * @throws IllegalArgumentException if it is for another number, or a scaled target is no finite
   *     float
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
   * The weight of a row.
   *
   * @param row which row
   * @return the weight; 1 if the rows were given none
   */
  public float weight(int row) {
    return targets.weight(first + Objects.checkIndex(row, rows));
  }

  /**
   * Whether the rows were given weights.
   *
   * @return false if all are 1
   */
  public boolean hasWeights() {
    return targets.haveWeights();
  }

  /**
   * The number of rows.
   *
   * @return at least 1
   */
  public int rows() {
    return rows;
  }

  /**
   * The number of features.
   *
   * @return at least 1
   */
  public int features() {
    return source.features();
  }

  /**
   * The class of a row.
   *
   * @param row which row
   * @return the class, from 0
   * @throws IllegalStateException if the targets are numbers
   */
  public int label(int row) {
    return targets.classes()[first + Objects.checkIndex(row, rows)];
  }

  /**
   * How many numbers the target of a row has.
   *
   * @return at least 1, or 0 if the targets are classes
   */
  public int outputs() {
    return targets.outputs();
  }

  /**
   * A number of a row's target, raw.
   *
   * @param row which row
   * @param output which of its numbers
   * @return the number as it was given or read
   */
  public double target(int row, int output) {
    int at = first + Objects.checkIndex(row, rows);
    return targets.number(at, Objects.checkIndex(output, targets.outputs()));
  }

  /**
   * The names of the classes of rows that were given by name.
   *
   * @return one a class, or none
   */
  public List<String> classNames() {
    return targets.names();
  }

  /**
   * The scaling of targets that are numbers.
   *
   * @return how a network sees them; {@link Scaling#none} of classes
   */
  public Scaling targetScaling() {
    return targetScaling;
  }

  /**
   * The scaling of the features.
   *
   * @return what was applied to the rows, or is when they are copied
   */
  public Scaling scaling() {
    return scaling;
  }

  /** The largest label, or one less than there are outputs. */
  int largestLabel() {
    return targets.largest(first, rows);
  }

  /** Whether the rows are kept as bytes. */
  boolean keepsBytes() {
    return source instanceof ByteRows;
  }

  /** Whether the rows were stored as bytes where they come from. */
  boolean storesBytes() {
    return source.storesBytes();
  }

  /**
   * Copies rows, scaled, into a mini-batch.
   *
   * @param order the rows' numbers, or null for 0, 1, 2, ...
   * @param from where to begin in the order
   * @param count how many rows
   * @param batch receives the rows, [count][features]
   * @param offset where to begin in {@code batch}
   * @throws IndexOutOfBoundsException if the order, the batch or this split is too short
   * @throws UncheckedIOException if the rows stay in a file (see {@link #isInMemory}), and one of
   *     them holds a number that is not finite or cannot be read any more
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
   * Whether the rows are in memory, and do not stay in a file (see {@link #isInMemory}).
   *
   * @return true if they are
   */
  public boolean isInMemory() {
    return source.isInMemory();
  }

  /**
   * Copies some features of rows, scaled, into a part of a mini-batch: [count][width].
   *
   * @param order the rows' numbers, or null for 0, 1, 2, ...
   * @param from where to begin in the order
   * @param count how many rows
   * @param column the first feature
   * @param width how many features, at least 1
   * @param batch receives the features
   * @param offset where the first of them goes in {@code batch}
   * @return false, and nothing is copied, if the rows stay in a file (see {@link #isInMemory})
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
   * @param order the rows' numbers, or null for 0, 1, 2, ...
   * @param from where to begin in the order
   * @param count how many rows
   * @param out receives the labels, [count]
   * @param offset where to begin in {@code out}
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
   * Copies targets that are numbers, scaled, into a mini-batch.
   *
   * @param order the rows' numbers, or null for 0, 1, 2, ...
   * @param from where to begin in the order
   * @param count how many rows
   * @param out receives the targets, [count][outputs]
   * @param offset where to begin in {@code out}
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
   * What the rows are, in a line.
   *
   * @return for people, such as {@code Split[120 rows of 4 features, classes, scaling none]}
   */
  @Override
  public String toString() {
    String what = outputs() == 0 ? "classes" : outputs() == 1 ? "1 target" : outputs() + " targets";
    return "Split[%s rows of %s features, %s%s, scaling %s]"
        .formatted(
            rows, features(), what, targets.haveWeights() ? ", weights" : "", scaling.name());
  }
}
