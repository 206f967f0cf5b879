package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.Nonlinearity.Formula;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks the documented errors of the activations at every 9973rd float of a range. */
class ActivationTest {
  private static final int STRIDE = 9973;

  private static float activate(Formula formula, float x) {
    return new Nonlinearity(formula).activate(x);
  }

  /** Asserts that the largest error in ulp is at most the stated one, and more than half of it. */
  private static void assertUlps(
      double stated, Formula formula, float low, float high, DoubleUnaryOperator exact) {
    double worst = 0;
    float at = 0;
    for (long bits = 0; bits < 0x1_0000_0000L; bits += STRIDE) {
      float x = Float.intBitsToFloat((int) bits);
      if (!(x >= low && x <= high)) {
        continue;
      }
      double y = exact.applyAsDouble(x);
      double error = Math.abs(activate(formula, x) - y) / Math.ulp((float) y);
      if (error > worst) {
        worst = error;
        at = x;
      }
    }
    assertTrue(worst <= stated, formula + " is off by " + worst + " ulp at " + at);
    assertTrue(worst > stated / 2, formula + " is off by no more than " + worst);
  }

  @Test
  void elu() {
    assertUlps(2.5, Formula.ELU, -200, 0, StrictMath::expm1);
    assertEquals(7f, activate(Formula.ELU, 7f));
    // At the least argument of the polynomial, exp(x) - 1 would have another last bit.
    assertEquals(-0x1.2bec32p-2f, activate(Formula.ELU, -0x1.62e43p-2f));
  }

  @Test
  void selu() {
    double slope = 1.7580993408473766;
    assertUlps(3.5, Formula.SELU, -200, 0, x -> slope * StrictMath.expm1(x));
    assertEquals(7 * 1.0507009873554805f, activate(Formula.SELU, 7f));
  }

  @Test
  void mish() {
    assertUlps(
        5, Formula.MISH, -80, 100, x -> x * StrictMath.tanh(StrictMath.log1p(StrictMath.exp(x))));
  }

  /**
   * For large sums, as above PyTorch's threshold of 20, the output is the sum and the slope is 1.
   */
  @Test
  void softplus() {
    DoubleUnaryOperator exact =
        x -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    assertUlps(2.5, Formula.SOFTPLUS, -87, 100, exact);
    for (int bits = Float.floatToIntBits(17); bits < 0x7F800000; bits += STRIDE) {
      float x = Float.intBitsToFloat(bits);
      assertEquals(x, activate(Formula.SOFTPLUS, x));
      assertEquals(1.7f, new Nonlinearity(Formula.SOFTPLUS).backward(x, 1.7f));
    }
  }

  @Test
  void tanh() {
    assertUlps(2, Formula.TANH, -100, 100, StrictMath::tanh);
  }

  @Test
  void sigmoid() {
    assertUlps(2.5, Formula.SIGMOID, -87, 100, x -> 1 / (1 + StrictMath.exp(-x)));
    assertEquals(0f, activate(Formula.SIGMOID, -100f));
  }

  @Test
  void silu() {
    assertUlps(2.5, Formula.SILU, -87, 100, x -> x / (1 + StrictMath.exp(-x)));
  }

  @Test
  void gelu() {
    assertUlps(6, Formula.GELU, -12.5f, 100, x -> x * normal(x));
  }

  /** The range begins at -2, because the rounding error of exp's argument dominates below it. */
  @Test
  void geluTanh() {
    double scale = -2 * Math.sqrt(2 / Math.PI);
    DoubleUnaryOperator exact = x -> x / (1 + StrictMath.exp(scale * (x + 0.044715 * x * x * x)));
    assertUlps(6, Formula.GELU_TANH, -2, 100, exact);
  }

  /**
   * Computes the normal distribution function by its power series, and far below 0 by a continued
   * fraction.
   */
  private static double normal(double x) {
    double density = StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    if (x < -3) { // Laplace's continued fraction: 1/(a+ 1/(a+ 2/(a+ ...
      double a = -x;
      double fraction = a;
      for (int k = 400; k > 0; k--) {
        fraction = a + k / fraction;
      }
      return density / fraction;
    }
    double term = density * x;
    double sum = 0.5;
    for (int n = 1; n < 400; n++) {
      sum += term;
      term *= x * x / (2 * n + 1);
    }
    return x > 10 ? 1 : sum;
  }

  @Test
  void theSpecial() {
    float inf = Float.POSITIVE_INFINITY;
    for (Nonlinearity function : Nonlinearity.passes()) {
      Formula formula = function.formula();
      assertEquals(Float.NaN, activate(formula, Float.NaN), formula.name());
      float atZero =
          switch (formula) {
            case SIGMOID -> 0.5f;
            case SOFTPLUS -> (float) StrictMath.log(2);
            default -> 0f;
          };
      assertEquals(atZero, activate(formula, 0f));
      boolean bounded = formula == Formula.SIGMOID || formula == Formula.TANH;
      assertEquals(bounded ? 1f : inf, activate(formula, inf), formula.name());
      // For large sums, the derivative is the slope of the line that the function approaches.
      float slope = bounded ? 0f : formula == Formula.SELU ? 1.0507009873554805f : 1f;
      float far = bounded ? 1f : slope * 1e30f;
      assertEquals(far, activate(formula, 1e30f), formula.name());
      float kept = function.keepsPreActivations() ? 1e30f : activate(formula, 1e30f);
      assertEquals(slope, function.backward(kept, 1f), formula.name());
      kept = function.keepsPreActivations() ? -1e30f : activate(formula, -1e30f);
      slope = formula == Formula.LEAKY_RELU ? 0.01f : 0f;
      assertEquals(slope, Math.abs(function.backward(kept, 1f)), formula.name());
    }
    assertEquals(-1f, activate(Formula.ELU, -inf));
    assertEquals(-1f, activate(Formula.TANH, -inf));
    assertEquals(0f, activate(Formula.SIGMOID, -inf));
  }

  /**
   * Models have been trained with exactly these bits. They also depend on where one formula takes
   * over from another, although both are accurate enough there.
   */
  @ParameterizedTest
  @CsvSource({
    "LEAKY_RELU, 24223899", "ELU, be83fda0", "SELU, 66c20244", "MISH, aaa957dd",
    "SOFTPLUS, 5986d605", "TANH, 32015393", "SIGMOID, 1b142b1", "SILU, af6e63b1",
    "GELU, 4de22cf7", "GELU_TANH, 505b667a"
  })
  void theBitsStay(Formula formula, String expected) {
    Nonlinearity function = new Nonlinearity(formula);
    int steps = 1 << 14;
    float[] x = new float[2 * steps + 1]; // from -32 to 32
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - steps) / 512f;
    }
    for (KernelSet kernels : Twins.all()) {
      float[] y = new float[x.length];
      float[] g = new float[x.length];
      Arrays.fill(g, 1.7f);
      float[] scratch = new float[KernelSet.ACTIVATION_SCRATCH];
      kernels.activation(function, 0, x.length, x, y, scratch);
      kernels.activationBackward(
          function, 0, x.length, function.keepsPreActivations() ? x : y, g, scratch);
      CRC32 outputsAndGradients = new CRC32();
      outputsAndGradients.update(bytes(y));
      outputsAndGradients.update(bytes(g));
      assertEquals(expected, Long.toHexString(outputsAndGradients.getValue()), kernels.toString());
    }
  }

  private static ByteBuffer bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }
}
