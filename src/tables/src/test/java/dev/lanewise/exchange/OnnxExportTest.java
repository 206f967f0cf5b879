package dev.lanewise.exchange;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import dev.lanewise.export.OnnxExport;
import dev.lanewise.format.FormatException;
import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.Schemas;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Graphs with names as labels and int64 inputs. */
class OnnxExportTest {
  private static final int ROWS = 300;
  static final String[] WHOLE = {"age", "id", "town", "day/days", "day/month", "day/weekday"};

  /** Kinds whose weights or costs may give all rows the same class. */
  private static final Set<ModelKind> UNEQUAL =
      Set.of(ModelKind.RULED_MIXED, ModelKind.WEIGHTED_MIXED);

  @TempDir Path directory;

  private static Schema schema() {
    List<String> months = IntStream.rangeClosed(1, 11).mapToObj("%02d"::formatted).toList();
    List<String> days = IntStream.rangeClosed(1, 7).mapToObj(Integer::toString).toList();
    return Schemas.of(
        new NumberColumn("age", 0, 40, true, 0),
        new NumberColumn("id", 1, 0, false, 0), // beyond the whole numbers of a double
        new CategoryColumn("town", 2, List.of("7", "501", "x"), true, false),
        new DateColumn(
            new NumberColumn("day", 3, 19_800, false),
            new CategoryColumn("day month", 3, months, true, false),
            new CategoryColumn("day weekday", 3, days, false, false),
            Optional.empty()));
  }

  static Model table() {
    Schema schema = schema();
    double[] median = new double[schema.inputs()];
    double[] range = new double[median.length];
    Arrays.fill(range, Double.NaN);
    median[0] = 40;
    range[0] = 20;
    range[2] = 1e18;
    median[7] = 19_800;
    range[7] = 300;
    return Model.of(Mlp.initial(Architecture.relu(median.length, List.of(8), 3), Initializer.HE, 8))
        .withSchema(schema)
        .withScaling(Scaling.robust(median, range))
        .withClassNames(List.of("none", "", "\"größer\", more"));
  }

  private Path saved(Model model, OnnxExport export) throws IOException {
    Path file = directory.resolve("m.onnx");
    export.save(model, file);
    return file;
  }

  @ParameterizedTest
  @EnumSource
  void aRuntimeGivesTheNamesThatThePredictorGives(ModelKind kind) throws Exception {
    Model model = kind.of(table(), 6);
    Random random = new Random(kind.ordinal());
    List<Map<String, Object>> rows = new ArrayList<>();
    Predictions[] expected = new Predictions[ROWS];
    TablePredictor predictor = model.tablePredictor();
    for (int row = 0; row < ROWS; row++) {
      LocalDate day = LocalDate.of(2023, 1, 1).plusDays(random.nextInt(700));
      Object[] values = {
        (long) random.nextInt(100),
        random.nextLong() / 3,
        List.of(7L, 501L, 8L).get(random.nextInt(3)),
        day.toEpochDay(),
        (long) day.getMonthValue(),
        (long) day.getDayOfWeek().getValue()
      };
      Map<String, Object> inputs = new HashMap<>();
      IntStream.range(0, WHOLE.length).forEach(k -> inputs.put(WHOLE[k], values[k]));
      rows.add(inputs);
      expected[row] =
          predictor.predict(
              Map.of("age", values[0], "id", values[1], "town", values[2], "day", day));
    }
    Path file = saved(model, new OnnxExport(true, Set.of(WHOLE)));
    try (OrtSession session = Sessions.ENVIRONMENT.createSession(Files.readAllBytes(file));
        OrtSession.Result results = session.run(Sessions.tensors(session, rows))) {
      String[] labels = (String[]) results.get("label").get().getValue();
      float[][] found = (float[][]) results.get("probabilities").get().getValue();
      for (int row = 0; row < ROWS; row++) {
        assertEquals(expected[row].className(0), labels[row], "row " + row);
        for (int k = 0; k < 3; k++) {
          assertEquals(expected[row].value(0, k), found[row][k], 2e-6);
        }
      }
      assertTrue(Arrays.stream(labels).distinct().count() > (UNEQUAL.contains(kind) ? 0 : 1));
      Map<String, String> facts = session.getMetadata().getCustomMetadata();
      assertEquals(
          "[\"none\",\"\",\"\\u0022gr\\u00f6\\u00dfer\\u0022, more\"]", facts.get("classes"));
      assertEquals("[\"age\",\"id\",\"town\",\"day\"]", facts.get("columns"));
      assertTrue(session.getMetadata().getDescription().contains("\nage: int64\nid: int64\n"));
    }
    assertEquals(model, Model.load(file));
    assertTrue(Comparison.onDrawn(file, model).agrees());
  }

  @Test
  void theFeaturesOfAnArrayMayBeInt64() throws Exception {
    Model model =
        Model.of(
            Mlp.initial(Architecture.relu(2, List.of(4), 2), Initializer.HE, 1)
                .withScaling(Scaling.divide(1 << 24)));
    long[] row = {(1L << 24) + 1, -3}; // the first is no float
    double expected = model.predictor(1).predict((double) row[0], row[1]).value(0, 1);
    Path file = saved(model, new OnnxExport(false, Set.of("features")));
    OnnxTensor x =
        OnnxTensor.createTensor(Sessions.ENVIRONMENT, LongBuffer.wrap(row), new long[] {1, 2});
    try (OrtSession session = Sessions.ENVIRONMENT.createSession(Files.readAllBytes(file));
        OrtSession.Result results = session.run(Map.of("features", x))) {
      float[][] found = (float[][]) results.get("probabilities").get().getValue();
      assertEquals(expected, found[0][1], 1e-7);
      assertFalse(session.getMetadata().getCustomMetadata().containsKey("classes"));
    }
    assertEquals(model, Model.load(file));
  }

  @Test
  void filesHaveTheVersion() throws IOException {
    byte[] file = Files.readAllBytes(saved(table(), new OnnxExport(false, Set.of())));
    String version = new Proto(file, "f").text(3);
    assertTrue(version.matches("\\d+\\.\\d+\\.\\d+\\S*"), version);
  }

  @Test
  void whatAModelDoesNotHaveIsRefused() {
    Model model = Model.of(Mlp.initial(Architecture.relu(1, List.of(), 2), Initializer.HE, 1));
    OnnxExport named = new OnnxExport(true, Set.of());
    rejects(() -> saved(model, named), "without names of classes, expected them");
    rejects(() -> saved(model.withLoss(Loss.MSE), named), "without classes, expected them");
    rejects(
        () -> saved(table(), new OnnxExport(false, Set.of("day"))),
        "int64 day, expected inputs of the model: [age, id, town, day/days, day/month,");
    float[] wrong = {1, Float.NaN, 0, 0};
    Model diverged = Model.of(Mlp.of(Architecture.relu(1, List.of(), 2), wrong));
    rejects(
        IllegalStateException.class,
        () -> saved(diverged, new OnnxExport(false, Set.of())),
        "is NaN");
    assertFalse(Files.exists(directory.resolve("m.onnx")));
  }

  /** The metadata says what the graph must be, with the types that the graph has. */
  @Test
  void labelsOfOtherNamesAreRefused() throws IOException {
    Path file = saved(table(), new OnnxExport(true, Set.of()));
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    bytes[text.indexOf("none")] = 'N'; // in the operator, which comes before the metadata
    Files.write(file, bytes);
    rejects(FormatException.class, () -> Model.load(file), "another graph than that of the model");
  }
}
