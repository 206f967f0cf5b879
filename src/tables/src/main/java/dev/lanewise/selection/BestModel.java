package dev.lanewise.selection;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The best of several models on the same rows, compared with each other model.
 *
 * <p>The best is chosen by the rows that it is compared on, and of many equal models one is always
 * the best. So Holm's adjustment counts all pairs of models, n (n - 1) / 2 of n models: among equal
 * models, the best is called better than another in at most 5% of all samples.
 *
 * @param best its index, the first of equals
 * @param comparisons for each model the comparison of the best with it, without a difference from
 *     itself
 * @param adjusted for each comparison p adjusted for all pairs; 1 of the best
 */
public record BestModel(int best, List<PairedComparison> comparisons, List<Double> adjusted) {
  /** The level of p below which a difference is more than chance explains. */
  public static final double LEVEL = 1 - Interval.LEVEL;

  /**
   * Compares models.
   *
   * @param evaluations the results of each model for the same rows
   * @param figure as {@link PairedComparison#of} takes it; of {@code loss} and errors the smallest
   *     is best, else the largest
   * @param groups [rows], as there
   * @return the best and its comparisons
   * @throws IllegalArgumentException as there, or if there are no models
   */
  public static BestModel of(List<Evaluation> evaluations, String figure, int... groups) {
    if (evaluations.isEmpty()) {
      throw new ArgumentException("no models to compare, expected at least 1");
    }
    RowGroups of = PairedComparison.groups(evaluations.get(0).rows(), groups);
    List<PairedComparison.Compared> figures = new ArrayList<>();
    for (Evaluation each : evaluations) {
      PairedComparison.requireSameRows(evaluations.get(0), each);
      figures.add(PairedComparison.Compared.of(each, figure));
    }
    int count = figures.size();
    int best = 0;
    for (int i = 1; i < count; i++) {
      double gain = figures.get(i).figure().value() - figures.get(best).figure().value();
      boolean isError = figures.get(i).figure().scale() == RowFigure.Scale.ERROR;
      best = (isError ? -gain : gain) > 0 ? i : best;
    }
    double[] p = new double[count * (count - 1) / 2];
    int[] place = new int[count]; // for each model, index of its pair with the best
    int pairs = 0;
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        place[i] = j == best ? pairs : place[i];
        place[j] = i == best ? pairs : place[j];
        p[pairs++] = PairedComparison.of(figures.get(i), figures.get(j), of).p();
      }
    }
    double[] all = PairedComparison.holm(p);
    List<PairedComparison> comparisons = new ArrayList<>();
    List<Double> adjusted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      comparisons.add(PairedComparison.of(figures.get(best), figures.get(i), of));
      adjusted.add(i == best ? 1 : all[place[i]]);
    }
    return new BestModel(best, List.copyOf(comparisons), List.copyOf(adjusted));
  }

  /**
   * {@return whether the best is better than a model by more than chance explains}
   *
   * @param model the index of the model
   */
  public boolean isBetterThan(int model) {
    return adjusted.get(model) < LEVEL;
  }

  /** {@return whether the best is better than every other, of at least two models} */
  public boolean isBest() {
    return adjusted.size() > 1
        && IntStream.range(0, adjusted.size()).allMatch(i -> i == best || isBetterThan(i));
  }
}
