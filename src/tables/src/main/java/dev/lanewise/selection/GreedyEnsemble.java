package dev.lanewise.selection;

import dev.lanewise.data.Split;
import dev.lanewise.format.internal.ArgumentException;
import dev.lanewise.metrics.internal.HeldOut;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Models that were selected one after another, each so that the average of the predictions has the
 * smallest loss: forward selection with replacement (Caruana, Niculescu-Mizil, Crew and Ksikes,
 * "Ensemble selection from libraries of models", 2004). A model that is selected more often has
 * more weight. The rows must be rows that the networks were not trained on.
 *
 * @param members numbers of the models, from 0, each once, in the order of their first selection
 * @param weights how often each of these was selected, without a common divisor: its weight in the
 *     average
 * @param loss the mean loss of the average on the rows. It is smaller than on other rows, as it was
 *     made small here
 */
public record GreedyEnsemble(List<Integer> members, List<Integer> weights, double loss) {
  /**
   * Copies the lists.
   *
   * @param members at least one
   * @param weights one for each
   * @param loss of the average
   */
  public GreedyEnsemble {
    members = List.copyOf(members);
    weights = List.copyOf(weights);
  }

  /**
   * {@return the selection of models for some rows} Of all sizes up to the largest, it has the one
   * with the smallest loss, the first of equals.
   *
   * @param models models with the same number of networks and the same facts about data
   * @param rows the rows for each network of a model: its own fold, or the same rows for all
   * @param most largest number of selections, at least 1
   * @throws IllegalArgumentException if there are no models, the number is below 1, a model has
   *     another number of networks, or the rows do not fit
   */
  public static GreedyEnsemble of(List<? extends Model> models, List<Split> rows, int most) {
    Objects.requireNonNull(rows, "rows");
    if (models.isEmpty() || most < 1) {
      throw new ArgumentException(
          "%s of %s models to select, expected at least one model", most, models.size());
    }
    for (Model model : models) {
      if (model.members().size() != rows.size()) {
        throw new ArgumentException(
            "a model of %s networks, expected %s as there are folds",
            model.members().size(), rows.size());
      }
    }
    List<List<Mlp>> groups = models.stream().<List<Mlp>>map(Model::members).toList();
    HeldOut held = HeldOut.of(groups, rows);
    List<Integer> selected = held.selected(most, false);
    return of(selected, held.loss(selected));
  }

  /** Counts selections, and divides their numbers by the greatest common divisor. */
  private static GreedyEnsemble of(List<Integer> selected, double loss) {
    Map<Integer, Integer> counts = new LinkedHashMap<>();
    selected.forEach(member -> counts.merge(member, 1, Integer::sum));
    int divisor =
        counts.values().stream()
            .map(BigInteger::valueOf)
            .reduce(BigInteger.ZERO, BigInteger::gcd)
            .intValueExact();
    List<Integer> weights = counts.values().stream().map(count -> count / divisor).toList();
    return new GreedyEnsemble(List.copyOf(counts.keySet()), weights, loss);
  }
}
