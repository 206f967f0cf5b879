package dev.lanewise.table;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.train.Trainer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.h2.tools.SimpleResultSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same rows from a database, records, maps and files give the same schema, network and
 * division.
 */
class TableSourcesTest {
  private static final int ROWS = 150;

  enum Size {
    SMALL,
    LARGE
  }

  /** A row as a program holds it. */
  record Row(
      Integer small,
      long large,
      Double real,
      BigDecimal price,
      Boolean flag,
      String word,
      Size size,
      LocalDate day,
      LocalDateTime moment,
      OffsetDateTime instant,
      Optional<Integer> perhaps,
      String target) {}

  private static final List<Row> ALL = new ArrayList<>();
  private static Connection database;

  @TempDir static Path directory;

  @BeforeAll
  static void makeRows() throws SQLException {
    Random random = new Random(1);
    for (int i = 0; i < ROWS; i++) {
      LocalDate day = LocalDate.ofEpochDay(15000 + random.nextInt(4000));
      LocalDateTime moment =
          day.plusDays(3).atTime(random.nextInt(24), random.nextInt(60), random.nextInt(3) * 20);
      double x = random.nextGaussian();
      ALL.add(
          new Row(
              random.nextInt(6) == 0 ? null : random.nextInt(100) - 50,
              random.nextLong(1L << 60),
              random.nextInt(9) == 0 ? null : x,
              BigDecimal.valueOf(random.nextInt(100_000), 3),
              random.nextInt(7) == 0 ? null : random.nextBoolean(),
              List.of("red", "dark \"blue\"", "a,b", "d\u00e9j\u00e0 vu", "NA")
                  .get(random.nextInt(5)),
              Size.values()[random.nextInt(2)],
              random.nextInt(8) == 0 ? null : day,
              moment,
              moment.atOffset(ZoneOffset.ofHours(random.nextInt(3) - 1)),
              random.nextInt(4) == 0 ? Optional.empty() : Optional.of(random.nextInt(9)),
              x > 0 ? "yes" : "no"));
    }
    database = DriverManager.getConnection("jdbc:h2:mem:");
    try (Statement statement = database.createStatement()) {
      statement.execute(
          """
          CREATE TABLE "rows" ("number" INT, "small" SMALLINT, "large" BIGINT,
            "real" DOUBLE PRECISION, "price" NUMERIC(12, 3), "flag" BOOLEAN, "word" VARCHAR(40),
            "size" CHAR(8), "day" DATE, "moment" TIMESTAMP,
            "instant" TIMESTAMP WITH TIME ZONE, "perhaps" INT, "target" CLOB)
          """);
    }
    String sql = "INSERT INTO \"rows\" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = database.prepareStatement(sql)) {
      for (int i = 0; i < ROWS; i++) {
        Row row = ALL.get(i);
        Object[] values = {
          i,
          row.small,
          row.large,
          row.real,
          row.price,
          row.flag,
          row.word,
          row.size.name(),
          row.day,
          row.moment,
          row.instant,
          row.perhaps.orElse(null),
          row.target
        };
        for (int c = 0; c < values.length; c++) {
          insert.setObject(c + 1, values[c]);
        }
        insert.executeUpdate();
      }
    }
  }

  @AfterAll
  static void close() throws SQLException {
    database.close();
  }

  private static final String QUERY =
      "SELECT \"small\", \"large\", \"real\", \"price\", \"flag\", \"word\", \"size\", \"day\","
          + " \"moment\", \"instant\", \"perhaps\", \"target\" FROM \"rows\" ORDER BY \"number\"";

  private static Table query(String sql) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return Table.of(result);
    }
  }

  /**
   * Writes quotes where needed, a blank between date and time, and offsets unchanged, as programs
   * do.
   */
  private static Path csv() throws IOException {
    StringBuilder text =
        new StringBuilder(
            "small,large,real,price,flag,word,size,day,moment,instant,perhaps,target");
    for (Row row : ALL) {
      Object[] values = {
        row.small,
        row.large,
        row.real,
        row.price,
        row.flag == null ? null : row.flag ? "True" : "False",
        '"' + row.word.replace("\"", "\"\"") + '"',
        row.size,
        row.day,
        Timestamp.valueOf(row.moment),
        row.instant,
        row.perhaps.orElse(null),
        row.target
      };
      text.append('\n');
      for (int c = 0; c < values.length; c++) {
        text.append(c == 0 ? "" : ",").append(values[c] == null ? "" : values[c]);
      }
    }
    return Files.writeString(directory.resolve("rows.csv"), text.append('\n'));
  }

  /** Returns the rows with the date classes of older programs. */
  private static List<Map<String, Object>> maps() {
    List<Map<String, Object>> maps = new ArrayList<>();
    for (Row row : ALL) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("small", row.small == null ? null : row.small.shortValue());
      map.put("large", BigInteger.valueOf(row.large));
      map.put("real", row.real == null ? Double.NaN : row.real);
      map.put("price", row.price.doubleValue());
      map.put("flag", row.flag == null ? "" : row.flag.toString().toUpperCase());
      map.put("word", new StringBuilder(" ").append(row.word));
      map.put("size", row.size.name());
      map.put("day", row.day == null ? null : Date.valueOf(row.day));
      map.put("moment", Timestamp.valueOf(row.moment));
      map.put("instant", row.instant.atZoneSameInstant(ZoneId.of(row.instant.getOffset().getId())));
      map.put("perhaps", row.perhaps.map(Integer::byteValue).orElse(null));
      map.put("target", row.target);
      maps.add(map);
    }
    return maps;
  }

  private static Mlp trained(Dataset data) {
    Architecture layers = Architecture.relu(data.features(), List.of(6), data.classes());
    return Trainer.builder()
        .epochs(3)
        .batchSize(20)
        .build()
        .fit(Mlp.initial(layers, Initializer.HE, 3).withLoss(data.loss()), data)
        .model();
  }

  @Test
  void oneNetworkForAllSources() throws Exception {
    DivisionOptions options = DivisionOptions.defaults().withSeed(7).withStratified(true);
    Path file = csv();
    Path exported = directory.resolve("exported.csv");
    try (Statement statement = database.createStatement()) {
      statement.execute(
          "CALL CSVWRITE('%s', '%s', 'charset=UTF-8')"
              .formatted(exported, QUERY.replace("'", "''")));
    }
    Map<String, Dataset> sources = new LinkedHashMap<>();
    sources.put("file", Datasets.load(file, options));
    sources.put("table of the file", Table.read(file).dataset(options));
    sources.put("database", query(QUERY).dataset(options));
    sources.put("file of the database", Datasets.load(exported, options));
    sources.put("records", Table.of(ALL).dataset(options));
    sources.put("maps", Table.of(maps()).dataset(options));
    Model expected = Model.of(trained(sources.get("file")));
    assertEquals(List.of("no", "yes"), expected.classNames());
    for (Map.Entry<String, Dataset> source : sources.entrySet()) {
      Dataset data = source.getValue();
      Model model = Model.of(trained(data));
      assertEquals(expected.schema(), model.schema(), source.getKey());
      assertEquals(expected.scaling(), model.scaling(), source.getKey());
      assertEquals(expected.sha256(), model.sha256(), source.getKey());
      assertEquals(expected.classNames(), model.classNames(), source.getKey());
      // So each source is recognised as the training data of the other sources' models.
      assertEquals(expected.division(), model.division(), source.getKey());
      assertEquals(expected, model, source.getKey());
      Dataset again = query(QUERY).dataset(model);
      assertArrayEquals(data.tableRows("test"), again.tableRows("test"), source.getKey());
      assertEquals(List.of(), again.notes().stream().filter(n -> n.startsWith("Not")).toList());
    }
  }

  @Test
  void namesOfQueriesAreThoseOfTheirLabels() throws Exception {
    Table table =
        query("SELECT \"real\" AS \"x\", \"price\" + 1 AS \"Cost\", \"flag\" FROM \"rows\"");
    assertEquals(List.of("x", "Cost", "flag"), table.columns());
    assertEquals(ROWS, table.rows());
    assertTrue(table.hasHeader());
    assertEquals(ALL.get(0).price.doubleValue() + 1, table.cell(0, 1).number());
    assertEquals(
        "data: columns of the query x, x, expected at least one, and each name once",
        refused(() -> query("SELECT \"real\" AS \"x\", \"price\" AS \"x\" FROM \"rows\"")));
    assertEquals(
        "data: no rows of query, expected at least one row",
        refused(() -> query("SELECT \"real\" FROM \"rows\" WHERE \"number\" < 0")));
    for (String value :
        List.of("CAST(X'0102' AS VARBINARY)", "CAST(X'0102' AS BLOB)", "ARRAY[1, 2]")) {
      String message = refused(() -> query("SELECT 1 AS \"a\", " + value + " AS \"b\""));
      assertTrue(message.startsWith("data: row 0, column b is of class "), message);
    }
  }

  /** Not every database has a type for XML; those that have one give it in an object. */
  @Test
  void timesAndXmlAreTexts() throws SQLException {
    Table table = query("SELECT TIME '12:30:45' AS \"a\"");
    assertEquals("12:30:45", table.cell(0, 0).string());
    SQLXML xml =
        (SQLXML)
            Proxy.newProxyInstance(
                SQLXML.class.getClassLoader(),
                new Class<?>[] {SQLXML.class},
                (proxy, method, arguments) -> method.getName().equals("getString") ? "<a/>" : null);
    try (SimpleResultSet result = new SimpleResultSet()) {
      result.addColumn("a", Types.JAVA_OBJECT, 0, 0);
      result.addRow(xml);
      assertEquals("<a/>", Table.of(result).cell(0, 0).string());
    }
  }

  private interface Reading {
    Table read() throws Exception;
  }

  private static String refused(Reading reading) {
    return assertThrows(IllegalArgumentException.class, reading::read).getMessage();
  }

  @Test
  void rowsOfMapsHaveTheSameKeys() {
    List<Map<String, Integer>> maps = List.of(Map.of("a", 1), Map.of("a", 1, "b", 2));
    assertTrue(refused(() -> Table.of(maps)).startsWith("data: row 1 has the keys "));
    assertEquals(
        "data: no rows of maps, expected at least one row",
        refused(() -> Table.of(List.<Map<String, Object>>of())));
    assertTrue(refused(() -> Table.of(List.of(Map.of("a", List.of(1))))).contains("column a"));
    assertTrue(refused(() -> Table.of(List.of(Map.of("a", Map.of())))).contains("column a"));
    assertTrue(refused(() -> Table.of(List.of(Map.of("a", new int[1])))).contains("column a"));
    List<Map<String, Object>> gap = new ArrayList<>(List.of(Map.of("a", 1)));
    gap.add(null);
    assertEquals("data: row 1 is null, expected a map", refused(() -> Table.of(gap)));
    List<Row> rows = Arrays.asList(ALL.get(0), null);
    assertEquals("data: row 1 is null, expected a record", refused(() -> Table.of(rows)));
  }

  /** Words and numbers for missing values are set by options or a model when data is made. */
  @Test
  void marksForNoValueAreThoseOfTheOptions() throws IOException {
    StringBuilder text = new StringBuilder("x,word,y\n");
    List<Map<String, Object>> maps = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Object x = i % 6 == 0 ? (Object) (-999) : (Object) (i * 0.25);
      String word = i % 5 == 0 ? "NA" : i % 5 == 1 ? "none" : i % 2 == 0 ? "a" : "b";
      text.append(x).append(i == 12 ? ".0" : "").append(',').append(word);
      text.append(',').append(i % 2 == 0 ? "even" : "odd").append('\n');
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("x", x);
      map.put("word", word);
      map.put("y", i % 2 == 0 ? "even" : "odd");
      maps.add(map);
    }
    Path file = Files.writeString(directory.resolve("marks.csv"), text);
    TableOptions how = TableOptions.defaults().withMissing(List.of("-999", "none"));
    ReadOptions options = ReadOptions.defaults().withTable(how);
    Dataset expected = Datasets.load(file, options);
    NumberColumn x = (NumberColumn) Schema.of(expected).orElseThrow().columns().get(0);
    CategoryColumn word = (CategoryColumn) Schema.of(expected).orElseThrow().columns().get(1);
    assertTrue(x.hasMissing() && x.median() > 0);
    assertTrue(word.hasMissing());
    assertEquals(List.of("NA", "a", "b"), word.categories());
    Model model = Model.of(trained(expected));
    for (Dataset data :
        List.of(
            Table.of(maps).dataset(options),
            Table.read(file, options).dataset(options),
            Table.read(file, options).dataset())) {
      assertEquals(Schema.of(expected), Schema.of(data));
      assertEquals(model, Model.of(trained(data)));
    }
    ReadOptions known =
        ReadOptions.defaults().withTable(TableOptions.of(model.schema().orElseThrow()));
    for (Dataset data :
        List.of(
            Table.of(maps).dataset(model),
            Datasets.load(file, model),
            Table.read(file, known).dataset(model))) {
      assertArrayEquals(expected.tableRows("test"), data.tableRows("test"));
      assertArrayEquals(
          DataFiles.rows(expected.all().orElseThrow()), DataFiles.rows(data.all().orElseThrow()));
    }
    rejects(() -> Table.read(file).dataset(model), "expected . and -999, none (Table.read with");
    // Until then, the cells keep these values.
    assertEquals(new Cell(-999, null), Table.of(maps).cell(0, 0));
    assertEquals(Cell.MISSING, Table.read(file, options).cell(0, 0));
  }

  @Test
  void charactersOfObjectsAreWords() {
    record Person(int age, char sex, boolean flag) {}
    Table records = Table.of(List.of(new Person(1, 'm', true), new Person(2, '5', false)));
    Table maps = Table.of(List.of(Map.of("sex", 'm'), Map.of("sex", '5')));
    for (Cell cell : List.of(records.cell(0, 1), maps.cell(0, 0))) {
      assertEquals(new Cell(Double.NaN, "m"), cell);
    }
    for (Cell cell : List.of(records.cell(1, 1), maps.cell(1, 0))) {
      assertEquals(new Cell(5, null), cell);
    }
    assertEquals("true", records.cell(0, 2).string());
  }

  /**
   * The options write -9.99 with their decimal comma, but a number in a map has no decimal mark.
   */
  @Test
  void numbersForNoValueMayHaveADecimalComma() throws IOException {
    List<Map<String, Object>> maps = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      maps.add(Map.of("x", i % 7 == 0 ? -9.99 : (Object) (i * 0.5), "y", i % 2));
    }
    TableOptions comma = TableOptions.defaults().withDecimal(',').withMissing(List.of("-9,99"));
    Dataset data =
        Table.of(maps)
            .dataset(
                ReadOptions.defaults().withTable(comma).withTarget("y"),
                DivisionOptions.defaults().withSeed(1));
    assertEquals(List.of("x", "x missing"), data.featureNames());
  }

  @Test
  void wrongCellsOfObjectsAreNamed() {
    List<Map<String, Object>> maps = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      maps.add(Map.of("x", i == 7 ? "seven" : (Object) i, "y", i % 2));
    }
    DivisionOptions all = Options.WHOLE;
    Table table = Table.of(maps);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> table.dataset(all, Options.target("y")));
    String message = e.getMessage();
    assertTrue(message.startsWith("maps: row 7, column x is \"seven\", where 39 of 40"), message);
  }

  /** Maps without an order may give their keys in another order at the next start. */
  @Test
  void mapsWithoutAnOrderAreSortedAndHaveNoLastColumn() throws IOException {
    List<Map<String, Object>> none = new ArrayList<>();
    List<Map<String, Object>> hashed = new ArrayList<>();
    List<Map<String, Object>> linked = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      none.add(Map.of("b", i % 7, "a", i % 2, "\uff5e", i * 0.5, "\ud83d\ude00", i % 3));
      hashed.add(new HashMap<>(none.get(i)));
      Map<String, Object> map = new LinkedHashMap<>();
      List.of("b", "\ud83d\ude00", "a", "\uff5e")
          .forEach(key -> map.put(key, none.get(0).get(key)));
      linked.add(map);
    }
    List<String> sorted = List.of("a", "b", "\uff5e", "\ud83d\ude00");
    for (List<Map<String, Object>> maps : List.of(none, hashed)) {
      assertEquals(sorted, Table.of(maps).columns());
      rejects(
          () -> Table.of(maps).dataset(),
          "data: rows of maps whose keys have no order, expected a");
      Table.of(maps).dataset(Options.target("a"));
    }
    assertEquals(List.of("b", "\ud83d\ude00", "a", "\uff5e"), Table.of(linked).columns());
  }
}
