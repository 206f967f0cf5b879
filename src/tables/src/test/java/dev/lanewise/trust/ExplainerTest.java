package dev.lanewise.trust;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.Schemas;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainerTest {
  private static final Schema SCHEMA =
      Schemas.of(
          new NumberColumn("age", 0, 30, true),
          new CategoryColumn("city", 1, List.of("Bern", "Rom", "Ulm"), true, false),
          new CategoryColumn("only", 2, List.of("x"), false, false), // no inputs
          new DateColumn(
              new NumberColumn("day", 3, 19000, false),
              new CategoryColumn("day", 3, List.of("01", "02"), false, false),
              new CategoryColumn("day", 3, List.of("1", "2", "3"), false, false)));

  private static Mlp network(Loss loss, int inputs, long seed) {
    return IntegratedGradientsTest.network(new Random(seed), loss, Activation.SILU, inputs, 6);
  }

  /** Returns a model of a table, of two networks, one of which sees bins. */
  private static Model ofTable() {
    int inputs = SCHEMA.inputs();
    double[] mean = new double[inputs];
    double[] deviation = new double[inputs];
    boolean[] isNumber = SCHEMA.scaledInputs();
    for (int j = 0; j < inputs; j++) {
      mean[j] = isNumber[j] ? j == 0 ? 40 : 19000 : 0;
      deviation[j] = isNumber[j] ? j == 0 ? 12 : 300 : 1;
    }
    Model network =
        Model.of(network(Loss.SOFTMAX, inputs, 5))
            .withSchema(SCHEMA)
            .withScaling(Scaling.standardise(mean, deviation))
            .withClassNames(List.of("a", "b", "c"));
    return ModelKind.MIXED.of(network, 3);
  }

  @Test
  void columnsOfATableCountAsOne() {
    Model model = ofTable();
    float[] background = IntegratedGradientsTest.rows(new Random(4), 5 * model.inputs());
    Explainer explainer = Explainer.of(model).withBackground(background);
    assertEquals(List.of("age", "city", "day"), explainer.columns());
    Map<String, Object> row = new HashMap<>(Map.of("city", "Rom", "day", "2022-02-01"));
    row.put("age", null);
    row.put("only", "x");
    row.put("more", 1);
    Explanation why = explainer.explain(row);
    Predictions predictions = model.tablePredictor().predict(row);
    assertEquals(predictions.label(0), why.output());
    assertEquals(predictions.value(0, why.output()), why.prediction(), 1e-6);
    assertEquals(3, why.contributions().size());
    assertEquals(why.prediction() - why.base(), why.sum(), 1e-4);
    row.remove("age");
    assertSays("no column age", () -> explainer.explain(row));
  }

  /** Of background rows, numbers have their median and all else its mean. */
  @Test
  void theBaselineIsTheMedianAndTheShares() {
    Schema schema =
        Schemas.of(
            new NumberColumn("age", 0, 30, false),
            new CategoryColumn("city", 1, List.of("Bern", "Rom", "Ulm"), false, false));
    Model network = Model.of(network(Loss.SIGMOID, 4, 8)).withSchema(schema);
    float[] background = {1, 1, 0, 0, 2, 1, 0, 0, 50, 0, 1, 0, 4, 1, 0, 0};
    float[] baseline = {3, 0.75f, 0.25f, 0};
    Explainer explainer = Explainer.of(network).withBackground(background);
    Explanation same = explainer.withOutput(2).explain(baseline).get(0);
    assertEquals(same.base(), same.prediction());
    assertArrayEquals(new int[] {0, 1}, same.order());
    assertEquals(0, same.sum());
    float[] array = {2, 0, 0.5f, 0}; // without a schema, each feature has its median
    Explainer ofArrays =
        Explainer.of(Model.of(network(Loss.SIGMOID, 4, 8)))
            .withBackground(new float[] {1, 0, 0, 0, 3, 0, 1, 0});
    assertEquals(List.of("#0", "#1", "#2", "#3"), ofArrays.columns());
    assertEquals(0, ofArrays.explain(array).get(0).sum());
  }

  @Test
  void threadsAndOtherRowsChangeNoBit() {
    Random random = new Random(1);
    Model model = ModelKind.SEVERAL.of(network(Loss.SOFTMAX, 12, 2), 2);
    float[] rows = IntegratedGradientsTest.rows(random, 12 * 9);
    Explainer explainer =
        Explainer.of(model).withBackground(IntegratedGradientsTest.rows(random, 12 * 30));
    List<Explanation> one = explainer.explain(rows);
    List<Explanation> three = explainer.withThreads(3).explain(rows);
    float[] last = new float[12];
    System.arraycopy(rows, 12 * 8, last, 0, 12);
    assertEquals(one.get(8), explainer.explain(last).get(0));
    assertEquals(one, three);
  }

  @Test
  void aListenerEndsTheWork() {
    Explainer explainer =
        Explainer.of(Model.of(network(Loss.SOFTMAX, 2, 3)))
            .withBackground(new float[] {0, 0})
            .withThreads(2);
    assertEquals(8, explainer.explain(new float[40], done -> done < 2).size());
    assertEquals(5, explainer.explain(new float[10]).size());
    assertEquals(0, explainer.explain(new float[0]).size());
  }

  @ParameterizedTest
  @CsvSource({"sigmoid", "softmax"})
  void theLikeliestOutputIsExplained(Loss loss) {
    Model network = Model.of(network(loss, 3, 11));
    float[] row = {1, -2, 0.5f};
    float[] results = new float[3];
    network.predictor(1).predict(row, results);
    Explanation why = Explainer.of(network).withBackground(new float[3]).explain(row).get(0);
    for (float each : results) {
      assertTrue(each <= results[why.output()]);
    }
    assertEquals(results[why.output()], why.prediction(), 1e-6);
  }

  @Test
  void whatIsMissingOrWrongIsRefused() {
    Explainer explainer = Explainer.of(Model.of(network(Loss.SOFTMAX, 2, 3)));
    assertSays("no background rows", () -> explainer.explain(new float[2]));
    assertSays("no background rows", () -> explainer.withBackground(new float[0]));
    assertSays("whole rows of 2", () -> explainer.withBackground(new float[3]));
    assertSays(
        "row 1, feature 0 is NaN",
        () -> explainer.withBackground(new float[] {0, 0, Float.NaN, 0}));
    Explainer ready = explainer.withBackground(new float[2]);
    assertSays("rows of 3 features", () -> ready.explain(new float[3]));
    assertSays(
        "feature 1 is Infinity", () -> ready.explain(new float[] {0, Float.POSITIVE_INFINITY}));
    assertSays("output 3, expected a number from 0 to 2", () -> ready.withOutput(3));
    assertSays("threads 0", () -> ready.withThreads(0));
    assertSays("no schema", () -> ready.explain(Map.of("a", 1)));
    Explainer numbers =
        Explainer.of(Model.of(network(Loss.MSE, 2, 3))).withBackground(new float[2]);
    assertSays("a model of 3 numbers", () -> numbers.explain(new float[2]));
    assertEquals(1, numbers.withOutput(2).explain(new float[2]).size());
  }

  private static void assertSays(String part, Executable call) {
    rejects(RuntimeException.class, call, part);
  }
}
