package dev.lanewise.table;

import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.Stratification;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Message;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.RowSample;
import dev.lanewise.table.internal.DivisionRule;
import dev.lanewise.table.internal.RowDivider;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A division of rows into training, validation and test rows. */
final class RowDivision {
  /** Compares the values of a column by their texts. */
  private static final CategoryColumn NAMES = TableColumn.rule(true);

  /** Share of validation rows where other training takes folds, which know no groups or order. */
  private static final double FIFTH = 0.2;

  final int[][] parts; // numbers of the training rows, the validation rows and the test rows
  final int[] rows; // all of these

  /**
   * Divides rows; without shares they keep their order, and the last ones are for validation.
   *
   * @param usual the share of the validation rows if there are no shares
   * @param all the numbers of the rows
   * @param classes of the rows, if the division is stratified
   * @param keys of the rows as {@link RowDivider} takes them
   */
  RowDivision(
      Division how,
      double usual,
      int[] all,
      int[] classes,
      double[] keys,
      DivisionOptions options,
      String file)
      throws FormatException {
    DivisionRule rule = DivisionRule.of(how.rule());
    boolean isRuled = !rule.equals(DivisionRule.NONE);
    int count = all.length;
    List<Double> sizes = how.sizes();
    OptionalDouble fraction =
        sizes.isEmpty()
            ? OptionalDouble.of(how.validFraction().orElse(usual))
            : how.validFraction();
    double others = sizes.isEmpty() ? 1 : sizes.get(0) + size(sizes, 1); // beside the test rows
    boolean keepsOrder = !isRuled && sizes.isEmpty();
    RowDivider divider =
        new RowDivider(
            rule,
            keepsOrder ? OptionalLong.empty() : OptionalLong.of(how.seed()),
            count,
            how.stratified() ? classes : new int[0],
            keys);
    int[][] places;
    if (isRuled) {
      try {
        double share = fraction.orElse(rounded(size(sizes, 1) / others));
        places = divider.divide(size(sizes, 2), share);
      } catch (IllegalArgumentException e) {
        throw new FormatException(file, Message.of(e), e);
      }
    } else {
      // Rounds boundaries rather than sizes, so that each row is in exactly one split.
      int both = (int) Math.min(count, Math.round(count * others));
      int validation =
          fraction.isPresent()
              ? Stratification.share(fraction.getAsDouble(), both)
              : both - (int) Math.round(count * sizes.get(0));
      if (both == validation) {
        throw new FormatException(
            file,
            "%s rows with split sizes %s leave none for training, expected at least one training row",
            count,
            sizes);
      }
      places = divider.take(validation, count - both);
    }
    parts = new int[][] {places[0], places[1], options.third(places, rule, file)};
    for (int[] part : parts) {
      Arrays.setAll(part, i -> all[part[i]]);
    }
    rows = Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  /** Divides the rows of a table that have a target. */
  static RowDivision of(
      ColumnStore table, TableTargets targets, Division how, DivisionOptions options)
      throws FormatException {
    DivisionRule rule = DivisionRule.of(how.rule());
    int[] rows = targets.rows;
    boolean divides =
        !rule.equals(DivisionRule.NONE)
            || how.validFraction().isPresent()
            || how.sizes().size() > 0 && how.sizes().get(0) < 1;
    int[] classes = how.stratified() && divides ? targets.labels(rows, -1).values : new int[0];
    if (classes == null) {
      throw Stratification.needsClasses(table.file());
    }
    return new RowDivision(how, 0, rows, classes, keys(table, rows, rule), options, table.file());
  }

  /** Returns the number of the group of each table row, 0 where none is asked for. */
  static int[] groups(ColumnStore table, int[] rows, int place) {
    int[] groups = new int[table.rows()];
    Map<String, Integer> numbers = new HashMap<>();
    for (int row : rows) {
      String text = table.column(place).text(row, NAMES);
      String key = text == null ? "row " + row : "group " + text; // a row without one is alone
      groups[row] = numbers.computeIfAbsent(key, k -> numbers.size());
    }
    return groups;
  }

  /** Returns the groups of the rows, or their values in the column of an order. */
  private static double[] keys(ColumnStore table, int[] rows, DivisionRule rule)
      throws FormatException {
    if (rule.column().isEmpty()) {
      return new double[0];
    }
    int place = table.place(rule.column().get());
    TableColumn column = table.column(place);
    boolean isGroup = rule.group().isPresent();
    int[] groups = isGroup ? groups(table, rows, place) : null;
    double[] keys = new double[rows.length];
    for (int i = 0; i < keys.length; i++) {
      String text = column.text(rows[i], NAMES);
      keys[i] = isGroup ? groups[rows[i]] : column.value(rows[i]);
      if (text == null || Double.isNaN(keys[i])) {
        throw new FormatException(
            table.file(rows[i]),
            "%s, column %s has %s, expected %s, as rows are divided by this column",
            table.at(rows[i]),
            table.columns().get(place),
            text == null ? "no value" : "\"" + text + "\"",
            isGroup ? "a group" : "a number or date");
      }
    }
    return keys;
  }

  /** Returns a quotient of decimal numbers without the error of its last digits. */
  private static double rounded(double share) {
    return Math.rint(share * 1e12) / 1e12;
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
    boolean stratified = options.stratified.orElse(usual && hasClasses && rule.column().isEmpty());
    return of(options.seed.orElse(0), sizes, fraction, stratified, rule);
  }

  /** Returns a division of a file without a digest. */
  static Division of(
      long seed,
      List<Double> sizes,
      OptionalDouble fraction,
      boolean stratified,
      DivisionRule rule) {
    return new Division(
        "",
        seed,
        sizes,
        fraction,
        stratified,
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
