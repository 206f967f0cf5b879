package dev.lanewise.nn;

import dev.lanewise.engine.internal.Network;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.kernel.KernelSet;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.nn.internal.NetworkMetadata;
import dev.lanewise.nn.internal.PredictorAccess;
import dev.lanewise.nn.internal.RowPass;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Predicts with one model, in its own workspace. The results of a row are the same, bit for bit,
 * alone and in any batch. A predictor is not thread-safe, so create one per thread: a call while
 * another thread is predicting throws an {@link IllegalStateException}.
 *
 * <p>The loss of the model determines the results: class probabilities for softmax, an independent
 * probability per output for sigmoid, and the outputs themselves for regression. If the targets
 * were scaled for training, the results are in the units of the data (see {@link Scaling#undo}) and
 * are written to doubles only.
 *
 * <p>All results are finite; otherwise a call throws, and the result arrays then have undefined
 * content. The exception is an {@link IllegalArgumentException} if a feature is not finite or
 * becomes so when it is scaled, and an {@link ArithmeticException} in all other cases. Methods that
 * write to an array of the caller allocate nothing, except for one buffer at the first array of
 * doubles.
 */
public final class Predictor {
  static {
    PredictorAccess.PASS.install(predictor -> predictor.forward, Predictor::new);
    PredictorAccess.HOOK.install(
        p ->
            new PredictorAccess(
                p::begin,
                p::end,
                (row, floats) -> p.run(row, floats, null),
                (row, doubles) -> p.run(row, null, doubles),
                p::run),
        null);
  }

  private final Loss loss;
  private final boolean isScaled;
  private final double[] mean; // [inputs]
  private final double[] divisor; // [inputs]
  private final Scaling scaling;
  private final NetworkMetadata facts;
  private final Scaling targetScaling;
  private final int inputs;
  private final int classes;
  private final int maxRows;
  private final RowPass forward;
  private float[] rows; // [maxRows][inputs], scaled; null until a row is scaled
  private int last = -1; // rows of the last call, -1 if their hidden outputs are not there
  private final AtomicBoolean busy = new AtomicBoolean(); // true during a call

  /**
   * Makes a predictor.
   *
   * @param facts the facts of what predicts, about rows and results
   * @param pass makes the object that computes the results of a number of rows
   */
  Predictor(RowPass pass) {
    forward = pass;
    facts = MlpState.facts(pass.network);
    maxRows = pass.maxRows;
    loss = facts.loss();
    scaling = pass.network.scaling().orElse(Scaling.none());
    targetScaling = facts.targetScaling();
    inputs = facts.inputs();
    classes = facts.outputs();
    boolean divides = scaling.kind() == Scaling.Kind.DIVIDE;
    mean = divides ? new double[inputs] : scaling.first;
    divisor = Arrays.copyOf(scaling.divisor, inputs);
    if (divides) {
      Arrays.fill(divisor, scaling.divisor[0]);
    }
    isScaled = !scaling.isNone();
    if (isScaled) {
      rows(); // allocated here because predictions must not allocate
    }
  }

  /**
   * Computes class probabilities of rows of raw features, for a model without target scaling.
   *
   * @param features [rows][inputs], row-major; the length determines the number of rows
   * @param probabilities [rows or more][classes], overwritten
   * @throws IllegalArgumentException if the length of the features is not a multiple of the inputs,
   *     or as for {@link #predict(float[], int, float[], int[])}
   * @throws ArithmeticException if finite features give a result that is not finite
   */
  public void predict(float[] features, float[] probabilities) {
    Objects.requireNonNull(features, "features");
    if (features.length % inputs != 0) {
      throw new ArgumentException(
          "predict: %s features, expected whole rows of %s", features.length, inputs);
    }
    predict(features, features.length / inputs, probabilities, null);
  }

  /**
   * Computes class probabilities and classes of rows of raw features, for a model without target
   * scaling.
   *
   * @param features [rows or more][inputs], row-major
   * @param rows how many; more than the largest batch are predicted in several batches
   * @param probabilities [rows or more][classes], overwritten
   * @param labels receives the predicted classes or labels, or null. For softmax: the number of the
   *     most likely class, the lowest if several are equally likely, or the class by the rule of
   *     the model, [rows or more]. For sigmoid: 1 where the probability before rounding is above
   *     1/2, else 0, [rows or more][outputs]. For regression: unchanged
   * @throws IllegalArgumentException if an array is too short, features and probabilities are the
   *     same array, or a feature is not finite or becomes so when it is scaled
   * @throws IllegalStateException if the model has a target scaling
   * @throws ArithmeticException if finite features give a result that is not finite
   */
  public void predict(float[] features, int rows, float[] probabilities, int[] labels) {
    requireFloats();
    Objects.requireNonNull(probabilities, "probabilities");
    predict(features, isScaled, rows, probabilities, null, labels);
  }

  /**
   * Computes the results of rows of raw features, for any model: predicted targets in the units of
   * the data for regression, probabilities for other losses.
   *
   * @param features [rows or more][inputs], row-major
   * @param rows how many; more than the largest batch are predicted in several batches
   * @param results [rows or more][outputs], overwritten
   * @param labels as for {@link #predict(float[], int, float[], int[])}
   * @throws IllegalArgumentException if an array is too short, or a feature is not finite or
   *     becomes so when it is scaled
   * @throws ArithmeticException if finite features give a result that is not finite
   */
  public void predict(float[] features, int rows, double[] results, int[] labels) {
    Objects.requireNonNull(results, "results");
    predict(features, isScaled, rows, null, results, labels);
  }

  /**
   * Computes the results of rows of features that are already scaled, for any model.
   *
   * @param features [rows or more][inputs], row-major
   * @param rows how many; more than the largest batch are predicted in several batches
   * @param results [rows or more][outputs], overwritten
   * @param labels as for {@link #predict(float[], int, float[], int[])}
   * @throws IllegalArgumentException as for {@link #predict(float[], int, double[], int[])}
   * @throws ArithmeticException as for {@link #predict(float[], int, double[], int[])}
   */
  public void predictScaled(float[] features, int rows, double[] results, int[] labels) {
    Objects.requireNonNull(results, "results");
    predict(features, false, rows, null, results, labels);
  }

  /**
   * Computes the results and the predicted class or labels of one row of raw features.
   *
   * @param row [inputs], finite
   * @return the predictions for this row alone
   * @throws IllegalArgumentException as for {@link #predict(double[][])}
   * @throws ArithmeticException if a result is not finite
   */
  public Predictions predict(double... row) {
    return predict(new double[][] {Objects.requireNonNull(row, "row")});
  }

  /**
   * Computes the results and the predicted classes or labels of rows of raw features.
   *
   * @param rows [rows][inputs], finite
   * @return the predictions
   * @throws IllegalArgumentException as for {@link #predict(double[][])}
   * @throws ArithmeticException if a result is not finite
   */
  public Predictions predict(float[][] rows) {
    return predict(exact(rows));
  }

  /** Returns rows of floats as doubles; a row that is null stays so. */
  static double[][] exact(float[][] rows) {
    double[][] exact = new double[Objects.requireNonNull(rows, "rows").length][];
    for (int i = 0; i < exact.length; i++) {
      float[] row = rows[i];
      exact[i] = row == null ? null : new double[row.length];
      for (int j = 0; row != null && j < row.length; j++) {
        exact[i][j] = row[j];
      }
    }
    return exact;
  }

  /**
   * Computes the results and the predicted classes or labels of rows of raw features, which are
   * scaled in double and rounded once.
   *
   * @param rows [rows][inputs], finite
   * @return the predictions
   * @throws IllegalArgumentException if a row has another number of features, or one is not finite
   *     or not a finite float after scaling
   * @throws ArithmeticException if a result is not finite
   */
  public Predictions predict(double[][] rows) {
    Objects.requireNonNull(rows, "rows");
    double[] values = new double[Network.size(rows.length, classes)];
    int[] labels = new int[Network.size(rows.length, forward.decision.columns())];
    begin();
    try {
      last = 0;
      for (int first = 0; first < rows.length; first += maxRows) {
        int count = Math.min(maxRows, rows.length - first);
        for (int i = 0; i < count; i++) {
          scale(rows[first + i], first + i, i);
        }
        run(rows(), 0, count, null, values, first, labels, null);
      }
    } finally {
      end();
    }
    return new Predictions(facts, values, labels);
  }

  /**
   * {@return the outputs of a hidden layer for the last predicted rows, for example as embeddings:
   * [rows][units], row-major, after the activation; a copy}
   *
   * @param layer from 0, below the number of hidden layers
   * @throws IllegalArgumentException if there is no such hidden layer
   * @throws IllegalStateException if no rows were predicted yet, the last call had more rows than
   *     the largest batch, or the model has several networks
   */
  public float[] outputs(int layer) {
    if (!forward.isOfOne()) {
      throw new IllegalStateException(
          "outputs of a layer: a model of several networks, expected a single network (one of"
              + " its members)");
    }
    List<Integer> hidden = forward.network.architecture().hidden();
    if (layer < 0 || layer >= hidden.size()) {
      throw new ArgumentException(
          "outputs of layer %s, expected one of the %s hidden layers, from 0",
          layer, hidden.size());
    }
    begin();
    try {
      if (last < 0) {
        throw new IllegalStateException(
            ("outputs: no rows predicted, or more than %s at once, expected a prediction of 1 to"
                    + " this number of rows")
                .formatted(maxRows));
      }
      return Arrays.copyOf(forward.outputs(layer), last * hidden.get(layer));
    } finally {
      end();
    }
  }

  /** Refuses a target scaling: a float would round results with a small variation. */
  private void requireFloats() {
    if (!targetScaling.isNone()) {
      throw new IllegalStateException(
          "predict: results of a model with scaled targets (%s), expected an array of doubles, as floats would round them"
              .formatted(targetScaling.name()));
    }
  }

  /** Refuses a second thread, which would silently corrupt the workspace. */
  void begin() {
    if (!busy.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "predict: another thread is using this predictor, expected a predictor for each thread"
              + " (model.predictor makes another one)");
    }
  }

  void end() {
    busy.setRelease(false);
  }

  /** Predicts one scaled row to floats or doubles; the caller has called {@link #begin}. */
  void run(float[] features, float[] floats, double[] doubles) {
    if (doubles == null) {
      requireFloats();
    }
    check(features, 1, floats, doubles == null ? floats.length : doubles.length, null);
    run(features, false, 1, floats, doubles, null);
  }

  /** Predicts scaled rows; the caller is the only user of this predictor. */
  Predictions run(float[] features, int rows) {
    double[] values = new double[Network.size(rows, classes)];
    int[] labels = new int[Network.size(rows, forward.decision.columns())];
    run(features, false, rows, null, values, labels);
    return new Predictions(facts, values, labels);
  }

  private void predict(
      float[] features, boolean raw, int rows, float[] floats, double[] doubles, int[] labels) {
    Objects.requireNonNull(features, "features");
    check(features, rows, floats, doubles == null ? floats.length : doubles.length, labels);
    begin();
    try {
      run(features, raw, rows, floats, doubles, labels);
    } finally {
      end();
    }
  }

  /**
   * Predicts rows batch by batch; labels may be null. Results go to doubles or, if these are null,
   * to floats.
   */
  private void run(
      float[] features, boolean raw, int rows, float[] floats, double[] doubles, int[] labels) {
    last = 0;
    for (int first = 0; first < rows; first += maxRows) {
      int count = Math.min(maxRows, rows - first);
      float[] x = features;
      if (raw) {
        x = rows();
        for (int i = 0; i < count; i++) {
          scale(features, (first + i) * inputs, x, i * inputs);
        }
      }
      run(x, raw ? 0 : first * inputs, count, floats, doubles, first, labels, features);
    }
  }

  /** Scales a row of floats. */
  private void scale(float[] raw, int from, float[] scaled, int to) {
    if (scaling.kind() != Scaling.Kind.ROBUST) {
      KernelSet.active().standardise(inputs, raw, from, mean, divisor, scaled, to);
      return;
    }
    for (int j = 0; j < inputs; j++) {
      scaled[to + j] = scaling.scale(raw[from + j], j);
    }
  }

  /**
   * Predicts one batch, whose first row is number {@code first}; raw features are needed for error
   * messages only, and may be null if all of x is finite.
   */
  private void run(
      float[] x,
      int xOffset,
      int count,
      float[] floats,
      double[] doubles,
      int first,
      int[] labels,
      float[] features) {
    last = first == 0 ? count : -1; // later batches have overwritten the hidden outputs
    forward.run(x, xOffset, count);
    if (labels != null) { // must come first: the results may overwrite the outputs
      forward.decide(count, labels, first * forward.decision.columns());
    }
    int to = first * classes;
    if (doubles == null) {
      forward.results(count, floats, to);
    } else {
      forward.results(count, doubles, to);
    }
    int step = loss.task().hasClasses() ? classes : 1; // one NaN makes all results of a softmax NaN
    for (int i = 0; i < count * classes; i += step) {
      double found = doubles == null ? floats[to + i] : doubles[to + i];
      if (!Double.isFinite(found)) {
        throw noNumber(to + i, found, x, xOffset - first * inputs, features);
      }
    }
  }

  /** Returns the error for a result that is not finite; it names the feature that caused it. */
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

  /** Returns the buffer for scaled rows, [maxRows][inputs]. */
  private float[] rows() {
    if (rows == null) {
      rows = new float[Network.size(maxRows, inputs)];
    }
    return rows;
  }

  /** Scales a row into the buffer. */
  private void scale(double[] features, int row, int place) {
    checkLength(features == null ? -1 : features.length, row);
    float[] scaled = rows();
    for (int j = 0; j < inputs; j++) {
      float value = scaling.scale(features[j], j);
      if (!Float.isFinite(value)) {
        throw notFinite(row, j, features[j]);
      }
      scaled[place * inputs + j] = value;
    }
  }

  private void checkLength(int found, int row) {
    if (found != inputs) {
      throw new IllegalArgumentException(
          found < 0
              ? "predict: row %s is null, expected %s features".formatted(row, inputs)
              : "predict: row %s has %s features, expected %s".formatted(row, found, inputs));
    }
  }

  private static IllegalArgumentException notFinite(int row, int feature, double value) {
    return new ArgumentException(
        "predict: row %s, feature %s is %s, expected %s",
        row,
        feature,
        value,
        Double.isFinite(value)
            ? "a smaller number: after scaling it is not a finite float"
            : "a finite number");
  }

  private void check(float[] features, int rows, float[] results, int room, int[] labels) {
    long values = (long) rows * classes;
    long decided = (long) rows * forward.decision.columns();
    String problem = null;
    if (features == results) {
      problem =
          "one array for both features and probabilities, expected two arrays: results would"
              + " overwrite the features of later rows";
    } else if (rows < 0 || features.length < (long) rows * inputs) {
      problem =
          "%s features: %s rows of %s need %s"
              .formatted(features.length, rows, inputs, (long) rows * inputs);
    } else if (room < values) {
      problem =
          "room for %s probabilities: %s rows of %s classes need %s"
              .formatted(room, rows, classes, values);
    } else if (labels != null && labels.length < decided) {
      problem = "room for %s labels: %s rows need %s".formatted(labels.length, rows, decided);
    }
    if (problem != null) {
      throw new IllegalArgumentException("predict: " + problem);
    }
  }

  /** {@return such as {@code Predictor[4 inputs -> 3 classes, 100 rows at a time]}} */
  @Override
  public String toString() {
    return "Predictor[%s inputs -> %s %s, %s rows at a time]"
        .formatted(inputs, classes, loss.task().outputs(), maxRows);
  }
}
