package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.RandomTable.Style;
import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A model recognises its training file in any form, and knows which of its rows were for training.
 * None of those is ever a test row without a warning.
 */
class RememberedDivisionTest {
  private static final String WARNING = "Warning: about ";
  private static final String OTHER_FILE = "Not the file that the model was trained on";
  private static final Style SEMICOLONS = new Style(';', 2, "\r\n", true, true, 5);

  @TempDir Path directory;
  private RandomTable table;
  private Path data;
  private Path out;

  @BeforeEach
  void makeTable() {
    table = rows(1, 200);
    data = table.write(directory.resolve("data.csv"), Style.PLAIN);
    out = directory.resolve("run");
  }

  /** Returns different rows drawn from one distribution. */
  private static RandomTable rows(long seed, int count) {
    Random random = new Random(seed);
    List<List<Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double x = random.nextGaussian();
      List<Object> row = new ArrayList<>();
      row.add(random.nextInt(5) == 0 ? null : (Object) random.nextInt(50));
      row.add(x);
      row.add(List.of("red", "green", "blue").get(random.nextInt(3)));
      row.add(LocalDate.ofEpochDay(18000 + random.nextInt(900)));
      row.add("name " + seed + " " + i);
      row.add(random.nextBoolean());
      row.add(x + random.nextGaussian() > 0 ? "yes" : random.nextInt(4) > 0 ? "no" : "perhaps");
      rows.add(row);
    }
    return new RandomTable(List.of("few", "x", "colour", "day", "name", "flag", "target"), rows);
  }

  private Path model() {
    return out.resolve("nn_model.npz");
  }

  private Run train(Path file, String options, String... more) {
    String[] given = options.isBlank() ? new String[0] : options.strip().split(" +");
    return Run.line(
            "train --members 1 --epochs 2 --hidden 4 --force --data",
            file,
            "--out",
            out,
            given,
            more)
        .ok();
  }

  private Run use(String command, Path file, String... more) {
    return Run.line(command + " --data", file, "--model", model(), more);
  }

  private Map<String, Object> evaluation(Path file, String... more) {
    Run run = use("evaluate", file, Run.words("--json", more)).ok();
    return run.json();
  }

  /** Returns the numbers of the rows in a split, as predict writes them. */
  private int[] rowsOf(String split, Path file) {
    Run run = use("predict", file, "--split", split, "--quiet").ok();
    return run.lines().stream()
        .skip(1)
        .mapToInt(line -> Integer.parseInt(line.substring(0, line.indexOf(','))))
        .toArray();
  }

  @Test
  void valuesThatTheModelDoesNotKnowAreTold() throws IOException {
    train(data, "");
    Path red = directory.resolve("red.csv");
    Files.writeString(red, Files.readString(data).replace("green", "Green"));
    long green = Files.readString(red).lines().filter(line -> line.contains("Green")).count();
    String said =
        "lanewise: Column colour: %s of 200 values are unknown to the model, such as \"Green\" (it knows blue, green, red)"
            .formatted(green);
    for (String command : List.of("evaluate", "predict", "uncertain")) {
      Run run = use(command, red).ok();
      assertEquals(1, run.err().lines().filter(said::equals).count(), command + ": " + run.err());
      assertFalse(use(command, data).err().contains("unknown"), command);
    }
    assertFalse(use("predict", red, "--quiet").err().contains("unknown"));
  }

  @Test
  void asManyRowsAreToldAsAreWritten() throws IOException {
    train(data, "");
    for (String split : new String[] {"test", "all"}) {
      Path rows = directory.resolve(split + ".csv");
      Run run = use("predict", data, "--split", split, "--out", rows.toString());
      int count = Files.readAllLines(rows).size() - 1;
      run.says("Saved " + count + " predictions in " + rows);
      run = use("predict", data, "--split", split, "--out", rows.toString(), "--json");
      assertEquals(count, ((Number) run.json(0).get("rows")).intValue());
    }
  }

  private static int[] sorted(int[] rows) {
    int[] sorted = rows.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  /** Writes the same table in several forms. */
  private List<Path> forms() {
    List<String> turned = new ArrayList<>(table.columns());
    Collections.reverse(turned);
    List<?> numbers = IntStream.range(0, table.rows().size()).boxed().toList();
    return List.of(
        data,
        table.write(directory.resolve("data.csv.gz"), Style.PLAIN),
        table.write(directory.resolve("semicolons.csv"), SEMICOLONS),
        table.withColumns(turned).write(directory.resolve("turned.csv"), Style.PLAIN),
        table.without("name").write(directory.resolve("fewer.csv"), Style.PLAIN),
        table
            .without("name")
            .with(2, "number of the row", numbers)
            .write(directory.resolve("others.csv"), SEMICOLONS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--seed 1",
        "--seed -77 --split-sizes 0.6,0.1,0.3",
        "--split-sizes 0.5,0,0.5 --seed 3",
        "--no-stratified",
        "--stratified",
        "--preset table --stratified --seed 9 --split-sizes 0.7,0.2,0.1",
        "--valid-fraction 0.25",
        "--valid-fraction 0 --seed 4",
        "--valid-fraction 0.3 --stratified --split-sizes 0.8,0,0.2",
        "--loss mse --target few --seed 2", // some rows have no target
        "--loss mse --target x,few --seed 3 --split-sizes 0.7,0.1,0.2",
      })
  void testRowsAreThoseOfTheTraining(String options) throws IOException {
    String known = train(data, options).out();
    // The division that the training itself used follows from the same options.
    DivisionOptions asked =
        DivisionOptions.defaults().withUsualDivision(List.of(0.9, 0.0, 0.1), true);
    ReadOptions reading = ReadOptions.defaults();
    List<String> words = List.of(options.split(" "));
    for (int i = 0; i < words.size(); i++) {
      asked =
          switch (words.get(i)) {
            case "--seed" -> asked.withSeed(Long.parseLong(words.get(i + 1)));
            case "--stratified" -> asked.withStratified(true);
            case "--no-stratified" -> asked.withStratified(false);
            case "--valid-fraction" ->
                asked.withValidFraction(Double.parseDouble(words.get(i + 1)));
            case "--split-sizes" ->
                asked.withSplitSizes(
                    Arrays.stream(words.get(i + 1).split(",")).map(Double::valueOf).toList());
            default -> asked;
          };
      reading = words.get(i).equals("--target") ? reading.withTarget(words.get(i + 1)) : reading;
    }
    Dataset expected = Datasets.load(data, asked, reading);
    int[] test = sorted(expected.tableRows("test"));
    int[] trained = sorted(expected.tableRows("train"));
    assertTrue(test.length >= 15 && trained.length >= 80, options);
    assertEquals(test.length, expected.test().orElseThrow().rows());

    Model model = Model.load(model());
    List<Path> forms = new ArrayList<>(forms()); // which do not depend on the options
    Collections.shuffle(forms, new Random(options.hashCode()));
    for (Path form : forms.subList(0, 3)) {
      Map<String, Object> evaluation = evaluation(form);
      assertEquals("test", evaluation.get("split"), form.toString());
      assertEquals((double) test.length, evaluation.get("rows"), form.toString());
      assertArrayEquals(test, sorted(rowsOf("test", form)), form.toString());
      assertArrayEquals(trained, sorted(rowsOf("train", form)), form.toString());
      Dataset again = Datasets.load(form, model);
      assertArrayEquals(expected.tableRows("test"), again.tableRows("test"), form.toString());
      assertArrayEquals(expected.tableRows("train"), again.tableRows("train"), form.toString());
      assertEquals(List.of(), warnings(use("evaluate", form)), form.toString());
      // The last lines equal those of the training, because the rows and the loss are the same.
      Run text = use("evaluate", form, "--quiet");
      String scores = text.out().substring(text.out().lastIndexOf("\n\n") + 2);
      assertTrue(known.contains(scores), () -> scores + " in " + known);
      // Options that agree with the training may be given again.
      if (!options.matches(".*--(loss|no-|preset).*") && !options.isEmpty()) {
        evaluation = evaluation(form, options.split(" "));
        assertEquals((double) test.length, evaluation.get("rows"), form.toString());
      }
    }
    if (model.loss().task().hasClasses()) {
      Run uncertain = use("uncertain", data, "--count", "" + (test.length + 50), "--json").ok();
      long rows = uncertain.lines().stream().filter(line -> line.contains("\"row\"")).count();
      assertEquals(test.length, rows);
    }
  }

  /** Without a header, columns are identified by their position. */
  @Test
  void filesWithoutAHeader() throws IOException {
    String text = table.without("name").csv(Style.PLAIN);
    text = text.substring(text.indexOf('\n') + 1);
    Files.writeString(data, text);
    train(data, "--seed 3 --stratified");
    int[] test = Datasets.load(data, Model.load(model())).tableRows("test");
    Path other = Files.writeString(directory.resolve("tabs.csv"), text.replace(',', '\t'));
    Path packed = directory.resolve("packed");
    Files.write(packed, RandomTable.gzip(Files.readAllBytes(data)));
    for (Path file : List.of(data, other, packed)) {
      assertEquals((double) test.length, evaluation(file).get("rows"));
      assertEquals("test", evaluation(file).get("split"));
      assertArrayEquals(sorted(test), sorted(rowsOf("test", file)));
    }
    List<String> lines = new ArrayList<>(text.lines().toList());
    Collections.shuffle(lines, new Random(2));
    Path shuffled = Files.write(directory.resolve("shuffled.csv"), lines);
    assertEquals(1, warnings(use("evaluate", shuffled)).size());

    List<String> bare = text.lines().map(line -> line.replaceFirst(",[^,]*$", "")).toList();
    Path without = Files.write(directory.resolve("bare.csv"), bare);
    List<String> expected = use("predict", data).lines();
    List<String> found = use("predict", without).lines();
    for (int i = 1; i < expected.size(); i++) {
      assertEquals(expected.get(i).replaceFirst(",[a-z]*,", ","), found.get(i));
    }
    use("predict", table.write(directory.resolve("named.csv"), Style.PLAIN)).failed();
    use("predict", table.without("name").write(directory.resolve("n.csv"), Style.PLAIN)).failed();
  }

  /** The file is recognised even if the weights of its rows change. */
  @Test
  void weightsMayBeOthers() throws IOException {
    List<?> weights = IntStream.range(0, 200).mapToObj(i -> i % 7 + 0.5).toList();
    RandomTable weighted = table.with(2, "weight", weights);
    weighted.write(data, Style.PLAIN);
    train(data, "--weight-column weight --seed 2");
    Model model = Model.load(model());
    List<?> doubled = IntStream.range(0, 200).mapToObj(i -> 2 * (i % 7) + 1).toList();
    for (RandomTable some : List.of(weighted, table, table.with(5, "weight", doubled))) {
      Path file = some.write(directory.resolve("some.csv"), SEMICOLONS);
      assertEquals("test", evaluation(file).get("split"));
      assertEquals(20.0, evaluation(file).get("rows"));
      Dataset data = Datasets.load(file, model);
      assertEquals(some != table, data.train().hasWeights());
    }
  }

  private static List<String> warnings(Run run) {
    return run.err().lines().filter(line -> line.contains("Warning")).toList();
  }

  @Test
  void optionsThatContradictTheTrainingAreRefused() {
    train(data, "--seed 5 --split-sizes 0.6,0.2,0.2 --no-stratified");
    String others =
        "--seed 6;--split-sizes 0.6,0.1,0.3;--valid-fraction 0.1;--stratified;--target x;--weight-column x";
    for (String options : others.split(";")) {
      for (String command : List.of("evaluate", "uncertain")) {
        use(command, data, options.split(" ")).failed(data + ": ");
      }
      use("predict", data, (options + " --split test").split(" ")).failed();
    }
    use("predict", data, "--target", "x").failed();
    use("evaluate", data, "--target", "target").ok();
  }

  /** Writes the training file in another order, with more rows and with fewer. */
  private List<Path> relatives() {
    List<Integer> order = new ArrayList<>(IntStream.range(0, 200).boxed().toList());
    Collections.shuffle(order, new Random(4));
    RandomTable shuffled = table.withRows(order);
    List<List<Object>> more = new ArrayList<>(table.rows());
    more.addAll(rows(2, 40).rows());
    List<List<Object>> muchMore = new ArrayList<>(table.rows());
    muchMore.addAll(rows(3, 1500).rows());
    Collections.shuffle(muchMore, new Random(5));
    return List.of(
        shuffled.write(directory.resolve("shuffled.csv"), SEMICOLONS),
        new RandomTable(table.columns(), more).write(directory.resolve("more.csv"), Style.PLAIN),
        new RandomTable(table.columns(), muchMore)
            .write(directory.resolve("most.csv"), Style.PLAIN),
        table.withRows(order.subList(0, 199)).write(directory.resolve("less.csv"), Style.PLAIN),
        table
            .withRows(IntStream.range(50, 70).boxed().toList())
            .write(directory.resolve("few.csv"), Style.PLAIN));
  }

  @Test
  void relativesOfTheTrainingFileAreNoticed() throws IOException {
    train(data, "--seed 3");
    for (Path file : relatives()) {
      int rows = Datasets.load(file, Model.load(model())).train().rows();
      Run run = use("evaluate", file, "--json").ok();
      assertEquals(1, warnings(run).size(), file + run.err());
      run.warns(OTHER_FILE);
      Map<String, Object> evaluation = run.json(0);
      assertEquals("all", evaluation.get("split"));
      assertEquals((double) rows, evaluation.get("rows"));
      Run uncertain = use("uncertain", file).ok();
      assertEquals(1, warnings(uncertain).size(), file + uncertain.err());
      // The warning also comes if the user asks for another division.
      assertEquals(1, warnings(use("evaluate", file, "--seed", "3")).size(), file.toString());
    }
  }

  /**
   * A few of many training rows are recognised, even if they are from a training before the last.
   */
  @Test
  void excerptsOfTrainingFilesAreNoticed() {
    RandomTable many = rows(8, 20_000);
    Path first = many.write(directory.resolve("many.csv"), Style.PLAIN);
    train(first, "");
    int[] trained = rowsOf("train", first);
    RandomTable some = many.withRows(Arrays.stream(trained).skip(500).limit(12).boxed().toList());
    Path excerpt = some.write(directory.resolve("excerpt.csv"), Style.PLAIN);
    assertEquals(1, warnings(use("evaluate", excerpt)).size());
    Path other = rows(9, 12).write(directory.resolve("other.csv"), Style.PLAIN);
    assertEquals(List.of(), warnings(use("evaluate", other)));

    Path before = directory.resolve("before");
    Run.line("train --members 1 --epochs=1 --hidden=4 --data", first, "--out=" + before).ok();
    train(data, "--initial-model " + before.resolve("nn_model.npz"));
    assertEquals(1, warnings(use("evaluate", excerpt)).size());
    assertEquals(List.of(), warnings(use("evaluate", data)));
    Path few = table.withRows(sortedBoxed(rowsOf("train", data))).write(excerpt, Style.PLAIN);
    assertEquals(1, warnings(use("evaluate", few)).size());
  }

  private static List<Integer> sortedBoxed(int[] rows) {
    return Arrays.stream(sorted(rows)).limit(12).boxed().toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {30, 200, 2000})
  void otherRowsAreAWholeTestWithoutAWarning(int count) throws IOException {
    train(data, "");
    Path other = rows(7, count).write(directory.resolve("other.csv"), Style.PLAIN);
    for (String command : List.of("evaluate", "uncertain")) {
      Run run = use(command, other).ok();
      assertEquals(List.of(), warnings(run));
      run.warns(OTHER_FILE);
    }
    Map<String, Object> evaluation = evaluation(other);
    assertEquals("all", evaluation.get("split"));
    assertEquals((double) count, evaluation.get("rows"));
    // The whole file is one split, and it is shown as the test split.
    use("evaluate", other, "--quiet").says("CE: Train - Validation - Test ");
  }

  @Test
  void testAndValidationRowsOfOtherFiles() throws IOException {
    Path test = rows(8, 60).write(directory.resolve("test.csv"), SEMICOLONS);
    Path valid = rows(9, 50).write(directory.resolve("valid.csv.gz"), Style.PLAIN);
    Run run =
        train(data, "", "--test-data", "" + test, "--valid-data", "" + valid)
            .says(": train 200, valid 50, test 60 rows")
            .omits(WARNING);
    String scores = run.out().replaceAll("(?s).*\n(CE: .*\nAcc: [^\n]*).*", "$1");
    String tested = use("evaluate", test, "--quiet").out();
    String number = "Test [0-9.]+$";
    List<String> expected =
        scores.lines().map(line -> line.replaceAll(".*(" + number + ")", "$1")).toList();
    for (String line : expected) {
      assertTrue(tested.contains(line), line + " in " + tested);
    }
    // All rows of the file were for training, so it is never a test.
    Map<String, Object> evaluation = evaluation(data);
    assertEquals("train", evaluation.get("split"));
    assertEquals(200.0, evaluation.get("rows"));

    train(data, "--seed 2", "--test-data", "" + test);
    assertEquals("train", evaluation(data).get("split"));
    train(data, "--seed 2", "--valid-data", "" + valid);
    Dataset asTrained = Datasets.load(data, Model.load(model()));
    evaluation = evaluation(data);
    assertEquals("test", evaluation.get("split"));
    assertEquals((double) asTrained.test().orElseThrow().rows(), evaluation.get("rows"));

    for (String option : List.of("--test-data", "--valid-data")) {
      for (Path leaky : relatives()) {
        run = train(data, "", option, leaky.toString()).says(WARNING);
      }
    }
  }

  @Test
  void trainingGoesOnFromAModel() throws IOException {
    train(data, "--seed 5 --split-sizes 0.6,0.2,0.2 --ignore few --no-stratified");
    Model first = Model.load(model());
    Path start = Files.copy(model(), directory.resolve("start.npz"));
    // In any form of the same file, the division and the columns stay the same.
    for (Path form : forms()) {
      train(form, "", "--initial-model", start.toString());
      Model second = Model.load(model());
      assertEquals(first.division(), second.division(), form.toString());
      assertEquals(first.schema(), second.schema());
      assertEquals(first.scaling(), second.scaling());
      assertNotEquals(first.sha256(), second.sha256());
      assertEquals(40.0, evaluation(form).get("rows"));
    }
    // Another seed changes only the shuffles; the division of the rows stays the same.
    train(data, "--seed 6", "--initial-model", start.toString());
    assertEquals(first.division(), Model.load(model()).division());
    // Another file keeps the columns, but its rows are divided anew.
    Path other = rows(6, 100).write(directory.resolve("other.csv"), Style.PLAIN);
    Run run = train(other, "--seed 8", "--initial-model", start.toString()).omits(WARNING);
    Model third = Model.load(model());
    assertEquals(first.schema(), third.schema());
    assertNotEquals(first.division(), third.division());
    assertEquals("test", evaluation(other).get("split"));
    assertEquals(10.0, evaluation(other).get("rows"));
    // The first file in another order gives a warning, because its test rows may have been for
    // training.
    run = train(relatives().get(0), "", "--initial-model", start.toString());
    run.says(WARNING);

    String others =
        "--ignore x;--categorical x;--weight-column x;--target flag;--stratified;--missing none;--split-sizes 0.6,0.1,0.3";
    for (String options : others.split(";")) {
      Run.line(
              "train --data %s --initial-model %s --epochs 1 --out %s",
              data, start, directory.resolve("refused"), options)
          .failed();
      assertFalse(Files.exists(directory.resolve("refused")));
    }
  }

  @Test
  void streamsHaveNoSplits() {
    train(data, "");
    Run.line("predict --model", model(), "--data - --split test")
        .misusedWith("--split: not together with --data -, expected the name of a file");
    for (String option : List.of("--seed 0", "--stratified", "--valid-fraction 0.1")) {
      use("predict", data, option.split(" ")).misused(": works with --split only");
    }
  }

  /**
   * Copied columns keep their texts. A column of the input is refused if an output has the same
   * name.
   */
  @Test
  void keptColumns() throws IOException {
    train(data, "");
    String text =
        "more,few,x,colour,day,name,flag\n\"two\nlines, \u200d \u001b[1m\",1,2,red,2020-01-01,n,true\n";
    Path file = Files.writeString(directory.resolve("texts.csv"), text);
    Path saved = directory.resolve("saved.csv");
    use("predict", file, "--keep", "--out", saved.toString()).ok();
    assertEquals(
        text, Files.readString(saved).replaceAll(",[^,]*,p_no,.*|,(yes|no|perhaps),[0-9].*", ""));
    use("predict", file, "--keep").says("\"two\nlines, \u200d ?[1m\",1,2,red,");

    Run again = use("predict", saved, "--keep").failed();
    assertEquals(
        "lanewise: --keep: the input has a column predicted, which is also a column of the output, expected another name",
        again.errors().lines().filter(line -> !line.contains("passed over")).findFirst().get());
    use("predict", saved).ok();
  }
}
