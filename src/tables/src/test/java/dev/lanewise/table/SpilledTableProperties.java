package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.source.NamedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** Cells in a file are the same as cells in memory. */
class SpilledTableProperties {
  private Path directory;

  @BeforeProperty
  void makeDirectory() throws IOException {
    directory = Files.createTempDirectory("spilled");
  }

  @AfterProperty
  void removeDirectory() throws IOException {
    Files.delete(directory.resolve("table.csv"));
    Files.delete(directory); // fails if a file of cells is left
  }

  private static String cell(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1 -> "word" + random.nextInt(40);
      case 2 -> "-0";
      case 3 -> "NA";
      case 4 -> Double.toString(random.nextGaussian() * 1e-300);
      default -> Integer.toString(random.nextInt(100) - 50);
    };
  }

  private static ColumnStore read(Path file, int threads, long memory) throws IOException {
    ResolvedOptions options = ResolvedOptions.of(ReadOptions.defaults().withThreads(threads));
    SpillFile beside = new SpillFile(file, options);
    return CsvReader.read(
        NamedFiles.named(file),
        TableOptions.defaults(),
        ResolvedOptions.HeaderNames.ANY,
        beside,
        memory,
        CsvReader.ALL);
  }

  @Property(tries = 100)
  void everyCellIsThere(
      @ForAll @IntRange(min = 1, max = 5) int columns,
      @ForAll @IntRange(min = 1, max = 300) int rows,
      @ForAll @IntRange(max = 20_000) int memory,
      @ForAll @IntRange(min = 1, max = 2) int threads,
      @ForAll Random random)
      throws IOException {
    StringBuilder text =
        new StringBuilder("a,b,c,d,e,f".substring(0, 2 * columns + 1)).append('\n');
    for (int row = 0; row < rows; row++) {
      text.append(row);
      for (int c = 0; c < columns; c++) {
        text.append(',').append(c == 0 ? "" + random.nextLong() : cell(random));
      }
      text.append('\n');
    }
    Path file = Files.writeString(directory.resolve("table.csv"), text);
    ColumnStore expected = read(file, 1, Long.MAX_VALUE);
    ColumnStore found = read(file, threads, memory);
    assertEquals(rows, found.rows());
    // There is always room for 16 rows.
    if (rows > Math.max(16, memory / SpillFile.CELL / (columns + 2))) {
      assertEquals(SpillFile.IN_FILE, found.memory());
    }
    for (int row = 0; row < rows; row++) {
      assertEquals(expected.at(row), found.at(row));
      for (int c = 0; c <= columns; c++) {
        assertEquals(expected.column(c).cell(row), found.column(c).cell(row), row + ", " + c);
        assertEquals(
            Double.doubleToRawLongBits(expected.column(c).number(row)) >> 62 == -1,
            Double.doubleToRawLongBits(found.column(c).number(row)) >> 62 == -1);
      }
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(1, files.count(), "the file of cells goes when it is mapped");
    }
  }

  /** Several threads together deliver more rows than there is room for. */
  @Example
  void everyCellOfPiecesIsThere() throws IOException {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder("number,cell,text\n");
    int rows = 0;
    for (; text.length() < 5 << 19; rows++) {
      text.append(rows).append(',').append(cell(random)).append(',').append("text".repeat(12));
      text.append(rows % 3).append('\n');
    }
    Path file = Files.writeString(directory.resolve("table.csv"), text);
    ColumnStore expected = read(file, 1, Long.MAX_VALUE);
    ColumnStore found = read(file, 2, 100_000);
    assertEquals(SpillFile.IN_FILE, found.memory());
    assertEquals(rows, found.rows());
    for (int row = 0; row < rows; row++) {
      assertEquals(expected.at(row), found.at(row));
      for (int c = 0; c < 3; c++) {
        assertEquals(expected.column(c).cell(row), found.column(c).cell(row));
      }
    }
  }
}
