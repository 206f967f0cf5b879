package dev.lanewise.cli;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.recipe.Option;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Nearest;
import dev.lanewise.terminal.Role;
import dev.lanewise.terminal.Usage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that the help lists all options that can be typed, and no others. */
class OptionTableTest {
  private static final Set<String> COMMON =
      Set.of("quiet", "json", "progress", "threads", "unfold", "debug", "help");

  /** The options that several commands share, under a name in capitals. */
  private static final Map<String, String> SHARED =
      Map.of(
          "TABLE", "decimal header missing missing-also separator sheet skip",
          "COLUMNS", "target weight-column",
          "MODEL", "activation scale trust",
          "ROWS", "data split targets",
          "DIVISION", "seed split-sizes stratified valid-fraction");

  /** Each command's own options; CLI users rely on these names. */
  private static final Map<String, String> OWN =
      Map.ofEntries(
          entry(
              "cross-validate",
              "TABLE COLUMNS activation balanced batch-size best best-of-equals beta1 beta2"
                  + " bias-rate binned-members bins cache categorical century-from class-weights clip-norm configurations data"
                  + " dates dropout dropout-epochs dropout-schedule epochs epsilon eta folds force"
                  + " group group-weights hidden ignore init input-rate label-smoothing loss members"
                  + " min-count momentum no-shuffle no-stratified numeric optimizer order out patience"
                  + " preset rate-by-inputs keep-totals skip-totals repeats scale scale-targets schedule schedule-decay"
                  + " schedule-epochs schedule-factor schedule-minimum seed shards short-batch stratified temperature"
                  + " valid-fraction warmup weight-decay"),
          entry(
              "train",
              "TABLE COLUMNS MODEL DIVISION all-rows balanced batch-size best best-of-equals beta1 beta2"
                  + " bias-rate binned-members bins cache calibration-fraction categorical century-from checkpoint-every class-weights clip-norm configurations coverage coverage-by-class data dates"
                  + " dropout dropout-epochs dropout-schedule epochs epsilon eta force group group-weights hidden ignore init initial-model"
                  + " input-rate label-smoothing loss members min-count momentum no-shuffle no-stratified numeric"
                  + " optimizer order out patience preset rate-by-inputs keep-totals skip-totals resume scale-targets schedule"
                  + " schedule-decay schedule-epochs schedule-factor schedule-minimum searched shards short-batch"
                  + " targets temperature test-data time valid-data verbose warmup weight-decay"),
          entry(
              "search",
              "TABLE COLUMNS DIVISION activation all-rows balanced batch-size best beta1 beta2 bias-rate binned-members bins cache"
                  + " calibration-fraction categorical century-from class-weights clip-norm coverage coverage-by-class data dates dropout dropout-epochs dropout-schedule epochs"
                  + " epsilon eta force group hidden ignore init input-rate"
                  + " label-smoothing loss members min-count momentum no-shuffle no-stratified numeric optimizer order out"
                  + " patience preset rate-by-inputs keep-totals skip-totals resume scale scale-targets schedule"
                  + " schedule-decay schedule-epochs schedule-factor schedule-minimum shards short-batch"
                  + " targets temperature test-data time trials valid-data warmup weight-decay"),
          entry(
              "evaluate",
              "TABLE COLUMNS MODEL ROWS DIVISION coverage model positive threshold top-k"),
          entry("calibrate", "TABLE COLUMNS MODEL ROWS DIVISION model out remove"),
          entry("cover", "TABLE COLUMNS MODEL ROWS DIVISION by-class model out remove"),
          entry(
              "predict",
              "TABLE COLUMNS MODEL ROWS DIVISION coverage keep like-input model out positive threshold"),
          entry("uncertain", "TABLE COLUMNS MODEL ROWS DIVISION count model"),
          entry("drift", "TABLE COLUMNS MODEL data level model"),
          entry(
              "explain",
              "TABLE COLUMNS MODEL background background-rows class data model"
                  + " out page rows split"),
          entry(
              "decide",
              "TABLE COLUMNS MODEL ROWS DIVISION by costs even-if-worse model out positive remove threshold"),
          entry("report", "TABLE COLUMNS MODEL ROWS DIVISION model out"),
          entry("compare", "activation data out sheet trust"),
          entry("verify", "data"),
          entry(
              "serve",
              "TABLE MODEL coverage host host-name max-body model port queue timeout tls-cert"
                  + " tls-key token-file watch-models"),
          entry("check", "COLUMNS activation data hidden loss model seed sheet split-sizes trust"),
          entry(
              "inspect",
              "TABLE COLUMNS activation categorical century-from dates ignore keep-totals min-count numeric skip-totals"),
          entry("convert", "MODEL data int64 labels loss map sheet"),
          entry("info", ""));

