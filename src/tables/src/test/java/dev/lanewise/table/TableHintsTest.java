package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.internal.Message;
import dev.lanewise.nn.Loss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notes on tables that are likely to mislead, at the limits of the rules. */
class TableHintsTest {
  private static final LoadOptions[] ALL = {Options.WHOLE};

  @TempDir Path directory;

  private List<String> hints(
      int rows, String header, IntFunction<String> row, LoadOptions... options) throws IOException {
    StringBuilder text = new StringBuilder(header).append('\n');
    for (int i = 0; i < rows; i++) {
      text.append(row.apply(i)).append('\n');
    }
    Table table = Table.read(Files.writeString(directory.resolve("t.csv"), text));
    return TableHints.of(table.content, table.dataset(Options.with(ALL, options)), true).stream()
        .map(Message::toString)
        .toList();
  }

  /** Returns the columns that are reported to give the target away. */
  private List<String> leaks(
      int rows, String header, IntFunction<String> row, LoadOptions... options) throws IOException {
    return hints(rows, header, row, options).stream()
        .filter(hint -> hint.contains("gives the target away"))
        .map(hint -> hint.split(" ")[1])
        .toList();
  }

  private void assertLargest(String expected, int rows, int others, String names)
      throws IOException {
    List<String> hints =
        hints(
            rows,
            "x,y",
            i -> i * 7 % 13 + "," + names.charAt(i < others ? 1 : 0),
            Options.loss(Loss.SOFTMAX));
    assertEquals(
        expected.isEmpty() ? List.of() : List.of(expected),
        hints.stream().map(hint -> hint.substring(0, hint.indexOf(':'))).toList());
  }

  @Test
  void aClassOfNearlyAllRows() throws IOException {
    assertLargest("Class a has 95% of the rows", 200, 10, "ab");
    assertLargest("", 200, 11, "ab");
    assertLargest("Class 1 has 97% of the rows", 1000, 25, "10");
    assertLargest("Class 0 has 97% of the rows", 1000, 25, "01");
  }

  @Test
  void ofFewRowsNothingIsSaid() throws IOException {
    IntFunction<String> classes = i -> i % 2 + (i % 2 == 0 ? ",a" : ",b");
    IntFunction<String> numbers = i -> i * 3 + "," + (i + 0.5);
    assertEquals(List.of("x"), leaks(50, "x,y", classes));
    assertEquals(List.of(), leaks(49, "x,y", classes));
    assertEquals(List.of("x"), leaks(50, "x,y", numbers));
    assertEquals(List.of(), leaks(49, "x,y", numbers));
    // The column has values in 50 rows, and then in only 49.
    assertEquals(List.of("x"), leaks(60, "x,y", i -> i < 10 ? "," + i + ".5" : numbers.apply(i)));
    assertEquals(List.of(), leaks(60, "x,y", i -> i < 11 ? "," + i + ".5" : numbers.apply(i)));
  }

  /** A last row far from all others is no evidence: the ranks of x and y alone are not enough. */
  @Test
  void oneRowGivesNothingAway() throws IOException {
    IntFunction<String> near = i -> i + "," + (i + i * 37 % 23 + 0.5);
    assertEquals(List.of(), leaks(60, "x,y", near));
    assertEquals(List.of(), leaks(60, "x,y", i -> i < 59 ? near.apply(i) : "1800,2400.5"));
  }

  /** If there are several targets, no column is reported. */
  @Test
  void severalTargets() throws IOException {
    ReadOptions both = Options.target("y,z");
    assertEquals(List.of(), leaks(60, "x,y,z", i -> i + "," + i + ".5," + i % 7, both));
  }

  /** Words, and numbers used as words, are reported only with ten rows each on average. */
  @Test
  void valuesOfFewRowsTellByChance() throws IOException {
    String[] names = {"a", "b", "c"};
    for (int values : new int[] {6, 7}) {
      List<String> expected = values == 6 ? List.of("word") : List.of();
      assertEquals(
          expected, leaks(60, "word,y", i -> "w" + i % values + "," + names[i % values % 3]));
      // A gap counts as one of the words, and so does zero, whatever its sign.
      assertEquals(
          expected,
          leaks(
              60,
              "word,y",
              i -> {
                int value = i % values;
                String zero = i / values % 2 == 0 ? "0" : "-0";
                String word = value == 0 ? "" : value == 1 ? zero : "w" + value;
                return word + "," + names[value % 3];
              }));
      // The classes of the numbers are in no order, so that no ranges predict them.
      assertEquals(
          values == 6 ? List.of("x") : List.of(),
          leaks(60, "x,y", i -> i % values + "," + names[i % values % 2]));
      // The target is a number, which differs for every word.
      assertEquals(
          expected,
          leaks(
              60,
              "word,y",
              i -> "w" + i % values + "," + (i % values * 5 % 7 + 0.5),
              Options.loss(Loss.MSE)));
    }
  }

