package dev.lanewise.kernel.gemm;

/**
 * The shape, the operands and the initial values of a product, which {@link Gemm} describes and
 * every code that computes products reads.
 */
final class Operands {
  final Orientation orientation;
  final int n;
  int m;
  int k;
  float[] a;
  int aOffset;
  int lda;
  float[] b;
  int bOffset;
  PackedMatrix packed; // replaces b unless null
  float[] c;
  int cOffset;
  float[] bias; // null unless the sums begin with the bias of their column
  int biasOffset;
  boolean adds; // whether the sums begin with the values in C

  Operands(Orientation orientation, int n) {
    this.orientation = orientation;
    this.n = n;
  }

  /** Returns whether the sums begin with 0, so C is overwritten without being read. */
  boolean beginAtZero() {
    return bias == null && !adds;
  }
}
