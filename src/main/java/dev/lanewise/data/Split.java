package dev.lanewise.data;

import dev.lanewise.kernel.Blocks;
import dev.lanewise.kernel.CounterRandom;
import dev.lanewise.nn.Scaling;
import java.io.UncheckedIOException;
import java.util.Arrays;
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
  private final int[] labels; // [first + rows or more]; null if targets is not
  private final float[] targets; // [first + rows or more][outputs]; null if labels is not
  private final int outputs; // numbers of a target; 0 if it is a class
  private final float[] weights; // [first + rows or more]; null if all are 1
  private final int first; // in the source and in the arrays
  private final int rows;
  private final Scaling scaling;
  private final Scaling targetScaling; // of targets that are numbers, which are kept raw

  private Split(
      RowSource source,
      int[] labels,
      float[] targets,
      int outputs,
      float[] weights,
      int first,
      int rows,
      Scaling scaling,
      Scaling targetScaling) {
    this.source = source;
    this.labels = labels;
    this.targets = targets;
    this.outputs = outputs;
    this.weights = weights;
    this.first = first;
    this.rows = rows;
    this.scaling = scaling;
    this.targetScaling = targetScaling;
  }

  /** All rows of a source, which scales them. */
  Split(RowSource source, Labels labels, Scaling scaling) {
    this(
        source,
        labels.values,
        labels.numbers,
        labels.numbers == null ? 0 : labels.columns,
        labels.weights,
        0,
        source.rows(),
        scaling,
        Scaling.none());
    assert labels.values == null ? targets.length == rows * outputs : labels.values.length == rows;
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
    for (int r = 0; r < labels.length; r++) {
      if (labels[r] < 0) {
        throw wrong("row %s has label %s, expected one from 0", r, labels[r]);
      }
    }
    return of(rows, labels.length, new Labels(labels.clone(), 0, "data"), scaling);
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
    int outputs = targets.length == 0 ? 0 : targets[0].length;
    float[] numbers = new float[Math.multiplyExact(targets.length, outputs)];
    for (int r = 0; r < targets.length; r++) {
      if (targets[r].length != outputs || outputs == 0) {
        throw wrong(
            "row %s has %s targets, expected at least 1, as many as row 0 has: %s",
            r, targets[r].length, outputs);
      }
      for (int k = 0; k < outputs; k++) {
        numbers[r * outputs + k] = targets[r][k];
        if (!Float.isFinite(targets[r][k])) {
          throw wrong("row %s, target %s is %s, expected a finite number", r, k, targets[r][k]);
        }
      }
    }
    return of(rows, targets.length, new Labels(numbers, outputs, "data"), scaling);
  }

  private static Split of(float[][] rows, int count, Labels labels, Scaling scaling) {
    if (rows.length == 0 || rows[0].length == 0 || rows.length != count) {
      throw wrong(
          "%s rows, %s targets, expected as many, and at least one row of one feature",
          rows.length, count);
    }
    int features = rows[0].length;
    if (scaling.features().orElse(features) != features) {
      throw wrong(
          "%s features, expected %s as the scaling has", features, scaling.features().getAsInt());
    }
    float[] values = new float[Math.multiplyExact(rows.length, features)];
    for (int r = 0; r < rows.length; r++) {
      if (rows[r].length != features) {
        throw wrong("row %s has %s features, expected %s", r, rows[r].length, features);
      }
      for (int j = 0; j < features; j++) {
        float value = scaling.scale(rows[r][j], j);
        if (!Float.isFinite(value)) {
          throw wrong("row %s, feature %s is %s, expected a finite number", r, j, rows[r][j]);
        }
        values[r * features + j] = value;
      }
    }
    return new Split(new FloatRows(values, features), labels, scaling);
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
    boolean anyWeights = false;
    boolean together = true;
    for (Split part : parts) {
      together &= part.source == one.source && part.first == one.first + rows;
      allBytes &= part.keepsBytes();
      rows = Math.addExact(rows, part.rows);
      anyWeights |= part.weights != null;
    }
    int first = together ? one.first : 0;
    int[] labels = one.outputs == 0 ? new int[first + rows] : null;
    float[] targets =
        one.outputs == 0 ? null : new float[Math.multiplyExact(first + rows, one.outputs)];
    float[] weights = anyWeights ? new float[first + rows] : null;
    int at = first;
    for (Split part : parts) {
      if (labels == null) {
        System.arraycopy(
            part.targets,
            part.first * one.outputs,
            targets,
            at * one.outputs,
            part.rows * one.outputs);
      } else {
        part.copyLabels(null, 0, part.rows, labels, at);
      }
      for (int row = 0; anyWeights && row < part.rows; row++) {
        weights[at + row] = part.weight(row);
      }
      at += part.rows;
    }
    RowSource source = together ? one.source : joined(parts, rows, allBytes);
    return new Split(
        source, labels, targets, one.outputs, weights, first, rows, one.scaling, one.targetScaling);
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
    return new Split(
        source, labels, targets, outputs, weights, first + from, count, scaling, targetScaling);
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
    int[] someLabels = labels == null ? null : new int[count];
    float[] someTargets = targets == null ? null : new float[count * outputs];
    float[] someWeights = weights == null ? null : new float[count];
    for (int i = 0; i < count; i++) {
      int row = first + Objects.checkIndex(order[i], rows);
      if (bytes == null) {
        source.copy(row, 1, values, i * features);
      } else {
        ((ByteRows) source).copy(row, 1, bytes, i * features);
      }
      if (labels == null) {
        System.arraycopy(targets, row * outputs, someTargets, i * outputs, outputs);
      } else {
        someLabels[i] = labels[row];
      }
      if (weights != null) {
        someWeights[i] = weights[row];
      }
    }
    RowSource some =
        bytes == null ? new FloatRows(values, features) : new ByteRows(bytes, features, scaling);
    return new Split(
        some, someLabels, someTargets, outputs, someWeights, 0, count, scaling, targetScaling);
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
      int[] ofRows = Arrays.copyOfRange(classes(), first, first + rows);
      all = select(Stratification.order(ofRows, taken, 0));
    }
    return List.of(all.slice(0, rows - taken), all.slice(rows - taken, taken));
  }

  /** The same rows with each label replaced by what the array has in its place. */
  Split relabelled(int[] replacements) {
    int[] changed = classes().clone();
    for (int i = first; i < first + rows; i++) {
      changed[i] = replacements[labels[i]];
    }
    return new Split(source, changed, null, 0, weights, first, rows, scaling, targetScaling);
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
    float[] all = new float[first + rows];
    for (int row = 0; row < rows; row++) {
      all[first + row] = weights[row];
      if (!(weights[row] >= 0 && weights[row] < Float.POSITIVE_INFINITY)) {
        throw wrong(
            "row %s has weight %s, expected a finite number, not below 0", row, weights[row]);
      }
    }
    return new Split(source, labels, targets, outputs, all, first, rows, scaling, targetScaling);
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
    if (outputs == 0 || scaling.features().orElse(outputs) != outputs) {
      throw wrong(
          "targets of %s numbers (0: a class), expected %s as their scaling has",
          outputs, scaling.features().orElse(1));
    }
    Split scaled =
        new Split(source, labels, targets, outputs, weights, first, rows, this.scaling, scaling);
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
    int at = first + Objects.checkIndex(row, rows);
    return weights == null ? 1 : weights[at];
  }

  /**
   * Whether the rows were given weights.
   *
   * @return false if all are 1
   */
  public boolean hasWeights() {
    return weights != null;
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
    return classes()[first + Objects.checkIndex(row, rows)];
  }

  private int[] classes() {
    if (labels == null) {
      throw new IllegalStateException("data: the targets are numbers, expected classes");
    }
    return labels;
  }

  /**
   * How many numbers the target of a row has.
   *
   * @return at least 1, or 0 if the targets are classes
   */
  public int outputs() {
    return outputs;
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
    return targets[at * outputs + Objects.checkIndex(output, outputs)];
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
    int largest = Math.max(0, outputs - 1);
    for (int row = 0; labels != null && row < rows; row++) {
      largest = Math.max(largest, labels[first + row]);
    }
    return largest;
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
    Objects.checkFromIndexSize(from, count, order == null ? rows : order.length);
    int features = source.features();
    checkRoom(count, features, batch, offset, ld);
    if (order == null && ld == features) {
      source.copy(first + from, count, batch, offset);
      return;
    }
    checkRows(order, from, count);
    source.gather(first, order, from, count, 0, features, batch, offset, ld);
  }

  private static void checkRoom(int count, int width, float[] batch, int offset, int ld) {
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

  private void checkRows(int[] order, int from, int count) {
    for (int i = from; order != null && i < from + count; i++) {
      Objects.checkIndex(order[i], rows);
    }
  }

  /**
   * Copies some features of rows, scaled, into a part of a mini-batch.
   *
   * @param order the rows' numbers, or null for 0, 1, 2, ...
   * @param from where to begin in the order
   * @param count how many rows
   * @param column the first feature
   * @param width how many features, at least 1
   * @param batch receives the features
   * @param offset where the first of them goes in {@code batch}; in blocks it is the first of one
   * @param ld the distance of rows, at least the width, or below 0 that of {@link Blocks}
   * @return false, and nothing is copied, if the rows stay in a file (see {@link Dataset#mapped})
   * @throws IndexOutOfBoundsException if the order, the rows, the batch or this split is too short
   */
  public boolean copyColumns(
      int[] order, int from, int count, int column, int width, float[] batch, int offset, int ld) {
    Objects.checkFromIndexSize(from, count, order == null ? rows : order.length);
    Objects.checkIndex(column, source.features());
    Objects.checkIndex(width - 1, source.features() - column);
    checkRoom(count, width, batch, offset, ld);
    checkRows(order, from, count);
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
    for (int i = 0; i < count; i++) {
      int row = order == null ? from + i : Objects.checkIndex(order[from + i], rows);
      out[offset + i] = classes()[first + row];
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
    boolean raw = targetScaling instanceof Scaling.None;
    for (int i = 0; i < count; i++) {
      int row = first + (order == null ? from + i : Objects.checkIndex(order[from + i], rows));
      int to = offset + i * outputs;
      System.arraycopy(targets, row * outputs, out, to, outputs);
      for (int k = 0; k < outputs && !raw; k++) {
        out[to + k] = targetScaling.scale(out[to + k], k);
      }
    }
  }
}
