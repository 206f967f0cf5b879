package dev.lanewise.kernel.gemm;

/** The last operation on a finished sum of a matrix product. */
public enum Epilogue {
  /** Nothing. */
  NONE,
  /** {@code x < 0 ? 0 : x}, which keeps NaN and -0. */
  RELU,
  /** The backward pass of ReLU: keeps the sum where the mask is above 0, and gives +0 elsewhere. */
  RELU_MASK;

  /** Sets it in a product whose mask would be at this place. */
  Gemm in(Gemm gemm, float[] mask, int offset) {
    return this == RELU ? gemm.relu() : gemm.mask(this == RELU_MASK ? mask : null, offset);
  }
}
