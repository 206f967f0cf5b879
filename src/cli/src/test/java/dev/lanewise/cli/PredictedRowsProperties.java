package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.cli.RandomTable.Style;
import dev.lanewise.data.Dataset;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.model.ModelKind;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Predictor;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.source.Csv;
import dev.lanewise.source.CsvFormat;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.RowStream;
import dev.lanewise.table.Table;
import dev.lanewise.train.Trainer;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A row gets the same prediction, bit for bit, at any position and from any source. */
class PredictedRowsProperties extends InDirectory {
  private static final Map<String, String> HARD =
      Map.of(
          "number",
          "a, \"b\"",
          "word",
          "2 words",
          "flag",
          "\u00fcber;x",
          "day",
          "d|t",
          "gaps",
          "-x");

  /** Trains a network of a table for one epoch, and returns a model of any kind with its facts. */
  private static Model model(Path file, long seed) throws IOException {
    Dataset data = Datasets.load(file, DivisionOptions.defaults().withSeed(seed));
    Architecture layers = Architecture.relu(data.features(), List.of(5), data.classes());
    Mlp initial = Mlp.initial(layers, Initializer.HE, seed).withLoss(data.loss());
    Mlp trained = Trainer.builder().epochs(1).batchSize(16).build().fit(initial, data).model();
    return ModelKind.any(new Random(seed)).of(trained, seed);
  }

  /** Returns the predictions in the order of the rows: floats for classes, doubles for numbers. */
  private List<double[]> predicted(Path model, Path rows, String... more) throws IOException {
    Path out = directory.resolve("out.csv");
    Run.line("predict --model", model, "--data", rows, "--out", out, more).ok();
    List<double[]> found = new ArrayList<>();
    int first = -1;
    boolean areNumbers = false;
    try (Csv csv = Csv.open(out)) {
      while (csv.next()) {
        if (first < 0) {
          first = firstResult(csv);
          areNumbers = csv.text(first).startsWith("y_");
        } else {
          assertEquals(found.size(), Integer.parseInt(csv.text(0)));
          double[] row = new double[csv.fields() - first];
          for (int k = 0; k < row.length; k++) {
            row[k] = number(Double.valueOf(csv.text(first + k)), areNumbers);
          }
          found.add(row);
        }
      }
    }
    return found;
  }

  /** Returns a predicted number; the text of a probability is that of a float. */
  private static double number(Object read, boolean isDouble) {
    return isDouble ? (Double) read : ((Double) read).floatValue();
  }

  /**
   * Returns the first column of results; before it are the index, perhaps the truth, and the class.
   */
  private static int firstResult(Csv header) {
    for (int i = 0; i < header.fields(); i++) {
      if (header.text(i).matches("(p|y)_.*")) {
        return i;
      }
    }
    throw new AssertionError("no results");
  }

  private static void assertSame(List<double[]> expected, List<double[]> found, String what) {
    assertEquals(expected.size(), found.size(), what);
    for (int r = 0; r < expected.size(); r++) {
      assertArrayEquals(expected.get(r), found.get(r), what + ", row " + r);
    }
  }

  /** Returns a stream that delivers few bytes at once, as a slow network may. */
  private static InputStream slow(byte[] bytes, int most) {
    return new FilterInputStream(new ByteArrayInputStream(bytes)) {
      @Override
      public int read(byte[] to, int from, int count) throws IOException {
        return super.read(to, from, Math.min(count, most));
      }
    };
  }

  /** Predicts the rows of a stream, some at a time. */
  private static List<double[]> streamed(InputStream in, Model model, int atOnce)
      throws IOException {
    int outputs = model.outputs();
    Predictor predictor = model.predictor(atOnce);
    float[] inputs = new float[atOnce * model.inputs()];
    double[] results = new double[atOnce * outputs];
    List<double[]> all = new ArrayList<>();
    try (RowStream rows = RowStream.open(in, "a stream", model, false)) {
      for (int count = rows.next(inputs); count > 0; count = rows.next(inputs)) {
        predictor.predictScaled(inputs, count, results, null);
        for (int i = 0; i < count; i++) {
          all.add(Arrays.copyOfRange(results, i * outputs, (i + 1) * outputs));
        }
      }
    }
    return all;
  }

  /** Rounds probabilities as a file has them; those of several networks are double. */
  private static List<double[]> rounded(List<double[]> rows, Model model) {
    return rows.stream()
        .map(
            row ->
                Arrays.stream(row).map(p -> number(p, model.loss().task().hasNumbers())).toArray())
        .toList();
  }

