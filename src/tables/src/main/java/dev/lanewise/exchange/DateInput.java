package dev.lanewise.exchange;

import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.DateColumn;
import java.util.Locale;

/**
 * The inputs of a graph that a column of dates becomes, N x 1 each. No operator reads dates, so the
 * caller computes the inputs from timestamps. {@code NaN} in all of them is a missing date.
 */
enum DateInput {
  DAYS(0, 0, "", "days since 1970-01-01T00:00Z", "(t - pd.Timestamp(0)) / pd.Timedelta(days=1)"),
  MONTH(1, 12, "%02d", "1 to 12", "t.dt.month"),
  WEEKDAY(1, 7, "%d", "1 (Monday) to 7", "t.dt.dayofweek + 1"),
  TIME(
      0,
      23,
      "%02d",
      "the past part of the day, 0.5 at noon",
      "(t - t.dt.normalize()) / pd.Timedelta(days=1)");

  /** Stands for a missing date before an input is encoded; far from what a caller may pass. */
  static final long MISSING = -999;

  final int first; // category
  final int last; // category
  private final String format; // format of the categories

  /** Describes this input, with the code of pandas that computes it from timestamps t. */
  final String text;

  DateInput(int first, int last, String format, String meaning, String pandas) {
    this.first = first;
    this.last = last;
    this.format = format;
    text = meaning + "; of times t in pandas: " + pandas;
  }

  /** Returns the name of this input of a column. */
  String of(DateColumn column) {
    return column.name() + "/" + name().toLowerCase(Locale.ROOT);
  }

  /** Returns the value of this input for a date; null is a missing date. */
  double value(String date) {
    if (date == null) {
      return Double.NaN;
    }
    return switch (this) {
      case DAYS -> DateColumn.days(date);
      case MONTH -> Integer.parseInt(DateColumn.month(date));
      case WEEKDAY -> Integer.parseInt(DateColumn.weekday(date));
      case TIME -> DateColumn.timeOfDay(date);
    };
  }

  /** Returns the encoded inputs for a missing date and for each category, [1 + count][width]. */
  double[] encoded(CategoryColumn list) {
    int width = list.inputs();
    double[] all = new double[(2 + last - first) * width];
    for (int at = 0; at < all.length; at += width) {
      int category = first + at / width - 1;
      list.encode(at == 0 ? null : format.formatted(category), all, at);
    }
    return all;
  }
}
