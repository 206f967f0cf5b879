package dev.lanewise.data.internal;

import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;

/**
 * The targets of the rows of a source, classes or numbers, and the weights of the rows. Immutable
 * and thread-safe.
 *
 * @param classes [rows or more]; null for numeric targets
 * @param numbers [rows or more][outputs], raw; null for classes
 * @param outputs the number of outputs of numeric targets; 0 for classes
 * @param weights [rows or more]; null if all are 1
 * @param names one per class if targets were given by name, or none
 */
public record Targets(
    int[] classes, double[] numbers, int outputs, float[] weights, List<String> names) {
  public static Targets of(Labels labels, int rows) {
    int outputs = labels.numbers == null ? 0 : labels.columns;
    assert outputs == 0 ? labels.values.length == rows : labels.numbers.length == rows * outputs;
    return new Targets(labels.values, labels.numbers, outputs, labels.weights, labels.names);
  }

  /** Returns the class of each row; callers must not change the array. */
  public int[] classes() {
    if (classes == null) {
      throw new IllegalStateException("data: the targets are numbers, expected classes");
    }
    return classes;
  }

  public double number(int row, int output) {
    return numbers[row * outputs + output];
  }

  public float weight(int row) {
    return weights == null ? 1 : weights[row];
  }

  public boolean haveWeights() {
    return weights != null;
  }

  /** Returns the largest class of some rows, or the number of outputs minus one. */
  public int largest(int first, int rows) {
    int largest = Math.max(0, outputs - 1);
    for (int row = first; classes != null && row < first + rows; row++) {
      largest = Math.max(largest, classes[row]);
    }
    return largest;
  }

  /** Copies the targets and weights of rows by their numbers. */
  public Targets select(int[] rows) {
    int[] someClasses = classes == null ? null : new int[rows.length];
    double[] someNumbers = classes == null ? new double[rows.length * outputs] : null;
    float[] someWeights = weights == null ? null : new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      if (classes == null) {
        System.arraycopy(numbers, rows[i] * outputs, someNumbers, i * outputs, outputs);
      } else {
        someClasses[i] = classes[rows[i]];
      }
      if (weights != null) {
        someWeights[i] = weights[rows[i]];
      }
    }
    return new Targets(someClasses, someNumbers, outputs, someWeights, names);
  }

  /** Returns the targets of all rows of several splits of equal form. */
  public static Targets concatenation(List<Targets> parts) {
    Targets one = parts.get(0);
    boolean areClasses = one.classes != null;
    int[] classes =
        parts.stream().flatMapToInt(p -> areClasses ? Arrays.stream(p.classes) : null).toArray();
    double[] numbers =
        parts.stream().flatMapToDouble(p -> areClasses ? null : Arrays.stream(p.numbers)).toArray();
    int rows = areClasses ? classes.length : numbers.length / one.outputs;
    float[] weights = parts.stream().anyMatch(Targets::haveWeights) ? new float[rows] : null;
    int at = 0;
    for (Targets part : parts) {
      int count = areClasses ? part.classes.length : part.numbers.length / one.outputs;
      for (int row = 0; weights != null && row < count; row++) {
        weights[at + row] = part.weight(row);
      }
      at += count;
    }
    return new Targets(
        areClasses ? classes : null, areClasses ? null : numbers, one.outputs, weights, one.names);
  }

  /**
   * Returns a copy in which the class c of some rows is {@code replacements[c]}, with new class
   * names.
   */
  public Targets relabelled(int first, int rows, int[] replacements, List<String> newNames) {
    int[] changed = classes().clone();
    for (int row = first; row < first + rows; row++) {
      changed[row] = replacements[classes[row]];
    }
    return new Targets(changed, null, 0, weights, List.copyOf(newNames));
  }

  /** Returns a copy with other weights, which start at row {@code first}. */
  public Targets withWeights(int first, float[] weights) {
    float[] all = new float[first + weights.length];
    System.arraycopy(weights, 0, all, first, weights.length);
    return new Targets(classes, numbers, outputs, all, names);
  }

  public int[] copyOfClasses(int first, int rows) {
    return Arrays.copyOfRange(classes(), first, first + rows);
  }

  /** Copies the numeric targets of a row, each scaled in double and rounded once. */
  public void copy(int row, Scaling scaling, float[] out, int offset) {
    for (int k = 0; k < outputs; k++) {
      out[offset + k] = scaling.scale(numbers[row * outputs + k], k);
    }
  }
}
