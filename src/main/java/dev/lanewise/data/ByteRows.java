package dev.lanewise.data;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.nn.Scaling;

/**
 * Rows in memory that are whole numbers in 0..255, a byte each. Scaled when they are copied out,
 * which gives the very floats that scaling them beforehand would.
 */
final class ByteRows implements RowSource {
  private final byte[] bytes; // [rows][features], raw
  private final int features;
  private final float divisor;

  /** Rows under a scaling that {@link #scales} allows. */
  ByteRows(byte[] bytes, int features, Scaling scaling) {
    assert scales(scaling);
    this.bytes = bytes;
    this.features = features;
    this.divisor = scaling instanceof Scaling.Divide d ? (float) d.divisor() : 1;
  }

  /** Whether bytes can be kept raw: the kernel divides by one number, which must be a float. */
  static boolean scales(Scaling scaling) {
    return scaling instanceof Scaling.None
        || scaling instanceof Scaling.Divide d && (float) d.divisor() == d.divisor();
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
    int length = count * features;
    Kernels.active().bytesToFloats(length, bytes, row * features, divisor, out, offset);
  }

  /** Copies rows, raw. */
  void copy(int row, int count, byte[] out, int offset) {
    System.arraycopy(bytes, row * features, out, offset, count * features);
  }
}
