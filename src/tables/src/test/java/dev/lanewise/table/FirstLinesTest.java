package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.table.TableOptions.Header;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * First lines of numbers are refused if they seem to name columns; rows are read without a
 * question.
 */
class FirstLinesTest {
  private static final int ROWS = 60;

  @TempDir Path directory;

  /** A kind of table, with a function that gives the cell at a row and a column. */
  record Body(String name, int numbers, boolean hasWord, Cells cells) {
    interface Cells {
      String cell(int row, int column, SplittableRandom random);
    }

    List<String> lines(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      List<String> lines = new ArrayList<>();
      for (int row = 0; row < ROWS; row++) {
        List<String> line = new ArrayList<>();
        for (int c = 0; c < numbers; c++) {
          line.add(cells.cell(row, c, random));
        }
        if (hasWord) {
          line.add(List.of("setosa", "virginica", "versicolor").get(random.nextInt(3)));
        }
        lines.add(String.join(",", line));
      }
      return lines;
    }
  }

  private static String fixed(double number, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", number);
  }

  private static double normal(SplittableRandom random) {
    return IntStream.range(0, 12).mapToDouble(i -> random.nextDouble()).sum() - 6;
  }

  /** Returns tables of ten kinds, whose rows come in any order or continue the previous row. */
  private static List<Body> bodies() {
    return List.of(
        new Body("flowers", 4, true, (row, c, r) -> fixed(2 + c + 0.4 * normal(r), 1)),
        new Body("shares", 6, false, (row, c, r) -> fixed(r.nextDouble(), 4)),
        new Body("counts", 5, true, (row, c, r) -> "" + r.nextInt(100)),
        new Body("areas", 4, false, (row, c, r) -> fixed(StrictMath.exp(8 + 2 * normal(r)), 1)),
        new Body("prices", 5, false, (row, c, r) -> fixed(100 * (1 + r.nextInt(90)) + 0.99, 2)),
        new Body("temperatures", 12, true, (row, c, r) -> fixed(12 + 9 * normal(r), 1)),
        new Body(
            "spectra", 8, true, (row, c, r) -> fixed(StrictMath.sin(c / 5.0) + normal(r) / 9, 3)),
        new Body("answers", 9, true, (row, c, r) -> "" + (1 + r.nextInt(5))),
        new Body("readings", 7, false, (row, c, r) -> fixed(1e5 + 3e4 * normal(r), 2)),
        new Body("signed", 5, true, (row, c, r) -> Double.toString(normal(r))));
  }

  /** Returns the names of a table's columns, of one of six kinds such as years. */
  private static String names(Body body, String kind) {
    int m = body.numbers();
    IntFunction<String> name =
        switch (kind) {
          case "years" -> c -> "" + (2024 - m + c);
          case "months" -> c -> "" + (c + 1);
          case "wavelengths" -> c -> fixed(400.5 + 2 * c, 1);
          case "ids" -> c -> "" + (7000 + 377 * c + 13 * c * c);
          case "quarters" -> c -> fixed(2019 + 0.25 * c, 2);
          default -> c -> c == 0 ? "id" : "" + (2000 + c);
        };
    return IntStream.range(0, m).mapToObj(name).collect(Collectors.joining(","))
        + (body.hasWord() ? ",species" : "");
  }

  static Stream<List<String>> namesAboveNumbers() {
    List<List<String>> all = new ArrayList<>();
    for (Body body : bodies()) {
      for (String kind : List.of("years", "months", "wavelengths", "ids", "quarters", "mixed")) {
        List<String> lines = new ArrayList<>(List.of(names(body, kind)));
        lines.addAll(body.lines(all.size()));
        all.add(lines);
      }
    }
    assertEquals(60, all.size());
    return all.stream();
  }

  private Path file(List<String> lines) throws IOException {
    return Files.write(directory.resolve("table.csv"), lines);
  }

