package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Rows;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The score falls to that of an evaluation of rows that were permuted beforehand. */
class PermutationImportanceProperties {
  private static final int FEATURES = 5;

  @Property(tries = 25)
  void evaluationsOfPermutedRowsHaveTheScores(
      @ForAll @IntRange(max = 5) int kind,
      @ForAll @IntRange(max = 11) int function,
      @ForAll @IntRange(min = 1, max = 300) int rows,
      @ForAll @IntRange(min = 1, max = 3) int repeats,
      @ForAll @IntRange(min = 1, max = 3) int threads,
      @ForAll boolean weighted,
      @ForAll long seed) {
    Loss loss = Loss.values()[kind];
    Activation activation = Activation.values()[function];
    int outputs = loss == Loss.SOFTMAX ? 3 : 2;
    Architecture sizes = new Architecture(FEATURES, List.of(4), outputs, List.of(activation));
    Model model =
        Model.of(Mlp.initial(sizes, Initializer.COURSE, seed).withLoss(loss))
            .withScaling(Scaling.divide(3));
    if (loss.task().hasNumbers()) {
      model =
          model.withTargetScaling(Scaling.standardise(new double[] {1, 2}, new double[] {3, 0.3}));
    }
    float[][] features = numbers(seed, 1, rows, FEATURES);
    float[] weights = new float[rows];
    Arrays.fill(weights, 1);
    for (int row = 0; weighted && row < rows; row++) {
      weights[row] = CounterRandom.below(seed, row, 4) + (row == 0 ? 1 : 0);
    }
    Rows split = split(loss, features, seed).withRowWeights(weights);
    int[][] groups = {{0}, {4, 1}, {0, 1, 2, 3, 4}};
    PermutationImportance importance =
        PermutationImportance.of(model, split, groups, repeats, rows, seed, threads, false);
    assertEquals(Evaluator.score(model, split, 1).accuracy(), importance.baseline());

    int[] counted = ChosenRows.drawn(split, rows, seed); // the rows that have a weight
    for (int g = 0; g < groups.length; g++) {
      double sum = 0;
      double[] falls = new double[repeats];
      for (int r = 0; r < repeats; r++) {
        int[] order = new int[counted.length];
        CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.PERMUTATION, r + 1), order);
        float[][] permuted = new float[rows][];
        Arrays.setAll(permuted, row -> features[row].clone());
        for (int i = 0; i < order.length; i++) {
          for (int feature : groups[g]) {
            permuted[counted[i]][feature] = features[counted[order[i]]][feature];
          }
        }
        Rows other = split(loss, permuted, seed).withRowWeights(weights);
        falls[r] = importance.baseline() - Evaluator.score(model, other, 1).accuracy();
        sum += falls[r];
      }
      double mean = sum / repeats;
      assertEquals(mean, importance.mean(g));
      double squares = 0;
      for (double fall : falls) {
        squares += (fall - mean) * (fall - mean);
      }
      assertEquals(Math.sqrt(squares / repeats), importance.deviation(g));
    }
  }

  private static Rows split(Loss loss, float[][] features, long seed) {
    int rows = features.length;
    if (loss == Loss.SOFTMAX) {
      int[] labels = new int[rows];
      Arrays.setAll(labels, row -> CounterRandom.below(seed + 3, row, 3));
      return Rows.of(features, labels);
    }
    float[][] targets = numbers(seed, 2, rows, 2);
    for (int row = 0; loss == Loss.SIGMOID && row < rows; row++) {
      for (int k = 0; k < 2; k++) {
        targets[row][k] = targets[row][k] > 0 ? 1 : 0;
      }
    }
    return Rows.of(features, targets);
  }

  private static float[][] numbers(long seed, int use, int rows, int columns) {
    float[][] numbers = new float[rows][columns];
    for (int i = 0; i < rows * columns; i++) {
      numbers[i / columns][i % columns] =
          (float) CounterRandom.gaussian(CounterRandom.key(seed, 99, use), i);
    }
    return numbers;
  }
}
