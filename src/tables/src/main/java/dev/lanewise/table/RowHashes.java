package dev.lanewise.table;

import dev.lanewise.data.internal.RawRows;
import dev.lanewise.format.NdArray;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Schema;

/** Hashes the values of rows, so that a file is recognised however its values are written. */
final class RowHashes {
  /** Number of rows of arrays to hash, enough to distinguish files. */
  private static final int SPREAD = 1024;

  /** The golden ratio times 2^64: odd, with as many ones as zeros. */
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private static final int HALF = 32;

  private RowHashes() {}

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

  /** Returns the digest of the rows' hashes in hexadecimal. */
  static String digest(long[] hashes) {
    return NdArray.of(hashes, hashes.length).sha256();
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

  /**
   * Hashes some rows: features and targets in the order of the schema. Weights are not hashed,
   * because a row with another weight is the same row. Dates are hashed by their value, not by
   * their text.
   */
  static long[] of(TableContent table, TableColumns columns, Schema schema, int[] rows) {
    long[] hashes = new long[rows.length];
    for (int c = 0; c < columns(columns); c++) {
      addTo(hashes, table, columns, schema, c, rows);
    }
    return hashes;
  }

  /** Returns the hashes of rows together with the values of another column. */
  static long[] with(long[] hashes, TableColumn column, int[] rows) {
    long[] all = hashes.clone();
    addTo(all, column, rows, null, true);
    return all;
  }

  /** Returns the number of columns that are hashed: features and targets. */
  static int columns(TableColumns columns) {
    return columns.features.length + columns.targets.length;
  }

  /** Hashes the values of some rows in one of these columns. */
  static long[] ofColumn(
      TableContent table, TableColumns columns, Schema schema, int c, int[] rows) {
    long[] hashes = new long[rows.length];
    addTo(hashes, table, columns, schema, c, rows);
    return hashes;
  }

  private static void addTo(
      long[] hashes, TableContent table, TableColumns columns, Schema schema, int c, int[] rows) {
    int target = c - columns.features.length;
    if (target >= 0) {
      addTo(hashes, table.column(columns.targets[target]), rows, null, false);
      return;
    }
    Column kind = schema.columns().get(c);
    boolean byDigits = kind instanceof CategoryColumn category && category.byDigits();
    TableColumn column = table.column(columns.features[c]);
    addTo(hashes, column, rows, kind instanceof DateColumn date ? date : null, byDigits);
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
}
