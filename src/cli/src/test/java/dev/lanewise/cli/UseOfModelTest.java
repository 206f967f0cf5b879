package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests evaluate, predict, uncertain and inspect on one trained model. */
class UseOfModelTest {
  @TempDir static Path directory;
  private static String data;
  private static String named;
  private static String model;
  private static Run training;

  @BeforeAll
  static void train() throws IOException {
    data = Fixtures.data(directory.resolve("data.npz")).toString();
    named = Fixtures.namedData(directory.resolve("named.npz")).toString();
    training =
        Run.line(
                "train --hidden 5 --epochs 30 --eta 0.5 --init he --batch-size 8 --quiet --data %s --out %s",
                data, directory.resolve("run"))
            .ok();
    model = directory.resolve("run/nn_model.npz").toString();
  }

  private static Run run(String... words) {
    return Run.of(words).ok();
  }

  @Test
  void evaluationEndsWithTheLinesOfTheTraining() {
    Run run =
        run("evaluate", "--model", model, "--data", data, "--quiet").says("\n\n" + training.out());
    assertEquals(
        List.of(
            "Split test: rows are true, columns predicted classes",
            "   0  1  2",
            "0  2  0  0",
            "1  0  2  0",
            "2  0  0  2",
            "",
            "name              precision   recall       f1  support  roc_auc",
            "0                   1.00000  1.00000  1.00000        2  1.00000"),
        run.lines().subList(0, 8));
    run.says(
        "\nmacro average       1.00000  1.00000  1.00000        6  1.00000\n",
        "\nweighted average    1.00000  1.00000  1.00000        6  1.00000\n");
  }

  @Test
  void evaluationForPrograms() {
    Run run = run("evaluate", "--model", model, "--data", data, "--json", "--split", "all");
    Map<String, Object> json = run.json();
    assertEquals("evaluation", json.get("event"));
    assertEquals("all", json.get("split"));
    assertEquals(45.0, json.get("rows"));
    assertEquals(1.0, json.get("accuracy"));
    assertEquals(
        List.of(List.of(15.0, 0.0, 0.0), List.of(0.0, 15.0, 0.0), List.of(0.0, 0.0, 15.0)),
        json.get("confusion"));
    assertEquals(
        "{name=1, precision=1.0, recall=1.0, f1=1.0, support=15.0, roc_auc=1.0}",
        ((List<?>) json.get("classes")).get(1).toString());
    training.says((String) json.get("sha256"));
  }

  @Test
  void topAccuracy() {
    Run run =
        run("evaluate", "--model", model, "--data", data, "--top-k=2", "--quiet")
            .says("\n\nTop-2 accuracy 1.00000\n\n95% interval ", "\n\n" + training.out());
    run = run("evaluate", "--model", model, "--data", data, "--top-k", "3", "--json");
    Map<String, Object> json = run.json();
    assertEquals(3.0, json.get("top_k"));
    assertEquals(1.0, json.get("top_k_accuracy"));
    Run wrong = Run.line("evaluate --model", model, "--data", data, "--top-k 4 --quiet").misused();
    assertEquals(
        "lanewise: --top-k: '4', expected a whole number from 1 to 3\n", wrong.errors() + "\n");
  }

  @Test
  void fileWithoutSplitsIsOne() throws IOException {
    Path one =
        Fixtures.npz(directory.resolve("one.npz"), "x y", Fixtures.inputs(7), Fixtures.labels(7));
    Run run = run("evaluate", "--model", model, "--data", one.toString(), "--json");
    assertEquals("all", run.json().get("split"));
    Run.line("evaluate --model", model, "--data", one, "--split test")
        .failed("no split test, expected --split train or all");
  }

  @Test
  void trueClassesHaveTheirNames() throws IOException {
    Path file =
        Fixtures.npz(
            directory.resolve("uvw.npz"),
            "x y class_names",
            Fixtures.inputs(4),
            Fixtures.labels(4),
            NdArray.ofStrings(List.of("u", "v", "w"), 3));
    List<String> lines = run("predict", "--model", model, "--data", file.toString()).lines();
    assertEquals("index,true,predicted,p_u,p_v,p_w", lines.get(0));
    for (int row = 0; row < 4; row++) {
      String name = List.of("u", "v", "w").get(row % 3);
      assertTrue(lines.get(row + 1).startsWith(row + "," + name + "," + name + ","), lines.get(1));
    }
  }

