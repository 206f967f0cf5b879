package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.format.FormatException;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.table.internal.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Columns as spreadsheets of several countries export them are read rightly, or refused. */
class NotationExportsTest {
  @TempDir Path folder;

  static Stream<String> columns() throws IOException {
    try (InputStream in = NotationExportsTest.class.getResourceAsStream("notations.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.replace("\\u00a0", "\u00a0")
          .replace("\\u202f", "\u202f")
          .lines()
          .filter(line -> !line.startsWith("#"));
    }
  }

  @ParameterizedTest
  @MethodSource("columns")
  void column(String line) throws IOException {
    List<String> fields = Arrays.asList(line.split("\t"));
    int equal = fields.indexOf("=");
    List<String> cells = fields.subList(1, equal < 0 ? fields.size() : equal);
    List<String> lines = new ArrayList<>(List.of("x;y"));
    cells.forEach(cell -> lines.add("\"" + cell + "\";" + lines.size()));
    Path file = Files.write(folder.resolve("x.csv"), lines);
    Table table = Table.read(file);
    String found = fields.get(0);
    if (found.equals("refused")) {
      FormatException refusal = assertThrows(FormatException.class, () -> read(table));
      assertEquals(true, refusal.getMessage().contains("column x"), refusal.getMessage());
      return;
    }
    Table read = read(table);
    Notation notation = read.content.given().notations().get("x");
    assertEquals(
        found.matches("plain|words") ? null : found, notation == null ? null : notation.example());
    for (int row = 0; row < cells.size(); row++) {
      Cell cell = read.cell(row, 0);
      if (found.equals("words")) {
        assertEquals(cells.get(row), cell.string());
        continue;
      }
      String value = fields.get(equal + 1 + row);
      double days = DateColumn.days(value);
      if (value.equals("NaN")) {
        assertEquals(true, cell.isMissing());
      } else if (Double.isNaN(days)) {
        assertEquals(Double.parseDouble(value), cell.number(), value);
      } else {
        assertEquals(days, DateColumn.days(cell.string()), value);
      }
    }
  }

  private static Table read(Table table) throws IOException {
    TableOptions how = TableOptions.defaults().withCentury(1969);
    ReadOptions options = ReadOptions.defaults().withTable(how);
    ColumnRoles columns = ColumnRoles.chosen(table.content, options);
    Problems problems = new Problems(table.content.file(), false);
    ColumnStore read =
        NotationInference.read(
            table.content, columns, options.table(), new ArrayList<>(), problems);
    problems.throwAny();
    return new Table(read);
  }
}
