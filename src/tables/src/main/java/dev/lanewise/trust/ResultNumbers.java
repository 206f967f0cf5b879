package dev.lanewise.trust;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictor;
import java.util.Optional;

/**
 * The numbers by which the results of a model are compared: of classes the largest probability, and
 * otherwise each output. They are those before calibration and decision, which a model may get or
 * lose after its training. Not thread-safe.
 */
final class ResultNumbers {
  private final boolean hasClasses;
  private final int outputs;
  private final Predictor predictor;
  private final double[] results; // [rows][outputs]
  private final int[] labels; // [rows]

  /**
   * Prepares for rows.
   *
   * @param most rows at once
   */
  ResultNumbers(Model model, int most) {
    Model plain = model.withCalibration(Optional.empty()).withRule(Optional.empty());
    predictor = plain.predictor(most);
    hasClasses = model.loss().task().hasClasses();
    outputs = model.outputs();
    results = new double[Math.multiplyExact(most, outputs)];
    labels = new int[most];
  }

  /** Returns the count of numbers per row. */
  int count() {
    return hasClasses ? 1 : outputs;
  }

  void predict(float[] scaled, int rows) {
    predictor.predictScaled(scaled, rows, results, hasClasses ? labels : null);
  }

  double number(int row, int k) {
    return results[row * outputs + (hasClasses ? labels[row] : k)];
  }

  int label(int row) {
    return labels[row];
  }
}
