package dev.lanewise.selection;

import dev.lanewise.data.Rows;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.internal.HeldOut;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

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
   * {@return the selection of models for some rows} Of all sizes from the beginning to the largest,
   * it has the one with the smallest loss, the first of equals.
   *
   * @param models models with the same number of networks and the same facts about data
   * @param rows the rows for each network of a model: its own fold, or the same rows for all
   * @param first largest number of models that it begins with, each once: those at the beginning of
   *     the list, as many as have the smallest loss together; 0 for a beginning without any
   * @param further largest number of selections after these
   * @throws IllegalArgumentException if there are no models, a number is out of range or both are
   *     0, a model has another number of networks, or the rows do not fit
   */
  public static GreedyEnsemble of(
      List<? extends Model> models, List<Rows> rows, int first, int further) {
    Objects.requireNonNull(rows, "rows");
    boolean isInRange = first >= 0 && first <= models.size() && further >= 0;
    if (models.isEmpty() || !isInRange || first + further == 0) {
      throw new ArgumentException(
          "%s of %s models to begin with and %s further selections, expected at least one model",
          first, models.size(), further);
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
    int begun =
        IntStream.rangeClosed(1, first)
            .boxed()
            .min(Comparator.comparingDouble(n -> held.loss(IntStream.range(0, n).boxed().toList())))
            .orElse(0);
    List<Integer> selected = held.selected(begun, further);
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
