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
import org.junit.jupiter.api.function.Executable;

/** Tests the values of predictions, and that a predictor refuses a second thread. */
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
    int[] labels = new int[ROWS];
    predictor.predict(flat(floats()), ROWS, expected, labels);
    Predictions p = predictor.predict(floats());
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
      assertEquals(best, labels[row]);
      assertEquals(NAMES.get(best), p.className(row));
      assertEquals(p.probability(row, best), p.confidence(row));
    }
    assertEquals("Predictions[23 rows of 3 classes]", p.toString());
    assertEquals(0, predictor.predict(new double[0][]).rows());
    String number = MODEL.withClassNames(List.of()).predictor(1).predict(floats()).className(0);
    assertEquals(Integer.toString(p.label(0)), number);
  }

  /** Features in double are scaled in double and rounded once, as in training. */
  @Test
  void doublesAreRoundedOnce() {
    for (Scaling scaling : List.of(MODEL.scaling().get(), Scaling.none(), Scaling.divide(3))) {
      Mlp model = MODEL.withScaling(scaling);
      Predictor predictor = model.predictor(4);
      float[] scaled = new float[ROWS * INPUTS];
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = scaling.scale(doubles()[i / INPUTS][i % INPUTS], i % INPUTS);
      }
      double[] expected = new double[ROWS * 3];
      predictor.predictScaled(scaled, ROWS, expected, null);
      Predictions p = predictor.predict(doubles());
      for (int row = 0; row < ROWS; row++) {
        for (int c = 0; c < 3; c++) {
          assertEquals(expected[row * 3 + c], p.value(row, c));
        }
        assertArrayEquals(p.values(row), predictor.predict(doubles()[row]).values(0));
      }
    }
    Predictions rounded = MODEL.predictor(1).predict(floats());
    Predictions exact = MODEL.predictor(1).predict(doubles());
    int same = 0;
    for (int row = 0; row < ROWS; row++) {
      same += Arrays.equals(rounded.values(row), exact.values(row)) ? 1 : 0;
    }
    assertTrue(same < ROWS, "floats are rounded twice, so at least one row differs");
  }

  /** Softmax gives the same float for two different sums, so the larger sum must decide. */
  @Test
  void theLargestSumWinsWhereProbabilitiesAreEqual() {
    Mlp model =
        Mlp.of(Architecture.relu(1, List.of(), 3), new float[] {0, 0, 0, 0, 0x1p-30f, 0x1p-29f});
    Predictions p = model.predictor(1).predict(1);
    assertEquals(p.probability(0, 1), p.probability(0, 2));
    assertEquals(2, p.label(0));
  }

  @Test
  void resultsHaveTheNamesOfTheOutputs() {
    for (Loss loss : Loss.values()) {
      Predictions p = MODEL.withLoss(loss).predictor(8).predict(floats());
      assertEquals(NAMES, List.copyOf(p.byName(7).keySet()));
      assertEquals(p.value(7, 1), p.byName(7).get("b"));
      assertThrows(IndexOutOfBoundsException.class, () -> p.byName(ROWS));
    }
    Predictions p = MODEL.withClassNames(List.of()).predictor(1).predict(floats());
    assertEquals(List.of("0", "1", "2"), List.copyOf(p.byName(0).keySet()));
  }

  @Test
  void ofOtherLossesTheyAreNumbers() {
    Mlp regression = MODEL.withLoss(Loss.MSE).withTargetScaling(Scaling.divide(0.5));
    double[] expected = new double[3];
    regression.predictor(1).predict(floats()[0], 1, expected, null);
    Predictions p = regression.predictor(8).predict(floats());
    assertArrayEquals(expected, p.values(0));
    assertEquals(expected[2], p.value(0, 2));
    Class<IllegalStateException> state = IllegalStateException.class;
    assertThrows(state, () -> p.probability(0, 0));
    for (Loss loss : List.of(Loss.MSE, Loss.SIGMOID)) {
      Predictions others = MODEL.withLoss(loss).predictor(8).predict(floats());
      assertThrows(state, () -> others.label(0));
      assertThrows(state, () -> others.className(0));
      assertThrows(state, () -> others.confidence(0));
    }
    float probability =
        MODEL.withLoss(Loss.SIGMOID).predictor(1).predict(floats()).probability(1, 1);
    assertTrue(probability > 0 && probability < 1);
    assertEquals("Predictions[23 rows of 3 outputs]", p.toString());
  }

  @Test
  void rowsAndOutputsThatAreNotThere() {
    Predictions p = MODEL.predictor(2).predict(floats());
    for (Executable call :
        List.<Executable>of(
            () -> p.label(ROWS),
            () -> p.label(-1),
            () -> p.probability(0, 3),
            () -> p.value(ROWS, 0),
            () -> p.values(-1))) {
      assertThrows(IndexOutOfBoundsException.class, call);
    }
  }

  /** Returns a call of each method that predicts several rows. */
  private static List<Executable> calls(Predictor predictor, float[][] rows) {
    float[] flat = flat(rows);
    double[][] exact = new double[rows.length][INPUTS];
    for (int i = 0; i < flat.length; i++) {
      exact[i / INPUTS][i % INPUTS] = flat[i];
    }
    float[] floats = new float[rows.length * 3];
    double[] doubles = new double[rows.length * 3];
    return List.of(
        () -> predictor.predict(rows),
        () -> predictor.predict(exact),
        () -> predictor.predict(flat, floats),
        () -> predictor.predict(flat, rows.length, floats, null),
        () -> predictor.predict(flat, rows.length, doubles, null),
        () -> predictor.predictScaled(flat, rows.length, doubles, null));
  }

  @Test
  void featuresThatAreNotFiniteAreRefused() {
    Predictor predictor = MODEL.predictor(2);
    float[][] floats = floats();
    floats[3][4] = Float.NaN;
    for (Executable call : calls(predictor, floats)) {
      rejects(call, "predict: row 3, feature 4 is NaN, expected a finite number");
    }
    floats[3][4] = 1e38f; // overflows when it is divided by the deviation 0.1
    for (Executable call : calls(predictor, floats).subList(0, 5)) {
      rejects(
          call,
          "predict: row 3, feature 4 is 9.999999680285692E37, expected a smaller number: after scaling it is not a finite float");
    }
    double[][] doubles = doubles();
    doubles[3][4] = 1e300;
    rejects(
        () -> predictor.predict(doubles),
        "feature 4 is 1.0E300, expected a smaller number: after scaling it is");
    rejects(() -> predictor.predict(1.5, 2.5), "predict: row 0 has 2 features, expected 5");
    double[][] none = {doubles[0], {}};
    rejects(() -> predictor.predict(none), "predict: row 1 has 0 features, expected 5");
    float[][] many = {floats[0], new float[6]};
    rejects(() -> predictor.predict(many), "predict: row 1 has 6 features, expected 5");
    assertEquals(ROWS, predictor.predict(floats()).rows()); // the predictor stays usable
  }

  @Test
  void resultsThatAreNotFiniteAreRefused() {
    float[] parameters = MODEL.parameters();
    parameters[parameters.length - 2] = Float.NaN;
    Predictor predictor = MODEL.withParameters(parameters).predictor(2);
    for (Executable call : calls(predictor, floats())) {
      rejects(
          ArithmeticException.class,
          call,
          "predict: row 0, output 0 is NaN, expected a finite number");
    }
  }

  /** Tests every loss with few and many outputs; the row at fault is in the second batch. */
  @Test
  void resultsOfHugeWeightsAreRefused() {
    for (Loss loss : Loss.values()) {
      for (int outputs : new int[] {1, 3, 40}) {
        Architecture wide = Architecture.relu(2, List.of(2), outputs);
        float[] parameters = new float[wide.parameterCount()];
        Arrays.fill(parameters, 1e38f);
        float[] rows = {-9, -9, -9, -9, -9, -9, 1, 1, -9, -9};
        for (int i = wide.layers().get(1).biasesOffset(); i < parameters.length; i++) {
          parameters[i] = 0.5f;
        }
        Predictor predictor = Mlp.of(wide, parameters).withLoss(loss).predictor(2);
        float[] results = new float[5 * outputs];
        predictor.predict(rows, 3, results, null);
        if (loss == Loss.SIGMOID) { // the sigmoid of infinity is 1
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

  /** A ReLU turns negative infinity into 0, so the result would be finite. */
  @Test
  void featuresThatAreNotFiniteAreRefusedWhateverBecomesOfThem() {
    Architecture small = Architecture.relu(1, List.of(1), 2);
    Predictor predictor = Mlp.of(small, new float[] {1, 0, 1, 2, 0, 0}).predictor(2);
    float least = Float.NEGATIVE_INFINITY;
    String expected = "predict: row 0, feature 0 is -Infinity, expected a finite number";
    rejects(() -> predictor.predict(least), expected);
    rejects(() -> predictor.predict(new float[][] {{least}}), expected);
  }

  @Test
  void aPredictorThatIsBusyIsRefusedAndGoesOn() throws Throwable {
    Predictor predictor = MODEL.predictor(2);
    for (Executable call : calls(predictor, floats())) {
      predictor.begin();
      assertThrows(IllegalStateException.class, call);
      predictor.end();
      call.execute();
      call.execute();
    }
  }

  /** The first of equal sums decides, and never a number beyond the sums of the row. */
  @Test
  void theClassIsOneOfTheModels() {
    Architecture linear = Architecture.relu(1, List.of(), 2);
    double[][] rows = {{-1}, {100}, {1}};
    Predictor equal = Mlp.of(linear, new float[] {1, 1, -5, -5}).predictor(3);
    assertEquals(0, equal.predict(rows).label(0));
    Predictor second = Mlp.of(linear, new float[] {1, 1, -6, -5}).predictor(3);
    assertEquals(1, second.predict(rows).label(0));
  }

  /** The message names the row and the output, even if they are not the first. */
  @Test
  void theResultThatIsNotFiniteIsNamed() {
    Predictor classes =
        Mlp.of(Architecture.relu(1, List.of(), 2), new float[] {1e38f, 1e38f, 0, 0}).predictor(4);
    rejects(
        ArithmeticException.class,
        () -> classes.predict(new double[][] {{1}, {1}, {9}}),
        "predict: row 2, output 0 is NaN");
    Predictor numbers =
        Mlp.of(Architecture.relu(1, List.of(), 3), new float[] {1, 1, 3e38f, 0, 0, 0})
            .withLoss(Loss.MSE)
            .predictor(4);
    rejects(
        ArithmeticException.class,
        () -> numbers.predict(new double[][] {{1}, {2}}),
        "row 1, output 2");
    assertEquals(3e38f, numbers.predict(1).value(0, 2));
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
    float[] features = {1, 2, 3};
    predictor.predict(features, 3, results, null);
    assertArrayEquals(expected, results);
    predictor.predictScaled(features, 3, results, null);
    assertArrayEquals(expected, results);
    assertThrows(
        IllegalStateException.class, () -> predictor.predict(features, 3, new float[6], null));
    assertEquals(32, predictor.predict(new double[][] {{1}, {2}}).value(1, 1));
  }

  /** Results in doubles have the bits of the results in floats. */
  @Test
  void probabilitiesGoToDoublesToo() {
    for (Loss loss : List.of(Loss.SOFTMAX, Loss.SIGMOID, Loss.MSE)) {
      Predictor predictor = MODEL.withLoss(loss).predictor(2);
      float[] x = floats()[0];
      float[] results = new float[3];
      predictor.predict(x, results);
      double[] doubles = new double[3];
      predictor.predict(x, 1, doubles, null);
      for (int k = 0; k < 3; k++) {
        assertEquals(results[k], doubles[k]);
      }
    }
  }

  @Test
  void flatArraysAllocateNothing() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Predictor predictor = MODEL.predictor(1);
    float[] row = floats()[0];
    float[] floats = new float[3];
    double[] doubles = new double[3];
    int[] label = new int[1];
    long least = Long.MAX_VALUE;
    // At first kernels allocate, because the busy compiler has not compiled them yet.
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (least > 0 && System.nanoTime() < end) {
      long before = bean.getCurrentThreadAllocatedBytes();
      predictor.predict(row, 1, floats, label);
      predictor.predict(row, 1, doubles, label);
      least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least);
  }

  /**
   * When calls of two threads on one predictor overlap, one of them fails, and every call that does
   * not fail gives the right results.
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
