package dev.lanewise.nn;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong calls fail at once, with an exception that says what to do. */
class MisuseTest {
  private static final Mlp MODEL =
      Mlp.initial(Architecture.relu(2, List.of(4), 3), Initializer.HE, 1);

  private static void refused(String text, Executable call) {
    rejects(call, text);
  }

  /** In a single array, results would overwrite rows that have not been predicted yet. */
  @Test
  void featuresAndProbabilitiesAreTwoArrays() {
    float[] both = new float[30];
    Predictor predictor = MODEL.predictor(2);
    String text = "one array for both features and probabilities, expected two";
    refused(text, () -> predictor.predict(both, both));
    refused(text, () -> predictor.predict(both, 10, both, null));
  }

  @Test
  void rowsAreArrays() {
    Predictor predictor = MODEL.predictor(2);
    String text = "predict: row 1 is null, expected 2 features";
    refused(text, () -> predictor.predict(new float[][] {{1, 2}, null}));
    refused(text, () -> predictor.predict(new double[][] {{1, 2}, null}));
    assertEquals(1, predictor.predict(new double[][] {{1, 2}}).rows());
  }

  /** Several layers of 2^31 - 1 units have more parameters than a long can count. */
  @Test
  void sizesThatNoLongCountsAreRefused() {
    int most = Integer.MAX_VALUE;
    for (int layers = 1; layers < 9; layers++) {
      List<Integer> hidden = Collections.nCopies(layers, most);
      refused("parameters, expected fewer than 2^31", () -> Architecture.relu(most, hidden, most));
    }
    refused(
        "1 inputs and 2147483647 targets, expected numbers from 0 and less than 2^31",
        () -> Schema.ofNumbers(1, most));
    refused("-1 inputs and 2 targets", () -> Schema.ofNumbers(-1, 2));
  }

  /** A file would change such names, so that two different names could become equal. */
  @ParameterizedTest
  @ValueSource(strings = {"a\0", "a\0b", "a\ud800", "\udc00a"})
  void namesAreTextThatFilesKeep(String name) {
    String text = "the character 0 or half of a surrogate pair, expected text that every file";
    refused(text, () -> MODEL.withClassNames(List.of("x", name, "z")));
    refused(text, () -> schema(name, List.of("NA")));
    refused(text, () -> schema("a", List.of(name)));
    refused(text, () -> new CategoryColumn("a", 0, List.of("x", name), false, false));
  }

  /** If two classes had the same name, labels given by name would all go to the first of them. */
  @Test
  void classNamesAreDistinctAndThere() {
    refused(
        "class names: 'a' twice, expected each once",
        () -> MODEL.withClassNames(List.of("a", "b", "a")));
    refused(
        "class names: null, expected a text",
        () -> MODEL.withClassNames(Arrays.asList("a", null, "b")));
  }

  @Test
  void notesOnTheTrainingCanBeSaved() {
    refused("ends in the character 0", () -> MODEL.withTraining(List.of("epochs=1\0")));
  }

  private static Schema schema(String column, List<String> missing) {
    return Schemas.of(
        missing, '.', new NumberColumn(column, 0, 0, false), new NumberColumn("b", 1, 0, false));
  }

  @Test
  void columnsAreThoseOfTheModel() {
    TablePredictor predictor = Model.of(MODEL).withSchema(schema("a", List.of())).tablePredictor();
    for (int column : new int[] {-1, 2}) {
      rejects(
          IndexOutOfBoundsException.class,
          () -> predictor.set(column, 1.0),
          "Index " + column + " out of bounds for length 2");
      assertThrows(IndexOutOfBoundsException.class, () -> predictor.set(column, "1"));
    }
  }

  /** Otherwise a predicted row could consist of values that two threads have set. */
  @Test
  void twoThreadsInATablePredictorAreRefused() throws InterruptedException, ExecutionException {
    TablePredictor shared = Model.of(MODEL).withSchema(schema("a", List.of())).tablePredictor();
    AtomicBoolean met = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> wrong = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        Map<String, Integer> row = Map.of("a", 3 * t, "b", -5 * t);
        wrong.add(threads.submit(() -> wrongPredictions(shared, row, met)));
      }
      assertEquals(0, wrong.get(0).get() + wrong.get(1).get());
    } finally {
      threads.shutdownNow();
    }
    assertTrue(met.get(), "two threads never met, and the second was never refused");
    shared.predict(Map.of("a", 1, "b", 2));
  }

  private static int wrongPredictions(
      TablePredictor shared, Map<String, Integer> row, AtomicBoolean met) {
    double[] expected = MODEL.predictor(1).predict(row.get("a"), row.get("b")).values(0);
    int wrong = 0;
    for (int i = 0; i < 5_000_000 && !met.get() && wrong == 0; i++) {
      try {
        wrong += Arrays.equals(expected, shared.predict(row).values(0)) ? 0 : 1;
      } catch (IllegalStateException e) {
        assertTrue(e.getMessage().contains("another thread is using"), e.getMessage());
        met.set(true);
      }
    }
    return wrong;
  }
}
