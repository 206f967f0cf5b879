package dev.lanewise.spark;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.TrainerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows for training, and the results of the library without Spark. */
final class Samples {
  static final StructType SCHEMA =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("features", SQLDataTypes.VectorType())
          .add("label", DataTypes.DoubleType)
          .add("weight", DataTypes.DoubleType)
          .add("key", DataTypes.IntegerType);

  /** A row of a training table. */
  record Sample(long id, double[] x, double y, double weight, int key) {}

  private Samples() {}

  /** Returns rows of a few classes; some rows occur twice. */
  static List<Sample> classes(int rows, int features, long seed) {
    Random random = new Random(seed);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double[] x = new double[features];
      for (int j = 0; j < features; j++) {
        x[j] = j % 3 == 0 ? random.nextInt(4) - 1.5 : random.nextGaussian() * (j + 1);
      }
      double sum = x[0] + x[1] / 2 + x[features - 1] / features;
      double y = sum > 1 ? 2 : sum > -0.5 ? 1 : 0;
      samples.add(new Sample(i, x, y, 0.5 + random.nextInt(3), i % 20));
    }
    for (int i = 0; i < rows / 10; i++) {
      Sample twice = samples.get(i);
      samples.add(new Sample(rows + i, twice.x, twice.y, twice.weight, twice.key));
    }
    return samples;
  }

  /** Returns the same rows with numeric targets. */
  static List<Sample> numbers(int rows, int features, long seed) {
    return classes(rows, features, seed).stream()
        .map(s -> new Sample(s.id, s.x, 3 * s.x[0] - s.x[1] * s.x[1] / 5, s.weight, s.key))
        .toList();
  }

  /** Returns the rows as a table of Spark, in any order. */
  static org.apache.spark.sql.Dataset<Row> frame(
      SparkSession spark, List<Sample> samples, long order) {
    List<Sample> shuffled = new ArrayList<>(samples);
    Collections.shuffle(shuffled, new Random(order));
    List<Row> rows = new ArrayList<>();
    for (Sample s : shuffled) {
      rows.add(RowFactory.create(s.id, Vectors.dense(s.x), s.y, s.weight, s.key));
    }
    return spark.createDataFrame(rows, SCHEMA);
  }

  /** The canonical order: features, label, weight. */
  static final Comparator<Sample> CANONICAL =
      ((Comparator<Sample>) (a, b) -> Arrays.compare(a.x, b.x))
          .thenComparingDouble(s -> s.y)
          .thenComparingDouble(s -> s.weight);

  /** Returns the rows as a split, in the order of a comparator. */
  static Rows split(
      List<Sample> samples, Comparator<Sample> order, boolean classes, boolean weighted) {
    List<Sample> sorted = samples.stream().sorted(order).toList();
    double[][] x = sorted.stream().map(Sample::x).toArray(double[][]::new);
    double[] y = sorted.stream().mapToDouble(Sample::y).toArray();
    int[] labels = new int[y.length];
    float[] weights = new float[y.length];
    for (int i = 0; i < y.length; i++) {
      labels[i] = (int) y[i];
      weights[i] = (float) sorted.get(i).weight;
    }
    Rows split = classes ? Rows.of(x, labels) : Rows.of(x, y);
    return weighted ? split.withRowWeights(weights) : split;
  }

  /** Returns the network that the library trains on a split. */
  static Mlp trained(Rows split, LanewiseEstimator<?> estimator, TrainerBuilder trainer) {
    Dataset data = Dataset.of(split).withScaling(ScaleChoice.robust());
    if (!data.hasClasses()) {
      data = data.withTargetScaling(ScaleChoice.standard());
    }
    Mlp initial = estimator.recipe().network(data);
    return trainer.build().fit(initial, data).model();
  }

  /** Returns the rows with a fold number, which depends on their features alone. */
  static org.apache.spark.sql.Dataset<Row> folded(
      org.apache.spark.sql.Dataset<Row> rows, int folds) {
    Column hash = functions.xxhash64(functions.col("features"));
    return rows.withColumn("fold", functions.pmod(hash, functions.lit(folds)).cast("int"));
  }

  /** Writes a file of people for the README's example, 20 of whom have no label. */
  static Path csv(Path file) throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,age,town,income,paid"));
    Random random = new Random(6);
    for (int i = 0; i < 120; i++) {
      int age = 20 + random.nextInt(50);
      int income = 1000 + random.nextInt(3000);
      String town = random.nextBoolean() ? "Ulm" : "";
      String paid = i % 6 == 0 ? "" : income > 60 * age ? "yes" : "no";
      lines.add(i + "," + age + "," + town + "," + income + "," + paid);
    }
    return Files.write(file, lines);
  }
}
