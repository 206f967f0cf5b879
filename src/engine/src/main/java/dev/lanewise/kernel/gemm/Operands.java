package dev.lanewise.kernel.gemm;

/**
 * The shape, the operands and the initial value of a product, which {@link Gemm} describes and
 * every code that computes products reads.
 */
final class Operands {
  final Orientation orientation;
  final int n;
  Initial initial = Initial.ZERO;
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
  float[] bias;
  int biasOffset;

  Operands(Orientation orientation, int n) {
    this.orientation = orientation;
    this.n = n;
  }
}
