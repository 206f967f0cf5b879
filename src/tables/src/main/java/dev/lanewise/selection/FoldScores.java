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
 * @param standardError of the mean, {@code s sqrt(1 / n + test / train)} of n scores
 * @param interval the mean and, on both sides, the standard error times Student's t quantile with n
 *     - 1 degrees of freedom
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
    Interval interval = new Interval(mean - half, mean + half, Interval.LEVEL, "Nadeau and Bengio");
    return new FoldScores(mean, deviation, error, interval);
  }
}
