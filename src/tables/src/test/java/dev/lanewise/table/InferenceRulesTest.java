package dev.lanewise.table;

import static dev.lanewise.Refusals.rejects;
import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.CodePoints;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is inferred from a table without options, at the limits of the rules. */
class InferenceRulesTest {
  private static final LoadOptions[] RAW = {Options.target("y"), Options.WHOLE, Options.UNSCALED};

  @TempDir Path directory;

  private Dataset load(String header, int rows, IntFunction<String> row, LoadOptions... options)
      throws IOException {
    StringBuilder text = new StringBuilder(header).append('\n');
    for (int i = 0; i < rows; i++) {
      text.append(row.apply(i)).append('\n');
    }
    return Datasets.load(Files.writeString(directory.resolve("data.csv"), text), options);
  }

  private void assertTarget(Loss loss, String why, int rows, IntFunction<String> value)
      throws IOException {
    Dataset data = load("x,y", rows, i -> i % 7 + "," + value.apply(i), RAW);
    assertEquals(loss, data.loss(), why);
    String note = "Target y: %s (loss %s)".formatted(why, loss.label());
    assertTrue(data.notes().contains(note), note + " in " + data.notes());
  }

  private String refused(String header, int rows, IntFunction<String> row, LoadOptions... options) {
    return assertThrows(FormatException.class, () -> load(header, rows, row, options)).getMessage();
  }

  @Test
  void numbersThatAreClasses() throws IOException {
    String two = "classes, as it has 2 different whole numbers";
    assertTarget(Loss.SOFTMAX, two, 20, i -> "" + i % 2);
    assertTarget(
        Loss.MSE,
        "numbers, as it has 2 different whole numbers in 19 rows, of less than 10 rows on average",
        19,
        i -> "" + i % 2);
    assertTarget(Loss.MSE, "numbers, as it has fractions", 20, i -> i % 2 + ".5");
    assertTarget(Loss.MSE, "numbers, as it has fractions", 20, i -> i == 13 ? "0.5" : "" + i % 2);
    assertTarget(
        Loss.SOFTMAX, "classes, as it has 20 different whole numbers", 200, i -> "" + i % 20);
    assertTarget(
        Loss.MSE, "numbers, as it has more than 20 different whole numbers", 400, i -> "" + i % 21);
    assertTarget(Loss.SOFTMAX, two, 30, i -> i % 3 == 0 ? "-0" : "" + i % 2);
    for (String zero : List.of("-0", "0")) { // both are the same number
      assertContains(
          refused("x,y", 9, i -> i + "," + (i % 2 == 0 ? "0" : zero), RAW),
          "target y is 0 in all 9 rows, expected at least two values");
    }
  }

  /** 18 of 20 rows count as nearly all. */
  @Test
  void nearlyAll() throws IOException {
    assertTarget(
        Loss.SOFTMAX, "classes, as it has 18 different texts", 20, i -> "w" + Math.max(i, 2));
    String message = refused("x,y", 20, i -> i % 7 + "," + (i < 2 ? "w" : "" + i), RAW);
    assertTrue(message.contains("is \"w\", where nearly all other values are numbers"), message);
  }

  /** Larger numbers are distinguished by their digits. */
  @Test
  void theLargestClass() throws IOException {
    LoadOptions[] classes = Options.with(RAW, Options.UNSCALED.withLoss(Loss.SOFTMAX));
    for (String large : List.of("9007199254740992", "9007199254740993")) {
      Dataset data = load("x,y", 20, i -> i % 7 + "," + (i % 2 == 0 ? large : "1"), classes);
      assertEquals(List.of("1", large), data.classNames());
    }
    String message = refused("x,y", 20, i -> i + "," + (i == 0 ? "1e17" : "1"), classes);
    assertTrue(message.contains("expected whole numbers or names as classes"), message);
  }

  /** A key of the rows is no target, in any order, unless the loss is given. */
  @Test
  void numbersOfTheRows() throws IOException {
    for (int step : List.of(1, 17)) {
      IntFunction<String> row = i -> i % 7 + "," + (100 + i * step % 60);
      String message = refused("x,y", 60, row, RAW);
      assertContains(
          message, "target y numbers the rows: it has each whole number from 100 to 159");
      LoadOptions[] asked = Options.with(RAW, Options.UNSCALED.withLoss(Loss.MSE));
      assertEquals(Loss.MSE, load("x,y", 60, row, asked).loss());
    }
    String more = "numbers, as it has more than 20 different whole numbers";
    assertTarget(Loss.MSE, more, 60, i -> "" + (i == 7 ? 8 : i));
    assertTarget(Loss.MSE, more, 60, i -> "" + (i == 7 ? 60 : i));
  }

  /** The last column is the target of a table if no other is named, and the first note says so. */
  @Test
  void theLastColumnIsTheTarget() throws IOException {
    Dataset data = load("x,y", 20, i -> i + "," + i % 2, Options.WHOLE, Options.UNSCALED);
    assertEquals(
        "Target y is the last column (ReadOptions.withTarget(\"NAME\") chooses another): classes, as it has 2 different whole numbers (loss softmax)",
        data.notes().get(0));
  }

