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

  Profile build() {
    int[] rows = spaced(data.train().rows());
    List<ColumnProfile> profiles = new ArrayList<>();
    List<Double> parts = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      profiles.add(profile(rows, c, parts));
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

  /** Returns the profile of a column, and adds the means of parts of dates. */
  private ColumnProfile profile(int[] rows, int c, List<Double> parts) {
    Column column = columns.get(c);
    CategoryColumn category = column instanceof CategoryColumn ? (CategoryColumn) column : null;
    int plain = category == null ? ColumnProfile.number(column).inputs() : 0;
    double[] numbers = new double[category == null ? rows.length : 0];
    double[] sums = new double[category == null ? column.inputs() - plain : 0];
    int[] counts = new int[ColumnProfile.counts(column)];
    int present = 0;
    int width = Math.max(1, column.inputs());
    int begin = Math.min(first[c], data.features() - 1);
    float[] block = new float[Math.min(rows.length, BLOCK) * width];
    for (int row = 0; row < rows.length; row += BLOCK) {
      int count = Math.min(BLOCK, rows.length - row);
      data.train().copyColumns(rows, row, count, begin, width, block, 0);
      for (int at = 0; at < count * width; at += width) {
        if (category != null) {
          counts[ColumnProfile.place(category, block, at)]++;
        } else if (!ColumnProfile.isGap(column, block, at)) {
          numbers[present++] = block[at];
        }
        for (int p = 0; p < sums.length; p++) {
          sums[p] += block[at + plain + p];
        }
      }
    }
    Arrays.stream(sums).forEach(sum -> parts.add((double) (float) (sum / rows.length)));
    Histogram histogram = category == null ? Histogram.of(numbers, present, true) : null;
    if (histogram != null) {
      counts = histogram.counts();
      counts[Histogram.CELLS] = rows.length - present;
    }
    return new ColumnProfile(column, first[c], Profile.scaling(model), histogram, counts);
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
