package dev.lanewise.nn;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Predictions as values, and one predictor for several threads, which is refused. */
class PredictionsTest {
  private static final int INPUTS = 5;
  private static final int ROWS = 23;
  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final Mlp MODEL =
      Mlp.initial(Architecture.relu(INPUTS, List.of(7), 3), Initializer.HE, 4)
          .withScaling(
              Scaling.standardise(new double[] {1, 0, 0, 0, -1}, new double[] {2, 1, 1, 3, 0.1}))
          .withClassNames(NAMES);

  private static double[][] doubles() {
    Random random = new Random(5);
    double[][] rows = new double[ROWS][INPUTS];
    for (double[] row : rows) {
      for (int j = 0; j < INPUTS; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return rows;
  }

  private static float[][] floats() {
    float[][] rows = new float[ROWS][INPUTS];
    for (int i = 0; i < ROWS * INPUTS; i++) {
      rows[i / INPUTS][i % INPUTS] = (float) doubles()[i / INPUTS][i % INPUTS];
    }
    return rows;
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * INPUTS];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = rows[i / INPUTS][i % INPUTS];
    }
    return flat;
  }

  @Test
  void theySayWhatTheProbabilitiesSay() {
    Predictor predictor = MODEL.predictor(4);
    float[] expected = new float[ROWS * 3];
    predictor.predict(flat(floats()), expected);
    for (Predictions p : List.of(predictor.predict(flat(floats())), predictor.predict(floats()))) {
      assertEquals(ROWS, p.rows());
      assertEquals(3, p.outputs());
      for (int row = 0; row < ROWS; row++) {
        int best = 0;
        for (int c = 0; c < 3; c++) {
          assertEquals(expected[row * 3 + c], p.probability(row, c));
          assertEquals(expected[row * 3 + c], p.value(row, c));
          assertEquals(expected[row * 3 + c], p.values(row)[c]);
          best = p.probability(row, c) > p.probability(row, best) ? c : best;
        }
        assertEquals(best, p.label(row));
        assertEquals(NAMES.get(best), p.className(row));
        assertEquals(p.probability(row, best), p.confidence(row));
        assertEquals(best, predictor.predictClass(floats()[row]));
      }
    }
    assertEquals("Predictions[23 rows of 3 classes]", predictor.predict(floats()).toString());
    assertEquals(0, predictor.predict(new double[0][]).rows());
    String number = MODEL.withClassNames(List.of()).predictor(1).predict(floats()).className(0);
    assertEquals(Integer.toString(predictor.predictClass(floats()[0])), number);
  }

