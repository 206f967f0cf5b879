package dev.lanewise.train;

import dev.lanewise.kernel.math.Updates;

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
  private final Updates.Averages averages; // null without means of squares

  private Optimizer(String name, Updates.Averages averages, double... numbers) {
    this.name = name;
    this.averages = averages;
    this.numbers = numbers;
  }

  /** {@return plain stochastic gradient descent} */
  public static Optimizer sgd() {
    return new Optimizer(SGD, null);
  }

  /**
   * Returns gradient descent with momentum: {@code u = momentum * u + g}, {@code w -= eta * u}
   * (Polyak, "Some methods of speeding up the convergence of iteration methods", 1964).
   *
   * @param momentum share of the velocity that a step keeps, from 0 to below 1, usually 0.9
   * @return the optimizer
   */
  public static Optimizer momentum(double momentum) {
    return new Optimizer(MOMENTUM, null, Ranges.belowOne("momentum", momentum));
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
    return new Optimizer(NESTEROV, null, Ranges.belowOne("momentum", momentum));
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
    return new Optimizer(RMSPROP, Updates.Averages.of(0, beta, epsilon), beta, epsilon);
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
    return new Optimizer(ADAM, Updates.Averages.of(beta1, beta2, epsilon), beta1, beta2, epsilon);
  }

  /** Returns the number of state arrays, each in the layout of the parameters and 0 at first. */
  int arrays() {
    return name.equals(SGD) ? 0 : name.equals(ADAM) ? 2 : 1;
  }

  /** Returns whether the last state array holds means of squares, which are never negative. */
  boolean hasSquares() {
    return averages != null;
  }

  /**
   * Computes the scalars of step t = 1, 2, ... in double, and rounds them once. They are the
   * learning rate eta; for Adam {@code eta / (1 - beta1^t)} and {@code 1 / sqrt(1 - beta2^t)}.
   */
  void prepare(double learningRate, long step, float[] scalars) {
    if (name.equals(ADAM)) {
      scalars[0] = (float) (learningRate / (1 - power(numbers[0], step)));
      scalars[1] = (float) (1 / Math.sqrt(1 - power(numbers[1], step)));
    } else {
      scalars[0] = (float) learningRate;
    }
  }

  /** Updates a range of the parameters by their gradient with the scalars of the step. */
  void apply(
      float[] gradient, float[] weights, float[][] state, float[] scalars, int offset, int length) {
    float eta = scalars[0];
    switch (name) {
      case SGD -> Updates.sgd(offset, length, eta, gradient, weights);
      case MOMENTUM -> {
        float mu = (float) numbers[0];
        Updates.momentum(offset, length, eta, mu, gradient, weights, state[0]);
      }
      case NESTEROV -> {
        float mu = (float) numbers[0];
        Updates.nesterov(offset, length, eta, mu, gradient, weights, state[0]);
      }
      case RMSPROP -> Updates.rmsProp(offset, length, eta, averages, gradient, weights, state[0]);
      case ADAM ->
          Updates.adam(offset, length, averages, eta, scalars[1], gradient, weights, state);
      default -> throw new AssertionError(name);
    }
  }

  /**
   * Computes a power by repeated squaring. The result is the same on every platform, and unlike
   * {@code StrictMath.pow} the method allocates nothing before C2 compiles it.
   */
  private static double power(double base, long exponent) {
    double power = 1;
    double square = base;
    for (long bits = exponent; bits > 0; bits >>= 1) {
      if ((bits & 1) != 0) {
        power *= square;
      }
      square *= square;
    }
    return power;
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
