package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Trainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GroupsTest {
  private static final SparkSession SPARK = Sessions.local();
  private static final List<Samples.Sample> SAMPLES = Samples.classes(400, 4, 8);

  @TempDir Path dir;

  private static LanewiseClassifier small() {
    return new LanewiseClassifier().setPreset("course").setHidden(4).setEpochs(2).setBatchSize(8);
  }

  private static Mlp expected(int key) {
    List<Samples.Sample> some = SAMPLES.stream().filter(s -> s.key() == key).toList();
    return Samples.trained(
        Samples.split(some, Samples.CANONICAL, true, false),
        small(),
        Trainer.builder().epochs(2).batchSize(8));
  }

  @Test
  void everyKeyHasTheModelOfItsRowsAlone() throws Exception {
    LanewiseGroups groups = new LanewiseGroups(small(), "key");
    Dataset<Row> rows = Samples.frame(SPARK, SAMPLES, 2).repartition(3);
    List<Row> models = groups.fit(rows).sort("key").collectAsList();
    assertEquals(20, models.size());
    for (int key = 0; key < 20; key++) {
      Row row = models.get(key);
      assertEquals(key, row.<Integer>getAs("key"));
      assertEquals(22L, row.<Long>getAs("rows"));
      assertEquals(expected(key).sha256(), row.getAs("sha256"));
      assertNull(row.getAs("error"));
    }
    assertEquals(models, groups.withPartitions(1).fit(rows).sort("key").collectAsList());

    String table = dir.resolve("models").toString();
    groups.fit(rows).write().parquet(table);
    Dataset<Row> read = SPARK.read().parquet(table);
    groups.save(read, dir.resolve("files").toString());
    groups.save(read, dir.resolve("files").toString());
    for (int key = 0; key < 20; key++) {
      Path file = dir.resolve("files/" + key + "/nn_model.npz");
      assertEquals(expected(key).sha256(), dev.lanewise.model.Model.load(file).sha256());
    }
    try (var files = Files.list(dir.resolve("files/0"))) {
      assertTrue(files.allMatch(f -> f.toString().matches(".*nn_model.npz(\\.crc)?")));
    }

    Dataset<Row> two = read.where("key < 2");
    for (Row row : groups.transform(two, rows).collectAsList()) {
      int key = row.getAs("key");
      Vector found = row.getAs("probability");
      if (key < 2) {
        double[][] x = {row.<Vector>getAs("features").toArray()};
        double[] probabilities = expected(key).predictor(1).predict(x).values(0);
        assertEquals(probabilities[0], found.apply(0));
      } else {
        assertNull(found);
        assertNull(row.getAs("prediction"));
      }
    }
  }

  @Test
  void aGroupThatCannotBeLearnedSaysWhyAndKeepsNoOtherFromIt() {
    LanewiseClassifier estimator = small().setValidationIndicatorCol("later");
    Dataset<Row> rows =
        Samples.frame(SPARK, SAMPLES, 2)
            .withColumn("later", functions.expr("key = 3"))
            .withColumn("key", functions.expr("if(key = 4, null, concat('shop ', key))"));
    List<Row> models = new LanewiseGroups(estimator, "key").fit(rows).sort("key").collectAsList();
    assertEquals(20, models.size());
    assertNull(models.get(0).get(0));
    for (Row row : models) {
      boolean bad = "shop 3".equals(row.getAs("key"));
      assertEquals(bad ? "no training rows, expected at least one row" : null, row.getAs("error"));
      assertEquals(bad, row.getAs("model") == null);
    }
    assertEquals(expected(4).sha256(), models.get(0).getAs("sha256"));
  }

  @Test
  void aBadRowIsAnErrorOfItsKeyAlone() {
    Dataset<Row> rows =
        Samples.frame(SPARK, SAMPLES, 2)
            .withColumn("label", functions.expr("if(id IN (7, 27, 9), double('NaN'), label)"));
    int wrong = 0;
    for (Row row : new LanewiseGroups(small().setOrderCol("id"), "key").fit(rows).collectAsList()) {
      int key = row.getAs("key");
      String error = row.getAs("error");
      boolean isBad = key == 7 || key == 9;
      assertEquals(isBad, error != null, error);
      assertEquals(isBad, row.getAs("model") == null);
      assertEquals(22L, row.<Long>getAs("rows"));
      wrong += isBad ? 1 : 0;
      if (key == 7) {
        assertTrue(error.contains("column label is NaN, expected a label in every row"), error);
        assertTrue(error.contains("in the row with id = 27, label = NaN, features = ["), error);
        assertTrue(error.endsWith("; 2 of 22 rows cannot be used for training"), error);
      }
    }
    assertEquals(2, wrong);
  }

  @Test
  void keysThatDoNotAgreeAreRefused() {
    Dataset<Row> rows = Samples.frame(SPARK, SAMPLES, 2);
    LanewiseGroups groups = new LanewiseGroups(small(), "key");
    refuses(
        "column label is the key and a column that training reads",
        () -> new LanewiseGroups(small(), "label").fit(rows));
    Dataset<Row> models = groups.fit(rows.where("key < 2")).localCheckpoint();
    refuses(
        "column key is of type int in the models and double in the rows, expected one type",
        () -> groups.transform(models, rows.withColumn("key", functions.expr("double(key)"))));
    refuses(
        "lanewise: two models of key 0, expected one model",
        () -> groups.transform(models.union(models.where("key = 0")), rows).collectAsList());
    refuses(
        "column features has 3 numbers, expected 4 for this model, in the row with id = ",
        () ->
            groups
                .transform(models, rows.withColumn("features", functions.expr("array(1D, 2D, 3D)")))
                .collectAsList());
    refuses(
        "lanewise: key 1: ",
        () ->
            groups
                .transform(
                    models.withColumn("model", functions.expr("if(key = 1, X'01', model)")), rows)
                .collectAsList());
  }

  private static void refuses(String expected, org.junit.jupiter.api.function.Executable job) {
    StringBuilder said = new StringBuilder();
    for (Throwable t = assertThrows(Exception.class, job); t != null; t = t.getCause()) {
      said.append(t.getMessage()).append('\n');
    }
    assertTrue(said.toString().contains(expected), said.toString());
  }

  @Test
  void foldersAreNamedByKeys() {
    assertEquals("12", LanewiseGroups.name(12));
    assertEquals("a%2Fb", LanewiseGroups.name("a/b"));
    assertEquals("%..", LanewiseGroups.name(".."));
    assertEquals("%_x", LanewiseGroups.name("_x"));
    assertEquals("%null", LanewiseGroups.name(null));
  }
}
