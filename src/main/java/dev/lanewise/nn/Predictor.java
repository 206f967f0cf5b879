package dev.lanewise.nn;

import dev.lanewise.kernel.Kernels;
import java.util.Arrays;

/**
 * Predictions of one model, in a workspace of its own: one predictor a thread, no allocation a
 * call. A row gives the same numbers, bit for bit, alone and in any batch.
 *
 * <p>What they are, the model's loss says: probabilities of classes for softmax, a probability of
 * each output by itself for sigmoid, the outputs for regression: where targets were scaled for
 * training, raw numbers, {@code (float)} of what {@link Scaling#undo} gives.
 */
public final class Predictor {
  private final float[] parameters;
  private final Loss loss;
  private final double[] mean; // [inputs], or null where features are taken as they are
  private final double[] divisor; // [inputs]
  private final Scaling targetScaling;
  private final int inputs;
  private final int classes;
  private final int maxRows;
  private final ForwardPass forward;
  private final float[] scratch;

  Predictor(
      float[] parameters,
      float[][] packed,
      Architecture architecture,
      Loss loss,
      Scaling scaling,
      Scaling targetScaling,
      int maxRows) {
    if (maxRows < 1) {
      throw new IllegalArgumentException(
          "predictor for " + maxRows + " rows: must be for at least 1");
    }
    this.parameters = parameters;
    this.loss = loss;
    this.targetScaling = targetScaling;
    this.inputs = architecture.inputs();
    this.classes = architecture.outputs();
    this.maxRows = maxRows;
    forward =
        new ForwardPass(
            architecture,
            maxRows,
            false,
            packed,
            new float[1][ForwardPass.workspace(architecture, maxRows)]);
    scratch = new float[Kernels.rowScratch(classes)];
    if (scaling instanceof Scaling.Divide divide) {
      mean = new double[inputs];
      divisor = new double[inputs];
      Arrays.fill(divisor, divide.divisor());
    } else {
      Scaling.Standardise standardise =
          scaling instanceof Scaling.MinMax minMax
              ? minMax.range
              : scaling instanceof Scaling.Standardise given ? given : null;
      mean = standardise == null ? null : standardise.mean;
      divisor = standardise == null ? null : standardise.divisor;
    }
    if (mean != null) {
      forward.inputs(); // made here, for a prediction allocates nothing
    }
  }

  /**
   * Class probabilities of raw features, which are scaled as the model says.
   *
   * @param features [rows][inputs], row-major; its length says how many rows
   * @param probabilities [rows][classes], overwritten
   * @throws IllegalArgumentException if the features are not whole rows, or the probabilities have
   *     no room for as many
   */
  public void predict(float[] features, float[] probabilities) {
    predict(features, rowsOf(features), probabilities);
  }

  /**
   * Class probabilities of the first rows of raw features.
   *
   * @param features [rows or more][inputs], row-major
   * @param rows how many; more than the predictor's largest batch are taken in turn
   * @param probabilities [rows or more][classes], overwritten
   * @throws IllegalArgumentException if an array is too short
   */
  public void predict(float[] features, int rows, float[] probabilities) {
    if (mean == null) {
      predictScaled(features, rows, probabilities);
      return;
    }
    check(features, rows, probabilities);
    for (int first = 0; first < rows; first += maxRows) {
      int count = Math.min(maxRows, rows - first);
      float[] scaled = forward.inputs();
      for (int i = 0; i < count; i++) {
        Kernels.active()
            .standardise(inputs, features, (first + i) * inputs, mean, divisor, scaled, i * inputs);
      }
      run(scaled, 0, count, probabilities, first);
    }
  }

  /**
   * Class probabilities of features that are scaled already.
   *
   * @param features [rows][inputs], row-major; its length says how many rows
   * @param probabilities [rows][classes], overwritten
   * @throws IllegalArgumentException as for {@link #predict(float[], float[])}
   */
  public void predictScaled(float[] features, float[] probabilities) {
    predictScaled(features, rowsOf(features), probabilities);
  }

  /**
   * Class probabilities of the first rows of features that are scaled already.
   *
   * @param features [rows or more][inputs], row-major
   * @param rows how many; more than the predictor's largest batch are taken in turn
   * @param probabilities [rows or more][classes], overwritten
   * @throws IllegalArgumentException if an array is too short
   */
  public void predictScaled(float[] features, int rows, float[] probabilities) {
    check(features, rows, probabilities);
    for (int first = 0; first < rows; first += maxRows) {
      int count = Math.min(maxRows, rows - first);
      run(features, first * inputs, count, probabilities, first);
    }
  }

  private void run(float[] x, int xOffset, int count, float[] probabilities, int first) {
    forward.run(parameters, x, xOffset, inputs, 0, count, 0, null);
    forward.results(loss, count, probabilities, first * classes, scratch);
    targetScaling.undo(probabilities, first * classes, count * classes, classes);
  }

  private int rowsOf(float[] features) {
    if (features.length % inputs != 0) {
      throw new IllegalArgumentException(
          "predict: "
              + features.length
              + " features: must be whole rows of "
              + inputs
              + ", as the model takes them");
    }
    return features.length / inputs;
  }

  private void check(float[] features, int rows, float[] probabilities) {
    if (rows < 0 || features.length < (long) rows * inputs) {
      throw new IllegalArgumentException(
          "predict: "
              + features.length
              + " features: "
              + rows
              + " rows of "
              + inputs
              + " need "
              + (long) rows * inputs);
    }
    if (probabilities.length < (long) rows * classes) {
      throw new IllegalArgumentException(
          "predict: room for "
              + probabilities.length
              + " probabilities: "
              + rows
              + " rows of "
              + classes
              + " classes need "
              + (long) rows * classes);
    }
  }
}
