package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests all commands with models whose loss is not softmax. */
class LossCommandTest {
  @TempDir Path directory;

  private Path out() {
    return directory.resolve("out");
  }

  private String model() {
    return "--model=" + out().resolve("nn_model.npz");
  }

  /** Returns two labels per row: whether its class is not 0, and whether its class is 2. */
  private static NdArray flags(int rows) {
    byte[] flags = new byte[2 * rows];
    for (int row = 0; row < rows; row++) {
      flags[2 * row] = (byte) (row % Fixtures.CLASSES > 0 ? 1 : 0);
      flags[2 * row + 1] = (byte) (row % Fixtures.CLASSES == 2 ? 1 : 0);
    }
    return NdArray.ofBytes(flags, rows, 2);
  }

  private Path labelSets() throws IOException {
    String names =
        "inputs_train target_train inputs_valid target_valid inputs_test target_test class_names";
    NdArray a = Fixtures.inputs(30);
    NdArray b = Fixtures.inputs(9);
    NdArray c = Fixtures.inputs(6);
    NdArray two = NdArray.ofStrings(List.of("some", "second"), 2);
    return Fixtures.npz(
        directory.resolve("sets.npz"), names, a, flags(30), b, flags(9), c, flags(6), two);
  }

  /** Writes a table in which y = 3 a - b / 2 + 1. */
  private Path table() throws IOException {
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 60; i++) {
      double a = i % 7 - 3.25;
      double b = i % 11;
      text.append(a).append(',').append(b).append(',').append(3 * a - b / 2 + 1).append('\n');
    }
    return Files.writeString(directory.resolve("table.csv"), text);
  }

  private Run train(Path data, String... options) {
    List<String> words = new ArrayList<>(List.of("train", "--data=" + data, "--out=" + out()));
    List<String> given = List.of(options);
    for (String usual : List.of("--batch-size=8", "--init=he", "--hidden=8", "--epochs=200")) {
      String name = usual.substring(0, usual.indexOf('=') + 1);
      if (given.stream().noneMatch(option -> option.startsWith(name))) {
        words.add(usual);
      }
    }
    words.addAll(given);
    return Run.of(words.toArray(new String[0])).ok();
  }

  private static Run run(String... words) {
    return Run.of(words).ok();
  }

  @Test
  void severalLabelsARow() throws IOException {
    Path data = labelSets();
    train(data, "--loss=sigmoid", "--eta=0.5")
        .says("\nAcc: Train 1.00000 Validation 1.00000 Test 1.00000\n");
    assertTrue(Files.exists(out().resolve("accuracy.svg")));
    assertTrue(Files.readString(out().resolve("cross_entropy.svg")).contains("(nats)"));
    assertEquals(Loss.SIGMOID, Model.load(out().resolve("nn_model.npz")).loss());

    String shown = run("evaluate", model(), "--data=" + data).out();
    assertTrue(shown.contains("Split test\n"), shown);
    assertTrue(shown.matches("(?s).*subset_accuracy +1\\.0.*CE: Train .*"), shown);
    Map<String, Object> json = run("evaluate", model(), "--data=" + data, "--json").json(0);
    assertEquals(1.0, json.get("accuracy"));
    assertEquals(1.0, json.get("subset_accuracy"));
    assertEquals(1.0, json.get("roc_auc_macro"));
    assertEquals(Map.of("name", "second", "roc_auc", 1.0), ((List<?>) json.get("outputs")).get(1));
    assertTrue(shown.matches("(?s).*\\nname +roc_auc\\nsome +1\\.0+\\nsecond +1\\.0+\\n.*"), shown);
    Run.of("evaluate", model(), "--data=" + data, "--top-k=1")
        .misusedWith("--top-k: works with models of loss softmax only");

    List<String> rows = run("predict", model(), "--data=" + data).lines();
    assertEquals("index,true_some,true_second,p_some,p_second", rows.get(0));
    assertTrue(rows.get(3).startsWith("2,1.0,1.0,0.9"), rows.get(3));
    json = run("predict", model(), "--data=" + data, "--json").json(0);
    assertEquals(List.of(0.0, 0.0), json.get("true"));
    assertEquals(2, ((List<?>) json.get("probabilities")).size());

    run("inspect", out().resolve("nn_model.npz").toString())
        .says("\nLoss sigmoid\nOutputs some, second\n");
    run("check", model(), "--loss=sigmoid", "--data=" + data);
    Run.of("uncertain", model(), "--data=" + data)
        .failedWith(
            "uncertain: a model of loss sigmoid, expected a model of softmax, which chooses a class");
  }

  @Test
  void regression() throws IOException {
    Path data = table();
    Run trained =
        train(data, "--eta=0.02", "--verbose", "--scale-targets=none", "--members=1")
            .says(
                "Target y is the last column (--target NAME chooses another): numbers, as it has fractions (loss mse)\n");
    String r2 = "R2: Train 0\\.99\\d+ Validation 0\\.9\\d+ Test 0\\.9\\d+\n";
    String errors = "(RMSE|MSE|MAE): Train [\\d.]+ Validation - Test [\\d.]+\n";
    assertTrue(
        trained.out().matches("(?s).*\n" + r2 + "(" + errors + "){3}Weights.*"), trained.out());
    String line = "Epoch   0 Step  0 Train MSE [\\d.]+ Train R2 -?[\\d.]+";
    assertTrue(trained.out().matches("(?s).*\n" + line + "\n.*"), trained.out());
    String page = Files.readString(out().resolve("report.html"));
    assertTrue(page.contains("{\"title\":\"MSE\",") && page.contains("\"y\":\"MSE\""), page);
    assertTrue(page.contains("{\"title\":\"R2\",") && page.contains("\"y\":\"R2 (share"), page);
    assertFalse(page.contains("ross entropy"), page);

    Map<String, Object> json = run("evaluate", model(), "--data=" + data, "--json").json(0);
    assertTrue((double) json.get("r2") > 0.9);
    assertEquals((double) json.get("mse"), (double) json.get("loss"), 1e-5);
    assertEquals(Math.sqrt((double) json.get("mse")), (double) json.get("rmse"), 1e-9);
    assertTrue((double) json.get("mae") <= (double) json.get("rmse"));
    Map<?, ?> output = (Map<?, ?>) ((List<?>) json.get("outputs")).get(0);
    assertEquals(json.get("mae"), output.get("mae"));
    assertEquals((double) json.get("r2"), (double) output.get("r2"), 1e-9);
    List<String> rows = run("predict", model(), "--data=" + data, "--split=all").lines();
    assertEquals("index,true_y,y_y", rows.get(0));
    assertEquals(61, rows.size());
    Path file = directory.resolve("rows.npz");
    run("predict", model(), "--data=" + data, "--split=all", "--out=" + file);
    try (Npz npz = Npz.open(file)) {
      NdArray outputs = npz.read("outputs");
      assertArrayEquals(new int[] {60, 1}, outputs.shape());
      assertArrayEquals(new int[] {60, 1}, npz.read("true").shape());
      String[] first = rows.get(1).split(",");
      assertEquals(Float.parseFloat(first[2]), outputs.toFloats()[0]);
    }
    // Training can continue from there with another loss of the same outputs.
    Path other = directory.resolve("other");
    String initial = "--initial-model=" + out().resolve("nn_model.npz");
    run("train", "--data=" + data, initial, "--loss=huber", "--epochs=2", "--out=" + other);
    assertEquals(Loss.HUBER, Model.load(other.resolve("nn_model.npz")).loss());
    assertTrue(Files.readString(other.resolve("report.html")).contains("\"y\":\"Huber loss\""));
    run(
        "train",
        "--data=" + data,
        initial,
        "--loss=pinball-0.75",
        "--epochs=2",
        "--out=" + other + 2);
    Path quantile = Path.of(other + "2");
    assertEquals(Loss.pinball(0.75), Model.load(quantile.resolve("nn_model.npz")).loss());
    String words = run("evaluate", "--model=" + quantile, "--data=" + data).out();
    assertTrue(words.contains("loss (pinball-0.75)"), words);
    assertTrue(
        words.matches("(?s).*Targets up to the number predicted\nname +level +share\n.*"), words);
    long up = 0;
    for (String each :
        run("predict", "--model=" + quantile, "--data=" + data, "--split=all")
            .out()
            .lines()
            .toList()) {
      String[] cells = each.split(",");
      up +=
          cells[0].matches("[0-9]+") && Double.parseDouble(cells[1]) <= Double.parseDouble(cells[2])
              ? 1
              : 0;
    }
    Run measured =
        run("evaluate", "--model=" + quantile, "--data=" + data, "--split=all", "--json");
    assertTrue(measured.out().contains("\"level\":0.75,\"share\":" + up / 60.0), measured.out());
    run("verify", quantile.toString(), "--data=" + data);
    Path wide = directory.resolve("wide.npz");
    Fixtures.npz(wide, "inputs: floats[3,2]; target: floats[3,2]");
    Run.of("evaluate", model(), "--data=" + wide)
        .failed("wide.npz: targets of 2 numbers, expected 1");
  }

  @Test
  void earlyStoppingSaysTheNameOfTheLoss() throws IOException {
    for (String[] loss : new String[][] {{"mse", "MSE"}, {"huber", "Huber"}}) {
      String out = "--out=" + directory.resolve(loss[0]);
      String data = "--data=" + table();
      Run run =
          run("train", data, out, "--loss=" + loss[0], "--epochs=9", "--patience=2", "--members=1");
      String line =
          "(?s).*, whose validation " + loss[1] + " of scaled targets [\\d.]+ is the smallest\n.*";
      assertTrue(run.out().matches(line), run.out());
      run.omits("CE");
    }
  }

  /** Targets far from 0 are learned as well, and predictions are in their units. */
  @Test
  void scaledTargets() throws IOException {
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 60; i++) {
      text.append(i % 7).append(',').append(i % 11).append(',').append(5000.3 + 40 * (i % 7));
      text.append('\n');
    }
    Path data = Files.writeString(directory.resolve("far.csv"), text);
    String[] options = {
      "--loss=mse",
      "--eta=0.05",
      "--scale-targets=standard",
      "--checkpoint-every=1e-9",
      "--preset=course"
    };
    train(data, options).says(" scaling robust, of targets standard\n");
    assertContains(
        Files.readString(out().resolve("report.html")), "\"y\":\"MSE of scaled targets\"");
    run("evaluate", model(), "--data=" + data).says("\nloss (mse of scaled targets)  0.0");
    Map<String, Object> json = run("evaluate", model(), "--data=" + data, "--json").json(0);
    assertTrue((double) json.get("r2") > 0.99);
    double variance = 40 * 40 * 4; // the targets vary as 40 times the numbers 0 to 6
    assertEquals((double) json.get("loss") * variance, (double) json.get("mse"), variance / 100);
    List<String> rows = run("predict", model(), "--data=" + data, "--split=all").lines();
    for (String row : rows.subList(1, 61)) {
      String[] cells = row.split(",");
      assertTrue(cells[1].matches("5\\d\\d0\\.3"), "as in the file: " + row);
      assertEquals(Double.parseDouble(cells[1]), Double.parseDouble(cells[2]), 30);
    }
    run("inspect", out().resolve("nn_model.npz").toString())
        .says("\nScaling of targets standard\n");
    // The model keeps both scalings, also when a training starts from it or is resumed.
    Path other = directory.resolve("other");
    String initial = "--initial-model=" + out().resolve("nn_model.npz");
    run("train", "--data=" + data, initial, "--epochs=1", "--out=" + other)
        .says(", of targets standard");
    run("train", "--resume", "--out=" + out(), "--epochs=201");
    String longer = "--out=" + directory.resolve("longer");
    Run whole =
        Run.line(
                "train --data %s --batch-size=8 --init=he --hidden=8 --epochs=201 --loss=mse --eta=0.05 --scale-targets=standard --preset=course",
                data, longer)
            .ok();
    assertEquals(sha256(whole.out()), Model.load(out().resolve("nn_model.npz")).sha256());
  }

  @Test
  void severalTargetColumns() throws IOException {
    StringBuilder text = new StringBuilder("sum,a,b,\"less, b\"\n");
    for (int i = 0; i < 60; i++) {
      int a = i % 7;
      int b = i % 11;
      text.append(a + b + 0.5).append(',').append(a).append(',').append(b).append(',');
      text.append(a - b).append('\n');
    }
    Path data = Files.writeString(directory.resolve("two.csv"), text);
    train(data, "--target=sum,-1", "--loss=huber", "--eta=0.05", "--scale-targets=standard");
    String[] both = {"--data=" + data, "--target=sum,-1"};
    List<String> rows = run("predict", model(), both[0], both[1]).lines();
    assertEquals("index,true_sum,\"true_less, b\",y_sum,\"y_less, b\"", rows.get(0));
    assertEquals(61, rows.size());
    assertEquals(rows, run("predict", model(), both[0]).lines(), "the model knows its target");
    assertEquals(7, run("predict", model(), both[0], "--split=test").lines().size());
    Map<String, Object> json = run("evaluate", model(), both[0], both[1], "--json").json(0);
    assertTrue((double) json.get("r2") > 0.9, json.toString());
    String shown = run("inspect", out().resolve("nn_model.npz").toString()).out();
    assertTrue(shown.contains("\nOutputs sum, less, b\n"), shown);
    Run.of("evaluate", model(), both[0], "--target=3,0")
        .failed("two.csv: target less, b, sum, expected sum, less, b, which the model");

    shown = run("inspect", data.toString(), "--target=0,3").out();
    assertContains(shown, "\nTarget sum, less, b: numbers, as not all are 0 or 1 (loss mse)\n");
    assertTrue(shown.matches("(?s).*\ntarget +rows +min +max +mean\nsum +60 +0.5 +15.5 .*"), shown);
    json = run("inspect", data.toString(), "--target=0,3", "--json").json(0);
    List<?> ranges = (List<?>) json.get("target_ranges");
    assertEquals(2, ranges.size());
    double mean = IntStream.range(0, 60).mapToDouble(i -> i % 7 + i % 11 + 0.5).average().orElse(0);
    assertEquals(
        Map.of("target", "sum", "rows", 60.0, "min", 0.5, "max", 15.5, "mean", mean),
        ranges.get(0));
  }

  @Test
  void targetsOfAFileThatAreNoClassesAreShownByTheirRanges() throws IOException {
    Path file = labelSets();
    assertContains(
        run("inspect", file.toString()).out(),
        "target_train: row 0 of 2 has no ones, expected a class",
        "\nsome    train    30  0.00000  1.00000  0.66667\n",
        "\nsecond  test      6  0.00000  1.00000  0.33333\n");
  }

  @Test
  void smoothedAndWeighted() throws IOException {
    Path data = Fixtures.data(directory.resolve("data.npz"));
    String plain = train(data, "--eta=0.1", "--epochs=5", "--hidden=4").out();
    String[][] others = {
      {"--label-smoothing=0.1"},
      {"--class-weights=balanced"},
      {"--class-weights=1,2,0.5"},
      {"--class-weights=1,1,1"}
    };
    for (int i = 0; i < others.length; i++) {
      String out =
          train(data, Run.words(others[i], "--eta=0.1 --epochs=5 --hidden=4 --force")).out();
      // All classes of the fixture have the same number of rows, so balanced changes nothing.
      assertEquals(i == 1 || i == 3, sha256(out).equals(sha256(plain)), others[i][0]);
    }
    for (String option : List.of("--class-weights=balanced", "--balanced")) {
      Run.line("train --data", table(), "--loss=mse", option, "--out", directory.resolve("x"))
          .misusedWith(option.replaceAll("=.*", "") + ": works with --loss softmax only");
    }
  }

  private static String sha256(String out) {
    return out.replaceAll("(?s).*Weights sha256 (\\w+).*", "$1");
  }
}
