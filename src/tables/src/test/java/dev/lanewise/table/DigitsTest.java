package dev.lanewise.table;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole numbers above 2^53, and numbers with leading zeros, as categories and as classes. */
class DigitsTest {
  private static final long LARGE = 1L << 53;
  private static final DivisionOptions ALL = Options.WHOLE;
  private static final LoadOptions[] BY_ID = {
    ALL, ReadOptions.defaults().withCategorical(List.of("id"))
  };
  private static final List<String> IDS =
      LongStream.range(0, 6).mapToObj(i -> "" + (LARGE + i)).toList();

  @TempDir Path directory;

  record Row(long id, double x, String y) {}

  private Path file(String head, int rows, Cells cells) throws IOException {
    String text =
        IntStream.range(0, rows).mapToObj(cells::row).collect(Collectors.joining("\n", head, "\n"));
    return Files.writeString(directory.resolve("table.csv"), text);
  }

  interface Cells {
    String row(int i);
  }

  private Path ids() throws IOException {
    return file("id,x,y\n", 60, i -> IDS.get(i % 6) + "," + i * 7 % 11 + "," + "ab".charAt(i % 2));
  }

  private static CategoryColumn column(Dataset data) {
    return (CategoryColumn) Schema.of(data).orElseThrow().columns().get(0);
  }

  private static Model model(Dataset data) {
    Architecture shape = Architecture.relu(data.features(), List.of(), data.classes());
    return Model.of(Mlp.initial(shape, Initializer.of("he"), 1))
        .withSchema(Schema.of(data).orElseThrow())
        .withScaling(data.scaling());
  }

  @Test
  void largeIdsStayApart() throws IOException {
    Dataset data = Datasets.load(ids(), BY_ID);
    assertEquals(IDS, column(data).categories());
    assertTrue(column(data).byDigits());
    assertEquals(7, data.features());
    String note =
        "Column id has numbers such as 9007199254740992: numbers are compared by their digits";
    assertTrue(data.notes().stream().anyMatch(n -> n.startsWith(note)), data.notes().toString());
    for (int row = 0; row < 60; row++) {
      float[] inputs = new float[7];
      data.train().copyRows(new int[] {row}, 0, 1, inputs, 0);
      int id = data.tableRows("train")[row] % 6;
      assertEquals(1, inputs[id]);
      assertEquals(1, IntStream.range(0, 6).filter(i -> inputs[i] != 0).count());
    }
  }

  /**
   * The table has six ids that become three doubles, and a number with and without a leading zero.
   */
  @Test
  void summariesCountByDigits() throws IOException {
    StringBuilder text = new StringBuilder("id,zip\n");
    for (int row = 0; row < 12; row++) {
      text.append("900719925474099").append(2 + row % 6).append(row % 2 == 0 ? ",07\n" : ",7\n");
    }
    Table table = Table.read(Files.writeString(directory.resolve("digits.csv"), text));
    ColumnSummary ids = ColumnSummary.of(table, 0, 2);
    assertEquals(6, ids.distinct());
    assertEquals(
        List.of(Map.entry("9007199254740992", 2), Map.entry("9007199254740993", 2)),
        ids.frequent());
    assertEquals(2, ColumnSummary.of(table, 1, 2).distinct());
  }

