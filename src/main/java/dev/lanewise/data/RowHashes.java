package dev.lanewise.data;

import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Division;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Hashes of the values of rows, by which a file is known again however it is written: one of all
 * rows in order, and the smallest of the training rows, which are found in any order.
 */
final class RowHashes {
  /** How many hashes of training rows a model keeps. */
  private static final int SAMPLE = 256;

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

  /** The smallest of some hashes, ascending. */
  static List<Long> sample(long[] hashes) {
    long[] some = hashes.clone();
    Arrays.sort(some);
    List<Long> sample = new ArrayList<>();
    for (int i = 0; i < some.length && sample.size() < SAMPLE; i++) {
      if (i == 0 || some[i] != some[i - 1]) {
        sample.add(some[i]);
      }
    }
    return sample;
  }

  /** The share of a model's sample of training rows that is among some rows; 0 without a sample. */
  static double found(long[] hashes, Division division) {
    Set<Long> sample = new HashSet<>(division.sample());
    int all = sample.size();
    for (long hash : hashes) {
      sample.remove(hash);
    }
    return all == 0 ? 0 : (all - sample.size()) / (double) all;
  }

  /**
   * The share of some rows that are training rows of a model: of those whose hashes are as small as
   * its sample, which are as good as drawn.
   *
   * @return empty if there are no such rows
   */
  static OptionalDouble known(long[] hashes, Division division) {
    List<Long> sample = division.sample();
    if (sample.isEmpty()) {
      return OptionalDouble.empty();
    }
    Set<Long> known = new HashSet<>(sample);
    long limit = sample.size() < SAMPLE ? Long.MAX_VALUE : sample.get(sample.size() - 1);
    int compared = 0;
    int found = 0;
    for (long hash : hashes) {
      if (hash <= limit) {
        compared++;
        found += known.contains(hash) ? 1 : 0;
      }
    }
    return compared == 0 ? OptionalDouble.empty() : OptionalDouble.of(found / (double) compared);
  }
}
