package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.rows.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file is read once, in whatever notation its columns are. */
class ReadOnceTest {
  private static final Path COUNTS = Path.of("/proc/self/io");

  @TempDir static Path folder;

  private static long read() throws IOException {
    return Long.parseLong(Files.readAllLines(COUNTS).get(0).replaceAll("\\D", ""));
  }

  private static Dataset load(String format, int rows) throws IOException {
    StringBuilder text = new StringBuilder("mass;other;kind\n");
    for (int row = 0; row < rows; row++) {
      Object[] parts = {1 + row % 12, row * 7 % 1000, 1 + row % 28};
      text.append(String.format(Locale.ROOT, format, parts))
          .append(row % 2 == 0 ? ";0,5;a\n" : ";12,5;b\n");
    }
    return Datasets.load(Files.writeString(folder.resolve("x.csv"), text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%1$d.%2$03d,5 | 1.234,5",
        "%1$d.%2$03d | 1.234,5",
        "%1$d,%2$03d.5 | 1,234.5",
        "%1$d %2$03d,5 kg | 1 234,5 kg",
        "%3$02d.%1$02d.2024 | 31.05.2024",
        "2024%1$02d%3$02d | 20240531",
        "%1$d:05 PM | 2:05 PM",
        "%1$d | ",
      })
  void everyNotation(String format, String notation) throws IOException {
    assumeTrue(Files.exists(COUNTS));
    load(format, 100); // loads the classes, whose bytes would count otherwise
    read();
    long before = read();
    Dataset data = load(format, 50_000);
    long bytes = read() - before;
    Object found = Schema.of(data).orElseThrow().notations().get("mass");
    assertEquals(notation, found == null ? null : found.toString());
    long size = Files.size(folder.resolve("x.csv"));
    assertTrue(bytes <= 1.02 * size, bytes + " bytes were read of " + size);
  }

  /** A table in memory gets the notations of a model without its file. */
  @Test
  void tablesForModelsNeedNoFile() throws IOException {
    Schema schema = Schema.of(load("%1$d.%2$03d", 100)).orElseThrow();
    Path file = folder.resolve("x.csv");
    Table table = Table.read(file);
    Files.delete(file);
    assertEquals(1.0, table.number(0, 0));
    assertEquals(1000.0, table.inNotationsOf(schema).number(0, 0));
    assertEquals(0.5, table.inNotationsOf(schema).number(0, 1));
  }
}
