package dev.lanewise.kernel.math;

/** The activations that are separate passes; ReLU is part of a matrix product. */
public enum Nonlinearity {
  /** {@code x > 0 ? x : 0.01 x}. */
  LEAKY_RELU(false),
  /** {@code x > 0 ? x : exp(x) - 1}. */
  ELU(false),
  /** {@code 1.0507 (x > 0 ? x : 1.6733 (exp(x) - 1))}. */
  SELU(false),
  /** {@code tanh(x)}. */
  TANH(false),
  /** {@code 1 / (1 + exp(-x))}. */
  SIGMOID(false),
  /** {@code x / (1 + exp(-x))}. */
  SILU(true),
  /** {@code x tanh(log(1 + exp(x)))}. */
  MISH(true),
  /** {@code x Phi(x)}, Phi being the normal distribution function. */
  GELU(true),
  /** {@code x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}. */
  GELU_TANH(true);

  /** Floats of scratch for a pass: two blocks of 256, which take an eighth of an L1 cache. */
  public static final int SCRATCH = 512;

  /** Whether the backward pass reads the sums; else it reads the outputs, and sums are not kept. */
  public final boolean keepsSums;

  Nonlinearity(boolean keepsSums) {
    this.keepsSums = keepsSums;
  }
}
