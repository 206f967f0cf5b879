package dev.lanewise.table;

import static dev.lanewise.Refusals.rejects;
import static dev.lanewise.Refusals.unreadable;
import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.FormatException;
import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other columns of a file show decides how a column is read. */
class FileNotationsTest {
  private static final int ROWS = 60;

  @TempDir Path folder;

  private interface Cell {
    String of(int row);
  }

  private Path write(String name, String header, Cell... cells) throws IOException {
    List<String> lines = new ArrayList<>(List.of(header));
    for (int row = 0; row < ROWS; row++) {
      List<String> line = new ArrayList<>();
      for (Cell cell : cells) {
        line.add(cell.of(row));
      }
      lines.add(String.join(";", line));
    }
    return Files.write(folder.resolve(name), lines);
  }

  private static String bought(int row) {
    return row % 3 == 0 ? "yes" : "no";
  }

  private static LocalDate born(int row) {
    return LocalDate.of(1930 + row * 76 / ROWS, 1 + row % 12, 1 + row % 28);
  }

  private static String date(LocalDate date, boolean isShort) {
    int year = isShort ? date.getYear() % 100 : date.getYear();
    return "%02d.%02d.%02d".formatted(date.getDayOfMonth(), date.getMonthValue(), year);
  }

  private static LocalDate visit(int row) {
    return LocalDate.of(2019 + row % 6, 1 + row % 12, 1 + row % 28);
  }

  private static Map<String, String> notations(Dataset data) {
    Map<String, String> names = new TreeMap<>();
    Schema.of(data).orElseThrow().notations().forEach((key, value) -> names.put(key, value.name()));
    return names;
  }

  private static String digest(Dataset data) {
    return Division.of(data).orElseThrow().digest();
  }

  private static double chance(Model model, Map<String, Object> row) {
    return model.tablePredictor().predict(List.of(row)).probability(0, 0);
  }

  /** Births of 1930 to 1968 are no dates to come, in training and in every prediction. */
  @Test
  void birthsAreInThePast() throws IOException {
    Path file =
        write(
            "short.csv",
            "visit;born;bought",
            r -> date(visit(r), false),
            r -> date(born(r), true),
            r -> bought(r));
    Path plain =
        write(
            "iso.csv",
            "visit;born;bought",
            r -> visit(r).toString(),
            r -> born(r).toString(),
            r -> bought(r));
    Dataset data = Datasets.load(file);
    assertEquals(Map.of("visit", "31.05.2024", "born", "31.05.24 from 1928"), notations(data));
    assertEquals(digest(Datasets.load(plain)), digest(data));
    assertTrue(
        data.notes()
            .contains(
                "Column born is written as in 31.05.24, which is 2024-05-31, in the years from 1928 to 2027"),
        data.notes().toString());
    Model model = Recipe.COURSE.with("epochs", 2).fit(data).model();
    Model same = Recipe.COURSE.with("epochs", 2).fit(Datasets.load(plain)).model();
    assertEquals(same.sha256(), model.sha256());
    Path saved = folder.resolve("m.npz");
    model.save(saved);
    Model loaded = Model.load(saved);
    assertEquals(model.schema(), loaded.schema());
    for (String year : List.of("28", "30", "68", "69", "99", "00", "27")) {
      int full = Integer.parseInt(year) < 28 ? 2000 : 1900;
      String iso = full + Integer.parseInt(year) + "-03-02";
      double expected = chance(same, Map.of("visit", "2024-05-31", "born", iso));
      String born = "02.03." + year;
      assertEquals(expected, chance(loaded, Map.of("visit", "31.05.2024", "born", born)), year);
      Path rows =
          Files.writeString(folder.resolve("rows.csv"), "born;visit\n" + born + ";31.05.2024\n");
      try (RowStream stream = RowStream.open(rows, loaded, false)) {
        float[] inputs = new float[loaded.inputs()];
        assertEquals(1, stream.next(inputs));
        double[] results = new double[loaded.outputs()];
        loaded.predictor(1).predictScaled(inputs, 1, results, new int[1]);
        TablePredictor byName = loaded.tablePredictor();
        byName.set("visit", "31.05.2024").set("born", born);
        assertEquals(results[0], byName.predict().value(0, 0), year);
      }
    }
  }

