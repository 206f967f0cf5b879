package dev.lanewise.selection;

import dev.lanewise.format.ArgumentException;

/**
 * The mean of the scores of several folds, and how far chance moves it. The training rows of folds
 * overlap, so their scores are not independent, and the usual standard error is too small. It is
 * corrected as Nadeau and Bengio do ("Inference for the generalization error", Machine Learning 52,
 * 2003), for repeated folds as Bouckaert and Frank ("Evaluating the replicability of significance
 * tests for comparing learning algorithms", 2004).
 *
 * @param mean the mean of the scores
 * @param deviation their standard deviation s, with n - 1 in the denominator
 * @param standardError the standard error of the mean, {@code s sqrt(1 / n + test / train)} of n
 *     scores
 * @param interval by the standard error times Student's t quantile with n - 1 degrees of freedom:
 *     on both sides of the mean, or of a known figure on a scale that keeps it in its range, see
 *     {@link CrossValidationRun#scores}; NaN where the scores do not tell one
 */
public record FoldScores(double mean, double deviation, double standardError, Interval interval) {
  /**
   * Summarises the scores of folds.
   *
   * @param trainRows the number of training rows of a fold, in the mean over the folds
   * @param testRows the number of rows that a fold is tested on, in the mean over the folds
   * @param scores the score of each fold, of all repeats
   * @return the summary
   * @throws IllegalArgumentException if there are less than two scores, or no rows
   */
  public static FoldScores of(double trainRows, double testRows, double... scores) {
    int count = scores.length;
    if (count < 2 || !(trainRows > 0 && testRows > 0)) {
      throw new ArgumentException(
          "%s scores of folds with %s training and %s test rows, expected at least 2, 1 and 1",
          count, trainRows, testRows);
    }
    double mean = 0;
    for (double score : scores) {
      mean += score / count;
    }
    double squares = 0;
    for (double score : scores) {
      squares += (score - mean) * (score - mean);
    }
    double deviation = Math.sqrt(squares / (count - 1));
    double error = deviation * Math.sqrt(1.0 / count + testRows / trainRows);
    double half = error * StudentT.twoSidedQuantile(1 - Interval.LEVEL, count - 1);
    return new FoldScores(mean, deviation, error, interval(mean - half, mean + half));
  }

  private static Interval interval(double low, double high) {
    return new Interval(low, high, Interval.LEVEL, "Nadeau and Bengio");
  }

  /**
   * Returns the same summary with an interval within the range of a figure. A share has Wilson's
   * interval for the number of rows that would give this standard error, at most the number of all
   * rows. So the interval has a width even if the folds are equal.
   *
   * @param rows number of all rows, or of their groups
   * @param least number of those rows or groups that are known of a share of 0 or 1
   */
  FoldScores within(RowFigure.Scale scale, double rows, double least) {
    double half = interval.high() - mean;
    Interval found =
        switch (scale) {
          case SHARE, RANKING -> share(mean, half, rows, least);
          case CORRELATION -> {
            Interval share = share((1 + mean) / 2, half / 2, rows, least);
            yield interval(2 * share.low() - 1, 2 * share.high() - 1);
          }
          case ERROR -> positive(mean, half);
          case R2 -> {
            Interval rest = positive(1 - mean, half);
            yield interval(1 - rest.high(), 1 - rest.low());
          }
        };
    return new FoldScores(mean, deviation, standardError, found);
  }

  private static Interval share(double mean, double half, double rows, double least) {
    if (!(least > 0) || Double.isNaN(mean)) {
      return interval(Double.NaN, Double.NaN);
    }
    double share = Math.max(0, Math.min(1, mean));
    boolean varies = share > 0 && share < 1;
    double normal = half / Interval.NORMAL;
    double worth = Math.min(rows, share * (1 - share) / (normal * normal));
    Interval found = Interval.ofShare(share, varies ? worth : least);
    return interval(found.low(), found.high());
  }

  private static Interval positive(double mean, double half) {
    double factor = mean > 0 && half > 0 ? StrictMath.exp(half / mean) : Double.NaN;
    return interval(mean / factor, mean * factor);
  }
}
