package dev.lanewise.bench;

/** An operation that a layer applies to a product in the same call, as in a training step. */
enum Work {
  /** No operation, as for the gradient of weights. */
  PLAIN,
  /** Adds the bias and applies ReLU, as in the forward pass of a layer. */
  BIAS_RELU,
  /** Sets the sum to 0 where a mask is not above 0, as for the gradient through a ReLU. */
  RELU_MASK;

  static Work of(Orientation orientation) {
    return switch (orientation) {
      case NN -> BIAS_RELU;
      case NT -> RELU_MASK;
      case TN -> PLAIN;
    };
  }
}
