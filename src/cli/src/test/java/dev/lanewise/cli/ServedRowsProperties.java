package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.RandomTable.Style;
import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Column;
import dev.lanewise.source.Csv;
import dev.lanewise.source.CsvFormat;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.train.Trainer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A server gives the same bits as {@code predict}, in whatever form the rows come. */
class ServedRowsProperties extends InDirectory {

  /** Returns the lines of {@code predict} without the index and the true target. */
  private static List<List<String>> lines(InputStream in) throws IOException {
    List<List<String>> lines = new ArrayList<>();
    try (Csv csv = Csv.open(in, "predictions", CsvFormat.detect())) {
      while (csv.next()) {
        List<String> line = new ArrayList<>();
        for (int i = 1; i < csv.fields(); i++) {
          line.add(csv.text(i));
        }
        lines.add(line);
      }
    }
    boolean hasTarget = lines.get(0).get(0).startsWith("true");
    return lines.stream().map(line -> hasTarget ? line.subList(1, line.size()) : line).toList();
  }

  private static List<List<String>> served(Served served, String body, String... headers)
      throws IOException {
    try (RawHttp http = served.connect()) {
      RawHttp.Response response = http.post(body, headers);
      assertEquals(200, response.status(), response.body());
      if (response.headers().get("content-type").startsWith("text/csv")) {
        return lines(new ByteArrayInputStream(response.body().getBytes(StandardCharsets.UTF_8)));
      }
      List<List<String>> lines = new ArrayList<>();
      for (Object row : (List<?>) response.json().get("predictions")) {
        List<String> header = new ArrayList<>();
        List<String> line = new ArrayList<>();
        for (Map.Entry<?, ?> member : ((Map<?, ?>) row).entrySet()) {
          if (member.getValue() instanceof Map<?, ?> results) {
            String prefix = member.getKey().equals("outputs") ? "y_" : "p_";
            results.forEach(
                (name, number) -> {
                  header.add(prefix + name);
                  boolean isDouble = prefix.equals("y_");
                  line.add(
                      isDouble
                          ? number.toString()
                          : Float.toString(((Double) number).floatValue()));
                });
          } else {
            header.add("predicted");
            Object label = member.getValue();
            line.add(label instanceof Double number ? "" + number.intValue() : label.toString());
          }
        }
        if (lines.isEmpty()) {
          lines.add(header);
        }
        lines.add(line);
      }
      return lines;
    }
  }

  /**
   * Returns the answer's notes about columns, except about columns that the model does not know.
   * JSON keeps a line break within a word, where a terminal shows a question mark.
   */
  private static List<String> notes(Served served, String body, String... headers)
      throws IOException {
    try (RawHttp http = served.connect()) {
      Object notes = http.post(body, headers).json().getOrDefault("notes", List.of());
      return ((List<?>) notes)
          .stream()
              .map(note -> Output.printable(note.toString()))
              .filter(note -> note.startsWith("Column "))
              .toList();
    }
  }

  /** Returns a column as an input of the Open Inference Protocol. */
  private static Json tensor(String name, List<Object> values) {
    boolean areFlags = values.stream().allMatch(v -> v == null || v instanceof Boolean);
    boolean areNumbers = values.stream().allMatch(v -> v == null || v instanceof Number);
    List<Object> data =
        areFlags || areNumbers ? values : values.stream().map(v -> (Object) text(v)).toList();
    return new Json()
        .put("name", name)
        .put("shape", List.of(values.size()))
        .put("datatype", areFlags ? "BOOL" : areNumbers ? "FP64" : "BYTES")
        .put("data", data);
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }

  /** Returns the answer to tensors in the form of {@link #lines}. */
  private static List<List<String>> inferred(Served served, List<Json> tensors) throws IOException {
    List<List<String>> lines = new ArrayList<>();
    try (RawHttp http = served.connect()) {
      String body = new Json().put("id", "a").put("inputs", tensors).toString();
      RawHttp.Response response = http.postTo("/v2/models/model/infer", body);
      assertEquals(200, response.status(), response.body());
      assertEquals("a", response.json().get("id"));
      Map<?, ?> card = http.get("/").json();
      for (Object output : (List<?>) response.json().get("outputs")) {
        Map<?, ?> tensor = (Map<?, ?>) output;
        List<?> shape = (List<?>) tensor.get("shape");
        List<?> data = (List<?>) tensor.get("data");
        int rows = ((Double) shape.get(0)).intValue();
        int width = shape.size() == 1 ? 1 : ((Double) shape.get(1)).intValue();
        assertEquals(rows * width, data.size());
        for (int r = -1; r < rows; r++) {
          if (lines.size() <= r + 1) {
            lines.add(new ArrayList<>());
          }
          for (int c = 0; c < width; c++) {
            String head =
                shape.size() == 1
                    ? "predicted"
                    : (tensor.get("name").equals("outputs") ? "y_" : "p_")
                        + ((List<?>) card.get("names")).get(c);
            Object value = r < 0 ? head : data.get(r * width + c);
            boolean isFloat = "FP32".equals(tensor.get("datatype")) && r >= 0;
            boolean isLabel = "INT64".equals(tensor.get("datatype")) && r >= 0;
            lines
                .get(r + 1)
                .add(
                    isFloat
                        ? Float.toString(((Double) value).floatValue())
                        : isLabel ? "" + ((Double) value).intValue() : value.toString());
          }
        }
      }
    }
    return lines;
  }

