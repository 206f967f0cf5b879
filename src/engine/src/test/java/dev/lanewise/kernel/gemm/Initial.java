package dev.lanewise.kernel.gemm;

/** The initial value of an output's sum in a matrix product. */
public enum Initial {
  /** +0; C is overwritten without being read. */
  ZERO,
  /** The bias of the output's column; C is overwritten without being read. */
  BIAS,
  /** The present value in C. */
  RESULT;

  /** Sets it in a product whose bias would be at this place. */
  Gemm in(Gemm gemm, float[] bias, int offset) {
    return this == RESULT ? gemm.add() : gemm.bias(this == BIAS ? bias : null, offset);
  }
}
