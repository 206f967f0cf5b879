package dev.lanewise.data;

import dev.lanewise.kernel.CounterRandom;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Rows of scaled features with their targets, classes or numbers. Immutable; safe to share between
 * threads.
 *
 * <p>Whole numbers in 0..255 are kept as bytes and scaled when rows are copied out, which gives the
 * very floats that scaling them beforehand would.
 */
public final class Split {
  private final byte[] bytes; // [first + rows or more][features], raw; null if values is not
  private final float[] values; // [first + rows or more][features], scaled; null if bytes is not
  private final int[] labels; // [first + rows or more]; null if targets is not
  private final float[] targets; // [first + rows or more][outputs]; null if labels is not
  private final int outputs; // numbers of a target; 0 if it is a class
  private final float[] weights; // [first + rows or more]; null if all are 1
  private final int first;
  private final int rows;
  private final int features;
  private final Scaling scaling;
  private final Scaling targetScaling; // of targets that are numbers, which are kept raw

  private Split(
      byte[] bytes,
      float[] values,
      int[] labels,
      float[] targets,
      int outputs,
      float[] weights,
      int first,
      int rows,
      int features,
      Scaling scaling,
      Scaling targetScaling) {
    this.bytes = bytes;
    this.values = values;
    this.labels = labels;
    this.targets = targets;
    this.outputs = outputs;
    this.weights = weights;
    this.first = first;
    this.rows = rows;
    this.features = features;
    this.scaling = scaling;
    this.targetScaling = targetScaling;
  }

  /** All rows of raw bytes, under a scaling that {@link #scalesBytes} allows, or of values. */
  private Split(byte[] bytes, float[] values, int features, Labels labels, Scaling scaling) {
    this(
        bytes,
        values,
        labels.values,
        labels.numbers,
        labels.numbers == null ? 0 : labels.columns,
        labels.weights,
        0,
        (bytes == null ? values.length : bytes.length) / features,
        features,
        scaling,
        Scaling.none());
    assert bytes == null || scalesBytes(scaling);
    assert labels.values == null ? targets.length == rows * outputs : labels.values.length == rows;
  }

  /** Raw bytes [rows][features], under a scaling that {@link #scalesBytes} allows. */
  static Split ofBytes(byte[] bytes, int features, Labels labels, Scaling scaling) {
    return new Split(bytes, null, features, labels, scaling);
  }

  /** Scaled floats [rows][features]. */
  static Split ofScaled(float[] values, int features, Labels labels, Scaling scaling) {
    return new Split(null, values, features, labels, scaling);
  }

  /** Whether bytes can be kept raw: the kernel divides by one number, which must be a float. */
  static boolean scalesBytes(Scaling scaling) {
    return scaling instanceof Scaling.None
        || scaling instanceof Scaling.Divide d && (float) d.divisor() == d.divisor();
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
    return ofScaled(values, features, labels, scaling);
  }

  /** What every error in data from memory is, with parts for the %s of the problem. */
  static IllegalArgumentException wrong(String problem, Object... parts) {
    return new IllegalArgumentException("data: " + problem.formatted(parts));
  }

  /** All rows of all parts, in order; the parts agree in features and scaling. */
  static Split concatenation(List<Split> parts) {
    Split one = parts.get(0);
    if (parts.size() == 1) {
      return one;
    }
    int rows = 0;
    boolean allBytes = true;
    boolean anyWeights = false;
    for (Split part : parts) {
      rows = Math.addExact(rows, part.rows);
      allBytes &= part.bytes != null;
      anyWeights |= part.weights != null;
    }
    int length = Math.multiplyExact(rows, one.features);
    byte[] bytes = allBytes ? new byte[length] : null;
    float[] values = allBytes ? null : new float[length];
    int[] labels = one.outputs == 0 ? new int[rows] : null;
    float[] targets = one.outputs == 0 ? null : new float[Math.multiplyExact(rows, one.outputs)];
    float[] weights = anyWeights ? new float[rows] : null;
    int at = 0;
    for (Split part : parts) {
      int to = at * one.features;
      if (allBytes) {
        int from = part.first * one.features;
        System.arraycopy(part.bytes, from, bytes, to, part.rows * one.features);
      } else {
        part.copyRows(null, 0, part.rows, values, to);
      }
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
    return new Split(
        bytes,
        values,
        labels,
        targets,
        one.outputs,
        weights,
        0,
        rows,
        one.features,
        one.scaling,
        one.targetScaling);
  }

  /** Some of the rows, on the same arrays. */
  Split slice(int from, int count) {
    Objects.checkFromIndexSize(from, count, rows);
    return new Split(
        bytes,
        values,
        labels,
        targets,
        outputs,
        weights,
        first + from,
        count,
        features,
        scaling,
        targetScaling);
  }

  /** Rows by their numbers, copied: with their targets and weights. */
  Split select(int[] order) {
    int count = order.length;
    byte[] someBytes = bytes == null ? null : new byte[count * features];
    float[] someValues = values == null ? null : new float[count * features];
    int[] someLabels = labels == null ? null : new int[count];
    float[] someTargets = targets == null ? null : new float[count * outputs];
    float[] someWeights = weights == null ? null : new float[count];
    for (int i = 0; i < count; i++) {
      int row = first + Objects.checkIndex(order[i], rows);
      if (bytes == null) {
        System.arraycopy(values, row * features, someValues, i * features, features);
      } else {
        System.arraycopy(bytes, row * features, someBytes, i * features, features);
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
    return new Split(
        someBytes,
        someValues,
        someLabels,
        someTargets,
        outputs,
        someWeights,
        0,
        count,
        features,
        scaling,
        targetScaling);
  }

  /**
   * These rows in another order, with their targets and weights.
   *
   * @param seed says which, as it does for a CSV file
   * @return new rows, copied
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
   * @throws IllegalArgumentException if the fraction is another number or less than a row
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
    return new Split(
        bytes, values, changed, null, 0, weights, first, rows, features, scaling, targetScaling);
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
    return new Split(
        bytes,
        values,
        labels,
        targets,
        outputs,
        all,
        first,
        rows,
        features,
        scaling,
        targetScaling);
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
    if (scaling.equals(targetScaling)) {
      return this;
    }
    if (outputs == 0 || scaling.features().orElse(outputs) != outputs) {
      throw wrong(
          "targets of %s numbers (0: a class), expected %s as their scaling has",
          outputs, scaling.features().orElse(1));
    }
    Split scaled =
        new Split(
            bytes,
            values,
            labels,
            targets,
            outputs,
            weights,
            first,
            rows,
            features,
            this.scaling,
            scaling);
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
    return features;
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
    return bytes != null;
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
   */
  public void copyRows(int[] order, int from, int count, float[] batch, int offset) {
    Objects.checkFromIndexSize(from, count, order == null ? rows : order.length);
    Objects.checkFromIndexSize((long) offset, (long) count * features, batch.length);
    if (order == null) {
      copy(first + from, count, batch, offset);
      return;
    }
    for (int i = 0; i < count; i++) {
      int row = Objects.checkIndex(order[from + i], rows);
      copy(first + row, 1, batch, offset + i * features);
    }
  }

  private void copy(int row, int count, float[] batch, int offset) {
    if (bytes == null) {
      System.arraycopy(values, row * features, batch, offset, count * features);
      return;
    }
    float divisor = scaling instanceof Scaling.Divide d ? (float) d.divisor() : 1;
    Kernels.active().bytesToFloats(count * features, bytes, row * features, divisor, batch, offset);
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