  /** One in twenty of the rows of other classes may be predicted wrongly. */
  @Test
  void howManyRowsAreTold() throws IOException {
    for (int wrong : new int[] {25, 26}) {
      assertEquals(
          wrong == 25 ? List.of("x", "word") : List.of(),
          leaks(
              1000,
              "x,word,y",
              i -> {
                boolean shown = i % 2 == 0 ^ i < wrong;
                return (shown ? "7,w" : "8,v") + (i % 2 == 0 ? ",a" : ",b");
              }));
    }
    for (int others : new int[] {9, 10, 20}) {
      for (int wrong : new int[] {0, 1, 3}) {
        boolean tells = others >= 10 && wrong == 0 || others == 20 && wrong == 1;
        assertEquals(
            tells ? List.of("x") : List.of(),
            leaks(
                1000,
                "x,y",
                i -> (i < others - wrong ? "1" : "2") + (i < others ? ",rare" : ",usual")));
      }
    }
  }

  /** Ranges of a number are reported if each class has one range and no value is in two. */
  @Test
  void rangesOfANumber() throws IOException {
    for (int ranges : new int[] {3, 4}) { // for three classes
      assertEquals(
          ranges == 3 ? List.of("x") : List.of(),
          leaks(60, "x,y", i -> i + 0.5 + "," + "abc".charAt(i * ranges / 60 % 3)));
    }
    for (boolean same : new boolean[] {false, true}) {
      assertEquals(
          same ? List.of() : List.of("x"),
          leaks(
              60,
              "x,y",
              i -> (same && i >= 25 && i < 35 ? 30.5 : i + 0.5) + (i < 30 ? ",a" : ",b")));
    }
  }

  /** The target may be a falling function of a column, a function of dates, or a curved one. */
  @Test
  void numbersThatAreFunctions() throws IOException {
    Random random = new Random(5);
    assertEquals(List.of("x"), leaks(80, "x,y", i -> 1000 - i + "," + (i + 0.5)));
    assertEquals(
        List.of("day"),
        leaks(80, "day,y", i -> "20%02d-05-%02d,%s.5".formatted(i / 20, i % 20 + 1, i * i)));
    assertEquals(List.of(), leaks(80, "x,y", i -> i + "," + (random.nextInt(80) + 0.5)));
    assertEquals(
        List.of("x"), // no row is exactly on the line, and the ranks differ
        leaks(400, "x,y", i -> i + "," + (i + 3 * random.nextDouble())));
    assertEquals(List.of(), leaks(400, "x,y", i -> i + "," + (i + 60 * random.nextDouble())));
    // Rows without a value do not affect the ranks.
    assertEquals(
        List.of("x"), leaks(80, "x,y", i -> (i % 4 == 0 ? "" : "" + i * i * i) + "," + (i + 0.5)));
    // Two distant clusters lie on a line, although the column predicts nothing inside them.
    assertEquals(
        List.of(),
        leaks(
            100,
            "x,y",
            i -> {
              double heap = i % 2 * 1e6;
              return heap + random.nextDouble() + "," + (heap + random.nextDouble());
            }));
  }

  /** Words are reported only if they explain nearly all differences of the numbers. */
  @Test
  void wordsThatTellNumbers() throws IOException {
    for (double left : new double[] {0.1, 0.101}) { // deviations, compared with a difference of 1
      assertEquals(
          left == 0.1 ? List.of("word") : List.of(),
          leaks(
              400,
              "word,y",
              i -> (i % 2 == 0 ? "w," : "v,") + (i % 2 * 2 + (i % 4 < 2 ? left : -left))));
    }
  }

  /** The note gives the score of the column; training shows it, and evaluation does not. */
  @Test
  void scoresOfColumns() throws IOException {
    IntFunction<String> classes = i -> (i % 3 + (i < 2 ? 1 : 0)) + "," + "abc".charAt(i % 3);
    String ofClasses = note("x,y", classes);
    assertEquals(
        Options.remedies(
            "Column x alone gives the target away (right in 99.3% of the rows): if it is not known before the target is, {IGNORE x}"),
        ofClasses);
    String ofNumbers = note("x,y", i -> i + "," + (3 * i + 0.5));
    assertTrue(ofNumbers.startsWith("Column x alone gives the target away (R2 1.0000)"), ofNumbers);
    IntFunction<String> seven =
        i -> IntStream.range(1, 8).mapToObj(k -> "" + k * i).collect(Collectors.joining(","));
    String last = note("a,b,c,d,e,f,g", seven, Options.loss(Loss.MSE));
    assertEquals("So does 1 other column alone", last);
  }

  /** Returns the last note on a table of 300 rows, all of them for training. */
  private String note(String header, IntFunction<String> row, LoadOptions... options)
      throws IOException {
    String text =
        header
            + IntStream.range(0, 300).mapToObj(row).collect(Collectors.joining("\n", "\n", "\n"));
    Path file = Files.writeString(directory.resolve("scores.csv"), text);
    List<String> notes = Datasets.load(file, Options.with(ALL, options)).notes();
    return notes.get(notes.size() - 1);
  }
}
