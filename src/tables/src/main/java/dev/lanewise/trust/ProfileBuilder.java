package dev.lanewise.trust;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.model.Model;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes a profile of the rows of a data set. The inputs of the network are counted, not the cells
 * of the table: scaling keeps the order of numbers, and so rows that are in a file as inputs, those
 * of a data frame, and those in memory give the same profile.
 */
final class ProfileBuilder {
  /** A profile of more rows would tell no smaller differences that matter. */
  static final int MOST_ROWS = 1 << 16;

  private static final int BLOCK = 1 << 10; // rows that are copied at once
  private static final int MOST_NUMBERS = 1 << 19; // numbers of columns that are looked at together

  private final Model model;
  private final Dataset data;
  private final List<Column> columns;
  private final int[] first; // the first input of each column

  ProfileBuilder(Model model, Dataset data) {
    this.model = model;
    this.data = data;
    columns = Profile.schema(model).columns();
    first = firstInputs(columns);
  }

  /** Returns the number of the first input of each column. */
  static int[] firstInputs(List<Column> columns) {
    int[] first = new int[columns.size()];
    for (int c = 1; c < first.length; c++) {
      first[c] = first[c - 1] + columns.get(c - 1).inputs();
    }
    return first;
  }

  /**
   * Returns the number of inputs of a column of numbers or dates, without the inputs of parts of a
   * date.
   */
  static int plainInputs(Column column) {
    return ColumnProfile.number(column).inputs();
  }

  Profile build() {
    int[] rows = spaced(data.train().rows());
    List<ColumnProfile> profiles = new ArrayList<>();
    List<Double> parts = new ArrayList<>();
    int together = Math.max(1, MOST_NUMBERS / rows.length);
    for (int c = 0; c < columns.size(); c += together) {
      profiles.addAll(profiles(rows, c, Math.min(columns.size(), c + together), parts));
    }
    double[] dateParts = parts.stream().mapToDouble(part -> part).toArray();
    boolean isValidation = data.validation().isPresent();
    Optional<Rows> heldOut = isValidation ? data.validation() : data.test();
    int[] classes = new int[model.loss().task().hasClasses() ? model.outputs() : 0];
    List<Histogram> results = heldOut.isEmpty() ? List.of() : results(heldOut.get(), classes);
    String name = results.isEmpty() ? "" : isValidation ? "validation" : "test";
    return new Profile(model, rows.length, profiles, dateParts, name, results, classes);
  }

  /** Returns all rows, or as many as are looked at, evenly spaced. */
  private static int[] spaced(int rows) {
    int[] some = new int[Math.min(rows, MOST_ROWS)];
    Arrays.setAll(some, i -> (int) ((long) i * rows / some.length));
    return some;
  }

  /** Returns the profiles of some columns, and adds the means of parts of dates. */
  private List<ColumnProfile> profiles(int[] rows, int from, int end, List<Double> parts) {
    double[][] numbers = new double[columns.size()][];
    int[] present = new int[columns.size()];
    int[][] counts = new int[columns.size()][];
    double[][] sums = new double[columns.size()][0];
    for (int c = from; c < end; c++) {
      if (columns.get(c) instanceof CategoryColumn) {
        // the last element counts missing values
        counts[c] = new int[ColumnProfile.counts(columns.get(c)) + 1];
      } else {
        numbers[c] = new double[rows.length];
        sums[c] = new double[columns.get(c).inputs() - plainInputs(columns.get(c))];
      }
    }
    int begin = Math.min(first[from], data.features() - 1);
    int width = Math.max(1, (end < first.length ? first[end] : data.features()) - begin);
    float[] block = new float[Math.min(rows.length, BLOCK) * width];
    for (int row = 0; row < rows.length; row += BLOCK) {
      int count = Math.min(BLOCK, rows.length - row);
      if (!data.train().copyColumns(rows, row, count, begin, width, block, 0)) {
        throw new AssertionError("rows of a table are not copied by columns");
      }
      for (int c = from; c < end; c++) {
        for (int i = 0; i < count; i++) {
          int at = i * width + first[c] - begin;
          if (columns.get(c) instanceof CategoryColumn category) {
            counts[c][place(category, block, at)]++;
          } else if (!isGap(columns.get(c), block, at)) {
            numbers[c][present[c]++] = block[at];
          }
          for (int p = 0; p < sums[c].length; p++) {
            sums[c][p] += block[at + plainInputs(columns.get(c)) + p];
          }
        }
      }
    }
    List<ColumnProfile> profiles = new ArrayList<>();
    for (int c = from; c < end; c++) {
      boolean isCategory = counts[c] != null;
      Histogram histogram = isCategory ? null : Histogram.of(numbers[c], present[c], true);
      int last = ColumnProfile.counts(columns.get(c));
      profiles.add(
          new ColumnProfile(
              columns.get(c),
              first[c],
              Profile.scaling(model),
              histogram,
              isCategory ? Arrays.copyOf(counts[c], last) : histogram.counts(),
              isCategory ? counts[c][last] : rows.length - present[c],
              rows.length));
      Arrays.stream(sums[c]).forEach(sum -> parts.add((double) (float) (sum / rows.length)));
    }
    return profiles;
  }

  /** Returns whether a number is missing, as far as training rows had missing ones. */
  static boolean isGap(Column column, float[] inputs, int at) {
    return ColumnProfile.number(column).hasMissing() && inputs[at + 1] > 0;
  }

  /** Returns the number of a row's category, or the next two for another value or for none. */
  static int place(CategoryColumn category, float[] inputs, int at) {
    int known = category.categories().size();
    if (category.inputs() == 1) { // two categories
      return inputs[at] == 0 ? known : inputs[at] < 0 ? 0 : 1;
    }
    for (int i = 0; i < category.inputs(); i++) {
      if (inputs[at + i] > 0) {
        return category.hasMissing() && i == category.inputs() - 1 ? known + 1 : i;
      }
    }
    return known;
  }

  /** Returns the histograms of results, none if one is not finite; counts predicted classes. */
  private List<Histogram> results(Rows heldOut, int[] classes) {
    int[] rows = spaced(heldOut.rows());
    int size = Math.min(rows.length, BLOCK);
    ResultNumbers numbers = new ResultNumbers(model, size);
    double[][] all = new double[numbers.count()][rows.length];
    float[] block = new float[size * data.features()];
    for (int row = 0; row < rows.length; row += BLOCK) {
      int count = Math.min(BLOCK, rows.length - row);
      heldOut.copyRows(rows, row, count, block, 0);
      try {
        numbers.predict(block, count);
      } catch (ArithmeticException e) { // a network with huge weights
        return List.of();
      }
      for (int k = 0; k < all.length; k++) {
        for (int i = 0; i < count; i++) {
          all[k][row + i] = numbers.number(i, k);
        }
      }
      for (int i = 0; i < count && classes.length > 0; i++) {
        classes[numbers.label(i)]++;
      }
    }
    return Arrays.stream(all).map(each -> Histogram.of(each, each.length, false)).toList();
  }
}
