package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.DecisionRule;
import dev.lanewise.model.Model;
import dev.lanewise.serve.Outputs;
import dev.lanewise.terminal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code cover} as a user calls it. */
class CoverCommandTest {
  private static final String QUICK = "--preset course --epochs 60 --eta 0.1 --hidden 8 --out";

  @TempDir static Path directory;

  private static Path data;
  private static Path classes; // a run that kept a quarter of its rows
  private static Path number;

  /** Writes rows whose class and number depend on the first column. */
  private static Path table(String name, int rows, long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("a,b,class,number\n");
    for (int row = 0; row < rows; row++) {
      double a = random.nextGaussian();
      double number = 10 * a + 3 * random.nextGaussian();
      String kind = number < -5 ? "x y" : number < 5 ? "\"a,b\"" : "z";
      text.append("%s,%s,%s,%s\n".formatted(a, random.nextInt(1000), kind, number));
    }
    return Files.writeString(directory.resolve(name), text);
  }

  @BeforeAll
  static void train() throws IOException {
    data = table("train.csv", 400, 1);
    classes = directory.resolve("classes");
    number = directory.resolve("number");
    String kept = "train --calibration-fraction 0.25 --target";
    Run.line(kept, "class --ignore number", data, QUICK, classes).ok();
    Run.line(kept, "number --ignore class --loss mae", data, QUICK, number).ok();
  }

  @Test
  void theModelKeepsTheScoresOfTheRows() throws IOException {
    Path file = directory.resolve("covering.npz");
    Run run = Run.line("cover --json", classes, "--out", file).ok();
    assertEquals("calibration", run.json().get("split"));
    assertEquals(90.0, ((Number) run.json().get("rows")).doubleValue());
    Coverage coverage = Model.load(file).coverage().orElseThrow();
    assertEquals(90, coverage.rows(0));
    Map<?, ?> limits = (Map<?, ?>) ((List<?>) run.json().get("limits")).get(0);
    assertEquals(coverage.at(0.9).limit(0), limits.get("0.9"));
    Run.line("inspect", file).ok("Coverage: sets of classes by 90 rows\n");
    Run.line("cover", classes, "--by-class --out", file).ok("\nz ");
    assertTrue(Model.load(file).coverage().orElseThrow().isByClass());
    Path back = directory.resolve("back.npz");
    Run.line("cover", file, "--remove --out", back).ok();
    Fixtures.assertSame(classes.resolve("nn_model.npz"), back);
    Run.line("cover", number, "--out", file).ok("\nnumber  ");
    assertEquals("intervals by 90 rows", Model.load(file).coverage().orElseThrow().toString());
    Path page = directory.resolve("page.html");
    Run.line("report", file, "--data", data, "--out", page).ok();
    String text = Files.readString(page);
    assertContains(text, "intervals by 90 rows", "<caption>Intervals of level 0.9</caption>");
  }

  @Test
  void aSmallNumberOfRowsIsSaid() throws IOException {
    Path few = table("few.csv", 8, 3);
    Path file = directory.resolve("few.npz");
    String err = Run.line("cover", number, few, "--out", file).ok("inf").err();
    assertTrue(err.contains("Level 0.9 needs at least 9 rows: there are 8, so intervals"), err);
    err = Run.line("cover", classes, few, "--by-class --out", file).ok("inf").err();
    assertTrue(err.contains("rows of each class: "), err);
    err = Run.line("cover", classes, "--split test --out", file).ok().err();
    assertTrue(err.contains("The test rows decide about the coverage"), err);
  }

  @Test
  void aCalibrationTakesThemOut() throws IOException {
    Path file = directory.resolve("covering2.npz");
    Path calibrated = directory.resolve("calibrated.npz");
    Run.line("cover", classes, "--out", file).ok();
    Run run =
        Run.line("calibrate", file, "--data", data, "--split calibration --out", calibrated).ok();
    assertTrue(run.err().contains("The coverage of the model is removed"), run.err());
    assertTrue(Model.load(calibrated).coverage().isEmpty());
    String both = "--split calibration --out";
    String err = Run.line("cover", calibrated, "--data", data, both, file).ok().err();
    assertTrue(err.contains("the coverage is only nearly as promised"), err);
    err = Run.line("convert", file, directory.resolve("m.onnx")).ok().err();
    assertTrue(err.contains("m.onnx: without the coverage of the model"), err);
  }

  private static List<Map<String, Object>> json(String... words) {
    return Run.line(words[0], (Object[]) Arrays.copyOfRange(words, 1, words.length))
        .ok()
        .out()
        .lines()
        .map(JsonReader::object)
        .toList();
  }

