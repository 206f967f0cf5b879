package dev.lanewise.kernel.gemm;

/** What happens to a finished sum of a matrix product before it is stored. */
public enum Epilogue {
  /** Nothing. */
  NONE,
  /** {@code x < 0 ? 0 : x}, which keeps NaN and -0. */
  RELU,
  /** ReLU backward: the sum where the mask is above 0, +0 elsewhere. */
  RELU_MASK
}
