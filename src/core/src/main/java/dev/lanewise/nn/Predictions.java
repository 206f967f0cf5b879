package dev.lanewise.nn;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.internal.NetworkMetadata;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The finite results of a {@link Predictor} for some rows, with the predicted classes or labels.
 * Immutable and thread-safe.
 */
public final class Predictions {
  private final List<String> names; // names of classes or outputs, or none
  private final Loss loss;
  private final int outputs;
  private final double[] values; // [rows][outputs], in the units of the data
  private final int[] labels; // [rows]; for a sigmoid loss [rows][outputs], 1 or 0

  /** Takes ownership of the arrays. */
  Predictions(NetworkMetadata facts, double[] values, int[] labels) {
    this.names = facts.classNames();
    this.loss = facts.loss();
    this.outputs = facts.outputs();
    this.values = values;
    this.labels = labels;
  }

  /** {@return the number of rows, at least 0} */
  public int rows() {
    return values.length / outputs;
  }

  /** {@return the number of classes or outputs, at least 1} */
  public int outputs() {
    return outputs;
  }

  /**
   * {@return the number of a row's class, from 0: the class that the model's decision rule chooses,
   * or without a rule the most likely class, the lowest number if several are equally likely}
   *
   * @param row from 0
   * @throws IllegalStateException if the loss of the model has no classes
   */
  public int label(int row) {
    Objects.checkIndex(row, rows());
    if (!loss.task().hasClasses()) {
      throw new IllegalStateException(
          "predictions of loss "
              + loss.label()
              + " are not classes, expected the loss softmax (value() has other predictions)");
    }
    return labels[row];
  }

  /**
   * Tells if an output's label applies to a row, for the sigmoid loss.
   *
   * @param row from 0
   * @param output from 0
   * @return true if its probability before rounding is above 1/2
   * @throws IllegalStateException if the model has another loss
   */
  public boolean isPredicted(int row, int output) {
    Objects.checkIndex(row, rows());
    Objects.checkIndex(output, outputs);
    if (!loss.task().hasLabels()) {
      throw new IllegalStateException(
          "predictions of loss " + loss.label() + " are not labels, expected the loss sigmoid");
    }
    return labels[row * outputs + output] > 0;
  }

  /**
   * {@return the name of a row's class, or its number if the model has no class names}
   *
   * @param row from 0
   * @throws IllegalStateException if the loss of the model has no classes
   */
  public String className(int row) {
    return NetworkMetadata.className(names, label(row));
  }

  /**
   * {@return the probability of a row's class, see {@link #label}}
   *
   * @param row from 0
   * @throws IllegalStateException if the loss of the model has no classes
   */
  public float confidence(int row) {
    return (float) values[row * outputs + label(row)];
  }

  /**
   * {@return the probability of a class or, for a sigmoid loss, of an output's label}
   *
   * @param row from 0
   * @param output the class or output, from 0
   * @throws IllegalStateException if the loss is a regression loss
   */
  public float probability(int row, int output) {
    if (loss.task().hasNumbers()) {
      throw new IllegalStateException(
          "predictions of loss "
              + loss.label()
              + " are not probabilities, expected the method value()");
    }
    return (float) value(row, output);
  }

  /**
   * {@return the probability of a class or label by its name, or its number if it has no name}
   *
   * @param row from 0
   * @param name as in {@link #byName}
   * @throws IllegalArgumentException if the model has no such class
   * @throws IllegalStateException if the loss is a regression loss
   */
  public float probability(int row, String name) {
    Double found = byName(row).get(name);
    if (found == null) {
      throw new ArgumentException(
          "no class %s in the model, expected one of %s", name, byName(row).keySet());
    }
    return probability(row, List.copyOf(byName(row).keySet()).indexOf(name));
  }

  /**
   * {@return the predicted number of a row in the units of the data, for a regression with one
   * target}
   *
   * @param row from 0
   * @throws IllegalStateException if the loss is not one of regression, or there are several
   *     targets
   */
  public double number(int row) {
    if (!loss.task().hasNumbers() || outputs > 1) {
      throw new IllegalStateException(
          ("predictions of loss %s with %s outputs, expected a regression with one output:"
                  + " value(row, output)")
              .formatted(loss.label(), outputs));
    }
    return value(row, 0);
  }

  /**
   * {@return an output of a row: the predicted number in the units of the data for regression, the
   * probability for other losses (a float, unless it is an average over several networks)}
   *
   * @param row from 0
   * @param output from 0
   */
  public double value(int row, int output) {
    int at = Objects.checkIndex(row, rows()) * outputs + Objects.checkIndex(output, outputs);
    return values[at];
  }

  /**
   * {@return all outputs of a row, [outputs], each as in {@link #value}}
   *
   * @param row from 0
   */
  public double[] values(int row) {
    double[] all = new double[outputs];
    Arrays.setAll(all, k -> value(row, k));
    return all;
  }

  /**
   * {@return all outputs of a row by the names of their classes, labels or targets, in order, or by
   * their numbers if the model has no names}
   *
   * @param row from 0
   */
  public Map<String, Double> byName(int row) {
    Map<String, Double> all = new LinkedHashMap<>();
    for (int k = 0; k < outputs; k++) {
      all.put(NetworkMetadata.className(names, k), value(row, k));
    }
    return Collections.unmodifiableMap(all);
  }

  /** {@return such as {@code Predictions[30 rows of 3 classes]}} */
  @Override
  public String toString() {
    return "Predictions[%s rows of %s %s]".formatted(rows(), outputs, loss.task().outputs());
  }
}
