package dev.lanewise.nn;

import dev.lanewise.kernel.math.ErrorFunction;
import dev.lanewise.kernel.math.Nonlinearity;
import java.util.List;

/**
 * The function y of the sum x of a hidden unit. Formulas and derivatives are PyTorch's; {@link
 * Nonlinearity} has the roundings.
 *
 * <p>A constant describes its activation completely; a new one also needs its kernels in {@code
 * Nonlinearity} and {@code VectorActivation}, and its function in {@code Model.java.txt}.
 */
public enum Activation {
  /** {@code x < 0 ? 0 : x}; its derivative is 1 where y is above 0, else 0. */
  RELU("Relu(x)", null),
  /**
   * {@code x > 0 ? x : 0.01 x}; its derivative is 1 where y is above 0, else 0.01 (Maas, Hannun and
   * Ng, "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013).
   */
  LEAKY_RELU("LeakyRelu(x, alpha=0.01)", Nonlinearity.LEAKY_RELU),
  /**
   * {@code x > 0 ? x : exp(x) - 1}; its derivative is 1 where y is above 0, else {@code y + 1}
   * (Clevert, Unterthiner and Hochreiter, "Fast and Accurate Deep Network Learning by Exponential
   * Linear Units", 2016).
   */
  ELU("Elu(x)", Nonlinearity.ELU),
  /**
   * {@code 1.0507009873554805 (x > 0 ? x : 1.6732632423543772 (exp(x) - 1))}, for inputs of mean 0
   * and variance 1 and weights of mean 0 and variance 1 / inputs; its derivative is 1.0507... where
   * y is above 0, else {@code y + 1.7580993408473766} (Klambauer, Unterthiner, Mayr and Hochreiter,
   * "Self-Normalizing Neural Networks", 2017).
   */
  SELU("Selu(x)", Nonlinearity.SELU),
  /**
   * {@code x Phi(x)} with the normal distribution function {@code Phi(x) = (1 + erf(x / sqrt(2))) /
   * 2}; its derivative is {@code Phi(x) + x exp(-x^2 / 2) / sqrt(2 pi)} (Hendrycks and Gimpel,
   * "Gaussian Error Linear Units", 2016).
   */
  GELU("Mul(Mul(x, 0.5), Add(Erf(Div(x, 1.4142135623730951)), 1))", Nonlinearity.GELU),
  /**
   * The approximation of GELU in the same paper, {@code x s(z)} with {@code z = 2 sqrt(2 / pi) (x +
   * 0.044715 x^3)} and the sigmoid s, which is {@code x / 2 (1 + tanh(z / 2))}; its derivative is
   * {@code s(z) + x z' s(z) (1 - s(z))}.
   */
  GELU_TANH(
      "Mul(x, Sigmoid(Mul(x, Add(Mul(Mul(x, x), 0.07135481627260025), 1.5957691216057308))))",
      Nonlinearity.GELU_TANH),
  /**
   * {@code x s(x)} with the sigmoid s, also called swish; its derivative is {@code s (1 + x (1 -
   * s))} (Elfwing, Uchibe and Doya, "Sigmoid-Weighted Linear Units for Neural Network Function
   * Approximation in Reinforcement Learning", 2018).
   */
  SILU("Mul(x, Sigmoid(x))", Nonlinearity.SILU),
  /**
   * {@code x tanh(log(1 + exp(x)))}; with {@code n = e (e + 2)} and {@code e = exp(x)} that is
   * {@code x n / (n + 2)}, and its derivative is {@code n / (n + 2) + 4 x e (e + 1) / (n + 2)^2}
   * (Misra, "Mish: A Self Regularized Non-Monotonic Activation Function", 2020).
   */
  MISH("Mul(x, Tanh(Softplus(x)))", Nonlinearity.MISH),
  /**
   * {@code log(1 + exp(x))}, and x itself above 20, which is PyTorch's default threshold; its
   * derivative is {@code 1 / (1 + exp(-x))}, and 1 above 20 (Dugas, Bengio, Belisle, Nadeau and
   * Garcia, "Incorporating Second-Order Functional Knowledge for Better Option Pricing", 2001). In
   * float both are the same from 17 on. The operator of ONNX has no threshold; the results differ
   * by less than 2.1e-9.
   */
  SOFTPLUS("Softplus(x)", Nonlinearity.SOFTPLUS),
  /** {@code tanh(x)}; its derivative is {@code 1 - y^2}. */
  TANH("Tanh(x)", Nonlinearity.TANH),
  /** {@code 1 / (1 + exp(-x))}; its derivative is {@code y (1 - y)}. */
  SIGMOID("Sigmoid(x)", Nonlinearity.SIGMOID),
  /** {@code x}. */
  IDENTITY("x", null);

  private final String onnx;
  final Nonlinearity pass; // null for ReLU, which is part of the matrix product, and identity

  Activation(String onnx, Nonlinearity pass) {
    this.onnx = onnx;
    this.pass = pass;
  }

  /** {@return the name on the command line and in model files, such as gelu-tanh} */
  public String label() {
    return EnumLabels.of(this);
  }

  /** {@return the names of all activations, in the order of the constants} */
  public static List<String> labels() {
    return EnumLabels.of(values());
  }

  /**
   * Finds an activation by its name.
   *
   * @param label as {@link #label} gives it
   * @return the activation
   * @throws IllegalArgumentException if no activation has that name
   */
  public static Activation of(String label) {
    return EnumLabels.find(values(), label, "activation");
  }

  /**
   * {@return nested operators of ONNX that compute y from x, such as {@code Mul(x, Sigmoid(x))};
   * files are written with them, and graphs that compute the same function are recognised by them}
   */
  public String onnx() {
    return onnx;
  }

  /**
   * Computes y from x in double: the definition against which the kernels are checked.
   *
   * @param x the sum
   * @return y
   */
  public double of(double x) {
    return switch (this) {
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU -> Math.max(x, 0.01 * x);
      case ELU -> x > 0 ? x : StrictMath.expm1(x);
      case SELU -> x > 0 ? 1.0507009873554805 * x : 1.7580993408473766 * StrictMath.expm1(x);
      case GELU -> x / 2 * (1 + ErrorFunction.erf(x / Math.sqrt(2)));
      case GELU_TANH ->
          x / 2 * (1 + StrictMath.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case SILU -> x / (1 + StrictMath.exp(-x));
      case MISH -> x * StrictMath.tanh(StrictMath.log1p(StrictMath.exp(x)));
      case SOFTPLUS -> x > 20 ? x : StrictMath.log1p(StrictMath.exp(x));
      case TANH -> StrictMath.tanh(x);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case IDENTITY -> x;
    };
  }

  /** {@return whether the derivative is discontinuous at 0, as for relu, leaky-relu and selu} */
  public boolean hasKink() {
    return this == RELU || this == LEAKY_RELU || this == SELU;
  }
}
