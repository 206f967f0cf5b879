package dev.lanewise.metrics;

import dev.lanewise.data.Rows;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.train.Figure;
import dev.lanewise.train.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The results of a model for the rows of a split. */
public final class Evaluation {
  private final Loss kind;
  private final Score score;
  final int[]
      labels; // [rows], or the number of classes for a class that the model lacks; null without
  // classes
  final int[] predicted; // [rows], or [rows][classes] of a sigmoid loss: 1 or 0; null in regression
  final int[] places; // [rows], rank of the true class in the order of choice; null if not known
  final double[] targets; // [rows][classes]; null if they are classes
  final float[] results; // [rows][classes], probabilities or outputs as the network gives them
  private final Scaling scaling; // scaling of the targets; value() undoes it
  private final double[] exact; // [rows][classes], numbers in the data's units; null: by scaling
  private final int classes;
  final float[] weights; // [rows]
  private final boolean weighted;

  private Evaluation(
      Loss kind,
      Score score,
      Rows rows,
      int[] predicted,
      int[] places,
      float[] results,
      double[] exact) {
    int count = rows.rows();
    boolean takesClasses = kind.task().hasClasses();
    this.kind = kind;
    this.score = score;
    this.classes = results.length / count;
    this.predicted = predicted;
    this.places = places;
    this.results = results;
    this.exact = exact;
    scaling = rows.targetScaling();
    labels = takesClasses ? new int[count] : null;
    targets = takesClasses ? null : new double[results.length];
    weights = new float[count];
    weighted = rows.hasWeights();
    for (int row = 0; row < count; row++) {
      if (takesClasses) {
        labels[row] = Math.min(rows.label(row), classes);
      } else {
        for (int k = 0; k < classes; k++) {
          targets[row * classes + k] = rows.target(row, k);
        }
      }
      weights[row] = rows.weight(row);
    }
  }

  /**
   * {@return an evaluation of the results of any program for the rows of a split}
   *
   * @param kind the loss of the model
   * @param score the mean loss and the accuracy
   * @param rows the rows, with their targets and weights
   * @param predicted [rows], the class of each, -1 for none; not used if the loss does not take
   *     classes
   * @param results [rows][outputs], probabilities, or in regression outputs of the network, scaled
   *     as {@link Rows#targetScaling} says; neither array is copied
   * @throws IllegalArgumentException if the arrays do not match the rows, or a class has no
   *     probability
   */
  public static Evaluation of(Loss kind, Score score, Rows rows, int[] predicted, float[] results) {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(results, "results");
    int[] decided = kind.task().hasClasses() ? predicted : null;
    if (kind.task().hasLabels()) { // without the sums, the probabilities decide
      decided = new int[results.length];
      for (int i = 0; i < results.length; i++) {
        decided[i] = results[i] > 0.5f ? 1 : 0;
      }
    }
    return of(kind, score, rows, decided, null, results, null);
  }

  /**
   * Makes an evaluation of the results of a model for the rows of a split, with the classes that
   * the pre-activations of the last layer decide, which may differ where the probabilities do not.
   * A label that is at least the number of outputs is a class that the model does not have.
   *
   * @param kind the loss of the model
   * @param score the mean loss and the accuracy
   * @param rows the rows, with their targets and weights
   * @param predicted [rows], the class of each, -1 for none; for a sigmoid loss [rows][outputs], 1
   *     where an output holds, else 0; not used in regression
   * @param places [rows], number of classes chosen before the true one; null if not known, or if
   *     the loss does not take classes
   * @param results as for {@link #of(Loss, Score, Rows, int[], float[])}; no array is copied
   * @param exact [rows][outputs], in regression the predicted numbers in the units of the data;
   *     null if the results give them
   * @return the evaluation
   * @throws IllegalArgumentException as there
   */
  public static Evaluation of(
      Loss kind,
      Score score,
      Rows rows,
      int[] predicted,
      int[] places,
      float[] results,
      double[] exact) {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(score, "score");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(results, "results");
    if (results.length == 0
        || results.length % rows.rows() != 0
        || !kind.task().hasClasses() && results.length / rows.rows() != rows.outputs()
        || kind.task().hasClasses() && predicted.length != rows.rows()
        || kind.task().hasLabels() && predicted.length != results.length
        || places != null && places.length != rows.rows()) {
      throw new ArgumentException(
          "%s predictions and %s results of %s rows with %s targets each, expected as many"
              + " predictions as targets",
          kind.task().hasNumbers() ? "no" : predicted.length,
          results.length,
          rows.rows(),
          rows.outputs());
    }
    Evaluation all = new Evaluation(kind, score, rows, predicted, places, results, exact);
    for (int row = 0; all.labels != null && row < rows.rows(); row++) {
      boolean isStrange = places == null && rows.label(row) >= all.classes;
      if (isStrange || predicted[row] < -1 || predicted[row] >= all.classes) {
        throw MetricRows.noClass(row, rows.label(row), predicted[row], all.classes);
      }
    }
    return all;
  }

