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
 * @param scale what kind of figure it is
 * @param least the number of rows of the smallest class that it is computed from; of weighted rows
 *     the number of equally weighted ones that would tell as much, {@code (sum w)^2 / sum w^2}
 *     (Kish, "Survey Sampling", 1965)
 */
record RowFigure(double value, double[] influences, Scale scale, double least) {
  /** A scale of figures. */
  enum Scale {
    /** A share of rows, or a mean of shares, from 0 to 1. */
    SHARE,
    /** The logit of a share of pairs of rows, from 0 to 1. */
    RANKING,
    /** A correlation, from -1 to 1. */
    CORRELATION,
    /** A mean error, or its root. */
    ERROR,
    /** The logarithm of 1 - R2. */
    R2;

    /** Returns that of a figure by its name. */
    static Scale of(String figure) {
      return switch (figure) {
        case "r2" -> R2;
        case "loss", "mae", "mse", "rmse" -> ERROR;
        case "matthews" -> CORRELATION;
        default -> SHARE;
      };
    }
  }

  /** Returns a weighted mean of values of rows, {@code sum(w x) / sum(w)}. */
  static RowFigure mean(double[] values, double[] weights, Scale scale) {
    double sum = 0;
    double all = 0;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      sum += weights[i] * values[i];
      all += weights[i];
      squares += weights[i] * weights[i];
    }
    double mean = sum / all;
    double[] influences = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      influences[i] = weights[i] * (values[i] - mean) / all;
    }
    return new RowFigure(mean, influences, scale, all * all / squares);
  }

  /** Returns a figure with other influences, each divided by a number. */
  RowFigure times(double factor, double newValue) {
    double[] scaled = Arrays.stream(influences).map(each -> each * factor).toArray();
    return new RowFigure(newValue, scaled, scale, least);
  }
}
