package dev.lanewise.trust;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.Evaluation;

/**
 * The Brier score of probabilities, the mean square of their distance from 0 or 1, and its parts
 * (Murphy, "A new vector partition of the probability score", 1973). For two classes it is the
 * score of one class, for more classes the sum over all classes, and for a sigmoid loss the mean
 * over the outputs.
 *
 * <p>The parts are those of probabilities in bins of equal width, as in {@link Reliability}, so
 * that {@code reliability - resolution + uncertainty} is the score but for what varies inside the
 * bins.
 *
 * @param score from 0, the best, to 2; for two classes and for a sigmoid loss at most 1
 * @param reliability how far probabilities are from the shares that come true; 0 is best
 * @param resolution how far these shares are from the mean share; more is better
 * @param uncertainty the score of the mean shares, which depends on the rows alone
 */
public record Brier(double score, double reliability, double resolution, double uncertainty) {
  /**
   * {@return the score of an evaluation}
   *
   * @param evaluation a model's probabilities; rows with a class that the model does not have are
   *     left out
   * @param bins number of bins for the parts, at least 1; 10 are usual
   * @throws IllegalArgumentException if the loss is one of regression, or there is no bin
   */
  public static Brier of(Evaluation evaluation, int bins) {
    if (bins < 1 || evaluation.kind().task().hasNumbers()) {
      throw new ArgumentException(
          "a Brier score of loss %s with %s bins, expected softmax or sigmoid, and at least 1 bin",
          evaluation.kind().label(), bins);
    }
    int classes = evaluation.classes();
    boolean isMean = !evaluation.kind().task().hasClasses() || classes == 2;
    double[] sums = new double[4];
    for (int k = 0; k < classes; k++) {
      double[] parts = parts(evaluation, k, bins);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += isMean ? parts[i] / classes : parts[i];
      }
    }
    return new Brier(sums[0], sums[1], sums[2], sums[3]);
  }

  /** Returns score, reliability, resolution and uncertainty of one class or output. */
  private static double[] parts(Evaluation evaluation, int k, int bins) {
    double[] weights = new double[bins];
    double[] probabilities = new double[bins];
    double[] outcomes = new double[bins];
    double squares = 0;
    double weight = 0;
    double outcome = 0;
    for (int row = 0; row < evaluation.rows(); row++) {
      boolean isClass = evaluation.kind().task().hasClasses();
      if (isClass && evaluation.label(row) >= evaluation.classes()) {
        continue;
      }
      double p = evaluation.value(row, k);
      double o = isClass ? evaluation.label(row) == k ? 1 : 0 : evaluation.target(row)[k];
      double w = evaluation.weight(row);
      int bin = Reliability.bin(p, bins);
      weights[bin] += w;
      probabilities[bin] += w * p;
      outcomes[bin] += w * o;
      squares += w * (p - o) * (p - o);
      weight += w;
      outcome += w * o;
    }
    double mean = outcome / weight;
    double reliability = 0;
    double resolution = 0;
    for (int b = 0; b < bins; b++) {
      if (weights[b] > 0) {
        double own = outcomes[b] / weights[b];
        double distance = probabilities[b] / weights[b] - own;
        reliability += weights[b] * distance * distance;
        resolution += weights[b] * (own - mean) * (own - mean);
      }
    }
    return new double[] {
      squares / weight, reliability / weight, resolution / weight, mean * (1 - mean)
    };
  }
}
