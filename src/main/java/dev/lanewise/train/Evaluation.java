package dev.lanewise.train;

import java.util.Arrays;

/** How a model does on the rows of a split. */
public final class Evaluation {
  private final double loss;
  private final double accuracy;
  final int[] labels;
  final int[] predicted;
  private final float[] probabilities; // [rows][classes]
  private final int classes;

  Evaluation(double loss, int[] labels, int[] predicted, float[] probabilities, int classes) {
    this.loss = loss;
    this.labels = labels;
    this.predicted = predicted;
    this.probabilities = probabilities;
    this.classes = classes;
    int correct = 0;
    for (int i = 0; i < labels.length; i++) {
      correct += labels[i] == predicted[i] ? 1 : 0;
    }
    this.accuracy = (double) correct / labels.length;
  }

  /**
   * The number of rows.
   *
   * @return at least 1
   */
  public int rows() {
    return labels.length;
  }

  /**
   * The number of classes.
   *
   * @return columns of the probabilities
   */
  public int classes() {
    return classes;
  }

  /**
   * Mean cross entropy.
   *
   * @return the loss, in nats
   */
  public double loss() {
    return loss;
  }

  /**
   * Share of the rows whose class had the largest probability.
   *
   * @return from 0 to 1
   */
  public double accuracy() {
    return accuracy;
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
   * A row's probabilities.
   *
   * @param row from 0
   * @return [classes], a copy
   */
  public float[] probabilities(int row) {
    return Arrays.copyOfRange(probabilities, row * classes, (row + 1) * classes);
  }

  /**
   * The probability of the predicted class.
   *
   * @param row from 0
   * @return the row's largest probability; NaN if all are
   */
  public float confidence(int row) {
    return predicted[row] < 0 ? Float.NaN : probabilities[row * classes + predicted[row]];
  }
}
