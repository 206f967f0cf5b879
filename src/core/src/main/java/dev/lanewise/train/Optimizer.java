package dev.lanewise.train;

/**
 * Rule by which a gradient changes the weights: an immutable value. It applies to every parameter,
 * biases too; {@link WeightDecay} is separate. All optimizers follow PyTorch's definitions, and the
 * methods of {@code dev.lanewise.kernel.math.Updates} have the formulas with their roundings.
 */
public final class Optimizer {
  final UpdateRule rule;
  private final String setting;

  private Optimizer(UpdateRule rule, String name, double... numbers) {
    this.rule = rule;
    this.setting = TrainingOptions.setting(name, numbers);
  }

  /** {@return plain stochastic gradient descent} */
  public static Optimizer sgd() {
    return new Optimizer(new Sgd(), "sgd");
  }

  /**
   * Returns gradient descent with momentum: {@code u = momentum * u + g}, {@code w -= eta * u}
   * (Polyak, "Some methods of speeding up the convergence of iteration methods", 1964).
   *
   * @param momentum share of the velocity that a step keeps, from 0 to below 1, usually 0.9
   * @return the optimizer
   */
  public static Optimizer momentum(double momentum) {
    return new Optimizer(new Momentum(momentum, false), "momentum", momentum);
  }

  /**
   * Returns gradient descent with Nesterov's momentum, {@code w -= eta * (momentum * u + g)}
   * (Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep
   * learning", 2013).
   *
   * @param momentum as for {@link #momentum}
   * @return the optimizer
   */
  public static Optimizer nesterov(double momentum) {
    return new Optimizer(new Momentum(momentum, true), "nesterov", momentum);
  }

  /**
   * Returns RMSProp, without momentum and not centred: {@code v = beta * v + (1 - beta) * g^2},
   * {@code w -= eta * g / (sqrt(v) + epsilon)} (Tieleman and Hinton, lecture 6.5 of "Neural
   * Networks for Machine Learning", 2012).
   *
   * @param beta share of the mean of squares that a step keeps, from 0 to below 1, usually 0.99;
   *     PyTorch's alpha
   * @param epsilon a number above 0 that keeps the divisor away from 0, usually 1e-8
   * @return the optimizer
   */
  public static Optimizer rmsProp(double beta, double epsilon) {
    return new Optimizer(new RmsProp(beta, epsilon), "rmsprop", beta, epsilon);
  }

  /** {@return Adam with its authors' values, {@code adam(0.9, 0.999, 1e-8)}; try eta = 0.001} */
  public static Optimizer adam() {
    return adam(0.9, 0.999, 1e-8);
  }

  /**
   * Returns Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015). With {@link
   * WeightDecay#decoupled} it is AdamW.
   *
   * @param beta1 share of the mean of gradients that a step keeps, from 0 to below 1, usually 0.9
   * @param beta2 share of the mean of their squares, from 0 to below 1, usually 0.999
   * @param epsilon a number above 0 that keeps the divisor away from 0, usually 1e-8
   * @return the optimizer
   */
  public static Optimizer adam(double beta1, double beta2, double epsilon) {
    return new Optimizer(new Adam(beta1, beta2, epsilon), "adam", beta1, beta2, epsilon);
  }

  /** Returns name and numbers in a form that does not depend on the version of Java. */
  String setting() {
    return setting;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Optimizer optimizer && setting.equals(optimizer.setting);
  }

  @Override
  public int hashCode() {
    return setting.hashCode();
  }

  @Override
  public String toString() {
    return TrainingOptions.readable(setting);
  }
}
