package dev.lanewise.train;

/**
 * How a gradient changes the weights: a value, which any number of trainers may share. Each of them
 * applies to every parameter, biases too; {@link WeightDecay} is apart. All follow PyTorch's
 * definitions; the formulas with their roundings stand at the methods of {@code
 * dev.lanewise.kernel.math.Updates}.
 */
public final class Optimizer {
  final UpdateRule rule;
  private final String setting;

  private Optimizer(UpdateRule rule, String name, double... numbers) {
    this.rule = rule;
    this.setting = TrainingOptions.setting(name, numbers);
  }

  /**
   * Plain stochastic gradient descent.
   *
   * @return the optimizer
   */
  public static Optimizer sgd() {
    return new Optimizer(new Sgd(), "sgd");
  }

  /**
   * Gradient descent with momentum: {@code u = momentum * u + g}, {@code w -= eta * u} (Polyak,
   * "Some methods of speeding up the convergence of iteration methods", 1964).
   *
   * @param momentum what is kept of the velocity in a step, usually 0.9
   * @return the optimizer
   * @throws IllegalArgumentException if it is not from 0 to below 1, as a float
   */
  public static Optimizer momentum(double momentum) {
    return new Optimizer(new Momentum(momentum, false), "momentum", momentum);
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
  public static Optimizer nesterov(double momentum) {
    return new Optimizer(new Momentum(momentum, true), "nesterov", momentum);
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
  public static Optimizer rmsProp(double beta, double epsilon) {
    return new Optimizer(new RmsProp(beta, epsilon), "rmsprop", beta, epsilon);
  }

  /**
   * Adam with what its authors recommend and most use: {@code adam(0.9, 0.999, 1e-8)}. A learning
   * rate of 0.001 goes with it.
   *
   * @return the optimizer
   */
  public static Optimizer adam() {
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
  public static Optimizer adam(double beta1, double beta2, double epsilon) {
    return new Optimizer(new Adam(beta1, beta2, epsilon), "adam", beta1, beta2, epsilon);
  }

  /** Name and numbers, as every version of Java writes them. */
  String setting() {
    return setting;
  }

  /**
   * Whether another optimizer does the same.
   *
   * @param other any object
   * @return true if it is one of the same kind and numbers
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Optimizer optimizer && setting.equals(optimizer.setting);
  }

  @Override
  public int hashCode() {
    return setting.hashCode();
  }

  /**
   * Name and numbers.
   *
   * @return a line
   */
  @Override
  public String toString() {
    return TrainingOptions.readable(setting);
  }
}
