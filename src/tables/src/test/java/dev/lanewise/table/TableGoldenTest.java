package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.Quantiles;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables are read and encoded in the same way as with numpy, pandas and exact sums (see
 * make_tables.py beside the files). All comparisons are exact, including the sign of a zero, except
 * for quantiles, whose zeros are never negative here.
 */
class TableGoldenTest {
  @TempDir Path directory;

  /** A case of tables.txt, with its lines grouped by their kinds. */
  private static final class Case {
    String name;
    final Map<String, List<String>> options = new HashMap<>();
    final Map<String, List<String>> fields = new HashMap<>();
    final Map<String, List<String>> rows = new HashMap<>(); // the expected rows of each split
    final Map<String, String> tables = new HashMap<>(); // the text of each split

    double[] numbers(String head) {
      return fields.get(head).stream().mapToDouble(Double::parseDouble).toArray();
    }
  }

  private static List<List<String>> lines(String file) throws IOException {
    return Files.readAllLines(DataFiles.golden(file)).stream()
        .map(line -> List.of(line.split("\t", -1)))
        .toList();
  }

  private static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    StringBuilder table = null;
    String split = null;
    for (String line : Files.readAllLines(DataFiles.golden("tables.txt"))) {
      Case last = cases.isEmpty() ? null : cases.get(cases.size() - 1);
      if (line.equals("end")) {
        last.tables.put(split, table.toString());
        table = null;
        continue;
      } else if (table != null) {
        table.append(line).append('\n');
        continue;
      }
      List<String> words = List.of(line.split("\t", -1));
      List<String> values = words.subList(1, words.size());
      switch (words.get(0)) {
        case "case" -> {
          cases.add(new Case());
          cases.get(cases.size() - 1).name = values.get(0);
        }
        case "options" -> {
          for (int i = 0; i + 1 < values.size(); i += 2) {
            boolean list = values.get(i + 1).length() > 1;
            String value = values.get(i + 1);
            last.options.put(values.get(i), list ? List.of(value.split(",")) : List.of(value));
          }
        }
        case "train", "test" -> {
          split = words.get(0);
          table = new StringBuilder();
        }
        case "row train", "row test" ->
            last.rows
                .computeIfAbsent(words.get(0).substring(4), s -> new ArrayList<>())
                .add(line.substring(words.get(0).length()).strip());
        default -> last.fields.put(words.get(0), values);
      }
    }
    return cases;
  }

  @TestFactory
  List<DynamicTest> encodesAsNumpyAndPandasDo() throws IOException {
    List<Case> cases = cases();
    assertEquals(16, cases.size());
    return cases.stream().map(c -> DynamicTest.dynamicTest(c.name, () -> check(c))).toList();
  }

  private void check(Case golden) throws IOException {
    Path train = Files.writeString(directory.resolve("train.csv"), golden.tables.get("train"));
    Path test = Files.writeString(directory.resolve("test.csv"), golden.tables.get("test"));
    DivisionOptions division = Options.WHOLE.withTestData(test).withSeed(3);
    Dataset data = Datasets.load(train, Options.with(options(golden), division));
    Schema schema = Schema.of(data).orElseThrow();
    assertEquals(golden.fields.get("inputs"), schema.inputNames());
    List<String> ignored = golden.fields.get("ignored");
    assertEquals(
        ignored.size() == 1 && ignored.get(0).isEmpty() ? List.of() : ignored, schema.ignored());
    checkScaling(golden, data.scaling());
    checkRows(golden, "train", data.train(), data.tableRows("train"));
    checkRows(golden, "test", data.test().orElseThrow(), null);
  }

  private static LoadOptions[] options(Case golden) {
    ReadOptions reading = ReadOptions.defaults();
    ScaleOptions scaling = ScaleOptions.defaults();
    TableOptions table = TableOptions.defaults();
    for (Map.Entry<String, List<String>> option : golden.options.entrySet()) {
      String value = option.getValue().get(0);
      switch (option.getKey()) {
        case "--min-count" -> reading = reading.withMinCount(Integer.parseInt(value));
        case "--scale" -> scaling = scaling.withScale(ScaleChoice.named(value));
        case "--categorical" -> reading = reading.withCategorical(option.getValue());
        case "--missing" -> table = table.withMissing(option.getValue());
        case "--decimal" -> table = table.withDecimal(value.charAt(0));
        default -> throw new AssertionError(option.getKey());
      }
    }
    return Options.of(reading.withTable(table), scaling);
  }

  private static void checkScaling(Case golden, Scaling scaling) {
    int[] scaled =
        golden.fields.get("scaled").stream()
            .filter(place -> !place.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
    if (scaled.length == 0) {
      return;
    }
    String first = scaling.kind().first();
    String second = scaling.kind().second();
    double[] firsts = scaling.first();
    double[] seconds = scaling.second();
    assertArrayEquals(
        golden.numbers(first), Arrays.stream(scaled).mapToDouble(j -> firsts[j]).toArray(), first);
    assertArrayEquals(
        golden.numbers(second),
        Arrays.stream(scaled).mapToDouble(j -> seconds[j]).toArray(),
        second);
  }

  /** Checks rows in the given order, or in the order of the file if it is null. */
  private static void checkRows(Case golden, String name, Rows split, int[] order) {
    List<String> expected = golden.rows.get(name);
    assertEquals(expected.size(), split.rows());
    float[] found = DataFiles.rows(split);
    int inputs = split.features();
    for (int i = 0; i < split.rows(); i++) {
      int row = order == null ? i : order[i];
      float[] right = new float[inputs];
      for (String field : expected.get(row).split("\t")) {
        if (!field.isEmpty()) {
          int colon = field.indexOf(':');
          right[Integer.parseInt(field.substring(0, colon))] =
              Float.parseFloat(field.substring(colon + 1));
        }
      }
      assertArrayEquals(
          right, Arrays.copyOfRange(found, i * inputs, (i + 1) * inputs), name + " row " + row);
    }
  }

  @Test
  void quantilesAreThoseOfNumpy() throws IOException {
    double[] sorted = {};
    String name = "";
    int compared = 0;
    for (List<String> line : lines("quantiles.txt")) {
      if (line.get(0).equals("sorted")) {
        name = line.get(1);
        sorted = line.stream().skip(2).mapToDouble(Double::parseDouble).toArray();
        continue;
      }
      double share = Double.parseDouble(line.get(1));
      double found = Quantiles.of(sorted, sorted.length, share);
      assertEquals(Double.parseDouble(line.get(2)) + 0.0, found, name + " at " + share);
      compared++;
    }
    assertEquals(29 * 12, compared);
  }

  @Test
  void numbersAreThoseOfPythonAndHaveOneText() throws IOException {
    int words = 0;
    List<List<String>> lines = lines("numbers.txt");
    StringBuilder text = new StringBuilder("x,k,y\n");
    for (List<String> line : lines) {
      text.append("\"").append(line.get(0)).append("\",k,1\n");
    }
    Table table = Table.read(Files.writeString(directory.resolve("numbers.csv"), text));
    for (int row = 0; row < lines.size(); row++) {
      List<String> line = lines.get(row);
      Cell cell = Cell.parse(line.get(0), Cell.MISSING_STRINGS);
      assertEquals(cell, table.cell(row, 0), line.get(0));
      if (line.get(1).equals("word")) {
        assertEquals(new Cell(Double.NaN, line.get(0)), cell);
        words++;
      } else {
        assertEquals(Double.parseDouble(line.get(1)), cell.number(), line.get(0));
        assertEquals(line.get(2), cell.text(), line.get(0));
        assertEquals(line.get(2), Cell.parse(line.get(2), List.of()).text());
      }
    }
    assertEquals(24, words);
    assertTrue(lines.size() > 100);
  }

  private static String category(int i) {
    int prefix = new int[] {0x1f600, 0xff5e, 0x41, 0x4e00}[i % 4];
    return Character.toString(prefix) + (int) (i * 7919L % 100_000);
  }

  /** The table follows the rule of make_tables.py. */
  @Test
  void aHundredThousandCategories() throws IOException, NoSuchAlgorithmException {
    Map<String, List<String>> facts = new HashMap<>();
    lines("categories.txt").forEach(line -> facts.put(line.get(0), line.subList(1, line.size())));
    TableBuilder builder =
        new TableBuilder(List.of("k", "y"), true, TableOptions.defaults(), false);
    for (int r = 0; r < 260_000; r++) {
      int i = r < 100_000 ? r : (int) ((long) r * r % 1013) + (r % 113 == 0 ? 97 : 0);
      builder.begin("made", r + 1);
      builder.column(0).addWord(category(i));
      builder.column(1).add(r % 7 + 0.5);
    }
    Table table = new Table(builder.build());
    assertEquals(
        facts.get("distinct"), List.of(table.content.column(0).codesOfStrings().count() + ""));
    Dataset data = table.dataset(Options.WHOLE);
    CategoryColumn column = (CategoryColumn) Schema.of(data).orElseThrow().columns().get(0);
    List<String> kept = column.categories();
    assertEquals(100, kept.size());
    assertEquals(facts.get("first").get(0), kept.get(0));
    assertEquals(facts.get("last").get(0), kept.get(99));
    byte[] all = (String.join("\n", kept) + "\n").getBytes(StandardCharsets.UTF_8);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all));
    assertEquals(facts.get("sha256 of the kept, a line each"), List.of(sha256));
    assertTrue(column.other() && !column.hasMissing());
    int others = 0;
    float[] rows = DataFiles.rows(data.train());
    for (int r = 0; r < 260_000; r++) {
      others += rows[r * 101 + 100] == 1 ? 1 : 0;
    }
    assertEquals(facts.get("rows of others"), List.of(others + ""));
  }
}
