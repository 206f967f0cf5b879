package dev.lanewise.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What a {@link Predictor} says of some rows, all of it finite. Immutable; safe to share between
 * threads.
 */
public final class Predictions {
  private final Loss loss;
  private final List<String> names; // one an output, or none
  private final Scaling scaling; // of the targets, undone where a value is asked for
  private final int outputs;
  private final float[] values; // [rows][outputs], of regression as the network gives them
  private final int[] labels; // [rows], or [rows][outputs] of a sigmoid loss: 1 or 0

  /** Takes over the arrays. */
  Predictions(
      Loss loss, List<String> names, Scaling scaling, int outputs, float[] values, int[] labels) {
    this.loss = loss;
    this.names = names;
    this.scaling = scaling;
    this.outputs = outputs;
    this.values = values;
    this.labels = labels;
  }

  /**
   * The number of rows.
   *
   * @return at least 0
   */
  public int rows() {
    return values.length / outputs;
  }

  /**
   * The number of classes, or of other outputs.
   *
   * @return at least 1
   */
  public int outputs() {
    return outputs;
  }

  /**
   * The class of a row: the first of the most likely ones.
   *
   * @param row from 0
   * @return its number, from 0
   * @throws IllegalStateException if the model's loss has no classes
   */
  public int label(int row) {
    Objects.checkIndex(row, rows());
    if (!loss.takesClasses()) {
      throw new IllegalStateException(
          "predictions of loss " + loss.label() + " are no classes, expected softmax: value()");
    }
    return labels[row];
  }

  /**
   * Whether an output's label is given to a row, of a sigmoid loss: where its probability before
   * rounding is above 1/2.
   *
   * @param row from 0
   * @param output from 0
   * @return true if it holds
   * @throws IllegalStateException if the model's loss is another
   */
  public boolean holds(int row, int output) {
    Objects.checkIndex(row, rows());
    Objects.checkIndex(output, outputs);
    if (loss != Loss.SIGMOID) {
      throw new IllegalStateException(
          "predictions of loss " + loss.label() + " are no labels that hold, expected sigmoid");
    }
    return labels[row * outputs + output] > 0;
  }

  /**
   * The name of a row's class.
   *
   * @param row from 0
   * @return the name, or the number of the class if the model has no names
   * @throws IllegalStateException if the model's loss has no classes
   */
  public String className(int row) {
    int label = label(row);
    return names.isEmpty() ? Integer.toString(label) : names.get(label);
  }

  /**
   * How likely a row's class is.
   *
   * @param row from 0
   * @return the probability of {@link #label}
   * @throws IllegalStateException if the model's loss has no classes
   */
  public float confidence(int row) {
    return values[row * outputs + label(row)];
  }

  /**
   * How likely a class is; of a sigmoid loss how likely an output's label.
   *
   * @param row from 0
   * @param output the class or output, from 0
   * @return from 0 to 1
   * @throws IllegalStateException if the model's loss is one of regression
   */
  public float probability(int row, int output) {
    if (loss.isRegression()) {
      throw new IllegalStateException(
          "predictions of loss " + loss.label() + " are no probabilities, expected value()");
    }
    return (float) value(row, output);
  }

  /**
   * An output of a row: in regression the number that is predicted, in the units of the data, of
   * other losses the probability, which is a float.
   *
   * @param row from 0
   * @param output from 0
   * @return the number
   */
  public double value(int row, int output) {
    int at = Objects.checkIndex(row, rows()) * outputs + Objects.checkIndex(output, outputs);
    return scaling.undo(values[at], output);
  }

  /**
   * All outputs of a row.
   *
   * @param row from 0
   * @return [outputs], each as {@link #value} has it
   */
  public double[] values(int row) {
    double[] all = new double[outputs];
    Arrays.setAll(all, k -> value(row, k));
    return all;
  }

  /**
   * What these are, in a line.
   *
   * @return for people, such as {@code Predictions[30 rows of 3 classes]}
   */
  @Override
  public String toString() {
    return "Predictions[%s rows of %s %s]"
        .formatted(rows(), outputs, loss.takesClasses() ? "classes" : "outputs");
  }
}
