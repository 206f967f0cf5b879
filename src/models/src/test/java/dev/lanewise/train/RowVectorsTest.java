package dev.lanewise.train;

import dev.lanewise.Vectors;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.Quantiles;
import dev.lanewise.data.internal.Stratification;
import dev.lanewise.model.Bins;
import dev.lanewise.model.Folds;
import dev.lanewise.nn.Scaling;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The conformance vectors of rows: scaling, bins, quantiles, division and order. */
class RowVectorsTest {
  private static final long[] SEEDS = {0, 1, -5, 1L << 40};

  @Test
  void rows() {
    Vectors vectors = new Vectors("rows", "scaling, bins, division and order of rows");
    Random random = new Random(8);
    double[][] x = new double[21][3];
    for (double[] row : x) {
      row[0] = random.nextGaussian() * 1e3 + 1e9;
      row[1] = random.nextInt(4) == 0 ? random.nextInt(50) : 7;
      row[2] = random.nextInt(5) / 3.0;
    }
    int[] labels = new int[21];
    Arrays.setAll(labels, i -> random.nextInt(3));
    List<double[]> raw = List.of(x);
    for (String scale : List.of("none", "255", "standard", "minmax", "robust")) {
      Rows scaled = Dataset.of(Rows.of(x, labels)).withScaling(ScaleChoice.named(scale)).train();
      vectors.add("three inputs of 21 rows", "scale|x|scaled", scale, raw, values(scaled));
    }
    // The sum of these is rounded up for the sake of its last number alone.
    double[][] halves = {{1}, {1}, {0.5}, {0x1p-52}, {0x1p-105}};
    Rows exact =
        Dataset.of(Rows.of(halves, new int[5])).withScaling(ScaleChoice.standard()).train();
    vectors.add(
        "one input of 5 rows", "scale|x|scaled", "standard", List.of(halves), values(exact));
    Dataset data = Dataset.of(Rows.of(x, labels)).withScaling(ScaleChoice.robust());
    Bins bins = Bins.of(data, 4).orElseThrow();
    float[] encoded = new float[21 * bins.count()];
    for (int row = 0; row < 21; row++) {
      bins.encode(values(data.train()), 3 * row, encoded, row * bins.count());
    }
    List<double[]> edges = IntStream.range(0, 3).mapToObj(bins::edges).toList();
    vectors.add("4 bins of the rows of robust", "edges|inputs", edges, encoded);
    double[] column = Arrays.stream(x).mapToDouble(row -> row[0]).toArray();
    vectors.add(
        "quantiles 0.1, 0.25, 0.5, 0.75, 0.9 of the first 18",
        "x|quantiles",
        column,
        Quantiles.ofUnsorted(column, 18, 0.1, 0.25, 0.5, 0.75, 0.9));
    for (int list = 0; list < 4; list++) {
      double[] numbers = new double[7 + list];
      Arrays.setAll(numbers, i -> Math.scalb(random.nextGaussian(), random.nextInt(6)));
      vectors.add(
          "quantiles 0.1, 0.25, 0.5, 0.75, 0.9",
          "x|quantiles",
          numbers,
          Quantiles.ofUnsorted(numbers, numbers.length, 0.1, 0.25, 0.5, 0.75, 0.9));
    }
    robust(vectors);
    for (int[] counts : new int[][] {{0, 4}, {3, 3}, {5, 7}, {1, 2}}) {
      vectors.add(
          "stratified order",
          "classes|validation|test|order",
          labels,
          counts[0],
          counts[1],
          Stratification.order(labels, counts[0], counts[1]));
    }
    double[][] numbered = new double[21][1];
    Arrays.setAll(numbered, i -> new double[] {i});
    for (long seed : SEEDS) {
      Rows train = Rows.of(numbered, labels);
      Folds folds = Folds.of(Dataset.of(train), seed);
      List<float[]> validation =
          IntStream.range(0, 5)
              .mapToObj(m -> values(folds.member(m).validation().orElseThrow()))
              .toList();
      vectors.add(
          "validation rows of networks 0 to 4", "classes|seed|rows", labels, seed, validation);
      for (Sampling sampling : List.of(Sampling.SHUFFLED, Sampling.BALANCED)) {
        EpochOrder order = new EpochOrder(sampling, seed, train, new Shards(1, 21, 21));
        vectors.add(
            sampling.name().toLowerCase(Locale.ROOT),
            "seed|classes|order of epoch 0|order of epoch 9",
            seed,
            labels,
            order.of(0).clone(),
            order.of(9).clone());
      }
    }
    shards(vectors, 2, 150, 128, 3);
    shards(vectors, 4, 262, 259, -7); // the last mini-batch has no rows of one shard
    vectors.check();
  }

  private static void shards(Vectors vectors, int count, int rows, int batch, long seed) {
    Shards shards = new Shards(count, rows, batch);
    Rows train = Rows.of(new float[rows][1], new int[rows]);
    EpochOrder order = new EpochOrder(Sampling.SHUFFLED, seed, train, shards);
    vectors.add(
        "shards",
        "shards|rows|batch size|seed|order of epoch 0|order of epoch 9|first rows of the shards in the last mini-batch",
        count,
        rows,
        batch,
        seed,
        order.of(0).clone(),
        order.of(9).clone(),
        shards.starts(batch));
  }

  /** The last bits of these numbers decide a bit of the result. */
  private static void robust(Vectors vectors) {
    double[] x = {
      0x1.03a55d1619252p1,
      -0x1.be2b293f8e50cp1,
      0x1.27347f17f9512p3,
      -0x1.0432f6ce3bf6ep1,
      0x1.bf4daf63f85d5p1,
      -0x1.1ce075824a04fp1,
      1e8,
      -1.1e8,
      0
    };
    float[] scaled = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      scaled[i] = Scaling.robust(new double[1], new double[] {1}).scale(x[i], 0);
    }
    vectors.add("robust with the median 0 and the width 1", "x|scaled", x, scaled);
  }

  /** Returns the scaled features of all rows. */
  static float[] values(Rows split) {
    float[] all = new float[split.rows() * split.features()];
    split.copyRows(null, 0, split.rows(), all, 0);
    return all;
  }
}
