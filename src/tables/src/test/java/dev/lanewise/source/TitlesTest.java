package dev.lanewise.source;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.FormatException;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.Table;
import dev.lanewise.table.TableOptions;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which first lines are titles; in the texts, a slash ends a line. */
class TitlesTest {
  @TempDir Path directory;

  private Path file(String text, Charset charset) throws IOException {
    return Files.write(directory.resolve("t.csv"), text.replace('/', '\n').getBytes(charset));
  }

  private static List<String> texts(Csv csv) throws IOException {
    assertTrue(csv.next());
    return csv.texts();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " : ",
      value = {
        "Sales/a,b/1,x/2,y/ : 2", "Sales//All, too/a,b,c/1,x,2/2,y,3 : 4",
        "Sales,,/,,/a,b,c/1,x,2/2,y,3/ : 3", "\"Sales, and/more\",,/a,b,c/1,x,2/2,y,3/ : 3",
        "Sales;;/a;b;c/1;x;2/2;y;3/ : 2", "Sales/2024/a\tb\tc/1\tx\t2/2\ty\t3 : 3",
        "Sales//a,b/1,x/2,y/ : 3"
      })
  void titlesArePassedOver(String text, int line) throws IOException {
    Path file = file(text, StandardCharsets.UTF_8);
    try (Csv csv = Csv.open(file, new CsvFormat((char) 0, '.', CsvFormat.FIND, null))) {
      List<String> names = texts(csv);
      assertEquals("a", names.get(0));
      assertEquals(line, csv.line());
      assertTrue(csv.titles().get(0).startsWith("Sales"));
      assertEquals("1", texts(csv).get(0));
      assertEquals(line + 1, csv.line());
    }
    try (Csv csv = Csv.open(file, new CsvFormat((char) 0, '.', line - 1, null))) {
      assertEquals("a", texts(csv).get(0));
      assertEquals(line, csv.line());
    }
    Table table = Table.read(file);
    assertEquals("a", table.columns().get(0));
    assertEquals(2, table.rows());
  }

  /** These may be rows, or nothing shows that the lines after them are a table with names. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b/1,x/2,y/", "a/1/2/", "2024/a,b/1,x/2,y/", "x/1,5/2,6/3,7/",
        "red,,/green,blue,x/black,white,y/", ",,5/,,6/a,b,7/", "Sales/a,b/1,x/2/3,y/", "Sales/a,b/",
        "Sales, all/a,b,c/1,x,2/2,y,3/", "1/2/3/4/5/6/7/8/9/10/11/a,b/1,x/2,y/"
      })
  void otherLinesAreNot(String text) throws IOException {
    Path file = file(text, StandardCharsets.UTF_8);
    try (Csv csv = Csv.open(file, new CsvFormat((char) 0, '.', CsvFormat.FIND, null))) {
      assertEquals(List.of(), csv.titles());
      assertTrue(csv.next());
      assertEquals(1, csv.line());
    }
  }

  @Test
  void theyAreNamedAndTheirEncodingIsNotThatOfTheTable() throws IOException {
    StringBuilder text = new StringBuilder("Sales\u00e4/size,price,kind/");
    for (int i = 0; i < 40; i++) {
      text.append("%s,%s \u20ac,%s/".formatted(i % 7, i * 3 % 50, i % 2 == 0 ? "x" : "y"));
    }
    Path file = file(text.toString(), Charset.forName("windows-1252"));
    Dataset data = Datasets.load(file);
    assertContains(
        data.notes().toString(),
        "t.csv: the table begins in line 2, after titles such as \"Sales\u00e4\"",
        "Windows-1252");
    assertEquals(List.of("size", "price"), Schema.of(data).orElseThrow().columnNames());
  }

  @Test
  void noneAreLookedForIfTheUserSaysHowMany() throws IOException {
    Path file = file("Sales/a,b/1,x/2,y/", StandardCharsets.UTF_8);
    ReadOptions none = ReadOptions.defaults().withTable(TableOptions.defaults().withSkipped(0));
    FormatException e = assertThrows(FormatException.class, () -> Table.read(file, none));
    assertTrue(
        e.getMessage().endsWith("line 2 has 2 columns, expected 1 as in the lines before"),
        e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> TableOptions.defaults().withSkipped(-2));
    ReadOptions all = ReadOptions.defaults().withTable(TableOptions.defaults().withSkipped(9));
    assertThrows(FormatException.class, () -> Table.read(file, all));
  }

  @Test
  void whereTheyAreNotCertainTheErrorSaysTheirNumber() throws IOException {
    Path file =
        file("Sales, all//Much, really, more/a,b,c,d/1,x,2,3/2,y,3,4/", StandardCharsets.UTF_8);
    FormatException e = assertThrows(FormatException.class, () -> Table.read(file));
    assertTrue(
        e.getMessage()
            .endsWith(
                "line 3 has 3 columns, expected 2 as in the lines before (TableOptions.withSkipped(3) if titles are there)"),
        e.getMessage());
  }
}
