package dev.lanewise.kernel.math;

import dev.lanewise.kernel.simd.Fma;
import java.util.List;
import java.util.stream.Stream;

/**
 * An activation and its derivative, of single values: a formula with its parameter. {@link
 * VectorActivation} does the same operations in the same order. {@code ActivationTest} compares the
 * results with {@link StrictMath} and holds the stated errors.
 *
 * <p>Each function needs at most one exponential. If that overflows to infinity, a quotient by it
 * is 0.
 *
 * @param formula what is computed
 * @param parameter the number a of the formula; formulas without one ignore it
 */
public record Nonlinearity(Formula formula, float parameter) {
  /** The formulas, of the pre-activation x and the parameter a. */
  public enum Formula {
    /** {@code x < 0 ? 0 : x}, a part of matrix products and no pass of its own. */
    RELU(false, 0),
    /** {@code x}, for which nothing is computed. */
    IDENTITY(false, 0),
    /** {@code x > 0 ? x : a x}. */
    LEAKY_RELU(false, 0.01f),
    /** {@code x > 0 ? x : exp(x) - 1}. */
    ELU(false, 0),
    /** {@code 1.0507 (x > 0 ? x : 1.6733 (exp(x) - 1))}. */
    SELU(false, 0),
    /** {@code tanh(x)}. */
    TANH(false, 0),
    /** {@code 1 / (1 + exp(-x))}. */
    SIGMOID(false, 0),
    /** {@code x / (1 + exp(-x))}. */
    SILU(true, 0),
    /** {@code x tanh(log(1 + exp(x)))}. */
    MISH(true, 0),
    /** {@code log(1 + exp(x))}. */
    SOFTPLUS(true, 0),
    /** {@code x Phi(x)}, Phi being the normal distribution function. */
    GELU(true, 0),
    /** {@code x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}. */
    GELU_TANH(true, 0);

    private final boolean keepsPreActivations;
    private final float usual;

    Formula(boolean keepsPreActivations, float usual) {
      this.keepsPreActivations = keepsPreActivations;
      this.usual = usual;
    }
  }

  /** Floats of scratch for a pass: two blocks of 256, which take an eighth of an L1 cache. */
  public static final int SCRATCH = 512;

  /** From here to 0, exp(x) - 1 is the polynomial of {@link Elementary#exp}, below a difference. */
  static final float ELU_POLYNOMIAL = -0x1.62e43p-2f;

  static final float SELU_SCALE = 1.0507009873554805f;
  static final float SELU_SLOPE = 1.7580993408473766f; // SELU's slope at 0, from below

  /** Above this, Mish of x is x in float; without the limit the square of exp(x) would overflow. */
  static final float MISH_END = 20f;

  static final float TANH_POLYNOMIAL = 0.625f;

  // tanh(x) = x + x^3 (T0 + T1 x^2 + ...) for |x| < TANH_POLYNOMIAL, relative error 4.5e-9.
  static final float T0 = -0x1.555532p-2f;
  static final float T1 = 0x1.1106f6p-3f;
  static final float T2 = -0x1.b835a4p-5f;
  static final float T3 = 0x1.51f8cep-6f;
  static final float T4 = -0x1.750ce4p-8f;

  /** For |x| above this, the density of the normal distribution is 0 in float. */
  static final float NORMAL_END = 14.5f;

  static final float DENSITY = 0x1.988454p-2f; // 1 / sqrt(2 pi)

  // Phi(-a) = exp(-a^2 / 2) t (N0 + N1 t + ...) with t = 1 / (1 + 5/16 a), relative error 1.2e-8:
  // small values of Phi keep all their digits, which 1 + erf(x) would lose, and the density uses
  // the same exponential.
  static final float N = 0.3125f;
  static final float N0 = 0x1.fea118p-4f;
  static final float N1 = 0x1.fefa76p-4f;
  static final float N2 = 0x1.ca4426p-4f;
  static final float N3 = 0x1.710bccp-4f;
  static final float N4 = 0x1.c6cd8ep-5f;
  static final float N5 = -0x1.48ede6p-9f;
  static final float N6 = 0x1.3035eep-4f;
  static final float N7 = -0x1.356c1p-3f;
  static final float N8 = 0x1.7685f4p-4f;
  static final float N9 = -0x1.37ba6cp-6f;