  /** As training takes doubles: scaled in double and rounded once. */
  @Test
  void doublesAreRoundedOnce() {
    for (Scaling scaling : List.of(MODEL.scaling().get(), Scaling.none(), Scaling.divide(3))) {
      Mlp model = MODEL.withScaling(scaling);
      Predictor predictor = model.predictor(4);
      float[] scaled = new float[ROWS * INPUTS];
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = scaling.scale(doubles()[i / INPUTS][i % INPUTS], i % INPUTS);
      }
      float[] expected = new float[ROWS * 3];
      predictor.predictScaled(scaled, expected);
      Predictions p = predictor.predict(doubles());
      for (int row = 0; row < ROWS; row++) {
        for (int c = 0; c < 3; c++) {
          assertEquals(expected[row * 3 + c], p.probability(row, c));
        }
        assertEquals(p.label(row), predictor.predictClass(doubles()[row]));
      }
    }
    Predictions rounded = MODEL.predictor(1).predict(floats());
    Predictions exact = MODEL.predictor(1).predict(doubles());
    int same = 0;
    for (int row = 0; row < ROWS; row++) {
      same += Arrays.equals(rounded.values(row), exact.values(row)) ? 1 : 0;
    }
    assertTrue(same < ROWS, "floats are rounded twice");
  }

  /** The softmax of these is one float, but one sum is larger, as an evaluation has it too. */
  @Test
  void theLargestSumWinsWhereProbabilitiesAreEqual() {
    Mlp model =
        Mlp.of(Architecture.relu(1, List.of(), 3), new float[] {0, 0, 0, 0, 0x1p-30f, 0x1p-29f});
    Predictions p = model.predictor(1).predict(new float[] {1});
    assertEquals(p.probability(0, 1), p.probability(0, 2));
    assertEquals(2, p.label(0));
    assertEquals(2, model.predictor(1).predictClass(1f));
  }

  @Test
  void ofOtherLossesTheyAreNumbers() {
    Mlp regression = MODEL.withLoss(Loss.MSE).withTargetScaling(Scaling.divide(0.5));
    double[] expected = new double[3];
    regression.predictor(1).predict(floats()[0], 1, expected);
    Predictions p = regression.predictor(8).predict(floats());
    assertArrayEquals(expected, p.values(0));
    assertEquals(expected[2], p.value(0, 2));
    Class<IllegalStateException> state = IllegalStateException.class;
    assertThrows(state, () -> p.probability(0, 0));
    for (Loss loss : List.of(Loss.MSE, Loss.SIGMOID)) {
      Predictor predictor = MODEL.withLoss(loss).predictor(8);
      Predictions others = predictor.predict(floats());
      assertThrows(state, () -> others.label(0));
      assertThrows(state, () -> others.className(0));
      assertThrows(state, () -> others.confidence(0));
      assertThrows(state, () -> predictor.predictClass(floats()[0]));
      assertThrows(state, () -> predictor.predictClass(doubles()[0]));
    }
    float probability =
        MODEL.withLoss(Loss.SIGMOID).predictor(1).predict(floats()).probability(1, 1);
    assertTrue(probability > 0 && probability < 1);
    assertEquals("Predictions[23 rows of 3 outputs]", p.toString());
  }

  @Test
  void rowsAndOutputsThatAreNotThere() {
    Predictions p = MODEL.predictor(2).predict(floats());
    Class<IndexOutOfBoundsException> out = IndexOutOfBoundsException.class;
    assertThrows(out, () -> p.label(ROWS));
    assertThrows(out, () -> p.label(-1));
    assertThrows(out, () -> p.probability(0, 3));
    assertThrows(out, () -> p.value(ROWS, 0));
    assertThrows(out, () -> p.values(-1));
  }

  private static String message(Runnable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
  }

  @Test
  void featuresThatAreNoneAreRefused() {
    Predictor predictor = MODEL.predictor(2);
    float[][] floats = floats();
    floats[3][4] = Float.NaN;
    String expected = "predict: row 3, feature 4 is NaN, expected a finite number";
    assertEquals(expected, message(() -> predictor.predict(floats)));
    assertEquals(expected, message(() -> predictor.predict(flat(floats))));
    double[][] doubles = doubles();
    doubles[3][4] = Double.NaN;
    assertEquals(expected, message(() -> predictor.predict(doubles)));
    doubles[3][4] = 1e300;
    assertEquals(
        "predict: row 3, feature 4 is 1.0E300, expected less: scaled it is not a finite float",
        message(() -> predictor.predict(doubles)));
    String one = "predict: row 0, feature 4 is NaN, expected a finite number";
    assertEquals(one, message(() -> predictor.predictClass(floats[3])));
    String few = "predict: row 0 has 2 features, expected 5";
    assertEquals(few, message(() -> predictor.predictClass(1f, 2f)));
    assertEquals(few, message(() -> predictor.predictClass(1.5, 2.5)));
    assertEquals(
        "predict: row 1 has 0 features, expected 5",
        message(() -> predictor.predict(new double[][] {doubles()[0], {}})));
    assertEquals(
        "predict: row 1 has 6 features, expected 5",
        message(() -> predictor.predict(new float[][] {floats()[0], new float[6]})));
    float[] results = new float[ROWS * 3];
    assertEquals(expected, message(() -> predictor.predict(flat(floats), results)));
    assertEquals(expected, message(() -> predictor.predictScaled(flat(floats), results)));
    floats[3][4] = 1e38f; // divided by 0.1
    assertEquals(
        "predict: row 3, feature 4 is 9.999999680285692E37, expected less: scaled it is not a"
            + " finite float",
        message(() -> predictor.predict(flat(floats), results)));
    assertEquals(ROWS, predictor.predict(floats()).rows()); // and the predictor goes on
  }

  @Test
  void resultsThatAreNoneAreRefused() {
    float[] parameters = MODEL.parameters();
    parameters[parameters.length - 2] = Float.NaN;
    Predictor predictor = MODEL.withParameters(parameters).predictor(2);
    Class<ArithmeticException> nan = ArithmeticException.class;
    rejects(
        nan,
        () -> predictor.predict(floats()),
        "predict: row 0, output 0 is NaN, expected a finite number");
    assertThrows(nan, () -> predictor.predict(doubles()));
    assertThrows(nan, () -> predictor.predictClass(floats()[0]));
    assertThrows(nan, () -> predictor.predictClass(doubles()[0]));
    assertThrows(nan, () -> predictor.predict(flat(floats()), new float[ROWS * 3]));
    assertThrows(nan, () -> predictor.predictScaled(flat(floats()), new float[ROWS * 3]));
  }

  /** Of every loss, also of many classes; of one row and of rows that come in turns. */
  @Test
  void resultsOfHugeWeightsAreRefused() {
    for (Loss loss : Loss.values()) {
      for (int outputs : new int[] {1, 3, 40}) {
        Architecture wide = Architecture.relu(2, List.of(2), outputs);
        float[] parameters = new float[wide.parameterCount()];
        Arrays.fill(parameters, 1e38f);
        // A row of zeros has only the biases of the hidden layer to its credit, one of -1 not even
        // these.
        float[] rows = {-9, -9, -9, -9, -9, -9, 1, 1, -9, -9};
        for (int i = wide.layers().get(1).biasesOffset(); i < parameters.length; i++) {
          parameters[i] = 0.5f;
        }
        Predictor predictor = Mlp.of(wide, parameters).withLoss(loss).predictor(2);
        float[] results = new float[5 * outputs];
        predictor.predict(rows, 3, results);
        if (loss == Loss.SIGMOID) { // that of infinity is 1
          predictor.predict(rows, results);
          continue;
        }
        String message =
            assertThrows(ArithmeticException.class, () -> predictor.predict(rows, results))
                .getMessage();
        String found = loss == Loss.SOFTMAX ? "NaN" : "Infinity";
        String expected = "predict: row 3, output 0 is " + found + ", expected a finite number";
        assertTrue(message.startsWith(expected), message);
      }
    }
  }

  /** Although a ReLU makes 0 of the least, and a result would be finite. */
  @Test
  void featuresThatAreNotFiniteAreRefusedWhateverBecomesOfThem() {
    Architecture small = Architecture.relu(1, List.of(1), 2);
    Predictor predictor = Mlp.of(small, new float[] {1, 0, 1, 2, 0, 0}).predictor(2);
    float least = Float.NEGATIVE_INFINITY;
    String expected = "predict: row 0, feature 0 is -Infinity, expected a finite number";
    assertEquals(expected, message(() -> predictor.predictClass(least)));
    assertEquals(expected, message(() -> predictor.predict(new float[] {least})));
    assertEquals(expected, message(() -> predictor.predict(new float[][] {{least}})));
    assertEquals(expected, message(() -> predictor.predictClass((double) least)));
  }

  @Test
  void aPredictorThatIsBusyIsRefusedAndGoesOn() {
    Predictor predictor = MODEL.predictor(2);
    float[] results = new float[ROWS * 3];
    List<Runnable> all =
        List.of(
            () -> predictor.predict(flat(floats()), results),
            () -> predictor.predictScaled(flat(floats()), results),
            () -> predictor.predict(floats()),
            () -> predictor.predict(doubles()),
            () -> predictor.predictClass(floats()[0]),
            () -> predictor.predictClass(doubles()[0]));
    for (Runnable one : all) {
      predictor.begin();
      assertThrows(IllegalStateException.class, one::run);
      predictor.end();
      one.run();
      one.run();
    }
  }

  /** The first of equal sums, none of those that are not there, and none of the row behind. */
  @Test
  void theClassIsOneOfTheModels() {
    Architecture linear = Architecture.relu(1, List.of(), 2);
    Predictor equal = Mlp.of(linear, new float[] {1, 1, -5, -5}).predictor(3);
    assertEquals(0, equal.predictClass(1f));
    assertEquals(0, equal.predict(new float[] {-1, 100, 1}).label(0));
    Predictor second = Mlp.of(linear, new float[] {1, 1, -6, -5}).predictor(3);
    assertEquals(1, second.predict(new float[] {-1, 100, 1}).label(0));
  }

  @Test
  void laterRowsOfABatchAreLookedAtToo() {
    Architecture linear = Architecture.relu(1, List.of(), 2);
    Predictor predictor = Mlp.of(linear, new float[] {1e38f, 1e38f, 0, 0}).predictor(4);
    float[] rows = {1, 1, 9};
    rejects(
        ArithmeticException.class,
        () -> predictor.predict(rows),
        "predict: row 2, output 0 is NaN");
  }

  @Test
  void resultsAreInTheUnitsOfTheTargets() {
    Mlp model =
        Mlp.of(Architecture.relu(1, List.of(), 2), new float[] {1, 2, 0, 0})
            .withLoss(Loss.MSE)
            .withTargetScaling(Scaling.standardise(new double[] {10, 20}, new double[] {2, 3}));
    Predictor predictor = model.predictor(2);
    double[] expected = {12, 26, 14, 32, 16, 38};
    double[] results = new double[6];
    predictor.predict(new float[] {1, 2, 3}, 3, results);
    assertArrayEquals(expected, results);
    predictor.predictScaled(new float[] {1, 2, 3}, 3, results, null);
    assertArrayEquals(expected, results);
    float[] floats = new float[6];
    Class<IllegalStateException> refused = IllegalStateException.class;
    assertThrows(refused, () -> predictor.predict(new float[] {1, 2, 3}, floats));
    assertThrows(refused, () -> predictor.predictScaled(new float[] {1, 2, 3}, floats));
    assertThrows(
        IllegalArgumentException.class,
        () -> predictor.predict(new float[] {1, 2, 3}, 3, new double[5]));
    assertEquals(32, predictor.predict(new double[][] {{1}, {2}}).value(1, 1));
  }

  /** Whoever takes any model gives an array of doubles, which has the bits of its floats. */
  @Test
  void probabilitiesGoToDoublesToo() {
    for (Loss loss : List.of(Loss.SOFTMAX, Loss.SIGMOID, Loss.MSE)) {
      Predictor predictor = MODEL.withLoss(loss).predictor(2);
      float[] x = floats()[0];
      float[] results = new float[3];
      predictor.predict(x, results);
      double[] doubles = new double[3];
      predictor.predict(x, 1, doubles);
      for (int k = 0; k < 3; k++) {
        assertEquals(results[k], doubles[k]);
      }
    }
  }

  /** An output that is not the first, of a loss whose outputs are by themselves. */
  @Test
  void theOutputIsNamed() {
    Architecture linear = Architecture.relu(1, List.of(), 3);
    Predictor predictor =
        Mlp.of(linear, new float[] {1, 1, 3e38f, 0, 0, 0}).withLoss(Loss.MSE).predictor(4);
    assertThrows(
        ArithmeticException.class, () -> predictor.predict(new float[] {1, 2}), "row 1, output 2");
    assertEquals(3e38f, predictor.predict(new float[] {1}).value(0, 2));
  }

  @Test
  void aClassAllocatesNothing() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Predictor predictor = MODEL.predictor(1);
    float[] row = floats()[0];
    double[] exact = doubles()[0];
    long least = Long.MAX_VALUE;
    // At first kernels allocate that are not compiled yet, by a compiler with other work to do.
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (least > 0 && System.nanoTime() < end) {
      long before = bean.getCurrentThreadAllocatedBytes();
      predictor.predictClass(row);
      predictor.predictClass(exact);
      least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least);
  }

  /**
   * Two threads on one predictor: as soon as their calls meet, one of them fails, and whatever did
   * not fail is right.
   */
  @Test
  void twoThreadsAtOnceAreRefused() throws InterruptedException, ExecutionException {
    Predictor shared = MODEL.predictor(ROWS);
    float[] features = flat(floats());
    float[] expected = new float[ROWS * 3];
    MODEL.predictor(ROWS).predict(features, expected);
    AtomicBoolean met = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> wrong = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        wrong.add(threads.submit(() -> wrongPredictions(shared, features, expected, met)));
      }
      assertEquals(0, wrong.get(0).get() + wrong.get(1).get());
    } finally {
      threads.shutdownNow();
    }
    assertTrue(met.get(), "two threads never met, and the second was never refused");
    shared.predict(features, new float[ROWS * 3]);
  }

  private static int wrongPredictions(
      Predictor shared, float[] features, float[] expected, AtomicBoolean met) {
    float[] actual = new float[expected.length];
    int wrong = 0;
    for (int i = 0; i < 5_000_000 && !met.get(); i++) {
      try {
        shared.predict(features, actual);
        wrong += Arrays.equals(expected, actual) ? 0 : 1;
      } catch (IllegalStateException e) {
        assertTrue(e.getMessage().contains("another thread is using"), e.getMessage());
        met.set(true);
      }
    }
    return wrong;
  }
}
