package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.RowStream;
import dev.lanewise.trust.CoverageScores;
import dev.lanewise.trust.Explainer;
import dev.lanewise.trust.Explanation;
import dev.lanewise.trust.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the columns with what the library says of the same rows in a file. */
final class TrustColumnsTest {
  private static final SparkSession SPARK = Sessions.local();
  private static final double LEVEL = 0.8;

  /** More new rows than two batches. */
  private static final int ROWS = 600;

  private static final StructType PEOPLE =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("age", DataTypes.DoubleType)
          .add("town", DataTypes.StringType);

  @TempDir Path dir;

  /** Returns people, of whom some have no age, no town or a town that is in no other list. */
  private static List<Row> people(int rows, String rare) {
    Random random = new Random(8);
    List<Row> people = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      Double age = i % 7 == 3 ? null : Double.valueOf(random.nextInt(600) / 10.0);
      String town = i % 11 == 5 ? null : i % 9 == 4 ? rare : random.nextBoolean() ? "Ulm" : "Bonn";
      people.add(RowFactory.create((long) i, age, town));
    }
    return people;
  }

  /** Writes people to a file of the columns of a model, and maybe a target. */
  private Path file(String name, List<Row> people, boolean hasTarget, boolean hasClasses)
      throws IOException {
    List<String> lines = new ArrayList<>(List.of("age,town" + (hasTarget ? ",target" : "")));
    for (Row row : people) {
      double age = row.isNullAt(1) ? 20 : row.getDouble(1);
      boolean isOld = age + ("Ulm".equals(row.get(2)) ? 9 : 0) > 35;
      String target = hasClasses ? isOld ? "yes" : "no" : Double.toString(age * age / 7);
      String texts =
          (row.isNullAt(1) ? "" : row.get(1)) + "," + (row.isNullAt(2) ? "" : row.get(2));
      lines.add(hasTarget ? texts + "," + target : texts);
    }
    return Files.write(dir.resolve(name), lines);
  }

  /** Returns a model that knows its training rows. */
  private Model trained(boolean hasClasses) throws IOException {
    Dataset data =
        Datasets.load(
            file("train.csv", people(400, "Kiel"), true, hasClasses),
            DivisionOptions.defaults().withSplitSizes(List.of(0.6, 0.2, 0.2)));
    Recipe recipe = Recipe.TABLE.with("epochs", 4).with("hidden", "8").with("members", 2);
    Model model = recipe.fit(data).model();
    model = Profile.keep(model, data);
    return model.withCoverage(
        Optional.of(CoverageScores.of(model, data.test().orElseThrow(), false, 1)));
  }

  private static List<Row> sorted(LanewiseModel model, List<Row> people) {
    return model
        .transform(SPARK.createDataFrame(people, PEOPLE).repartition(3))
        .sort("id")
        .collectAsList();
  }

  private void assertEqualToTheLibrary(boolean hasClasses) throws IOException {
    Model model = trained(hasClasses);
    assertTrue(model.members().size() > 1);
    List<Row> people = people(ROWS, "Rome");
    float[] scaled = new float[ROWS * model.inputs()];
    try (RowStream rows =
        RowStream.open(file("new.csv", people, false, hasClasses), model, false)) {
      assertEquals(ROWS, rows.next(scaled));
    }
    int n = model.outputs();
    double[] results = new double[ROWS * n];
    model.predictor(ROWS).predictScaled(scaled, ROWS, results, hasClasses ? new int[ROWS] : null);
    List<Explanation> why = Explainer.of(model).explain(scaled);
    Coverage.Level level = model.coverage().orElseThrow().at(LEVEL);

    LanewiseModel stage =
        new LanewiseModel(model)
            .setExplanationCol("why")
            .setCoverageCol("truth")
            .setCoverage(LEVEL);
    Path saved = dir.resolve("saved");
    stage.write().save(saved.toString());
    List<Row> found = sorted(LanewiseModel.load(saved.toString()), people);
    assertEquals(ROWS, found.size());
    for (int i = 0; i < ROWS; i++) {
      Row row = found.get(i);
      Row explained = row.getAs("why");
      Explanation expected = why.get(i);
      String kind = hasClasses ? "class" : "output";
      assertEquals(model.className(expected.output()), explained.getAs(kind));
      assertEquals(expected.base(), explained.<Double>getAs("base"));
      assertEquals(expected.prediction(), explained.<Double>getAs("prediction"));
      assertEquals(expected.sum(), explained.<Double>getAs("sum"));
      assertEquals(expected.remainder(), explained.<Double>getAs("remainder"));
      assertEquals(expected.effort(), explained.<Integer>getAs("effort"));
      List<Row> columns = explained.getList(explained.fieldIndex("columns"));
      assertEquals(List.of("age", "town"), columns.stream().map(c -> c.getString(0)).toList());
      assertEquals(
          expected.contributions(), columns.stream().map(column -> column.getDouble(1)).toList());
      double[] own = Arrays.copyOfRange(results, i * n, (i + 1) * n);
      if (hasClasses) {
        boolean[] set = level.set(own);
        assertEquals(
            IntStream.range(0, n).filter(c -> set[c]).mapToObj(model::className).toList(),
            row.getList(row.fieldIndex("truth")));
      } else {
        Row interval = row.getAs("truth");
        assertEquals(level.low(0, own[0]), interval.<Double>getAs("low"));
        assertEquals(level.high(0, own[0]), interval.<Double>getAs("high"));
      }
    }
    assertTrue(found.stream().map(row -> row.getAs("truth")).distinct().count() > 1);
  }

  @Test
  void classesHaveTheValuesOfTheLibrary() throws IOException {
    assertEqualToTheLibrary(true);
  }

  @Test
  void numbersHaveTheValuesOfTheLibrary() throws IOException {
    assertEqualToTheLibrary(false);
  }

  @Test
  void vectorsHaveThemToo() {
    List<Samples.Sample> samples = Samples.classes(300, 4, 3);
    Dataset data =
        Dataset.of(
                Samples.split(samples, Samples.CANONICAL, true, false),
                Samples.split(Samples.classes(90, 4, 5), Samples.CANONICAL, true, false))
            .withScaling(ScaleChoice.standard());
    Model trained = Recipe.COURSE.with("epochs", 2).fit(data).model();
    Coverage coverage = CoverageScores.of(trained, data.validation().orElseThrow(), false, 1);
    double[] own = trained.predictor(1).predict(new double[][] {samples.get(7).x()}).values(0);
    boolean[] set = coverage.at(LEVEL).set(own);
    Row row =
        new LanewiseModel(trained.withCoverage(Optional.of(coverage)))
            .setCoverageCol("truth")
            .setCoverage(LEVEL)
            .transform(Samples.frame(SPARK, samples, 2).where("id = 7"))
            .head();
    assertEquals(
        IntStream.range(0, set.length).filter(c -> set[c]).mapToObj(trained::className).toList(),
        row.getList(row.fieldIndex("truth")));
  }

  private static Model ofNumbers() {
    Model model = Model.of(Mlp.initial(Architecture.relu(4, List.of(3), 2), Initializer.GLOROT, 1));
    return model
        .withLoss(Loss.MSE)
        .withCoverage(
            Optional.of(Coverage.ofNumbers(new double[] {1, 2, 3}, new double[] {2, 4, 8})));
  }

  @Test
  void severalNumbersHaveVectorsOfEnds() {
    Model model = ofNumbers();
    LanewiseModel stage = new LanewiseModel(model).setCoverageCol("truth").setCoverage(0.5);
    var rows = Samples.frame(SPARK, Samples.classes(3, 4, 3), 2);
    Row row = stage.transform(rows).head();
    double[] own = row.<Vector>getAs("prediction").toArray();
    Coverage.Level level = model.coverage().orElseThrow().at(0.5);
    Row interval = row.getAs("truth");
    assertArrayEquals(
        new double[] {level.low(0, own[0]), level.low(1, own[1])},
        interval.<Vector>getAs("low").toArray());
    assertArrayEquals(
        new double[] {level.high(0, own[0]), level.high(1, own[1])},
        interval.<Vector>getAs("high").toArray());
    Row all = stage.setCoverage(0.9).transform(rows).head().getAs("truth");
    assertEquals(Double.POSITIVE_INFINITY, all.<Vector>getAs("high").apply(1));
  }

  private static void refuses(String message, LanewiseModel stage) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> stage.transformSchema(Samples.SCHEMA));
    assertEquals(message, refused.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> stage.transform(Samples.frame(SPARK, Samples.classes(3, 4, 3), 2)));
  }

  @Test
  void whatTheModelLacksIsRefused() {
    Model model = Model.of(Mlp.initial(Architecture.relu(4, List.of(3), 2), Initializer.GLOROT, 1));
    String none =
        "explanationCol: the model keeps nothing of its training rows or predicts several numbers,"
            + " expected a model of train for a table with one target";
    refuses(none, new LanewiseModel(model).setExplanationCol("why"));
    refuses(none, new LanewiseModel(ofNumbers()).setExplanationCol("why"));
    refuses(
        "coverageCol: the model has no coverage, expected a model of cover",
        new LanewiseModel(model).setCoverageCol("set").setCoverage(0.9));
    refuses(
        "coverageCol is \"in\" and coverage is null, expected both, such as \"set\" and 0.9",
        new LanewiseModel(ofNumbers()).setCoverageCol("in"));
    refuses(
        "coverageCol is \"\" and coverage is 0.8, expected both, such as \"set\" and 0.9",
        new LanewiseModel(ofNumbers()).setCoverage(0.8));
    refuses(
        "column prediction exists already, expected a new name (or \"\" to leave the column out)",
        new LanewiseModel(ofNumbers()).setCoverageCol("prediction").setCoverage(0.9));
    LanewiseModel stage = new LanewiseModel(ofNumbers());
    assertThrows(IllegalArgumentException.class, () -> stage.setCoverage(1));
    assertFalse(Arrays.asList(stage.transformSchema(Samples.SCHEMA).fieldNames()).contains(""));
  }
}
