package dev.lanewise.train;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.model.Bins;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictions;
import dev.lanewise.nn.Scaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests bins: their edges, and that a network with bins is one of more features. */
class BinsTest {
  private static final int ROWS = 203;
  private static final int FEATURES = 4;

  private static double[][] rows() {
    Random random = new Random(8);
    double[][] rows = new double[ROWS][];
    for (int i = 0; i < ROWS; i++) {
      rows[i] =
          new double[] {random.nextGaussian(), i % 2, i % 3 == 0 ? 100 : random.nextInt(4), 7};
    }
    return rows;
  }

  private static int[] labels() {
    double[][] rows = rows();
    int[] labels = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = Math.abs(rows[i][0]) < 0.6 ^ rows[i][2] == 2 ? 1 : 0;
    }
    return labels;
  }

  private static Dataset data() {
    Rows all = Rows.of(rows(), labels());
    return Dataset.of(all.slice(0, 150), all.slice(150, 30), all.slice(180, 23))
        .withScaling(ScaleChoice.robust());
  }

  /** Edges are numpy's quantiles of the scaled values; two values or one have no bins. */
  @Test
  void edgesAreQuantilesOfTheScaledFeatures() {
    Dataset data = Dataset.of(Rows.of(rows(), labels())).withScaling(ScaleChoice.robust());
    Bins bins = Bins.of(data, 4).orElseThrow();
    double[] column = new double[ROWS];
    float[] row = new float[FEATURES];
    for (int i = 0; i < ROWS; i++) {
      data.train().copyRows(null, i, 1, row, 0);
      column[i] = row[0];
    }
    java.util.Arrays.sort(column);
    double place = (ROWS - 1) / 4.0;
    int below = (int) place;
    double t = place - below;
    double second =
        t >= 0.5
            ? column[below + 1] - (column[below + 1] - column[below]) * (1 - t)
            : column[below] + (column[below + 1] - column[below]) * t;
    assertEquals(5, bins.edges(0).length);
    assertEquals(column[0], bins.edges(0)[0]);
    assertEquals(second, bins.edges(0)[1]);
    assertEquals(column[ROWS - 1], bins.edges(0)[4]);
    assertArrayEquals(new double[0], bins.edges(1));
    assertTrue(bins.edges(2).length > 2);
    assertArrayEquals(new double[0], bins.edges(3));
    assertEquals(FEATURES, bins.features());
    double[][] plain = {{0, 1}, {1, 1}, {0, 1}};
    assertEquals(Optional.empty(), Bins.of(Dataset.of(Rows.of(plain, new int[] {0, 1, 0})), 16));
    rejects(IllegalArgumentException.class, () -> Bins.of(data, 0), "at least 1");
  }

  @Test
  void aBinIsItsPartOfTheWay() {
    Bins bins = new Bins(new double[][] {{-1, 0, 2}, {}, {0.5, 0.75}});
    float[] in = new float[3];
    bins.encode(new float[] {0, 1, 5, 0.625f}, 1, in, 0);
    assertArrayEquals(new float[] {1, 0.5f, 0.5f}, in);
    bins.encode(new float[] {-3, 0, 0.5f}, 0, in, 0);
    assertArrayEquals(new float[] {0, 0, 0}, in);
    bins.encode(new float[] {Float.NaN, 0, 9}, 0, in, 0);
    assertArrayEquals(new float[] {Float.NaN, Float.NaN, 1}, in);
  }

  /** Returns rows in which the bins are features. */
  private static Rows expanded(Rows split, Bins bins) {
    float[][] rows = new float[split.rows()][FEATURES + bins.count()];
    int[] labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      split.copyRows(null, i, 1, rows[i], 0);
      bins.encode(rows[i], 0, rows[i], FEATURES);
      labels[i] = split.label(i);
    }
    return Rows.of(rows, labels);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void trainingIsThatOfANetworkOnMoreFeatures(int threads) {
    Dataset data = data();
    Bins bins = Bins.of(data, 8).orElseThrow();
    Architecture sizes =
        new Architecture(FEATURES + bins.count(), List.of(16), 2, List.of(Activation.SELU));
    Mlp plain = Mlp.initial(sizes, Initializer.REALMLP, 3);
    Trainer trainer =
        Trainer.builder()
            .epochs(5)
            .batchSize(40)
            .optimizer(Optimizer.adam())
            .inputRate(6)
            .best(BestEpoch.LAST_ERROR)
            .threads(threads)
            .build();
    TrainingRun with = trainer.fit(Model.of(plain).withBins(bins).members().get(0), data);
    Dataset more =
        Dataset.of(
            expanded(data.train(), bins),
            expanded(data.validation().orElseThrow(), bins),
            expanded(data.test().orElseThrow(), bins));
    TrainingRun by = trainer.fit(plain, more);
    assertEquals(by.model().sha256(), with.model().sha256());
    assertEquals(by.bestEpoch(), with.bestEpoch());
    assertEquals(bins, Model.of(with.model()).bins().orElseThrow());
    RowResults expected = RowResults.of(by.model(), more.test().orElseThrow(), threads);
    RowResults found = RowResults.of(with.model(), data.test().orElseThrow(), threads);
    assertEquals(expected.score(), found.score());
    Predictions raw = with.model().predictor(9).predict(rows());
    for (int i = 0; i < found.rows().rows(); i++) {
      assertEquals(found.results()[2 * i + 1], raw.probability(180 + i, 1));
      assertEquals(found.predicted()[i], raw.label(180 + i));
    }
  }

  /** A network alone would be taken for one of all its inputs. */
  @Test
  void aCheckpointGivesAModelOfItsBins() {
    Dataset data = data();
    Bins bins = Bins.of(data, 8).orElseThrow();
    Mlp plain =
        Mlp.initial(Architecture.relu(FEATURES + bins.count(), List.of(4), 2), Initializer.HE, 3);
    List<Checkpoint> taken = new ArrayList<>();
    Trainer.builder()
        .epochs(1)
        .checkpointEvery(1e-9)
        .listener(
            new TrainingListener() {
              @Override
              public boolean onEpoch(EpochResult result) {
                return true;
              }

              @Override
              public void onCheckpoint(Checkpoint checkpoint) {
                taken.add(checkpoint.copy());
              }
            })
        .build()
        .fit(Model.of(plain).withBins(bins).members().get(0), data);
    Checkpoint last = taken.get(taken.size() - 1);
    assertEquals(bins, Model.of(last.network()).bins().orElseThrow());
    rejects(
        IllegalStateException.class,
        last::model,
        "checkpoint of a network with bin_edges, which a network alone does not honour");
  }

  @Test
  void factsOfOtherFeaturesAreRefused() {
    Bins bins = new Bins(new double[][] {{0, 1}, {}});
    Model model = Model.of(Mlp.initial(Architecture.relu(3, List.of(), 2), Initializer.HE, 0));
    assertEquals(2, model.withBins(bins).inputs());
    rejects(
        IllegalArgumentException.class,
        () -> model.withScaling(Scaling.standardise(new double[3], new double[3])).withBins(bins),
        "1 bins of 2 features");
    rejects(
        IllegalArgumentException.class,
        () -> model.withBins(new Bins(new double[][] {{0, 1}})),
        "1 bins of 1 features");
    rejects(
        IllegalArgumentException.class,
        () -> model.withBins(bins).withScaling(Scaling.standardise(new double[3], new double[3])),
        "takes 2");
    for (double[] edges : new double[][] {{1}, {1, 1}, {2, 1}, {0, Double.NaN}}) {
      rejects(IllegalArgumentException.class, () -> new Bins(new double[][] {edges}), "ascending");
    }
    rejects(IllegalArgumentException.class, () -> new Bins(new double[3][0]), "at least one");
  }
}
