package dev.lanewise.train;

import static dev.lanewise.Refusals.refusal;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests training and evaluation with each loss. */
class LossesTest {
  /**
   * Makes targets of five numbers from the labels of the reference data: flags, or numbers on a
   * scale.
   */
  private static Rows targets(Rows split, Loss loss) {
    int rows = split.rows();
    float[][] x = new float[rows][split.features()];
    float[][] t = new float[rows][5];
    int[] labels = new int[rows];
    for (int r = 0; r < rows; r++) {
      split.copyRows(null, r, 1, x[r], 0);
      labels[r] = split.label(r);
      for (int k = 0; k < 5; k++) {
        boolean holds = labels[r] == k || labels[r] == (k + 1) % 5;
        float number = 0.5f * (labels[r] - k) + x[r][60 + k];
        t[r][k] = loss.task().takes(number) && !loss.task().hasLabels() ? number : holds ? 1 : 0;
      }
    }
    return loss.task().hasClasses() ? Rows.of(x, labels) : Rows.of(x, t);
  }

  private static Dataset data(Loss loss) throws IOException {
    Dataset data = ArrayData.load(Resources.file("reference_data.npz"));
    return Dataset.of(
        targets(data.train(), loss),
        Optional.of(targets(data.validation().orElseThrow(), loss)),
        Optional.empty());
  }

  private static Mlp network(Loss loss) {
    Architecture architecture =
        new Architecture(144, List.of(500, 67), 5, List.of(Activation.RELU, Activation.SILU));
    return Mlp.initial(architecture, Initializer.HE, 3).withLoss(loss);
  }

  private static final Map<Loss, String> DIGESTS =
      Map.ofEntries(
          entry(Loss.SOFTMAX, "d1252f9d9fad6b2288a3870b7d22d46fc8cf39d6baada5458b15df3765f5231c"),
          entry(Loss.SIGMOID, "d1f0667c9dbbebf57b68eb682488519195d55b9dcce9dec6dba6c0746ecde339"),
          entry(Loss.MSE, "e182fdb17cf3156ca980b8066cc5aaca2a6738ff30b52a4cac1bad6f051bbefa"),
          entry(Loss.HUBER, "7b3ab7eeb032dee8ca3fd15a5d0cc9566b34b9dec1e8967f7a250cb74724eb22"),
          entry(Loss.MAE, "2f65f48f5846c42ef900a1512141e3b6f267b20c7445bdd212f85e3a4b4add47"),
          entry(
              Loss.pinball(0.9),
              "df422f551f12de0d1df10378a40c97753fbef5a7b991b7eb8ab48bd4140a7594"));