  /** For |x| above this, GELU's tanh is 1 in float; without this limit the cube would overflow. */
  static final float CUBE_END = 16f;

  static final float C0 = -0x1.988454p0f; // -2 sqrt(2 / pi)
  static final float C1 = -0x1.2444f2p-4f; // 0.044715 C0
  static final float C3 = -0x1.b6676cp-3f; // 3 C1

  /** Makes the function of a formula with its usual parameter. */
  public Nonlinearity(Formula formula) {
    this(formula, formula.usual);
  }

  /** {@return the functions that are passes, each with its usual parameter} */
  public static List<Nonlinearity> passes() {
    Stream<Nonlinearity> all = Stream.of(Formula.values()).map(Nonlinearity::new);
    return all.filter(Nonlinearity::isPass).toList();
  }

  /** {@return whether the function is computed in a pass of its own, after a matrix product} */
  public boolean isPass() {
    return formula != Formula.RELU && formula != Formula.IDENTITY;
  }

  /** {@return whether the backward pass reads the pre-activations; else it reads the outputs} */
  public boolean keepsPreActivations() {
    return formula.keepsPreActivations;
  }

  /**
   * {@return the output}
   *
   * @param x the pre-activation
   */
  public float activate(float x) {
    return switch (formula) {
      case RELU -> x < 0 ? 0 : x;
      case IDENTITY -> x;
      case LEAKY_RELU -> x > 0 ? x : parameter * x;
      case ELU -> elu(x);
      case SELU -> x > 0 ? SELU_SCALE * x : SELU_SLOPE * elu(x);
      case MISH -> {
        float e = Elementary.exp(x);
        float n = e * (e + 2f);
        yield x > MISH_END ? x : x * n / (n + 2f);
      }
      case SOFTPLUS -> // at most 2.5 ulp off, and x from 17 on
          (x > 0 ? x : 0f) + Elementary.log1pExp(-Math.abs(x));
      case TANH -> tanh(x);
      case SIGMOID -> sigmoid(x);
      case SILU -> x / (1f + Elementary.exp(-x));
      case GELU -> {
        float c = clamp(x, NORMAL_END);
        yield x * normal(c, bell(c));
      }
      case GELU_TANH -> x / (1f + cubeExp(clamp(x, CUBE_END)));
    };
  }

  /**
   * {@return the gradient with respect to a pre-activation, given the gradient with respect to its
   * output}
   *
   * @param kept the pre-activation or the output, as {@link #keepsPreActivations} says
   * @param gradient with respect to the output
   */
  public float backward(float kept, float gradient) {
    return switch (formula) {
      case RELU -> kept > 0 ? gradient : 0;
      case IDENTITY -> gradient;
      case LEAKY_RELU -> kept > 0 ? gradient : parameter * gradient;
      case ELU -> kept > 0 ? gradient : Fma.fma(gradient, kept, gradient); // exp(x) = y + 1
      case SELU -> // SELU_SLOPE exp(x) = y + SELU_SLOPE
          gradient * (kept > 0 ? SELU_SCALE : kept + SELU_SLOPE);
      case MISH -> { // n / (n + 2) + 4 x e (e + 1) / (n + 2)^2
        float e = Elementary.exp(kept);
        float n = e * (e + 2f);
        float r = 1f / (n + 2f);
        float slope = 4f * kept * r * (e * (e + 1f) * r);
        yield kept > MISH_END ? gradient : gradient * Fma.fma(n, r, slope);
      }
      case SOFTPLUS -> { // 1 / (1 + exp(-x)), and 1 from 17 on
        float e = Elementary.exp(-Math.abs(kept));
        yield gradient * ((kept < 0 ? e : 1f) / (1f + e));
      }
      case TANH -> gradient * Fma.fma(-kept, kept, 1f); // 1 - y^2
      case SIGMOID -> gradient * Fma.fma(-kept, kept, kept); // y (1 - y)
      case SILU -> { // s (1 + x (1 - s))
        float s = sigmoid(kept);
        yield gradient * (Fma.fma(kept, 1f - s, 1f) * s);
      }
      case GELU -> { // Phi + x phi
        float c = clamp(kept, NORMAL_END);
        float bell = bell(c);
        yield gradient * Fma.fma(c * DENSITY, bell, normal(c, bell));
      }
      case GELU_TANH -> { // x s(-z(x)): s - x z' s (1 - s)
        float c = clamp(kept, CUBE_END);
        float s = 1f / (1f + cubeExp(c));
        float slope = c * Fma.fma(C3, c * c, C0);
        yield gradient * Fma.fma(-slope, s * (1f - s), s);
      }
    };
  }

