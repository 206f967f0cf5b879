package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains in shards in two tasks of one JVM, and in one task, which must have the same bits. */
final class ShardTrainingTest {
  private static final SparkSession SPARK = Sessions.local();
  private static final List<Samples.Sample> CLASSES = Samples.classes(900, 5, 8);

  @TempDir Path dir;

  private static <E extends LanewiseEstimator<E>> E course(E estimator, int shards) {
    return estimator
        .setPreset("course")
        .setHidden(20, 10)
        .setEpochs(4)
        .setBatchSize(260)
        .setOption("scale", "standard")
        .setOption("shards", shards);
  }

  private static LanewiseClassifier classifier(int shards) {
    return course(new LanewiseClassifier(), shards);
  }

  private static Dataset<Row> rows() {
    return Samples.frame(SPARK, CLASSES, 3).repartition(3);
  }

  private Optional<Answer> answer(LanewiseEstimator<?> estimator, Dataset<Row> rows)
      throws IOException {
    Path folder = Files.createTempDirectory(dir, "");
    estimator.setOption("checkpointPath", folder.toUri().toString());
    estimator.setOption("checkpointSeconds", 1e-9);
    Optional<Answer> answer = Fitting.together(estimator, rows);
    estimator.setOption("checkpointPath", "");
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList(), "files in the folder of checkpoints");
    }
    return answer;
  }

  /** Trains in one task, and in two; returns the digest. */
  private String digest(LanewiseEstimator<?> estimator, Dataset<Row> rows) throws IOException {
    LanewiseModel alone = estimator.fit(rows);
    Answer together = answer(estimator, rows).orElseThrow();
    assertNull(together.error());
    assertEquals(alone.model().sha256(), together.sha256());
    assertEquals(rows.count(), together.rows());
    return together.sha256();
  }

  @Test
  void twoTasksHaveTheBitsOfOne() throws IOException {
    String two = digest(classifier(2), rows());
    assertNotEquals(two, digest(classifier(4), rows()));
    assertEquals(two, digest(classifier(2), rows().repartition(7)), "other partitions");
    Dataset<Row> skewed = rows().repartitionByRange(8, functions.expr("id % 2"));
    assertEquals(two, digest(classifier(2), skewed), "empty partitions");
    LanewiseClassifier weighted =
        classifier(4)
            .setWeightCol("weight")
            .setOptimizer("adamw")
            .setOption("clipNorm", 0.05)
            .setOption("dropout", 0.3)
            .setOption("scale", "minmax")
            .setOption("inputRate", 1.5)
            .setOption("threads", 2);
    digest(weighted, rows().withColumn("weight", functions.expr("id % 3")));
  }

  @Test
  void namesOfClassesAndNumbersAreThoseOfOneTask() throws IOException {
    Dataset<Row> named =
        rows()
            .withColumn(
                "label", functions.expr("element_at(array('b', 'Z', 'a'), int(label) + 1)"));
    LanewiseClassifier estimator = classifier(4);
    digest(estimator, named);
    Answer answer = answer(estimator, named).orElseThrow();
    assertEquals(List.of("Z", "a", "b"), SharedModel.model(answer.model()).classNames());
    Dataset<Row> numbers = Samples.frame(SPARK, Samples.numbers(900, 5, 8), 3).repartition(5);
    digest(course(new LanewiseRegressor(), 4).setOptimizer("momentum"), numbers);
    digest(course(new LanewiseRegressor(), 4).setOption("scale", "none"), numbers);
  }

  /** The best epoch, the patience and the temperature depend on validation rows. */
  @Test
  void validationRowsAreThoseOfOneTask() throws IOException {
    LanewiseClassifier table =
        new LanewiseClassifier()
            .setPreset("table-fast")
            .setHidden(24)
            .setEpochs(30)
            .setBatchSize(256)
            .setOption("shards", 4)
            .setOption("patience", 5)
            .setOption("scale", "standard")
            .setValidationIndicatorCol("later");
    Dataset<Row> rows = rows().withColumn("later", functions.expr("id % 4 = 1"));
    digest(table, rows);
    LanewiseModel alone = table.fit(rows);
    Answer together = answer(table, rows).orElseThrow();
    assertTrue(alone.model().calibration().isPresent());
    assertEquals(alone.model().calibration(), SharedModel.model(together.model()).calibration());
    assertEquals(alone.model().training(), SharedModel.model(together.model()).training());
  }

  /** What comes up during the training is said in the words of one task. */
  @Test
  void problemsAreThoseOfOneTask() throws IOException {
    for (LanewiseClassifier estimator :
        List.of(classifier(2).setOption("learningRate", 1e30), classifier(4).setBatchSize(-1))) {
      Dataset<Row> rows =
          estimator.valueOf(estimator.getParam("batchSize")).equals(-1)
              ? rows().where("id < 200")
              : rows();
      String alone =
          assertThrows(IllegalArgumentException.class, () -> estimator.fit(rows)).getMessage();
      assertEquals(alone, "lanewise: " + answer(estimator, rows).orElseThrow().error());
    }
  }

  /** The user ends the job, which must not begin again. */
  @Test
  void aCancelledTrainingEnds() throws Exception {
    LanewiseClassifier estimator = classifier(2).setEpochs(1_000_000);
    estimator.setOption("checkpointPath", Files.createTempDirectory(dir, "").toUri().toString());
    Dataset<Row> rows = rows();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread training =
        new Thread(
            () -> {
              SPARK.sparkContext().setJobGroup("shards", "to be cancelled", true);
              try {
                Fitting.together(estimator, rows);
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    training.start();
    while (Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().equals("lanewise-shards"))) {
      Thread.sleep(50);
    }
    SPARK.sparkContext().cancelJobGroup("shards");
    training.join();
    Sessions.awaitIdle(SPARK); // a task may still write a checkpoint
    assertTrue(thrown.get().getMessage().contains("cancelled"), thrown.get() + "");
  }

  /** One application trains again and again: no connection and no file of rows stays. */
  @Test
  void manyTrainingsLeaveNothing() throws IOException {
    Dataset<Row> rows = rows();
    Set<String> digests = new HashSet<>();
    for (int fit = 0; fit < Integer.getInteger("lanewise.fits", 3); fit++) {
      digests.add(answer(classifier(2), rows).orElseThrow().sha256());
    }
    assertEquals(1, digests.size());
    assertEquals(List.of(), SpillTest.files());
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().equals("lanewise-shards")));
  }

  /** What one task has to do, or has to say, is left to it. */
  @Test
  void otherTrainingsAreOneTask() throws IOException {
    assertTrue(answer(classifier(2).setOption("scale", "robust"), rows()).isEmpty());
    assertTrue(answer(classifier(2).setOption("members", 2), rows()).isEmpty());
    assertTrue(answer(classifier(2).setOption("bins", 2), rows()).isEmpty());
    assertTrue(answer(classifier(2).setOption("validationFraction", 0.2), rows()).isEmpty());
    assertTrue(answer(classifier(2).setOption("balancedClassWeights", true), rows()).isEmpty());
    assertTrue(answer(classifier(2).setPreset("table-fast"), rows()).isEmpty());
    assertTrue(answer(classifier(2).setOption("sampling", "balanced"), rows()).isEmpty());
    assertTrue(
        answer(classifier(2).setOption("classWeights", new double[] {0, 1, 1}), rows()).isEmpty());
    Dataset<Row> bad =
        rows().withColumn("label", functions.expr("if(id = 7, double('NaN'), label)"));
    assertTrue(answer(classifier(2), bad).isEmpty());
    Dataset<Row> wide =
        rows()
            .selectExpr(
                "id", "label", "if(id = 7, array(1D, 2D), array(double(id), 1D, 2D)) AS features");
    assertTrue(answer(classifier(2), wide).isEmpty());
    Dataset<Row> large = rows().withColumn("label", functions.expr("if(id = 7, 1e300D, label)"));
    assertTrue(answer(course(new LanewiseRegressor(), 2), large).isEmpty());
    Dataset<Row> some = rows().withColumn("weight", functions.expr("if(id = 7, 1, 0)"));
    assertTrue(
        answer(classifier(2).setWeightCol("weight"), some).isEmpty(), "a task without weight");
    Dataset<Row> zero = rows().withColumn("weight", functions.lit(0));
    assertTrue(answer(classifier(2).setWeightCol("weight"), zero).isEmpty());
    String said =
        assertThrows(
                IllegalArgumentException.class,
                () -> classifier(1).setOption("checkpointPath", "file:/x").fit(rows()))
            .getMessage();
    assertEquals(
        "checkpointPath file:/x with shards 1, expected more shards, which alone have checkpoints",
        said);
    Path file = Files.createTempFile(dir, "", "");
    String below = file.resolve("folder").toUri().toString();
    said =
        assertThrows(
                UncheckedIOException.class,
                () -> classifier(2).setOption("checkpointPath", below).fit(rows()))
            .getMessage();
    assertTrue(said.startsWith("lanewise: checkpointPath: "), said);
    LanewiseGroups groups =
        new LanewiseGroups(classifier(2).setOption("checkpointPath", "file:/x"), "key");
    assertEquals(
        "checkpointPath for a model of each key, expected none, as each of them is one task",
        assertThrows(IllegalArgumentException.class, () -> groups.fit(rows())).getMessage());
  }
}