  /** {@return the loss of the model} */
  public Loss kind() {
    return kind;
  }

  /** {@return the number of rows} */
  public int rows() {
    return results.length / classes;
  }

  /** {@return the number of outputs, which are classes with a softmax loss} */
  public int classes() {
    return classes;
  }

  /**
   * Returns the mean loss. Rows count by their weights in all results here.
   *
   * @return such as cross entropy in nats or the mean squared error; of scaled targets if the model
   *     has a scaling of them, while {@link RegressionMetrics} are in raw units
   */
  public double loss() {
    return score.loss();
  }

  /**
   * Returns the share of the rows whose class is predicted; with a sigmoid loss the share of the
   * outputs whose probability is on the same side of 1/2 as the target; in regression R2 in the
   * units of the data, the mean over the outputs of {@code 1 - sum(w (y - t)^2) / sum(w (t - mean
   * t)^2)}, where equal targets give 1 if they are met, else 0, as scikit-learn's {@code r2_score}
   * does.
   *
   * @return from 0 to 1; R2 also below 0
   */
  public double accuracy() {
    return score.accuracy();
  }

  /** {@return the loss, the accuracy and, in regression, the errors} */
  public Score score() {
    return score;
  }

  /**
   * {@return the figures of the whole split besides the loss, which text, JSON and report show} For
   * unequal classes they include those of {@link Imbalance}, of which those of the ranking are
   * first.
   */
  public List<Figure> figures() {
    if (kind.task().hasNumbers()) {
      return RegressionMetrics.of(this).figures();
    } else if (kind.task().hasLabels()) {
      RocAuc auc = RocAuc.of(this);
      return List.of(
          Figure.ofAccuracy(kind, accuracy()),
          new Figure(
              "subset_accuracy", subsetAccuracy(), "Share of rows whose labels are all right."),
          new Figure("roc_auc_macro", auc.macro(), "Mean ROC AUC of the labels."),
          new Figure(
              "roc_auc_weighted", auc.weighted(), "The same, weighted by rows with the label."));
    }
    Imbalance unequal = Imbalance.of(this).orElse(null);
    List<Figure> figures = new ArrayList<>(unequal == null ? List.of() : unequal.ranking());
    figures.add(Figure.ofAccuracy(kind, accuracy()));
    if (unequal != null) {
      figures.addAll(unequal.figures().subList(0, Imbalance.OF_CLASSES));
    }
    figures.add(
        new Figure(
            "matthews",
            Metrics.of(this).matthews(),
            "Matthews' correlation coefficient: 1 if all is right, 0 as by chance."));
    return figures;
  }

  /**
   * {@return the number of rows whose class the model does not have; they count as wrong and have
   * no part in the mean loss}
   */
  public int outside() {
    return labels == null ? 0 : (int) Arrays.stream(labels).filter(k -> k == classes).count();
  }

  /**
   * {@return a row's true class: its label; {@link #classes} for a class that the model does not
   * have}
   *
   * @param row from 0
   * @throws IllegalStateException if the targets are not classes
   */
  public int label(int row) {
    return of(labels)[Objects.checkIndex(row, rows())];
  }

  /**
   * {@return a row's predicted class, the first with the largest logit}
   *
   * @param row from 0
   * @throws IllegalStateException if the targets are not classes
   */
  public int predicted(int row) {
    return of(kind.task().hasClasses() ? predicted : null)[Objects.checkIndex(row, rows())];
  }

