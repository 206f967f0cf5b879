package dev.lanewise.table;

import static dev.lanewise.Refusals.refusal;
import static dev.lanewise.Refusals.rejects;
import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.FormatException;
import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of a table are read in the notation of all their cells. */
class NotationInferenceTest {
  private static final int ROWS = 60;

  private static final String OPEN = "Column price is written as in 1,234.5, which is 1234.5, ";

  private static final String HEAD =
      "<x xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='r'>";

  @TempDir Path folder;

  private Path plain;

  @BeforeEach
  void writePlain() throws IOException {
    plain = write("plain.csv", row -> "%.2f".formatted(price(row)));
  }

  private interface Cell {
    String of(int row);
  }

  /** Has values below 1, in the thousands, and one without decimals. */
  private static double price(int row) {
    return row == 7 ? 2000 : Math.round(100 * (0.25 + row * row * 1.37)) / 100.0;
  }

  private static String date(int row, String format) {
    return format.formatted(1 + row % 28, 1 + row % 12, 2020 + row % 5);
  }

  private Path write(String name, Cell price, Cell day) throws IOException {
    List<String> lines = new ArrayList<>(List.of("price;day;bought"));
    for (int row = 0; row < ROWS; row++) {
      lines.add(price.of(row) + ";" + day.of(row) + ";" + (row % 3 == 0 ? "yes" : "no"));
    }
    return Files.write(folder.resolve(name), lines);
  }

  private Path write(String name, Cell price) throws IOException {
    return write(name, price, row -> date(row, "%3$d-%2$02d-%1$02d"));
  }

  private Path german() throws IOException {
    Cell day = row -> date(row, "%1$02d.%2$02d.%3$d");
    return write("x.csv", row -> written(price(row), "1.234,5"), day);
  }

  private static Model model(Schema schema) {
    Architecture layers =
        new Architecture(schema.inputs(), List.of(2), 2, List.of(Activation.RELU));
    return Model.of(Mlp.initial(layers, Initializer.HE, 1)).withSchema(schema);
  }

  private static Schema schema(Path file, LoadOptions... how) throws IOException {
    return Schema.of(Datasets.load(file, how)).orElseThrow();
  }

  private static String digest(Dataset data) {
    return Division.of(data).orElseThrow().digest();
  }