  @Test
  void allWaysOutHaveTheSameSets() throws IOException {
    Path file = directory.resolve("sets.npz");
    Run.line("cover", classes, "--by-class --out", file).ok();
    Path rows = table("new.csv", 60, 9);
    List<Map<String, Object>> events =
        json("predict --json --quiet --coverage 0.8", file.toString(), rows.toString());
    Run csv = Run.line("predict --coverage 0.8", file, rows).ok();
    List<String> lines = csv.out().lines().toList();
    assertEquals("index,true,predicted,\"p_a,b\",p_x y,p_z,\"in_a,b\",in_x y,in_z", lines.get(0));
    Path arrays = directory.resolve("sets-out.npz");
    Run.line("predict --coverage 0.8", file, rows, "--out", arrays).ok();
    List<String> names = List.of("a,b", "x y", "z");
    Coverage.Level level = Model.load(file).coverage().orElseThrow().at(0.8);
    int[] sizes = new int[4];
    int covered = 0;
    try (Npz npz = Npz.open(arrays)) {
      NdArray inside = npz.read("set");
      assertArrayEquals(new int[] {60, 3}, inside.shape());
      for (int row = 0; row < 60; row++) {
        List<?> set = (List<?>) events.get(row).get("set");
        sizes[set.size()]++;
        covered += set.contains(events.get(row).get("true")) ? 1 : 0;
        StringBuilder flags = new StringBuilder();
        double[] p = new double[3];
        for (int c = 0; c < 3; c++) {
          boolean in = set.contains(names.get(c));
          flags.append(in ? ",1" : ",0");
          assertEquals(in ? 1 : 0, inside.longAt(3 * row + c));
          p[c] = ((Number) ((List<?>) events.get(row).get("probabilities")).get(c)).doubleValue();
        }
        assertTrue(lines.get(row + 1).endsWith(flags.toString()), lines.get(row + 1));
        boolean[] own = level.set(p); // of the printed probabilities
        for (int c = 0; c < 3; c++) {
          assertEquals(own[c], set.contains(names.get(c)));
        }
      }
    }
    assertTrue(sizes[0] == 0 && sizes[1] > 0 && sizes[2] > 0, Arrays.toString(sizes));
    Run evaluated = Run.line("evaluate --coverage 0.8 --json", file, rows).ok();
    Map<?, ?> coverage = (Map<?, ?>) evaluated.json().get("coverage");
    Map<?, ?> all = (Map<?, ?>) ((List<?>) coverage.get("rows")).get(3);
    assertEquals(covered / 60.0, all.get("coverage"));
    assertEquals((sizes[1] + 2 * sizes[2] + 3 * sizes[3]) / 60.0, all.get("mean_size"));
    Run.line("evaluate --coverage 0.8", file, rows).ok("Coverage of level 0.8\nname ");
    Model model = Model.load(file);
    Outputs outputs = new Outputs(model, model.classNames(), level);
    try (Served served = new Served(outputs, 2, 8, 100_000);
        RawHttp http = served.connect()) {
      String text = Files.readString(rows);
      String answer = http.post(text, "Content-Type: text/csv", "Accept: application/json").body();
      for (Map<String, Object> event : events) {
        assertTrue(answer.contains("\"set\":" + Json.of(event.get("set")) + "}"), answer);
      }
      List<?> inside = http.tensor("set", text.lines().toList(), 2);
      for (int row = 0; row < 60; row++) {
        List<Object> set = new ArrayList<>();
        for (int c = 0; c < 3; c++) {
          if ((Boolean) inside.get(3 * row + c)) {
            set.add(model.classNames().get(c));
          }
        }
        assertEquals(events.get(row).get("set"), set);
      }
    }
  }

  /** A decision may take a class that the set of the row does not have: every way out notes it. */
  @Test
  void aClassOutsideItsSetIsNoted() throws IOException {
    Path file = directory.resolve("sets.npz");
    Run.line("cover", classes, "--out", file).ok();
    double[][] costs = {{0, 9, 9}, {0, 9, 9}, {0, 9, 9}};
    Model model = Model.load(file).withRule(Optional.of(DecisionRule.costs(costs)));
    model.save(file);
    Path rows = table("new.csv", 60, 9);
    Run run = Run.line("predict --json --coverage 0.8", file, rows).ok();
    String always = model.classNames().get(0);
    long outside = run.out().lines().filter(line -> !set(line).contains(always)).count();
    assertTrue(outside > 0);
    String note = "The class of " + outside + " rows is not in its own set: ";
    assertTrue(run.err().contains(note), run.err());
    Run.line("predict --coverage 0.8", file, rows).ok().warns(note);
    Outputs outputs =
        new Outputs(model, model.classNames(), model.coverage().orElseThrow().at(0.8));
    try (Served served = new Served(outputs, 2, 8, 100_000);
        RawHttp http = served.connect()) {
      String text = Files.readString(rows);
      String answer = http.post(text, "Content-Type: text/csv", "Accept: application/json").body();
      assertTrue(answer.contains("\"notes\":[") && answer.contains(note), answer);
    }
  }

  private static String set(String line) {
    return line.replaceFirst(".*\"set\":(\\[.*?\\]).*", "$1");
  }