  private static String refusal(Path file) {
    String message = refusal(() -> Table.read(file));
    assertTrue(
        message.contains("line 1") && message.contains(Remedy.HEADER.with("yes").toString()),
        message);
    assertTrue(message.contains(Remedy.HEADER.with("no").toString()), message);
    return message;
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("namesAboveNumbers")
  void numbersThatNameColumnsAreRefused(List<String> lines) throws IOException {
    Path file = file(lines);
    refusal(file);
    Table named =
        Table.read(
            file, ReadOptions.defaults().withTable(TableOptions.defaults().withHeader(Header.YES)));
    assertEquals(ROWS, named.rows());
    Table rows =
        Table.read(
            file, ReadOptions.defaults().withTable(TableOptions.defaults().withHeader(Header.NO)));
    assertEquals(ROWS + 1, rows.rows());
  }

  /** Returns tables that begin at the start of a process, are sorted, or have repeated numbers. */
  private static List<Body> unusual() {
    return List.of(
        new Body("fall", 3, false, (t, c, r) -> fixed(c == 0 ? t : c == 1 ? 100 - t * t : t, 0)),
        new Body(
            "decay", 3, false, (t, c, r) -> plain(c == 0 ? t / 10. : (c + 1) * 50 * exp(-t / 9.))),
        new Body("steps", 3, true, (t, c, r) -> "" + (t + 100 * c)),
        new Body(
            "cities", 4, false, (t, c, r) -> "" + Math.round((9e6 - 7e4 * c) / (1 + t) + t % 3)),
        new Body("side by side", 5, false, (t, c, r) -> "" + (5 * t + c + 7)),
        new Body("distances", 6, false, (t, c, r) -> "" + (1 + Math.abs(t % 6 - c))),
        new Body("sparse", 30, true, (t, c, r) -> "" + Math.max(0, r.nextInt(9) - 6)),
        new Body("zeros first", 4, false, (t, c, r) -> t == 0 ? "0" : fixed(normal(r), 3)),
        new Body("marks first", 4, true, (t, c, r) -> t == 0 ? "-999" : fixed(normal(r), 3)),
        new Body("swing", 3, false, (t, c, r) -> plain(c == 0 ? t : StrictMath.cos(t / 4. + c))),
        new Body("dates", 4, false, (t, c, r) -> "" + List.of(2019, 1, 1 + t / 24, t % 24).get(c)),
        new Body("levels", 3, false, (t, c, r) -> "" + 10 * (1 + (t / (c * c + 1)) % 3)),
        new Body("flags", 8, true, (t, c, r) -> "" + r.nextInt(2)),
        new Body("seconds", 3, true, (t, c, r) -> "" + (1_700_000_000L + 600 * t + c)),
        new Body("rare word", 1, false, (t, c, r) -> t + "," + (t == 0 ? "new" : "old")),
        new Body("outlier", 3, true, (t, c, r) -> fixed(t == 0 ? 12 + c * c : normal(r), 2)),
        new Body("two", 2, false, (t, c, r) -> "" + (c + 1 + t * r.nextInt(3))),
        new Body("products", 9, false, (t, c, r) -> "" + (t + 1) * (c + 1)),
        new Body("gaps", 4, true, (t, c, r) -> r.nextInt(3) == 0 ? "" : "" + r.nextInt(50)),
        new Body("one", 1, true, (t, c, r) -> "" + (t + 1)));
  }

  private static double exp(double x) {
    return StrictMath.exp(x);
  }

  /** Writes a number like programs that omit the decimal point of whole numbers. */
  private static String plain(double number) {
    return number == Math.rint(number) ? "" + (long) number : fixed(number, 3);
  }

  static Stream<List<String>> rowsOfNumbers() {
    List<List<String>> all = new ArrayList<>();
    for (long seed = 0; seed < 4; seed++) {
      for (Body body : bodies()) {
        all.add(body.lines(1000 + seed));
      }
    }
    unusual().forEach(body -> all.add(body.lines(7)));
    assertEquals(60, all.size());
    return all.stream();
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("rowsOfNumbers")
  void tablesWithoutHeaderAreNotAsked(List<String> lines) throws IOException {
    Table table = Table.read(file(lines));
    assertFalse(table.hasHeader());
    assertEquals(ROWS, table.rows());
  }

  /**
   * The question is also asked for rows that are read in parts, for streams, and for large files.
   */
  @Test
  void allWaysToReadAsk() throws IOException {
    List<String> lines = new ArrayList<>(List.of("2019,2020,2021,2022,species"));
    lines.addAll(bodies().get(0).lines(0));
    Path file = file(lines);
    String message = refusal(file);
    assertEquals(message, refusal(() -> Datasets.load(file)));
    assertEquals(message, refusal(() -> Table.read(file)));
    ReadOptions threads = ReadOptions.defaults().withThreads(2);
    assertEquals(message, refusal(() -> Datasets.load(file, threads)));
    Model model =
        Model.of(Mlp.initial(Architecture.relu(4, List.of(), 3), Initializer.of("he"), 0));
    assertEquals(message, refusal(() -> RowStream.open(file, model, false)));
    InputStream in =
        new ByteArrayInputStream(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    assertEquals(message, refusal(() -> RowStream.open(in, file.toString(), model, true)));
  }

  /** If a model takes rows of numbers, the same first line is read as a row without a question. */
  @Test
  void aModelTakesALineOfNumbersForARow() throws IOException {
    String numbers = "1,2,3,4\n2.5,0,1,7\n30,4,5,6\n900,-900,17,0\n";
    Path file = Files.writeString(directory.resolve("numbers.csv"), numbers);
    assertTrue(refusal(file).contains("line 1 (1,2,3,4) seems to name the columns"));
    Model model =
        Model.of(Mlp.initial(Architecture.relu(4, List.of(), 3), Initializer.of("he"), 0));
    try (RowStream rows = RowStream.open(file, model, false)) {
      assertEquals(4, rows.next(new float[40]));
    }
  }

  private static String refusal(Executable reading) {
    return assertThrows(FormatException.class, reading).getMessage();
  }

  /** Rows that were examined in advance are also read, with their lines and texts. */
  @Test
  void rowsThatWereLookedAtAreThere() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < 2500; row++) {
      lines.add(row * 7919 % 2503 + "," + row + (row == 1700 ? "" : ",w" + row % 7));
    }
    lines.set(1700, "5,,w");
    Path file = file(lines);
    Table table = Table.read(file);
    for (int row = 0; row < 2500; row++) {
      assertEquals("line " + (row + 1), table.content.at(row));
      String[] cells = lines.get(row).split(",", -1);
      assertEquals(Double.parseDouble(cells[0]), table.cell(row, 0).number());
      assertEquals(cells[2], table.cell(row, 2).string());
    }
    Model model =
        Model.of(Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.of("he"), 0));
    lines.replaceAll(line -> line.substring(0, line.lastIndexOf(',')).replaceAll(",$", ",0"));
    try (RowStream rows = RowStream.open(file(lines), model, true)) {
      float[] inputs = new float[2 * 700];
      int from = 0;
      for (int count = rows.next(inputs); count > 0; from += count, count = rows.next(inputs)) {
        for (int row = 0; row < count; row++) {
          assertEquals(lines.get(from + row), String.join(",", rows.texts(row)));
          assertEquals(
              lines.get(from + row), (int) inputs[2 * row] + "," + (int) inputs[2 * row + 1]);
        }
      }
      assertEquals(2500, from);
    }
  }
}
