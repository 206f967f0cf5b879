package dev.lanewise.data.internal;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.nn.Scaling;

/**
 * Rows in memory that are whole numbers in 0..255, a byte each. Scaled when they are copied out,
 * which gives the very floats that scaling them beforehand would.
 */
public final class ByteRows implements RowSource {
  /**
   * Bytes of shuffled rows that are touched, a line each, before they are converted: an L1 cache. A
   * core looks ahead over more lines of bare loads than of a conversion, and with a line of each
   * row in turn the rows' streams are all prefetched at once.
   */
  private static final int AHEAD = 32 << 10;

  /** Bytes that are near in any case: they fit an L2 cache. */
  private static final int NEAR = 256 << 10;

  /** Bytes of a cache line. */
  private static final int LINE = 64;

  private final byte[] bytes; // [rows][features], raw
  private final int features;
  private final Scaling scaling;
  private final float divisor;
  private final boolean stored; // as bytes, not as other numbers that happen to be such

  /** Rows under a scaling that {@link #scales} allows. */
  public ByteRows(byte[] bytes, int features, Scaling scaling, boolean stored) {
    assert scales(scaling);
    this.bytes = bytes;
    this.features = features;
    this.scaling = scaling;
    this.stored = stored;
    this.divisor = scaling instanceof Scaling.Divide d ? (float) d.divisor() : 1;
  }

  /** Whether bytes can be kept raw: the kernel divides by one number, which must be a float. */
  public static boolean scales(Scaling scaling) {
    return scaling instanceof Scaling.None
        || scaling instanceof Scaling.Divide d && (float) d.divisor() == d.divisor();
  }

  @Override
  public void gather(
      int first, int[] order, int from, int count, int column, int width, float[] out, int offset) {
    boolean far = bytes.length > NEAR;
    int group = far ? Math.max(1, AHEAD / width) : count;
    int row0 = first * features + column;
    for (int next = 0; next < count; next += group) {
      int rows = Math.min(group, count - next);
      if (far) {
        touch(row0, order, from + next, rows, width, out, offset + next * width);
      }
      for (int i = next; i < next + rows; i++) {
        int at = row0 + RowSource.row(0, order, from + i) * features;
        Kernels.active().bytesToFloats(width, bytes, at, divisor, out, offset + i * width);
      }
    }
  }

  /**
   * Brings rows from memory. What the lines add up to stands where the first feature will: nobody
   * reads it, but a compiler would drop loads that lead to nothing.
   */
  private void touch(int row0, int[] order, int from, int rows, int width, float[] out, int to) {
    int sum = 0;
    for (int j = row0; j < row0 + width; j += LINE) {
      for (int i = from; i < from + rows; i++) {
        sum += bytes[j + RowSource.row(0, order, i) * features];
      }
    }
    out[to] = sum;
  }

  @Override
  public int rows() {
    return bytes.length / features;
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public void copy(int row, int count, float[] out, int offset) {
    Kernels.active().bytesToFloats(count * features, bytes, row * features, divisor, out, offset);
  }

  @Override
  public void copyUnscaled(int row, double[] out) {
    for (int j = 0; j < features; j++) {
      out[j] = bytes[row * features + j] & 0xff;
    }
  }

  @Override
  public boolean storesBytes() {
    return stored;
  }

  @Override
  public RowSource under(Scaling other) {
    return scales(other) ? new ByteRows(bytes, features, other, stored) : null;
  }

  @Override
  public RowSource select(int[] rows) {
    byte[] some = new byte[rows.length * features];
    for (int i = 0; i < rows.length; i++) {
      copy(rows[i], 1, some, i * features);
    }
    return new ByteRows(some, features, scaling, stored);
  }

  /** Copies rows, raw. */
  public void copy(int row, int count, byte[] out, int offset) {
    System.arraycopy(bytes, row * features, out, offset, count * features);
  }
}