  private static Object json(Object value) {
    return value instanceof Number || value instanceof Boolean || value == null
        ? value
        : value.toString();
  }

  @Property(tries = 8)
  void rowsInAllForms(@ForAll Random random) throws IOException {
    int count = 1 + random.nextInt(random.nextBoolean() ? 20 : 700);
    RandomTable training = RandomTable.training(random, 60 + random.nextInt(60));
    RandomTable rows = training.fresh(random, count);
    Path file = training.write(directory.resolve("training.csv"), Style.PLAIN);
    Dataset data = Datasets.load(file, DivisionOptions.defaults().withSeed(random.nextLong()));
    Architecture layers = Architecture.relu(data.features(), List.of(5), data.classes());
    Mlp initial = Mlp.initial(layers, Initializer.HE, random.nextLong()).withLoss(data.loss());
    Mlp trained = Trainer.builder().epochs(1).batchSize(16).build().fit(initial, data).model();
    Model net = ModelKind.any(random).of(trained, random.nextLong());
    Path model = directory.resolve("model.npz");
    net.save(model);
    Path base = rows.write(directory.resolve("rows.csv"), Style.PLAIN);
    Path out = directory.resolve("out.csv");
    Run run = Run.line("predict --model=" + model, "--data=" + base, "--out=" + out).ok();
    List<List<String>> expected = lines(Files.newInputStream(out));
    List<String> notes =
        run.err()
            .lines()
            .filter(line -> line.startsWith("lanewise: Column "))
            .map(line -> line.substring("lanewise: ".length()))
            .toList();

    try (Served served = new Served(net, 2, 8, 10_000_000)) {
      String csv = rows.csv(Style.random(random));
      assertEquals(expected, served(served, csv, "Content-Type: text/csv"), "CSV");
      String[] mixed = {"Content-Type: text/csv", "Accept: application/json"};
      assertEquals(expected, served(served, csv, mixed), "CSV to JSON");

      List<Json> objects = new ArrayList<>();
      List<List<Object>> arrays = new ArrayList<>();
      for (int r = 0; r < count; r++) {
        Map<String, Object> map = rows.map(r);
        List<String> names = new ArrayList<>(map.keySet());
        Collections.shuffle(names, random);
        Json object = new Json().put("extra", List.of(1, new Json().put("a", null)));
        names.forEach(name -> object.put(name, json(map.get(name))));
        objects.add(object);
        List<Object> array = new ArrayList<>();
        for (Column column : net.schema().orElseThrow().columns()) {
          array.add(json(map.get(column.name())));
        }
        arrays.add(array);
      }
      assertEquals(expected, served(served, Json.of(objects)), "objects");
      assertEquals(expected, served(served, Json.of(arrays)), "arrays");
      assertEquals(notes, notes(served, csv, mixed), "notes of CSV");
      assertEquals(notes, notes(served, Json.of(objects)), "notes of objects");
      assertEquals(notes, notes(served, Json.of(arrays)), "notes of arrays");
      assertEquals(expected, served(served, Json.of(arrays), "Accept: text/csv"), "JSON to CSV");
      List<Json> tensors = new ArrayList<>();
      for (Column column : net.schema().orElseThrow().columns()) {
        List<Object> values = new ArrayList<>();
        objects.forEach(object -> values.add(object.members.get(column.name())));
        tensors.add(tensor(column.name(), values));
      }
      Collections.shuffle(tensors, random);
      assertEquals(expected, inferred(served, tensors), "tensors");
      int row = random.nextInt(count);
      List<List<String>> one = List.of(expected.get(0), expected.get(row + 1));
      assertEquals(one, served(served, objects.get(row).toString()), "one object");
      if (!arrays.get(row).isEmpty()) {
        assertEquals(one, served(served, Json.of(arrays.get(row))), "one array");
      }
    }
  }

  private static double[] flat(double[][] rows) {
    return Stream.of(rows).flatMapToDouble(DoubleStream::of).toArray();
  }

  /** Uses a model of arrays, as the course has them. */
  @Property(tries = 3)
  void rowsOfArrays(@ForAll Random random) throws IOException {
    Path file = Fixtures.model(directory.resolve("model.npz"), 70, 9, 4);
    Model net = Model.load(file);
    double[][] rows = new double[1 + random.nextInt(300)][70];
    for (double[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = random.nextGaussian() * (random.nextInt(9) == 0 ? 1e-30 : 3);
      }
    }
    dev.lanewise.nn.Predictions expected = net.predictor(7).predict(rows);
    try (Served served = new Served(net, 1, 8, 10_000_000)) {
      List<List<String>> found = served(served, Json.of(rows));
      Json tensor = new Json().put("name", "input").put("shape", List.of(rows.length, 70));
      tensor.put("datatype", "FP64").put("data", random.nextBoolean() ? rows : flat(rows));
      assertEquals(found, inferred(served, List.of(tensor)));
      assertEquals(List.of("predicted", "p_0", "p_1", "p_2", "p_3"), found.get(0));
      assertEquals(rows.length + 1, found.size());
      for (int r = 0; r < rows.length; r++) {
        List<String> line = found.get(r + 1);
        assertEquals(expected.className(r), line.get(0));
        double[] values = new double[4];
        for (int k = 0; k < values.length; k++) {
          values[k] = Float.parseFloat(line.get(k + 1));
        }
        assertArrayEquals(expected.values(r), values, 0);
      }
      assertTrue(served.problems.isEmpty());
    }
  }
}
