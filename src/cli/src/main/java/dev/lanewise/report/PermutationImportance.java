package dev.lanewise.report;

import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.engine.internal.Network;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Predictor;
import dev.lanewise.parallel.Team;
import dev.lanewise.train.internal.Tally;

/**
 * Measures how much worse a model gets when the values of some features are permuted among the rows
 * (Breiman, "Random forests", 2001; Fisher, Rudin and Dominici, "All models are wrong, but many are
 * useful", 2019). Of two features with the same information each may seem unimportant, because the
 * model still has the other.
 *
 * <p>The score is {@link Evaluation#accuracy}, in regression R2; or the negative mean of the losses
 * where most rows have the same class, because the accuracy then hardly changes when a model knows
 * less. The features of a group are permuted together, and every group by the same permutations, so
 * the result for a group does not depend on the other groups. Except for the permutations, the
 * results are those of scikit-learn's {@code permutation_importance}. Rows of weight 0 are left
 * out.
 */
final class PermutationImportance {
  /** Keeps the logarithm finite, as in {@link dev.lanewise.metrics.ProbabilityMetrics}. */
  private static final double LEAST = 0x1p-52;

  private final Model model;
  private final Rows split;
  private final int[][] groups;
  private final int[] drawn; // [rows], their numbers in the split
  private final float[] features; // [rows][inputs]
  private final int[][] permutations; // [repeats][rows]
  private final boolean isByLoss;
  private final double[] scores; // score of the rows as they are, then scores by [groups][repeats]

  private PermutationImportance(
      Model model,
      Rows split,
      int[][] groups,
      int repeats,
      int mostRows,
      long seed,
      boolean isByLoss) {
    this.model = model;
    this.isByLoss = isByLoss;
    this.split = split;
    this.groups = groups;
    drawn = ChosenRows.drawn(split, mostRows, seed);
    features = new float[Network.size(drawn.length, split.features())];
    split.copyRows(drawn, 0, drawn.length, features, 0);
    permutations = new int[repeats][drawn.length];
    for (int r = 0; r < repeats; r++) {
      long key = CounterRandom.key(seed, CounterRandom.PERMUTATION, 1 + r);
      CounterRandom.permutation(key, permutations[r]);
    }
    scores = new double[1 + Math.multiplyExact(groups.length, repeats)];
  }

  /**
   * Computes the importances of groups of features. This needs one pass of the rows through the
   * model per group and repeat, and a copy of the features.
   *
   * @param groups the features of each group, such as a column or a block of pixels
   * @param repeats permutations per group
   * @param mostRows maximum number of rows; if there are more, this many are drawn
   * @param seed the seed of the draw and the permutations
   * @param threads maximum number of threads; the result does not depend on it
   * @param isByLoss whether the score is the negative loss, for models of classes only
   */
  public static PermutationImportance of(
      Model model,
      Rows data,
      int[][] groups,
      int repeats,
      int mostRows,
      long seed,
      int threads,
      boolean isByLoss) {
    PermutationImportance importance =
        new PermutationImportance(
            model, RowPreparation.measured(model, data), groups, repeats, mostRows, seed, isByLoss);
    double[] scores = importance.scores;
    try (Team team = new Team(Math.min(scores.length, Team.most(threads)))) {
      team.run(member -> importance.run(member, team.size()));
    }
    return importance;
  }

  /** Computes a thread's share of the scores. */
  private void run(int member, int members) {
    Predictor predictor = model.predictor(ChosenRows.BATCH);
    double[] results = new double[ChosenRows.BATCH * model.outputs()];
    int[] labels = new int[results.length];
    int inputs = split.features();
    float[] x = new float[ChosenRows.BATCH * inputs];
    int[] none = {};
    for (int i = member; i < scores.length; i += members) {
      int[] group = i == 0 ? none : groups[(i - 1) / permutations.length];
      int[] from = permutations[i == 0 ? 0 : (i - 1) % permutations.length];
      Tally tally = new Tally(model.loss(), model.outputs());
      for (int first = 0; first < drawn.length; first += ChosenRows.BATCH) {
        int count = Math.min(ChosenRows.BATCH, drawn.length - first);
        System.arraycopy(features, first * inputs, x, 0, count * inputs);
        for (int row = 0; row < count; row++) {
          for (int feature : group) {
            x[row * inputs + feature] = features[from[first + row] * inputs + feature];
          }
        }
        predictor.predictScaled(x, count, results, labels);
        add(tally, results, labels, first, count);
      }
      scores[i] = isByLoss ? -tally.loss() : tally.accuracy();
    }
  }

  /** Adds rows to a tally as an evaluation does: by labels, or by numbers in the targets' units. */
  private void add(Tally tally, double[] results, int[] labels, int first, int count) {
    int columns = model.outputs();
    boolean takesClasses = model.loss().task().hasClasses();
    for (int i = 0; i < count; i++) {
      int row = drawn[first + i];
      double weight = split.weight(row);
      if (takesClasses) {
        int label = split.label(row);
        if (label < columns) {
          double p = Math.max(results[i * columns + label], LEAST);
          tally.add(weight, isByLoss ? -StrictMath.log(p) : 0, labels[i] == label);
        } else {
          tally.addOutside(weight);
        }
        continue;
      }
      for (int k = 0; k < columns; k++) {
        int at = i * columns + k;
        double y = model.loss().task().hasNumbers() ? results[at] : labels[at];
        tally.add(k, weight, y, split.target(row, k));
      }
      tally.add(weight, 0);
    }
  }

  /** Returns whether the scores are negative losses. */
  public boolean isByLoss() {
    return isByLoss;
  }

  /** Returns the score of the drawn rows before any permutation. */
  public double baseline() {
    return scores[0];
  }

  /** Returns the number of rows drawn. */
  public int rows() {
    return drawn.length;
  }

  /** Returns the mean decrease of the score over the repeats when a group is permuted. */
  public double mean(int group) {
    double sum = 0;
    for (int r = 0; r < permutations.length; r++) {
      sum += decrease(group, r);
    }
    return sum / permutations.length;
  }

  /** Returns the standard deviation of this decrease, with the number of repeats as divisor. */
  public double deviation(int group) {
    double mean = mean(group);
    double sum = 0;
    for (int r = 0; r < permutations.length; r++) {
      double d = decrease(group, r) - mean;
      sum += d * d;
    }
    return Math.sqrt(sum / permutations.length);
  }

  private double decrease(int group, int repeat) {
    return scores[0] - scores[1 + group * permutations.length + repeat];
  }
}
