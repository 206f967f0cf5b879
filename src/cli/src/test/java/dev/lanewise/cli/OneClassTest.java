package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.Npz;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.metrics.ProbabilityMetrics;
import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of output (command, API, server, ...) gives a row the same class. The rows lie at the
 * borders of classes, to the last bit of a feature. There the probabilities of two classes are
 * often the same float although the sums of the last layer differ.
 */
class OneClassTest {
  private static final int ROWS = 20_000;
  private static final int INPUTS = 3;
  private static final int CLASSES = 3;
  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final Model MODEL = model(Loss.SOFTMAX).withClassNames(NAMES);

  private static float[] features; // [ROWS][INPUTS]
  private static int[] expected; // [ROWS]
  private static float[] probabilities; // [ROWS][CLASSES]

  @TempDir private static Path directory;
  private static Path model;
  private static Path table; // the features and the expected classes

  private static Model model(Loss loss) {
    Architecture layers = new Architecture(INPUTS, List.of(8), CLASSES, List.of(Activation.RELU));
    float[] parameters = Mlp.initial(layers, Initializer.HE, 5).parameters();
    for (int p = INPUTS * 8 + 8; p < parameters.length; p++) {
      parameters[p] *= 0x1p-4f; // small sums have more fraction bits than probabilities
    }
    Map<String, Integer> places = new LinkedHashMap<>();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < INPUTS; i++) {
      columns.add(new NumberColumn("x" + i, i, 0.5, false));
      places.put("x" + i, i);
    }
    List<String> targets = loss == Loss.SOFTMAX ? List.of("y") : List.of("y0", "y1", "y2");
    targets.forEach(target -> places.put(target, places.size()));
    Schema schema =
        new Schema(
            columns, targets, Optional.empty(), List.of(), places, true, List.of(), '.', Map.of());
    return Model.of(
            Mlp.of(layers, parameters)
                .withLoss(loss)
                .withScaling(
                    Scaling.standardise(new double[] {0.1, -0.2, 0}, new double[] {1.5, 2, 1})))
        .withSchema(schema);
  }

  /** Bisects between rows of two classes until only neighbouring floats are left. */
  private static float[] atBorders(Model model, int rows) {
    Random random = new Random(1);
    Predictor predictor = model.predictor(1024);
    float[] a = new float[rows * INPUTS];
    float[] b = new float[rows * INPUTS];
    for (int i = 0; i < a.length; i++) {
      a[i] = 2 * (float) random.nextGaussian();
      b[i] = 2 * (float) random.nextGaussian();
    }
    float[] middle = new float[a.length];
    Predictions ofA = predictor.predict(rows(a)); // the classes of a never change
    for (int step = 0; step < 30; step++) {
      for (int i = 0; i < a.length; i++) {
        middle[i] = (a[i] + b[i]) / 2;
      }
      Predictions ofMiddle = predictor.predict(rows(middle));
      for (int row = 0; row < rows; row++) {
        boolean same =
            model.loss().task().hasClasses()
                ? ofA.label(row) == ofMiddle.label(row)
                : ofA.isPredicted(row, 0) == ofMiddle.isPredicted(row, 0);
        System.arraycopy(middle, row * INPUTS, same ? a : b, row * INPUTS, INPUTS);
      }
    }
    for (int i = 0; i < a.length; i += 2 * INPUTS) { // takes rows from both sides of a border
      System.arraycopy(b, i, a, i, INPUTS);
    }
    return a;
  }

  private static double[][] rows(float[] flat) {
    double[][] rows = new double[flat.length / INPUTS][INPUTS];
    for (int i = 0; i < flat.length; i++) {
      rows[i / INPUTS][i % INPUTS] = flat[i];
    }
    return rows;
  }

  @BeforeAll
  static void makeRows() throws IOException {
    features = atBorders(MODEL, ROWS);
    Predictor predictor = MODEL.predictor(512);
    probabilities = new float[ROWS * CLASSES];
    expected = new int[ROWS];
    int ties = 0;
    predictor.predict(features, probabilities);
    double[][] rows = rows(features);
    for (int i = 0; i < ROWS; i++) {
      expected[i] = predictor.predict(rows[i]).label(0);
      float[] p = Arrays.copyOfRange(probabilities, i * CLASSES, (i + 1) * CLASSES);
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        best = p[c] > p[best] ? c : best;
      }
      ties += best != expected[i] ? 1 : 0;
    }
    assertTrue(ties > ROWS / 100, ties + " rows on which probabilities would choose another class");
    model = directory.resolve("model.npz");
    MODEL.save(model);
    table = directory.resolve("rows.csv");
    StringBuilder lines = new StringBuilder("x0,x1,x2,y\n");
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < INPUTS; j++) {
        lines.append((double) features[i * INPUTS + j]).append(',');
      }
      lines.append(NAMES.get(expected[i])).append('\n');
    }
    Files.writeString(table, lines);
  }

  private static Dataset data() throws IOException {
    String[] labels = new String[ROWS];
    Arrays.setAll(labels, i -> NAMES.get(expected[i]));
    float[][] rows = new float[ROWS][];
    Arrays.setAll(rows, i -> Arrays.copyOfRange(features, i * INPUTS, (i + 1) * INPUTS));
    return Dataset.of(Rows.of(rows, labels));
  }

  @Test
  void arrays() {
    Predictor predictor = MODEL.predictor(300);
    float[] some = new float[ROWS * CLASSES];
    int[] labels = new int[ROWS];
    predictor.predict(features, ROWS, some, labels);
    assertArrayEquals(expected, labels);
    assertArrayEquals(probabilities, some);
    Predictions predictions = predictor.predict(rows(features));
    for (int i = 0; i < ROWS; i++) {
      assertEquals(expected[i], predictions.label(i));
      assertEquals(NAMES.get(expected[i]), predictions.className(i));
    }
  }

  @Test
  void namedColumns() {
    TablePredictor predictor = MODEL.tablePredictor();
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < INPUTS; j++) {
        predictor.set(j, features[i * INPUTS + j]);
      }
      assertEquals(expected[i], predictor.predict().label(0));
    }
  }

  @Test
  void files() throws IOException {
    String[] words = {"predict", "--model", model.toString(), "--data", table.toString()};
    Run csv = Run.of(words).ok();
    List<String> lines = csv.out().lines().skip(1).toList();
    Run json = Run.line(words, "--json");
    List<String> rows = json.out().lines().filter(l -> l.contains("\"event\":\"row\"")).toList();
    Path npz = directory.resolve("predicted.npz");
    Run.line(words, "--out", npz).ok();
    assertEquals(ROWS, lines.size());
    assertEquals(ROWS, rows.size());
    double[] predicted;
    try (Npz arrays = Npz.open(npz)) {
      predicted = arrays.read("predicted").toDoubles();
    }
    for (int i = 0; i < ROWS; i++) {
      String name = NAMES.get(expected[i]);
      assertEquals(name, lines.get(i).split(",")[2], lines.get(i));
      assertTrue(rows.get(i).contains("\"predicted\":\"" + name + "\""), rows.get(i));
      assertEquals(expected[i], predicted[i]);
    }
  }

  @Test
  void evaluations() throws IOException {
    Evaluation evaluation = Evaluator.evaluate(MODEL, data().train(), 2);
    assertEquals(1, evaluation.accuracy());
    assertEquals(1, Evaluator.score(MODEL, data().train(), 1).accuracy());
    assertEquals(1, Metrics.of(evaluation).accuracy());
    assertEquals(1, ProbabilityMetrics.of(evaluation).topAccuracy(1));
    for (int i = 0; i < ROWS; i++) {
      assertEquals(expected[i], evaluation.predicted(i));
    }
    Run.line("evaluate --model", model, "--data", table, "--json").says("\"accuracy\":1.0,");
  }

  @Test
  void server() throws IOException {
    try (Served served = new Served(MODEL, 1, 8, 1 << 24);
        RawHttp http = served.connect()) {
      StringBuilder body = new StringBuilder("[");
      for (int i = 0; i < ROWS; i++) {
        body.append(i == 0 ? "[" : ",[");
        for (int j = 0; j < INPUTS; j++) {
          body.append(j == 0 ? "" : ",").append((double) features[i * INPUTS + j]);
        }
        body.append(']');
      }
      RawHttp.Response answer = http.post(body.append(']').toString());
      assertEquals(200, answer.status());
      String csv = Files.readString(table, StandardCharsets.UTF_8);
      RawHttp.Response ofCsv = http.post(csv, "Content-Type: text/csv");
      String[] rows = answer.body().split("\n");
      String[] lines = ofCsv.body().split("\n");
      for (int i = 0; i < ROWS; i++) {
        String name = NAMES.get(expected[i]);
        assertTrue(rows[i].contains("{\"predicted\":\"" + name + "\""), rows[i]);
        assertEquals(name, lines[i + 1].split(",")[1], lines[i + 1]);
      }
      String[] single = body.substring(1).split("],", 501);
      for (int i = 0; i < 500; i++) { // single rows use another predictor
        String one = single[i] + "]";
        String name = NAMES.get(expected[i]);
        assertTrue(http.post(one).body().contains("\"predicted\":\"" + name + "\""), one);
      }
    }
  }

  /** Whether an output of a sigmoid holds is also decided by its sum. */
  @Test
  void labelsThatHold() throws IOException {
    Model sigmoid = model(Loss.SIGMOID);
    int rows = ROWS / 10;
    float[] x = atBorders(sigmoid, rows);
    Predictor predictor = sigmoid.predictor(200);
    float[] results = new float[rows * CLASSES];
    int[] labels = new int[results.length];
    predictor.predict(x, rows, results, labels);
    Predictions predictions = predictor.predict(rows(x));
    TablePredictor named = sigmoid.tablePredictor();
    Predictions ofRow = null;
    float[][] targets = new float[rows][CLASSES];
    float[][] inputs = new float[rows][];
    int others = 0;
    for (int i = 0; i < labels.length; i++) {
      int row = i / CLASSES;
      int output = i % CLASSES;
      if (output == 0) {
        inputs[row] = Arrays.copyOfRange(x, row * INPUTS, (row + 1) * INPUTS);
        for (int j = 0; j < INPUTS; j++) {
          named.set(j, inputs[row][j]);
        }
        ofRow = named.predict();
      }
      boolean holds = labels[i] == 1;
      others += holds != results[i] > 0.5f ? 1 : 0;
      assertEquals(holds, predictions.isPredicted(row, output));
      assertEquals(holds, ofRow.isPredicted(0, output));
      targets[row][output] = labels[i];
    }
    assertTrue(others > 10, others + " outputs whose probability is 1/2 though they hold");
    Evaluation evaluation = Evaluator.evaluate(sigmoid, Rows.of(inputs, targets), 2);
    assertEquals(1, evaluation.accuracy());
    assertEquals(1, evaluation.subsetAccuracy());
  }
}
