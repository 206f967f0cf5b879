package dev.lanewise.nn;

/**
 * A fully connected layer, {@code activation(x W + b)}, as a view of a network's parameters.
 *
 * @param inputs rows of W
 * @param outputs columns of W, length of b
 * @param weightsOffset the first parameter of W, [inputs][outputs]
 * @param biasesOffset the first parameter of b, [outputs], directly after W
 * @param activation applied to the pre-activations; identity for the last layer, whose softmax
 *     belongs to the loss
 */
public record Layer(
    int inputs, int outputs, int weightsOffset, int biasesOffset, Activation activation) {
  /** {@return the number of parameters, inputs x outputs + outputs} */
  public int parameters() {
    return (inputs + 1) * outputs;
  }
}
