package dev.lanewise.table;

import dev.lanewise.data.internal.RawRows;
import dev.lanewise.format.NdArray;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.internal.DivisionRule;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Hashes of the rows of a table, so that a file is recognised however its values are written: of
 * features and targets in the order of the schema. Weights are not hashed, because a row with
 * another weight is the same row. Dates are hashed by their value, not by their text.
 */
final class RowHashes {
  /** Number of rows of arrays to hash, enough to distinguish files. */
  private static final int SPREAD = 1024;

  /** The golden ratio times 2^64: odd, with as many ones as zeros. */
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private static final int HALF = 32;

  final ColumnStore table;
  final long[] all; // the hash of each of the rows
  private final int[] rows; // of the table, ascending
  private final TableColumn[] cells; // of the features and the targets
  private final Column[] kinds; // of the features; null for targets

  RowHashes(ColumnStore table, ColumnRoles columns, Schema schema, int[] rows) {
    this.table = table;
    this.rows = rows;
    cells =
        Stream.of(columns.features, columns.targets)
            .flatMapToInt(Arrays::stream)
            .mapToObj(table::column)
            .toArray(TableColumn[]::new);
    kinds = Arrays.copyOf(schema.columns().toArray(new Column[0]), cells.length);
    all = new long[rows.length];
    for (int c = 0; c < cells.length; c++) {
      addTo(all, c, rows);
    }
  }

  /** Returns the hashes of some of the rows. */
  long[] of(int[] some) {
    return Arrays.stream(some).mapToLong(row -> all[Arrays.binarySearch(rows, row)]).toArray();
  }

  /** Returns the digest of the rows, and of the column by which they are divided. */
  String digest(String rule) {
    long[] hashes = all.clone();
    DivisionRule.of(rule)
        .column()
        .filter(table.columns()::contains)
        .map(name -> table.column(table.columns().indexOf(name)))
        .ifPresent(column -> addTo(hashes, column, rows, null, true));
    return digest(hashes);
  }

  /** Returns the digest of evenly spaced rows of arrays with their labels. */
  static String digest(RawRows rows) {
    int count = Math.min(rows.rows(), SPREAD);
    long[] hashes = new long[count + 1];
    double[] row = new double[rows.features()];
    for (int i = 0; i < count; i++) {
      int r = (int) ((long) i * rows.rows() / count);
      rows.copyRow(r, row);
      long hash = rows.labels().values == null ? 0 : rows.labels().values[r];
      for (double value : row) {
        hash = add(hash, Double.doubleToLongBits(value));
      }
      hashes[i] = hash;
    }
    hashes[count] = add(rows.rows(), rows.features());
    return digest(hashes);
  }

  /** Returns the digest of the rows' hashes in hexadecimal. */
  private static String digest(long[] hashes) {
    return NdArray.of(hashes, hashes.length).sha256();
  }

  /** Returns the number of columns that are hashed. */
  int columns() {
    return cells.length;
  }

  /** Returns the hashes of the values of some rows in one of these columns. */
  long[] ofColumn(int c, int[] some) {
    long[] hashes = new long[some.length];
    addTo(hashes, c, some);
    return hashes;
  }

  private void addTo(long[] hashes, int c, int[] some) {
    boolean byDigits = kinds[c] instanceof CategoryColumn category && category.byDigits();
    addTo(hashes, cells[c], some, kinds[c] instanceof DateColumn date ? date : null, byDigits);
  }

  private static void addTo(
      long[] hashes, TableColumn column, int[] rows, DateColumn date, boolean byDigits) {
    String[] dates = new String[date != null ? column.entries() + 1 : 0]; // indexed by code
    for (int i = 0; i < rows.length; i++) {
      int code = column.code(rows[i]);
      String text = column.spelling(rows[i]);
      if (text != null && (byDigits || column.isString(code))) {
        if (date != null) {
          dates[code] = dates[code] == null ? date.canonical(text) : dates[code];
          text = dates[code];
        }
        hashes[i] = add(hashes[i], text);
      } else { // 0 and -0 are the same number
        hashes[i] = add(hashes[i], Double.doubleToLongBits(column.number(rows[i]) + 0.0));
      }
    }
  }

  private static long add(long hash, long value) {
    long mixed = (hash ^ value) * FACTOR;
    return mixed ^ mixed >>> HALF;
  }

  private static long add(long hash, String text) {
    long all = add(hash, text.length());
    for (int i = 0; i < text.length(); i++) {
      all = add(all, text.charAt(i));
    }
    return all;
  }
}