  @Test
  void centuriesThatNothingDecidesAreRefused() throws IOException {
    Path file =
        write(
            "alone.csv", "born;size;bought", r -> date(born(r), true), r -> "" + r, r -> bought(r));
    FormatException refusal = assertThrows(FormatException.class, () -> Datasets.load(file));
    String message = refusal.getMessage();
    assertTrue(
        message.endsWith(
            "column born has years of two digits such as 01.01.30, and no date of the table has a"
                + " year of four, expected TableOptions.withCentury(1930) (it is 1930-01-01) or"
                + " TableOptions.withCentury(1969) (it is 2030-01-01)"),
        message);
    for (int first : List.of(1930, 1969)) {
      TableOptions how = TableOptions.defaults().withCentury(first);
      Dataset data = Datasets.load(file, ReadOptions.defaults().withTable(how));
      String name = first == 1969 ? "31.05.24" : "31.05.24 from 1930";
      assertEquals(Map.of("born", name), notations(data));
    }
    Path due =
        write(
            "due.csv",
            "visit;due;bought",
            r -> visit(r).toString(),
            r -> date(visit(r).plusYears(9), true),
            r -> bought(r));
    message = assertThrows(FormatException.class, () -> Datasets.load(due)).getMessage();
    assertContains(
        message,
        "such as 01.01.28, and the newest date with a year of four, 2024-12-24, leaves the"
            + " century open, expected TableOptions.withCentury(1928) (it is 1928-01-01) or");
  }

  /** An ignored column of dates shows the century, too; a date such as 9999-12-31 does not. */
  @ParameterizedTest
  @CsvSource({"ignored, true", "end, false"})
  void datesThatShowTheCentury(String name, boolean isDecided) throws IOException {
    Path file =
        write(
            "x.csv",
            name + ";born;size;bought",
            r -> isDecided ? date(visit(r), false) : "9999-12-31",
            r -> date(born(r), true),
            r -> "" + r,
            r -> bought(r));
    ReadOptions how = ReadOptions.defaults().withIgnored(List.of(name));
    if (isDecided) {
      assertEquals(Map.of("born", "31.05.24 from 1928"), notations(Datasets.load(file, how)));
    } else {
      assertThrows(FormatException.class, () -> Datasets.load(file, how));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {999, 9901, -1930})
  void firstYearsOutOfRange(int year) {
    rejects(() -> TableOptions.defaults().withCentury(year), "from 1000 to 9900");
  }

  /** 7.846,31 in one column makes 1.234 of another 1234, unless a third one has a point. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%d.846,31 | 1.2%02d | {a=1.234,5, b=1.234,5}", "%d,5 | 1.2%02d | {a=1234,5, b=1.234,5}",
        "%d.846,31 | 0.2%02d | {a=1.234,5}", "%d.846,31 | 1.23%02d | {a=1.234,5}",
        "%d.846,31 | 1,2%02d | {a=1.234,5, b=1234,5}", "%d 846 | 1.2%02d | {a=1 234.5}",
        "%d.846,31 | 1,2%02d € | {a=1.234,5, b=1234,5 €}", "%d kg | 1.2%02d | {a=1234.5 kg}",
        "%d,846.31 | 1,2%02d | {a=1,234.5, b=1,234.5}"
      })
  void oneColumnProvesTheDecimalComma(String a, String b, String expected) throws IOException {
    Path file =
        write("x.csv", "a;b;bought", r -> a.formatted(1 + r % 9), b::formatted, r -> bought(r));
    assertEquals(expected, notations(Datasets.load(file)).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.250 | {a=1234,5, b=1.234,5, c=1.234,5}"
            + "| is written as in 1.234,5, which is 1234.5, as column a has a decimal comma",
        "1.25 | {a=1234,5} | has numbers such as 2.499, whose mark is read as the decimal one"
            + " (TableOptions.withDecimal(',') if it separates thousands)",
      })
  void theProofIsNamedAndLaterRowsMayContradict(String later, String expected, String note)
      throws IOException {
    List<String> lines = new ArrayList<>(List.of("a;b;c;bought"));
    for (int row = 0; row < 1500; row++) {
      String b = row == 1400 ? later : "1.%03d".formatted(row % 1000);
      lines.add("%d,5;%s;2.%03d;%s".formatted(row, b, row % 1000, bought(row)));
    }
    Dataset data = Datasets.load(Files.write(folder.resolve("x.csv"), lines));
    assertEquals(expected, notations(data).toString());
    assertTrue(data.notes().contains("Column c " + note), data.notes().toString());
  }

  /** A target of few prices is read as numbers, as the same prices without marks are. */
  @Test
  void targetsOfFewTexts() throws IOException {
    String[] prices = {"1,200", "950", "2,000", "12,00,000"};
    Path file = write("x.csv", "a;b;price", r -> "" + r, r -> "" + r % 7, r -> prices[r % 4]);
    Path plain =
        write(
            "y.csv",
            "a;b;price",
            r -> "" + r,
            r -> "" + r % 7,
            r -> prices[r % 4].replace(",", ""));
    Dataset data = Datasets.load(file);
    assertEquals(Map.of("price", "1,234.5"), notations(data));
    assertEquals(digest(Datasets.load(plain)), digest(data));
    assertEquals(Datasets.load(plain).notes().get(0), data.notes().get(0));
    Path words = write("z.csv", "a;b;size", r -> "" + r, r -> "" + r % 7, r -> r % 4 + 1 + " kg");
    assertEquals(Map.of(), notations(Datasets.load(words)), "these are classes");
  }

  /** Numbers such as 20240531 are dates in files and among objects, in training and later. */
  @Test
  void datesOfDigits() throws IOException {
    Cell digits = r -> visit(r).toString().replace("-", "");
    Path file = write("x.csv", "day;size;bought", digits, r -> "" + r, r -> bought(r));
    Path gaps =
        write(
            "g.csv",
            "day;size;bought",
            r -> r == 7 ? "" : digits.of(r) + ".0",
            r -> "" + r,
            r -> bought(r));
    Path plain =
        write("y.csv", "day;size;bought", r -> visit(r).toString(), r -> "" + r, r -> bought(r));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("day", Integer.valueOf(digits.of(row)));
      map.put("size", row);
      map.put("bought", bought(row));
      rows.add(map);
    }
    String expected = digest(Datasets.load(plain));
    Dataset data = Datasets.load(file);
    Dataset objects = Table.of(rows).dataset(ReadOptions.defaults());
    assertEquals(Map.of("day", "20240531"), notations(data));
    assertEquals(Map.of("day", "20240531"), notations(Datasets.load(gaps)));
    assertEquals(Map.of("day", "20240531"), notations(objects));
    assertEquals(expected, digest(data));
    assertEquals(expected, digest(objects));
    assertTrue(
        data.notes()
            .contains(
                "Column day is written as in 20240531, which is 2024-05-31 (ReadOptions.withCategorical(List.of(\"day\")) if these are not dates)"),
        data.notes().toString());
    Model model = Recipe.COURSE.with("epochs", 1).fit(data).model();
    Model same = Recipe.COURSE.with("epochs", 1).fit(Datasets.load(plain)).model();
    double chance = chance(same, Map.of("day", "2023-03-02", "size", 5));
    for (Object day :
        List.of("20230302", 20230302, 20230302L, 20230302.0, LocalDate.of(2023, 3, 2))) {
      assertEquals(chance, chance(model, Map.of("day", day, "size", 5)), "" + day.getClass());
    }
    double byName =
        same.tablePredictor().set("day", "2023-03-02").set("size", 5).predict().value(0, 0);
    assertEquals(
        byName, model.tablePredictor().set("day", 20230302).set("size", 5).predict().value(0, 0));
    assertEquals(
        byName, model.tablePredictor().set("day", 20230302.0).set("size", 5).predict().value(0, 0));
    TablePredictor wrong = model.tablePredictor();
    rejects(
        () -> wrong.set("day", 20231302.0),
        "\"20231302\", expected a date or time such as 20240531");
    assertThrows(IllegalArgumentException.class, () -> wrong.set("day", 20231302));
    assertThrows(IllegalArgumentException.class, () -> wrong.set("day", "2023-03-02"));
  }

