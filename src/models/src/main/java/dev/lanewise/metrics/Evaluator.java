package dev.lanewise.metrics;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.engine.internal.Network;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.model.Folds;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.PredictiveModel;
import dev.lanewise.train.RowResults;
import dev.lanewise.train.Score;
import dev.lanewise.train.internal.Tally;
import dev.lanewise.train.internal.Validation;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Measures a model on the rows of a split. If it has several networks, weights of classes, a
 * calibration or a rule of decision, everything is measured on the results that a {@link
 * dev.lanewise.nn.Predictor} gives; the loss is then computed from these in double. Unscaled rows
 * are scaled by the scaling that is stored with the model, as {@link dev.lanewise.nn.Predictor}
 * does, and rows with another scaling are refused. Where model and split both have names for
 * classes, labels are matched by name.
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
  public static Score score(PredictiveModel model, Rows data, int threads) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(data, "data");
    Optional<Mlp> network = model.singleNetwork();
    return network.isPresent()
        ? Score.of(network.get(), data, threads)
        : AverageEvaluator.tally(model, RowPreparation.measured(model, data), threads).score();
  }

  /**
   * Measures each network of a model alone on its own fold, on which it was not trained. If the
   * epoch of the network's weights was chosen by the same fold, the figures of few rows are too
   * good.
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
      Optional<Rows> part = rows.get(m).validation();
      if (part.isPresent()) {
        Mlp network = networks.get(m);
        Tally own =
            network.singleNetwork().isPresent()
                ? Validation.tally(network, part.get(), threads)
                : AverageEvaluator.tally(
                    network, RowPreparation.measured(network, part.get()), threads);
        if (all == null) {
          all = own;
        } else {
          all.add(own);
        }
      }
    }
    return Optional.ofNullable(all).map(Tally::score);
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
  public static Evaluation evaluate(PredictiveModel model, Rows data, int threads) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(data, "data");
    Evaluation all;
    if (model.singleNetwork().isEmpty()) {
      Rows split = RowPreparation.measured(model, data);
      Network.size(split.rows(), model.outputs());
      all = new AverageEvaluator(model, split, 0, threads).evaluation();
    } else {
      Loss loss = model.loss();
      RowResults of = RowResults.of(model.singleNetwork().get(), data, threads);
      all =
          Evaluation.of(
              loss, of.score(), of.rows(), of.predicted(), of.places(), of.results(), null);
    }
    requireFinite(all);
    return all;
  }

  /**
   * {@return an evaluation of probabilities that were computed elsewhere, such as changed ones}
   *
   * @param loss softmax or sigmoid
   * @param rows the rows, with the class numbers of the model
   * @param probabilities [rows][outputs], from 0 to 1
   * @param decided [rows] the predicted classes; for sigmoid [rows][outputs], 1 where an output
   *     holds, else 0; not copied
   */
  public static Evaluation ofProbabilities(
      Loss loss, Rows rows, double[] probabilities, int[] decided) {
    return AverageEvaluator.evaluation(
        Objects.requireNonNull(loss, "loss"),
        Objects.requireNonNull(rows, "rows"),
        Objects.requireNonNull(probabilities, "probabilities"),
        Objects.requireNonNull(decided, "decided"));
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
}
