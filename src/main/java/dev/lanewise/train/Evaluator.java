package dev.lanewise.train;

import dev.lanewise.data.Agreement;
import dev.lanewise.data.Split;
import dev.lanewise.engine.Backpropagation;
import dev.lanewise.engine.Decision;
import dev.lanewise.engine.ModelAccess;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Score;
import dev.lanewise.metrics.Tally;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;
import java.util.Objects;

/**
 * Measures a model on the rows of a split. Rows that are unscaled are scaled by the scaling that is
 * stored with the model, as {@link dev.lanewise.nn.Predictor} does, and rows under another scaling
 * are refused; where both have names for classes, labels go by name.
 */
public final class Evaluator {
  private Evaluator() {}

  /**
   * Measures loss, accuracy and errors only. They equal those of {@link #evaluate}, but no results
   * of the rows are stored.
   *
   * @param model the model
   * @param data the rows, unscaled or scaled as the model expects
   * @param threads how many threads to use, at least 1, but no more than there are cores; the
   *     result does not depend on it
   * @return the measures
   * @throws IllegalArgumentException as {@link #evaluate}
   */
  public static Score score(Mlp model, Split data, int threads) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(data, "data");
    Split split = Agreement.measured(model, data);
    ThreadChoice choice = new ThreadChoice(Team.most(threads));
    Backpropagation network = network(model, split, choice);
    try (Team team = new Team(choice.most())) {
      Validation pass = new Validation(network, team, choice, model, split);
      pass.run();
      return pass.score();
    }
  }

  private static Backpropagation network(Mlp model, Split split, ThreadChoice choice) {
    int threads = choice.most();
    int batch = Math.min(split.rows(), Batches.EVALUATION_ROWS * threads);
    return Backpropagation.of(model, batch, threads);
  }

  /**
   * Loss, accuracy and probabilities (in regression outputs) of every row, in file order. Rows with
   * weights count by them in the loss, the accuracy and all metrics: means are {@code sum(w x) /
   * sum(w)}, as scikit-learn's with {@code sample_weight}. A row with a class that the model does
   * not have counts as wrong, and the mean loss is that of the other rows. Where a model has a
   * scaling of targets the loss is of scaled targets, as training has it; outputs, targets and
   * errors are raw.
   *
   * @param model the model
   * @param data the rows, unscaled or scaled as the model expects
   * @param threads how many threads to use, at least 1, but no more than there are cores; the
   *     result does not depend on it
   * @return the evaluation
   * @throws IllegalArgumentException if the rows have another number of features than the model or
   *     another scaling, no class of the model in any row, targets that its loss does not take, or
   *     no weight above 0
   * @throws ArithmeticException if a result is not finite
   */
  public static Evaluation evaluate(Mlp model, Split data, int threads) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(data, "data");
    Split split = Agreement.measured(model, data);
    int rows = split.rows();
    int classes = model.architecture().outputs();
    ThreadChoice choice = new ThreadChoice(Team.most(threads));
    Backpropagation network = network(model, split, choice);
    Decision decision = new Decision(ModelAccess.of(model).objective(), classes);
    int[] predicted = new int[size(rows, decision.columns())];
    int[] places = model.loss().takesClasses() ? new int[rows] : null;
    float[] results = new float[size(rows, classes)];
    Tally tally = new Tally(model.loss(), classes);
    try (Team team = new Team(choice.most())) {
      Batches batches = new Batches(network, team, choice);
      batches.begin(model, split);
      while (batches.next()) {
        int first = batches.first();
        int count = batches.count();
        Validation.add(tally, network, count, split, first);
        decision.decide(network.outputs(), count, predicted, first * decision.columns());
        for (int i = 0; places != null && i < count; i++) {
          int label = split.label(first + i);
          places[first + i] =
              label < classes ? decision.place(network.outputs(), i, label) : classes;
        }
        network.results(count, results, first * classes);
      }
    }
    Evaluation all = Evaluation.of(model.loss(), tally.score(), split, predicted, places, results);
    requireFinite(all);
    return all;
  }

  private static void requireFinite(Evaluation evaluation) {
    for (int row = 0; row < evaluation.rows(); row++) {
      for (int k = 0; k < evaluation.classes(); k++) {
        double value = evaluation.value(row, k);
        if (!Double.isFinite(value)) {
          throw new ArithmeticException(
              "row %s, output %s is %s, expected a finite number (did the model diverge?)"
                  .formatted(row, k, value));
        }
      }
    }
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