  @Property(tries = 15)
  void rowsOfFilesAndStreams(@ForAll Random random) throws IOException {
    int count = 1 + random.nextInt(40);
    RandomTable training = RandomTable.training(random, 60 + random.nextInt(60));
    RandomTable rows = training.fresh(random, count);
    boolean hard = random.nextBoolean();
    RandomTable named = hard ? training.renamed(HARD) : training;
    Path file = named.write(directory.resolve("training.csv"), Style.PLAIN);
    Path model = directory.resolve("model.npz");
    Model net = model(file, random.nextLong());
    net.save(model);
    rows = hard ? rows.renamed(HARD) : rows;

    Path base = rows.write(directory.resolve("rows.csv"), Style.PLAIN);
    List<double[]> expected = predicted(model, base, "--threads", "1");
    assertEquals(count, expected.size());
    assertSame(expected, predicted(model, base, "--threads", "2"), "two threads");
    assertSame(expected, predicted(model, base, "--threads", "3"), "three threads");

    for (int i = 0; i < Math.min(count, 4); i++) {
      int row = random.nextInt(count);
      Path one = rows.withRows(List.of(row)).write(directory.resolve("one.csv"), Style.PLAIN);
      assertSame(List.of(expected.get(row)), predicted(model, one), "row " + row + " alone");
    }

    List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(order, random);
    List<double[]> shuffled = order.stream().map(expected::get).toList();
    Path other = rows.withRows(order).write(directory.resolve("shuffled.csv"), Style.PLAIN);
    assertSame(shuffled, predicted(model, other), "shuffled");

    RandomTable bare = rows.without(RandomTable.TARGET);
    other = bare.write(directory.resolve("bare.csv"), Style.PLAIN);
    assertSame(expected, predicted(model, other), "without a target");

    List<String> names = new ArrayList<>((random.nextBoolean() ? rows : bare).columns());
    Collections.shuffle(names, random);
    List<String> extra = IntStream.range(0, count).mapToObj(i -> i + " more, \"of\" it").toList();
    RandomTable wide =
        rows.withColumns(names)
            .with(random.nextInt(names.size() + 1), "extra", extra)
            .with(0, "an id", IntStream.range(0, count).mapToObj(i -> (Object) (long) i).toList());
    Style style = Style.random(random);
    String separator = style.separator() == '\t' ? "tab" : String.valueOf(style.separator());
    other = wide.write(directory.resolve("wide.csv"), style);
    String[] how = {"--threads", "2", "--separator", separator};
    assertSame(expected, predicted(model, other, how), "reordered, " + style);
    assertSame(expected, predicted(model, other), "the separator found, " + style);
    other = wide.write(directory.resolve("wide.csv.gz"), style);
    assertSame(expected, predicted(model, other), "compressed, " + style);

    byte[] bytes = wide.csv(style).getBytes(StandardCharsets.UTF_8);
    int atOnce = 1 + random.nextInt(9);
    InputStream in = slow(bytes, 1 + random.nextInt(70));
    assertSame(expected, rounded(streamed(in, net, atOnce), net), "a stream, " + style);
    in = slow(RandomTable.gzip(bytes), 1 + random.nextInt(70));
    assertSame(expected, rounded(streamed(in, net, atOnce), net), "a compressed stream");
  }

  /** Predicts more rows than a thread takes at once. All forms of output have the same numbers. */
  @Property(tries = 3)
  void manyRows(@ForAll Random random) throws IOException {
    RandomTable training = RandomTable.training(random, 90);
    int count = 1024 + random.nextInt(800);
    RandomTable rows = training.fresh(random, count);
    Path file = training.write(directory.resolve("training.csv"), Style.PLAIN);
    Path model = directory.resolve("model.npz");
    Model net = model(file, random.nextLong());
    net.save(model);
    Path base = rows.write(directory.resolve("rows.csv"), Style.PLAIN);
    List<double[]> expected = predicted(model, base, "--threads", "1");
    assertEquals(count, expected.size());
    assertSame(expected, predicted(model, base, "--threads", "2"), "two threads");
    assertSame(expected, predicted(model, base, "--threads", "5"), "five threads");
    assertSame(
        expected.subList(count - 600, count),
        predicted(model, last(rows, 600), "--threads", "2"),
        "the last rows");
    InputStream in = slow(Files.readAllBytes(base), 999);
    assertSame(expected, rounded(streamed(in, net, 77), net), "a stream");

    String[] options = {
      "predict", "--model", model.toString(), "--data", base.toString(), "--json"
    };
    String results = net.loss().task().hasClasses() ? "probabilities" : "outputs";
    List<double[]> json = new ArrayList<>();
    for (String line : Run.of(options).lines()) {
      List<?> values = (List<?>) JsonReader.object(line).get(results);
      boolean areNumbers = !net.loss().task().hasClasses();
      json.add(values.stream().mapToDouble(value -> number(value, areNumbers)).toArray());
    }
    assertSame(expected, json, "JSON");
    Path npz = directory.resolve("out.npz");
    options[5] = "--out=" + npz;
    Run.of(options).ok();
    try (Npz arrays = Npz.open(npz)) {
      NdArray array = arrays.read(results);
      int outputs = net.outputs();
      for (int i = 0; i < count * outputs; i++) {
        double found = array.doubleAt(i);
        assertEquals(expected.get(i / outputs)[i % outputs], found, "npz " + i);
      }
    }
  }

