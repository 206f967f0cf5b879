package dev.lanewise.cli;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Loss;
import dev.lanewise.train.Recipe;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be typed: that the help lists it, and that it lists nothing else. */
class OptionTableTest {
  private static final Set<String> COMMON =
      Set.of("quiet", "json", "progress", "threads", "unfold", "debug", "help");

  /** How a table is read. */
  private static final Set<String> TABLE = Set.of("decimal", "header", "missing", "separator");

  /** What columns of a table are. */
  private static final Set<String> COLUMNS = Set.of("target", "weight-column");

  /** How a model is read. */
  private static final Set<String> MODEL = Set.of("activation", "scale", "trust");

  /** On which rows. */
  private static final Set<String> ROWS = Set.of("data", "image-size", "split", "targets");

  /** How rows are divided. */
  private static final Set<String> DIVISION =
      Set.of("seed", "split-sizes", "stratified", "valid-fraction");

  /** Each command's own options; CLI users rely on these names. */
  private static final Map<String, Set<String>> OWN =
      Map.ofEntries(
          entry(
              "train",
              union(
                  Set.of(
                      ("balanced batch-size best best-of-equals beta1 beta2 bias-rate cache categorical"
                              + " checkpoint-every class-weights clip-norm data dropout epochs epsilon eta force"
                              + " hidden ignore image-size init initial-model input-rate label-smoothing loss"
                              + " min-count momentum no-shuffle no-stratified optimizer out patience preset"
                              + " rate-by-inputs resume scale-targets schedule schedule-decay schedule-epochs"
                              + " schedule-factor schedule-minimum short-batch targets test-data valid-data"
                              + " verbose warmup weight-decay")
                          .split(" ")),
                  TABLE,
                  COLUMNS,
                  MODEL,
                  DIVISION)),
          entry("evaluate", union(Set.of("model", "top-k"), TABLE, COLUMNS, MODEL, ROWS, DIVISION)),
          entry(
              "predict",
              union(
                  Set.of("keep", "model", "out", "receipt"),
                  TABLE,
                  COLUMNS,
                  MODEL,
                  ROWS,
                  DIVISION)),
          entry(
              "uncertain",
              union(Set.of("count", "model", "out"), TABLE, COLUMNS, MODEL, ROWS, DIVISION)),
          entry("report", union(Set.of("out"), TABLE, COLUMNS, MODEL, ROWS, DIVISION)),
          entry("compare", Set.of("out", "trust")),
          entry("verify", Set.of("data", "epochs")),
          entry(
              "serve",
              union(
                  Set.of("host", "host-name", "max-body", "model", "port", "queue", "timeout"),
                  TABLE,
                  MODEL)),
          entry(
              "check",
              union(
                  Set.of(
                      "activation data hidden image-size loss model seed split-sizes trust"
                          .split(" ")),
                  COLUMNS)),
          entry(
              "inspect",
              union(Set.of("categorical", "ignore", "image-size", "min-count"), TABLE, COLUMNS)),
          entry("convert", union(Set.of("data", "loss", "map"), MODEL)),
          entry("info", Set.of()));

  @SafeVarargs
  private static Set<String> union(Set<String> own, Set<String>... shared) {
    Set<String> all = new TreeSet<>(own);
    for (Set<String> each : shared) {
      all.addAll(each);
    }
    return all;
  }

  static List<String> commands() {
    return Usage.COMMANDS;
  }

