package dev.lanewise.table;

import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.DataErrors;
import dev.lanewise.data.internal.Stratification;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.rows.Division;
import dev.lanewise.table.internal.DivisionRule;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Options for dividing rows into training, validation and test rows. */
public final class DivisionOptions extends LoadOptions {
  private static final DivisionOptions DEFAULTS = new DivisionOptions();

  OptionalLong seed = OptionalLong.empty();
  Optional<List<Double>> splitSizes = Optional.empty();
  List<Double> usualSizes = List.of(0.8, 0.1, 0.1); // for tables, if splitSizes is empty
  boolean stratifiesClasses; // for tables, if stratified is empty
  OptionalDouble validFraction = OptionalDouble.empty();
  OptionalDouble usualFraction = OptionalDouble.empty(); // instead of the format's own
  Optional<Boolean> stratified = Optional.empty();
  Optional<Path> validData = Optional.empty();
  Optional<Path> testData = Optional.empty();
  DivisionRule rule = DivisionRule.NONE;
  boolean isCalibration; // whether rows kept for calibration take the place of the test rows
  boolean isWhole; // whether they come after the test rows

  private DivisionOptions() {}

  /**
   * {@return the default options: seed 0, and for tables 80 % training, 10 % validation and 10 %
   * test rows}
   */
  public static DivisionOptions defaults() {
    return DEFAULTS;
  }

  /**
   * {@return a copy with another seed}
   *
   * @param number the seed that shuffles the rows of a table before they are divided
   */
  public DivisionOptions withSeed(long number) {
    return with(o -> o.seed = OptionalLong.of(number));
  }

  /**
   * {@return a copy with other shares for dividing the rows of a table}
   *
   * @param sizes one to three shares, of the training, validation and test rows; they add up to 1,
   *     and the first is above 0
   * @throws IllegalArgumentException if the shares are invalid
   */
  public DivisionOptions withSplitSizes(List<Double> sizes) {
    return with(o -> o.splitSizes = Optional.of(checked(sizes)));
  }

  private static List<Double> checked(List<Double> sizes) {
    Objects.requireNonNull(sizes, "sizes");
    List<Double> copy = List.copyOf(sizes);
    double sum = copy.stream().mapToDouble(size -> size).sum();
    boolean sound = !copy.isEmpty() && copy.size() <= 3 && copy.stream().allMatch(s -> s >= 0);
    if (!sound || !(copy.get(0) > 0) || !(Math.abs(sum - 1) < 1e-9)) {
      throw ArgumentException.of(
          "split sizes", copy, "up to three numbers from 0 that add up to 1, the first above 0");
    }
    return copy;
  }

  /**
   * {@return a copy with another share of validation rows, for files that do not contain validation
   * rows}
   *
   * @param fraction the share of the training rows (in a table, of all rows that are not test
   *     rows), from 0 to below 1; the number of validation rows is rounded down
   */
  public DivisionOptions withValidFraction(double fraction) {
    Stratification.share(fraction, 0); // throws if it is out of range
    return with(o -> o.validFraction = OptionalDouble.of(fraction));
  }

  /**
   * {@return a copy that divides each class separately, or all rows together, as {@link
   * Rows#divide} does}
   *
   * @param byClass whether each class is divided by the same shares
   */
  public DivisionOptions withStratified(boolean byClass) {
    return with(o -> o.stratified = Optional.of(byClass));
  }

  /**
   * {@return a copy with default shares for the rows of a table, which {@link #withSplitSizes} and
   * {@link #withStratified} override}
   *
   * @param shares the shares of training, validation and test rows; if validation or test rows are
   *     in another file, their share goes to the training rows
   * @param stratified whether each class of the target is divided by the same shares
   * @throws IllegalArgumentException if {@link #withSplitSizes} refuses the shares
   */
  public DivisionOptions withUsualDivision(List<Double> shares, boolean stratified) {
    return with(
        o -> {
          o.usualSizes = checked(shares);
          o.stratifiesClasses = stratified;
        });
  }

  /**
   * {@return a copy with validation rows from another file}
   *
   * @param file a file of the same kind as the training file, with the same columns
   */
  public DivisionOptions withValidData(Path file) {
    return with(o -> o.validData = Optional.of(given(file)));
  }

  /**
   * {@return a copy with test rows from another file}
   *
   * @param file a file of the same kind as the training file, with the same columns
   */
  public DivisionOptions withTestData(Path file) {
    return with(o -> o.testData = Optional.of(given(file)));
  }

  /**
   * {@return a copy that keeps the groups of a table together: rows with the same value in a column
   * are all for training, all for validation or all for the test} The column is not a feature. The
   * parts have about the shares that are asked for, and a fifth of the training rows is for
   * validation where a recipe would take folds.
   *
   * @param column its name or number, such as a column of patients with several rows each
   * @throws IllegalArgumentException if the rows also have an order
   */
  public DivisionOptions withGroups(String column) {
    return withRule(rule.with(Optional.of(given(column)), rule.order()));
  }

  /**
   * {@return a copy that keeps the order of a table: in a column of numbers, dates or times, all
   * validation rows come after the training rows, and all test rows after these} Rows of equal
   * order stay together. A fifth of the training rows is for validation where a recipe would take
   * folds.
   *
   * @param column its name or number
   * @throws IllegalArgumentException if the rows also have groups
   */
  public DivisionOptions withOrder(String column) {
    return withRule(rule.with(rule.group(), Optional.of(given(column))));
  }

