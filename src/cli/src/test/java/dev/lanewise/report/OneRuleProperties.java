package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Rows;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.nn.Loss;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The score agrees with that of a rule written in a simple way, with lists and maps. */
class OneRuleProperties {
  @Property(tries = 60)
  void theScoreIsThatOfTheNaiveRule(
      @ForAll @IntRange(min = 2, max = 200) int rows,
      @ForAll @IntRange(min = 1, max = 90) int values,
      @ForAll @IntRange(min = 1, max = 3) int inputs,
      @ForAll @IntRange(min = 1, max = 4) int classes,
      @ForAll long seed) {
    float[][] features = new float[rows][inputs];
    int[] labels = new int[rows];
    float[] weights = new float[rows];
    int[] group = new int[inputs];
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < inputs; j++) {
        group[j] = j;
        features[row][j] = CounterRandom.below(seed + j, row, values) - values / 2;
        features[row][j] *= features[row][j] == 0 ? -1 : 1; // turns 0 into a negative zero
      }
      labels[row] = CounterRandom.below(seed - 1, row, classes);
      weights[row] = 1 + CounterRandom.below(seed - 2, row, 3);
    }
    Rows split = Rows.of(features, labels).withRowWeights(weights);
    double score = OneRule.scores(Loss.SOFTMAX, split, new int[][] {group}, rows, 0)[0];
    double right = 0;
    double all = 0;
    for (int half = 0; half < 2; half++) {
      Map<List<Integer>, double[]> bins = new HashMap<>();
      double[] ofAll = new double[classes];
      for (int row = half; row < rows; row += 2) {
        List<Integer> bin = bin(features, half, row);
        bins.computeIfAbsent(bin, b -> new double[classes])[labels[row]] += weights[row];
        ofAll[labels[row]] += weights[row];
      }
      for (int row = 1 - half; row < rows; row += 2) {
        double[] answer = bins.getOrDefault(bin(features, half, row), ofAll);
        int best = 0;
        for (int c = 1; c < classes; c++) {
          best = answer[c] > answer[best] ? c : best;
        }
        right += best == labels[row] ? weights[row] : 0;
        all += weights[row];
      }
    }
    assertEquals(right / all, score);
  }

  /** Returns the numbers of the bins of a row's features, with bins made from half of the rows. */
  private static List<Integer> bin(float[][] features, int half, int row) {
    List<Integer> bins = new ArrayList<>();
    for (int j = 0; j < features[0].length; j++) {
      List<Double> sorted = new ArrayList<>();
      for (int r = half; r < features.length; r += 2) {
        sorted.add(features[r][j] + 0.0);
      }
      sorted.sort(null);
      TreeSet<Double> begins = new TreeSet<>(sorted);
      if (begins.size() > 32) {
        begins.clear();
        for (int b = 0; b < 32; b++) {
          begins.add(sorted.get(sorted.size() * b / 32));
        }
      }
      // The first bin also contains the values below it.
      bins.add(Math.max(1, begins.headSet(features[row][j] + 0.0, true).size()));
    }
    return bins;
  }
}
