package dev.lanewise.data;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.nn.Scaling;
import java.util.List;
import java.util.Objects;

/**
 * Rows of scaled features with their labels. Immutable; safe to share between threads.
 *
 * <p>Whole numbers in 0..255 are kept as bytes and scaled when rows are copied out, which gives the
 * very floats that scaling them beforehand would.
 */
public final class Split {
  private final byte[] bytes; // [first + rows or more][features], raw; null if values is not
  private final float[] values; // [first + rows or more][features], scaled; null if bytes is not
  private final int[] labels; // [first + rows or more]
  private final int first;
  private final int rows;
  private final int features;
  private final Scaling scaling;

  private Split(
      byte[] bytes,
      float[] values,
      int[] labels,
      int first,
      int rows,
      int features,
      Scaling scaling) {
    this.bytes = bytes;
    this.values = values;
    this.labels = labels;
    this.first = first;
    this.rows = rows;
    this.features = features;
    this.scaling = scaling;
  }

  /** Raw bytes [labels.length][features], under a scaling that {@link #scalesBytes} allows. */
  static Split ofBytes(byte[] bytes, int features, int[] labels, Scaling scaling) {
    assert scalesBytes(scaling) && bytes.length == features * labels.length;
    return new Split(bytes, null, labels, 0, labels.length, features, scaling);
  }

  /** Scaled floats [labels.length][features]. */
  static Split ofScaled(float[] values, int features, int[] labels, Scaling scaling) {
    assert values.length == features * labels.length;
    return new Split(null, values, labels, 0, labels.length, features, scaling);
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
    if (rows.length == 0 || rows[0].length == 0 || rows.length != labels.length) {
      throw wrong(
          "%s rows, %s labels, expected as many, and at least one row of one feature",
          rows.length, labels.length);
    }
    int features = rows[0].length;
    if (scaling.features().orElse(features) != features) {
      throw wrong(
          "%s features, expected %s as the scaling has", features, scaling.features().getAsInt());
    }
    float[] values = new float[Math.multiplyExact(rows.length, features)];
    for (int r = 0; r < rows.length; r++) {
      if (rows[r].length != features || labels[r] < 0) {
        throw wrong(
            "row %s has %s features and label %s, expected %s and a label from 0",
            r, rows[r].length, labels[r], features);
      }
      for (int j = 0; j < features; j++) {
        float value = scaling.scale(rows[r][j], j);
        if (!Float.isFinite(value)) {
          throw wrong("row %s, feature %s is %s, expected a finite number", r, j, rows[r][j]);
        }
        values[r * features + j] = value;
      }
    }
    return ofScaled(values, features, labels.clone(), scaling);
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
    for (Split part : parts) {
      rows = Math.addExact(rows, part.rows);
      allBytes &= part.bytes != null;
    }
    int length = Math.multiplyExact(rows, one.features);
    byte[] bytes = allBytes ? new byte[length] : null;
    float[] values = allBytes ? null : new float[length];
    int[] labels = new int[rows];
    int at = 0;
    for (Split part : parts) {
      int to = at * one.features;
      if (allBytes) {
        int from = part.first * one.features;
        System.arraycopy(part.bytes, from, bytes, to, part.rows * one.features);
      } else {
        part.copyRows(null, 0, part.rows, values, to);
      }
      part.copyLabels(null, 0, part.rows, labels, at);
      at += part.rows;
    }
    return new Split(bytes, values, labels, 0, rows, one.features, one.scaling);
  }

  /** Some of the rows, on the same arrays. */
  Split slice(int from, int count) {
    Objects.checkFromIndexSize(from, count, rows);
    return new Split(bytes, values, labels, first + from, count, features, scaling);
  }

  /** The same rows with each label replaced by what the array has in its place. */
  Split relabelled(int[] replacements) {
    int[] changed = labels.clone();
    for (int i = first; i < first + rows; i++) {
      changed[i] = replacements[labels[i]];
    }
    return new Split(bytes, values, changed, first, rows, features, scaling);
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
   */
  public int label(int row) {
    return labels[first + Objects.checkIndex(row, rows)];
  }

  /** The scaling that the rows have got, or get when copied. */
  Scaling scaling() {
    return scaling;
  }

  /** The largest label. */
  int largestLabel() {
    int largest = 0;
    for (int row = 0; row < rows; row++) {
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
      out[offset + i] = labels[first + row];
    }
  }
}