  private static void assertSame(Path plain, Path other) throws IOException {
    Dataset expected = Datasets.load(plain);
    Dataset found = Datasets.load(other);
    assertEquals(digest(expected), digest(found));
    float[] x = new float[expected.features() * expected.train().rows()];
    float[] y = new float[x.length];
    expected.train().copyRows(null, 0, expected.train().rows(), x, 0);
    found.train().copyRows(null, 0, found.train().rows(), y, 0);
    assertArrayEquals(x, y);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "1.234,5 | 31.05.2024 | %1$02d.%2$02d.%3$d",
        "1 234,5 | 31/05/2024 | %1$d/%2$d/%3$d",
        "1'234.5 | 05/31/2024 | %2$02d/%1$02d/%3$d",
        "1,234.5 | 2024/05/31 | %3$d/%2$d/%1$d",
        "1.234,5 kg | 31-05-2024 | %1$02d-%2$02d-%3$d",
        "EUR 1,234.5 | 31.05.2024 | %1$02d.%2$02d.%3$d"
      })
  void sameRowsAsInAPlainFile(String example, String day, String format) throws IOException {
    Notation notation = Notation.of(example);
    Path file = write("x.csv", row -> written(price(row), example), row -> date(row, format));
    assertEquals(Map.of("price", notation, "day", Notation.of(day)), schema(file).notations());
    assertSame(plain, file);
  }

  /** Writes a number with two decimals, in groups, in a notation. */
  private static String written(double number, String example) {
    String prefix = example.replaceFirst("1.*", "");
    String suffix = example.replaceFirst(".*5", "");
    String mark = example.contains("4,5") ? "," : ".";
    String group = example.replaceFirst(".*1(.)234.*", "$1");
    String text = String.format(Locale.ROOT, "%,.2f", number);
    return prefix + text.replace(',', 'G').replace(".", mark).replace("G", group) + suffix;
  }

  /** Zero with and without a unit and decimals is the same. */
  @Test
  void zerosNeedNoUnit() throws IOException {
    Path file = write("x.csv", row -> row == 7 ? "0 kg" : "-0.0");
    String note = "Column price is written as in 1234.5 kg, which is 1234.5";
    assertTrue(Datasets.load(file).notes().contains(note));
  }

  /** Plain numbers among the texts are read in the notation of the others. */
  @Test
  void thousandsWithoutDecimals() throws IOException {
    Path file = write("x.csv", row -> row == 7 ? "2.000" : written(price(row), "1.234,5"));
    assertSame(plain, file);
    assertEquals("{price=1.234,5}", schema(file).notations().toString());
  }

  @Test
  void groupsFollowFromPlainNumbersAlone() throws IOException {
    // All words have a decimal comma and no groups; the only group is in what seems a plain number.
    Path file = write("x.csv", row -> row == 7 ? "2.000" : ("" + (row + 0.5)).replace('.', ','));
    assertEquals("{price=1.234,5}", schema(file).notations().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {". | 1,234.5 | 1000", ", | | 1"})
  void theFilesDecimalMarkDecidesWhatValuesLeaveOpen(char decimal, String example, double factor)
      throws IOException {
    Path file = write("x.csv", row -> 1 + row + ",234");
    TableOptions how = TableOptions.defaults().withDecimal(decimal);
    Dataset data = Datasets.load(file, ReadOptions.defaults().withTable(how));
    Schema schema = Schema.of(data).orElseThrow();
    assertEquals(example == null ? "{}" : "{price=1,234.5}", schema.notations().toString());
    double median = ((NumberColumn) schema.columns().get(0)).median();
    assertEquals(factor, Math.rint(median) / Math.rint(median / factor), 0.01 * factor);
    String note = OPEN + "as no value shows another decimal mark (TableOptions.withDecimal(','))";
    assertEquals(example != null, data.notes().contains(note), data.notes().toString());
  }

  @Test
  void columnsWithBothMarksLeaveTheFilesMark() throws IOException {
    Path file = write("x.csv", row -> 1 + row + ",234;0.5", row -> 1 + row + ".234,5");
    Files.writeString(file, Files.readString(file).replace("price;", "price;half;"));
    String note = OPEN + "as the file's decimal mark decides (TableOptions.withDecimal(','))";
    assertTrue(Datasets.load(file).notes().contains(note));
  }

  @ParameterizedTest
  @CsvSource({"%3$d:%2$02d, 14:05", "%3$d:%2$02d AM, 2:05 PM"})
  void timesOfDayAreNotedWithoutADate(String times, String example) throws IOException {
    Path file = write("x.csv", row -> "" + row, row -> times.formatted(0, row % 60, 1 + row % 11));
    String note = "Column day is written as in %s, which is the time of day 14:05";
    List<String> notes = Datasets.load(file, ReadOptions.defaults()).notes();
    assertTrue(notes.contains(note.formatted(example)), notes.toString());
  }

  /** Plain numbers may be thousands of another country, too, unless one of them cannot be. */
  @ParameterizedTest
  @CsvSource({"999, true", "12.345, true", "1.23, false", "0.234, false", "1234.567, false"})
  void plainNumbersThatMayBeThousands(String more, boolean isNoted) throws IOException {
    Path file = write("x.csv", row -> row == 9 ? more : 1 + row + ".234");
    String note =
        "Column price has numbers such as 60.234, whose mark is read as the decimal one (TableOptions.withDecimal(',') if it separates thousands)";
    assertEquals(isNoted, Datasets.load(file).notes().contains(note));
    LoadOptions how = ReadOptions.defaults().withTable(TableOptions.defaults().withDecimal(','));
    if (isNoted) {
      assertEquals("{price=1.234,5}", schema(file, how).notations().toString());
    }
  }

  private static double predicted(Model model, float[] inputs) {
    double[] results = new double[model.outputs()];
    model.predictor(1).predictScaled(inputs, 1, results, new int[1]);
    return results[0];
  }

  private static final String[] WAYS = {"1.234,50", "0,25", "-1.000"};

  /** A text is read by the notation of its column, or refused, whatever way it comes. */
  @Test
  void newRows() throws IOException {
    Path file = german();
    Model model = Recipe.TABLE.with("epochs", 2).fit(Table.read(file).withTarget("bought")).model();
    Model same = Recipe.TABLE.with("epochs", 2).fit(Table.read(plain).withTarget("bought")).model();
    assertEquals(same.sha256(), model.sha256());
    Path saved = folder.resolve("m.npz");
    model.save(saved);
    Model loaded = Model.load(saved);
    assertEquals(model.schema(), loaded.schema());
    TablePredictor byName = loaded.tablePredictor();
    TablePredictor plainByName = same.tablePredictor();
    for (String text : WAYS) {
      double number = Double.parseDouble(text.replace(".", "").replace(',', '.'));
      double expected =
          plainByName.set("price", number).set("day", "2021-03-02").predict().value(0, 0);
      assertEquals(
          expected, byName.set("price", text).set("day", "02.03.2021").predict().value(0, 0));
      assertEquals(
          expected,
          byName.set("price", number).set("day", LocalDate.of(2021, 3, 2)).predict().value(0, 0));
      Path rows =
          Files.writeString(folder.resolve("rows.csv"), "price;day\n" + text + ";02.03.2021\n");
      try (RowStream stream = RowStream.open(rows, loaded, false)) {
        float[] inputs = new float[loaded.inputs()];
        assertEquals(1, stream.next(inputs));
        assertEquals(expected, predicted(loaded, inputs));
      }
      Map<String, Object> objects = new LinkedHashMap<>();
      objects.put("price", text);
      objects.put("day", "02.03.2021");
      objects.put("bought", "no");
      Dataset data = Table.of(List.of(objects)).dataset(loaded);
      float[] inputs = new float[loaded.inputs()];
      data.train().copyRows(null, 0, 1, inputs, 0);
      assertEquals(expected, predicted(loaded, inputs));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "1,234.50", "12 kg", "12%", "1.23,4", "abc"})
  void otherNotationsOfNewRowsAreRefused(String text) throws IOException {
    Path file = german();
    Model model = model(schema(file));
    TablePredictor byName = model.tablePredictor();
    assertEquals(
        "column price is \"" + text + "\", expected a number such as 1.234,5, as in training",
        refusal(() -> byName.set("price", text)));
    Path rows =
        Files.writeString(folder.resolve("rows.csv"), "price;day\n" + text + ";02.03.2021\n");
    String advice = " (TableOptions.withMissingAlso(List.of(\"abc\")) if it means a missing value)";
    try (RowStream stream = RowStream.open(rows, model, false)) {
      FormatException refusal =
          assertThrows(FormatException.class, () -> stream.next(new float[model.inputs()]));
      assertTrue(
          refusal
              .getMessage()
              .endsWith(
                  "line 2, column price is \""
                      + text
                      + "\", expected a number such as 1.234,5"
                      + (text.equals("abc") ? advice : "")),
          refusal.getMessage());
    }
  }

  /** A first line of values is a row; names of columns may have units. */
  @Test
  void firstLines() throws IOException {
    Path file =
        write("x.csv", row -> written(price(row), "1.234,5"), row -> "31.05.20" + (10 + row));
    List<String> lines = Files.readAllLines(file);
    Path without = Files.write(folder.resolve("y.csv"), lines.subList(1, lines.size()));
    assertEquals(ROWS, Table.read(without).rows());
    assertEquals(
        "{#0=1.234,5, #1=31.05.2024}", new TreeMap<>(schema(without).notations()).toString());
    Schema schema = schema(without);
    Model model = model(schema);
    Path named = Files.writeString(folder.resolve("n.csv"), "a;b;c\n1.000;31.05.2024;no\n");
    TableOptions how = TableOptions.of(schema).withHeader(TableOptions.Header.YES);
    LoadOptions reading = ReadOptions.defaults().withTable(how);
    try (RowStream stream = RowStream.open(named, model, false, reading)) {
      float[] inputs = new float[model.inputs()];
      assertEquals(1, stream.next(inputs));
      assertEquals(1000, inputs[0], "by its place, as training had no names");
    }
    lines.set(0, "5 km;10 km;bought");
    assertTrue(Table.read(Files.write(file, lines)).hasHeader());
    lines.set(0, "5,5;31.05.2024;no");
    assertEquals(ROWS + 1, Table.read(Files.write(file, lines)).rows());
    List<String> months = new ArrayList<>(List.of("country;31.01.2024;29.02.2024"));
    for (int row = 0; row < ROWS; row++) {
      months.add("c" + row % 7 + ";" + row + ";" + row % 9);
    }
    Path pivot = Files.write(folder.resolve("z.csv"), months);
    unreadable(() -> Datasets.load(pivot), "withHeader(Header.YES)");
  }

  /** Texts of objects are read as those of a file, and numbers and dates as they are. */
  @Test
  void objects() throws IOException {
    Dataset expected = Table.read(plain).dataset(ReadOptions.defaults());
    List<Map<String, Object>> texts = new ArrayList<>();
    List<Map<String, Object>> mixed = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      String price = row == 7 ? "2.000" : written(price(row), "1.234,5");
      String day = date(row, "%1$02d.%2$02d.%3$d");
      LocalDate date = LocalDate.of(2020 + row % 5, 1 + row % 12, 1 + row % 28);
      String bought = row % 3 == 0 ? "yes" : "no";
      texts.add(row(price, day, bought));
      mixed.add(row(row % 2 == 0 ? price : price(row), date, bought));
    }
    for (List<Map<String, Object>> rows : List.of(texts, mixed)) {
      Dataset found = Table.of(rows).dataset(ReadOptions.defaults());
      assertEquals(digest(expected), digest(found));
      assertEquals("1.234,5", Schema.of(found).orElseThrow().notations().get("price").example());
    }
    texts.set(9, row("1.5", "01.02.2020", "no"));
    rejects(
        () -> Table.of(texts).dataset(ReadOptions.defaults()), "row 9, column price is \"1.5\"");
  }

  private static Map<String, Object> row(Object price, Object day, String bought) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("price", price);
    row.put("day", day);
    row.put("bought", bought);
    return row;
  }

  /** Cells in a file, and pieces that several threads read, are as those in memory. */
  @Test
  void largeTables() throws IOException {
    List<String> german = new ArrayList<>(List.of("price;day;bought"));
    List<String> english = new ArrayList<>(german);
    for (int row = 0; row < 20_000; row++) {
      double price = row % 977 * 1.25;
      String end = row % 3 == 0 ? ";yes" : ";no";
      String gap = row % 7 > 0 ? null : row % 2 > 0 ? "" : "NA";
      german.add(
          (gap == null ? written(price, "1.234,5") : gap) + date(row, ";%1$02d.%2$02d.%3$d") + end);
      english.add((gap == null ? price : gap) + date(row, ";%3$d-%2$02d-%1$02d") + end);
    }
    Path plainFile = Files.write(folder.resolve("english.csv"), english);
    Path file = Files.write(folder.resolve("german.csv"), german);
    String digest = digest(Datasets.load(plainFile));
    LoadOptions threads = ReadOptions.defaults().withThreads(2);
    assertEquals(digest, digest(Datasets.load(file, threads)));
    System.setProperty("lanewise.memory", "400000");
    try {
      Dataset found = Datasets.load(file, threads);
      assertEquals(digest, digest(found));
      assertTrue(found.notes().toString().contains("Larger than memory"), "" + found.notes());
    } finally {
      System.clearProperty("lanewise.memory");
    }
  }

  /** Cells that one of two notations alone reads decide by nine of ten, or none is right. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.2%02d,50 | 1.5 | 60 | line 11, column price is \"1.5\", where 59 of 60 values are such as 1.234,5",
        "1.2%02d,50 | 12 kg | 60 | line 11, column price is \"12 kg\", where 59 of 60",
        "1.2%02d,50 | 12%% | 60 | line 11, column price is \"12%\", where 59 of 60",
        "1.2%02d,50 | 12,5.5 | 60 | line 11, column price is \"12,5.5\", where 59 of 60",
        "%d.5 | 1,5 | 60 | line 11, column price is \"1,5\", where 59 of 60 values are numbers",
        "%d.0 | 1,5 | 60 | line 11, column price is \"1,5\", where 59 of 60 values are numbers",
        "%d.5 | %d,5 | 25 | \"9,5\" (line 36: \"34,5\", line 61: \"59,5\"), where 57 of 60 values are numbers",
        "%d,5 | 1.5 | 60 | line 11, column price is \"1.5\", where 59 of 60 values are such as 1234,5",
        "%d.5 | %d,5 | 7 | \"0.5\" (51, first in line 2) and \"2,5\" (9, first in line 4), expected one",
        "2.%03d | 1,5 | 60 | \"2.000\" (59, first in line 2) and \"1,5\" (1, first in line 11), expected one",
        "2024-05-1%1$.1s | 1.5.2024 | 60 | \"1.5.2024\", where 59 of 60 values are dates",
        "2024-05-1%1$.1s | 1.5.2024 | 7 | \"2024-05-10\" (51, first in line 2) and \"1.5.2024\" (9, first",
        "2024-05-1%1$.1s | 20240501 | 7 | \"2024-05-10\" (51, first in line 2) and \"20240501\" (9, first",
      })
  void theMajorityOfAMixedColumnDecides(String usual, String odd, int every, String expected)
      throws IOException {
    Cell price = row -> (row % every == 9 % every ? odd : usual).formatted(row);
    Path file = write("x.csv", price, row -> date(row, "%1$02d.%2$02d.%3$d"));
    unreadable(() -> Datasets.load(file), expected);
  }

  /** A text of a workbook is odd where the other cells are numbers, and no one mark reads both. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.5 | line 3, column price is \"1,5\", where 59 of 60 values are numbers, expected a number",
        "5 | expected a comma as in 1234,5 of column price (TableOptions.withDecimal(',') gives them one) (line 3 has \"1,5\")",
      })
  void oneTextOfAWorkbook(String usual, String expected) throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int row = 0; row <= ROWS; row++) {
      String price = row == 0 ? "price" : row == 2 ? "1,5" : usual;
      rows.append("<row>");
      for (String cell :
          List.of(price, row == 0 ? "size" : "" + row % 7, row % 2 == 0 ? "y" : "n")) {
        boolean isNumber = cell.matches("[0-9.]+");
        rows.append(isNumber ? "<c><v>" : "<c t='inlineStr'><is><t>").append(cell);
        rows.append(isNumber ? "</v></c>" : "</t></is></c>");
      }
      rows.append("</row>");
    }
    Path file = folder.resolve("x.xlsx");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String part :
          List.of(
              "xl/_rels/workbook.xml.rels;<Relationship Id='a' Type='x/worksheet' Target='s.xml'/>",
              "xl/workbook.xml;<sheet name='S' r:id='a'/>",
              "xl/s.xml;" + rows)) {
        zip.putNextEntry(new ZipEntry(part.split(";")[0]));
        String all = HEAD + part.split(";")[1] + "</x>";
        zip.write(all.getBytes(StandardCharsets.UTF_8));
      }
    }
    unreadable(() -> Datasets.load(file), expected);
  }

  @Test
  void theOrderOfDayAndMonthMayBeGiven() throws IOException {
    Cell day = row -> "%02d/%02d/2024".formatted(1 + row % 12, 1 + row % 11);
    Path file = write("x.csv", row -> "" + row, day);
    unreadable(() -> Datasets.load(file), "withDates(Dates.DMY)");
    for (TableOptions.Dates order : List.of(TableOptions.Dates.DMY, TableOptions.Dates.MDY)) {
      ReadOptions how = ReadOptions.defaults().withTable(TableOptions.defaults().withDates(order));
      Notation found = schema(file, how).notations().get("day");
      assertEquals(order == TableOptions.Dates.DMY ? "31/05/2024" : "05/31/2024", found.example());
    }
  }

  /** Dates and times of Java and of java.sql are taken, but a date is no time of day. */
  @Test
  void datesOfPrograms() throws IOException {
    StringBuilder text = new StringBuilder("day,clock,size,kind\n");
    for (int i = 0; i < 120; i++) {
      text.append(
          "%02d.%02d.2024 %02d:30,%02d:15,%s,%s%n"
              .formatted(1 + i % 28, 1 + i % 12, i * 7 % 24, i * 5 % 24, i, i % 24 > 11 ? 1 : 0));
    }
    Path file = Files.writeString(folder.resolve("dates.csv"), text);
    Model model = Recipe.COURSE.with("epochs", 1).fit(Datasets.load(file)).model();
    float expected = probability(model, "03.05.2024 14:30", "14:15");
    LocalDateTime time = LocalDateTime.of(2024, 5, 3, 14, 30);
    for (Object day : List.of(time, time.atOffset(ZoneOffset.UTC), Timestamp.valueOf(time))) {
      assertEquals(expected, probability(model, day, "14:15"));
      assertEquals(expected, probability(model, day, LocalTime.of(14, 15)));
      assertEquals(expected, probability(model, day, Time.valueOf("14:15:00")));
    }
    assertEquals(
        probability(model, LocalDate.of(2024, 5, 3), "14:15"),
        probability(model, java.sql.Date.valueOf("2024-05-03"), "14:15"));
    rejects(
        () -> probability(model, time, time), "clock is 2024-05-03T14:30, expected a time of day");
  }

  private static float probability(Model model, Object day, Object clock) {
    Map<String, Object> row = Map.of("day", day, "clock", clock, "size", 7);
    return model.tablePredictor().predict(List.of(row)).probability(0, 0);
  }
}
