package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.Stratification;
import dev.lanewise.format.FormatException;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.nn.Division;
import dev.lanewise.nn.RowSample;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** Divides the rows of a table into training, validation and test rows. */
final class RowDivision {
  final int[] rows; // of the table: training, validation, test
  final int train; // number of training rows
  final int validation;
  final int test;

  private RowDivision(int[] rows, int validation, int test) {
    this.rows = rows;
    this.train = rows.length - validation - test;
    this.validation = validation;
    this.test = test;
  }

  /** Divides the rows that have a target; without shares, all are training rows in table order. */
  static RowDivision of(Table table, TableTargets targets, Division how) throws FormatException {
    int[] rows = targets.rows().clone();
    int count = rows.length;
    List<Double> sizes = how.sizes();
    if (sizes.isEmpty()) {
      return new RowDivision(rows, 0, 0);
    }
    int[] order = new int[count];
    CounterRandom.permutation(CounterRandom.key(how.seed(), CounterRandom.SPLIT, 0), order);
    arrange(rows, order);
    // Rounds boundaries rather than sizes, so that each row is in exactly one split.
    int train = (int) Math.round(count * sizes.get(0));
    int both = (int) Math.min(count, Math.round(count * (sizes.get(0) + size(sizes, 1))));
    if (how.validFraction().isPresent()) {
      train = both - Stratification.share(how.validFraction().getAsDouble(), both);
    }
    if (train == 0) {
      throw new FormatException(
          table.file(),
          "%s rows with split sizes %s leave none for training, expected at least one",
          count,
          sizes);
    }
    if (how.stratified() && train < count) {
      int[] classes = targets.labels(rows, -1).values;
      String file = table.file();
      arrange(rows, Stratification.order(classes, both - train, count - both, file, file));
    }
    return new RowDivision(rows, both - train, count - both);
  }

  private static void arrange(int[] rows, int[] order) {
    int[] before = rows.clone();
    for (int i = 0; i < rows.length; i++) {
      rows[i] = before[order[i]];
    }
  }

  /** Returns the training rows, the validation rows and the test rows. */
  int[][] splits() {
    return new int[][] {
      Arrays.copyOf(rows, train),
      Arrays.copyOfRange(rows, train, train + validation),
      Arrays.copyOfRange(rows, train + validation, rows.length)
    };
  }

  /** Returns a sample of the training rows. The hashes are those of all rows in order. */
  RowSample sample(int[] all, long[] hashes) {
    long[] ofRow = new long[1 + Arrays.stream(all).max().orElse(0)];
    for (int i = 0; i < all.length; i++) {
      ofRow[all[i]] = hashes[i];
    }
    return RowSample.of(Arrays.stream(rows, 0, train).mapToLong(row -> ofRow[row]).toArray());
  }

  /** Returns the division that the options ask for, for a file without a digest. */
  static Division asked(DivisionOptions options, boolean hasClasses) {
    List<Double> sizes = sizes(options);
    boolean divides = sizes.get(0) < 1 || options.validFraction.isPresent();
    return new Division(
        "",
        options.seed.orElse(0),
        sizes,
        options.validFraction,
        options.stratified.orElse(options.stratifiesClasses && hasClasses && divides),
        RowSample.NONE,
        OptionalLong.empty());
  }

  /** Returns the shares of the file's own rows, where other files may contain the others. */
  private static List<Double> sizes(DivisionOptions options) {
    options.requireOneValidation();
    List<Double> sizes = options.splitSizes.orElse(options.usualSizes);
    double valid = size(sizes, 1);
    double test = size(sizes, 2);
    boolean otherValid = options.validData.isPresent();
    boolean otherTest = options.testData.isPresent();
    if (options.splitSizes.isPresent()) {
      requireNone(otherValid && valid > 0, "validation");
      requireNone(otherTest && test > 0, "test");
      return sizes;
    } else if (otherTest) {
      return otherValid ? List.of(1.0, 0.0, 0.0) : List.of(1 - valid, valid, 0.0);
    }
    return otherValid ? List.of(sizes.get(0) + valid, 0.0, test) : sizes;
  }

  private static double size(List<Double> sizes, int split) {
    return split < sizes.size() ? sizes.get(split) : 0;
  }

  private static void requireNone(boolean both, String part) {
    if (both) {
      throw DataErrors.wrong(
          "%s rows from a file and by the split sizes, expected one (a size of 0)", part);
    }
  }
}
