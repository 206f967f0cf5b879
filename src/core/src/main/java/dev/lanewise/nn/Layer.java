package dev.lanewise.nn;

/**
 * A fully connected layer, {@code activation(x W + b)}, as a view of a network's parameters.
 *
 * @param inputs rows of W
 * @param outputs columns of W, length of b
 * @param weightsOffset where W, [inputs][outputs], starts among the parameters
 * @param biasesOffset where b, [outputs], starts: right behind W
 * @param activation what is applied to the sums; identity for the last layer, whose softmax belongs
 *     to the loss
 */
public record Layer(
    int inputs, int outputs, int weightsOffset, int biasesOffset, Activation activation) {
  /**
   * The number of parameters, W and b.
   *
   * @return inputs x outputs + outputs
   */
  public int parameters() {
    return (inputs + 1) * outputs;
  }
}