  /** Returns x if x is above 0, and otherwise exp(x) - 1, with an error of at most 2.5 ulp. */
  private static float elu(float x) {
    if (x > 0) {
      return x;
    }
    if (x < ELU_POLYNOMIAL) {
      return Elementary.exp(x) - 1f;
    }
    float q = Fma.fma(Elementary.E4, x, Elementary.E3);
    q = Fma.fma(q, x, Elementary.E2);
    q = Fma.fma(q, x, Elementary.E1);
    q = Fma.fma(q, x, Elementary.E0);
    return Fma.fma(q, x * x, x);
  }

  /** Returns the hyperbolic tangent, with an error of at most 2 ulp. */
  private static float tanh(float x) {
    float a = Math.abs(x);
    if (a < TANH_POLYNOMIAL) {
      float s = x * x;
      float p = Fma.fma(T4, s, T3);
      p = Fma.fma(p, s, T2);
      p = Fma.fma(p, s, T1);
      p = Fma.fma(p, s, T0);
      return Fma.fma(p * s, x, x);
    }
    float y = 1f - 2f / (1f + Elementary.exp(2f * a));
    return x < 0 ? -y : y;
  }

  /** Returns the logistic function: at most 2.5 ulp off from -87 on, 0 where exp(-x) overflows. */
  public static float sigmoid(float x) {
    return 1f / (1f + Elementary.exp(-x));
  }

  private static float clamp(float x, float end) {
    float y = x < -end ? -end : x;
    return y > end ? end : y;
  }

  /** Returns exp(-c^2 / 2), corrected for the rounding error of the square. */
  private static float bell(float c) {
    float h = -0.5f * c;
    float z = h * c;
    float e = Elementary.exp(z);
    return Fma.fma(e, Fma.fma(h, c, -z), e);
  }

  /** Returns Phi(c), so accurate that x Phi(x) is at most 6 ulp off; bell is exp(-c^2 / 2). */
  private static float normal(float c, float bell) {
    float t = 1f / Fma.fma(N, Math.abs(c), 1f);
    float p = Fma.fma(N9, t, N8);
    p = Fma.fma(p, t, N7);
    p = Fma.fma(p, t, N6);
    p = Fma.fma(p, t, N5);
    p = Fma.fma(p, t, N4);
    p = Fma.fma(p, t, N3);
    p = Fma.fma(p, t, N2);
    p = Fma.fma(p, t, N1);
    p = Fma.fma(p, t, N0);
    float tail = bell * (p * t);
    return c < 0 ? tail : 1f - tail;
  }

  /** Returns exp(-2 sqrt(2 / pi) (c + 0.044715 c^3)): (1 + tanh(u)) / 2 is 1 / (1 + exp(-2 u)). */
  private static float cubeExp(float c) {
    return Elementary.exp(c * Fma.fma(C1, c * c, C0));
  }
}
