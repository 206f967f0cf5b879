package dev.lanewise.nn;

import java.util.Locale;

/**
 * What a hidden unit does to its sum x, giving y. The formulas and their derivatives are PyTorch's;
 * the roundings stand at {@code dev.lanewise.kernel.math.ScalarActivation}.
 */
public enum Activation {
  /** {@code x < 0 ? 0 : x}; its derivative is 1 where y is above 0, else 0. */
  RELU,
  /**
   * {@code x > 0 ? x : 0.01 x}; its derivative is 1 where y is above 0, else 0.01 (Maas, Hannun and
   * Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013).
   */
  LEAKY_RELU,
  /**
   * {@code x > 0 ? x : exp(x) - 1}; its derivative is 1 where y is above 0, else {@code y + 1}
   * (Clevert, Unterthiner and Hochreiter, "Fast and Accurate Deep Network Learning by Exponential
   * Linear Units", 2016).
   */
  ELU,
  /**
   * {@code 1.0507009873554805 (x > 0 ? x : 1.6732632423543772 (exp(x) - 1))}, for inputs and
   * weights of mean 0 and variance 1, and 1 / inputs; its derivative is 1.0507... where y is above
   * 0, else {@code y + 1.7580993408473766} (Klambauer, Unterthiner, Mayr and Hochreiter,
   * "Self-Normalizing Neural Networks", 2017).
   */
  SELU,
  /**
   * {@code x Phi(x)} with the normal distribution function {@code Phi(x) = (1 + erf(x / sqrt(2))) /
   * 2}; its derivative is {@code Phi(x) + x exp(-x^2 / 2) / sqrt(2 pi)} (Hendrycks and Gimpel,
   * "Gaussian Error Linear Units", 2016).
   */
  GELU,
  /**
   * The same paper's approximation, {@code x s(z)} with {@code z = 2 sqrt(2 / pi) (x + 0.044715
   * x^3)} and the sigmoid s, which is {@code x / 2 (1 + tanh(z / 2))}; its derivative is {@code
   * s(z) + x z' s(z) (1 - s(z))}.
   */
  GELU_TANH,
  /**
   * {@code x s(x)} with the sigmoid s, also called swish; its derivative is {@code s (1 + x (1 -
   * s))} (Elfwing, Uchibe and Doya, "Sigmoid-Weighted Linear Units for Neural Network Function
   * Approximation in Reinforcement Learning", 2018).
   */
  SILU,
  /**
   * {@code x tanh(log(1 + exp(x)))}; with {@code n = e (e + 2)} and {@code e = exp(x)} that is
   * {@code x n / (n + 2)}, and its derivative {@code n / (n + 2) + 4 x e (e + 1) / (n + 2)^2}
   * (Misra, "Mish: A Self Regularized Non-Monotonic Activation Function", 2020).
   */
  MISH,
  /** {@code tanh(x)}; its derivative is {@code 1 - y^2}. */
  TANH,
  /** {@code 1 / (1 + exp(-x))}; its derivative is {@code y (1 - y)}. */
  SIGMOID,
  /** Nothing. */
  IDENTITY;

  /**
   * The name on the command line and in model files.
   *
   * @return the name
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The activation of a name.
   *
   * @param label as {@link #label} gives it
   * @return the activation
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Activation of(String label) {
    StringBuilder labels = new StringBuilder();
    for (Activation activation : values()) {
      if (activation.label().equals(label)) {
        return activation;
      }
      labels.append(labels.length() == 0 ? "" : activation == IDENTITY ? " or " : ", ");
      labels.append(activation.label());
    }
    throw new IllegalArgumentException("activation " + label + ": must be " + labels);
  }

  /**
   * What a unit makes of its sum, in double: the definition, against which the kernels are checked.
   *
   * @param x the sum
   * @return y
   */
  public double of(double x) {
    return switch (this) {
      case IDENTITY -> x;
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU -> Math.max(x, 0.01 * x);
      case ELU -> x > 0 ? x : StrictMath.expm1(x);
      case SELU -> x > 0 ? 1.0507009873554805 * x : 1.7580993408473766 * StrictMath.expm1(x);
      case MISH -> x * StrictMath.tanh(StrictMath.log1p(StrictMath.exp(x)));
      case GELU -> x / 2 * (1 + erf(x / Math.sqrt(2)));
      case GELU_TANH ->
          x / 2 * (1 + StrictMath.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case SILU -> x / (1 + StrictMath.exp(-x));
      case TANH -> StrictMath.tanh(x);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
    };
  }

  /**
   * Whether the derivative jumps where the sum is 0.
   *
   * @return true for relu, leaky-relu and selu
   */
  public boolean hasKink() {
    return this == RELU || this == LEAKY_RELU || this == SELU;
  }

  /**
   * The series of Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.6, whose terms
   * have one sign: nothing cancels. Beyond 6 the result is 1 in double, and of NaN it is NaN.
   */
  static double erf(double x) {
    if (!(Math.abs(x) <= 6)) {
      return Math.signum(x);
    }
    double term = 2 / Math.sqrt(Math.PI) * StrictMath.exp(-x * x) * x;
    double sum = 0;
    for (int n = 1; sum + term != sum; n++) {
      sum += term;
      term *= 2 * x * x / (2 * n + 1);
    }
    return sum;
  }
}