  /**
   * {@return a copy for cross-validation: the rows are divided into folds, and those of one fold
   * are for the test} All folds together have every row once. In an {@link #withOrder order}, the
   * training rows of a fold are only those that come before it, and the first rows are in no fold.
   * Arrays have the folds of their training rows, beside validation rows of their own, and their
   * test rows are not used.
   *
   * @param fold number of the fold, from 0
   * @param folds number of folds, at least 2
   * @param repeat number of the division into folds, from 0; each has another random order
   * @throws IllegalArgumentException if a number is out of range, or a repeat is above 0 for rows
   *     in order, as they have one division into folds
   */
  public DivisionOptions withFold(int fold, int folds, int repeat) {
    if (folds < 2) {
      throw ArgumentException.of("folds", folds, "at least 2");
    }
    return withRule(
        new DivisionRule(fold, folds, repeat, rule.group(), rule.order(), rule.calibration()));
  }

  /**
   * {@return a copy that keeps rows for calibration: they are neither for training nor for
   * validation nor for the test} They are drawn as the others are, with their groups and order; in
   * an order they come between the validation and the test rows. {@link #withCalibrationRows} loads
   * them.
   *
   * @param fraction the share of the rows that are not test rows, above 0 and below 1; the number
   *     of rows is rounded down
   */
  public DivisionOptions withCalibrationFraction(double fraction) {
    Stratification.share(fraction, 0); // throws if it is out of range
    return withRule(rule.withCalibration(fraction));
  }

  /**
   * {@return a copy that loads the rows kept for calibration in the place of the test rows} It is
   * for the training file of a model that was trained with {@link #withCalibrationFraction}.
   */
  public DivisionOptions withCalibrationRows() {
    return with(o -> o.isCalibration = true);
  }

  /**
   * {@return a copy that loads the rows kept for calibration after the test rows, in one split with
   * them, so that no row of the file is left out}
   */
  public DivisionOptions withWhole() {
    return with(o -> o.isWhole = true);
  }

  /**
   * {@return whether rows were kept for calibration}
   *
   * @param division the division of a model's training file
   */
  public static boolean keepsCalibrationRows(Division division) {
    return DivisionRule.of(Objects.requireNonNull(division, "division").rule()).calibration() > 0;
  }

  /**
   * {@return whether a division keeps rows of the same value of a column in one part}
   *
   * @param division the division of a model's training file
   */
  public static boolean isGrouped(Division division) {
    return DivisionRule.of(Objects.requireNonNull(division, "division").rule()).group().isPresent();
  }

  /**
   * {@return what decides how rows were divided, which is equal for equal divisions of the same
   * rows; so it has no seed where none is drawn from}
   *
   * @param division the division of a model's training file
   */
  public static String key(Division division) {
    boolean isOrdered =
        DivisionRule.of(Objects.requireNonNull(division, "division").rule()).order().isPresent();
    boolean isWhole = division.sizes().size() == 1 && division.validFraction().isEmpty();
    return "" + (isOrdered || isWhole ? division.withSeed(0) : division);
  }

  /** Returns a copy with another rule. */
  DivisionOptions withRule(DivisionRule other) {
    return with(o -> o.rule = other);
  }

  /** Returns a copy with another default share of validation rows. */
  DivisionOptions withUsualFraction(double fraction) {
    return with(o -> o.usualFraction = OptionalDouble.of(fraction));
  }

  /** Throws if rows of a file without columns are to be divided by one. */
  void requireNoColumn(Path file) {
    if (rule.column().isPresent()) {
      throw DataErrors.wrong("%s: %s, expected a table such as a CSV file", file, rule);
    }
  }

  /** Throws if options ask for two divisions. */
  void requireOneDivision() {
    if (rule.folds() > 0 && (splitSizes.isPresent() || testData.isPresent())) {
      throw DataErrors.wrong(
          "test rows by shares or from a file, and folds, expected only one" + " of the two");
    } else if (rule.column().isPresent() && stratified.orElse(false)) {
      throw DataErrors.wrong(
          "rows of each class divided, and %s, expected only one of the two", rule);
    } else if (validData.isPresent() && validFraction.isPresent()) {
      throw DataErrors.wrong(
          "validation rows from a file and a share of the training rows, expected only one of"
              + " the two");
    }
  }

  /** Returns whether the user asked for a division of the file. */
  boolean divides() {
    return seed.isPresent()
        || splitSizes.isPresent()
        || validFraction.isPresent()
        || stratified.orElse(false)
        || !rule.equals(DivisionRule.NONE);
  }

  /** Returns the file of the test rows, unless rows for calibration take their place. */
  Optional<Path> testRows() {
    return isCalibration ? Optional.empty() : testData;
  }

  /** Returns the rows of the third part: those for the test, for calibration if wanted, or both. */
  int[] third(int[][] parts, DivisionRule rule, String file) throws FormatException {
    if (isCalibration && rule.calibration() == 0) {
      throw new FormatException(
          file,
          "no rows kept for calibration, expected the training file of a model that kept such"
              + " rows (%s)",
          Remedy.CALIBRATION.with());
    }
    return isWhole && rule.calibration() > 0
        ? IntStream.concat(Arrays.stream(parts[2]), Arrays.stream(parts[3])).toArray()
        : parts[isCalibration ? 3 : 2];
  }
}
