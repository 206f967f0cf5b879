package dev.lanewise.metrics;

import dev.lanewise.data.Split;
import dev.lanewise.nn.Loss;
import java.util.ArrayList;
import java.util.List;

/**
 * What is had without a model: the same answer for every row, the best that the training rows
 * suggest. Both the answer and what it is worth count rows by their weights.
 *
 * @param answers of a softmax loss the number of the class that weighs most among the training
 *     rows, of which the first wins a tie; of a sigmoid loss 1 for each output whose targets are
 *     above 1/2 in more than half of them, else 0; in regression the mean of each target
 * @param accuracy of the answers, as {@link Evaluation#accuracy}: R2 in regression, about 0 and
 *     below
 * @param rmse in regression the root of the mean squared error over all outputs; else NaN
 */
public record Baseline(List<Double> answers, double accuracy, double rmse) {
  /**
   * Copies the list.
   *
   * @param answers one, or one an output
   * @param accuracy of the answers
   * @param rmse in regression, else NaN
   */
  public Baseline {
    answers = List.copyOf(answers);
  }

  /**
   * The baseline for a model.
   *
   * @param evaluation of the model, whose rows are judged
   * @param train the rows it was trained on, with their classes numbered as the model's (see {@link
   *     dev.lanewise.data.Agreement})
   * @return what their most frequent class or their mean is worth
   * @throws IllegalArgumentException if the training rows have targets of another kind, or classes
   *     that the evaluation has not
   */
  public static Baseline of(Evaluation evaluation, Split train) {
    int columns = evaluation.classes();
    boolean takesClasses = evaluation.kind().takesClasses();
    if (train.outputs() != (takesClasses ? 0 : columns)) {
      throw new IllegalArgumentException(
          "baseline of %s for loss %s of %s outputs: must have targets of that kind"
              .formatted(train, evaluation.kind().label(), columns));
    }
    double[] shares = shares(evaluation, train, columns);
    double[] answer = new double[columns];
    List<Double> answers = new ArrayList<>();
    int best = 0;
    for (int k = 0; k < columns; k++) {
      best = shares[k] > shares[best] ? k : best;
      answer[k] = shares[k] - (evaluation.kind() == Loss.SIGMOID ? 0.5 : 0);
      answers.add(evaluation.kind().isRegression() ? shares[k] : answer[k] > 0 ? 1.0 : 0);
    }
    Tally tally = new Tally(evaluation.kind(), columns);
    for (int row = 0; row < evaluation.rows(); row++) {
      double weight = evaluation.weights[row];
      if (takesClasses) {
        tally.add(weight, 0, evaluation.labels[row] == best);
      } else {
        for (int k = 0; k < columns; k++) {
          tally.add(k, weight, answer[k], evaluation.targets[row * columns + k]);
        }
        tally.add(weight, 0);
      }
    }
    return new Baseline(
        takesClasses ? List.of((double) best) : answers, tally.accuracy(), tally.score().rmse());
  }

  /** The share of the rows in each class, or of targets above 1/2; in regression their means. */
  private static double[] shares(Evaluation evaluation, Split train, int columns) {
    Loss kind = evaluation.kind();
    int outside = evaluation.outside();
    double[] sums = new double[columns];
    double weights = 0;
    for (int row = 0; row < train.rows(); row++) {
      double weight = train.weight(row);
      weights += weight;
      if (kind.takesClasses()) {
        int label = train.label(row);
        if (label >= columns && outside > 0) {
          continue; // a model that is looked at with rows that it was not trained on
        } else if (label >= columns) {
          throw new IllegalArgumentException(
              "baseline: training row %s has label %s: must be below %s classes"
                  .formatted(row, label, columns));
        }
        sums[label] += weight;
      } else {
        for (int k = 0; k < columns; k++) {
          double target = train.target(row, k);
          sums[k] +=
              weight * (kind.isRegression() ? target - origin(train, k) : target > 0.5 ? 1 : 0);
        }
      }
    }
    for (int k = 0; k < columns; k++) {
      sums[k] /= weights;
      sums[k] += kind.isRegression() ? origin(train, k) : 0;
    }
    return sums;
  }

  /** Means are summed relative to the first target, beside which no variation is lost. */
  private static double origin(Split train, int output) {
    return train.target(0, output);
  }
}