  @Test
  void severalTargets() throws IOException {
    LoadOptions[] both = Options.with(RAW, Options.target("y,z"));
    for (String other : List.of("0", "1", "2", "-1", "0.5")) {
      Dataset data =
          load("x,y,z", 20, i -> i % 7 + "," + i % 2 + "," + (i == 11 ? other : "0"), both);
      boolean areFlags = other.equals("0") || other.equals("1");
      assertEquals(areFlags ? Loss.SIGMOID : Loss.MSE, data.loss(), other);
      String why =
          areFlags ? "several labels a row, as all are 0 or 1" : "numbers, as not all are 0 or 1";
      assertTrue(data.notes().toString().contains(": " + why + " ("), data.notes().toString());
    }
    Dataset asked =
        load(
            "x,y,z",
            20,
            i -> i % 7 + "," + i % 2 + ",0",
            Options.with(both, Options.loss(Loss.HUBER)));
    assertTrue(asked.notes().toString().contains(": as asked for (loss huber)"));
  }

  @Test
  void otherDecimalMarks() {
    IntFunction<String> cell = i -> i < 2 ? "w" : i < 9 ? "" + i : "\"" + i + ",5\"";
    // 18 of 20 are nearly all.
    String message = refused("x,y", 20, i -> cell.apply(i) + "," + i % 2, RAW);
    String odd = "line 2, column x is \"w\", where 18 of 20 values are such as 1234,5, expected";
    assertTrue(message.contains(odd), message);
  }

  /** Returns the notes that a column has words. */
  private List<String> saidOf(int rows, IntFunction<String> word, LoadOptions... options)
      throws IOException {
    Dataset data = load("x;n;y", rows, i -> i % 7 + ";" + word.apply(i) + ";" + i % 2, options);
    return data.notes().stream().filter(note -> note.contains(" has texts ")).toList();
  }

  @Test
  void numbersAndDatesThatAreNotReadAreNamed() throws IOException {
    List<IntFunction<String>> columns =
        List.of(
            i -> "(1,2%02d.00)".formatted(i % 40),
            i -> i % 40 + "/10",
            i -> "2024-%02d".formatted(i % 40));
    for (IntFunction<String> column : columns) {
      String least = "";
      for (int i = 0; i < 200; i++) {
        String word = column.apply(i);
        boolean isNumber = word.length() < 3;
        boolean isLess = least.isEmpty() || CodePoints.ORDER.compare(word, least) < 0;
        least = isLess && !isNumber ? word : least;
      }
      String said =
          Options.remedies(
              "Column n has texts such as \"%s\": if they are numbers or dates, write plain numbers, or dates like 2024-05-31 ({CATEGORICAL n} if they are categories)");
      assertEquals(List.of(said.formatted(least)), saidOf(200, column, RAW));
      assertEquals(
          List.of(),
          saidOf(200, column, Options.with(RAW, Options.target("y").withCategorical(List.of("n")))),
          "if asked for");
    }
  }

  @Test
  void wordsThatHoldDigitsAreNot() throws IOException {
    assertEquals(List.of(), saidOf(200, i -> 8 * (i % 20) + " GB", RAW), "20 categories");
    assertEquals(List.of(), saidOf(210, i -> 8 * (i % 21) + " GB", RAW), "21 sizes are numbers");
    assertEquals(List.of(), saidOf(200, i -> "C" + i % 40, RAW), "names");
    assertEquals(List.of(), saidOf(200, i -> i % 40 + " High Street", RAW), "addresses");
    assertEquals(List.of(), saidOf(200, i -> i % 40 + "abcdefghi", RAW));
    assertEquals(
        List.of(), saidOf(200, i -> i % 40 + (i % 2 == 0 ? "a" : "b"), RAW), "numbers of houses");
    assertEquals(List.of(), saidOf(200, i -> i % 10 < 8 ? i % 40 + "%" : "none", RAW), "8 of 10");
    String typo = refused("n;y", 200, i -> (i % 10 < 9 ? i % 40 + "%" : "none") + ";" + i % 2, RAW);
    assertTrue(typo.contains("line 11, column n is \"none\", where 180 of 200 values"), typo);
  }

  @Test
  void targetsThatAreNotReadAreShown() {
    String message = refused("x;y", 40, i -> i % 7 + ";" + i + "/10", RAW);
    String said =
        "target y has 40 different texts in 40 rows such as \"0/10\", expected classes that repeat, or plain numbers (";
    assertTrue(message.contains(said), message);
  }

  @Test
  void aTargetThatIsNoNumberWhereOthersAre() {
    String message = refused("x;y", 40, i -> i % 7 + ";" + (i == 5 ? "0,5" : i), RAW);
    String all =
        "line 7, target y is \"%s\", where nearly all other values are numbers, expected a number";
    assertTrue(message.contains(all.formatted("0,5")), message);
    assertTrue(
        message.endsWith(
            Options.remedies("all are classes, {DECIMAL , y} if it is a decimal comma)")),
        message);
    message = refused("x;y", 40, i -> i % 7 + ";" + (i == 5 ? "l" : i), RAW);
    assertTrue(message.contains(all.formatted("l")), message);
    assertTrue(
        message.endsWith("%s if all are classes)".formatted(Remedy.LOSS.with("softmax"))), message);
  }