  @Test
  void commandsAreThose() {
    assertEquals(
        List.of(
            ("train evaluate predict uncertain report compare verify check inspect convert"
                    + " serve info")
                .split(" ")),
        Usage.COMMANDS);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void optionsAreThose(String command) {
    Set<String> expected = new TreeSet<>(OWN.get(command));
    expected.addAll(COMMON);
    assertEquals(expected, new TreeSet<>(Usage.of(command).values.keySet()));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpIsPrintedAndItsExamplesParse(String command) {
    Run run = Run.of(command, "--help").ok();
    assertEquals("", run.err());
    run.says("Usage: lanewise " + command + " ");
    run.lines().forEach(line -> assertTrue(line.length() <= 100, line));
    List<String> examples =
        run.lines().stream().filter(line -> line.startsWith("  lanewise ")).toList();
    assertTrue(examples.size() >= 2, run.out());
    for (String example : examples) {
      List<String> words = List.of(example.strip().replaceFirst(" [|>].*", "").split(" "));
      assertEquals(command, words.get(1));
      new Arguments(Usage.of(command), words.subList(2, words.size()));
    }
  }

  @Test
  void helpOfTheProgramHasEveryCommand() {
    Run run = Run.of("--help").ok();
    Usage.COMMANDS.forEach(command -> assertTrue(run.out().contains("\n  " + command + " ")));
  }

  @Test
  void helpWinsOverWrongValues() {
    Run.line("train --epochs ten --help").ok();
    Run.of("inspect", "--help").ok();
    Run.of("convert", "--help").ok();
    Run.of("verify", "--help").ok();
  }

  @Test
  void versionIsThatOfTheBuild() {
    Run run = Run.of("--version").ok();
    assertTrue(run.out().matches("Lanewise [0-9]+\\.[0-9]+\\.[^$]*\n"), run.out());
  }

  @Test
  void courseValuesAreTheDefaults() {
    assertEquals(
        Map.ofEntries(
            entry("data", "data/digits.npz"),
            entry("min-count", "2"),
            entry("bias-rate", "1"),
            entry("rate-by-inputs", "no"),
            entry("input-rate", "0"),
            entry("short-batch", "keep"),
            entry("best-of-equals", "first"),
            entry("scale", "auto"),
            entry("hidden", "16,80"),
            entry("activation", "relu"),
            entry("epochs", "1000"),
            entry("batch-size", "100"),
            entry("eta", "0.01"),
            entry("optimizer", "sgd"),
            entry("weight-decay", "0"),
            entry("clip-norm", "0"),
            entry("dropout", "0"),
            entry("schedule", "constant"),
            entry("warmup", "0"),
            entry("init", "course"),
            entry("label-smoothing", "0"),
            entry("class-weights", "none"),
            entry("seed", "0"),
            entry("checkpoint-every", "30"),
            entry("progress", "auto")),
        Usage.of("train").defaults);
  }

  /** The help names the values and the words of the library's recipe. */
  @Test
  void helpAgreesWithTheRecipe() {
    Usage usage = Usage.of("train");
    String help = usage.help.replaceAll("\\s+", " ");
    Recipe course = Recipe.COURSE;
    String same =
        "hidden activation init seed epochs batchSize dropout warmup optimizer schedule"
            + " weightDecay clipNorm biasRate inputRate labelSmoothing";
    for (String option : same.split(" ")) {
      String name = option.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
      assertEquals(course.value(option, Loss.SOFTMAX, true), usage.defaults.get(name), option);
    }
    assertEquals(course.value("learningRate", Loss.MSE, true), usage.defaults.get("eta"));
    for (String option : List.of("init", "optimizer", "schedule")) {
      List<String> words = Recipe.choices(option);
      int last = words.size() - 1;
      String named = String.join(", ", words.subList(0, last)) + " or " + words.get(last);
      assertTrue(help.contains(named), named);
    }
    for (String option : List.of("momentum", "beta1", "beta2", "epsilon", "scheduleDecay")) {
      assertTrue(help.contains("(" + course.value(option, Loss.SOFTMAX, true)), option);
    }
    assertTrue(help.contains(Recipe.TABLE.shares().toString().replaceAll("[\\[\\] ]", "")));
    assertTrue(help.contains("course " + course.shares().toString().replaceAll("[\\[\\] ]", "")));
  }

  @Test
  void bothSpellingsOfAValueAreTheSame() {
    Usage usage = Usage.of("train");
    Arguments a = new Arguments(usage, List.of("--batch-size", "-1", "--out", "a=b"));
    Arguments b = new Arguments(usage, List.of("--batch-size=-1", "--out=a=b"));
    for (Arguments arguments : List.of(a, b)) {
      assertEquals("-1", arguments.text("batch-size"));
      assertEquals("a=b", arguments.text("out"));
      assertFalse(arguments.has("no-shuffle"));
    }
  }

  @Test
  void optionsForProgramsHaveTypes() {
    Arguments arguments =
        new Arguments(
            Usage.of("train"), List.of("--eta", "1e-3", "--no-shuffle", "--seed", "-7", "--out=x"));
    Map<String, Object> json = JsonReader.object(arguments.json().toString());
    assertEquals(0.001, json.get("eta"));
    assertEquals(-7.0, json.get("seed"));
    assertEquals(100.0, json.get("batch-size"));
    assertEquals("16,80", json.get("hidden"));
    assertEquals(true, json.get("no-shuffle"));
    assertEquals(false, json.get("verbose"));
    assertEquals("x", json.get("out"));
    assertTrue(json.containsKey("initial-model") && json.get("initial-model") == null);
  }

  @Test
  void distanceCountsSwapsOnce() {
    assertEquals(0, Nearest.distance("train", "train"));
    assertEquals(1, Nearest.distance("trian", "train"));
    assertEquals(1, Nearest.distance("tran", "train"));
    assertEquals(1, Nearest.distance("traiin", "train"));
    assertEquals(5, Nearest.distance("", "train"));
    assertEquals(3, Nearest.distance("kitten", "sitting"));
  }
}
