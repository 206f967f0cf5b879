package dev.lanewise.report;

import dev.lanewise.data.Rows;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.internal.Tally;
import java.util.ArrayList;
import java.util.List;

/**
 * The best answer that is the same for every row, and its score: what a user has without a model.
 * Rows count by their weights.
 *
 * @param answers for classes, the number of the class with the largest weight among the training
 *     rows, the first of equals; for a sigmoid loss, 1 per output whose targets are above 1/2 in
 *     more than half of the rows, else 0; in regression, the mean per target
 * @param accuracy the accuracy of the answers, as {@link Evaluation#accuracy}; in regression their
 *     R2, which is at most about 0
 * @param rmse in regression the root of the mean squared error over all outputs; else NaN
 */
record Baseline(List<Double> answers, double accuracy, double rmse) {
  /**
   * {@return the baseline for a model}
   *
   * @param evaluation an evaluation of the model, on the rows to be scored
   * @param train the rows it was trained on, with their classes numbered as the model's (see {@link
   *     dev.lanewise.data.internal.RowPreparation#measured})
   * @throws IllegalArgumentException if the training rows have targets of another kind, or classes
   *     that the evaluation does not have
   */
  public static Baseline of(Evaluation evaluation, Rows train) {
    int columns = evaluation.classes();
    boolean takesClasses = evaluation.kind().task().hasClasses();
    if (train.outputs() != (takesClasses ? 0 : columns)) {
      throw new ArgumentException(
          "a baseline of %s, expected targets for loss %s and %s outputs",
          train, evaluation.kind().label(), columns);
    }
    double[] shares = shares(evaluation, train, columns);
    double[] answer = new double[columns];
    List<Double> answers = new ArrayList<>();
    int best = 0;
    for (int k = 0; k < columns; k++) {
      best = shares[k] > shares[best] ? k : best;
      answer[k] = shares[k] - (evaluation.kind().task().hasLabels() ? 0.5 : 0);
      answers.add(evaluation.kind().task().hasNumbers() ? shares[k] : answer[k] > 0 ? 1.0 : 0);
    }
    Tally tally = new Tally(evaluation.kind(), columns);
    for (int row = 0; row < evaluation.rows(); row++) {
      double weight = evaluation.weight(row);
      if (takesClasses) {
        tally.add(weight, 0, evaluation.label(row) == best);
      } else {
        double[] target = evaluation.target(row);
        for (int k = 0; k < columns; k++) {
          tally.add(k, weight, answer[k], target[k]);
        }
        tally.add(weight, 0);
      }
    }
    return new Baseline(
        takesClasses ? List.of((double) best) : answers,
        tally.accuracy(),
        tally.score().figure("rmse"));
  }

  /** Returns the shares of the classes, or of targets above 1/2; in regression the means. */
  private static double[] shares(Evaluation evaluation, Rows train, int columns) {
    Loss kind = evaluation.kind();
    int outside = evaluation.outside();
    double[] sums = new double[columns];
    double weights = 0;
    for (int row = 0; row < train.rows(); row++) {
      double weight = train.weight(row);
      weights += weight;
      if (kind.task().hasClasses()) {
        int label = train.label(row);
        if (label >= columns && outside > 0) {
          continue; // the model was not trained on these rows
        } else if (label >= columns) {
          throw new ArgumentException(
              "label %s in training row %s, expected one of %s classes", label, row, columns);
        }
        sums[label] += weight;
      } else {
        for (int k = 0; k < columns; k++) {
          double target = train.target(row, k);
          sums[k] +=
              weight
                  * (kind.task().hasNumbers() ? target - origin(train, k) : target > 0.5 ? 1 : 0);
        }
      }
    }
    for (int k = 0; k < columns; k++) {
      sums[k] /= weights;
      sums[k] += kind.task().hasNumbers() ? origin(train, k) : 0;
    }
    return sums;
  }

  /** Returns the first target, relative to which means are summed so that no digits are lost. */
  private static double origin(Rows train, int output) {
    return train.target(0, output);
  }
}
