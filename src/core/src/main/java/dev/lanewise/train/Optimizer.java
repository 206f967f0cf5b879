package dev.lanewise.train;

import dev.lanewise.engine.internal.UpdateRule;

/**
 * Rule by which a gradient changes the weights: an immutable value. It applies to every parameter,
 * biases too; {@link WeightDecay} is separate. All optimizers follow PyTorch's definitions, and the
 * page on arithmetic has the formulas with their roundings.
 */
public final class Optimizer {
  private static final String SGD = "sgd";
  private static final String MOMENTUM = "momentum";
  private static final String NESTEROV = "nesterov";
  private static final String RMSPROP = "rmsprop";
  private static final String ADAM = "adam";

  private final String name;
  private final double[] numbers;
  final UpdateRule rule;

  private Optimizer(String name, UpdateRule rule, double... numbers) {
    this.name = name;
    this.rule = rule;
    this.numbers = numbers;
  }

  /** {@return plain stochastic gradient descent} */
  public static Optimizer sgd() {
    return new Optimizer(SGD, UpdateRule.descent());
  }

  /**
   * Returns gradient descent with momentum: {@code u = momentum * u + g}, {@code w -= eta * u}
   * (Polyak, "Some methods of speeding up the convergence of iteration methods", 1964).
   *
   * @param momentum share of the velocity that a step keeps, from 0 to below 1, usually 0.9
   * @return the optimizer
   */
  public static Optimizer momentum(double momentum) {
    return new Optimizer(
        MOMENTUM, UpdateRule.momentum(momentum), Ranges.belowOne("momentum", momentum));
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
    return new Optimizer(
        NESTEROV, UpdateRule.nesterov(momentum), Ranges.belowOne("momentum", momentum));
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
    Ranges.belowOne("beta", beta);
    Ranges.positive("epsilon", epsilon);
    return new Optimizer(RMSPROP, UpdateRule.rmsProp(beta, epsilon), beta, epsilon);
  }

  /** {@return Adam with its authors' values, {@code adam(0.9, 0.999, 1e-8)}; try eta = 0.001} */
  public static Optimizer adam() {
    return adam(0.9, 0.999, 1e-8);
  }

  /**
   * {@return Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015)} With {@link
   * WeightDecay#decoupled} it is AdamW.
   *
   * @param beta1 share of the mean of gradients that a step keeps, from 0 to below 1, usually 0.9
   * @param beta2 share of the mean of their squares, from 0 to below 1, usually 0.999
   * @param epsilon a number above 0 that keeps the divisor away from 0, usually 1e-8
   */
  public static Optimizer adam(double beta1, double beta2, double epsilon) {
    Ranges.belowOne("beta1", beta1);
    Ranges.belowOne("beta2", beta2);
    Ranges.positive("epsilon", epsilon);
    return new Optimizer(ADAM, UpdateRule.adam(beta1, beta2, epsilon), beta1, beta2, epsilon);
  }

  /** Returns name and numbers in a form that does not depend on the version of Java. */
  String setting() {
    return Settings.of(name, numbers);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Optimizer optimizer && setting().equals(optimizer.setting());
  }

  @Override
  public int hashCode() {
    return setting().hashCode();
  }

  @Override
  public String toString() {
    return Settings.readable(setting());
  }
}
