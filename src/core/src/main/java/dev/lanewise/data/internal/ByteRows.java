package dev.lanewise.data.internal;

import dev.lanewise.kernel.KernelSet;
import dev.lanewise.nn.Scaling;

/**
 * Rows in memory whose values are integers in 0..255, stored as bytes. They are scaled when they
 * are copied, to the same floats as if they had been scaled before.
 */
public final class ByteRows implements RowSource {
  /**
   * Bytes of shuffled rows that are touched, one cache line each, before they are converted: the
   * size of an L1 cache. A core runs further ahead over plain loads than over conversions, and
   * touching one line of each row in turn starts the prefetch streams of all rows at once.
   */
  private static final int AHEAD = 32 << 10;

  /** Size of data that fits an L2 cache, so that touching it first gains nothing. */
  private static final int NEAR = 256 << 10;

  /** Bytes of a cache line. */
  private static final int LINE = 64;

  private final byte[] bytes; // [rows][features], raw
  private final int features;
  private final Scaling scaling;
  private final float divisor;
  private final boolean stored; // the origin stored bytes, not other numbers in 0..255

  /** Keeps rows under a scaling that {@link #scales} allows. */
  public ByteRows(byte[] bytes, int features, Scaling scaling, boolean stored) {
    assert scales(scaling);
    this.bytes = bytes;
    this.features = features;
    this.scaling = scaling;
    this.stored = stored;
    this.divisor = scaling.isNone() ? 1 : (float) scaling.divisor()[0];
  }

  /** Returns whether bytes can stay raw: the kernel needs one divisor, which is a float. */
  public static boolean scales(Scaling scaling) {
    return scaling.isNone()
        || scaling.kind() == Scaling.Kind.DIVIDE
            && (float) scaling.divisor()[0] == scaling.divisor()[0];
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
        KernelSet.active().bytesToFloats(width, bytes, at, divisor, out, offset + i * width);
      }
    }
  }

  /**
   * Loads rows into the cache. The sum of the loaded bytes goes where the first feature will be
   * overwritten; without any use of the bytes, a compiler would remove the loads.
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
    KernelSet.active().bytesToFloats(count * features, bytes, row * features, divisor, out, offset);
  }

  @Override
  public void copyRow(int row, double[] out) {
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

  public void copy(int row, int count, byte[] out, int offset) {
    System.arraycopy(bytes, row * features, out, offset, count * features);
  }
}