  @Test
  void predictionsAsCsvAndAsJsonAreTheSame() {
    List<String> csv = run("predict", "--model", model, "--data", data).lines();
    assertEquals("index,true,predicted,p_0,p_1,p_2", csv.get(0));
    assertEquals(7, csv.size());
    List<String> json = run("predict", "--model", model, "--data", data, "--json").lines();
    assertEquals(6, json.size());
    for (int row = 0; row < 6; row++) {
      String[] fields = csv.get(row + 1).split(",");
      Map<String, Object> object = JsonReader.object(json.get(row));
      assertEquals("row", object.get("event"));
      assertEquals(row, Integer.parseInt(fields[0]));
      assertEquals((double) row, object.get("index"));
      assertEquals(row % 3, Integer.parseInt(fields[1]));
      assertEquals((double) (row % 3), object.get("true"));
      assertEquals((double) Integer.parseInt(fields[2]), object.get("predicted"));
      List<?> probabilities = (List<?>) object.get("probabilities");
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        assertEquals(Double.parseDouble(fields[3 + c]), probabilities.get(c));
        sum += (Double) probabilities.get(c);
      }
      assertEquals(1, sum, 1e-6);
    }
  }

  @Test
  void predictionsInFiles() throws IOException {
    String printed = run("predict", "--model", model, "--data", data).out();
    Path csv = directory.resolve("rows.csv");
    run("predict", "--model", model, "--data", data, "--out", csv.toString());
    assertEquals(printed, Files.readString(csv));

    Path npz = directory.resolve("rows.npz");
    Run run = run("predict", "--model", model, "--data", data, "--out", npz.toString(), "--quiet");
    assertEquals("", run.out());
    try (Npz file = Npz.open(npz)) {
      assertEquals(
          List.of("index", "true", "predicted", "probabilities", "class_names"), file.names());
      NdArray probabilities = file.read("probabilities");
      assertArrayEquals(new int[] {6, 3}, probabilities.shape());
      String[] fields = printed.lines().toList().get(6).split(",");
      assertEquals(5, file.read("index").longAt(5));
      assertEquals(2, file.read("true").longAt(5));
      assertEquals(Long.parseLong(fields[2]), file.read("predicted").longAt(5));
      assertEquals(Float.parseFloat(fields[5]), (float) probabilities.doubleAt(5 * 3 + 2));
      assertEquals("2", file.read("class_names").stringAt(2));
    }
  }

  /** The file of an earlier state, which kept how familiar rows are; these would not even fit. */
  @Test
  void arraysThatNothingReadsAnyMoreChangeNothing() throws IOException {
    Model plain = Model.load(Path.of(model));
    Map<String, NdArray> facts = new TreeMap<>(plain.furtherFacts());
    facts.put("familiar_whitening", NdArray.of(new float[] {Float.NaN, -1}, 2));
    facts.put("familiar_means", NdArray.of(new float[3], 3, 1));
    facts.put("familiar_distances", NdArray.of(new double[] {2, 1}, 2));
    facts.put("familiar_weights", NdArray.ofStrings(List.of("0"), 1));
    Path earlier = directory.resolve("earlier.npz");
    plain.withFurtherFacts(facts).save(earlier);
    try (Npz file = Npz.open(earlier)) {
      assertTrue(file.names().contains("fact/familiar_distances"), file.names().toString());
    }
    String expected = run("predict", "--model", model, "--data", data).out();
    assertEquals(expected, Run.line("predict --data", data, "--model", earlier).ok().out());
  }

  @Test
  void leastCertainRowsComeFirst() {
    Run run =
        Run.line("uncertain --quiet --model %s --data %s --split train --count 3", model, data)
            .ok();
    List<String> lines = run.lines();
    assertEquals(4, lines.size());
    assertTrue(lines.get(0).matches("index +true +predicted +confidence"));
    double before = 0;
    for (String line : lines.subList(1, 4)) {
      String[] cells = line.strip().split(" +");
      assertEquals(Integer.parseInt(cells[0]) % 3, Integer.parseInt(cells[1]));
      assertTrue(Double.parseDouble(cells[3]) >= before);
      before = Double.parseDouble(cells[3]);
    }
  }

  @Test
  void namesThatAreHardToPrintHarmNothing() throws IOException {
    Path out = directory.resolve("names");
    Run.line("train --data", named, "--out", out, "--hidden none --epochs 9 --eta 2 --json").ok();
    String own = out.resolve("nn_model.npz").toString();
    Run text = run("evaluate", "--model", own, "--data", named);
    assertTrue(text.out().chars().allMatch(c -> c == '\n' || !Character.isISOControl(c)));
    text.says("?[31mred?");
    Run json = run("evaluate", "--model", own, "--data", named, "--json");
    assertEquals(1, json.lines().size());
    List<?> classes = (List<?>) json.json().get("classes");
    assertEquals("a,\"b\" <&>", ((Map<?, ?>) classes.get(0)).get("name"));
    assertEquals("\u001b[31mred\n", ((Map<?, ?>) classes.get(1)).get("name"));
    assertEquals("\u00fc\u4e16\ud83d\ude00", ((Map<?, ?>) classes.get(2)).get("name"));
    Run csv = run("predict", "--model", own, "--data", named);
    assertEquals(7, csv.lines().size());
    assertTrue(csv.lines().get(0).startsWith("index,true,predicted,\"p_a,\"\"b\"\" <&>\",p_?[31m"));
    run("inspect", own).says("\nClasses a,\"b\" <&>, ?[31mred?, ");
  }

  @Test
  void modelsAreSummarised() throws IOException {
    Run run = run("inspect", model);
    assertEquals(
        List.of(
            "layer         activation  outputs  parameters",
            "inputs (2x2)                    4           0",
            "affine 1      relu              5          25",
            "affine 2      softmax           3          18",
            "all                                        43",
            "",
            "Scaling 255",
            "Classes 0 to 2"),
        run.lines().subList(0, 8));
    String trained = run.lines().get(8);
    assertTrue(
        trained.startsWith("Trained with ") && trained.contains(", preset course, "), trained);
    training.says(run.lines().get(9) + "\n");
    Map<String, Object> json = run("inspect", model, "--json").json();
    assertEquals("inspect", json.get("event"));
    assertEquals(43.0, json.get("parameters"));
    assertEquals("255", json.get("scaling"));
  }

  @Test
  void dataFilesAreSummarised() throws IOException {
    Run run = run("inspect", data);
    assertEquals("name          type   shape   min  max  not_finite", run.lines().get(0));
    assertEquals("inputs_train  uint8  30x2x2   20  206           0", run.lines().get(1));
    run.says("\nclass  train  valid  test\n0         10      3     2\n");
    Map<String, Object> json = run("inspect", data, "--json").json();
    assertEquals(
        Map.of("class", "1", "train", 10.0, "valid", 3.0, "test", 2.0),
        ((List<?>) json.get("class_counts")).get(1));
    assertEquals(3, ((List<?>) json.get("class_counts")).size());

    Path csv = Fixtures.text(directory.resolve("t.csv"), "a,b,kind\n1,2,7\n3,4,8\n3,5,8\n");
    String shown = run("inspect", csv.toString()).out();
    assertTrue(shown.matches("(?s).*\\nkind +numbers +target, number +0 +2 .*"), shown);
    shown = run("inspect", csv.toString(), "--target", "b").out();
    assertTrue(shown.matches("(?s).*\\nb +numbers +target, number +0 +3 .*"), shown);
  }

  @Test
  void archivesThatAreNoDataSetAreShownAllTheSame() throws IOException {
    Path file =
        Fixtures.npz(directory.resolve("any.npz"), "x: doubles 1.5,NaN,-2; names: strings b");
    Run run =
        run("inspect", file.toString())
            .says(
                "\nx      float64  3      -2.00000  1.50000           1\n",
                "\nnames  unicode  1             -        -           0\n",
                "No data set: ");
    Map<String, Object> json = run("inspect", file.toString(), "--json").json();
    assertTrue(((String) json.get("problem")).contains("any.npz"));
  }

  @Test
  void statisticsAreSummarised() {
    Run run = run("inspect", directory.resolve("run/nn_stats.npz").toString());
    assertEquals("Statistics of 30 epochs", run.lines().get(0));
    assertTrue(run.lines().get(1).matches("name +type +shape +min +max +not_finite"));
  }

  @Test
  void infoTellsTheKernels() {
    Run run =
        run("info", "--threads", "3")
            .says("\nkernels    ", "\nthreads    3\nthreads_by -Dlanewise.threads=fixed\n");
    Map<String, Object> json = run("info", "--json").json();
    assertEquals("info", json.get("event"));
    assertTrue(List.of("vector", "scalar").contains(json.get("kernels")));
  }
}
