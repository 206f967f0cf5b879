package dev.lanewise.trust;

import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.NumberColumn;
import java.util.Arrays;

/**
 * What a model keeps of one column of its training rows: of numbers and dates quantiles, of
 * categories how often each occurs, and how many rows have no value. Immutable.
 */
public final class ColumnProfile {
  final Column column;
  final int firstInput; // first input of the column
  final Histogram histogram; // histogram of scaled numbers; null for categories
  final int[] counts; // of categories and all others, or of the histogram; last those of no value
  private final Scaling scaling;

  ColumnProfile(Column column, int firstInput, Scaling scaling, Histogram histogram, int[] counts) {
    this.column = column;
    this.firstInput = firstInput;
    this.scaling = scaling;
    this.histogram = histogram;
    this.counts = counts;
  }

  /** {@return the name of the column} */
  public String name() {
    return column.name();
  }

  /** {@return true for a column of categories, false for numbers and dates} */
  public boolean isCategory() {
    return column instanceof CategoryColumn;
  }

  /** {@return the number of training rows that were looked at, with and without a value} */
  public int rows() {
    return Arrays.stream(counts).sum();
  }

  /** {@return the share of rows without a value, from 0 to 1} */
  public double gapShare() {
    return (double) counts[counts.length - 1] / rows();
  }

  /**
   * {@return the shares of all rows that each category has, in the order of {@link
   * CategoryColumn#categories}, and last the share of all other values; [categories + 1]. Empty for
   * numbers and dates}
   */
  public double[] shares() {
    double rows = rows();
    return isCategory()
        ? Arrays.stream(counts, 0, counts.length - 1).mapToDouble(count -> count / rows).toArray()
        : new double[0];
  }

  /**
   * Returns the quantiles 0, 1/32, 2/32, ..., 1 of the rows with a value, in the units of the data.
   * They are interpolated between inputs of the network, which are scaled and rounded to floats, so
   * they differ somewhat from quantiles of the numbers themselves.
   *
   * @return [33], ascending; of dates the days since 1970-01-01 in UTC; empty for categories
   */
  public double[] quantiles() {
    return histogram == null
        ? new double[0]
        : Arrays.stream(histogram.quantiles())
            .map(scaled -> scaling.undo(scaled, firstInput))
            .toArray();
  }

  /**
   * {@return the median of the training rows with a value, which also replaces missing values; of
   * dates the days since 1970-01-01. NaN for categories}
   */
  public double median() {
    return isCategory() ? Double.NaN : number(column).median();
  }

  /** Returns the number of counts of a column. */
  static int counts(Column column) {
    return column instanceof CategoryColumn category
        ? category.categories().size() + 2
        : Histogram.CELLS + 1;
  }

  /** Returns the place of a row among the counts, and perhaps below or above the histogram. */
  int place(float[] inputs, int at) {
    return column instanceof CategoryColumn category
        ? place(category, inputs, at)
        : isGap(column, inputs, at) ? Histogram.CELLS : histogram.cell(inputs[at]);
  }

  /** Returns whether a number is missing, as far as training rows had missing ones. */
  static boolean isGap(Column column, float[] inputs, int at) {
    return number(column).hasMissing() && inputs[at + 1] > 0;
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

  /** Returns the column of a number, or of the days of a date. */
  static NumberColumn number(Column column) {
    return column instanceof DateColumn date ? date.days() : (NumberColumn) column;
  }

  /** {@return such as {@code ColumnProfile[age, 300 rows]}} */
  @Override
  public String toString() {
    return "ColumnProfile[%s, %s rows]".formatted(name(), rows());
  }
}
