package dev.lanewise.kernel.gemm;

/** What the sum of an output of a matrix product starts from. */
public enum Initial {
  /** +0; C is overwritten without being read. */
  ZERO,
  /** The bias of the output's column; C is overwritten without being read. */
  BIAS,
  /** What stands in C. */
  RESULT
}
