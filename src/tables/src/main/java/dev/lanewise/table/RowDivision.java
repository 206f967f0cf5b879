package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.Stratification;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.RowSample;
import dev.lanewise.table.internal.DivisionRule;
import dev.lanewise.table.internal.RuledRows;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Divides the rows of a table into training, validation and test rows. */
final class RowDivision {
  /** Compares the values of a column by their texts. */
  private static final CategoryColumn NAMES = TableColumn.rule(true);

  /** Share of validation rows where other training takes folds, which know no groups or order. */
  private static final double FIFTH = 0.2;

  final int[] rows; // numbers of training, validation and test rows of the table
  final int train; // number of training rows
  final int validation;
  final int test;

  /** Takes the first three parts, which are positions in an array of rows. */
  private RowDivision(int[] rows, int[][] parts) {
    this(
        Arrays.stream(parts, 0, 3)
            .flatMapToInt(Arrays::stream)
            .map(position -> rows[position])
            .toArray(),
        parts[1].length,
        parts[2].length);
  }

  private RowDivision(int[] rows, int validation, int test) {
    this.rows = rows;
    this.train = rows.length - validation - test;
    this.validation = validation;
    this.test = test;
  }

  /** Divides the rows that have a target; without shares, all are training rows in table order. */
  static RowDivision of(
      TableContent table, TableTargets targets, Division how, DivisionOptions options)
      throws FormatException {
    int[] rows = targets.rows().clone();
    int count = rows.length;
    List<Double> sizes = how.sizes();
    DivisionRule rule = DivisionRule.of(how.rule());
    if (!rule.equals(DivisionRule.NONE)) {
      int[][] parts = ruled(ruled(table, targets, rule, how), how, table);
      parts[2] = options.third(parts, rule, table.file());
      return new RowDivision(rows, parts);
    }
    options.third(new int[3][0], rule, table.file());
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
          "%s rows with split sizes %s leave none for training, expected at least one training row",
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

  /** Returns the number of the group of each table row, 0 where none is asked for. */
  static int[] groups(TableContent table, int[] rows, int place) {
    int[] groups = new int[table.rows()];
    Map<String, Integer> numbers = new HashMap<>();
    for (int row : rows) {
      String text = table.column(place).text(row, NAMES);
      String key = text == null ? "row " + row : "group " + text; // a row without one is alone
      groups[row] = numbers.computeIfAbsent(key, k -> numbers.size());
    }
    return groups;
  }

  private static RuledRows ruled(
      TableContent table, TableTargets targets, DivisionRule rule, Division how)
      throws FormatException {
    int[] rows = targets.rows();
    if (rule.column().isEmpty()) {
      int[] classes = how.stratified() ? targets.labels(rows, -1).values : new int[0];
      if (classes == null) {
        throw Stratification.needsClasses(table.file());
      }
      return RuledRows.shuffled(rule, how.seed(), rows.length, classes);
    }
    int place = table.place(rule.column().get());
    TableColumn column = table.column(place);
    double[] keys = new double[rows.length];
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < rows.length; i++) {
      boolean isGroup = rule.group().isPresent();
      String text = column.text(rows[i], NAMES);
      if (text == null) {
        throw unusable(table, rows[i], place, "no value", isGroup ? "a group" : "a number or date");
      } else if (isGroup) {
        keys[i] = numbers.computeIfAbsent(text, t -> numbers.size());
      } else {
        keys[i] = column.value(rows[i]);
        if (Double.isNaN(keys[i])) {
          throw unusable(table, rows[i], place, "\"" + text + "\"", "a number or date");
        }
      }
    }
    return rule.order().isPresent()
        ? RuledRows.inOrder(rule, keys)
        : RuledRows.inGroups(
            rule, how.seed(), Arrays.stream(keys).mapToInt(key -> (int) key).toArray());
  }

  private static FormatException unusable(
      TableContent table, int row, int place, String found, String expected) {
    return new FormatException(
        table.file(row),
        "%s, column %s has %s, expected %s, as rows are divided by this column",
        table.at(row),
        table.columns().get(place),
        found,
        expected);
  }

  private static int[][] ruled(RuledRows ruled, Division how, TableContent table)
      throws FormatException {
    List<Double> sizes = how.sizes();
    double both = sizes.get(0) + size(sizes, 1);
    try {
      return ruled.divide(
          size(sizes, 2), how.validFraction().orElse(rounded(size(sizes, 1) / both)));
    } catch (IllegalArgumentException e) {
      throw new FormatException(table.file(), Message.of(e), e);
    }
  }

  /** Returns a quotient of decimal numbers without the error of its last digits. */
  private static double rounded(double share) {
    return Math.rint(share * 1e12) / 1e12;
  }

  private static void arrange(int[] rows, int[] order) {
    int[] before = rows.clone();
    Arrays.setAll(rows, i -> before[order[i]]);
  }

  /** Returns the training rows, the validation rows and the test rows. */
  int[][] splits() {
    return new int[][] {
      Arrays.copyOf(rows, train),
      Arrays.copyOfRange(rows, train, train + validation),
      Arrays.copyOfRange(rows, train + validation, rows.length)
    };
  }

  /** Returns a sample of the training rows. The hashes of all rows are in the order of the rows. */
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
    DivisionRule rule = options.rule;
    boolean takesFolds = size(options.usualSizes, 1) == 0 && options.validData.isEmpty();
    boolean needs = rule.column().isPresent() && takesFolds && size(sizes, 1) == 0;
    OptionalDouble fraction = options.validFraction;
    fraction = needs && fraction.isEmpty() ? OptionalDouble.of(FIFTH) : fraction;
    boolean divides = sizes.get(0) < 1 || fraction.isPresent() || rule.calibration() > 0;
    boolean usual = divides && (options.stratifiesClasses || rule.folds() > 0);
    return new Division(
        "",
        options.seed.orElse(0),
        sizes,
        fraction,
        options.stratified.orElse(usual && hasClasses && rule.column().isEmpty()),
        RowSample.NONE,
        OptionalLong.empty(),
        0,
        rule.toString());
  }

  /** Returns the shares of the file's own rows, where other files may contain the others. */
  private static List<Double> sizes(DivisionOptions options) {
    options.requireOneDivision();
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
          "%s rows from a file and by the split sizes, expected only one of the two (a size of 0)",
          part);
    }
  }
}
