package dev.lanewise.selection;

import java.util.Arrays;

/**
 * A figure of a model and the influence of each row on it: to first order, a sample in which row i
 * counts 1 + e times changes the figure by e times its influence. The sum of the squared influences
 * is the figure's variance over samples of rows, which is the jackknife's or bootstrap's without
 * drawing any (Efron and Stein, "The jackknife estimate of variance", 1981). Influences of two
 * models on the same rows can be subtracted.
 *
 * @param value the figure
 * @param influences [rows]
 * @param scale the scale on which its distribution is closest to a normal one
 * @param least the number of rows of the smallest group of rows that it is computed from
 */
record RowFigure(double value, double[] influences, Scale scale, double least) {
  /** A scale of figures. */
  enum Scale {
    /** The logit of a share, from 0 to 1. */
    SHARE,
    /** The logit of (1 + r) / 2 of a correlation r, which is twice Fisher's z. */
    CORRELATION,
    /** The logarithm of an error. */
    ERROR,
    /** The logarithm of 1 - R2. */
    R2
  }

  private static final double ROUNDING = 1e-12; // sums of shares of all rows are that close to 1

  /** Returns a weighted mean of values of rows, {@code sum(w x) / sum(w)}. */
  static RowFigure mean(double[] values, double[] weights, Scale scale) {
    double sum = 0;
    double all = 0;
    int rows = 0;
    for (int i = 0; i < values.length; i++) {
      sum += weights[i] * values[i];
      all += weights[i];
      rows += weights[i] > 0 ? 1 : 0;
    }
    double mean = sum / all;
    double[] influences = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      influences[i] = weights[i] * (values[i] - mean) / all;
    }
    return new RowFigure(mean, influences, scale, rows);
  }

  /** Returns the standard deviation over samples of rows; NaN of less than two rows. */
  static double deviation(double[] influences) {
    double squares = 0;
    for (double each : influences) {
      squares += each * each;
    }
    double n = influences.length;
    return Math.sqrt(squares * (n / (n - 1)));
  }

  /** Returns the quantile by which deviations are multiplied. */
  static double quantile(int rows) {
    return StudentT.twoSidedQuantile(1 - Interval.LEVEL, rows - 1);
  }

  /** Returns the interval; null if the rows give none. */
  Interval interval(String usual) {
    String method = usual;
    double deviation = deviation(influences);
    double unit = switch (scale) { // from 0 on, or from 0 to 1
          case SHARE, ERROR -> value;
          case CORRELATION -> (1 + value) / 2;
          case R2 -> 1 - value;
        };
    boolean isLogit = scale == Scale.SHARE || scale == Scale.CORRELATION;
    double low;
    double high;
    if (isLogit && Math.abs(unit - 0.5) > 0.5 - ROUNDING && least > 0) {
      // All right or all wrong: no row tells the spread, and the share is that of the fewest rows.
      Interval extreme = Interval.ofShare(unit < 0.5 ? 0 : 1, least);
      low = extreme.low();
      high = extreme.high();
      method = extreme.method();
    } else if (!(unit > 0 && deviation > 0 && deviation < Double.POSITIVE_INFINITY)) {
      return null;
    } else {
      double slope = scale == Scale.CORRELATION ? 0.5 : 1;
      double odds = isLogit ? unit / (1 - unit) : unit;
      double half = quantile(influences.length) * slope * deviation / unit;
      double factor = StrictMath.exp(isLogit ? half / (1 - unit) : half);
      low = odds / factor;
      high = odds * factor;
      if (isLogit) {
        low = low / (1 + low);
        high = high == Double.POSITIVE_INFINITY ? 1 : high / (1 + high);
      }
    }
    return switch (scale) {
      case SHARE, ERROR -> new Interval(low, high, Interval.LEVEL, method);
      case CORRELATION -> new Interval(2 * low - 1, 2 * high - 1, Interval.LEVEL, method);
      case R2 -> new Interval(1 - high, 1 - low, Interval.LEVEL, method);
    };
  }

  /** Returns a figure with other influences, each divided by a number. */
  RowFigure times(double factor, double newValue) {
    double[] scaled = Arrays.stream(influences).map(each -> each * factor).toArray();
    return new RowFigure(newValue, scaled, scale, least);
  }
}
