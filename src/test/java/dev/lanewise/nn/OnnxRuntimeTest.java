package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ONNX Runtime on the graphs that are written here, beside the models. */
class OnnxRuntimeTest {
  private static final int ROWS = 1000;
  private static final int INPUTS = 6;
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private static byte[] graph(Mlp model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxWriter.write(model, Map.of()).write(out);
    return out.toByteArray();
  }

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
  @EnumSource(Activation.class)
  void everyActivationLossAndScaling(Activation activation) throws Exception {
    Random random = new Random(activation.ordinal());
    for (Loss loss : Loss.values()) {
      int one = (activation.ordinal() + loss.ordinal()) % scalings().size();
      boolean all = activation == Activation.RELU;
      for (Scaling scaling : all ? scalings() : scalings().subList(one, one + 1)) {
        Architecture layers =
            new Architecture(INPUTS, List.of(9, 7), 4, List.of(activation, activation));
        Mlp model = Mlp.initial(layers, Initializer.HE, 3).withLoss(loss).withScaling(scaling);
        if (loss.isRegression()) {
          double[] mean = {1, -200, 3e4, 0};
          model = model.withTargetScaling(Scaling.standardise(mean, new double[] {2, 30, 400, 1}));
        }
        float[] x = new float[ROWS * INPUTS];
        for (int i = 0; i < x.length; i++) {
          double wide =
              scaling.undo(Math.max(-2.9, Math.min(2.9, random.nextGaussian())), i % INPUTS);
          x[i] = (float) (Double.isFinite(wide) ? wide : 1);
        }
        compare(model, x);
      }
    }
  }

  private static void compare(Mlp model, float[] x) throws IOException, OrtException {
    int outputs = model.architecture().outputs();
    float[] expected = new float[ROWS * outputs];
    model.predictor(ROWS).predict(x, expected);
    try (OrtSession session = ENVIRONMENT.createSession(graph(model));
        OnnxTensor features =
            OnnxTensor.createTensor(
                ENVIRONMENT, FloatBuffer.wrap(x), new long[] {ROWS, x.length / ROWS});
        OrtSession.Result results = session.run(Map.of("features", features))) {
      agree(model, expected, results);
    }
  }

  private static void agree(Mlp model, float[] expected, OrtSession.Result results)
      throws OrtException {
    boolean numbers = model.loss().isRegression();
    float[][] found =
        (float[][]) results.get(numbers ? "outputs" : "probabilities").get().getValue();
    int outputs = model.architecture().outputs();
    double largest = 1;
    for (float value : expected) {
      largest = numbers ? Math.max(largest, Math.abs(value)) : 1;
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i / outputs][i % outputs], 1e-5 * largest, model.toString());
    }
    if (model.loss().takesClasses()) {
      long[] labels = (long[]) results.get("label").get().getValue();
      for (int row = 0; row < labels.length; row++) {
        float[] p = Arrays.copyOfRange(expected, row * outputs, (row + 1) * outputs);
        int best = 0;
        for (int c = 1; c < p.length; c++) {
          best = p[c] > p[best] ? c : best;
        }
        assertTrue(labels[row] == best || p[best] - p[(int) labels[row]] < 1e-5);
      }
    }
  }

  static Schema schema(Column... columns) {
    Map<String, Integer> places = new HashMap<>();
    for (Column column : columns) {
      places.put(column.name(), column.position());
    }
    places.put("y", columns.length);
    return new Schema(
        List.of(columns),
        List.of("y"),
        Optional.empty(),
        List.of(),
        places,
        true,
        List.of("NA", "?"),
        '.');
  }

  @Test
  void columnsOfATable() throws Exception {
    Schema schema =
        schema(
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
    Mlp model =
        Mlp.initial(Architecture.relu(inputs, List.of(8), 3), Initializer.HE, 5)
            .withSchema(schema)
            .withScaling(Scaling.robust(median, range));
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
    float[] expected = new float[3 * ROWS];
    TablePredictor predictor = model.tablePredictor();
    float[] result = new float[3];
    for (int row = 0; row < ROWS; row++) {
      predictor.predict(rows.get(row), result);
      System.arraycopy(result, 0, expected, 3 * row, 3);
    }
    long[] shape = {ROWS, 1};
    Map<String, OnnxTensor> tensors = new HashMap<>();
    for (int k = 0; k < 2; k++) {
      FloatBuffer column = FloatBuffer.wrap(numbers, k * ROWS, ROWS).slice();
      tensors.put(k == 0 ? "age" : "pay", OnnxTensor.createTensor(ENVIRONMENT, column, shape));
    }
    for (int k = 0; k < names.size(); k++) {
      tensors.put(names.get(k), OnnxTensor.createTensor(ENVIRONMENT, texts[k], shape));
    }
    try (OrtSession session = ENVIRONMENT.createSession(graph(model));
        OrtSession.Result results = session.run(tensors)) {
      agree(model, expected, results);
    }
  }

  @Test
  void whatOperatorsCannotSayIsRefusedByName() {
    Schema dates =
        schema(
            new DateColumn(
                new NumberColumn("day", 0, 1, false),
                new CategoryColumn("day month", 0, List.of(), false, false),
                new CategoryColumn("day weekday", 0, List.of(), false, false)));
    Mlp model = Mlp.initial(Architecture.relu(1, List.of(), 2), Initializer.HE, 1);
    refused(model.withSchema(dates), "column day is a date");
    refused(model.withSchema(schema(new NumberColumn("label", 0, 0, false))), "column label");
    Mlp numbers =
        model
            .withLoss(Loss.MSE)
            .withTargetScaling(Scaling.robust(new double[2], new double[] {1, 1}));
    refused(numbers, "robust scaling of targets");
  }

  private static void refused(Mlp model, String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> OnnxWriter.write(model, Map.of()));
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }
}
