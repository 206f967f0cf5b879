package dev.lanewise.model;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.Schemas;
import java.util.ArrayList;
import java.util.Arrays;
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

/** Wrong calls with rows by name fail at once, with an exception that says what to do. */
class MisuseTest {
  private static final Mlp MODEL =
      Mlp.initial(Architecture.relu(2, List.of(4), 3), Initializer.HE, 1);

  private static void refused(String text, Executable call) {
    rejects(call, text);
  }

  @Test
  void schemasOfNumbersHaveColumns() {
    int most = Integer.MAX_VALUE;
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
    refused(text, () -> schema(name, List.of("NA")));
    refused(text, () -> schema("a", List.of(name)));
    refused(text, () -> new CategoryColumn("a", 0, List.of("x", name), false, false));
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
