package dev.lanewise.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Rows;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.Golden;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Digits;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PermutationImportanceTest {
  private static final int ALL = Integer.MAX_VALUE;

  static List<String> cases() throws IOException, URISyntaxException {
    return Golden.names("permutation.npz", "/rows");
  }

  /**
   * scikit-learn uses as many repeats but other permutations, so both have the same sampling error.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void equalsScikitLearnsWithinSamplingError(String name) throws IOException, URISyntaxException {
    try (Npz npz = Golden.golden("permutation.npz")) {
      int[][] groups = {{0}, {1}, {2}, {3}, {0, 2}};
      PermutationImportance importance =
          PermutationImportance.of(
              Model.of(model(npz, name)), split(npz, name), groups, 200, ALL, 4, 2, false);
      assertEquals(npz.read(name + "/baseline").doubleAt(0), importance.baseline(), 1e-6);
      NdArray means = npz.read(name + "/mean");
      NdArray errors = npz.read(name + "/error");
      NdArray deviations = npz.read(name + "/deviation");
      assertEquals(150, importance.rows());
      for (int g = 0; g < groups.length; g++) {
        double error = Math.sqrt(2) * errors.doubleAt(g);
        assertEquals(means.doubleAt(g), importance.mean(g), 4 * error, "group " + g);
        assertEquals(1, importance.deviation(g) / deviations.doubleAt(g), 0.25, "group " + g);
      }
    }
  }

  private static Mlp model(Npz npz, String name) throws IOException {
    NdArray w1 = npz.read(name + "/W1");
    NdArray w2 = npz.read(name + "/W2");
    int hidden = w1.dimension(1);
    int outputs = w2.dimension(1);
    float[] parameters = new float[(w1.dimension(0) + 1) * hidden + (hidden + 1) * outputs];
    int at = 0;
    for (NdArray array : List.of(w1, npz.read(name + "/b1"), w2, npz.read(name + "/b2"))) {
      System.arraycopy(array.toFloats(), 0, parameters, at, array.length());
      at += array.length();
    }
    Activation[] activations = {Activation.RELU, Activation.TANH};
    Loss[] losses = {Loss.SOFTMAX, Loss.SIGMOID, Loss.MSE};
    Activation activation = activations[(int) npz.read(name + "/activation").longAt(0)];
    Architecture sizes =
        new Architecture(w1.dimension(0), List.of(hidden), outputs, List.of(activation));
    return Mlp.of(sizes, parameters).withLoss(losses[(int) npz.read(name + "/loss").longAt(0)]);
  }

  private static Rows split(Npz npz, String name) throws IOException {
    float[][] rows = Golden.rows(npz.read(name + "/rows"));
    Rows split =
        npz.contains(name + "/labels")
            ? Rows.of(rows, Golden.ints(npz.read(name + "/labels")))
            : Rows.of(rows, Golden.rows(npz.read(name + "/targets")));
    float[] weights = Golden.weights(npz, name);
    return weights.length == 0 ? split : split.withRowWeights(weights);
  }

  /**
   * Only the first feature distinguishes the two rows. If they exchange it, both predictions are
   * wrong.
   */
  @Test
  void aSmallCaseByHand() {
    Model model =
        Model.of(Mlp.of(Architecture.relu(2, List.of(), 2), new float[] {-1, 1, 0, 0, 0, 0}));
    Rows rows = Rows.of(new float[][] {{-1, 5}, {1, 7}}, new int[] {0, 1});
    int[][] groups = {{0}, {1}, {1, 0}, {}};
    PermutationImportance importance =
        PermutationImportance.of(model, rows, groups, 8, ALL, 0, 1, false);
    assertEquals(1, importance.baseline());
    double exchanged = importance.mean(0);
    assertTrue(exchanged > 0 && exchanged < 1 && exchanged * 8 == Math.rint(exchanged * 8));
    assertEquals(Math.sqrt(exchanged * (1 - exchanged)), importance.deviation(0), 1e-15);
    assertEquals(exchanged, importance.mean(2), "both groups use the same permutations");
    for (int unused : new int[] {1, 3}) {
      assertEquals(0, importance.mean(unused));
      assertEquals(0, importance.deviation(unused));
    }
  }

  @Test
  void theBaselineIsTheAccuracyOfAnEvaluation() {
    Model model = Model.of(Digits.network(3));
    Rows rows = Digits.DATA.test().orElseThrow();
    PermutationImportance importance =
        PermutationImportance.of(model, rows, new int[0][], 1, ALL, 1, 2, false);
    assertEquals(Evaluator.score(model, rows, 1).accuracy(), importance.baseline());
  }

  /** A model that always answers class 0 has no accuracy to lose, but knows the first feature. */
  @Test
  void theLossShowsWhatTheAccuracyDoesNot() {
    Model model =
        Model.of(Mlp.of(Architecture.relu(2, List.of(), 2), new float[] {0, 1, 0, 0, 5, 0}));
    float[][] x = new float[100][2];
    int[] labels = new int[100];
    for (int row = 0; row < 100; row++) {
      labels[row] = row % 10 == 0 ? 1 : 0;
      x[row] = new float[] {3 * labels[row], row % 7};
    }
    Rows rows = Rows.of(x, labels);
    int[][] groups = {{0}, {1}};
    PermutationImportance accuracy =
        PermutationImportance.of(model, rows, groups, 5, ALL, 0, 1, false);
    assertEquals(0, accuracy.mean(0));
    PermutationImportance loss = PermutationImportance.of(model, rows, groups, 5, ALL, 0, 2, true);
    assertTrue(loss.isByLoss() && !accuracy.isByLoss());
    assertEquals(-Evaluator.score(model, rows, 1).loss(), loss.baseline(), 1e-6);
    // An exchange of a row of each class adds 3 to one loss and takes about as much probability
    // from the other, so almost all of the ten rows lose 3 of their logarithm.
    assertEquals(0.3 * 0.9, loss.mean(0), 0.05);
    assertEquals(0, loss.mean(1));
  }

  @Test
  void fewerRowsAreDrawnBySeed() {
    Model model = Model.of(Digits.network(3));
    Rows rows = Digits.DATA.test().orElseThrow();
    int[] drawn = ChosenRows.drawn(rows, 100, 7);
    assertEquals(100, drawn.length);
    float[][] features = new float[100][64];
    int[] labels = new int[100];
    for (int i = 0; i < 100; i++) {
      assertTrue(i == 0 || drawn[i] > drawn[i - 1], "ascending");
      rows.copyRows(drawn, i, 1, features[i], 0);
      labels[i] = rows.label(drawn[i]);
    }
    int[][] groups = {{20, 21, 28, 29}, {0}};
    PermutationImportance some = PermutationImportance.of(model, rows, groups, 3, 100, 7, 1, false);
    PermutationImportance same =
        PermutationImportance.of(model, Rows.of(features, labels), groups, 3, ALL, 7, 1, false);
    assertEquals(100, some.rows());
    assertEquals(same.baseline(), some.baseline());
    assertEquals(same.mean(0), some.mean(0));
    assertEquals(0, some.mean(1), "a pixel that is always white");
    int[] other = ChosenRows.drawn(rows, 100, 8);
    assertFalse(Arrays.equals(drawn, other));
    assertArrayEquals(drawn, ChosenRows.drawn(rows, 100, 7));
  }
}
