package dev.lanewise.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.trust.Explainer.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Shapley values. The property -Dlanewise.coverage=N asks for N cases of the standard errors
 * instead of the few of a usual build.
 */
class ShapleyValuesTest {
  private static Mlp network(Random random, int inputs) {
    Activation[] all = Activation.values();
    return IntegratedGradientsTest.network(
        random, IntegratedGradientsTest.loss(random), all[random.nextInt(all.length)], inputs, 6);
  }

  private static float[] rows(Random random, int values) {
    return IntegratedGradientsTest.rows(random, values);
  }

  private static Explainer explainer(Model model, float[] background) {
    return Explainer.of(model).withMethod(Method.SHAPLEY).withBackground(background).withOutput(1);
  }

  /** Returns the mean output if some features are those of a row, one background row at a time. */
  private static double value(Predictor predictor, float[] row, float[] background, int set) {
    int n = row.length;
    double sum = 0;
    double[] results = new double[3];
    for (int b = 0; b < background.length; b += n) {
      float[] mixed = new float[n];
      for (int j = 0; j < n; j++) {
        mixed[j] = (set >> j & 1) != 0 ? row[j] : background[b + j];
      }
      predictor.predictScaled(mixed, 1, results, null);
      sum += results[1];
    }
    return sum / (background.length / n);
  }

  /** Adds what each column adds in every order that begins with a set of columns. */
  private static void orders(double[] values, int set, double weight, double[] sums) {
    int left = sums.length - Integer.bitCount(set);
    for (int j = 0; j < sums.length; j++) {
      if ((set >> j & 1) == 0) {
        sums[j] += weight / left * (values[set | 1 << j] - values[set]);
        orders(values, set | 1 << j, weight / left, sums);
      }
    }
  }

  @Property(tries = 10)
  void exactValuesAreTheMeansOverAllOrders(@ForAll long seed) {
    Random random = new Random(seed);
    Mlp network = network(random, 8);
    Model model = ModelKind.any(random).of(network, seed);
    float[] background = rows(random, 8 * (1 + random.nextInt(4)));
    float[] row = rows(random, 8);
    double[] values = new double[1 << 8];
    for (int set = 0; set < values.length; set++) {
      values[set] = value(model.predictor(1), row, background, set);
    }
    double[] sums = new double[8];
    orders(values, 0, 1, sums);
    Explainer explainer = explainer(model, background);
    assertTrue(explainer.isExact());
    Explanation why = explainer.explain(row).get(0);
    double size = Math.max(size(why), Arrays.stream(values).map(Math::abs).max().getAsDouble());
    for (int j = 0; j < 8; j++) {
      assertEquals(sums[j], why.contributions().get(j), 1e-6 * size);
    }
    assertEquals(values[0], why.base(), 1e-9 * size);
    assertEquals(values[255], why.prediction(), 1e-9 * size);
    assertEquals(List.of(), why.standardErrors());
    assertFalse(why.isEstimate());
  }

  @Property(tries = 100)
  void valuesKeepTheAxioms(@ForAll long seed, @ForAll @IntRange(min = 3, max = 9) int columns) {
    Random random = new Random(seed);
    Mlp drawn = network(random, columns);
    float[] parameters = drawn.parameters();
    Layer first = drawn.layers().get(0);
    for (int u = 0; u < first.outputs(); u++) { // column 0 is not used, 1 and 2 in the same way
      parameters[u] = 0;
      parameters[2 * first.outputs() + u] = parameters[first.outputs() + u];
    }
    Model network = Model.of(drawn.withParameters(parameters));
    float[] row = rows(random, columns);
    row[2] = row[1];
    float[] background = rows(random, columns * (1 + random.nextInt(5)));
    for (int b = 0; b < background.length; b += columns) {
      background[b + 2] = background[b + 1];
    }
    Explanation why = explainer(network, background).explain(row).get(0);
    double size = size(why);
    assertEquals(0, why.contributions().get(0));
    assertEquals(why.contributions().get(1), why.contributions().get(2), 2e-6 * size);
    assertEquals(why.prediction() - why.base(), why.sum(), 1e-9 * size);
    Explanation other = // estimates add up and leave out the column, too
        new ShapleyValues(network, ColumnFeatures.of(network), background, false, 100, seed)
            .explain(row, 1, why.prediction());
    assertTrue(other.isEstimate());
    assertEquals(0, other.contributions().get(0));
    assertEquals(0, other.standardErrors().get(0));
    assertEquals(
        other.prediction() - other.base(), other.sum(), 1e-9 * Math.max(size, size(other)));
  }

  /**
   * Returns the size of the largest number of an explanation, at least 1: rounding grows with it.
   */
  private static double size(Explanation why) {
    double size = Math.max(1, Math.max(Math.abs(why.base()), Math.abs(why.prediction())));
    for (int c = 0; c < why.contributions().size(); c++) {
      size = Math.max(size, Math.abs(why.contributions().get(c)));
    }
    return size;
  }

  /** With a fixed background, an estimate is within two standard errors of the exact value. */
  @Test
  void standardErrorsAreThoseOfTheEstimates() {
    boolean isLong = Integer.getInteger("lanewise.coverage", 0) > 0;
    int cases = Integer.getInteger("lanewise.coverage", 100);
    int columns = 8;
    int within = 0;
    int all = 0;
    double ratio = 0;
    for (int i = 0; i < cases; i++) {
      Random random = new Random(i);
      Model network = Model.of(network(random, columns));
      float[] background = rows(random, columns * 10);
      float[] row = rows(random, columns);
      ColumnFeatures features = ColumnFeatures.of(network);
      Explanation exact = explainer(network, background).explain(row).get(0);
      assertFalse(exact.isEstimate());
      Explanation estimate =
          new ShapleyValues(network, features, background, false, 200, i)
              .explain(row, 1, exact.prediction());
      assertEquals(200, estimate.effort());
      double size = Math.max(1, Math.abs(exact.prediction()));
      int column = i % columns; // one of each case, as those of a case depend on each other
      double error =
          Math.abs(exact.contributions().get(column) - estimate.contributions().get(column));
      within += error <= 2 * estimate.standardErrors().get(column) + 1e-9 * size ? 1 : 0;
      all++;
      double z = error / (estimate.standardErrors().get(column) + 1e-9 * size);
      ratio += z * z;
    }
    double share = (double) within / all;
    double slack = isLong ? 0 : 4 * Math.sqrt(0.05 * 0.95 / all);
    String text = share + " of " + all + ", mean square of the ratio " + ratio / all;
    if (isLong) {
      System.getLogger("coverage").log(System.Logger.Level.INFO, text);
    }
    assertTrue(share >= 0.91 - slack && share <= 0.99 + slack, text);
  }
}