  /**
   * Returns whether an output of a sigmoid loss holds for a row.
   *
   * @param row from 0
   * @param output from 0
   * @return true where its probability before rounding is above 1/2
   * @throws IllegalStateException if the loss is another
   */
  public boolean isPredicted(int row, int output) {
    int[] decided = of(kind.task().hasLabels() ? predicted : null);
    return decided[Objects.checkIndex(row, rows()) * classes + Objects.checkIndex(output, classes)]
        > 0;
  }

  /**
   * {@return a row's probabilities, [classes], a copy}
   *
   * @param row from 0
   * @throws IllegalStateException if the loss is one of regression
   */
  public float[] probabilities(int row) {
    if (kind.task().hasNumbers()) {
      throw new IllegalStateException(
          "evaluation of loss %s: outputs are not probabilities, expected the method value"
              .formatted(kind.label()));
    }
    Objects.checkIndex(row, rows());
    return Arrays.copyOfRange(results, row * classes, (row + 1) * classes);
  }

  /**
   * {@return a result of a row: in regression the prediction in the units of its target, else a
   * probability}
   *
   * @param row from 0
   * @param output from 0
   */
  public double value(int row, int output) {
    int at = Objects.checkIndex(row, rows()) * classes + Objects.checkIndex(output, classes);
    return exact == null ? scaling.undo(results[at], output) : exact[at];
  }

  /**
   * {@return all results of a row, [classes], each as {@link #value} has it}
   *
   * @param row from 0
   */
  public double[] values(int row) {
    double[] values = new double[classes];
    Arrays.setAll(values, k -> value(row, k));
    return values;
  }

  /**
   * {@return the probability of the predicted class: the row's largest probability; NaN if all are
   * NaN}
   *
   * @param row from 0
   * @throws IllegalStateException if the targets are not classes
   */
  public float confidence(int row) {
    int label = predicted(row);
    return label < 0 ? Float.NaN : results[row * classes + label];
  }

  /**
   * {@return a row's target for a loss that does not take classes, [classes], as the data has it; a
   * copy}
   *
   * @param row from 0
   * @throws IllegalStateException if the targets are classes
   */
  public double[] target(int row) {
    Objects.checkIndex(row, rows());
    return Arrays.copyOfRange(of(targets), row * classes, (row + 1) * classes);
  }

  /** Returns a value that only one kind of target has, or throws if it is null. */
  <T> T of(T known) {
    if (known == null) {
      throw new IllegalStateException(
          "evaluation of loss "
              + kind.label()
              + (kind.task().hasClasses()
                  ? ": targets are classes, expected the methods label or predicted, or Metrics"
                  : ": targets are numbers, expected the methods target or value,"
                      + " or RegressionMetrics"));
    }
    return known;
  }

  /**
   * {@return the share of the rows with all outputs on the same side of 1/2 as their targets, for a
   * sigmoid loss, from 0 to 1}
   *
   * @throws IllegalStateException if the loss is another
   */
  public double subsetAccuracy() {
    of(kind.task().hasNumbers() ? null : targets);
    double right = 0;
    for (int row = 0; row < rows(); row++) {
      boolean all = true;
      for (int i = row * classes; i < (row + 1) * classes; i++) {
        all &= predicted[i] > 0 == targets[i] > 0.5;
      }
      right += all ? weight(row) : 0;
    }
    return right / MetricRows.sum(weights);
  }

  /** {@return whether the rows were given weights; else all weights are 1} */
  public boolean hasWeights() {
    return weighted;
  }

  /**
   * {@return the weight of a row, at least 0; 1 if the rows were given none}
   *
   * @param row from 0
   */
  public float weight(int row) {
    return weights[row];
  }

  /**
   * Describes the evaluation in a line.
   *
   * @return for people, such as {@code Evaluation[30 rows of 3 classes, loss 0.25, accuracy 0.9]}
   */
  @Override
  public String toString() {
    return "Evaluation[%s rows of %s %s, loss %s, %s %s]"
        .formatted(rows(), classes, kind.task().outputs(), loss(), kind.task().score(), accuracy());
  }
}
