package dev.lanewise.train;

/**
 * How a gradient changes the weights: a value, which any number of trainers may share. Each of them
 * applies to every parameter, biases too; {@link WeightDecay} is apart. All follow PyTorch's
 * definitions; the formulas with their roundings stand at the methods of {@code
 * dev.lanewise.kernel.Updates}.
 */
public sealed interface Optimizer permits UpdateRule {
  /**
   * Plain stochastic gradient descent.
   *
   * @return the optimizer
   */
  static Optimizer sgd() {
    return new Sgd();
  }

  /**
   * Gradient descent with momentum: {@code u = momentum * u + g}, {@code w -= eta * u} (Polyak,
   * "Some methods of speeding up the convergence of iteration methods", 1964).
   *
   * @param momentum what is kept of the velocity in a step, usually 0.9
   * @return the optimizer
   * @throws IllegalArgumentException if it is not from 0 to below 1, as a float
   */
  static Optimizer momentum(double momentum) {
    return new Momentum(momentum, false);
  }

  /**
   * Nesterov's momentum: as momentum, but {@code w -= eta * (momentum * u + g)} (Sutskever,
   * Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning",
   * 2013).
   *
   * @param momentum what is kept of the velocity in a step, usually 0.9
   * @return the optimizer
   * @throws IllegalArgumentException if it is not from 0 to below 1, as a float
   */
  static Optimizer nesterov(double momentum) {
    return new Momentum(momentum, true);
  }

  /**
   * RMSProp, without momentum and not centred: {@code v = beta * v + (1 - beta) * g^2}, {@code w -=
   * eta * g / (sqrt(v) + epsilon)} (Tieleman and Hinton, lecture 6.5 of "Neural Networks for
   * Machine Learning", 2012).
   *
   * @param beta what is kept of the mean of squares in a step, usually 0.99; PyTorch's alpha
   * @param epsilon what keeps the divisor from 0, usually 1e-8
   * @return the optimizer
   * @throws IllegalArgumentException if, as floats, beta is not from 0 to below 1 or epsilon not
   *     finite and above 0
   */
  static Optimizer rmsProp(double beta, double epsilon) {
    return new RmsProp(beta, epsilon);
  }

  /**
   * Adam with what its authors recommend and most use: {@code adam(0.9, 0.999, 1e-8)}. A learning
   * rate of 0.001 goes with it.
   *
   * @return the optimizer
   */
  static Optimizer adam() {
    return adam(0.9, 0.999, 1e-8);
  }

  /**
   * Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015); for AdamW see {@link
   * TrainerBuilder#adamW}.
   *
   * @param beta1 what is kept of the mean of gradients in a step, usually 0.9
   * @param beta2 what is kept of the mean of their squares, usually 0.999
   * @param epsilon what keeps the divisor from 0, usually 1e-8
   * @return the optimizer
   * @throws IllegalArgumentException if, as floats, a beta is not from 0 to below 1 or epsilon not
   *     finite and above 0
   */
  static Optimizer adam(double beta1, double beta2, double epsilon) {
    return new Adam(beta1, beta2, epsilon);
  }
}
