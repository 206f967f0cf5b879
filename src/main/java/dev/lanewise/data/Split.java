package dev.lanewise.data;

import dev.lanewise.kernel.Blocks;
import dev.lanewise.kernel.CounterRandom;
import dev.lanewise.nn.Scaling;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Rows of scaled features with their targets, classes or numbers. Immutable; safe to share between
 * threads.
 *
 * <p>The rows are in memory, or stay in the file of {@link Dataset#mapped}.
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
   * @throws IllegalArgumentException if the arrays are others
   */
  public static Split of(float[][] rows, int[] labels) {
    return of(rows, labels, Scaling.none());
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
    Labels classes = GivenRows.classes(labels);
    return new Split(GivenRows.source(rows, labels.length, scaling), classes, scaling);
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
    Labels numbers = GivenRows.numbers(targets);
    return new Split(GivenRows.source(rows, targets.length, scaling), numbers, scaling);
  }

  /** What every error in data from memory is, with parts for the %s of the problem. */
  static IllegalArgumentException wrong(String problem, Object... parts) {
    return new IllegalArgumentException("data: " + problem.formatted(parts));
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
      rows = Math.addExact(rows, part.rows);
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
    int length = Math.multiplyExact(rows, features);
    byte[] bytes = allBytes ? new byte[length] : null;
    float[] values = allBytes ? null : new float[length];
    int at = 0;
    for (Split part : parts) {
      if (allBytes) {
        ((ByteRows) part.source).copy(part.first, part.rows, bytes, at);
      } else {
        part.source.copy(part.first, part.rows, values, at);
      }
      at += part.rows * features;
    }
    return allBytes ? new ByteRows(bytes, features, one.scaling) : new FloatRows(values, features);
  }

  /** Some of the rows, on the same arrays. */
  Split slice(int from, int count) {
    Objects.checkFromIndexSize(from, count, rows);
    return new Split(source, targets, first + from, count, scaling, targetScaling);
  }

  /** Rows by their numbers, copied: with their targets and weights. */
  Split select(int[] order) {
    if (source instanceof MappedRows) {
      throw inFile();
    }
    int count = order.length;
    int features = source.features();
    byte[] bytes = keepsBytes() ? new byte[count * features] : null;
    float[] values = keepsBytes() ? null : new float[count * features];
    int[] some = new int[count];
    for (int i = 0; i < count; i++) {
      some[i] = first + Objects.checkIndex(order[i], rows);
      if (bytes == null) {
        source.copy(some[i], 1, values, i * features);
      } else {
        ((ByteRows) source).copy(some[i], 1, bytes, i * features);
      }
    }
    RowSource copies =
        bytes == null ? new FloatRows(values, features) : new ByteRows(bytes, features, scaling);
    return new Split(copies, targets.select(some), 0, count, scaling, targetScaling);
  }

  /** The error of what would copy rows into memory that may be too small for them. */
  static IllegalArgumentException inFile() {
    return wrong(
        "rows that stay in the order of their file, expected rows in memory to shuffle or stratify");
  }

  /**
   * These rows in another order, with their targets and weights.
   *
   * @param seed says which, as it does for a CSV file
   * @return new rows, copied
   * @throws IllegalArgumentException if the rows stay in a file (see {@link Dataset#mapped})
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
   *     stratified rows stay in a file (see {@link Dataset#mapped})
   * @throws IllegalStateException if the targets of stratified rows are numbers
   */
  public List<Split> divide(double fraction, boolean stratified) {
    int taken = LoadOptions.share(fraction, rows);
    if (taken == 0) {
      throw wrong("a share of %s of %s rows, expected at least one row", fraction, rows);
    }
    Split all = this;
    if (stratified) {
      all = select(Stratification.order(targets.copyOfClasses(first, rows), taken, 0));
    }
    return List.of(all.slice(0, rows - taken), all.slice(rows - taken, taken));
  }

  /** The same rows with each label replaced by what the array has in its place. */
  Split relabelled(int[] replacements) {
    Targets changed = targets.relabelled(first, rows, replacements);
    return new Split(source, changed, first, rows, scaling, targetScaling);
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
    if (weights.length != rows) {
      throw wrong("%s weights, expected %s as there are rows", weights.length, rows);
    }
    for (int row = 0; row < rows; row++) {
      if (!(weights[row] >= 0 && weights[row] < Float.POSITIVE_INFINITY)) {
        throw wrong(
            "row %s has weight %s, expected a finite number, not below 0", row, weights[row]);
      }
    }
    Targets weighed = targets.withWeights(first, weights);
    return new Split(source, weighed, first, rows, scaling, targetScaling);
  }

  /**
   * These rows with targets as a network sees them under a scaling; another that they may have is
   * replaced, for the raw targets are kept: {@code (float) ((target - mean) / deviation)} of their
   * floats, in double and rounded once.
   *
   * @param scaling of as many numbers as a target has
   * @return new rows on the same arrays
   * @throws IllegalArgumentException if it is for another number, or a scaled target is no finite
   *     float
   */
  public Split withTargetScaling(Scaling scaling) {
    if (scaling == targetScaling || scaling.equals(targetScaling)) {
      return this;
    }
    int outputs = targets.outputs();
    if (outputs == 0 || scaling.features().orElse(outputs) != outputs) {
      throw wrong(
          "targets of %s numbers (0: a class), expected %s as their scaling has",
          outputs, scaling.features().orElse(1));
    }
    Split scaled = new Split(source, targets, first, rows, this.scaling, scaling);
    float[] row = new float[outputs];
    for (int r = 0; r < rows; r++) {
      scaled.copyTargets(null, r, 1, row, 0);
      for (int k = 0; k < outputs; k++) {
        if (!Float.isFinite(row[k])) {
          throw wrong(
              "a target of %s, expected less: scaled (%s) it is no finite float",
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
   * @return the number
   */
  public float target(int row, int output) {
    int at = first + Objects.checkIndex(row, rows);
    return targets.number(at, Objects.checkIndex(output, targets.outputs()));
  }

  /** The scaling that targets get when copied. */
  Scaling targetScaling() {
    return targetScaling;
  }

  /** The scaling that the rows have got, or get when copied. */
  Scaling scaling() {
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

  /**
   * Copies rows, scaled, into a mini-batch.
   *
   * @param order the rows' numbers, or null for 0, 1, 2, ...
   * @param from where to begin in the order
   * @param count how many rows
   * @param batch receives the rows, [count][features]
   * @param offset where to begin in {@code batch}
   * @throws IndexOutOfBoundsException if the order, the batch or this split is too short
   * @throws UncheckedIOException if the rows stay in a file (see {@link Dataset#mapped}), and one
   *     of them holds a number that is not finite or cannot be read any more
   */
  public void copyRows(int[] order, int from, int count, float[] batch, int offset) {
    copyRows(order, from, count, batch, offset, source.features());
  }

  /**
   * Copies rows, scaled, into a mini-batch that stands in rows or in {@link Blocks}.
   *
   * @param order the rows' numbers, or null for 0, 1, 2, ...
   * @param from where to begin in the order
   * @param count how many rows
   * @param batch receives the rows
   * @param offset where the first of them begins in {@code batch}
   * @param ld the distance of rows, at least that of features, or below 0 that of blocks
   * @throws IndexOutOfBoundsException as for {@link #copyRows(int[], int, int, float[], int)}
   * @throws UncheckedIOException likewise
   */
  public void copyRows(int[] order, int from, int count, float[] batch, int offset, int ld) {
    int features = source.features();
    check(order, from, count, features, batch, offset, ld);
    if (order == null && ld == features) {
      source.copy(first + from, count, batch, offset);
    } else {
      source.gather(first, order, from, count, 0, features, batch, offset, ld);
    }
  }

  private void check(
      int[] order, int from, int count, int width, float[] batch, int offset, int ld) {
    Objects.checkFromIndexSize(from, count, order == null ? rows : order.length);
    for (int i = from; order != null && i < from + count; i++) {
      Objects.checkIndex(order[i], rows);
    }
    if (ld < 0 ? -ld < (long) count * Blocks.LENGTH : ld < width) {
      throw new IndexOutOfBoundsException(
          count + " rows of " + width + " features do not fit a distance of " + ld);
    }
    int last = (width - 1) / Blocks.LENGTH;
    long values = count == 0 ? 0 : (long) (count - 1) * ld + width;
    long blocks = (long) last * -ld + (long) count * Blocks.LENGTH;
    Objects.checkFromIndexSize((long) offset, ld < 0 ? blocks : values, batch.length);
  }

  /**
   * Whether the rows are in memory, and do not stay in a file (see {@link Dataset#mapped}).
   *
   * @return true if they are
   */
  public boolean isInMemory() {
    return !(source instanceof MappedRows);
  }

  /**
   * Copies some features of rows, scaled, into a part of a mini-batch, or into their {@link
   * Blocks}.
   *
   * @param order the rows' numbers, or null for 0, 1, 2, ...
   * @param from where to begin in the order
   * @param count how many rows
   * @param column the first feature
   * @param width how many features, at least 1
   * @param batch receives the features
   * @param offset where the first of them goes in {@code batch}
   * @param ld the distance of rows, at least the width, or below 0 that of blocks
   * @return false, and nothing is copied, if the rows stay in a file (see {@link Dataset#mapped})
   * @throws IndexOutOfBoundsException if the order, the rows, the batch or this split is too short
   */
  public boolean copyColumns(
      int[] order, int from, int count, int column, int width, float[] batch, int offset, int ld) {
    Objects.checkIndex(column, source.features());
    Objects.checkIndex(width - 1, source.features() - column);
    check(order, from, count, width, batch, offset, ld);
    return isInMemory()
        && source.gather(first, order, from, count, column, width, batch, offset, ld);
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
   */
  public void copyTargets(int[] order, int from, int count, float[] out, int offset) {
    Objects.checkFromIndexSize(from, count, order == null ? rows : order.length);
    for (int i = 0; i < count; i++) {
      int row = order == null ? from + i : Objects.checkIndex(order[from + i], rows);
      targets.copy(first + row, targetScaling, out, offset + i * targets.outputs());
    }
  }
}
