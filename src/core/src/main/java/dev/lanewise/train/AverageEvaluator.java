package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Score;
import dev.lanewise.metrics.Tally;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import dev.lanewise.parallel.Team;
import java.util.stream.IntStream;

/** Measures a model of several networks by its averaged predictions. */
final class AverageEvaluator {
  /**
   * The smallest probability in a loss: the smallest float above 0. A network's own loss comes from
   * logits and is finite where its probability, a float, is 0.
   */
  private static final double LEAST = 0x1p-149;

  private final Model model;
  private final Split split;
  private final int columns;
  private final Scaling scaling; // of the targets
  private final Tally tally;
  private final boolean keeps;
  private final float[] results; // of all rows, if they are kept
  private final double[] exact; // likewise, in regression
  private final int[] predicted; // likewise, where there are labels
  private final int[] places; // likewise, where there are classes

  /** Measures all rows; keeps the results of single rows if wanted. */
  AverageEvaluator(Model model, Split split, int threads, boolean keeps) {
    this.model = model;
    this.split = split;
    this.keeps = keeps;
    columns = model.outputs();
    scaling = split.targetScaling();
    Loss loss = model.loss();
    tally = new Tally(loss, columns);
    int kept = keeps ? split.rows() : 0;
    int labels = loss.takesClasses() ? 1 : loss.isRegression() ? 0 : columns;
    results = new float[kept * columns];
    exact = loss.isRegression() ? new double[results.length] : null;
    predicted = new int[kept * labels];
    places = loss.takesClasses() ? new int[kept] : null;
    int members = Math.min(Team.most(threads), 1 + split.rows() / Batches.EVALUATION_ROWS);
    int block = Batches.EVALUATION_ROWS * members;
    Predictor[] predictors = new Predictor[members];
    float[][] features = new float[members][Batches.EVALUATION_ROWS * split.features()];
    double[][] outputs = new double[members][Batches.EVALUATION_ROWS * columns];
    int[][] decided = new int[members][Batches.EVALUATION_ROWS * labels];
    for (int m = 0; m < members; m++) {
      predictors[m] = model.predictor(Batches.EVALUATION_ROWS);
    }
    try (Team team = new Team(members)) {
      for (int first = 0; first < split.rows(); first += block) {
        int begin = first;
        team.run(
            m -> {
              int count = count(begin, m);
              int row = begin + m * Batches.EVALUATION_ROWS;
              if (count > 0) {
                split.copyRows(null, row, count, features[m], 0);
                predict(predictors[m], features[m], row, count, outputs[m], decided[m]);
              }
            });
        for (int m = 0; m < members; m++) {
          for (int i = 0; i < count(begin, m); i++) {
            add(begin + m * Batches.EVALUATION_ROWS + i, outputs[m], decided[m], i);
          }
        }
      }
    }
  }

  private static void predict(
      Predictor predictor, float[] features, int row, int count, double[] outputs, int[] decided) {
    try {
      predictor.predictScaled(features, count, outputs, decided);
    } catch (ArithmeticException e) {
      throw new ArithmeticException("rows from " + row + " on: " + e.getMessage());
    }
  }

  /** Returns the number of rows of a member in a block. */
  private int count(int first, int member) {
    int left = split.rows() - first - member * Batches.EVALUATION_ROWS;
    return Math.max(0, Math.min(Batches.EVALUATION_ROWS, left));
  }

  /** Adds a row by its averages, in place i of a batch. */
  private void add(int row, double[] outputs, int[] decided, int i) {
    double weight = split.weight(row);
    int at = i * columns;
    if (model.loss().takesClasses()) {
      int label = split.label(row);
      if (label < columns) {
        tally.add(weight, minusLog(outputs[at + label]), decided[i] == label);
      } else {
        tally.addOutside(weight);
      }
      if (keeps) {
        predicted[row] = decided[i];
        places[row] =
            label >= columns
                ? columns
                : (int)
                    IntStream.range(0, columns)
                        .filter(c -> isBefore(outputs[at + c], c, outputs[at + label], label))
                        .count();
      }
    } else {
      double loss = 0;
      for (int k = 0; k < columns; k++) {
        double y = outputs[at + k];
        double t = split.target(row, k);
        loss += loss(y, t, k);
        // A tally takes the sums before a sigmoid, which are above 0 where the output holds.
        tally.add(k, weight, model.loss().isRegression() ? y : y - 0.5, t);
      }
      tally.add(weight, loss / columns);
      if (keeps && !model.loss().isRegression()) {
        System.arraycopy(decided, at, predicted, row * columns, columns);
      }
    }
    for (int k = 0; keeps && k < columns; k++) {
      boolean regression = exact != null;
      results[row * columns + k] =
          regression ? scaling.scale(outputs[at + k], k) : (float) outputs[at + k];
      if (regression) {
        exact[row * columns + k] = outputs[at + k];
      }
    }
  }

  private static boolean isBefore(double other, int c, double own, int label) {
    return other > own || other == own && c < label;
  }

  private static double minusLog(double probability) {
    return -StrictMath.log(Math.max(probability, LEAST)); // a NaN stays a NaN
  }

  /** Returns the loss of one output, in regression in the scale of the targets. */
  private double loss(double y, double t, int output) {
    double d = Math.abs((double) scaling.scale(y, output) - scaling.scale(t, output));
    return switch (model.loss()) {
      case SIGMOID -> t * minusLog(y) + (1 - t) * minusLog(1 - y);
      case MSE -> d * d;
      case HUBER -> d > 1 ? d - 0.5 : 0.5 * d * d;
      case MAE -> d;
      default -> throw new IllegalStateException("loss " + model.loss());
    };
  }

  Score score() {
    return tally.score();
  }

  Evaluation evaluation() {
    return Evaluation.of(model.loss(), score(), split, predicted, places, results, exact);
  }
}
