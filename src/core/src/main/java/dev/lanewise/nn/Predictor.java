package dev.lanewise.nn;

import dev.lanewise.engine.Decision;
import dev.lanewise.engine.Inference;
import dev.lanewise.engine.Objective;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.gemm.PackedMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Predictions of one model, in a workspace of its own. A row gives the same numbers, bit for bit,
 * alone and in any batch. One thread at a time may use a predictor, and a call while another is
 * under way throws an {@link IllegalStateException}: make one for each thread.
 *
 * <p>Results are finite: where one would not be, a call throws instead, an {@link
 * IllegalArgumentException} if it is for a feature, which is not finite or not when it is scaled,
 * else an {@link ArithmeticException}; what it has written is of no use. Methods that write to an
 * array of the caller allocate nothing (but once, at the first array of doubles). {@code
 * predictClass} and those that return {@link Predictions} refuse every feature that is not finite,
 * whatever it would give.
 *
 * <p>What they are, the model's loss says: probabilities of classes for softmax, a probability of
 * each output by itself for sigmoid, the outputs for regression: where targets were scaled for
 * training, numbers in the units of the data as {@link Scaling#undo} gives them, which only doubles
 * take.
 */
public final class Predictor implements RowPredictor {
  private final Loss loss;
  private final boolean isScaled;
  private final double[] mean; // [inputs], or null where the scaling has no kernel
  private final double[] divisor; // [inputs]
  private final Scaling scaling;
  private final Scaling targetScaling;
  private final List<String> classNames;
  private final int inputs;
  private final int classes;
  private final int maxRows;
  private final Inference forward;
  private final Objective objective;
  private final Decision decision;
  private float[] narrow; // [maxRows][classes], of results that become doubles; null before
  private final float[] result; // [classes], of a single row
  private final int[] label; // [1]
  private final int[] hidden; // the sizes of the hidden layers
  private int last = -1; // rows of the last batch
  private final AtomicBoolean busy = new AtomicBoolean(); // while some thread's call is under way

  Predictor(
      float[] parameters,
      PackedMatrix[] packed,
      Architecture architecture,
      Loss loss,
      Scaling scaling,
      Scaling targetScaling,
      List<String> classNames,
      int maxRows) {
    if (maxRows < 1) {
      throw new IllegalArgumentException(
          "predictor for " + maxRows + " rows: must be for at least 1");
    }
    this.loss = loss;
    this.scaling = scaling;
    this.targetScaling = targetScaling;
    this.classNames = classNames;
    this.inputs = architecture.inputs();
    this.classes = architecture.outputs();
    this.maxRows = maxRows;
    forward = new Inference(architecture.network(), parameters, packed, maxRows);
    objective = loss.objective;
    decision = new Decision(objective, classes);
    hidden = architecture.hidden().stream().mapToInt(size -> size).toArray();
    result = new float[classes];
    label = new int[1];
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
    isScaled = !(scaling instanceof Scaling.None);
    if (isScaled) {
      forward.inputs(); // made here, for a prediction allocates nothing
    }
  }

  /**
   * Class probabilities of raw features, which are scaled as the model says. Numbers of a model
   * with a scaling of targets go to doubles only: {@link #predict(float[], int, double[])}.
   *
   * @param features [rows][inputs], row-major; its length says how many rows
   * @param probabilities [rows][classes], overwritten
   * @throws IllegalArgumentException if the features are not whole rows, the probabilities have no
   *     room for as many, both are one array, or a feature makes them no numbers
   * @throws IllegalStateException if the model has a scaling of targets
   * @throws ArithmeticException if the model makes them no numbers
   */
  @Override
  public void predict(float[] features, float[] probabilities) {
    predict(features, rowsOf(features), probabilities);
  }

  /**
   * Class probabilities of the first rows of raw features.
   *
   * @param features [rows or more][inputs], row-major
   * @param rows how many; more than the predictor's largest batch are taken in turn
   * @param probabilities [rows or more][classes], overwritten
   * @throws IllegalArgumentException if an array is too short, both are one, or as for {@link
   *     #predict(float[], float[])}
   * @throws ArithmeticException as for {@link #predict(float[], float[])}
   */
  public void predict(float[] features, int rows, float[] probabilities) {
    predict(features, rows, probabilities, null);
  }

  /**
   * Class probabilities and classes of the first rows of raw features.
   *
   * @param features [rows or more][inputs], row-major
   * @param rows how many; more than the predictor's largest batch are taken in turn
   * @param probabilities [rows or more][classes], overwritten
   * @param labels what is decided, overwritten, or null if it is not asked for: of a softmax loss
   *     [rows or more], the class, as {@link #predictClass(float...)} gives it; of a sigmoid loss
   *     [rows or more][outputs], 1 where an output holds, that is where its probability before
   *     rounding is above 1/2, else 0; in regression it is left as it is
   * @throws IllegalArgumentException if an array is too short, features and probabilities are one,
   *     or as for {@link #predict(float[], float[])}
   * @throws ArithmeticException as for {@link #predict(float[], float[])}
   */
  public void predict(float[] features, int rows, float[] probabilities, int[] labels) {
    requireFloats();
    Objects.requireNonNull(probabilities, "probabilities");
    check(features, rows, probabilities, probabilities.length, labels);
    begin();
    try {
      run(features, isScaled, rows, probabilities, null, labels);
    } finally {
      end();
    }
  }

  /**
   * The results of the first rows of raw features, of any model: in regression the numbers that are
   * predicted, in the units of the data, of other losses the probabilities.
   *
   * @param features [rows or more][inputs], row-major
   * @param rows how many; more than the predictor's largest batch are taken in turn
   * @param results [rows or more][outputs], overwritten
   * @throws IllegalArgumentException if an array is too short, or as for {@link #predict(float[],
   *     float[])}
   * @throws ArithmeticException as for {@link #predict(float[], float[])}
   */
  public void predict(float[] features, int rows, double[] results) {
    Objects.requireNonNull(results, "results");
    check(features, rows, null, results.length, null);
    begin();
    try {
      run(features, isScaled, rows, null, results, null);
    } finally {
      end();
    }
  }

  /**
   * Class probabilities of features that are scaled already.
   *
   * @param features [rows][inputs], row-major; its length says how many rows
   * @param probabilities [rows][classes], overwritten
   * @throws IllegalArgumentException as for {@link #predict(float[], float[])}
   * @throws ArithmeticException as for {@link #predict(float[], float[])}
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
   * @throws IllegalArgumentException if an array is too short, both are one, or as for {@link
   *     #predict(float[], float[])}
   * @throws ArithmeticException as for {@link #predict(float[], float[])}
   */
  public void predictScaled(float[] features, int rows, float[] probabilities) {
    predictScaled(features, rows, probabilities, null);
  }

  /**
   * Class probabilities and classes of the first rows of features that are scaled already.
   *
   * @param features [rows or more][inputs], row-major
   * @param rows how many; more than the predictor's largest batch are taken in turn
   * @param probabilities [rows or more][classes], overwritten
   * @param labels as for {@link #predict(float[], int, float[], int[])}
   * @throws IllegalArgumentException as there
   * @throws ArithmeticException as for {@link #predict(float[], float[])}
   */
  public void predictScaled(float[] features, int rows, float[] probabilities, int[] labels) {
    requireFloats();
    Objects.requireNonNull(probabilities, "probabilities");
    check(features, rows, probabilities, probabilities.length, labels);
    begin();
    try {
      run(features, false, rows, probabilities, null, labels);
    } finally {
      end();
    }
  }

  /**
   * The results and classes of the first rows of features that are scaled already, of any model.
   *
   * @param features [rows or more][inputs], row-major
   * @param rows how many; more than the predictor's largest batch are taken in turn
   * @param results as for {@link #predict(float[], int, double[])}
   * @param labels as for {@link #predict(float[], int, float[], int[])}
   * @throws IllegalArgumentException as there
   * @throws ArithmeticException as for {@link #predict(float[], float[])}
   */
  public void predictScaled(float[] features, int rows, double[] results, int[] labels) {
    Objects.requireNonNull(results, "results");
    check(features, rows, null, results.length, labels);
    begin();
    try {
      run(features, false, rows, null, results, labels);
    } finally {
      end();
    }
  }

  /** A float would round what is far from 0 beside its variation. */
  void requireFloats() {
    if (!(targetScaling instanceof Scaling.None)) {
      throw new IllegalStateException(
          "predict: results of a model with scaled targets (%s), expected an array of doubles, as floats would round them"
              .formatted(targetScaling.name()));
    }
  }

  /**
   * The class of a row of raw features, for a loss that has classes. Allocates nothing.
   *
   * @param features [inputs], finite
   * @return the number of the class, from 0, as {@link Mlp#className} takes it: the first of the
   *     most likely ones
   * @throws IllegalArgumentException if there are not as many features, or one is not finite
   * @throws IllegalStateException if the model's loss has no classes
   * @throws ArithmeticException if the model makes the probabilities no numbers
   */
  public int predictClass(float... features) {
    Objects.requireNonNull(features, "features");
    checkClasses();
    checkLength(features.length, 0);
    checkFinite(features);
    begin();
    try {
      run(features, isScaled, 1, result, null, label);
      return label[0];
    } finally {
      end();
    }
  }

  /**
   * The class of a row of raw features, for a loss that has classes. They are scaled in double and
   * rounded once, as those of training are that were given as doubles. Allocates nothing.
   *
   * @param features [inputs], finite
   * @return as {@link #predictClass(float...)}
   * @throws IllegalArgumentException if there are not as many features, or one is not finite, or no
   *     finite float when it is scaled
   * @throws IllegalStateException if the model's loss has no classes
   * @throws ArithmeticException if the model makes the probabilities no numbers
   */
  public int predictClass(double... features) {
    checkClasses();
    begin();
    try {
      scale(features, 0, 0);
      run(forward.inputs(), 0, 1, result, null, 0, label, null);
      return label[0];
    } finally {
      end();
    }
  }

  /**
   * All that can be said of rows of raw features.
   *
   * @param features [rows][inputs], row-major, finite; its length says how many rows
   * @return the predictions
   * @throws IllegalArgumentException if the features are not whole rows, or one is not finite
   * @throws ArithmeticException if the model makes a result no number
   */
  public Predictions predict(float[] features) {
    Objects.requireNonNull(features, "features");
    int rows = rowsOf(features);
    checkFinite(features);
    float[] values = new float[Inference.size(rows, classes)];
    int[] labels = new int[Inference.size(rows, decision.columns())];
    begin();
    try {
      run(features, isScaled, rows, values, null, labels);
    } finally {
      end();
    }
    return new Predictions(loss, classNames, targetScaling, classes, values, labels);
  }

  /**
   * All that can be said of rows of raw features.
   *
   * @param rows [rows][inputs], finite
   * @return the predictions
   * @throws IllegalArgumentException if a row has another number of features, or one is not finite
   * @throws ArithmeticException if the model makes a result no number
   */
  public Predictions predict(float[][] rows) {
    Objects.requireNonNull(rows, "rows");
    float[] features = new float[Inference.size(rows.length, inputs)];
    for (int row = 0; row < rows.length; row++) {
      checkLength(rows[row] == null ? -1 : rows[row].length, row);
      System.arraycopy(rows[row], 0, features, row * inputs, inputs);
    }
    return predict(features);
  }

  /**
   * All that can be said of rows of raw features, which are scaled in double and rounded once.
   *
   * @param rows [rows][inputs], finite
   * @return the predictions
   * @throws IllegalArgumentException if a row has another number of features, or one is not finite,
   *     or no finite float when it is scaled
   * @throws ArithmeticException if the model makes a result no number
   */
  public Predictions predict(double[][] rows) {
    Objects.requireNonNull(rows, "rows");
    float[] values = new float[Inference.size(rows.length, classes)];
    int[] labels = new int[Inference.size(rows.length, decision.columns())];
    begin();
    try {
      last = 0;
      for (int first = 0; first < rows.length; first += maxRows) {
        int count = Math.min(maxRows, rows.length - first);
        for (int i = 0; i < count; i++) {
          scale(rows[first + i], first + i, i);
        }
        run(forward.inputs(), 0, count, values, null, first, labels, null);
      }
    } finally {
      end();
    }
    return new Predictions(loss, classNames, targetScaling, classes, values, labels);
  }

  /**
   * What a hidden layer gave for the rows that were predicted last, such as an embedding of them.
   *
   * @param layer from 0, below the number of hidden layers
   * @return [rows][units], row-major, behind the activation; a copy
   * @throws IllegalArgumentException if there is no such hidden layer
   * @throws IllegalStateException if nothing was predicted yet, or more rows at once than the
   *     predictor's largest batch
   */
  public float[] outputs(int layer) {
    if (layer < 0 || layer >= hidden.length) {
      throw new IllegalArgumentException(
          "outputs of layer %s: must be one of the %s hidden layers, from 0"
              .formatted(layer, hidden.length));
    }
    begin();
    try {
      if (last < 0) {
        throw new IllegalStateException(
            "outputs: no rows predicted, or more at once than "
                + maxRows
                + ", expected a prediction of no more");
      }
      return Arrays.copyOf(forward.outputs(layer), last * hidden[layer]);
    } finally {
      end();
    }
  }

  /** What two threads wrote to one workspace would be wrong, and nobody would see it. */
  void begin() {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "predict: a predictor that another thread is using, expected one for each thread"
              + " (the model makes as many as it is asked for)");
    }
  }

  void end() {
    busy.setRelease(false);
  }

  /** A row that is scaled already, for who has begun. */
  void run(float[] features, float[] probabilities, int[] labels) {
    requireFloats();
    check(features, 1, probabilities, probabilities.length, labels);
    run(features, false, 1, probabilities, null, labels);
  }

  /** The same to doubles. */
  void run(float[] features, double[] results, int[] labels) {
    check(features, 1, null, results.length, labels);
    run(features, false, 1, null, results, labels);
  }

  /**
   * Rows in turn, as many at a time as there is room for; labels may be null. Results go to doubles
   * or, where these are null, to floats: those of regression as the network gives them.
   */
  private void run(
      float[] features, boolean raw, int rows, float[] floats, double[] doubles, int[] labels) {
    last = 0;
    for (int first = 0; first < rows; first += maxRows) {
      int count = Math.min(maxRows, rows - first);
      float[] x = features;
      if (raw) {
        x = forward.inputs();
        for (int i = 0; i < count; i++) {
          scale(features, (first + i) * inputs, x, i * inputs);
        }
      }
      run(x, raw ? 0 : first * inputs, count, floats, doubles, first, labels, features);
    }
  }

  /** Scales a row of floats. */
  private void scale(float[] raw, int from, float[] scaled, int to) {
    if (mean != null) {
      Kernels.active().standardise(inputs, raw, from, mean, divisor, scaled, to);
      return;
    }
    for (int j = 0; j < inputs; j++) {
      scaled[to + j] = scaling.scale(raw[from + j], j);
    }
  }

  /** Rows from a first one on, of features that may be null if all of x is finite. */
  private void run(
      float[] x,
      int xOffset,
      int count,
      float[] floats,
      double[] doubles,
      int first,
      int[] labels,
      float[] features) {
    last = first == 0 ? count : -1; // of several batches the first is gone
    forward.run(x, xOffset, count);
    if (labels != null) { // before the results, which may take the place of the sums
      decision.decide(forward.outputs(), count, labels, first * decision.columns());
    }
    float[] results = doubles == null ? floats : narrow();
    int at = doubles == null ? first * classes : 0;
    forward.results(objective, count, results, at);
    int to = first * classes;
    for (int i = 0; doubles != null && i < count * classes; i++) {
      doubles[to + i] = targetScaling.undo(results[i], i % classes);
    }
    int step = loss.takesClasses() ? classes : 1; // all of a softmax is NaN if one of it is
    for (int i = 0; i < count * classes; i += step) {
      double found = doubles == null ? undone(results[at + i], i % classes) : doubles[to + i];
      if (!Double.isFinite(found)) {
        throw noNumber(to + i, found, x, xOffset - first * inputs, features);
      }
    }
  }

  /** What an output is in the units of the data. */
  private double undone(float output, int k) {
    return targetScaling instanceof Scaling.None ? output : targetScaling.undo(output, k);
  }

  /** Results before they become doubles, [maxRows][classes]; made once they are asked for. */
  private float[] narrow() {
    if (narrow == null) {
      narrow = new float[Inference.size(maxRows, classes)];
    }
    return narrow;
  }

  /** The error of a result that is no number: of a feature, if it is for that. */
  private RuntimeException noNumber(
      int at, double found, float[] x, int xOffset, float[] features) {
    int row = at / classes;
    for (int i = row * inputs; i < (row + 1) * inputs; i++) {
      if (!Float.isFinite(x[xOffset + i])) {
        return notFinite(row, i % inputs, features[i]);
      }
    }
    return new ArithmeticException(
        "predict: row %s, output %s is %s, expected a finite number (the model diverged, or its features are far beyond those of training)"
            .formatted(row, at % classes, found));
  }

  /** Scales a row to a place of the inputs. */
  private void scale(double[] features, int row, int place) {
    checkLength(features == null ? -1 : features.length, row);
    float[] scaled = forward.inputs();
    for (int j = 0; j < inputs; j++) {
      float value = scaling.scale(features[j], j);
      if (!Float.isFinite(value)) {
        throw notFinite(row, j, features[j]);
      }
      scaled[place * inputs + j] = value;
    }
  }

  private void checkClasses() {
    if (!loss.takesClasses()) {
      throw new IllegalStateException(
          "predictClass: a model of loss "
              + loss.label()
              + ", expected softmax (predict gives its outputs)");
    }
  }

  private void checkLength(int found, int row) {
    if (found != inputs) {
      throw new IllegalArgumentException(
          "predict: row "
              + row
              + (found < 0 ? " is null" : " has " + found + " features")
              + ", expected "
              + inputs
              + (found < 0 ? " features" : ""));
    }
  }

  private void checkFinite(float[] features) {
    for (int i = 0; i < features.length; i++) {
      if (!Float.isFinite(features[i])) {
        throw notFinite(i / inputs, i % inputs, features[i]);
      }
    }
  }

  private static IllegalArgumentException notFinite(int row, int feature, double value) {
    return new IllegalArgumentException(
        "predict: row %s, feature %s is %s, expected %s"
            .formatted(
                row,
                feature,
                value,
                Double.isFinite(value)
                    ? "less: scaled it is not a finite float"
                    : "a finite number"));
  }

  private int rowsOf(float[] features) {
    Objects.requireNonNull(features, "features");
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

  private void check(float[] features, int rows, float[] results, int room, int[] labels) {
    Objects.requireNonNull(features, "features");
    if (features == results) {
      throw new IllegalArgumentException(
          "predict: one array for both features and probabilities, expected two: results would"
              + " overwrite the features of later rows");
    }
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
    if (room < (long) rows * classes) {
      throw new IllegalArgumentException(
          "predict: room for "
              + room
              + " probabilities: "
              + rows
              + " rows of "
              + classes
              + " classes need "
              + (long) rows * classes);
    }
    if (labels != null && labels.length < (long) rows * decision.columns()) {
      throw new IllegalArgumentException(
          "predict: room for %s labels: %s rows need %s"
              .formatted(labels.length, rows, (long) rows * decision.columns()));
    }
  }

  /**
   * What this is, in a line.
   *
   * @return for people, such as {@code Predictor[4 inputs -> 3 classes, 100 rows at a time]}
   */
  @Override
  public String toString() {
    return "Predictor[%s inputs -> %s %s, %s rows at a time]"
        .formatted(inputs, classes, loss.takesClasses() ? "classes" : "outputs", maxRows);
  }
}
