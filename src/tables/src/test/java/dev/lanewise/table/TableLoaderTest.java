package dev.lanewise.table;

import static dev.lanewise.Refusals.unreadable;
import static dev.lanewise.Texts.assertContains;
import static dev.lanewise.data.DataFiles.labels;
import static dev.lanewise.data.DataFiles.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.FormatException;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.model.Folds;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TableLoaderTest {
  private static final ScaleOptions UNSCALED =
      Options.UNSCALED.withTargetScale(ScaleChoice.named("none"));

  private static final DivisionOptions WHOLE = Options.WHOLE;

  /** All rows in one split, unscaled. */
  private static final LoadOptions[] RAW = {WHOLE, UNSCALED};

  /** The first line names the columns, whatever it looks like. */
  private static final ReadOptions NAMED =
      ReadOptions.defaults().withTable(TableOptions.defaults().withHeader(TableOptions.Header.YES));

  @TempDir Path directory;

  private Dataset load(String text, LoadOptions... options) throws IOException {
    Path file = Files.writeString(directory.resolve("data.csv"), text);
    return Datasets.load(file, Options.with(RAW, options));
  }

  /** Returns rows as "features:label", sorted, because loading shuffles them. */
  private static String content(Rows split) {
    float[] rows = rows(split);
    List<String> all = new ArrayList<>();
    int d = split.features();
    for (int r = 0; r < split.rows(); r++) {
      all.add(Arrays.toString(Arrays.copyOfRange(rows, r * d, r * d + d)) + split.label(r));
    }
    all.sort(null);
    return String.join(" ", all);
  }

  @Test
  void findsHeaderAndTarget() throws IOException {
    String expected = "[1.0, 2.0]0 [3.5, 4.0]1";
    assertEquals(expected, content(load("1,2,a\n3.5,4,b\n").train()));
    assertEquals(expected, content(load("x,y,class\n1,2,a\n3.5,4,b\n").train()));
    assertEquals(expected, content(load("x,c,y\n1,a,2\n3.5,b,4\n", Options.target("c")).train()));
    assertEquals(expected, content(load("0,c,1\n1,a,2\n3.5,b,4\n", Options.target("c")).train()));
    assertEquals(expected, content(load("1,a,2\n3.5,b,4\n", Options.target("1")).train()));
    assertEquals(expected, content(load("1,a,2\n3.5,b,4\n", Options.target("-2")).train()));
    assertEquals(expected, content(load("p,0,q\n1,a,2\n3.5,b,4\n", NAMED.withTarget("0")).train()));
    assertEquals(expected, content(load("\"x\n1\",\"y\",c\r\n1,2,a\r\n3.5,4,b").train()));
    // Some programs number the rows in a column without a name.
    String numbered = ",x,y,c\n0,1,2,a\n1,3.5,4,b\n";
    Dataset data = load(numbered, ReadOptions.defaults().withIgnored(List.of("0")));
    assertEquals(expected, content(data.train()));
    assertEquals(List.of("#0"), Schema.of(data).orElseThrow().ignored());
  }

  @Test
  void aLineThatMayBeAHeaderOrARow() throws IOException {
    String text = "0,1,class\n1,2,7\n3.5,4,8\n";
    assertRefused(
        text,
        Options.remedies(
            ": line 1 has \"class\" in column 2, above numbers, and numbers in other columns, expected either names of columns or a row of values ({HEADER yes}: it names the columns, {HEADER no}: it is a row)"));
    assertEquals(2, load(text, NAMED).train().rows());
    assertEquals(List.of("class"), Schema.of(load(text, NAMED)).orElseThrow().targets());
    assertRefused(
        "y,n,y\nn,y,n\n",
        Options.remedies(
            ": line 1 names two columns y, expected each name once ({HEADER no}: it is a row)"));
    // A word for a missing value, or a number that is too large, is not a name.
    assertEquals(3, load("nan,b\n1,b\n2,c\n").train().rows());
    assertEquals(3, load("?,b\n1,b\n2,c\n").train().rows());
    assertRefused(
        "1e999,b\n" + "1,b\n2,c\n".repeat(5),
        Options.remedies(
            ": line 1, column #0 is \"1e999\", where 10 of 11 values are numbers, expected a number ({HEADER yes} if this line names the columns, {MISSING 1e999 #0} if it means a missing value, {CATEGORICAL #0} if all are texts)"));
  }

  @Test
  void aWordInAFirstRowWithoutNumbers() {
    assertRefused(
        "?,b,x\n" + "1,2,x\n2,3,y\n".repeat(5),
        Options.remedies(
            ": line 1, column #1 is \"b\", where 10 of 11 values are numbers, expected a number ({HEADER yes} if this line names the columns, {MISSING b #1} if it means a missing value, {CATEGORICAL #1} if all are texts)"));
  }

  /** Rows keep their weights when they are shuffled. */
  @Test
  void weightsAreAColumn() throws IOException {
    String[][] cases = { // target, weight, text
      {null, "w", "x,w,y,c\n1,0.5,2,a\n3.5,0,4,b\n"},
      {null, "-1", "1,2,a,0.5\n3.5,4,b,0\n"},
      {null, "-1", "x,y,c,w\n1,2,a,0.5\n3.5,4,b,0\n"},
      {null, "0", "0.5,1,2,a\n0,3.5,4,b\n"},
      {"c", "2", "c,x,w,y\na,1,0.5,2\nb,3.5,0,4\n"},
      {"0", "w", "c,x,y,w\na,1,2,0.5\nb,3.5,4,0\n"},
      {"2", "0", "0.5,1,a,2\n0,3.5,b,4\n"}
    };
    for (String[] each : cases) {
      ReadOptions options = ReadOptions.defaults().withWeight(each[1]);
      Rows rows = load(each[2], each[0] == null ? options : options.withTarget(each[0])).train();
      assertEquals("[1.0, 2.0]0 [3.5, 4.0]1", content(rows), each[2]);
      for (int r = 0; r < 2; r++) {
        assertEquals(rows.label(r) == 0 ? 0.5f : 0, rows.weight(r), each[2]);
      }
    }
    Dataset numbers = load("1,3,0.5\n2,0,7\n3,9,8\n", ReadOptions.defaults().withWeight("1"));
    assertEquals(Loss.MSE, numbers.loss());
    float[] target = new float[1];
    for (int r = 0; r < 3; r++) {
      numbers.train().copyTargets(null, r, 1, target, 0);
      float expected = target[0] == 0.5f ? 3 : target[0] == 7 ? 0 : 9;
      assertEquals(expected, numbers.train().weight(r));
    }
  }

  @Test
  void classesAreNumbersAscendingOrNamesByCodePoint() throws IOException {
    Dataset data = load("0,10\n1,9\n2,-1\n3,9.0\n4,1e1\n", UNSCALED.withLoss(Loss.SOFTMAX));
    assertEquals(List.of("-1", "9", "10"), data.classNames());
    assertEquals("[0.0]2 [1.0]1 [2.0]0 [3.0]1 [4.0]2", content(data.train()));
    data = load("0,2\n1,0\n2,1\n", UNSCALED.withLoss(Loss.SOFTMAX));
    assertEquals(List.of(), data.classNames());
    assertEquals(3, data.classes());
    // U+1F600 is larger than U+FF5E, but the first half of its surrogate pair is smaller.
    data = load("0,\ud83d\ude00\n1,b\n2,\uff5e\n3,10\n4,B\n", UNSCALED.withLoss(Loss.SOFTMAX));
    assertEquals(List.of("10", "B", "b", "\uff5e", "\ud83d\ude00"), data.classNames());
    assertEquals("[0.0]4 [1.0]2 [2.0]3 [3.0]0 [4.0]1", content(data.train()));
  }

  @Test
  void shufflesBySeedAndSplitsBySize() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 25; i++) {
      text.append(i * 1000).append(',').append(i % 2).append('\n');
    }
    ScaleOptions options = Options.UNSCALED.withLoss(Loss.SOFTMAX);
    Dataset data = load(text.toString(), options, DivisionOptions.defaults().withSeed(5));
    assertEquals(20, data.train().rows());
    assertEquals(3, data.validation().orElseThrow().rows()); // 22.5 rounds to 23
    assertEquals(2, data.test().orElseThrow().rows());
    int[] order = new int[25];
    CounterRandom.permutation(CounterRandom.key(5, CounterRandom.SPLIT, 0), order);
    float[] expected = new float[25];
    int[] classes = new int[25];
    for (int i = 0; i < 25; i++) {
      expected[i] = order[i] * 1000;
      classes[i] = order[i] % 2;
    }
    Rows all = data.all().orElseThrow();
    assertArrayEquals(expected, rows(all));
    assertArrayEquals(classes, labels(all));
    Rows other =
        load(text.toString(), options, DivisionOptions.defaults().withSeed(6)).all().orElseThrow();
    assertTrue(!Arrays.equals(rows(all), rows(other)));
    assertEquals(content(all), content(other));
    data = load(text.toString(), options, Options.shares(0.6, 0.4));
    assertEquals(15, data.train().rows());
    assertEquals(10, data.validation().orElseThrow().rows());
    assertEquals(Optional.empty(), data.test());
  }

  @Test
  void standardisesOverTheTrainingRowsOnly() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      text.append(i * i * 0.5).append(',').append(200 + i).append(',').append(i % 2).append('\n');
    }
    ScaleOptions classes = Options.loss(Loss.SOFTMAX);
    DivisionOptions usual = DivisionOptions.defaults();
    Dataset raw = load(text.toString(), usual, classes.withScale(ScaleChoice.named("none")));
    Dataset data = load(text.toString(), usual, classes.withScale(ScaleChoice.standard()));
    Scaling scaling = data.scaling();
    double[] sum = new double[2];
    float[] train = rows(raw.train());
    for (int i = 0; i < train.length; i++) {
      sum[i % 2] += train[i] / 8.0;
    }
    assertArrayEquals(sum, scaling.first(), 1e-12);
    float[] test = rows(raw.test().orElseThrow());
    assertArrayEquals(
        new float[] {scaling.scale(test[0], 0), scaling.scale(test[1], 1)},
        rows(data.test().orElseThrow()));
  }

  @Test
  void keepsBytesUntilANumberIsNone() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      text.append(i % 256).append(',').append(255 - i % 256).append(",0\n");
    }
    Dataset bytes = load(text.toString(), UNSCALED.withLoss(Loss.SOFTMAX));
    assertTrue(DataFiles.keepsBytes(bytes.train()));
    Rows more = load(text + "0.5,1e9,1\n", UNSCALED.withLoss(Loss.SOFTMAX)).train();
    assertTrue(!DataFiles.keepsBytes(more));
    assertEquals(5001, more.rows());
    String expected = content(bytes.train()) + " [0.5, 1.0E9]1";
    List<String> sorted = new ArrayList<>(List.of(expected.split("(?<=\\][01]) ")));
    sorted.sort(null);
    assertEquals(String.join(" ", sorted), content(more));
  }

  /** Returns rows as "features: targets", sorted. */
  private static String numbers(Rows split) {
    float[] rows = rows(split);
    List<String> all = new ArrayList<>();
    int d = split.features();
    float[] targets = new float[split.outputs()];
    for (int r = 0; r < split.rows(); r++) {
      split.copyTargets(null, r, 1, targets, 0);
      float[] features = Arrays.copyOfRange(rows, r * d, r * d + d);
      all.add(Arrays.toString(features) + Arrays.toString(targets));
    }
    all.sort(null);
    return String.join(" ", all);
  }

  @Test
  void severalTargetColumns() throws IOException {
    ScaleOptions options = UNSCALED.withLoss(Loss.MSE);
    String header = "a,x,b,y\n";
    String text = "1,2,3,4\n5,6,7,8.5\n";
    String expected = "[2.0, 4.0][1.0, 3.0] [6.0, 8.5][5.0, 7.0]";
    for (String target : List.of("a,b", "0,2", "a,2", "-4,b", "0,-2")) {
      Dataset data = load(header + text, options, Options.target(target));
      assertEquals(expected, numbers(data.train()), target);
      assertEquals(List.of("a", "b"), data.classNames(), target);
      assertEquals(2, data.classes());
    }
    Dataset data = load(text, options, Options.target("2,0")); // in the given order
    assertEquals("[2.0, 4.0][3.0, 1.0] [6.0, 8.5][7.0, 5.0]", numbers(data.train()));
    assertEquals(List.of(), data.classNames());
    // Names that contain commas are given alone or by index.
    String quoted = "\"a,x\",x,b,y\n" + text;
    data = load(quoted, options, Options.target("a,x"));
    assertEquals("[2.0, 3.0, 4.0][1.0] [6.0, 7.0, 8.5][5.0]", numbers(data.train()));
    assertEquals(List.of("a,x"), data.classNames());
    data = load(quoted, options, Options.target("0,b"));
    assertEquals(List.of("a,x", "b"), data.classNames());
    assertEquals(expected, numbers(data.train()));
  }

  private void assertRefused(String text, String expected, LoadOptions... options) {
    unreadable(() -> load(text, options), expected);
  }

  @Test
  void columnsBetweenBlanks() {
    assertRefused(
        " 0.1  2.5 1\n 0.2  3.5 0\n",
        Options.remedies(
            ": 1 column and no features, expected at least one beside target, weight and ignored ones ({SEPARATOR} if the columns were not found; if blanks are between them, tr -s ' ' , turns them into commas)"));
  }

  @Test
  void targetColumnsThatCannotBe() {
    ScaleOptions options = UNSCALED.withLoss(Loss.SIGMOID);
    String text = "a,b,c\n0,1,0\n1,0,2\n";
    for (String twice : List.of("a,a", "a,0")) {
      assertRefused(
          text,
          ": column a is the target twice, expected other target columns",
          options,
          Options.target(twice));
    }
    assertRefused(text, ": no column d, expected one of a, b, c", options, Options.target("a,d"));
    assertRefused(text, ": no column , expected one of a, b, c", options, Options.target("a,"));
    assertRefused(
        text,
        ": 3 columns, expected one of number 3 (the first is 0, the last 2)",
        options,
        Options.target("0,3"));
    assertRefused(
        text,
        Options.remedies(
            ": 3 columns and no features, expected at least one beside target, weight and ignored ones ({SEPARATOR} if the columns were not found)"),
        options,
        Options.target("a,b,c"));
    assertRefused(
        text,
        "line 3, column c has the target 2.0, expected a number from 0 to 1, as the sigmoid loss takes",
        options,
        Options.target("b,c"));
    assertRefused(
        text,
        ": 2 target columns a, b, expected one column of classes (several are for other losses)",
        Options.target("a,b"),
        UNSCALED.withLoss(Loss.SOFTMAX));
    assertRefused(
        "a,b,c\n1,2,3\n4,x,6\n",
        "line 3, column b has the target \"x\", expected a number, as loss huber takes",
        options.withLoss(Loss.HUBER),
        Options.target("b,c"));
    // The remedy is shown, no matter how long the text is.
    assertRefused(
        "a;b;c\n1;2;3\n4;7,%s;6\n".formatted("5".repeat(200)),
        Options.remedies(
            "expected a number, as loss huber takes ({DECIMAL , y} if it is a decimal comma)"),
        options.withLoss(Loss.HUBER),
        Options.target("b,c"));
  }

  @Test
  void severalTargetColumnsAndWeights() throws IOException {
    ScaleOptions options = UNSCALED.withLoss(Loss.MSE);
    String header = "a,x,w,b,y\n";
    String text = "1,2,0.5,3,4\n5,6,0.25,7,8.5\n";
    String expected = "[2.0, 4.0][1.0, 3.0] [6.0, 8.5][5.0, 7.0]";
    for (String weight : List.of("w", "2", "-3")) {
      for (String target : List.of("a,b", "0,3", "a,-2")) {
        Rows rows = load(header + text, options, Options.target(target).withWeight(weight)).train();
        assertEquals(expected, numbers(rows), target + " " + weight);
        assertEquals(rows.target(0, 0) == 1 ? 0.5f : 0.25f, rows.weight(0));
        assertEquals(rows.target(1, 0) == 1 ? 0.5f : 0.25f, rows.weight(1));
      }
    }
    // Without --target, the target is the last column that does not hold weights.
    Rows split =
        load("x,y,w\n1,2,3\n4,5,6\n", options, ReadOptions.defaults().withWeight("w")).train();
    assertEquals("[1.0][2.0] [4.0][5.0]", numbers(split));
    assertRefused(
        header + text,
        ": column w is for both target and weight, expected one for each",
        options,
        Options.target("a,w").withWeight("w"));
    assertRefused(
        header + text,
        Options.remedies(
            ": 5 columns and no features, expected at least one beside target, weight and ignored ones ({SEPARATOR} if the columns were not found)"),
        options,
        Options.target("a,x,b,y").withWeight("w"));
  }

  /** A gap is filled, but the value that fills it does not count as a value of the column. */
  @Test
  void gapsDoNotCountInAScaling() throws IOException {
    double day = LocalDate.of(2024, 1, 2).toEpochDay();
    for (boolean dates : new boolean[] {true, false}) {
      String cells = dates ? "2024-01-01,a\n2024-01-03,b\n" : "1,a\n3,b\n";
      Dataset data = load("x,y\n" + cells + ",a\n,b\n", UNSCALED.withScale(ScaleChoice.standard()));
      Scaling scaling = data.scaling();
      assertEquals(dates ? day : 2, scaling.first()[0]);
      assertEquals(1, scaling.second()[0]);
    }
  }

  @Test
  void aColumnWithoutAFiniteDeviationIsNamed() throws IOException {
    assertRefused(
        "w,x,y\n1,1e200,a\n2,-1e200,b\n",
        ": column x goes from -1.0E200 to 1.0E200, expected numbers whose squares are finite",
        UNSCALED.withScale(ScaleChoice.standard()));
  }

  /** Rows of another file are not rows of the table. */
  @Test
  void rowsOfSplitsAreThoseOfTheTable() throws IOException {
    StringBuilder text = new StringBuilder("a,y\n");
    for (int i = 0; i < 20; i++) {
      text.append(i).append(i % 2 == 0 ? ",x\n" : ",z\n");
    }
    Path valid = Files.writeString(directory.resolve("valid.csv"), "a,y\n3.5,x\n4.5,z\n");
    ScaleOptions options = Options.UNSCALED;
    Dataset data = load(text.toString(), options, DivisionOptions.defaults().withValidData(valid));
    assertEquals(2, data.validation().orElseThrow().rows());
    assertEquals(0, data.tableRows("valid").length);
    float[] test = rows(data.test().orElseThrow());
    int[] numbers = data.tableRows("test");
    assertEquals(test.length, numbers.length);
    for (int i = 0; i < test.length; i++) {
      assertEquals(numbers[i], test[i]);
    }
    assertEquals(20, data.tableRows("all").length);
    assertThrows(IllegalArgumentException.class, () -> data.tableRows("some"));
  }

  @Test
  void rowsOfFoldsAreThoseOfTheTable() throws IOException {
    StringBuilder text = new StringBuilder("a,y\n");
    for (int i = 0; i < 20; i++) {
      text.append(i).append(i % 2 == 0 ? ",x\n" : ",z\n");
    }
    Dataset data = load(text.toString(), Options.UNSCALED, Options.shares(0.8, 0.0, 0.2));
    Dataset member = Folds.of(data, 1).member(2);
    checkTableRows(member, "train", member.train());
    checkTableRows(member, "valid", member.validation().orElseThrow());
    checkTableRows(member, "test", data.test().orElseThrow());
  }

  private static void checkTableRows(Dataset data, String name, Rows split) {
    int[] numbers = data.tableRows(name);
    assertEquals(split.rows(), numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      assertEquals(numbers[i], rows(split)[i]);
    }
  }

  private static String refusal(Executable load) {
    return assertThrows(FormatException.class, load).getMessage();
  }

  /**
   * Numbers that count the columns, even after an unnamed first one, are neither names nor a row.
   */
  @Test
  void firstLinesThatOnlyLookLikeHeaders() throws IOException {
    for (String counted : new String[] {"0,1,2,3,4\n5,6,7,8,9\n", ",0,1,2,3,4\n1,5,6,7,8,9\n"}) {
      assertContains(refusal(() -> load(counted)), "line 1 counts its columns from 0");
    }
    // These first lines are rows: a gap before a number and a word, and a word above gaps alone.
    assertEquals(2, load(",5,a\n1,6,b\n").train().rows());
    assertEquals(3, load("1,a,u\n2,,v\n3,,u\n").train().rows());
  }

  @Test
  void filesOfATableAllHaveAHeaderOrNone() throws IOException {
    Path all = directory.resolve("part-*.csv");
    Path first = directory.resolve("part-1.csv");
    Path second = directory.resolve("part-2.csv");
    String rows = "1,a\n2,b\n";
    for (String header : new String[] {"", "x,y\n"}) {
      Files.writeString(first, header + rows);
      Files.writeString(second, header + rows);
      assertEquals(4, Datasets.load(all, RAW).train().rows());
      Files.writeString(second, (header.isEmpty() ? "x,y\n" : "") + rows);
      String message = refusal(() -> Datasets.load(all, RAW));
      String before = header.isEmpty() ? "none" : "x,y";
      assertTrue(message.contains("expected the header of the files before: " + before), message);
    }
  }

  @Test
  void errorsNameTheFileOfSeveral() throws IOException {
    Path all = directory.resolve("part-*.csv");
    String rows = "1,a\n2,b\n".repeat(10);
    for (int wrong = 1; wrong <= 3; wrong++) {
      for (int part = 1; part <= 3; part++) {
        String text = "x,y\n" + (part == wrong ? rows.replaceFirst("2,b", "2b,b") : rows);
        Files.writeString(directory.resolve("part-" + part + ".csv"), text);
      }
      String message = refusal(() -> Datasets.load(all, RAW));
      String expected = "part-" + wrong + ".csv: line 3, column x is \"2b\", where 59 of 60 values";
      assertTrue(message.contains(expected), message);
    }
  }

  /** Names in options show that the first line is a header, for data sets and for tables alone. */
  @Test
  void namesInOptionsTellTheHeader() throws IOException {
    Path file = Files.writeString(directory.resolve("named.csv"), "0,c,1\n1,a,2\n3.5,b,4\n");
    assertEquals(3, Table.read(file).rows());
    assertEquals(2, Table.read(file, Options.target("c")).rows());
    // For other files, the schema also shows it.
    Path other = Files.writeString(directory.resolve("other.csv"), "1,0,c\n5,6,a\n,1,\n");
    Dataset data =
        Datasets.load(file, Options.with(RAW, Options.target("c"), WHOLE.withTestData(other)));
    assertEquals("[6.0, 5.0]0", content(data.test().orElseThrow()));
    String note = other + ": 1 of 2 rows have no target and are left out";
    assertTrue(data.notes().contains(note), data.notes().toString());
  }

  private static String thirds(int first, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = first; i < first + count; i++) {
      text.append(i * 3).append(i % 2 == 0 ? ".5,x\n" : ".5,z\n");
    }
    return text.toString();
  }

  /** A note warns users who test on training rows, and gives the share of these rows. */
  @Test
  void trainingRowsInOtherFiles() throws IOException {
    Path other = directory.resolve("other.csv");
    String equal =
        "Warning: about PERCENT% of the rows of " + other + " are equal to training rows";
    String why = ": if it is the training file in another order,.*";
    String[][] cases = { // training rows, other rows, the expected note
      {"12", "0", equal.replace("PERCENT", "100") + why},
      {"12", "8", equal.replace("PERCENT", "(5[0-9]|60)") + why},
      {"5", "7", ""},
      {"40", "0", equal.replace("PERCENT", "100") + ", most of which it has" + why},
      {"30", "70", equal.replace("PERCENT", "(2[0-9]|30)") + ", most of which it has" + why},
      {"10", "90", ""}
    };
    for (String[] each : cases) {
      String some = thirds(0, Integer.parseInt(each[0])) + thirds(100, Integer.parseInt(each[1]));
      Files.writeString(other, "a,y\n" + some);
      List<String> warnings =
          load("a,y\n" + thirds(0, 40), WHOLE.withTestData(other)).notes().stream()
              .filter(note -> note.startsWith("Warning"))
              .toList();
      assertEquals(each[2].isEmpty() ? 0 : 1, warnings.size(), String.join(" ", each));
      for (String warning : warnings) {
        assertTrue(warning.matches(each[2]), warning);
      }
    }
  }
}
