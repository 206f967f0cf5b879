package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.nn.Backpropagation;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;

/**
 * Measures a model on the rows of a split. Rows that are unscaled are scaled by the scaling that is
 * stored with the model, as {@link dev.lanewise.nn.Predictor} does, and rows under another scaling
 * are refused; where both have names for classes, labels go by name.
 */
public final class Evaluator {
  private Evaluator() {}

  /**
   * What can be said of all rows in two numbers: see {@link Evaluation#loss} and {@link
   * Evaluation#accuracy}.
   *
   * @param loss the mean loss
   * @param accuracy the share of the rows that are right, or R2
   */
  public record Score(double loss, double accuracy) {}

  /**
   * Loss and accuracy alone, which are those of {@link #evaluate}; nothing is kept of the rows.
   *
   * @param model the model
   * @param data the rows, unscaled or scaled as the model expects
   * @param threads how many threads to use, at least 1; the result does not depend on it
   * @return the two numbers
   * @throws IllegalArgumentException as {@link #evaluate}
   */
  public static Score score(Mlp model, Split data, int threads) {
    Split split = Agreement.of(model, data);
    Backpropagation network = network(model, split, threads);
    try (Team team = new Team(threads)) {
      Validation pass = new Validation(network, team, model, split);
      pass.run();
      return new Score(pass.loss(), pass.accuracy());
    }
  }

  private static Backpropagation network(Mlp model, Split split, int threads) {
    int batch = Math.min(split.rows(), Batches.EVALUATION_ROWS * threads);
    return new Backpropagation(model.architecture(), model.loss(), batch, threads);
  }

  /**
   * Loss, accuracy and probabilities (in regression outputs) of every row, in file order. Rows with
   * weights count by them in the loss, the accuracy and all metrics: means are {@code sum(w x) /
   * sum(w)}, as scikit-learn's with {@code sample_weight}. Where a model has a scaling of targets
   * the loss is of scaled targets, as training has it; outputs, targets and errors are raw.
   *
   * @param model the model
   * @param data the rows, unscaled or scaled as the model expects
   * @param threads how many threads to use, at least 1; the result does not depend on it
   * @return the evaluation
   * @throws IllegalArgumentException if the rows have another number of features than the model or
   *     another scaling, a label that it has no class for, targets that its loss does not take, or
   *     no weight above 0
   */
  public static Evaluation evaluate(Mlp model, Split data, int threads) {
    Split split = Agreement.of(model, data);
    int rows = split.rows();
    int classes = model.architecture().outputs();
    Loss loss = model.loss();
    Backpropagation network = network(model, split, threads);
    boolean takesClasses = loss.takesClasses();
    int[] labels = takesClasses ? new int[rows] : null;
    int[] predicted = takesClasses ? new int[rows] : null;
    float[] results = new float[size(rows, classes)];
    float[] targets = takesClasses ? null : new float[results.length];
    float[] weights = split.hasWeights() ? new float[rows] : null;
    for (int row = 0; weights != null && row < rows; row++) {
      weights[row] = split.weight(row);
    }
    Tally tally = new Tally(network);
    try (Team team = new Team(threads)) {
      Batches batches = new Batches(network, team);
      batches.begin(model, split);
      while (batches.next()) {
        int first = batches.first();
        int count = batches.count();
        tally.add(
            count, split,
            first); // row by row, so that the sum does not depend on the size of a batch
        if (takesClasses) {
          System.arraycopy(network.labels(), 0, labels, first, count);
          System.arraycopy(network.predicted(), 0, predicted, first, count);
        } else {
          for (int i = 0; i < count * classes; i++) {
            targets[first * classes + i] = split.target(first + i / classes, i % classes);
          }
        }
        network.results(count, results, first * classes);
        model.targetScaling().undo(results, first * classes, count * classes, classes);
      }
    }
    return new Evaluation(
        loss,
        tally.loss(),
        tally.accuracy(),
        labels,
        predicted,
        targets,
        results,
        classes,
        weights);
  }

  private static int size(int rows, int classes) {
    long size = (long) rows * classes;
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          rows + " rows of " + classes + " classes: must be below 2^31 probabilities");
    }
    return (int) size;
  }
}