  /**
   * The ids come from objects, from a file larger than memory, and from maps of all kinds of
   * numbers.
   */
  @Test
  void largeIdsOfPrograms() throws IOException {
    List<Row> rows = new ArrayList<>();
    List<Map<String, Object>> maps = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      long id = LARGE + i % 6;
      rows.add(new Row(id, i % 11, i % 2 == 0 ? "a" : "b"));
      Map<String, Object> map = new LinkedHashMap<>();
      Object[] kinds = {id, BigInteger.valueOf(id), BigDecimal.valueOf(id), "" + id};
      map.put("id", kinds[i / 6 % 4]);
      map.put("x", i % 11);
      map.put("y", i % 2 == 0 ? "a" : "b");
      maps.add(map);
    }
    assertEquals(IDS, column(Table.of(rows).dataset(BY_ID)).categories());
    assertEquals(IDS, column(Table.of(maps).dataset(BY_ID)).categories());
    assertEquals(IDS, column(spilled(ids()).dataset(BY_ID)).categories());
    // As numbers, the two ids are equal, and a note says so.
    List<String> notes = Table.of(rows.subList(0, 2)).dataset(ALL, Options.target("y")).notes();
    assertTrue(notes.get(1).contains("a number keeps only 15 digits"), notes.toString());
  }

  private static Table spilled(Path file) throws IOException {
    SpillFile cache = new SpillFile(file, ResolvedOptions.of());
    TableOptions how = TableOptions.defaults();
    ResolvedOptions.HeaderNames any = ResolvedOptions.HeaderNames.ANY;
    return new Table(
        CsvReader.read(List.of(file), how, any, cache, 20L * SpillFile.CELL, CsvReader.ALL));
  }

  /** Digits of one length, at least four, are codes if some begin with zero. */
  @ParameterizedTest
  @CsvSource({
    "01002 10115 00501, category",
    "10115 20115, number",
    "012 101, number",
    "01002 115, number",
    "0930 1415 0930.0, category",
    "01002 10115.5, number",
    "01002 -1011, number"
  })
  void codes(String texts, String kind) throws IOException {
    String[] zips = texts.split(" ");
    Path file = file("zip,y\n", 60, i -> zips[i % zips.length] + "," + i % 5 % 2);
    List<Map<String, Object>> maps = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      maps.add(new LinkedHashMap<>(Map.of("zip", zips[i % zips.length])));
      maps.get(i).put("y", i % 5 % 2);
    }
    for (Table table : List.of(Table.read(file), spilled(file), Table.of(maps))) {
      Dataset data = table.dataset(ALL, Options.target("y"));
      Schema schema = Schema.of(data).orElseThrow();
      assertEquals(kind, schema.columns().get(0).kind());
      String note = "(ReadOptions.withNumeric(List.of(\"zip\")) if they are no codes)";
      assertEquals(kind.equals("category"), data.notes().toString().contains(note));
      LoadOptions[] numeric = {ALL, Options.target("y").withNumeric(List.of("zip"))};
      Dataset asked = table.dataset(numeric);
      assertEquals("number", Schema.of(asked).orElseThrow().columns().get(0).kind());
      float[] raw = new float[1];
      Dataset known = table.dataset(model(asked).withScaling(Scaling.none()));
      known.train().copyRows(null, 0, 1, raw, 0);
      assertEquals(Double.parseDouble(zips[0]), raw[0], "a model keeps its number");
    }
  }

  /** The values that a model gets are compared by its rule, which is stored with it. */
  @Test
  void predictionsOfLargeIds() throws IOException {
    Model made = model(Datasets.load(ids(), BY_ID));
    made.save(directory.resolve("m.npz"));
    Model model = Model.load(directory.resolve("m.npz"));
    Schema schema = model.schema().orElseThrow();
    assertEquals(made.schema().orElseThrow(), schema);
    TablePredictor predictor = model.tablePredictor();
    float[][] expected = new float[6][2];
    for (int i = 0; i < 6; i++) {
      predictor.set("id", IDS.get(i)).set("x", 3).predict(expected[i]);
      for (int j = 0; j < i; j++) {
        assertTrue(expected[i][0] != expected[j][0]);
      }
      float[] found = new float[2];
      predictor.set("id", LARGE + i).set("x", 3).predict(found);
      assertArrayEquals(expected[i], found);
      Map<String, ?> row = Map.of("id", BigInteger.valueOf(LARGE + i), "x", 3);
      assertEquals(expected[i][0], predictor.predict(row).value(0, 0));
    }
    rejects(() -> predictor.set("id", (double) LARGE), "expected a long or a string");
    try (RowStream rows = RowStream.open(ids(), model, false)) {
      float[] inputs = new float[7 * 60];
      assertEquals(60, rows.next(inputs));
      for (int row = 0; row < 60; row++) {
        assertEquals(1, inputs[7 * row + row % 6]);
      }
      assertEquals(List.of("a", "b"), List.of(rows.target(0, 0), rows.target(1, 0)));
    }
  }

  /** Numbers are compared by value unless one has a leading zero. */
  @Test
  void leadingZeros() throws IOException {
    String[] plain = {"1", "1.0", "7"};
    Dataset byValue =
        Datasets.load(file("id,y\n", 60, i -> plain[i % 3] + "," + "ab".charAt(i % 2)), BY_ID);
    assertEquals(List.of("1", "7"), column(byValue).categories());
    TablePredictor values = model(byValue).tablePredictor();
    float[] seven = new float[2];
    float[] other = new float[2];
    values.set("id", "7").predict(seven);
    values.set("id", "007").predict(other);
    assertArrayEquals(seven, other);
    String[] zeros = {"7", "7.0", "007", "-07", "00"};
    Dataset data =
        Datasets.load(file("id,y\n", 60, i -> zeros[i % 5] + "," + "ab".charAt(i % 2)), BY_ID);
    assertEquals(List.of("-07", "00", "007", "7"), column(data).categories());
    assertEquals(
        "Column id has numbers such as -07: numbers are compared by their digits, and -7 is another category",
        data.notes().get(1));
    TablePredictor digits = model(data).tablePredictor();
    digits.set("id", "7").predict(seven);
    digits.set("id", "007").predict(other);
    assertTrue(seven[0] != other[0]);
    digits.set("id", 7.0).predict(other);
    assertArrayEquals(seven, other);
    // A column of numbers takes such values as numbers, without a note.
    Dataset numbers = Datasets.load(directory.resolve("table.csv"), ALL);
    assertEquals("number", Schema.of(numbers).orElseThrow().columns().get(0).kind());
    assertTrue(numbers.notes().stream().noneMatch(n -> n.contains("digits")));
  }

  @Test
  void classesByDigits() throws IOException {
    Path large = file("x,y\n", 80, i -> i * 7 % 11 + "," + (LARGE + i % 2));
    Dataset data = Datasets.load(large, ALL);
    assertEquals(IDS.subList(0, 2), data.classNames());
    assertTrue(data.notes().get(0).contains("whole numbers, compared by their digits"));
    for (int row = 0; row < 80; row++) {
      assertEquals(data.tableRows("train")[row] % 2, data.train().label(row));
    }
    String[] zeros = {"01", "1", "02"};
    Path zip = file("x,y\n", 90, i -> i * 7 % 11 + "," + zeros[i % 3]);
    Dataset words = Datasets.load(zip, ALL);
    assertEquals(List.of("01", "02", "1"), words.classNames());
    Model model = model(words).withClassNames(words.classNames());
    Dataset again = Datasets.load(zip, model);
    assertEquals(List.of("01", "02", "1"), again.classNames());
    assertEquals(0, again.train().label(0));
    assertEquals(2, again.train().label(1));
    try (RowStream rows = RowStream.open(zip, model, false)) {
      rows.next(new float[90]);
      assertEquals("01", rows.target(0, 0));
      assertEquals("1", rows.target(1, 0));
    }
    // A model that compares by value, like those of earlier versions, continues to do so.
    Model before = model.withClassNames(List.of("1", "2", "3"));
    assertEquals(0, Datasets.load(zip, before).train().label(0));
    assertEquals(Loss.SOFTMAX, words.loss());
  }
}
