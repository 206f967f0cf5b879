package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Rows;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.nn.Loss;
import org.junit.jupiter.api.Test;

class OneRuleTest {
  private static final int ALL = Integer.MAX_VALUE;

  private static double score(Loss loss, Rows rows, int... group) {
    return OneRule.scores(loss, rows, new int[][] {group}, ALL, 0)[0];
  }

  /** The even rows give the rule that predicts the odd rows, and the other way round. */
  @Test
  void aSmallCaseByHand() {
    float[][] rows = {{5}, {5}, {5}, {2}, {2}, {1}};
    Rows split = Rows.of(rows, new int[] {1, 1, 0, 0, 0, 1});
    // The even rows give 2 -> 0 and 5 -> 0 or 1, where 0 wins: of rows 1, 3, 5 (1, 0, 1), row 3 is
    // right.
    // The odd rows give 1 -> 1, 2 -> 0, 5 -> 1: of rows 0, 2, 4 (1, 0, 0), rows 0 and 4 are right.
    assertEquals(3 / 6.0, score(Loss.SOFTMAX, split, 0));
    // With these weights, the even rows give 5 -> 1, so that row 1 is right, too.
    Rows weighted = split.withRowWeights(new float[] {2, 1, 1, 1, 3, 4});
    assertEquals((2 + 1 + 1 + 3) / 12.0, score(Loss.SOFTMAX, weighted, 0));
    // The even rows give 5 -> 3 and 2 -> 1, and the odd rows 5 -> 2 and 2 -> 4. The mean of all is
    // 3.
    Rows numbers = Rows.of(rows, new float[] {2, 2, 4, 4, 1, 7 - 2});
    double errors = 1 + 9 + 16 + 0 + 4 + 9;
    double mean = 3;
    double spread = 2 * 1 + 2 * 1 + 4 + 4;
    assertEquals(mean, (2 + 2 + 4 + 4 + 1 + 5) / 6.0);
    assertEquals(1 - errors / spread, score(Loss.MSE, numbers, 0), 1e-15);
    Rows sides = Rows.of(rows, new float[] {1, 1, 0, 0, 0, 1});
    assertEquals(3 / 6.0, score(Loss.SIGMOID, sides, 0), "like the classes");
    // The second output depends only on the value; 1/2 counts as the lower side.
    float[][] both = {{1, 1}, {1, 1}, {0, 1}, {0, 0.5f}, {0, 0.5f}, {1, 0.5f}};
    assertEquals(9 / 12.0, score(Loss.SIGMOID, Rows.of(rows, both), 0));
  }

  /** Each of 32 values has a bin, and of 33 values two share one; a negative zero is a zero. */
  @Test
  void valuesHaveBinsOfTheirOwnUpTo32() {
    for (int values = 32; values <= 33; values++) {
      float[][] rows = new float[4 * values][1];
      int[] labels = new int[rows.length];
      for (int row = 0; row < rows.length; row++) {
        int value = row / 4;
        rows[row][0] = value == 0 ? row % 4 < 2 ? -0f : 0f : value;
        labels[row] = value % 2;
      }
      double score = score(Loss.SOFTMAX, Rows.of(rows, labels), 0);
      assertEquals(values == 32 ? 1 : 32 / 33.0, score);
    }
    // Zeros begin a bin, which also holds negative zeros.
    float[][] zeros = {{-5}, {-5}, {0f}, {-0f}, {0f}, {-0f}};
    Rows split = Rows.of(zeros, new int[] {0, 0, 1, 1, 1, 1});
    assertEquals(1, score(Loss.SOFTMAX, split, 0));
  }

  /**
   * A value that the other half lacks belongs to the bin of the next lower value, or to the first.
   */
  @Test
  void valuesInBetweenGoToTheBinBelow() {
    Rows split =
        Rows.of(new float[][] {{0}, {9}, {10}, {-3}, {10}, {12}}, new int[] {1, 1, 0, 1, 0, 0});
    // The even rows give 0 -> 1 and 10 -> 0, so all odd rows are right. The odd rows give -3 -> 1,
    // 9 -> 1 and 12 -> 0.
    assertEquals((3 + 1) / 6.0, score(Loss.SOFTMAX, split, 0));
  }

  @Test
  void aColumnThatIsTheAnswerIsTold() {
    int rows = 4000;
    float[][] features = new float[rows][4];
    int[] labels = new int[rows];
    float[] numbers = new float[rows];
    for (int row = 0; row < rows; row++) {
      double uniform = CounterRandom.uniform(1, row);
      labels[row] = uniform > 0.75 ? 2 : uniform > 0.5 ? 1 : 0;
      numbers[row] = (float) uniform;
      features[row][0] = (float) uniform;
      features[row][1] = row; // identifies this row, but predicts no other
      features[row][2] = labels[row] == 2 ? 1 : 0;
      features[row][3] = labels[row] == 0 ? -1 : 0;
    }
    int[][] groups = {{0}, {1}, {2, 3}, {3}};
    double[] classes = OneRule.scores(Loss.SOFTMAX, Rows.of(features, labels), groups, ALL, 0);
    assertTrue(classes[0] > 0.97, "all but the two bins between classes: " + classes[0]);
    assertEquals(0.5, classes[1], 0.05, "no better than the largest class");
    assertEquals(1, classes[2]);
    assertEquals(0.75, classes[3], 0.03);
    double[] r2 = OneRule.scores(Loss.MSE, Rows.of(features, numbers), groups, ALL, 0);
    assertEquals(1 - 1.0 / (32 * 32), r2[0], 1e-4);
    assertEquals(0, r2[1], 0.03);
    int[][] none = new int[0][];
    assertArrayEquals(
        new double[0], OneRule.scores(Loss.MSE, Rows.of(features, numbers), none, ALL, 0));
  }

  /** Each input of a word with 300 categories has two values, and each category has a bin. */
  @Test
  void everyCategoryHasABin() {
    int categories = 300;
    float[][] rows = new float[4 * categories][categories];
    int[] labels = new int[rows.length];
    int[] group = new int[categories];
    for (int row = 0; row < rows.length; row++) {
      int category = row / 4; // two rows in each half
      rows[row][category] = 1;
      labels[row] = CounterRandom.below(3, category, 5);
      group[category] = category;
    }
    assertEquals(1, score(Loss.SOFTMAX, Rows.of(rows, labels), group));
  }

  @Test
  void rowsAreCappedAndOnesWithoutWeightLeftOut() {
    float[][] features = new float[50][1];
    int[] labels = new int[50];
    float[] weights = new float[50];
    float[][] fewer = new float[25][1];
    int[] fewerLabels = new int[25];
    for (int row = 0; row < 50; row++) {
      features[row][0] = row * 7 % 10;
      labels[row] = CounterRandom.below(9, row, 2);
      weights[row] = row % 2;
      fewer[row / 2][0] = features[row][0];
      fewerLabels[row / 2] = labels[row];
    }
    Rows weighted = Rows.of(features, labels).withRowWeights(weights);
    Rows plain = Rows.of(fewer, fewerLabels);
    assertEquals(score(Loss.SOFTMAX, plain, 0), score(Loss.SOFTMAX, weighted, 0));
    int[][] groups = {{0}};
    assertEquals(Double.NaN, OneRule.scores(Loss.SOFTMAX, plain, groups, 1, 0)[0]);
    double two = OneRule.scores(Loss.SOFTMAX, plain, groups, 2, 0)[0];
    assertTrue(two == 0 || two == 1);
  }
}
