package dev.lanewise.data;

import dev.lanewise.format.NdArray;

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
}
