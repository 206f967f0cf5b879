package dev.lanewise.selection;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Imbalance;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.metrics.RegressionMetrics;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Computes the figures of an evaluation with the influence of each row. */
final class RowFigures {
  private static final double ROUNDING = 1e-12; // rounding error of sums of shares

  private final Evaluation evaluation;
  private final int rows;
  private final int outputs;
  private final double[] weights; // [rows]

  RowFigures(Evaluation evaluation) {
    this.evaluation = evaluation;
    rows = evaluation.rows();
    outputs = evaluation.classes();
    weights = new double[rows];
    Arrays.setAll(weights, evaluation::weight);
  }

  /** Returns a figure by the name that {@link Evaluation#figures} has; null for an unknown one. */
  RowFigure figure(String name) {
    boolean takesClasses = evaluation.kind().task().hasClasses();
    boolean isBinary = takesClasses && outputs == 2;
    boolean takesFlags = evaluation.kind().task().hasLabels();
    if (evaluation.kind().task().hasNumbers()) {
      return switch (name) {
        case "r2" -> r2();
        case "mae" -> mean(row -> error(row, false), RowFigure.Scale.ERROR);
        case "mse", "rmse" -> {
          RowFigure mse = mean(row -> error(row, true), RowFigure.Scale.ERROR);
          double root = Math.sqrt(mse.value());
          yield name.equals("mse") ? mse : mse.times(1 / (2 * root), root);
        }
        default -> null;
      };
    }
    return switch (name) {
      case "loss" -> loss(Scaling.none());
      case "accuracy" -> mean(this::right, RowFigure.Scale.SHARE);
      case "balanced_accuracy" -> takesClasses ? balanced() : null;
      case "matthews" -> takesClasses ? matthews() : null;
      case "roc_auc" -> isBinary ? ranking(rarer()).area() : null;
      case "average_precision" -> isBinary ? ranking(rarer()).precision() : null;
      case "roc_auc_macro" -> takesFlags ? areas(false) : null;
      case "roc_auc_weighted" -> takesFlags ? areas(true) : null;
      default -> null;
    };
  }

  /** Returns the clearly rarer of two classes, or else class 1. */
  private int rarer() {
    return Imbalance.of(evaluation).map(Imbalance::rarest).orElse(1);
  }

  private RowFigure mean(IntToDoubleFunction value, RowFigure.Scale scale) {
    double[] values = new double[rows];
    Arrays.setAll(values, value);
    return RowFigure.mean(values, weights, scale);
  }

  /** Returns whether a row's class is right, as 1 or 0; of flags the share that is. */
  double right(int row) {
    if (evaluation.kind().task().hasClasses()) {
      return evaluation.predicted(row) == evaluation.label(row) ? 1 : 0;
    }
    double[] targets = evaluation.target(row);
    double count = 0;
    for (int k = 0; k < outputs; k++) {
      count += evaluation.isPredicted(row, k) == targets[k] > 0.5 ? 1 : 0;
    }
    return count / outputs;
  }

  /** Returns the mean squared or absolute error of a row's outputs. */
  private double error(int row, boolean isSquared) {
    double[] targets = evaluation.target(row);
    double sum = 0;
    for (int k = 0; k < outputs; k++) {
      double d = Math.abs(evaluation.value(row, k) - targets[k]);
      sum += isSquared ? d * d : d;
    }
    return sum / outputs;
  }

  /**
   * Returns the loss, of classes and labels from their probabilities; it is left out for classes
   * not in the model.
   *
   * @param scaling that of numeric targets, whose loss is that of scaled numbers
   */
  RowFigure loss(Scaling scaling) {
    Loss kind = evaluation.kind();
    double[] losses = new double[rows];
    double[] counted = weights.clone();
    for (int row = 0; row < rows; row++) {
      if (!kind.task().hasClasses()) {
        double[] targets = evaluation.target(row);
        for (int k = 0; k < outputs; k++) {
          double y = evaluation.value(row, k);
          losses[row] +=
              kind.task().hasNumbers()
                  ? kind.of(scaling.scale(y, k), scaling.scale(targets[k], k)) / outputs
                  : kind.of(y, targets[k]) / outputs;
        }
      } else if (evaluation.label(row) == outputs) {
        counted[row] = 0;
      } else {
        losses[row] = kind.of(evaluation.value(row, evaluation.label(row)), 1);
      }
    }
    RowFigure mean = RowFigure.mean(losses, counted, RowFigure.Scale.ERROR);
    return mean.times(1, evaluation.loss());
  }