  static Stream<Arguments> losses() {
    return Stream.of(Loss.values()).flatMap(l -> Stream.of(1, 2, 3).map(t -> arguments(l, t)));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void sameBits(Loss loss, int threads) throws IOException {
    TrainingRun run =
        Trainer.builder()
            .epochs(2)
            .batchSize(64)
            .learningRate(0.05)
            .threads(threads)
            .build()
            .fit(network(loss), data(loss));
    assertEquals(loss, run.model().loss());
    assertEquals(DIGESTS.get(loss), run.model().sha256());
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void learns(Loss loss) throws IOException {
    Dataset data = data(loss);
    Architecture layers = Architecture.relu(144, List.of(80, 40), 5);
    TrainingRun run =
        Trainer.builder()
            .epochs(40)
            .batchSize(20)
            .learningRate(0.1)
            .build()
            .fit(Mlp.initial(layers, Initializer.HE, 3).withLoss(loss), data);
    Score train = Score.of(run.model(), data.train(), 2);
    boolean isMean = loss.task().level().isEmpty(); // R2 says less of a high quantile
    double least = isMean ? 0.9 : 0.6;
    assertTrue(train.accuracy() > least, "accuracy " + train.accuracy());
    Score valid = Score.of(run.model(), data.validation().orElseThrow(), 1);
    assertEquals(valid.loss(), run.history().validLoss()[39], 1e-12);
    assertEquals(valid.accuracy(), run.history().validScore()[39], 1e-12);
    // The mean over an epoch is a little worse, because rows are scored before their update.
    assertEquals(train.accuracy(), run.history().trainScoreMean()[39], isMean ? 0.05 : 0.2);
  }

  private static Rows weighted(Rows split) {
    float[] weights = new float[split.rows()];
    for (int r = 0; r < weights.length; r++) {
      weights[r] = r % 7 * 0.25f + 0.5f;
    }
    return split.withRowWeights(weights);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void sameBitsWithSmoothingAndWeights(int threads) throws IOException {
    Dataset data = data(Loss.SOFTMAX);
    TrainingRun run =
        Trainer.builder()
            .epochs(2)
            .batchSize(64)
            .learningRate(0.05)
            .labelSmoothing(0.1)
            .classWeights(1, 2, 0.5, 1, 3)
            .threads(threads)
            .build()
            .fit(
                network(Loss.SOFTMAX),
                Dataset.of(weighted(data.train()), data.validation(), data.test()));
    assertEquals(
        "b530dcc5fed5ba3197e7f360d9760cacee4deb2cb394542c8056cbe88a59e18e", run.model().sha256());
  }

  /** A row of weight 2 has the same effect as the row twice, except for the divisor. */
  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void weightsAreRepetitions(Loss loss) throws IOException {
    Rows all = data(loss).train();
    Rows few = slice(all, 0, 1, 2, 3);
    Rows repeated = slice(all, 0, 1, 1, 2, 2, 2, 3, 3);
    // The divisor is the number of rows, so weights of 4 rows are half the repetitions of 8 rows.
    Rows heavy = few.withRowWeights(new float[] {0.5f, 1, 1.5f, 1});
    float[] a = step(loss, heavy).model().parameters();
    float[] b = step(loss, repeated).model().parameters();
    float[] c = step(loss, few).model().parameters();
    double near = 0;
    double far = 0;
    for (int i = 0; i < a.length; i++) {
      near = Math.max(near, Math.abs(a[i] - b[i]));
      far = Math.max(far, Math.abs(a[i] - c[i]));
    }
    assertTrue(near < 1e-3 * far, near + " against " + far);
  }

  private static Rows slice(Rows split, int... rows) {
    float[][] x = new float[rows.length][split.features()];
    int[] labels = new int[rows.length];
    float[][] t = new float[rows.length][Math.max(1, split.outputs())];
    for (int i = 0; i < rows.length; i++) {
      split.copyRows(null, rows[i], 1, x[i], 0);
      if (split.outputs() == 0) {
        labels[i] = split.label(rows[i]);
      } else {
        split.copyTargets(null, rows[i], 1, t[i], 0);
      }
    }
    return split.outputs() == 0 ? Rows.of(x, labels) : Rows.of(x, t);
  }

  private static TrainingRun step(Loss loss, Rows split) {
    return Trainer.builder()
        .epochs(1)
        .batchSize(-1)
        .learningRate(1)
        .listener(epoch -> true) // hears that some classes have no rows
        .build()
        .fit(network(loss), Dataset.of(split));
  }

  @Test
  void balancedWeightsAreThoseOfScikitLearn() throws IOException {
    Dataset data = data(Loss.SOFTMAX);
    int[] counts = new int[5];
    for (int r = 0; r < data.train().rows(); r++) {
      counts[data.train().label(r)]++;
    }
    double[] weights = new double[5];
    for (int c = 0; c < 5; c++) {
      weights[c] = data.train().rows() / (5.0 * counts[c]);
    }
    Mlp network = network(Loss.SOFTMAX);
    String balanced =
        Trainer.builder()
            .epochs(1)
            .balancedClassWeights()
            .build()
            .fit(network, data)
            .model()
            .sha256();
    String given =
        Trainer.builder()
            .epochs(1)
            .classWeights(weights)
            .build()
            .fit(network, data)
            .model()
            .sha256();
    String plain = Trainer.builder().epochs(1).build().fit(network, data).model().sha256();
    assertEquals(given, balanced);
    assertNotEquals(plain, balanced);
  }

  @Test
  void wrongWeightsAreRefused() throws IOException {
    Class<IllegalArgumentException> bad = IllegalArgumentException.class;
    Dataset data = data(Loss.SOFTMAX);
    Dataset numbers = data(Loss.MSE);
    Trainer two = Trainer.builder().classWeights(1, 2).build();
    assertThrows(bad, () -> two.fit(network(Loss.SOFTMAX), data));
    Trainer balanced = Trainer.builder().balancedClassWeights().build();
    assertThrows(bad, () -> balanced.fit(network(Loss.MSE), numbers));
    Trainer even = Trainer.builder().sampling(Sampling.BALANCED).build();
    assertThrows(bad, () -> even.fit(network(Loss.MSE), numbers));
    Trainer smoothed = Trainer.builder().labelSmoothing(0.1).build();
    assertThrows(bad, () -> smoothed.fit(network(Loss.MSE), numbers));
    for (double wrong : new double[] {-1, 1e39, Double.NaN}) {
      assertThrows(bad, () -> Trainer.builder().classWeights(1, wrong));
    }
    for (double wrong : new double[] {-1, 1, Double.NaN}) {
      assertThrows(bad, () -> Trainer.builder().labelSmoothing(wrong));
    }
    Rows train = data.train();
    assertThrows(bad, () -> train.withRowWeights(new float[3]));
    float[] negative = new float[train.rows()];
    negative[1] = -1;
    assertThrows(bad, () -> train.withRowWeights(negative));
  }

  /** Measures a network whose outputs are its inputs. */
  private static Score score(Loss loss, float[] outputs, float[] targets, int columns) {
    int rows = outputs.length / columns;
    float[] parameters = new float[(columns + 1) * columns];
    float[][] x = new float[rows][columns];
    float[][] t = new float[rows][columns];
    for (int i = 0; i < outputs.length; i++) {
      parameters[i % columns * columns + i % columns] = 1;
      x[i / columns][i % columns] = outputs[i];
      t[i / columns][i % columns] = targets[i];
    }
    Mlp model = Mlp.of(Architecture.relu(columns, List.of(), columns), parameters).withLoss(loss);
    return Score.of(model, Rows.of(x, t), 1);
  }

  /** Expects the numbers of scikit-learn's mean_squared_error, mean_absolute_error and r2_score. */
  @Test
  void regressionIsMeasured() {
    float[] y = {2.5f, 0, 2, 8, 0.25f, 1};
    float[] t = {3, -0.5f, 2, 7, 0.5f, 1};
    Score e = score(Loss.MSE, y, t, 1);
    assertEquals(0.2604166666666667, e.figure("mse"), 1e-15);
    assertEquals(0.2604166666666667, e.loss(), 1e-7);
    assertEquals(0.375, e.figure("mae"), 1e-15);
    assertEquals(0.9557783018867925, e.accuracy(), 1e-9);
    Score two = score(Loss.HUBER, y, t, 2);
    assertEquals(0.9308166248955723, two.accuracy(), 1e-9);
    assertEquals(0.375, two.figure("mae"), 1e-15);
  }

  @Test
  void equalTargetsAndLargeMeans() {
    assertEquals(1, score(Loss.MSE, new float[] {4, 4}, new float[] {4, 4}, 1).accuracy());
    assertEquals(0, score(Loss.MSE, new float[] {4, 5}, new float[] {4, 4}, 1).accuracy());
    float[] t = {1e6f, 1e6f + 1, 1e6f + 2};
    float[] y = {1e6f, 1e6f + 1, 1e6f + 3};
    assertEquals(0.5, score(Loss.MSE, y, t, 1).accuracy());
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    Dataset classes = data(Loss.SOFTMAX);
    Dataset numbers = data(Loss.MSE);
    Trainer trainer = Trainer.builder().epochs(1).build();
    for (Loss loss : Loss.values()) {
      Dataset wrong = loss.task().hasClasses() ? numbers : classes;
      String message = refusal(() -> trainer.fit(network(loss), wrong));
      assertTrue(message.startsWith("targets that are "), message);
      String wayOut =
          loss.task().hasClasses() ? "(model.withLoss(Loss.MSE)" : "(model.withLoss(Loss.S";
      assertTrue(message.contains(wayOut), message);
    }
    String shares = refusal(() -> trainer.fit(network(Loss.SIGMOID), numbers));
    assertTrue(shares.contains("loss sigmoid takes 0 to 1 (model.withLoss(Loss.MSE)"), shares);
  }
}
