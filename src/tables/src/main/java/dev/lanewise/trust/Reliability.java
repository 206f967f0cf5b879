package dev.lanewise.trust;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.Evaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Compares how often a model is right with its probabilities (Guo, Pleiss, Sun and Weinberger, "On
 * calibration of modern neural networks", 2017). With a softmax loss, each row counts with its
 * largest probability, and is right if that is the probability of its class. With a sigmoid loss,
 * each output of each row counts with its probability, and is right if its target is above 1/2.
 *
 * <p>Bins are of equal width from 0 to 1; a probability on an edge belongs to the bin below it, as
 * in scikit-learn's {@code calibration_curve}. A NaN belongs to no bin.
 *
 * @param bins from the lowest probabilities to the highest
 * @param error the expected calibration error: the mean over the bins, by their weights, of the
 *     distance between mean probability and share of right answers; from 0 to 1, NaN if all
 *     probabilities are NaN
 * @param classwise the mean over the classes, or over the outputs of a sigmoid loss, of the
 *     expected calibration error of the probability of each (Kull, Perello Nieto, Kaengsepp, Silva
 *     Filho, Song and Flach, "Beyond temperature scaling", 2019). It also shows wrong shares of
 *     classes, which the largest probabilities may hide
 */
public record Reliability(List<Bin> bins, double error, double classwise) {
  /**
   * The rows whose probabilities are between two bounds.
   *
   * @param lower exclusive, except 0
   * @param upper inclusive
   * @param rows number of rows, or of outputs of rows for a sigmoid loss
   * @param weight the sum of their weights, or their number without weights
   * @param confidence their weighted mean probability; NaN if the weight is 0
   * @param right the weighted share that is right; NaN if the weight is 0
   */
  public record Bin(
      double lower, double upper, int rows, double weight, double confidence, double right) {}

  /**
   * {@return the reliability of the probabilities of an evaluation}
   *
   * @param evaluation a model's probabilities
   * @param bins number of bins, at least 1; 10 are usual
   * @throws IllegalArgumentException if the loss is one of regression, or there is no bin
   */
  public static Reliability of(Evaluation evaluation, int bins) {
    if (bins < 1) {
      throw new ArgumentException("a reliability diagram of %s bins, expected at least 1", bins);
    }
    if (evaluation.kind().task().hasNumbers()) {
      throw new ArgumentException(
          "a reliability diagram of loss %s, expected softmax or sigmoid",
          evaluation.kind().label());
    }
    boolean takesClasses = evaluation.kind().task().hasClasses();
    int columns = takesClasses ? 1 : evaluation.classes();
    int[] rows = new int[bins];
    double[] weights = new double[bins];
    double[] confidences = new double[bins];
    double[] rights = new double[bins];
    for (int i = 0; i < evaluation.rows() * columns; i++) {
      int row = i / columns;
      int k = i % columns;
      double p = takesClasses ? evaluation.confidence(row) : evaluation.value(row, k);
      boolean right =
          takesClasses
              ? evaluation.predicted(row) == evaluation.label(row)
              : evaluation.target(row)[k] > 0.5;
      if (p == p) {
        int bin = bin(p, bins);
        double weight = evaluation.weight(row);
        rows[bin]++;
        weights[bin] += weight;
        confidences[bin] += weight * p;
        rights[bin] += right ? weight : 0;
      }
    }
    List<Bin> list = new ArrayList<>();
    double distances = 0;
    double all = 0;
    for (int b = 0; b < bins; b++) {
      double weight = weights[b]; // 0 / 0 is NaN
      double lower = (double) b / bins;
      double upper = (b + 1.0) / bins;
      list.add(new Bin(lower, upper, rows[b], weight, confidences[b] / weight, rights[b] / weight));
      distances += Math.abs(confidences[b] - rights[b]);
      all += weight;
    }
    return new Reliability(list, distances / all, classwise(evaluation, bins));
  }

  private static double classwise(Evaluation evaluation, int bins) {
    boolean takesClasses = evaluation.kind().task().hasClasses();
    int classes = evaluation.classes();
    double[] distances = new double[classes * bins];
    double all = 0;
    for (int row = 0; row < evaluation.rows(); row++) {
      for (int k = 0; k < classes; k++) {
        double p = evaluation.value(row, k);
        boolean isTrue =
            takesClasses ? evaluation.label(row) == k : evaluation.target(row)[k] > 0.5;
        if (p == p) {
          distances[k * bins + bin(p, bins)] += evaluation.weight(row) * (isTrue ? p - 1 : p);
          all += evaluation.weight(row);
        }
      }
    }
    return Arrays.stream(distances).map(Math::abs).sum() / all;
  }

  /**
   * Returns the number of the bin of a probability; exact in double, as a probability is a float.
   */
  static int bin(double p, int bins) {
    return (int) Math.max(0, Math.min(bins - 1, Math.ceil(p * bins) - 1));
  }
}
