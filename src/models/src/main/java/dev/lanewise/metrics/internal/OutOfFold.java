package dev.lanewise.metrics.internal;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Folds;
import dev.lanewise.model.Model;
import dev.lanewise.nn.internal.NetworkMetadata;
import dev.lanewise.rows.Division;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.Figure;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Measures the networks of a model on their folds without the rows that chose their epochs. The
 * best epoch of a network looks best on its fold. If the fold has few rows, its figure there is far
 * better than on other rows. So the figures of a network are those that its history has for the
 * mean best epoch of the networks with other folds, rounded, or for its last epoch if that comes
 * earlier, or if there are no such networks.
 */
public final class OutOfFold {
  private OutOfFold() {}

  /**
   * Measures a model's networks on the folds of its training rows.
   *
   * @param model the model
   * @param data the rows of its training file, divided as for the training
   * @param histories the history of each network
   * @param bestEpochs the epoch whose weights each network has, below 0 for the last
   * @param threads number of threads, at least 1
   * @return loss and accuracy, or R2, over all rows so measured; empty without folds, or if the
   *     histories have no figures of these rows by their own weights
   * @throws IllegalArgumentException if the number of data sets, histories or best epochs differs
   *     from the number of networks
   */
  public static Optional<Score> score(
      Model model, Dataset data, List<History> histories, List<Integer> bestEpochs, int threads) {
    Objects.requireNonNull(model, "model");
    return Folds.of(model, data)
        .flatMap(
            folds -> {
              List<Dataset> rows =
                  IntStream.range(0, model.members().size()).mapToObj(folds::member).toList();
              return score(model, rows, histories, bestEpochs, threads);
            });
  }

  /**
   * {@return whether classes count by their weights in the histories of a model's training}
   *
   * @param model the model, which knows these weights, or notes on its training
   */
  public static boolean isClassWeighted(Model model) {
    return model.weighting().isPresent() || NetworkMetadata.isWeighted(model.training());
  }

  /**
   * Measures a model's networks on their own validation rows.
   *
   * @param model the model
   * @param rows the rows of each network
   * @param histories the history of each network
   * @param bestEpochs the epoch whose weights each network has, below 0 for the last
   * @param threads number of threads, at least 1
   * @return the measures; if all weights are those of the last epoch, they are measured anew, else
   *     there are none if classes count by their weights in the histories
   * @throws IllegalArgumentException as there
   */
  public static Optional<Score> score(
      Model model,
      List<Dataset> rows,
      List<History> histories,
      List<Integer> bestEpochs,
      int threads) {
    int count = model.members().size();
    if (rows.size() != count || histories.size() != count || bestEpochs.size() != count) {
      throw new ArgumentException(
          "%s data sets, %s histories and %s best epochs, expected one for each of %s networks",
          rows.size(), histories.size(), bestEpochs.size(), count);
    } else if (bestEpochs.stream().allMatch(epoch -> epoch < 0)) {
      return Evaluator.validation(model.members(), rows, threads);
    } else if (isClassWeighted(model)) { // their figures are of weighted rows, not of these rows
      return Optional.empty();
    }
    int round = model.division().map(Division::round).orElse(0);
    List<EpochResult> results = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    for (int m = 0; m < count; m++) {
      Optional<Rows> fold = rows.get(m).validation();
      int last = histories.get(m).epochs() - 1;
      if (fold.isEmpty() || last < 0) {
        return Optional.empty();
      }
      results.add(
          histories.get(m).results().get(Math.min(last, chosen(bestEpochs, m, round, last))));
      double weight = 0; // in order, unlike the sum of a stream
      for (int row = 0; row < fold.get().rows(); row++) {
        weight += fold.get().weight(row);
      }
      weights.add(weight);
    }
    double loss = mean(results, weights, EpochResult::validLoss);
    double accuracy = mean(results, weights, EpochResult::validScore);
    boolean areNumbers = model.loss().task().hasNumbers();
    Figure figure =
        areNumbers
            ? new Figure("r2", accuracy, "Mean share of the variance of a fold that is explained.")
            : Figure.ofAccuracy(model.loss(), accuracy);
    return Double.isFinite(loss)
        ? Optional.of(new Score(loss, accuracy, List.of(figure)))
        : Optional.empty();
  }

  /**
   * Returns the rounded mean of the best epochs of networks with other folds, or the last epoch.
   */
  private static int chosen(List<Integer> bestEpochs, int member, int round, int last) {
    double mean =
        IntStream.range(0, bestEpochs.size())
            .filter(m -> round == 0 || m / round == member / round)
            .filter(m -> Folds.fold(m, round) != Folds.fold(member, round))
            .filter(m -> bestEpochs.get(m) >= 0)
            .mapToLong(bestEpochs::get)
            .average()
            .orElse(last);
    return (int) Math.floor(mean + 0.5);
  }

  private static double mean(
      List<EpochResult> results, List<Double> weights, ToDoubleFunction<EpochResult> value) {
    double sum = 0;
    double all = 0;
    for (int m = 0; m < results.size(); m++) {
      sum += weights.get(m) * value.applyAsDouble(results.get(m));
      all += weights.get(m);
    }
    return sum / all;
  }
}