  /** A row without a target is read with its column, too, so its date decides with the others. */
  @Test
  void rowsWithoutATargetDecideToo() throws IOException {
    for (String last : List.of("20240531", "20240532")) {
      Path file =
          write(
              "x.csv",
              "day;size;bought",
              r -> r == 9 ? last : visit(r).toString().replace("-", ""),
              r -> "" + r,
              r -> r == 9 ? "" : bought(r));
      assertEquals(last.endsWith("31") ? 1 : 0, notations(Datasets.load(file)).size());
    }
  }

  /** Ids, amounts and categories are no dates, nor is the target if it has few values. */
  @ParameterizedTest
  @ValueSource(strings = {"20240100", "20240101", "20241301", "2024010", "18991231"})
  void numbersThatAreNoDates(String first) throws IOException {
    int number = Integer.parseInt(first);
    Path file =
        write("x.csv", "id;size;bought", r -> "" + (number + r), r -> "" + r % 7, r -> bought(r));
    assertEquals(Map.of(), notations(Datasets.load(file)));
    Path dates =
        write("y.csv", "id;size;bought", r -> "2024010" + (1 + r % 9), r -> "" + r, r -> bought(r));
    ReadOptions how = ReadOptions.defaults().withCategorical(List.of("id"));
    assertEquals(Map.of(), notations(Datasets.load(dates, how)));
    Path target =
        write("z.csv", "size;of;day", r -> "" + r, r -> "" + r % 7, r -> "2024010" + (1 + r % 2));
    assertEquals(Map.of(), notations(Datasets.load(target)));
  }

  @Test
  void manyDatesAreNoTarget() throws IOException {
    Path file =
        write(
            "x.csv",
            "size;of;day",
            r -> "" + r,
            r -> "" + r % 7,
            r -> visit(r).toString().replace("-", ""));
    unreadable(() -> Datasets.load(file), "target day has dates");
  }
}
