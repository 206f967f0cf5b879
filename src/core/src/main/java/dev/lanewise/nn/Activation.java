package dev.lanewise.nn;

import dev.lanewise.format.internal.EnumLabels;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.Nonlinearity.Formula;
import dev.lanewise.nn.internal.ErrorFunction;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * The function y of the sum x of a hidden unit. Formulas and derivatives are PyTorch's; the page on
 * arithmetic has the roundings. Immutable; a name has one instance, which describes its activation
 * completely.
 *
 * @serial exclude
 */
public final class Activation implements Serializable {
  private static final long serialVersionUID = 1L;

  /** {@code x < 0 ? 0 : x}; its derivative is 1 where y is above 0, else 0. */
  public static final Activation RELU = new Activation(Formula.RELU);

  /**
   * {@code x > 0 ? x : 0.01 x}; its derivative is 1 where y is above 0, else 0.01 (Maas, Hannun and
   * Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013).
   */
  public static final Activation LEAKY_RELU = new Activation(Formula.LEAKY_RELU);

  /**
   * {@code x > 0 ? x : exp(x) - 1}; its derivative is 1 where y is above 0, else {@code y + 1}
   * (Clevert, Unterthiner and Hochreiter, "Fast and Accurate Deep Network Learning by Exponential
   * Linear Units", 2016).
   */
  public static final Activation ELU = new Activation(Formula.ELU);

  /**
   * {@code 1.0507009873554805 (x > 0 ? x : 1.6732632423543772 (exp(x) - 1))}, for inputs of mean 0
   * and variance 1 and weights of mean 0 and variance 1 / inputs; its derivative is 1.0507... where
   * y is above 0, else {@code y + 1.7580993408473766} (Klambauer, Unterthiner, Mayr and Hochreiter,
   * "Self-Normalizing Neural Networks", 2017).
   */
  public static final Activation SELU = new Activation(Formula.SELU);

  /**
   * {@code x Phi(x)} with the normal distribution function {@code Phi(x) = (1 + erf(x / sqrt(2))) /
   * 2}; its derivative is {@code Phi(x) + x exp(-x^2 / 2) / sqrt(2 pi)} (Hendrycks and Gimpel,
   * "Gaussian Error Linear Units", 2016).
   */
  public static final Activation GELU = new Activation(Formula.GELU);

  /**
   * The approximation of GELU in the same paper, {@code x s(z)} with {@code z = 2 sqrt(2 / pi) (x +
   * 0.044715 x^3)} and the sigmoid s, which is {@code x / 2 (1 + tanh(z / 2))}; its derivative is
   * {@code s(z) + x z' s(z) (1 - s(z))}.
   */
  public static final Activation GELU_TANH = new Activation(Formula.GELU_TANH);

  /**
   * {@code x s(x)} with the sigmoid s, also called swish; its derivative is {@code s (1 + x (1 -
   * s))} (Elfwing, Uchibe and Doya, "Sigmoid-Weighted Linear Units for Neural Network Function
   * Approximation in Reinforcement Learning", 2018).
   */
  public static final Activation SILU = new Activation(Formula.SILU);

  /**
   * {@code x tanh(log(1 + exp(x)))}; with {@code n = e (e + 2)} and {@code e = exp(x)} that is
   * {@code x n / (n + 2)}, and its derivative is {@code n / (n + 2) + 4 x e (e + 1) / (n + 2)^2}
   * (Misra, "Mish: A Self Regularized Non-Monotonic Activation Function", 2020).
   */
  public static final Activation MISH = new Activation(Formula.MISH);

  /**
   * {@code log(1 + exp(x))}, and x itself above 20, which is PyTorch's default threshold; its
   * derivative is {@code 1 / (1 + exp(-x))}, and 1 above 20 (Dugas, Bengio, Belisle, Nadeau and
   * Garcia, "Incorporating Second-Order Functional Knowledge for Better Option Pricing", 2001). In
   * float both are the same from 17 on. The operator of ONNX has no threshold; the results differ
   * by less than 2.1e-9.
   */
  public static final Activation SOFTPLUS = new Activation(Formula.SOFTPLUS);

  /** {@code tanh(x)}; its derivative is {@code 1 - y^2}. */
  public static final Activation TANH = new Activation(Formula.TANH);

  /** {@code 1 / (1 + exp(-x))}; its derivative is {@code y (1 - y)}. */
  public static final Activation SIGMOID = new Activation(Formula.SIGMOID);

  /** {@code x}. */
  public static final Activation IDENTITY = new Activation(Formula.IDENTITY);