  private Path last(RandomTable rows, int count) {
    int all = rows.rows().size();
    return rows.withRows(IntStream.range(all - count, all).boxed().toList())
        .write(directory.resolve("last.csv"), Style.PLAIN);
  }

  @Property(tries = 50)
  void rowsOfPrograms(@ForAll Random random) throws IOException {
    int count = 1 + random.nextInt(30);
    RandomTable training = RandomTable.training(random, 60 + random.nextInt(60));
    RandomTable rows = training.fresh(random, count);
    Model net =
        model(training.write(directory.resolve("training.csv"), Style.PLAIN), random.nextLong());
    Path file = rows.write(directory.resolve("rows.csv"), Style.PLAIN);
    byte[] bytes = Files.readAllBytes(file);
    List<double[]> expected = streamed(new ByteArrayInputStream(bytes), net, 7);

    TablePredictor predictor = net.tablePredictor();
    double[] results = new double[predictor.outputs()];
    Random spelling = new Random(random.nextLong());
    for (int r = 0; r < count; r++) {
      Map<String, Object> map = rows.map(r);
      assertArrayEquals(expected.get(r), predictor.predict(map).values(0), "a map " + map);
      Predictions ofRecord = predictor.predict(rows.object(r));
      assertArrayEquals(expected.get(r), ofRecord.values(0), "a record " + map);

      Map<String, String> texts = new HashMap<>();
      List<String> order = new ArrayList<>(predictor.columns());
      Collections.shuffle(order, spelling);
      Style style = Style.random(spelling);
      for (String name : order) {
        Object value = map.get(name);
        String text = RandomTable.text(value, style, spelling).replaceFirst("^\\+-", "-");
        texts.put(name, text);
        set(predictor, name, value, spelling, text);
      }
      predictor.predict(results);
      assertArrayEquals(expected.get(r), results, "set " + texts);
      assertArrayEquals(expected.get(r), predictor.predict(texts).values(0), "texts " + texts);
    }

    // An evaluation of the same rows with targets gives the values that a file has.
    List<double[]> written = rounded(expected, net);
    List<Map<String, Object>> maps = IntStream.range(0, count).mapToObj(rows::map).toList();
    for (Dataset data : List.of(Datasets.load(file, net), Table.of(maps).dataset(net))) {
      Evaluation evaluation = Evaluator.evaluate(net, data.all().orElseThrow(), 1);
      for (int i = 0; i < evaluation.rows(); i++) {
        int row = data.tableRows("all")[i];
        assertArrayEquals(written.get(row), evaluation.values(i), "evaluated");
      }
      assertEquals(count, evaluation.rows());
    }
  }

  /** Sets a column in one of the ways that exist for such a value. */
  private static void set(
      TablePredictor predictor, String name, Object value, Random random, String text) {
    int way = random.nextInt(4);
    int column = predictor.column(name);
    if (way == 0 || value == null && way == 1) {
      predictor.set(name, value);
    } else if (way == 1 && value instanceof Number number) {
      predictor.set(name, number.doubleValue());
    } else if (way == 2 && (value == null || value instanceof Number)) {
      predictor.set(column, value == null ? Double.NaN : ((Number) value).doubleValue());
    } else if (way == 3) {
      predictor.set(column, text);
    } else {
      predictor.set(name, text);
    }
  }

  /** A text counts as a number, a word or a missing value alike in a file and in a program. */
  @Property(tries = 500)
  void textsAreWhatTheyAreInFiles(@ForAll Random random) throws IOException {
    String alphabet =
        random.nextBoolean() ? "0123456789.eE+-, " : "NaAn/ul?-01e9 \t\u00a0\u2003x\n";
    StringBuilder built = new StringBuilder();
    for (int i = random.nextInt(7); i >= 0; i--) {
      built.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    String text = built.toString();
    Path file = directory.resolve("cell.csv");
    Files.writeString(file, "x,y\n" + CsvFormat.quoted(text) + ",1\n");
    Table read = Table.read(file);
    Cell cell = Cell.parse(text, Cell.MISSING_STRINGS);
    assertEquals(cell.number(), read.number(0, 0), "[" + text + "]");
    assertEquals(cell.text(), read.text(0, 0), "[" + text + "]");
    assertEquals(cell, Cell.of(text, Cell.MISSING_STRINGS));
  }
}
