package dev.lanewise.table;

import dev.lanewise.data.internal.RawRows;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.CategoryColumn;
import dev.lanewise.nn.Column;
import dev.lanewise.nn.DateColumn;
import dev.lanewise.nn.Schema;

/** Hashes of the values of rows, by which a file is known again however it is written. */
final class RowHashes {
  /** How many rows of arrays are looked at: enough to tell one file from another. */
  private static final int SPREAD = 1024;

  /** Odd, with as many ones as zeros: the golden ratio times 2^64. */
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private static final int HALF = 32;

  private RowHashes() {}

  /** The hash of values and one more. */
  static long add(long hash, long value) {
    long mixed = (hash ^ value) * FACTOR;
    return mixed ^ mixed >>> HALF;
  }

  static long add(long hash, String text) {
    long all = add(hash, text.length());
    for (int i = 0; i < text.length(); i++) {
      all = add(all, text.charAt(i));
    }
    return all;
  }

  /** The digest of rows in order, in hexadecimal. */
  static String digest(long[] hashes) {
    return NdArray.of(hashes, hashes.length).sha256();
  }

  /** The digest of some rows of arrays, spread over all of them, with their labels. */
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

  /**
   * A hash of each of some rows: of features and targets, in the order of the schema, but not of
   * weights, with others of which a row is still the same. Dates count by what becomes of them,
   * however they are written.
   */
  static long[] of(Table table, TableColumns columns, Schema schema, int[] rows) {
    long[] hashes = new long[rows.length];
    for (int c = 0; c < columns(columns); c++) {
      addTo(hashes, table, columns, schema, c, rows);
    }
    return hashes;
  }

  /** How many columns count for a row: the features and the targets. */
  static int columns(TableColumns columns) {
    return columns.features.length + columns.targets.length;
  }

  /** A hash of the value that each of some rows has in one of the columns that count. */
  static long[] ofColumn(Table table, TableColumns columns, Schema schema, int c, int[] rows) {
    long[] hashes = new long[rows.length];
    addTo(hashes, table, columns, schema, c, rows);
    return hashes;
  }

  private static void addTo(
      long[] hashes, Table table, TableColumns columns, Schema schema, int c, int[] rows) {
    int target = c - columns.features.length;
    if (target >= 0) {
      addTo(hashes, table.column(columns.targets[target]), rows, false, false);
      return;
    }
    Column kind = schema.columns().get(c);
    boolean byDigits = kind instanceof CategoryColumn category && category.byDigits();
    TableColumn column = table.column(columns.features[c]);
    addTo(hashes, column, rows, kind instanceof DateColumn, byDigits);
  }

  private static void addTo(
      long[] hashes, TableColumn column, int[] rows, boolean isDate, boolean byDigits) {
    String[] dates = new String[isDate ? column.words() + 1 : 0]; // by their codes
    for (int i = 0; i < rows.length; i++) {
      int code = column.code(rows[i]);
      if (code > 0) {
        String word = column.entry(code);
        if (isDate) {
          dates[code] = dates[code] == null ? DateColumn.canonical(word) : dates[code];
          word = dates[code];
        }
        hashes[i] = add(hashes[i], word);
      } else if (byDigits && column.digits(rows[i]) != null) {
        hashes[i] = add(hashes[i], column.digits(rows[i]));
      } else { // 0 and -0 are one number
        hashes[i] = add(hashes[i], Double.doubleToLongBits(column.number(rows[i]) + 0.0));
      }
    }
  }
}
