package dev.lanewise.train;

import dev.lanewise.nn.Loss;
import java.util.Arrays;

/** How a model does on the rows of a split. */
public final class Evaluation {
  private final Loss kind;
  private final double loss;
  private final double accuracy;
  final int[] labels; // [rows], as predicted; null if the targets are numbers
  final int[] predicted;
  final float[] targets; // [rows][classes]; null if they are classes
  final float[] results; // [rows][classes], probabilities or outputs
  private final int classes;
  final float[] weights; // [rows]; null if all are 1

  Evaluation(
      Loss kind,
      double loss,
      double accuracy,
      int[] labels,
      int[] predicted,
      float[] targets,
      float[] results,
      int classes,
      float[] weights) {
    this.kind = kind;
    this.loss = loss;
    this.accuracy = accuracy;
    this.labels = labels;
    this.predicted = predicted;
    this.targets = targets;
    this.results = results;
    this.classes = classes;
    this.weights = weights;
  }

  /**
   * The loss of the model, which says what else can be asked.
   *
   * @return the loss
   */
  public Loss kind() {
    return kind;
  }

  /**
   * The number of rows.
   *
   * @return at least 1
   */
  public int rows() {
    return results.length / classes;
  }

  /**
   * The number of classes, or of other outputs.
   *
   * @return columns of the probabilities
   */
  public int classes() {
    return classes;
  }

  /**
   * The mean loss, weighted by the weights of the rows as all that is measured here.
   *
   * @return cross entropy in nats, squared errors or Huber's loss; of scaled targets if the model
   *     has a scaling of them, while {@link RegressionMetrics} are in raw units
   */
  public double loss() {
    return loss;
  }

  /**
   * Share of the rows whose class had the largest probability; with a sigmoid loss share of the
   * outputs whose probability is on the side of 1/2 where its target is; in regression R2, the mean
   * over the outputs of {@code 1 - sum(w (y - t)^2) / sum(w (t - mean t)^2)}, where targets that
   * are all the same give 1 if they are met, else 0, as scikit-learn's {@code r2_score}.
   *
   * @return from 0 to 1; R2 also below 0
   */
  public double accuracy() {
    return accuracy;
  }

  /**
   * The loss and the accuracy.
   *
   * @return both
   */
  public Evaluator.Score score() {
    return new Evaluator.Score(loss, accuracy);
  }

  /**
   * A row's true class.
   *
   * @param row from 0
   * @return its label
   */
  public int label(int row) {
    return labels[row];
  }

  /**
   * A row's predicted class: the first with the largest logit.
   *
   * @param row from 0
   * @return the class
   */
  public int predicted(int row) {
    return predicted[row];
  }

  /**
   * A row's probabilities; in regression its outputs.
   *
   * @param row from 0
   * @return [classes], a copy
   */
  public float[] probabilities(int row) {
    return Arrays.copyOfRange(results, row * classes, (row + 1) * classes);
  }

  /**
   * The probability of the predicted class.
   *
   * @param row from 0
   * @return the row's largest probability; NaN if all are
   */
  public float confidence(int row) {
    return predicted[row] < 0 ? Float.NaN : results[row * classes + predicted[row]];
  }

  /**
   * A row's target, of a loss that does not take classes.
   *
   * @param row from 0
   * @return [classes], a copy
   */
  public float[] target(int row) {
    return Arrays.copyOfRange(targets, row * classes, (row + 1) * classes);
  }

  /**
   * Share of the rows all of whose outputs are on the side of 1/2 where their targets are: of a
   * sigmoid loss.
   *
   * @return from 0 to 1
   */
  public double subsetAccuracy() {
    double right = 0;
    for (int row = 0; row < rows(); row++) {
      boolean all = true;
      for (int i = row * classes; i < (row + 1) * classes; i++) {
        all &= Tally.isRight(results[i] > 0.5f, targets[i]);
      }
      right += all ? weight(row) : 0;
    }
    return right / MetricRows.sum(weights, rows());
  }

  /**
   * Whether the rows were given weights.
   *
   * @return false if all are 1
   */
  public boolean hasWeights() {
    return weights != null;
  }

  /**
   * The weight of a row.
   *
   * @param row from 0
   * @return at least 0; 1 if the rows were given none
   */
  public float weight(int row) {
    return weights == null ? 1 : weights[row];
  }
}
