package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows in files give the bits of rows in memory, and no file stays. */
final class SpillTest {
  private static final SparkSession SPARK = Sessions.local();
  private static final String LIMIT = "lanewise.memory";
  private static final List<Samples.Sample> CLASSES = Samples.classes(300, 5, 1);

  private static final StructType PEOPLE =
      new StructType()
          .add("id", DataTypes.IntegerType)
          .add("age", DataTypes.DoubleType)
          .add("town", DataTypes.StringType)
          .add("joined", DataTypes.DateType)
          .add("left", DataTypes.StringType)
          .add("member", DataTypes.BooleanType)
          .add("zip", DataTypes.IntegerType)
          .add("price", DataTypes.StringType)
          .add("big", DataTypes.LongType)
          .add("w", DataTypes.FloatType)
          .add("later", DataTypes.BooleanType)
          .add("paid", DataTypes.StringType)
          .add("sum", DataTypes.DoubleType);

  @AfterEach
  void noFileStays() {
    System.clearProperty(LIMIT);
    assertEquals(List.of(), files());
  }

  /** Returns the folders of trainings, which have all of their files. */
  static List<File> files() {
    List<File> found = new ArrayList<>();
    for (File disk : SparkEnv.get().blockManager().diskBlockManager().localDirs()) {
      for (File folder : disk.listFiles()) {
        File[] trainings = folder.listFiles((in, name) -> name.startsWith("temp_local"));
        found.addAll(List.of(trainings == null ? new File[0] : trainings));
      }
    }
    return found;
  }

