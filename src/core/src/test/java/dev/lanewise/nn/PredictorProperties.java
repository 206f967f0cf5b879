package dev.lanewise.nn;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.function.Executable;

class PredictorProperties {
  /** A row gives the same bits alone, in a batch, and in a batch that the predictor must split. */
  @Property(tries = 200)
  void aRowIsTheSameAloneAndInAnyBatch(
      @ForAll @IntRange(min = 1, max = 70) int inputs,
      @ForAll @Size(max = 3) List<@IntRange(min = 1, max = 50) Integer> hidden,
      @ForAll @IntRange(min = 1, max = 40) int classes,
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 40) int maxRows,
      @ForAll long seed) {
    Mlp model =
        Mlp.initial(Architecture.relu(inputs, hidden, classes), Initializer.HE, seed)
            .withScaling(Scaling.divide(255));
    Random random = new Random(seed);
    float[] features = new float[rows * inputs];
    for (int i = 0; i < features.length; i++) {
      features[i] = random.nextInt(256);
    }
    float[] together = new float[rows * classes];
    model.predictor(rows).predict(features, together);
    float[] cut = new float[rows * classes];
    model.predictor(maxRows).predict(features, cut);
    assertArrayEquals(together, cut);
    Predictor single = model.predictor(1);
    float[] alone = new float[classes];
    for (int row = 0; row < rows; row++) {
      single.predict(Arrays.copyOfRange(features, row * inputs, (row + 1) * inputs), alone);
      float[] inBatch = Arrays.copyOfRange(together, row * classes, (row + 1) * classes);
      assertArrayEquals(inBatch, alone);
      double sum = 0;
      for (float p : alone) {
        assertTrue(p >= 0 && p <= 1);
        sum += p;
      }
      assertEquals(1, sum, 1e-5);
    }
  }

  @Example
  void rawFeaturesAreScaledAndScaledOnesAreNot() {
    Mlp model =
        Mlp.initial(Architecture.relu(3, List.of(4), 2), Initializer.HE, 1)
            .withScaling(Scaling.standardise(new double[] {1, 2, 3}, new double[] {2, 0, 4}));
    float[] raw = {5, 3, -1};
    float[] scaled = {2, 1, -1};
    double[] expected = new double[2];
    double[] actual = new double[2];
    model.predictor(1).predictScaled(scaled, 1, expected, null);
    model.predictor(1).predict(raw, 1, actual, null);
    assertArrayEquals(expected, actual);
    model.predictor(1).predictScaled(raw, 1, actual, null);
    assertTrue(!Arrays.equals(expected, actual));
  }

  /** Every scaling scales rows of any length as {@link Scaling#scale} scales each number. */
  @Property(tries = 100)
  void rowsAreScaledAsTheirNumbersAre(
      @ForAll @IntRange(min = 1, max = 70) int inputs,
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] low = random.doubles(inputs, -2, 2).toArray();
    double[] width = random.doubles(inputs, 0.1, 3).toArray();
    width[random.nextInt(inputs)] = 0;
    double[] high = new double[inputs];
    Arrays.setAll(high, j -> low[j] + width[j]);
    float[] raw = new float[rows * inputs];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (float) random.nextGaussian(0, 100);
    }
    raw[0] = -0f;
    Mlp model = Mlp.initial(Architecture.relu(inputs, List.of(), 3), Initializer.HE, seed);
    for (Scaling scaling :
        List.of(
            Scaling.none(),
            Scaling.divide(width[0] + 0.3),
            Scaling.standardise(low, width),
            Scaling.minMax(low, high),
            Scaling.robust(low, width))) {
      float[] scaled = new float[raw.length];
      for (int i = 0; i < raw.length; i++) {
        scaled[i] = scaling.scale(raw[i], i % inputs);
      }
      Predictor predictor = model.withScaling(scaling).withLoss(Loss.MSE).predictor(2);
      double[] expected = new double[rows * 3];
      double[] actual = new double[rows * 3];
      predictor.predictScaled(scaled, rows, expected, null);
      predictor.predict(raw, rows, actual, null);
      assertArrayEquals(expected, actual, scaling::toString);
    }
  }

  @Example
  void wrongSizesAreRefusedInWords() {
    Mlp model = Mlp.initial(Architecture.relu(3, List.of(), 2), Initializer.HE, 1);
    Predictor predictor = model.predictor(4);
    assertThrows(IllegalArgumentException.class, () -> model.predictor(0));
    rejects(
        () -> predictor.predict(new float[4], new float[2]),
        "predict: 4 features, expected whole rows of 3");
    // The last four arguments are: features, rows, room for results and room for labels.
    assertRefused("room for 3 probabilities: 2 rows of 2 classes need 4", predictor, 6, 2, 3, 2);
    assertRefused("6 features: 3 rows of 3 need 9", predictor, 6, 3, 6, 3);
    assertRefused("6 features: -2 rows", predictor, 6, -2, 6, 2);
    assertRefused("2147483649", predictor, 6, 715_827_883, 6, 2); // does not fit an int
    assertRefused("room for 1 labels: 2 rows need 2", predictor, 6, 2, 4, 1);
    predictor.predict(new float[0], new float[0]);
  }

  private static void assertRefused(
      String message, Predictor predictor, int features, int rows, int room, int labels) {
    float[] x = new float[features];
    int[] decided = new int[labels];
    double[] doubles = new double[room];
    for (Executable call :
        List.<Executable>of(
            () -> predictor.predict(x, rows, new float[room], decided),
            () -> predictor.predict(x, rows, doubles, decided),
            () -> predictor.predictScaled(x, rows, doubles, decided))) {
      rejects(call, "predict: ", message);
    }
  }
}
