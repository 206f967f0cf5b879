package dev.lanewise.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.Npz;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.Score;
import dev.lanewise.train.internal.Tally;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Compares errors of targets with any offset and spread with exact arithmetic and with numpy. */
class OffsetErrorsProperties {
  private static final MathContext DIGITS = new MathContext(60);

  /** Computes RMSE, MAE and R2 of one output in exact arithmetic. */
  private static double[] exact(double[][] targets, double[][] outputs, float[] weights) {
    BigDecimal all = BigDecimal.ZERO;
    BigDecimal sum = BigDecimal.ZERO;
    for (int row = 0; row < weights.length; row++) {
      all = all.add(new BigDecimal(weights[row]));
      sum = sum.add(new BigDecimal(weights[row]).multiply(new BigDecimal(targets[row][0])));
    }
    BigDecimal mean = sum.divide(all, DIGITS);
    BigDecimal squares = BigDecimal.ZERO;
    BigDecimal magnitudes = BigDecimal.ZERO;
    BigDecimal spread = BigDecimal.ZERO;
    for (int row = 0; row < weights.length; row++) {
      BigDecimal weight = new BigDecimal(weights[row]);
      BigDecimal t = new BigDecimal(targets[row][0]);
      BigDecimal d = new BigDecimal(outputs[row][0]).subtract(t);
      squares = squares.add(weight.multiply(d.pow(2)));
      magnitudes = magnitudes.add(weight.multiply(d.abs()));
      spread = spread.add(weight.multiply(t.subtract(mean, DIGITS).pow(2)));
    }
    return new double[] {
      Math.sqrt(squares.divide(all, DIGITS).doubleValue()),
      magnitudes.divide(all, DIGITS).doubleValue(),
      BigDecimal.ONE.subtract(squares.divide(spread, DIGITS)).doubleValue()
    };
  }

  @Property(tries = 300)
  void equalExactArithmetic(
      @ForAll @DoubleRange(min = 3, max = 15) double offsetExponent,
      @ForAll @DoubleRange(min = -6, max = 6) double spreadExponent,
      @ForAll @DoubleRange(min = -8, max = 1) double errorExponent,
      @ForAll @IntRange(min = 2, max = 60) int rows,
      @ForAll boolean firstIsFar,
      @ForAll boolean weighted,
      @ForAll long seed) {
    Random random = new Random(seed);
    double offset = Math.pow(10, offsetExponent) * (random.nextBoolean() ? 1 : -1);
    double spread = Math.pow(10, spreadExponent);
    double error = spread * Math.pow(10, errorExponent);
    double[][] targets = new double[rows][1];
    double[][] outputs = new double[rows][1];
    float[] weights = MetricRows.checked(new float[0], rows);
    for (int row = 0; row < rows; row++) {
      targets[row][0] = offset + spread * random.nextGaussian();
      if (row == 0 && firstIsFar) {
        targets[0][0] = offset + 1e6 * spread;
      }
      outputs[row][0] = targets[row][0] + error * random.nextGaussian();
      weights[row] = weighted ? random.nextInt(4) / 3f + (row == 1 ? 1 : 0) : 1;
    }
    boolean differ = false;
    for (int row = 0; row < rows; row++) {
      differ |= weights[row] > 0 && targets[row][0] != targets[1][0];
    }
    RegressionMetrics found = RegressionMetrics.of(targets, outputs, weights);
    double[] expected = differ ? exact(targets, outputs, weights) : null;
    if (differ) {
      assertNear(expected, found.rmse(), found.mae(), found.r2());
    } else {
      assertTrue(found.r2() == 0 || found.r2() == 1);
      return;
    }
    // Adds the same rows one by one, in two parts, as an epoch adds its rows.
    Tally first = new Tally(Loss.MSE, 1);
    Tally second = new Tally(Loss.MSE, 1);
    for (int row = 0; row < rows; row++) {
      Tally tally = row < rows / 3 ? first : second;
      tally.add(0, weights[row], outputs[row][0], targets[row][0]);
      tally.add(weights[row], 0);
    }
    first.add(second);
    Tally restored = new Tally(Loss.MSE, 1);
    restored.restore(first.state());
    Score score = restored.score();
    assertNear(expected, score.figure("rmse"), score.figure("mae"), score.accuracy());
  }

  /** Asserts that the errors are close; the tolerance of R2 is relative to the quotient 1 - R2. */
  private static void assertNear(double[] expected, double rmse, double mae, double r2) {
    assertEquals(expected[0], rmse, 1e-11 * expected[0], "RMSE");
    assertEquals(expected[1], mae, 1e-11 * expected[1], "MAE");
    assertEquals(expected[2], r2, 1e-11 * Math.max(1, Math.abs(1 - expected[2])), "R2");
  }

  @Example
  void equalNumpys() throws IOException, URISyntaxException {
    try (Npz npz = Golden.golden("offsets.npz")) {
      List<String> names = Golden.names(npz, "/targets");
      assertEquals(38, names.size());
      for (String name : names) {
        RegressionMetrics found =
            RegressionMetrics.of(column(npz, name + "/targets"), column(npz, name + "/outputs"));
        double[] expected = npz.read(name + "/scores").toDoubles();
        assertNear(expected, found.rmse(), found.mae(), found.r2());
      }
    }
  }

  private static double[][] column(Npz npz, String name) throws IOException {
    double[] values = npz.read(name).toDoubles();
    double[][] column = new double[values.length][];
    for (int row = 0; row < column.length; row++) {
      column[row] = new double[] {values[row]};
    }
    return column;
  }

  /**
   * The squares of such numbers round to 0, so targets would seem constant, and any output exact.
   */
  @Example
  void numbersWhoseSquaresAreLostHaveNoR2() {
    double[][] targets = {{1e-300}, {3e-300}, {-2e-300}};
    double[][] outputs = {{2e-300}, {1e-300}, {0}};
    RegressionMetrics metrics = RegressionMetrics.of(targets, outputs);
    assertTrue(Double.isNaN(metrics.r2()));
    assertEquals(5e-300 / 3, metrics.mae(), 1e-310);
    double[][] constant = {{7}, {7}};
    assertEquals(1, RegressionMetrics.of(constant, constant).r2());
    assertEquals(0, RegressionMetrics.of(constant, new double[][] {{7}, {7 + 1e-15}}).r2());
  }
}
