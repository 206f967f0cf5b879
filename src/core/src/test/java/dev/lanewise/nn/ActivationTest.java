package dev.lanewise.nn;

import static dev.lanewise.metrics.Golden.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.Npz;
import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.nn.internal.ErrorFunction;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The definitions with which kernels are compared give the values of Python's math functions. */
class ActivationTest {
  private static final double[] SUMS = {-2, -0.5, 0.5, 2};

  @ParameterizedTest
  @CsvSource({
    "relu, 0.0 0.0 0.5 2.0",
    "leaky-relu, -0.02 -0.005 0.5 2.0",
    "elu, -0.8646647167633873 -0.3934693402873666 0.5 2.0",
    "selu, -1.5201664685956948 -0.6917581878028713 0.5253504936777402 2.101401974710961",
    "gelu, -0.04550026389635844 -0.15426876936299344 0.34573123063700656 1.9544997361036416",
    "gelu-tanh, -0.04540230591222494 -0.15428599017485606 0.34571400982514394 1.954597694087775",
    "silu, -0.2384058440442351 -0.1887703343990727 0.3112296656009273 1.7615941559557646",
    "mish, -0.2525014826957089 -0.22074377465173 0.3752452113048951 1.9439589595339946",
    "softplus, 0.1269280110429725 0.4740769841801067 0.9740769841801067 2.1269280110429727",
    "tanh, -0.9640275800758169 -0.46211715726000974 0.46211715726000974 0.9640275800758169",
    "sigmoid, 0.11920292202211755 0.3775406687981454 0.6224593312018546 0.8807970779778823",
    "identity, -2.0 -0.5 0.5 2.0"
  })
  void values(Activation activation, String values) {
    String[] expected = values.split(" ");
    for (int i = 0; i < SUMS.length; i++) {
      assertEquals(Double.parseDouble(expected[i]), activation.of(SUMS[i]), 1e-14);
    }
    double atZero =
        switch (activation.label()) {
          case "sigmoid" -> 0.5;
          case "softplus" -> Math.log(2);
          default -> 0;
        };
    assertEquals(atZero, activation.of(0), 1e-15);
    double least = activation == Activation.SELU ? 1.0507009873554805 * 50 : 50;
    least = activation == Activation.TANH || activation == Activation.SIGMOID ? 1 : least;
    assertEquals(least, activation.of(50), 1e-13);
    double step = (activation.of(1e-9) - 2 * activation.of(0) + activation.of(-1e-9)) / 1e-9;
    assertEquals(activation.hasKink(), Math.abs(step) > 0.1, "step of the derivative " + step);
  }

  /** Outputs and gradients are close to those of PyTorch in double (make_activations.py). */
  @ParameterizedTest
  @MethodSource("dev.lanewise.kernel.math.Nonlinearity#passes")
  void likePyTorch(Nonlinearity function) throws Exception {
    Path file = Path.of(ActivationTest.class.getResource("activations.npz").toURI());
    try (Npz npz = Npz.open(file)) {
      String name = function.formula().name().toLowerCase(Locale.ROOT);
      KernelSet kernels = KernelSet.active();
      float[] x = npz.read("x").toFloats();
      float[] y = new float[x.length];
      float[] g = npz.read("g").toFloats();
      float[] scratch = new float[KernelSet.ACTIVATION_SCRATCH];
      kernels.activation(function, 0, x.length, x, y, scratch);
      kernels.activationBackward(
          function, 0, x.length, function.keepsPreActivations() ? x : y, g, scratch);
      assertNear(npz.read(name + "_y").toDoubles(), y);
      assertNear(npz.read(name + "_dx").toDoubles(), g);
    }
  }

  @Test
  void erf() {
    assertEquals(0.5204998778130465, ErrorFunction.erf(0.5), 1e-15);
    assertEquals(-0.9953222650189527, ErrorFunction.erf(-2), 1e-15);
    assertEquals(1, ErrorFunction.erf(6), 1e-15);
    assertEquals(-1, ErrorFunction.erf(-6.5));
    assertTrue(Double.isNaN(ErrorFunction.erf(Double.NaN)));
  }
}