  @Test
  void allWaysOutHaveTheSameIntervals() throws IOException {
    Path file = directory.resolve("intervals.npz");
    Run.line("cover", number, "--out", file).ok();
    Path rows = table("new.csv", 60, 9);
    List<Map<String, Object>> events =
        json("predict --json --quiet --coverage 0.9", file.toString(), rows.toString());
    List<String> lines = Run.line("predict --coverage 0.9", file, rows).ok().out().lines().toList();
    assertEquals("index,true_number,y_number,low_number,high_number", lines.get(0));
    double limit = Model.load(file).coverage().orElseThrow().at(0.9).limit(0);
    int covered = 0;
    for (int row = 0; row < 60; row++) {
      double[] ends = new double[4];
      for (int i = 0; i < 4; i++) {
        String name = List.of("true", "outputs", "low", "high").get(i);
        ends[i] = ((Number) ((List<?>) events.get(row).get(name)).get(0)).doubleValue();
      }
      assertTrue(lines.get(row + 1).endsWith("," + ends[2] + "," + ends[3]));
      assertEquals(ends[1] - limit, ends[2], 1e-12 * limit);
      assertEquals(ends[1] + limit, ends[3], 1e-12 * limit);
      covered += ends[2] <= ends[0] && ends[0] <= ends[3] ? 1 : 0;
    }
    Run evaluated = Run.line("evaluate --coverage 0.9 --json", file, rows).ok();
    Map<?, ?> coverage = (Map<?, ?>) evaluated.json().get("coverage");
    Map<?, ?> found = (Map<?, ?>) ((List<?>) coverage.get("rows")).get(0);
    assertEquals(covered / 60.0, found.get("coverage"));
    assertEquals(2 * limit, (double) found.get("width"), 1e-9);
    Path arrays = directory.resolve("intervals-out.npz");
    Run.line("predict --coverage 0.9", file, rows, "--out", arrays).ok();
    try (Npz npz = Npz.open(arrays)) {
      assertTrue(lines.get(1).endsWith("," + npz.read("high").doubleAt(0)));
    }
    Run few = Run.line("predict --coverage 0.99 --json --quiet", file, rows).ok();
    assertTrue(few.out().contains("\"low\":[null],\"high\":[null]"), few.out());
    assertContains(
        Run.line("evaluate --coverage 0.99", file, rows).ok().err(),
        "Level 0.99 needs at least 99 rows: there are 90, so intervals");
    Model model = Model.load(file);
    Outputs outputs =
        new Outputs(model, model.classNames(), model.coverage().orElseThrow().at(0.9));
    try (Served served = new Served(outputs, 2, 8, 100_000);
        RawHttp http = served.connect()) {
      String text = Files.readString(rows);
      String answer = http.post(text, "Content-Type: text/csv", "Accept: application/json").body();
      String low = ((List<?>) events.get(0).get("low")).get(0).toString();
      assertTrue(answer.contains("\"low\":{\"number\":" + low + "},\"high\":{\"number\":"), answer);
      List<String> csv = text.lines().toList();
      for (String end : List.of("low", "high")) {
        List<?> ends = http.tensor(end, csv, 2);
        for (int row = 0; row < 60; row++) {
          assertEquals(events.get(row).get(end), List.of(ends.get(row)), end);
        }
      }
    }
  }

  @Test
  void trainingEndsWithTheSameScores() throws IOException {
    Path run = directory.resolve("covered");
    String rest = "--target class --ignore number --calibration-fraction 0.25";
    Run trained =
        Run.line("train --coverage --coverage-by-class", rest, data, QUICK, run)
            .ok("Coverage of split calibration: sets of classes by 90 rows, class by class; 720");
    Path file = directory.resolve("again.npz");
    Run.line("cover", classes, "--by-class --out", file).ok();
    Model model = Model.load(run.resolve("nn_model.npz"));
    assertEquals(Model.load(file).coverage(), model.coverage());
    assertEquals(Model.load(file).sha256(), model.sha256());
    Run.line("verify", run).ok("verified");
    Run.line("evaluate --coverage 0.8", run).ok("Coverage of level 0.8");
    String page = Files.readString(run.resolve("report.html"));
    assertTrue(page.contains("Sets of level 0.9: do they contain the true class?"), page);
    assertTrue(trained.out().contains("Weights sha256"), trained.out());
  }

  @Test
  void trainingKeepsATenthForIt() throws IOException {
    Path run = directory.resolve("tenth");
    Run.line("train --coverage --members 2 --target number --ignore class", data, QUICK, run).ok();
    Model model = Model.load(run.resolve("nn_model.npz"));
    assertEquals("intervals by 36 rows", model.coverage().orElseThrow().toString());
    assertContains(Files.readString(run.resolve("report.html")), "intervals by 36 rows");
    Run.line("verify", run).ok("verified");
  }
}
