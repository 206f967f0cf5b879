package dev.lanewise.exchange;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lanewise.format.NdArray;
import dev.lanewise.model.Bins;
import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.Schemas;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime computes the same as the models from the graphs that are written for them. */
class OnnxRuntimeTest {
  private static final int ROWS = 200;
  private static final int INPUTS = 6;
  private static final List<Loss> OF_KINDS = List.of(Loss.SOFTMAX, Loss.SIGMOID, Loss.MAE);

  private static List<Scaling> scalings() {
    double[] a = {0, -3, 100, 0.25, 1e6, 5};
    double[] b = {1, 2, 30, 0.5, 1e5, 0};
    double[] most = {1, 2, 130, 0.5, 2e6, 5};
    double[] some = {1, Double.NaN, 30, 0.5, Double.NaN, 0};
    return List.of(
        Scaling.none(),
        Scaling.divide(255),
        Scaling.standardise(a, b),
        Scaling.minMax(a, most),
        Scaling.robust(a, b),
        Scaling.robust(a, some));
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Activation#values")
  void everyActivationLossAndScaling(Activation activation) throws Exception {
    int number = Activation.labels().indexOf(activation.label());
    Random random = new Random(number);
    for (Loss loss : Loss.values()) {
      int one = (number + Loss.labels().indexOf(loss.label())) % scalings().size();
      boolean all = activation == Activation.RELU;
      for (Scaling scaling : all ? scalings() : scalings().subList(one, one + 1)) {
        Architecture layers =
            new Architecture(INPUTS, List.of(9, 7), 4, List.of(activation, activation));
        Mlp model = Mlp.initial(layers, Initializer.HE, 3).withLoss(loss).withScaling(scaling);
        if (loss.task().hasNumbers()) {
          double[] mean = {1, -200, 3e4, 0};
          model = model.withTargetScaling(Scaling.standardise(mean, new double[] {2, 30, 400, 1}));
        }
        float[] x = new float[ROWS * INPUTS];
        for (int i = 0; i < x.length; i++) {
          double wide =
              scaling.undo(Math.max(-2.9, Math.min(2.9, random.nextGaussian())), i % INPUTS);
          x[i] = (float) (Double.isFinite(wide) ? wide : 1);
        }
        // Every kind of model has every output function, in one scaling.
        boolean kinds = all && scaling.equals(scalings().get(one)) && OF_KINDS.contains(loss);
        for (ModelKind kind : kinds ? ModelKind.values() : new ModelKind[] {ModelKind.ONE}) {
          compare(kind.of(model, Loss.labels().indexOf(loss.label())), x);
        }
      }
    }
  }

  private static void compare(Model model, float[] x) throws IOException, OrtException {
    int outputs = model.outputs();
    double[] expected = new double[ROWS * outputs];
    int[] decided = new int[ROWS * outputs];
    model.predictor(ROWS).predict(x, ROWS, expected, decided);
    try (OrtSession session = Sessions.of(model);
        OnnxTensor features = tensor(session, "features", x);
        OrtSession.Result results = session.run(Map.of("features", features))) {
      agree(model, expected, decided, results);
    }
  }

  /** Returns floats in the type of an input, in ROWS rows. */
  private static OnnxTensor tensor(OrtSession session, String input, float... x)
      throws OrtException {
    return Sessions.tensor(session, input, x.length / ROWS, NdArray.of(x, x.length).toDoubles());
  }

  /**
   * The inputs are seconds since 1970 in a table of ten minutes, and counts that are as far from 0.
   */
  @Test
  void numbersThatFloatsMergeAreDouble() throws Exception {
    double[] seconds = new double[ROWS];
    Arrays.setAll(seconds, i -> 1.7e9 + 600.0 / ROWS * i);
    double[] median = {1.7e9 + 300, 1 << 23};
    double[] range = {300, 100};
    Mlp model =
        Mlp.of(
                Architecture.relu(2, List.of(), 2),
                new float[] {0, 9, 0, 0, 0, 0}) // the class changes at the median
            .withScaling(Scaling.robust(median, range));
    for (double rounding : new double[] {63, Double.NaN}) { // known, then unknown
      Schema schema =
          Schemas.of(
              new NumberColumn("time", 0, median[0], false, rounding),
              new NumberColumn("count", 1, median[1], false, 0));
      Model table = Model.of(model).withSchema(schema);
      List<Map<String, Object>> rows = new ArrayList<>();
      for (double time : seconds) {
        rows.add(Map.of("time", time, "count", 1 << 23));
      }
      compare(table, rows);
      assertTrue(doc(table).contains("\ntime: double; NaN is a"));
      for (int row = 0; row < ROWS; row++) {
        int label = table.tablePredictor().predict(rows.get(row)).label(0);
        assertEquals(row > ROWS / 2 ? 1 : 0, label, "row " + row);
      }
    }
  }

  private static String doc(Model model) {
    return OnnxWriter.write(model, Map.of(), false, Set.of()).doc();
  }

  /**
   * Compares a model of a table with its graph, and returns the predictions.
   *
   * @param rows values by the names of columns
   */
  private static double[] compare(Model model, List<Map<String, Object>> rows) throws Exception {
    int outputs = model.outputs();
    double[] expected = new double[rows.size() * outputs];
    int[] decided = new int[rows.size()];
    TablePredictor predictor = model.tablePredictor();
    for (int row = 0; row < decided.length; row++) {
      Predictions predicted = predictor.predict(rows.get(row));
      System.arraycopy(predicted.values(0), 0, expected, row * outputs, outputs);
      decided[row] = predicted.label(0);
    }
    try (OrtSession session = Sessions.of(model);
        OrtSession.Result results = session.run(Sessions.tensors(session, rows))) {
      agree(model, expected, decided, results);
    }
    return expected;
  }

  /** A bin may be as narrow as the distance of two floats, so only exact floats may be float. */
  @Test
  void numbersWithNarrowBinsAreDoubleUnlessTheyAreFloats() throws Exception {
    float[] parameters = {0, 0, 0, 9, 0, -9, 0, 0}; // of the number, two bins and the biases
    Model model =
        Model.of(Mlp.of(Architecture.relu(3, List.of(), 2), parameters))
            .withBins(new Bins(new double[][] {{0, 1e-5, 3e-5}}))
            .withScaling(Scaling.standardise(new double[] {1000}, new double[] {100}));
    double[] x = new double[ROWS];
    Arrays.setAll(x, i -> 1000 + 4e-6 * i);
    for (double rounding : new double[] {3e-5, 0}) {
      Model table = model.withSchema(Schemas.of(new NumberColumn("x", 0, 1000, false, rounding)));
      try (OrtSession session = Sessions.of(table)) {
        assertEquals(rounding != 0, Sessions.isDouble(session, "x"));
      }
      List<Map<String, Object>> rows = new ArrayList<>();
      for (double number : x) {
        rows.add(Map.of("x", rounding == 0 ? (float) number : number));
      }
      compare(table, rows);
    }
  }

  /**
   * pandas writes True, writes whole numbers of a column with gaps as 7.0, and keeps blanks. Other
   * programs write 07.
   */
  @Test
  void categoriesAreKnownHoweverTheyAreSpelled() throws Exception {
    Schema schema =
        Schemas.of(
            new CategoryColumn("member", 0, List.of("false", "true"), true, false),
            new CategoryColumn("zip", 1, List.of("7", "501"), true, false));
    Mlp model =
        Mlp.of(
            Architecture.relu(schema.inputs(), List.of(), 2),
            new float[] {1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 0, 0});
    String[] member = {"true", "True", "TRUE", "False", "false", "?", " True", " false", " "};
    String[] zip = {"7", "7.0", "007", "00501", "501", "8", " 7", " 501.0", " ?"};
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int row = 0; row < member.length; row++) {
      rows.add(Map.of("member", member[row], "zip", zip[row]));
    }
    Model table = Model.of(model).withSchema(schema);
    double[] found = compare(table, rows);
    for (int same : new int[] {1, 2, 6}) {
      assertEquals(found[0], found[2 * same]);
    }
    assertEquals(found[2 * 3], found[2 * 4]);
    assertTrue(doc(table).contains("zip: strings, spelled as here"));
  }