  private RowFigure balanced() {
    Metrics metrics = Metrics.of(evaluation);
    List<Metrics.Scores> present =
        metrics.scores().stream().filter(each -> each.weight() > 0).toList();
    double[] influences = new double[rows];
    for (int row = 0; row < rows; row++) {
      Metrics.Scores own = metrics.scores().get(evaluation.label(row));
      if (weights[row] > 0) {
        influences[row] =
            weights[row] * (right(row) - own.recall()) / (own.weight() * present.size());
      }
    }
    int least = present.stream().mapToInt(Metrics.Scores::support).min().orElseThrow();
    return new RowFigure(metrics.balancedAccuracy(), influences, RowFigure.Scale.SHARE, least);
  }

  /**
   * Returns Matthews' coefficient: the covariance of true and predicted classes over the root of
   * the product of their variances.
   */
  private RowFigure matthews() {
    double all = Arrays.stream(weights).sum();
    double[] actual = new double[outputs + 2]; // shares; also of classes that the model lacks
    double[] predicted = new double[outputs + 2]; // the first is for rows without prediction
    double right = 0;
    for (int row = 0; row < rows; row++) {
      actual[evaluation.label(row) + 1] += weights[row] / all;
      predicted[evaluation.predicted(row) + 1] += weights[row] / all;
      right += right(row) * weights[row] / all;
    }
    double both = product(actual, predicted);
    double ofActual = 1 - product(actual, actual);
    double ofPredicted = 1 - product(predicted, predicted);
    boolean varies = ofActual > ROUNDING && ofPredicted > ROUNDING; // else it has none
    double root = varies ? Math.sqrt(ofActual * ofPredicted) : Double.NaN;
    double value = (right - both) / root;
    double[] influences = new double[rows];
    for (int row = 0; row < rows; row++) {
      double ofLabel = actual[evaluation.predicted(row) + 1];
      double ofPrediction = predicted[evaluation.label(row) + 1];
      double common = right(row) - ofPrediction - ofLabel + both;
      double spreads =
          (2 - 2 * actual[evaluation.label(row) + 1] - ofActual) / ofActual
              + (2 - 2 * predicted[evaluation.predicted(row) + 1] - ofPredicted) / ofPredicted;
      influences[row] = weights[row] / all * (common / root - value / 2 * spreads);
    }
    return new RowFigure(value, influences, RowFigure.Scale.CORRELATION, rows);
  }

  private static double product(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  /** Returns the mean R2 of the outputs. */
  private RowFigure r2() {
    RegressionMetrics metrics = RegressionMetrics.of(evaluation);
    double[] influences = new double[rows];
    for (int k = 0; k < outputs; k++) {
      double[] targets = new double[rows];
      for (int row = 0; row < rows; row++) {
        targets[row] = evaluation.target(row)[k] - evaluation.target(0)[k]; // keeps digits
      }
      double mean = RowFigure.mean(targets, weights, RowFigure.Scale.ERROR).value();
      double spread = 0;
      for (int row = 0; row < rows; row++) {
        spread += weights[row] * (targets[row] - mean) * (targets[row] - mean);
      }
      for (int row = 0; row < rows; row++) {
        double error = evaluation.value(row, k) - evaluation.target(row)[k];
        double own = (targets[row] - mean) * (targets[row] - mean) * (1 - metrics.r2(k));
        influences[row] += weights[row] * (own - error * error) / (spread * outputs);
      }
    }
    return new RowFigure(metrics.r2(), influences, RowFigure.Scale.R2, rows);
  }

  /** Ranks the rows by the probability of a class or label. */
  ClassRanking ranking(int c) {
    boolean[] positive = new boolean[rows];
    double[] scores = new double[rows];
    for (int row = 0; row < rows; row++) {
      positive[row] =
          evaluation.kind().task().hasClasses()
              ? evaluation.label(row) == c
              : evaluation.target(row)[c] > 0.5;
      scores[row] = evaluation.value(row, c);
    }
    return new ClassRanking(positive, scores, weights);
  }

  /** Returns the mean of the areas of the labels that have one, with their weights as given. */
  private RowFigure areas(boolean isWeighted) {
    double[] influences = new double[rows];
    double mean = 0;
    double sum = 0;
    double least = rows;
    for (int k = 0; k < outputs; k++) {
      ClassRanking ranking = ranking(k);
      RowFigure area = ranking.area();
      if (!Double.isNaN(area.value())) {
        double weight = isWeighted ? ranking.positives() : 1;
        mean += weight * area.value();
        sum += weight;
        least = Math.min(least, area.least());
        for (int row = 0; row < rows; row++) {
          influences[row] += weight * area.influences()[row];
        }
      }
    }
    RowFigure all = new RowFigure(mean, influences, RowFigure.Scale.RANKING, least);
    return all.times(1 / sum, mean / sum);
  }
}
