package dev.lanewise.train;

import dev.lanewise.data.Agreement;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Folds;
import dev.lanewise.data.Split;
import dev.lanewise.engine.Backpropagation;
import dev.lanewise.engine.Decision;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Score;
import dev.lanewise.metrics.Tally;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Model;
import dev.lanewise.nn.internal.ModelParts;
import dev.lanewise.parallel.Team;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Measures a model on the rows of a split. If it has several networks, a calibration or a rule of
 * decision, everything is measured on the results that a {@link dev.lanewise.nn.Predictor} gives;
 * the loss is then computed from these in double. Unscaled rows are scaled by the scaling that is
 * stored with the model, as {@link dev.lanewise.nn.Predictor} does, and rows with another scaling
 * are refused. Where model and split both have names for classes, labels are matched by name.
 */
public final class Evaluator {
  private Evaluator() {}

  /**
   * Measures only loss, accuracy and errors, which equal those of {@link #evaluate}, without
   * storing results of rows.
   *
   * @param model the model
   * @param data the rows, unscaled or scaled as the model expects
   * @param threads number of threads, at least 1; more than there are cores are not used, and the
   *     result does not depend on it
   * @return the measures
   * @throws IllegalArgumentException in the same cases as {@link #evaluate}
   */
  public static Score score(Model model, Split data, int threads) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(data, "data");
    Split split = Agreement.measured(model, data);
    if (isAveraged(model)) {
      return AverageEvaluator.score(model, split, threads);
    }
    return tally(model.members().get(0), split, threads).score();
  }

  /** Returns whether predictions are more than the results of a network. */
  private static boolean isAveraged(Model model) {
    return model.members().size() > 1
        || model.calibration().isPresent()
        || model.rule().isPresent();
  }

  private static Tally tally(Mlp model, Split split, int threads) {
    ThreadChoice choice = new ThreadChoice(Team.most(threads));
    Backpropagation network = network(model, split, choice);
    try (Team team = new Team(choice.most())) {
      Validation pass = new Validation(network, team, choice, model, split);
      pass.run();
      return pass.tally();
    }
  }

  /**
   * Measures each network of a model alone on its own fold, on which it was not trained.
   *
   * @param model the model
   * @param data the rows of its training file, divided as for the training
   * @param threads as for {@link #score}
   * @return loss and accuracy over all rows so measured; empty without folds
   */
  public static Optional<Score> validation(Model model, Dataset data, int threads) {
    Optional<Folds> folds = Folds.of(model, data);
    List<Mlp> networks = model.members();
    return folds
        .map(f -> IntStream.range(0, networks.size()).mapToObj(f::member).toList())
        .flatMap(rows -> validation(networks, rows, threads));
  }

  /**
   * Measures each network on its own validation rows.
   *
   * @param networks the networks
   * @param rows the rows of each network
   * @param threads as for {@link #score}
   * @return loss and accuracy over the validation rows of all; empty if none has such rows
   * @throws IllegalArgumentException if there are not as many data sets as networks, and in the
   *     same cases as {@link #evaluate}
   */
  public static Optional<Score> validation(List<Mlp> networks, List<Dataset> rows, int threads) {
    Objects.requireNonNull(networks, "networks");
    Objects.requireNonNull(rows, "rows");
    if (networks.size() != rows.size()) {
      throw new ArgumentException(
          "%s data sets, expected one for each of %s networks", rows.size(), networks.size());
    }
    Tally all = null;
    for (int m = 0; m < networks.size(); m++) {
      Optional<Split> part = rows.get(m).validation();
      if (part.isPresent()) {
        Split split = Agreement.measured(networks.get(m), part.get());
        Tally own = tally(networks.get(m), split, threads);
        if (all == null) {
          all = own;
        } else {
          all.add(own);
        }
      }
    }
    return Optional.ofNullable(all).map(Tally::score);
  }

  private static Backpropagation network(Model model, Split split, ThreadChoice choice) {
    int threads = choice.most();
    int batch = Math.min(split.rows(), Batches.EVALUATION_ROWS * threads);
    return ModelParts.access().backpropagation(model.members().get(0), batch, threads);
  }

  /**
   * {@return loss, accuracy and the probabilities (for regression the outputs) of every row, in
   * file order} The loss, the accuracy and all metrics are means over rows with their weights,
   * {@code sum(w x) / sum(w)}, as in scikit-learn with {@code sample_weight}. A row with a class
   * that the model does not have counts as wrong, and the mean loss leaves it out. If the model
   * scales targets, the loss is that of scaled targets, as in training, while outputs, targets and
   * errors are in the units of the data.
   *
   * @param model the model
   * @param data the rows, unscaled or scaled as the model expects
   * @param threads as for {@link #score}
   * @throws IllegalArgumentException if the rows differ from the model in the number of features or
   *     the scaling, no row has a class of the model, the loss does not take the targets, or no
   *     weight is above 0
   * @throws ArithmeticException if a result is not finite
   */
  public static Evaluation evaluate(Model model, Split data, int threads) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(data, "data");
    Split split = Agreement.measured(model, data);
    int rows = split.rows();
    int classes = model.outputs();
    size(rows, classes);
    if (isAveraged(model)) {
      Evaluation average = new AverageEvaluator(model, split, 0, threads).evaluation();
      requireFinite(average);
      return average;
    }
    ThreadChoice choice = new ThreadChoice(Team.most(threads));
    Backpropagation network = network(model, split, choice);
    Decision decision = new Decision(network.loss(), classes);
    int[] predicted = new int[size(rows, decision.columns())];
    int[] places = model.loss().takesClasses() ? new int[rows] : null;
    float[] results = new float[size(rows, classes)];
    Tally tally = new Tally(model.loss(), classes);
    try (Team team = new Team(choice.most())) {
      Batches batches = new Batches(network, team, choice);
      batches.begin(model.members().get(0), split);
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
    Evaluation all =
        Evaluation.of(model.loss(), tally.score(), split, predicted, places, results, null);
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
      throw new ArgumentException(
          "%s rows of %s classes, expected less than 2^31 probabilities", rows, classes);
    }
    return (int) size;
  }
}