  /** Returns people with words, gaps, dates, and numbers in a notation. */
  private static Dataset<Row> people(int count) {
    Random random = new Random(5);
    String[] towns = {"Ulm", "Köln", "NA", null, "Trier"};
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Double age = random.nextInt(9) == 0 ? null : 18.0 + random.nextInt(60);
      double price = random.nextInt(9000) / 100.0;
      String day = "%02d.%02d.202%s".formatted(1 + random.nextInt(28), 1 + random.nextInt(12), 3);
      rows.add(
          RowFactory.create(
              i,
              age,
              towns[random.nextInt(5)],
              java.sql.Date.valueOf(
                  java.time.LocalDate.of(2020 + random.nextInt(4), 1 + random.nextInt(12), 5)),
              random.nextInt(5) == 0 ? "-" : day,
              random.nextBoolean(),
              10 * random.nextInt(3),
              String.format("%.2f", price).replace('.', ','),
              9007199254740992L + random.nextInt(6),
              1f + random.nextInt(2),
              i % 4 == 0,
              age != null && age > 40 == random.nextInt(6) > 0 ? "yes" : "no",
              age == null ? price : age + price));
    }
    return SPARK.createDataFrame(rows, PEOPLE).repartition(3);
  }

  private static LanewiseClassifier ofPeople() {
    return TrainingTest.small()
        .setInputCols("age", "town", "joined", "left", "member", "zip", "price", "big")
        .setOption("categoricalCols", List.of("zip", "big"))
        .setLabelCol("paid")
        .setWeightCol("w");
  }

  /** Trains in memory and in files; both must give the same model. */
  private static void sameInFiles(LanewiseEstimator<?> estimator, Dataset<Row> rows) {
    dev.lanewise.model.Model expected = estimator.fit(rows).model();
    LanewiseGroups alone = new LanewiseGroups(estimator, "one").withPartitions(1);
    Dataset<Row> all = rows.withColumn("one", functions.lit(1));
    String said = alone.fit(all).collectAsList().get(0).getAs(Fitting.NOTES);
    assertTrue(said == null || !said.contains("The rows are in files"), said);
    System.setProperty(LIMIT, "10000");
    assertEquals(expected, estimator.fit(rows).model());
    Row filed = alone.fit(all).collectAsList().get(0);
    System.clearProperty(LIMIT);
    assertNull(filed.getAs(Fitting.ERROR));
    assertEquals(expected.sha256(), filed.getAs(Fitting.SHA256));
    String line =
        "The rows are in files in Spark's local directory, as they and their network would need"
            + " more than 0 MB of memory";
    String notes = filed.getAs(Fitting.NOTES);
    assertEquals((said == null ? "" : said + "\n") + line, notes);
  }

  @Test
  void vectorsWithWeights() {
    Dataset<Row> rows = Samples.frame(SPARK, CLASSES, 5);
    sameInFiles(TrainingTest.small().setWeightCol("weight").setOrderCol("id"), rows);
    sameInFiles(TrainingTest.small().setValidationFraction(0.25).setOption("bins", 8), rows);
    LanewiseClassifier three =
        new LanewiseClassifier().setEpochs(2).setHidden(8).setWeightCol("weight");
    sameInFiles(three, rows);
    sameInFiles(three.setOption("networkTasks", "always"), rows);
    Dataset<Row> words =
        rows.withColumn("later", functions.expr("id % 5 = 0"))
            .withColumn("label", functions.expr("'class ' || label"));
    sameInFiles(
        TrainingTest.small().setValidationIndicatorCol("later").setWeightCol("weight"), words);
  }

  @Test
  void vectorsWithNumbersAsTargets() {
    Dataset<Row> rows =
        Samples.frame(SPARK, Samples.numbers(300, 5, 2), 3)
            .withColumn("later", functions.expr("id % 5 = 0"));
    LanewiseRegressor estimator = new LanewiseRegressor().setEpochs(3).setHidden(8);
    sameInFiles(estimator, rows);
    sameInFiles(estimator.setValidationIndicatorCol("later").setOption("scale", "standard"), rows);
  }

  @Test
  void columnsWithWordsGapsAndDates() {
    Dataset<Row> people = people(400);
    sameInFiles(ofPeople(), people);
    sameInFiles(ofPeople().setValidationIndicatorCol("later"), people);
    sameInFiles(ofPeople().setPreset("table").setEpochs(2), people);
    sameInFiles(
        new LanewiseRegressor()
            .setInputCols("age", "town", "joined", "left", "price")
            .setLabelCol("sum")
            .setEpochs(2)
            .setHidden(8),
        people);
  }

  /** The groups of one task are in files of their own, one after the other. */
  @Test
  void groups() {
    Dataset<Row> rows = Samples.frame(SPARK, CLASSES, 2).where("key < 4");
    LanewiseGroups groups = new LanewiseGroups(TrainingTest.small(), "key").withPartitions(1);
    Supplier<List<String>> digests =
        () ->
            groups
                .fit(rows)
                .orderBy("key")
                .select("sha256")
                .as(org.apache.spark.sql.Encoders.STRING())
                .collectAsList();
    List<String> expected = digests.get();
    System.setProperty(LIMIT, "1");
    assertEquals(expected, digests.get());
    assertEquals(4, groups.fit(rows).where("notes LIKE 'The rows are in files%'").count());
  }

  /** More rows than fit between two checks of the memory arrive in the file one by one. */
  @Test
  void manyRows() {
    Dataset<Row> rows = Samples.frame(SPARK, Samples.classes(20_000, 40, 3), 4);
    String expected = TrainingTest.small().setEpochs(1).fit(rows).model().sha256();
    System.setProperty(LIMIT, "100000");
    assertEquals(expected, TrainingTest.small().setEpochs(1).fit(rows).model().sha256());
  }

  /** A task that is cancelled removes its files. */
  @Test
  void aKilledTaskLeavesNoFile() throws Exception {
    Dataset<Row> rows = Samples.frame(SPARK, Samples.classes(40_000, 40, 3), 2);
    System.setProperty(LIMIT, "1");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread training =
        new Thread(
            () -> {
              SPARK.sparkContext().setJobGroup("killed", "a long training", true);
              try {
                TrainingTest.small().setEpochs(1000).fit(rows);
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    training.start();
    boolean isFiled = false;
    while (!isFiled && training.isAlive()) {
      Thread.sleep(1);
      isFiled = !files().isEmpty();
    }
    assertTrue(isFiled);
    SPARK.sparkContext().cancelJobGroup("killed");
    training.join();
    assertTrue(thrown.get() != null);
    while (!files().isEmpty()) { // the task ends after its job
      Thread.sleep(20);
    }
  }

  private static void refuses(String expected, Dataset<Row> rows, LanewiseEstimator<?> estimator) {
    String inMemory =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(rows)).getMessage();
    assertTrue(inMemory.contains(expected), inMemory);
    System.setProperty(LIMIT, "1");
    String inFiles =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(rows)).getMessage();
    System.clearProperty(LIMIT);
    assertEquals(inMemory, inFiles);
  }

  @Test
  void whatIsRefusedIsRefusedInTheSameWords() {
    Dataset<Row> rows = Samples.frame(SPARK, CLASSES, 1).selectExpr("*", "weight AS x");
    String label = "if(id = 7, %s, label)";
    refuses(
        "column label has the label 0.5",
        rows.withColumn("label", functions.expr(label.formatted("0.5"))),
        TrainingTest.small());
    refuses(
        "column features has 1 numbers in the row with id = 7, label = 1.0, features = [1.5], and 2",
        rows.withColumn("features", functions.expr("if(id = 7, array(1.5D), array(x, 1.5D * id))")),
        TrainingTest.small().setOrderCol("id"));
    refuses(
        "row 1, feature 1 is 3.0E38, expected a smaller number: after scaling (standard) it is not a finite float",
        rows.withColumn("later", functions.expr("id IN (5, 7)"))
            .withColumn("features", functions.expr("array(x, if(id = 7, 3e38D, 1e-30D * id))")),
        TrainingTest.small()
            .setOrderCol("id")
            .setOption("scale", "standard")
            .setValidationIndicatorCol("later"));
    refuses(
        "in the row with id = 7, label = 1.0, x = 2.5",
        rows.selectExpr("*", "if(id = 7, 'abc', string(id)) AS word"),
        TrainingTest.small().setInputCols("x", "word").setOrderCol("id"));
    refuses(
        "training diverged in epoch 0",
        rows,
        TrainingTest.small().setLearningRate(1e30).setOption("activation", "identity"));
    noFileStays();
  }
}