  static List<String> commands() {
    return Usage.COMMANDS;
  }

  @Test
  void commandsAreThose() {
    assertEquals(
        List.of(
            ("train search cross-validate evaluate predict uncertain calibrate cover explain decide drift report compare verify check"
                    + " inspect convert serve info")
                .split(" ")),
        Usage.COMMANDS);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void optionsAreThose(String command) {
    Set<String> expected = new TreeSet<>(COMMON);
    for (String word : OWN.get(command).split(" ")) {
      expected.addAll(List.of(SHARED.getOrDefault(word, word).split(" ")));
    }
    expected.remove("");
    assertEquals(expected, new TreeSet<>(Usage.of(command).values.keySet()));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpIsPrintedAndItsExamplesParse(String command) {
    Run run = Run.of(command, "--help", "all").ok();
    assertEquals("", run.err());
    run.says("Usage: lanewise " + command + " ");
    List<String> all = run.lines();
    all.forEach(line -> assertTrue(line.length() <= 100, line));
    for (int i = 1; i < all.size(); i++) { // a continued line has no room for the next word
      if (all.get(i).startsWith(" ".repeat(25))) {
        String next = all.get(i).strip().replaceFirst(" .*", "");
        assertTrue(all.get(i - 1).length() + 1 + next.length() > 100, all.get(i - 1));
      }
    }
    List<String> examples =
        run.lines().stream().filter(line -> line.startsWith("  lanewise ")).toList();
    assertTrue(examples.size() >= 2, run.out());
    for (String example : examples) {
      List<String> words = List.of(example.strip().replaceFirst(" [|>].*", "").split(" "));
      assertEquals(command, words.get(1));
      new Arguments(Usage.of(command), words.subList(2, words.size()));
    }
  }

  /**
   * The help fits a page of 60 lines: it has a part of all options, in the same order, and its last
   * line says how many others there are, and how to see them.
   */
  @ParameterizedTest
  @MethodSource("commands")
  void everydayOptionsComeFirst(String command) {
    Run run = Run.of(command, "--help").ok();
    assertTrue(run.lines().size() <= 60, run.out());
    List<String> few = optionLines(run);
    List<String> all = optionLines(Run.of(command, "--help=all").ok());
    assertEquals(Usage.of(command).values.size(), all.size());
    assertEquals(few, all.stream().filter(few::contains).toList());
    int further = all.size() - few.size();
    String says = "\n\nFor " + further + " further options: lanewise " + command + " --help all\n";
    assertTrue(run.out().endsWith(says), run.out());
  }

  private static List<String> optionLines(Run run) {
    return run.lines().stream().filter(line -> line.startsWith("  --")).toList();
  }

  @Test
  void helpOfTheProgramHasEveryCommand() {
    Run run = Run.of("--help").ok();
    Usage.COMMANDS.forEach(command -> assertTrue(run.out().contains("\n  " + command + " ")));
  }

  @Test
  void helpWinsOverWrongValues() {
    for (String typed : List.of("train --epochs ten", "inspect", "convert", "verify")) {
      Run.line(typed + " --help").ok();
    }
  }

  @Test
  void versionIsThatOfTheBuild() {
    Run run = Run.of("--version").ok();
    assertTrue(run.out().matches("Lanewise [0-9]+\\.[0-9]+\\.[^$]*\n"), run.out());
  }

  @Test
  void courseValuesAreTheDefaults() {
    String expected =
        "data=data/digits.npz min-count=2 bias-rate=1 rate-by-inputs=no input-rate=0"
            + " short-batch=keep best-of-equals=first scale=auto hidden=16,80 activation=relu"
            + " epochs=1000 batch-size=100 eta=0.01 optimizer=sgd weight-decay=0 clip-norm=0"
            + " dropout=0 schedule=constant warmup=0 init=course label-smoothing=0 class-weights=none"
            + " seed=0 checkpoint-every=30 progress=auto missing="
            + String.join(",", Cell.MISSING_STRINGS);
    Set<String> found = new TreeSet<>();
    Usage.of("train").defaults.forEach((name, value) -> found.add(name + "=" + value));
    assertEquals(new TreeSet<>(List.of(expected.split(" "))), found);
  }

  static Collection<Option> options() {
    return Recipe.options().values();
  }

  /**
   * The help of commands that train has the name, type, value, words and condition of an option.
   */
  @ParameterizedTest
  @MethodSource("options")
  void helpAgreesWithTheOption(Option option) {
    for (String command : List.of("train", "search", "cross-validate")) {
      Usage usage = Usage.of(command);
      if (command.equals("search")
          && List.of("configurations", "groupWeights").contains(option.name())) {
        continue; // which a search finds
      }
      List<String> placeholders =
          switch (option.type()) {
            case SIZES -> List.of("N,N,...");
            case TEXT -> List.of("NAME,...", "LIST");
            case WORD, TRUTH -> List.of("NAME", "WHAT", "WHEN", "S");
            case WHOLE, LONG -> List.of("N");
            case NUMBER -> List.of("X", "P");
          };
      assertTrue(placeholders.contains(usage.values.get(option.flag())), option.toString());
      String course = option.word(option.course());
      assertEquals(course, usage.defaults.getOrDefault(option.flag(), course), command);
    }
    Usage train = Usage.of("train");
    String text = train.descriptions.get(option.flag());
    Map<String, String> others = // these follow from other options
        Map.of("dropoutEpochs", "(all)", "patience", "(off)", "best", "else none)");
    String value = others.getOrDefault(option.name(), "(" + option.course());
    assertTrue(train.defaults.containsKey(option.flag()) || text.contains(value), text);
    for (String word : option.words()) {
      assertTrue(text.contains(word), word + " in " + text);
    }
    for (String word : option.selector().equals("dropout") ? List.<String>of() : option.users()) {
      assertTrue(text.matches("(.*; )?([a-z, -]+, )?" + word + "[,:].*"), word + " in " + text);
    }
  }

  /** What is forgotten in the table of roles decides the result, so it has no role by mistake. */
  @Test
  void rolesOfOptionsAreThose() {
    String free = "cache out force resume trust checkpoint-every verbose time";
    assertEquals(List.of(free.split(" ")), Role.options(Role::isFree), "in the order of verify");
    String files = "data targets valid-data test-data initial-model";
    assertEquals(List.of(files.split(" ")), Role.options(Role::isRead), "in the order of run.json");
    String stored = " hidden activation";
    assertEquals(options(free + " " + files + stored), withRole("train", role -> !role.isNoted()));
    assertEquals(
        options("out force resume trust time"), withRole("train", role -> !role.isGiven()));
    assertEquals(options("out resume epochs trust cache"), withRole("train", Role::isOpen));
    assertEquals(options("out resume trials time"), withRole("search", Role::isOpen));
    assertEquals(options("out force resume"), withRole("search", role -> !role.isGiven()));
  }

  private static Set<String> options(String names) {
    return new TreeSet<>(List.of(names.split(" ")));
  }

  /** Returns the options of a command with a role, without those of every command. */
  private static Set<String> withRole(String command, Predicate<Role> which) {
    Set<String> names = new TreeSet<>(Usage.of(command).values.keySet());
    names.removeIf(name -> Role.of(command, name) == Role.SHOWN);
    names.removeIf(name -> !which.test(Role.of(command, name)));
    return names;
  }

  @Test
  void sharesOfTheHelpAreThoseOfRecipes() {
    String help = Usage.of("train").help(true).replaceAll("\\s+", " ");
    assertTrue(help.contains("(0.9,0,0.1, and folds"));
    assertEquals(List.of(0.9, 0.0, 0.1), Recipe.TABLE.shares());
    String course = Recipe.COURSE.shares().toString().replaceAll("[\\[\\] ]", "");
    assertTrue(help.contains("course " + course));
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
