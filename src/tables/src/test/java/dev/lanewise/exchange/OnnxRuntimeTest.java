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
  private static final int ROWS = 1000;
  private static final int INPUTS = 6;

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
        // Every kind of model has every loss, in one scaling.
        boolean kinds = all && scaling.equals(scalings().get(one));
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
    Arrays.setAll(seconds, i -> 1.7e9 + 0.6 * i);
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
      TablePredictor predictor = Model.of(model).withSchema(schema).tablePredictor();
      double[] counts = new double[ROWS];
      Arrays.fill(counts, 1 << 23);
      try (OrtSession session = Sessions.of(Model.of(model).withSchema(schema));
          OrtSession.Result results =
              session.run(
                  Map.of(
                      "time", Sessions.tensor(session, "time", 1, seconds),
                      "count", Sessions.tensor(session, "count", 1, counts)))) {
        assertTrue(session.getMetadata().getDescription().contains("\ntime: double; NaN is a"));
        long[] labels = (long[]) results.get("label").get().getValue();
        for (int row = 0; row < ROWS; row++) {
          Map<String, Object> values = Map.of("time", seconds[row], "count", counts[row]);
          assertEquals(predictor.predict(values).label(0), labels[row], "row " + row);
          assertEquals(row > 500 ? 1 : 0, labels[row], "row " + row);
        }
      }
    }
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
      TablePredictor predictor = table.tablePredictor();
      try (OrtSession session = Sessions.of(table)) {
        assertEquals(rounding != 0, Sessions.isDouble(session, "x"));
        double[] rows = rounding == 0 ? Arrays.stream(x).map(v -> (float) v).toArray() : x;
        double[] expected = new double[2 * ROWS];
        int[] decided = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
          Predictions row = predictor.predict(Map.of("x", rows[i]));
          System.arraycopy(row.values(0), 0, expected, 2 * i, 2);
          decided[i] = row.label(0);
        }
        try (OrtSession.Result results =
            session.run(Map.of("x", Sessions.tensor(session, "x", 1, rows)))) {
          agree(table, expected, decided, results);
        }
      }
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
    long[] shape = {member.length, 1};
    Map<String, OnnxTensor> inputs =
        Map.of(
            "member", OnnxTensor.createTensor(Sessions.ENVIRONMENT, member, shape),
            "zip", OnnxTensor.createTensor(Sessions.ENVIRONMENT, zip, shape));
    TablePredictor predictor = Model.of(model).withSchema(schema).tablePredictor();
    try (OrtSession session = Sessions.of(Model.of(model).withSchema(schema));
        OrtSession.Result results = session.run(inputs)) {
      float[][] found = (float[][]) results.get("probabilities").get().getValue();
      for (int row = 0; row < member.length; row++) {
        Predictions expected = predictor.predict(Map.of("member", member[row], "zip", zip[row]));
        assertEquals(expected.value(0, 0), found[row][0], 1e-6, member[row] + " " + zip[row]);
      }
      assertEquals(found[0][0], found[1][0]);
      assertEquals(found[0][0], found[2][0]);
      assertEquals(found[3][0], found[4][0]);
      assertEquals(found[0][0], found[6][0]);
      assertTrue(session.getMetadata().getDescription().contains("zip: strings, spelled as here"));
    }
  }

  private static void agree(
      Model model, double[] expected, int[] decided, OrtSession.Result results)
      throws OrtException {
    boolean numbers = model.loss().task().hasNumbers();
    Object found = results.get(numbers ? "outputs" : "probabilities").get().getValue();
    boolean isDouble =
        !(model.targetScaling() instanceof Scaling.None) || numbers && model.members().size() > 1;
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
    float[] numbers = new float[2 * ROWS];
    String[][] texts = new String[names.size()][ROWS];
    for (int row = 0; row < ROWS; row++) {
      Map<String, Object> values = new HashMap<>(Map.of("one", "only"));
      for (int k = 0; k < 2; k++) {
        float number = random.nextInt(5) == 0 ? Float.NaN : (float) random.nextGaussian() * 100;
        numbers[k * ROWS + row] = number;
        values.put(k == 0 ? "age" : "pay", number);
      }
      for (int k = 0; k < names.size(); k++) {
        texts[k][row] = words.get(k).get(random.nextInt(words.get(k).size()));
        values.put(names.get(k), texts[k][row]);
      }
      rows.add(values);
    }
    double[] expected = new double[3 * ROWS];
    int[] decided = new int[ROWS];
    TablePredictor predictor = model.tablePredictor();
    for (int row = 0; row < ROWS; row++) {
      Predictions predicted = predictor.predict(rows.get(row));
      System.arraycopy(predicted.values(0), 0, expected, 3 * row, 3);
      decided[row] = predicted.label(0);
    }
    long[] shape = {ROWS, 1};
    Map<String, OnnxTensor> tensors = new HashMap<>();
    for (int k = 0; k < names.size(); k++) {
      tensors.put(names.get(k), OnnxTensor.createTensor(Sessions.ENVIRONMENT, texts[k], shape));
    }
    try (OrtSession session = Sessions.of(model)) {
      for (int k = 0; k < 2; k++) {
        float[] column = Arrays.copyOfRange(numbers, k * ROWS, (k + 1) * ROWS);
        String name = k == 0 ? "age" : "pay";
        tensors.put(name, tensor(session, name, column));
      }
      try (OrtSession.Result results = session.run(tensors)) {
        agree(model, expected, decided, results);
      }
    }
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
