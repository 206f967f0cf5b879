package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.RowRange;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong call throws an exception at once, and the message says what to do. */
class MisuseTest {
  private static final Model MODEL =
      Model.of(Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.HE, 1))
          .withSchema(Schema.ofNumbers(2, 1));

  private static final Dataset DATA = Dataset.of(Rows.of(new float[4][2], new int[] {0, 1, 0, 1}));
  private static final String NOT_KEPT = "the character 0 or half of a surrogate pair";

  @TempDir Path directory;

  private static void refused(Class<? extends Exception> type, String text, Executable... calls) {
    for (Executable call : calls) {
      Exception e = assertThrows(type, call);
      assertTrue(String.valueOf(e.getMessage()).contains(text), e.toString());
    }
  }

  private static void refused(String text, Executable... calls) {
    refused(IllegalArgumentException.class, text, calls);
  }

  private RowStream rows() throws IOException {
    Path file = Files.writeString(directory.resolve("a.csv"), "1,2\n3,4\n5,6\n");
    return RowStream.open(file, MODEL, true);
  }

  /**
   * Otherwise the rest of a table's buffer would be read, and a file of arrays would seem damaged.
   */
  @Test
  void rowsAreReadBeforeTheyAreClosed() throws IOException {
    RowStream table = rows();
    assertEquals(1, table.next(new float[2]));
    table.close();
    Path file = directory.resolve("a.npz");
    Npz.write(file, Map.of("inputs", NdArray.of(new float[6], 3, 2)));
    RowStream arrays =
        RowStream.open(
            file,
            Model.of(Mlp.initial(MODEL.members().get(0).architecture(), Initializer.HE, 1)),
            false);
    arrays.close();
    String text = "next after close";
    refused(IllegalStateException.class, text, () -> table.next(new float[2]));
    refused(IllegalStateException.class, text, () -> arrays.next(new float[2]));
  }

  /** Without room for a row, the result would look like the end of the file. */
  @Test
  void thereIsRoomForARow() throws IOException {
    try (RowStream rows = rows()) {
      refused(
          "room for 1 inputs, expected room for the 2 inputs of a row",
          () -> rows.next(new float[1]));
      refused("room for 0 inputs", () -> rows.next(new float[0]));
      assertEquals(1, rows.next(new float[3]));
    }
  }

  @Test
  void rowsAreReadBeforeTheyAreAskedFor() throws IOException {
    try (RowStream rows = rows()) {
      String text = "no row was read, expected a call of next first";
      refused(IllegalStateException.class, text, () -> rows.texts(0), () -> rows.target(0, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0", "a\0b", "a\ud800", "\udc00a"})
  void namesAreTextThatFilesKeep(String name) throws IOException {
    refused(
        NOT_KEPT,
        () -> Rows.of(new float[2][1], new String[] {"b", name}),
        () -> DATA.withClassNames(List.of("b", name)),
        () -> table("x", "b", name).dataset(Options.target("y")),
        () -> table(name, "b", "c").dataset(Options.target("y")));
  }

  /** Returns a table of forty rows with a column of the given name and two classes. */
  private static Table table(String column, String first, String second) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put(column, i);
      row.put("y", i % 2 == 0 ? first : second);
      rows.add(row);
    }
    return Table.of(rows);
  }

  @Test
  void classNamesOfAFileAreTextThatFilesKeep() throws IOException {
    Path file = directory.resolve("a.npz");
    Npz.write(
        file,
        Map.of(
            "inputs", NdArray.of(new float[8], 4, 2),
            "target", NdArray.of(new long[] {0, 1, 0, 1}, 4),
            "class_names", NdArray.ofStrings(List.of("b", "a\ud800"), 2)));
    refused(FormatException.class, NOT_KEPT, () -> Datasets.load(file));
  }

  /** With equal names, labels given by name would all belong to the first class. */
  @Test
  void classNamesAreDistinctAndThere() {
    refused(
        "class names: 'a' twice, expected each once",
        () -> DATA.withClassNames(List.of("a", "a")),
        () -> DATA.withClassesOf(List.of("a", "0", "a", "1")));
    refused(
        "class names: null, expected a text", () -> DATA.withClassNames(Arrays.asList("a", null)));
  }

  @Test
  void shapesAreThoseOfARow() {
    int[] large = new int[9];
    Arrays.fill(large, 1 << 16);
    refused("an input shape [65536, 65536, ", () -> DATA.withInputShape(large));
    refused(
        "an input shape [-1, -2], expected one of 2 elements", () -> DATA.withInputShape(-1, -2));
  }

  /** All parts share one array. */
  @Test
  void rowsTogetherAreLessThanTwoToThe31() {
    Rows split = Rows.of(new float[1 << 16][1], new int[1 << 16]);
    List<Rows> parts = Collections.nCopies(1 << 15, split);
    refused(
        "2147483648 rows together, expected less than 2^31", () -> RowRange.concatenation(parts));
  }

  @Test
  void targetsOfClassesAreNoNumbers() {
    Rows split = DATA.train();
    refused(
        IllegalStateException.class,
        "the targets are classes, expected numbers",
        () -> split.copyTargets(null, 0, 1, new float[1], 0));
    refused(
        "targets that are classes, expected numbers",
        () -> DATA.withTargetScaling(ScaleChoice.standard()));
    Rows numbers = Rows.of(new float[4][1], new float[4][2]);
    assertThrows(
        IndexOutOfBoundsException.class, () -> numbers.copyTargets(null, 0, 2, new float[3], 0));
  }

  @Test
  void tablesHaveNamedColumns() {
    Map<Object, Object> row = new LinkedHashMap<>();
    row.put(null, 1);
    refused(
        "row 0 has the key null, expected keys that are strings and name columns", () -> of(row));
    refused(
        "row 0 has the key 7, expected keys that are strings and name columns",
        () -> of(Map.of(7, 1)));
    Table table = table("x", "b", "c");
    assertThrows(IndexOutOfBoundsException.class, () -> table.cell(0, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> ColumnSummary.of(table, 2, 1));
    refused("-1 most frequent values", () -> ColumnSummary.of(table, 0, -1));
    refused("hints on data that do not come from a table", () -> table.hints(DATA));
    refused("split null, expected train, valid, test or all", () -> DATA.tableRows(null));
  }

  /** Calls the method like a program without type checks. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Table of(Map<?, ?> row) {
    return Table.of((Iterable) List.of(row));
  }

  @Test
  void optionsAreNotNull() {
    ReadOptions reading = ReadOptions.defaults();
    DivisionOptions division = DivisionOptions.defaults();
    ScaleOptions scaling = ScaleOptions.defaults();
    refused(
        "an option set to null, expected a value",
        () -> scaling.withScale(null),
        () -> scaling.withTargetScale(null),
        () -> scaling.withLoss(null),
        () -> reading.withTarget(null),
        () -> reading.withWeight(null),
        () -> reading.withTable(null),
        () -> division.withValidData(null),
        () -> division.withTestData(null),
        () -> reading.withCache(null),
        () -> ResolvedOptions.of((LoadOptions) null));
    Table table = Table.of(List.of(Map.of("a", 1, "b", "x"), Map.of("a", 2, "b", "y")));
    refused("no column surviced, expected one of ", () -> table.withTarget("surviced"));
    refused("null in place of rows or targets", () -> Rows.of((float[][]) null, new int[1]));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1025, Integer.MAX_VALUE})
  void threadsAreSome(int threads) {
    refused(
        "threads " + threads + ", expected a whole number from 1 to 1024",
        () -> ReadOptions.defaults().withThreads(threads));
  }
}
