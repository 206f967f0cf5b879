package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cells in a file of many blocks. */
class CellFileTest {
  private static final int ROWS = 30;
  private static final int COLUMNS = 3;

  @TempDir Path directory;

  private CellFile file(int columns, long memory) throws IOException {
    Path table = directory.resolve("table.csv");
    return new CellFile(new SpillFile(table, ResolvedOptions.of()), columns, memory);
  }

  /** Cells are found in files with any number of maps, as files of gigabytes need. */
  @Test
  void cellsAreFoundInWhateverMap() throws IOException {
    int block = 4 * COLUMNS * Long.BYTES;
    for (int most : new int[] {1, 2 * block + 1, 3 * block, 1 << 30}) {
      TableColumn[] columns = new TableColumn[COLUMNS];
      Arrays.setAll(columns, c -> new TableColumn());
      for (int row = 0; row < ROWS; row++) {
        for (int c = 0; c < COLUMNS; c++) {
          columns[c].add(100 * c + row);
        }
      }
      CellFile file = file(COLUMNS, 32 * COLUMNS * 4);
      for (int from = 0; from < ROWS; from += 4) {
        for (TableColumn column : columns) {
          column.write(from, Math.min(4, ROWS - from), file);
        }
      }
      file.map(most);
      for (int c = 0; c < COLUMNS; c++) {
        columns[c].moveTo(file, c, ROWS);
        for (int row = 0; row < ROWS; row++) {
          assertEquals(100 * c + row, columns[c].number(row), c + ", " + row + " of " + most);
        }
      }
    }
  }

  /**
   * A block has a power of two of rows that takes a small share of memory, but at least one row.
   */
  @Test
  void blocksAreSmall() throws IOException {
    long[][] cases = { // columns, memory, rows
      {3, 0, 1},
      {3, 32 * 3, 1},
      {3, 32 * 3 * 7, 4},
      {3, 32 * 3 * 8, 8},
      {3, Long.MAX_VALUE, 1 << 14},
      {1 << 12, Long.MAX_VALUE, 1 << 10},
      {1 << 23, Long.MAX_VALUE, 1},
    };
    for (long[] each : cases) {
      CellFile file = file((int) each[0], each[1]);
      assertEquals(each[2], file.rows(), Arrays.toString(each));
      file.close();
    }
    assertArrayEquals(new String[0], directory.toFile().list());
  }
}
