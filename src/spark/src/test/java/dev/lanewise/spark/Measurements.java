package dev.lanewise.spark;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Measures the figures of the README, which are ratios of alternately measured times: {@code
 * src/spark/cluster dev.lanewise.spark.Measurements score 1000000 5}.
 */
public final class Measurements {
  private static final int INPUTS = 28;
  private static final int BATCH = 256;
  private static final int MORE = 40; // epochs

  /** Adds the processor times of tasks, which other programs on the machine hardly change. */
  private static final class Processors extends SparkListener {
    private final Map<String, Double> ofExecutors = new TreeMap<>();

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
      if (end.taskMetrics() != null) {
        double seconds = end.taskMetrics().executorCpuTime() / 1e9;
        ofExecutors.merge(end.taskInfo().executorId(), seconds, Double::sum);
      }
    }

    /** Returns the processor seconds since the last call. */
    synchronized double taken() {
      double seconds = 0;
      for (double ofOne : ofExecutors.values()) {
        seconds += ofOne;
      }
      ofExecutors.clear();
      return seconds;
    }

    /** Describes the seconds since the last call and their ratio to the busiest executor's. */
    synchronized String shared() {
      double most = Collections.max(ofExecutors.values());
      double all = taken();
      return "%.1f s on processors, %.2f times that of the busiest".formatted(all, all / most);
    }
  }

  private static final StructType ROWS =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("features", SQLDataTypes.VectorType())
          .add("label", DataTypes.DoubleType);

  private static final StructType SCORED =
      ROWS.add("probability", SQLDataTypes.VectorType()).add("prediction", DataTypes.DoubleType);

  private Measurements() {}

  /** Takes the name of the measurement, the number of rows and the number of rounds. */
  public static void main(String[] args) throws Exception {
    int rows = Integer.parseInt(args[1]);
    int rounds = Integer.parseInt(args[2]);
    switch (args[0]) {
      case "score" -> score(rows, rounds);
      case "train" -> train(rows, rounds);
      case "fits" -> fits(rows, rounds);
      case "shards" -> shards(rows, rounds);
      default ->
          throw new IllegalArgumentException(args[0] + ", expected score, train, fits or shards");
    }
    System.out.printf(
        "(load average %.1f)%n",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  /** Returns cached rows of two classes with a curved border and some noise. */
  private static Dataset<Row> rows(SparkSession spark, int count, int partitions) {
    MapPartitionsFunction<Long, Row> draw =
        ids ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return ids.hasNext();
              }

              @Override
              public Row next() {
                long id = ids.next();
                Random random = new Random(id * 0x9E3779B97F4A7C15L);
                double[] x = new double[INPUTS];
                for (int j = 0; j < INPUTS; j++) {
                  x[j] = random.nextGaussian();
                }
                double y = x[0] * x[1] + x[2] - 0.5 * x[3] * x[3] + 0.5 * x[4];
                y += 0.3 * random.nextGaussian();
                return RowFactory.create(id, Vectors.dense(x), y > -0.25 ? 1.0 : 0.0);
              }
            };
    Dataset<Row> rows =
        spark
            .range(0, count, 1, partitions)
            .mapPartitions((MapPartitionsFunction<Long, Row>) draw::call, Encoders.row(ROWS))
            .persist();
    rows.count();
    return rows;
  }

  private static void run(Dataset<Row> scored) {
    scored.write().format("noop").mode("overwrite").save();
  }

  private static void score(int count, int rounds) {
    SparkSession spark = Sessions.cluster(2, Map.of());
    Dataset<Row> rows = rows(spark, count, 8);
    List<Activation> sigmoids = Collections.nCopies(2, Activation.SIGMOID);
    Architecture layers = new Architecture(INPUTS, List.of(128, 64), 2, sigmoids);
    Model network = Model.of(Mlp.initial(layers, Initializer.GLOROT, 1));
    LanewiseModel all = new LanewiseModel(network);
    LanewiseModel two = all.copy(ParamMap.empty()).setRawPredictionCol("");
    Broadcast<SharedModel.Content> content = new SharedModel(network).in(spark.sparkContext());
    MultilayerPerceptronClassificationModel other =
        new MultilayerPerceptronClassifier()
            .setLayers(new int[] {INPUTS, 128, 64, 2})
            .setMaxIter(1)
            .fit(rows.limit(1000));
    Map<String, Runnable> ways = new LinkedHashMap<>();
    ways.put("LanewiseModel, probability and prediction", () -> run(two.transform(rows)));
    ways.put("mapPartitions by hand, the same", () -> run(byHand(rows, content)));
    ways.put("LanewiseModel, all columns", () -> run(all.transform(rows)));
    ways.put("Spark's MLP, all columns", () -> run(other.transform(rows)));
    ways.put(
        "LanewiseModel, column function",
        () -> run(rows.withColumn("s", all.function(spark).apply(functions.col("features")))));
    Map<String, double[]> processors = new LinkedHashMap<>();
    Map<String, double[]> seconds = timed(spark, ways, rounds, processors);
    seconds.forEach(
        (way, s) ->
            System.out.printf(
                "%-45s %,10.0f rows/s, %5.2f us of processor time per row%n",
                way, count / median(s), 1e6 * median(processors.get(way)) / count));
    String[] names = ways.keySet().toArray(new String[0]);
    ratio("by hand / LanewiseModel", seconds.get(names[1]), seconds.get(names[0]));
    ratio("Spark's MLP / LanewiseModel", seconds.get(names[3]), seconds.get(names[2]));
    ratio("Spark's MLP / column function", seconds.get(names[3]), seconds.get(names[4]));
    System.out.println("The same ratios of processor time:");
    ratio("by hand / LanewiseModel", processors.get(names[1]), processors.get(names[0]));
    ratio("Spark's MLP / LanewiseModel", processors.get(names[3]), processors.get(names[2]));
    ratio("Spark's MLP / column function", processors.get(names[3]), processors.get(names[4]));
    spark.stop();
  }

  /** Scores rows as a user of the jar alone would write it. */
  private static Dataset<Row> byHand(Dataset<Row> rows, Broadcast<SharedModel.Content> content) {
    MapPartitionsFunction<Row, Row> score =
        all -> {
          Predictor predictor = content.value().model().predictor(BATCH);
          float[] x = new float[BATCH * INPUTS];
          float[] p = new float[BATCH * 2];
          Row[] batch = new Row[BATCH];
          Queue<Row> scored = new ArrayDeque<>();
          return new Iterator<>() {
            @Override
            public boolean hasNext() {
              return !scored.isEmpty() || all.hasNext();
            }

            @Override
            public Row next() {
              if (scored.isEmpty()) {
                int n = 0;
                for (; n < BATCH && all.hasNext(); n++) {
                  batch[n] = all.next();
                  double[] values = ((DenseVector) batch[n].get(1)).values();
                  for (int j = 0; j < INPUTS; j++) {
                    x[n * INPUTS + j] = (float) values[j];
                  }
                }
                predictor.predict(x, n, p, null);
                for (int i = 0; i < n; i++) {
                  double[] both = {p[2 * i], p[2 * i + 1]};
                  Row r = batch[i];
                  double best = both[1] > both[0] ? 1.0 : 0.0;
                  scored.add(
                      RowFactory.create(r.get(0), r.get(1), r.get(2), Vectors.dense(both), best));
                }
              }
              return scored.remove();
            }
          };
        };
    return rows.mapPartitions(score, Encoders.row(SCORED));
  }

  private static void train(int count, int rounds) {
    SparkSession spark = Sessions.cluster(2, Map.of());
    Dataset<Row> train = rows(spark, count, 2).where("id % 5 > 0").persist();
    Dataset<Row> test = rows(spark, count, 2).where("id % 5 = 0").persist();
    MulticlassClassificationEvaluator accuracy =
        new MulticlassClassificationEvaluator().setMetricName("accuracy");
    MultilayerPerceptronClassifier theirs =
        new MultilayerPerceptronClassifier().setLayers(new int[] {INPUTS, 32, 2}).setSeed(1);
    double reached = accuracy.evaluate(theirs.fit(train).transform(test));
    LanewiseClassifier ours =
        new LanewiseClassifier()
            .setPreset("course")
            .setHidden(32)
            .setOption("activation", "sigmoid")
            .setOption("init", "glorot")
            .setOption("scale", "standard")
            .setOptimizer("adam")
            .setLearningRate(0.01)
            .setBatchSize(64)
            .setOption("schedule", "cosine")
            .setSeed(1);
    double found = 0;
    int epochs = 1;
    for (; found < reached && epochs < 1000; epochs *= 2) {
      found = accuracy.evaluate(ours.setEpochs(epochs).fit(train).transform(test));
    }
    int enough = epochs / 2;
    System.out.printf(
        "accuracy on other rows: Spark's MLP %.4f, Lanewise %.4f after %s epochs%n",
        reached, found, enough);
    Map<String, Runnable> ways = new LinkedHashMap<>();
    ways.put("LanewiseClassifier", () -> ours.setEpochs(enough).fit(train));
    ways.put("Spark's MLP", () -> theirs.fit(train));
    Map<String, double[]> seconds = timed(spark, ways, rounds, new LinkedHashMap<>());
    seconds.forEach((way, s) -> System.out.printf("%-25s %7.2f s%n", way, median(s)));
    ratio(
        "Spark's MLP / LanewiseClassifier",
        seconds.get("Spark's MLP"),
        seconds.get("LanewiseClassifier"));
    spark.stop();
  }

  /** Measures eight folds of eight settings on two executors and on one. */
  /**
   * Compares the epochs of two executors of one core, which train together, with those of one
   * executor of two threads. The time of one epoch is subtracted from that of many, so that
   * preparing the rows does not count.
   */
  private static void shards(int count, int rounds) throws IOException {
    double[][] rates = new double[2][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < 2; turn++) {
        boolean together = (round + turn) % 2 == 0;
        Map<String, String> two =
            Map.of("spark.executor.cores", "2", "spark.task.cpus", "2", "spark.cores.max", "2");
        Map<String, String> memory = new HashMap<>(together ? Map.of() : two);
        memory.put("spark.executor.memory", together ? "1500m" : "3g");
        SparkSession spark = Sessions.cluster(together ? 2 : 1, memory);
        Dataset<Row> rows =
            spark
                .range(0, count, 1, 2)
                .selectExpr(
                    "transform(sequence(1, 784), i -> pmod(xxhash64(id, i), 1000) / 1000D) AS features",
                    "double(pmod(id, 10)) AS label")
                .persist();
        rows.count();
        LanewiseClassifier estimator =
            new LanewiseClassifier()
                .setPreset("course")
                .setHidden(2048, 2048)
                .setBatchSize(4096)
                .setOption("scale", "none")
                .setOption("shards", 2);
        if (together) {
          Path folder = Files.createTempDirectory(Path.of("target"), "shards");
          estimator.setOption("checkpointPath", folder.toAbsolutePath().toString());
        }
        double one = 0;
        String digest = "";
        for (int epochs : new int[] {1, 1 + MORE}) {
          long begin = System.nanoTime();
          digest = estimator.setEpochs(epochs).fit(rows).model().sha256();
          double seconds = (System.nanoTime() - begin) / 1e9;
          rates[together ? 0 : 1][round] = MORE * (double) count / (seconds - one);
          one = seconds;
        }
        System.out.printf(
            "%s: %.0f rows/s, sha256 %.8s%n",
            together ? "two executors" : "two threads", rates[together ? 0 : 1][round], digest);
        spark.stop();
      }
    }
    ratio("two executors / two threads", rates[0], rates[1]);
  }

  private static void fits(int count, int rounds) {
    double[][] seconds = new double[2][rounds];
    String[] scores = new String[2];
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < 2; turn++) {
        int executors = 1 + (round + turn) % 2; // alternates, because the first has a slower driver
        // Without a wait, a fit also runs on an executor that does not have its cached rows.
        SparkSession spark = Sessions.cluster(executors, Map.of("spark.locality.wait", "0s"));
        Processors spent = new Processors();
        spark.sparkContext().addSparkListener(spent);
        Dataset<Row> rows = Samples.folded(rows(spark, count, 2), 8);
        LanewiseClassifier estimator =
            new LanewiseClassifier()
                .setPreset("course")
                .setHidden(64, 32)
                .setEpochs(200)
                .setOptimizer("adam");
        ParamMap[] grid =
            new ParamGridBuilder()
                .addGrid(
                    (DoubleParam) estimator.getParam("learningRate"),
                    new double[] {1e-4, 3e-4, 1e-3, 3e-3})
                .addGrid((DoubleParam) estimator.getParam("dropout"), new double[] {0, 0.2})
                .build();
        CrossValidator validator =
            new CrossValidator()
                .setEstimator(estimator)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
                .setEstimatorParamMaps(grid)
                .setFoldCol("fold")
                .setNumFolds(8)
                .setParallelism(4); // executors stay busy while the driver plans
        validator.setEstimator(estimator.copy(ParamMap.empty()).setEpochs(1)).fit(rows); // warms up
        validator.setEstimator(estimator);
        awaitListeners(spark);
        spent.taken();
        long driver = ofDriver();
        long begin = System.nanoTime();
        double[] found = validator.fit(rows).avgMetrics();
        seconds[executors - 1][round] = (System.nanoTime() - begin) / 1e9;
        awaitListeners(spark);
        System.out.printf(
            "%s executors: %.1f s (tasks %s; driver %.1f s on processors)%n",
            executors, seconds[executors - 1][round], spent.shared(), (ofDriver() - driver) / 1e9);
        Arrays.sort(found); // the order of a grid changes between programs
        scores[executors - 1] = Arrays.toString(found);
        spark.stop();
      }
      if (!scores[0].equals(scores[1])) {
        throw new IllegalStateException(scores[0] + " and " + scores[1]);
      }
    }
    ratio("64 fits, one executor / two", seconds[0], seconds[1]);
  }

  /** Returns the processor time of this process in nanoseconds. */
  private static long ofDriver() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** Runs each way alternately, after a round that is not counted. */
  private static Map<String, double[]> timed(
      SparkSession spark,
      Map<String, Runnable> ways,
      int rounds,
      Map<String, double[]> processors) {
    Map<String, double[]> seconds = new LinkedHashMap<>();
    Processors spent = new Processors();
    spark.sparkContext().addSparkListener(spent);
    for (int round = -1; round < rounds; round++) {
      for (Map.Entry<String, Runnable> way : ways.entrySet()) {
        long begin = System.nanoTime();
        way.getValue().run();
        double[] all = seconds.computeIfAbsent(way.getKey(), k -> new double[rounds]);
        double wall = (System.nanoTime() - begin) / 1e9;
        double[] tasks = processors.computeIfAbsent(way.getKey(), k -> new double[rounds]);
        awaitListeners(spark);
        double taken = spent.taken();
        if (round >= 0) {
          all[round] = wall;
          tasks[round] = taken;
        }
      }
    }
    return seconds;
  }

  private static void awaitListeners(SparkSession spark) {
    try {
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void ratio(String what, double[] other, double[] ours) {
    double[] ratios = new double[ours.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = other[i] / ours[i];
    }
    Arrays.sort(ratios);
    System.out.printf(
        "%s: %.2f (%.2f to %.2f)%n", what, median(ratios), ratios[0], ratios[ratios.length - 1]);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
