package dev.lanewise.bench;

import dev.lanewise.kernel.gemm.Orientation;

/** The work on a product in the same call, as in a training step. */
enum Work {
  /** Nothing: the gradient of weights. */
  PLAIN,
  /** Bias and ReLU: a layer forward. */
  BIAS_RELU,
  /** The sum where a mask is above 0, 0 elsewhere: the gradient through a ReLU. */
  RELU_MASK;

  static Work of(Orientation orientation) {
    return switch (orientation) {
      case NN -> BIAS_RELU;
      case NT -> RELU_MASK;
      case TN -> PLAIN;
    };
  }
}
