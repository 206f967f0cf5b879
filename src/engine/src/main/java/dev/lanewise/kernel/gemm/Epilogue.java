package dev.lanewise.kernel.gemm;

/** The last operation on a finished sum of a matrix product. */
public enum Epilogue {
  /** Nothing. */
  NONE,
  /** {@code x < 0 ? 0 : x}, which keeps NaN and -0. */
  RELU,
  /** The backward pass of ReLU: keeps the sum where the mask is above 0, and gives +0 elsewhere. */
  RELU_MASK
}