  /** The first wrong target is named, whatever the order in which the rows are divided. */
  @Test
  void ofSeveralWrongTargetsTheFirstIsNamed() {
    LoadOptions[] options = {Options.target("y"), Options.WHOLE, Options.loss(Loss.MSE)};
    for (long seed = 0; seed < 5; seed++) {
      String message =
          refused(
              "x,y",
              40,
              i -> i % 7 + "," + (i > 2 ? "word " + i : "" + i),
              Options.with(options, Options.WHOLE.withSeed(seed)));
      assertTrue(message.contains("line 5, column y has the target \"word 3\""), message);
    }
  }

  /** Targets with both marks are a mistake if 9 of 10 values are numbers, and otherwise classes. */
  @Test
  void targetsWithTwoDecimalMarks() throws IOException {
    IntFunction<String> row = i -> i % 7 + ";" + List.of("1.5", "2,5").get(i % 2);
    String message = refused("x;y", 40, i -> i < 4 ? "0;none" : row.apply(i), RAW);
    String said = "line 7, target y is \"2,5\", expected a number with a decimal point (";
    assertTrue(message.contains(said), message);
    assertEquals(3, load("x;y", 40, i -> i < 5 ? "0;none" : row.apply(i), RAW).classes());
  }

  @Test
  void datesThatAreTheSame() throws IOException {
    Dataset data = load("x,d,y", 20, i -> i % 7 + ",2024-05-31," + i % 2, RAW);
    assertEquals(1, data.features());
    assertTrue(data.notes().contains("Column d is ignored: it is the same in all training rows"));
    data = load("x,d,y", 20, i -> i % 7 + (i < 9 ? ",," : ",2024-05-31,") + i % 2, RAW);
    assertTrue(data.features() > 1, "a gap may be informative: " + data.features());
    data = load("x,d,y", 20, i -> i % 7 + ",2024-05-3" + i % 2 + "," + i % 2, RAW);
    assertTrue(data.features() > 1);
  }

  /** The divisor does not apply to inputs of categories, which are already 0 or 1. */
  @Test
  void oneDivisorIsForNumbersOnly() throws IOException {
    LoadOptions[] tenth =
        Options.with(RAW, Options.UNSCALED.withScale(ScaleChoice.fixed(Scaling.divide(10))));
    IntFunction<String> row = i -> 5 + ",w" + i % 3 + "," + 5 * (i % 2);
    Dataset words = load("x,w,y", 20, i -> i % 2 * 5 + ",w" + i % 3 + "," + i % 2, tenth);
    float[] rows = DataFiles.rows(words.train());
    for (int i = 0; i < rows.length; i += 4) {
      assertEquals(words.train().label(i / 4) * 0.5f, rows[i]);
      assertEquals(1, rows[i + 1] + rows[i + 2] + rows[i + 3], row.apply(i));
    }
    Dataset numbers = load("x,y", 20, i -> i % 2 * 5 + "," + i % 2, tenth);
    assertEquals(Scaling.divide(10), numbers.scaling());
    assertEquals(Scaling.standardise(new double[4], new double[] {10, 1, 1, 1}), words.scaling());
  }

  private void assertRows(int train, int valid, int test, LoadOptions... options)
      throws IOException {
    Dataset data = load("x,y", 100, i -> i % 7 + "," + i % 2, options);
    int[] found = {
      data.train().rows(),
      data.validation().map(Rows::rows).orElse(0),
      data.test().map(Rows::rows).orElse(0)
    };
    assertArrayEquals(new int[] {train, valid, test}, found);
  }

  @Test
  void whatIsInOtherFilesIsNotTakenFromThis() throws IOException {
    Path other = Files.writeString(directory.resolve("other.csv"), "x,y\n1,0\n2,1\n3,0\n");
    DivisionOptions usual =
        DivisionOptions.defaults().withUsualDivision(List.of(0.7, 0.2, 0.1), true);
    assertRows(70, 20, 10, usual);
    assertRows(80, 20, 3, usual.withTestData(other));
    assertRows(90, 3, 10, usual.withValidData(other));
    assertRows(100, 3, 3, usual.withValidData(other).withTestData(other));
    assertRows(60, 40, 3, usual.withSplitSizes(List.of(0.6, 0.4)).withTestData(other));
    assertRows(60, 3, 40, usual.withSplitSizes(List.of(0.6, 0.0, 0.4)).withValidData(other));
    DivisionOptions all = usual.withSplitSizes(List.of(0.6, 0.2, 0.2));
    for (DivisionOptions twice : List.of(all.withTestData(other), all.withValidData(other))) {
      rejects(() -> assertRows(0, 0, 0, twice), "rows from a file and by the split sizes");
    }
  }
}