  private static void agree(
      Model model, double[] expected, int[] decided, OrtSession.Result results)
      throws OrtException {
    boolean numbers = model.loss().task().hasNumbers();
    Object found = results.get(numbers ? "outputs" : "probabilities").get().getValue();
    boolean isDouble = !model.targetScaling().isNone() || numbers && model.members().size() > 1;
    assertEquals(isDouble ? double[][].class : float[][].class, found.getClass());
    boolean isPlain = model.members().size() == 1 && model.bins().isEmpty();
    int outputs = model.outputs();
    double largest = 1;
    for (double value : expected) {
      largest = numbers ? Math.max(largest, Math.abs(value)) : 1;
    }
    for (int i = 0; i < expected.length; i++) {
      double result = Array.getDouble(Array.get(found, i / outputs), i % outputs);
      double tolerance = isPlain ? 1e-5 : 1e-6;
      assertEquals(expected[i], result, tolerance * largest, model.toString());
    }
    if (model.loss().task().hasClasses()) {
      long[] labels = (long[]) results.get("label").get().getValue();
      boolean isRuled = model.rule().isPresent() || model.weighting().isPresent();
      int others = 0; // rows so near to a threshold that a rounding error decides
      for (int row = 0; row < labels.length; row++) {
        double[] p = Arrays.copyOfRange(expected, row * outputs, (row + 1) * outputs);
        int best = decided[row];
        boolean isNear = isRuled || p[best] - p[(int) labels[row]] < 1e-5;
        others += labels[row] == best ? 0 : isPlain && isNear ? 1 : ROWS;
      }
      assertTrue(others <= (isRuled ? 2 : ROWS - 1), others + " of " + model);
    }
  }