  private static final Activation[] ALL = {
    RELU, LEAKY_RELU, ELU, SELU, GELU, GELU_TANH, SILU, MISH, SOFTPLUS, TANH, SIGMOID, IDENTITY
  };

  private static final double LEAK = 0.01;
  private static final double SELU_SCALE = 1.0507009873554805;
  private static final double SELU_SLOPE = 1.7580993408473766;
  private static final double CUBE = 0.044715; // coefficient of the cube in GELU's approximation
  private static final double SOFTPLUS_END = 20;

  private final String label;
  final transient Nonlinearity kernel;

  private Activation(Formula formula) {
    label = EnumLabels.of(formula);
    kernel = new Nonlinearity(formula);
  }

  /** {@return all activations; a copy} */
  public static Activation[] values() {
    return ALL.clone();
  }

  /** {@return the name on the command line and in model files, such as gelu-tanh} */
  public String label() {
    return label;
  }

  /** {@return the names of {@link #values}} */
  public static List<String> labels() {
    return Stream.of(ALL).map(Activation::label).toList();
  }

  /**
   * Finds an activation by its name.
   *
   * @param label as {@link #label} gives it
   * @return the activation
   * @throws IllegalArgumentException if no activation has that name
   */
  public static Activation of(String label) {
    return ALL[EnumLabels.index(labels(), label, "activation")];
  }

  /**
   * Computes y from x in double: the definition against which the kernels are checked.
   *
   * @param x the sum
   * @return y
   */
  public double of(double x) {
    return switch (kernel.formula()) {
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU -> Math.max(x, LEAK * x);
      case ELU -> x > 0 ? x : StrictMath.expm1(x);
      case SELU -> x > 0 ? SELU_SCALE * x : SELU_SLOPE * StrictMath.expm1(x);
      case GELU -> x / 2 * (1 + ErrorFunction.erf(x / Math.sqrt(2)));
      case GELU_TANH ->
          x / 2 * (1 + StrictMath.tanh(Math.sqrt(2 / Math.PI) * (x + CUBE * x * x * x)));
      case SILU -> x / (1 + StrictMath.exp(-x));
      case MISH -> x * StrictMath.tanh(StrictMath.log1p(StrictMath.exp(x)));
      case SOFTPLUS -> x > SOFTPLUS_END ? x : StrictMath.log1p(StrictMath.exp(x));
      case TANH -> StrictMath.tanh(x);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case IDENTITY -> x;
    };
  }

  /**
   * Computes the derivative of {@link #of(double)}.
   *
   * @param x the sum
   * @param y the value at x, from which several derivatives are easier to compute
   * @return the derivative at x
   */
  public double derivative(double x, double y) {
    return switch (kernel.formula()) {
      case RELU -> x > 0 ? 1 : 0;
      case LEAKY_RELU -> x > 0 ? 1 : LEAK;
      case ELU -> x > 0 ? 1 : y + 1;
      case SELU -> x > 0 ? SELU_SCALE : y + SELU_SLOPE;
      case GELU -> {
        double density = StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
        yield (1 + ErrorFunction.erf(x / Math.sqrt(2))) / 2 + x * density;
      }
      case GELU_TANH -> {
        double c = 2 * Math.sqrt(2 / Math.PI);
        double s = SIGMOID.of(c * (x + CUBE * x * x * x));
        yield s + x * c * (1 + 3 * CUBE * x * x) * s * (1 - s);
      }
      case SILU -> {
        double s = SIGMOID.of(x);
        yield s * (1 + x * (1 - s));
      }
      case MISH -> {
        double t = StrictMath.tanh(SOFTPLUS.of(x));
        yield t + x * (1 - t * t) * SIGMOID.of(x);
      }
      case SOFTPLUS -> x > SOFTPLUS_END ? 1 : SIGMOID.of(x);
      case TANH -> 1 - y * y;
      case SIGMOID -> y * (1 - y);
      case IDENTITY -> 1;
    };
  }

  /** {@return whether the derivative is discontinuous at 0, as for relu, leaky-relu and selu} */
  public boolean hasKink() {
    double before = derivative(-Double.MIN_VALUE, of(-Double.MIN_VALUE));
    double after = derivative(Double.MIN_VALUE, of(Double.MIN_VALUE));
    return Math.abs(after - before) > 1e-9; // and not just rounded
  }

  private Object readResolve() {
    return of(label);
  }

  /** {@return the name, as {@link #label}} */
  @Override
  public String toString() {
    return label;
  }
}
