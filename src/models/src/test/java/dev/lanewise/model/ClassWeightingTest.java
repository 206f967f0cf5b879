package dev.lanewise.model;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Sampling;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.TrainingStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that probabilities undo weights of classes. With {@code -Dlanewise.weighted=20} the means
 * are those of as many draws as the promise says.
 */
class ClassWeightingTest {
  private static final int DRAWS = Integer.getInteger("lanewise.weighted", 2);
  private static final int ROWS = 2000;
  private static final int FRESH = 5000;
  private static final int FEATURES = 3;

  /** Trainings in which a rare class counts more, by their names. */
  private enum Weighted {
    WEIGHTS(builder -> builder.balancedClassWeights()),
    GIVEN(builder -> builder.classWeights(0.5, 8)),
    DRAWN(builder -> builder.sampling(Sampling.BALANCED)),
    BOTH(builder -> builder.sampling(Sampling.BALANCED).classWeights(2, 1)),
    SMOOTHED(builder -> builder.balancedClassWeights().labelSmoothing(0.1));

    private final UnaryOperator<TrainerBuilder> options;

    Weighted(UnaryOperator<TrainerBuilder> options) {
      this.options = options;
    }
  }

  /** Returns rows of which about a twentieth is of class 1, by a logistic function. */
  private static Rows drawn(Random random, int rows) {
    float[][] x = new float[rows][FEATURES];
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < FEATURES; j++) {
        x[i][j] = (float) random.nextGaussian();
      }
      double z = 1.2 * x[i][0] - 0.8 * x[i][1] - 3.8;
      labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
    }
    return Rows.of(x, labels);
  }

  private static Mlp trained(Weighted weighted, Rows rows, long seed) {
    TrainerBuilder builder = Trainer.builder().epochs(20).batchSize(50).learningRate(0.01);
    Trainer trainer =
        weighted.options.apply(builder.optimizer(Optimizer.adam()).seed(seed)).build();
    Architecture layers = Architecture.relu(FEATURES, List.of(4), 2);
    return trainer.fit(Mlp.initial(layers, Initializer.HE, seed), Dataset.of(rows, rows)).model();
  }

  private static double mean(Evaluation evaluation) {
    double sum = 0;
    for (int row = 0; row < evaluation.rows(); row++) {
      sum += evaluation.value(row, 1) / evaluation.rows();
    }
    return sum;
  }

  /** The mean probability was about six times the share of the class, and nothing said so. */
  @ParameterizedTest
  @EnumSource
  void meanProbabilitiesAreTheSharesOfTheClasses(Weighted weighted) {
    double distance = 0;
    double largest = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      Random random = new Random(1000 + draw);
      Rows rows = drawn(random, ROWS);
      List<Mlp> networks = new ArrayList<>();
      for (int m = 0; m < 2; m++) {
        networks.add(trained(weighted, rows, 10L * draw + m));
      }
      Model model = Model.of(networks);
      Rows fresh = drawn(random, FRESH);
      Evaluation found = Evaluator.evaluate(model, fresh, 1);
      Evaluation plain = Evaluator.evaluate(model.withWeighting(Optional.empty()), fresh, 1);
      double share = 0;
      for (int row = 0; row < FRESH; row++) {
        share += (double) fresh.label(row) / FRESH;
        assertEquals(plain.predicted(row), found.predicted(row));
      }
      assertTrue(mean(plain) > 2 * share, mean(plain) + " of " + share);
      assertTrue(found.loss() < plain.loss());
      assertEquals(plain.accuracy(), found.accuracy());
      double expected = weighted == Weighted.SMOOTHED ? 0.9 * share + 0.05 : share;
      distance += (mean(found) - expected) / DRAWS;
      largest = Math.max(largest, Math.abs(mean(found) - expected));
    }
    String figures = "%s: %.4f on average, at most %.4f".formatted(weighted, distance, largest);
    if (DRAWS >= 20) {
      System.err.println(figures);
    }
    assertTrue(Math.abs(distance) < 0.01 && largest < 0.03, figures);
  }

  @Test
  void theFormulaByHand() {
    ClassWeighting weighting = ClassWeighting.of(0.1, 0.5, 2, 1);
    double e = 0.1 / 3;
    double[] q = {9, 0.9 * 0.25 + e, 0.9 * 0.75 + e, e / 2};
    weighting.undo(q, 1);
    assertArrayEquals(new double[] {9, 0.9 * 4 / 7 + e, 0.9 * 3 / 7 + e, e / 2}, q, 1e-15);
    double[] same = q.clone();
    ClassWeighting.of(0.1, 3, 3, 3).undo(same, 1);
    assertArrayEquals(q, same, 1e-15, "equal weights change nothing");
    assertEquals("[0.5, 2.0, 1.0], label smoothing 0.1", weighting.toString());
    assertEquals(
        ClassWeighting.of(0.05, 1, 1.5),
        ClassWeighting.mean(
            List.of(ClassWeighting.of(0, 0.5, 2), ClassWeighting.of(0.1, 1.5, 1)), 1, 1));
  }

  /** The classes are those of the outputs, which the weights were asked for. */
  @ParameterizedTest
  @EnumSource
  void noKindOfModelChangesItsClasses(ModelKind kind) {
    Mlp network = Mlp.initial(Architecture.relu(FEATURES, List.of(6), 4), Initializer.HE, 2);
    Model plain = kind.of(network, 9).withWeighting(Optional.empty());
    double[] w = {0.2, 3, 1, 0.5};
    Model weighted = plain.withWeighting(Optional.of(ClassWeighting.of(0.1, w)));
    Rows rows = drawn(new Random(1), 300);
    Evaluation q =
        Evaluator.evaluate(
            plain.withCalibration(Optional.empty()).withRule(Optional.empty()), rows, 1);
    Evaluation p = Evaluator.evaluate(weighted, rows, 2);
    for (int row = 0; row < 300; row++) {
      assertEquals(q.predicted(row), p.predicted(row));
      double[] undone = q.values(row);
      ClassWeighting.of(0.1, w).undo(undone, 0);
      assertArrayEquals(undone, p.values(row), 1e-6);
    }
    assertEquals(Evaluator.score(weighted, rows, 1), p.score());
    Model calibrated = weighted.withCalibration(Optional.of(Calibration.temperature(0.5)));
    assertEquals(p.predicted(7), Evaluator.evaluate(calibrated, rows, 1).predicted(7));
  }

  @Test
  void aNetworkKeepsItsWeights(@TempDir Path directory) throws IOException {
    Rows rows = drawn(new Random(3), 200);
    Mlp network = trained(Weighted.SMOOTHED, rows, 1);
    ClassWeighting found = network.weighting().orElseThrow();
    assertEquals(0.1, found.smoothing());
    int ones = 0;
    for (int row = 0; row < rows.rows(); row++) {
      ones += rows.label(row);
    }
    assertEquals(200 / (2.0 * ones), found.weights()[1]);
    Path file = directory.resolve("model.npz");
    network.save(file);
    assertEquals(network, Mlp.load(file));
    assertEquals(Model.of(network), Model.load(file));
    float[] x = {1, -1, 2};
    double[] one = new double[2];
    float[] other = new float[2];
    Mlp.load(file).predictor(1).predict(x, 1, one, null);
    Model.load(file).predictor(1).predict(x, other);
    assertArrayEquals(new float[] {(float) one[0], (float) one[1]}, other);
    assertEquals(
        Optional.empty(),
        Trainer.builder().epochs(1).build().fit(network, Dataset.of(rows)).model().weighting(),
        "another training has its own");
    Trainer zero = Trainer.builder().epochs(1).classWeights(0, 1).build();
    assertEquals(Optional.empty(), zero.fit(network, Dataset.of(rows)).model().weighting());
    try (TrainingStream stream = Trainer.builder().classWeights(1, 5).build().stream(network)) {
      stream.step(rows);
      assertEquals(Optional.of(ClassWeighting.of(0, 1, 5)), stream.model().weighting());
    }
  }

  @Test
  void membersHaveWeightsTogether() {
    Architecture layers = Architecture.relu(FEATURES, List.of(), 2);
    Mlp network = Mlp.initial(layers, Initializer.HE, 1);
    Mlp first = network.withWeighting(Optional.of(ClassWeighting.of(0, 1, 3)));
    Mlp second = network.withWeighting(Optional.of(ClassWeighting.of(0, 2, 5)));
    Model both = Model.of(List.of(first, second));
    assertEquals(Optional.of(ClassWeighting.of(0, 1.5, 4)), both.weighting());
    assertEquals(Optional.empty(), both.singleNetwork());
    rejects(() -> Model.of(List.of(first, network)), "weights of all or none");
    rejects(() -> ClassWeighting.of(0, 1, 0), "class weights [1.0, 0.0]", "expected weights from");
    rejects(
        () -> ClassWeighting.of(1, 1, 2), "label smoothing 1.0", "a smoothing from 0 to below 1");
    Mlp numbers = network.withLoss(Loss.MSE);
    rejects(() -> numbers.withWeighting(first.weighting()), "loss mse", "expected softmax of 2");
    Optional<ClassWeighting> three = Optional.of(ClassWeighting.of(0, 1, 2, 3));
    rejects(() -> Model.of(network).withWeighting(three), "expected softmax of 3 classes");
  }

  /** A file of an earlier version has the notes on the training alone. */
  @Test
  void filesWithoutTheWeightsSaySo(@TempDir Path directory) throws IOException {
    Mlp network = Mlp.initial(Architecture.relu(2, List.of(), 2), Initializer.HE, 1);
    for (String note : List.of("balanced=yes", "class-weights=balanced", "class-weights=1,2")) {
      Path file = directory.resolve("old.npz");
      Mlp noted = network.withTraining(List.of("epochs=3", note));
      noted.save(file);
      String said =
          "no class weights stored: probabilities are as the weights of the training made";
      assertTrue(Model.load(file).assumptions().toString().contains(said), note);
      assertTrue(Mlp.load(file).assumptions().toString().contains(said), note);
      double[] p = new double[2];
      Model.load(file).predictor(1).predict(new float[] {1, 2}, 1, p, null);
      assertArrayEquals(network.predictor(1).predict(1, 2).values(0), p);
      noted.withWeighting(Optional.of(ClassWeighting.of(0, 1, 2))).save(file);
      assertEquals(List.of(), Model.load(file).assumptions(), note);
    }
    Path file = directory.resolve("plain.npz");
    network.withTraining(List.of("class-weights=none")).save(file);
    assertEquals(List.of(), Model.load(file).assumptions());
  }
}