  /** As floats, the results would be only four different numbers, so the outputs are double. */
  @Test
  void numbersFarFromZeroStayApart() throws Exception {
    Model model =
        Model.of(
            Mlp.initial(Architecture.relu(INPUTS, List.of(9), 1), Initializer.HE, 3)
                .withLoss(Loss.MSE)
                .withTargetScaling(Scaling.standardise(new double[] {2e7}, new double[] {0.3})));
    Random random = new Random(4);
    float[] x = new float[ROWS * INPUTS];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    double[] expected = new double[ROWS];
    model.predictor(ROWS).predict(x, ROWS, expected, null);
    try (OrtSession session = Sessions.of(model);
        OnnxTensor features = tensor(session, "features", x);
        OrtSession.Result results = session.run(Map.of("features", features))) {
      double[][] found = (double[][]) results.get("outputs").get().getValue();
      for (int row = 0; row < ROWS; row++) {
        assertEquals(expected[row], found[row][0], 1e-5);
      }
    }
    assertTrue(Arrays.stream(expected).distinct().count() > ROWS / 2);
  }

  @ParameterizedTest
  @EnumSource
  void columnsOfATable(ModelKind kind) throws Exception {
    Schema schema =
        Schemas.of(
            new NumberColumn("age", 0, 31.7, true),
            new NumberColumn("pay", 1, 1000, false),
            new CategoryColumn("sex", 2, List.of("f", "m"), false, false),
            new CategoryColumn("town", 3, List.of("1", "x", "y"), true, true),
            new CategoryColumn("member", 4, List.of("false", "true"), false, true),
            new CategoryColumn("rare", 5, List.of("p", "q"), true, false),
            new CategoryColumn("one", 6, List.of("only"), false, false));
    int inputs = schema.inputs();
    double[] median = new double[inputs];
    double[] range = new double[inputs];
    Arrays.fill(range, Double.NaN);
    median[0] = 31.7;
    range[0] = 12;
    median[2] = 900;
    range[2] = 300;
    Model model =
        kind.of(
            Model.of(Mlp.initial(Architecture.relu(inputs, List.of(8), 3), Initializer.HE, 5))
                .withSchema(schema)
                .withScaling(Scaling.robust(median, range)),
            6);
    Random random = new Random(1);
    List<Map<String, Object>> rows = new ArrayList<>();
    List<List<String>> words =
        List.of(
            List.of("f", "m", "?", "", "other"),
            List.of("1", "x", "y", "NA", "", "z"),
            List.of("true", "False", "TRUE", "false", "", "maybe"),
            List.of("p", "q", "r", ""));
    List<String> names = List.of("sex", "town", "member", "rare");
    for (int row = 0; row < ROWS; row++) {
      Map<String, Object> values = new HashMap<>(Map.of("one", "only"));
      for (String name : List.of("age", "pay")) {
        float number = random.nextInt(5) == 0 ? Float.NaN : (float) random.nextGaussian() * 100;
        values.put(name, number);
      }
      for (int k = 0; k < names.size(); k++) {
        values.put(names.get(k), words.get(k).get(random.nextInt(words.get(k).size())));
      }
      rows.add(values);
    }
    compare(model, rows);
  }

  @Test
  void whatOperatorsCannotSayIsRefusedByName() {
    Mlp model = Mlp.initial(Architecture.relu(1, List.of(), 2), Initializer.HE, 1);
    refused(
        Model.of(model).withSchema(Schemas.of(new NumberColumn("label", 0, 0, false))),
        "column label");
    Model numbers =
        Model.of(
            model
                .withLoss(Loss.MSE)
                .withTargetScaling(Scaling.robust(new double[2], new double[] {1, 1})));
    refused(numbers, "targets with robust scaling");
  }

  private static void refused(Model model, String text) {
    rejects(() -> OnnxWriter.write(model, Map.of(), false, Set.of()), text);
  }
}
