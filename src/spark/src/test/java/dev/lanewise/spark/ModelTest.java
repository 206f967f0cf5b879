package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.CategoryColumn;
import dev.lanewise.rows.DateColumn;
import dev.lanewise.rows.Notation;
import dev.lanewise.rows.NumberColumn;
import dev.lanewise.rows.Schema;
import dev.lanewise.rows.internal.Cell;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelTest {
  private static final SparkSession SPARK = Sessions.local();

  /** More rows than a batch, and not a multiple of it. */
  private static final List<Samples.Sample> SAMPLES = Samples.classes(700, 5, 3);

  @TempDir Path dir;

  private static Model network(int inputs, int outputs) {
    Architecture layers = Architecture.relu(inputs, List.of(9), outputs);
    return Model.of(Mlp.initial(layers, Initializer.GLOROT, 11));
  }

  private static Model scaled() {
    double[] mean = {0.1, 0.2, 0.3, 0.4, 0.5};
    double[] deviation = {1, 2, 3, 4, 5};
    return network(5, 3).withScaling(Scaling.standardise(mean, deviation));
  }

  private static double[] expected(Model model, double[] x) {
    return model.predictor(1).predict(new double[][] {x}).values(0);
  }

  private static void assertProbabilities(Model model, double[] x, Vector found) {
    double[] expected = expected(model, x);
    assertEquals(expected.length, found.size());
    for (int c = 0; c < expected.length; c++) {
      assertEquals(expected[c], found.apply(c));
    }
  }

  @Test
  void vectorsGetTheBitsOfThePredictor() {
    Model network = scaled();
    Dataset<Row> rows = Samples.frame(SPARK, SAMPLES, 1).repartition(3);
    Dataset<Row> scored = new LanewiseModel(network).transform(rows);
    assertEquals(
        List.of(
            "id",
            "features",
            "label",
            "weight",
            "key",
            "rawPrediction",
            "probability",
            "prediction"),
        List.of(scored.columns()));
    List<Row> found = scored.collectAsList();
    assertEquals(SAMPLES.size(), found.size());
    for (Row row : found) {
      Samples.Sample sample = SAMPLES.get((int) row.getLong(0));
      assertEquals(Vectors.dense(sample.x()), row.get(1));
      assertEquals(sample.y(), row.getDouble(2));
      Vector probability = row.getAs("probability");
      assertProbabilities(network, sample.x(), probability);
      assertEquals(probability.argmax(), row.<Double>getAs("prediction"));
      Vector raw = row.getAs("rawPrediction");
      assertEquals(StrictMath.log(probability.apply(1)), raw.apply(1));
    }
  }

  @Test
  void sparseVectorsAndArraysAreVectors() {
    Model network = scaled();
    Vector sparse = Vectors.sparse(5, new int[] {1, 3}, new double[] {2, -1});
    List<Row> rows = List.of(RowFactory.create(sparse, List.of(0.0, 2.0, 0.0, -1.0, 0.0)));
    StructType schema =
        new StructType()
            .add("features", org.apache.spark.ml.linalg.SQLDataTypes.VectorType())
            .add("array", DataTypes.createArrayType(DataTypes.DoubleType));
    Dataset<Row> frame = SPARK.createDataFrame(rows, schema);
    LanewiseModel model = new LanewiseModel(network);
    Row first = model.transform(frame).head();
    Row second = model.setFeaturesCol("array").transform(frame).head();
    assertProbabilities(network, sparse.toArray(), first.getAs("probability"));
    assertEquals(first.<Vector>getAs("probability"), second.getAs("probability"));
  }

  @Test
  void singleColumnsOfNumbersAreInputsInTheirOrder() {
    Model network = network(2, 3);
    Dataset<Row> rows = Samples.frame(SPARK, SAMPLES, 1);
    LanewiseModel model = new LanewiseModel(network).setInputCols("weight", "id");
    Row row = model.transform(rows).head();
    double[] x = {row.<Double>getAs("weight"), row.<Long>getAs("id")};
    assertProbabilities(network, x, row.getAs("probability"));
  }

  private static Model ofTable() {
    Schema schema =
        new Schema(
            List.of(
                new NumberColumn("age", 0, 30, true),
                new CategoryColumn("town", 1, List.of("Bonn", "Ulm", "true"), true, true)),
            List.of("paid"),
            Optional.empty(),
            List.of(),
            Map.of("age", 0, "town", 1, "paid", 2),
            true,
            List.of("?"),
            '.',
            Map.of());
    return network(schema.inputs(), 2)
        .withScaling(Scaling.standardise(new double[7], new double[] {9, 1, 1, 1, 1, 1, 1}))
        .withSchema(schema)
        .withClassNames(List.of("no", "yes"));
  }

  private static final StructType PEOPLE =
      new StructType()
          .add("other", DataTypes.StringType)
          .add("town", DataTypes.StringType)
          .add("age", DataTypes.IntegerType);

  private static Dataset<Row> people() {
    List<Row> rows = new ArrayList<>();
    for (String town : Arrays.asList("Ulm", "Bonn", "?", null, "Rome", "TRUE")) {
      rows.add(RowFactory.create("x", town, 44));
      rows.add(RowFactory.create("x", town, null));
    }
    return SPARK.createDataFrame(rows, PEOPLE).coalesce(1);
  }

  @Test
  void columnsOfATableAreFoundByName() {
    Model network = ofTable();
    TablePredictor predictor = network.tablePredictor();
    float[] expected = new float[2];
    LanewiseModel model = new LanewiseModel(network).setPredictedLabelCol("paid");
    for (Row row : model.transform(people()).collectAsList()) {
      predictor.set("age", row.<Object>getAs("age")).set("town", row.<Object>getAs("town"));
      predictor.predict(expected);
      Vector found = row.getAs("probability");
      assertEquals(expected[0], (float) found.apply(0));
      assertEquals(expected[1], (float) found.apply(1));
      assertEquals(network.className(found.argmax()), row.getAs("paid"));
    }
    Dataset<Row> renamed = people().withColumnRenamed("age", "years");
    assertEquals(
        model.transform(people()).select("probability").collectAsList(),
        model
            .copy(ParamMap.empty())
            .setInputCols("years", "town")
            .transform(renamed)
            .select("probability")
            .collectAsList());
  }

  @Test
  void classesThatAreWholeNumbersArePredictedAsThese() {
    Model network = scaled().withClassNames(List.of("2", "10", "30"));
    for (Row row :
        new LanewiseModel(network).transform(Samples.frame(SPARK, SAMPLES, 1)).collectAsList()) {
      int best = row.<Vector>getAs("probability").argmax();
      assertEquals(Double.parseDouble(network.className(best)), row.<Double>getAs("prediction"));
    }
  }

  @Test
  void otherLossesHaveOtherColumns() {
    Dataset<Row> rows = Samples.frame(SPARK, SAMPLES, 1);
    Model one = network(5, 1).withLoss(Loss.MSE);
    Row row = new LanewiseModel(one).transform(rows).head();
    double[] x = row.<Vector>getAs("features").toArray();
    assertEquals(6, row.size());
    assertEquals(expected(one, x)[0], row.<Double>getAs("prediction"));

    Model two = network(5, 2).withLoss(Loss.HUBER);
    row = new LanewiseModel(two).transform(rows).head();
    assertProbabilities(two, x, row.getAs("prediction"));

    Model yes = network(5, 1).withLoss(Loss.SIGMOID);
    row = new LanewiseModel(yes).transform(rows).head();
    double p = expected(yes, x)[0];
    assertEquals(Vectors.dense(1 - p, p), row.getAs("probability"));
    assertEquals(p >= 0.5 ? 1.0 : 0.0, row.<Double>getAs("prediction"));

    Model labels = network(5, 2).withLoss(Loss.SIGMOID);
    row = new LanewiseModel(labels).transform(rows).head();
    assertProbabilities(labels, x, row.getAs("probability"));
    assertEquals(2, row.<Vector>getAs("prediction").size());
  }

  @Test
  void columnsWithoutANameAreLeftOut() {
    LanewiseModel model =
        new LanewiseModel(scaled())
            .setRawPredictionCol("")
            .setProbabilityCol("")
            .setPredictionCol("p");
    Dataset<Row> scored = model.transform(Samples.frame(SPARK, SAMPLES, 1));
    assertEquals(
        List.of("id", "features", "label", "weight", "key", "p"), List.of(scored.columns()));
    assertEquals(scored.schema(), model.transformSchema(Samples.SCHEMA));
  }

  @Test
  void otherColumnsKeepWhatIsKnownOfThem() {
    Metadata known = new MetadataBuilder().putLong("number", 3).build();
    Dataset<Row> rows = Samples.frame(SPARK, SAMPLES, 1);
    rows = rows.withColumn("label", functions.col("label").as("label", known));
    LanewiseModel model = new LanewiseModel(scaled());
    assertEquals(known, model.transform(rows).schema().apply("label").metadata());
    assertEquals(model.transformSchema(rows.schema()), model.transform(rows).schema());
  }

  @Test
  void streamsAreScored() throws Exception {
    String folder = dir.resolve("rows").toString();
    Dataset<Row> rows = Samples.frame(SPARK, SAMPLES, 1);
    rows.write().parquet(folder);
    LanewiseModel model = new LanewiseModel(scaled());
    model
        .transform(SPARK.readStream().schema(Samples.SCHEMA).parquet(folder))
        .writeStream()
        .format("memory")
        .queryName("scored")
        .trigger(Trigger.AvailableNow())
        .start()
        .awaitTermination();
    assertEquals(
        model.transform(rows).select("id", "probability").sort("id").collectAsList(),
        SPARK.table("scored").select("id", "probability").sort("id").collectAsList());
  }

  @Test
  void sqlScoresRows() {
    Dataset<Row> rows = Samples.frame(SPARK, SAMPLES, 1);
    rows.createOrReplaceTempView("samples");
    LanewiseModel model = new LanewiseModel(scaled());
    model.register(SPARK, "score");
    List<Row> expected =
        model.transform(rows).select("id", "probability", "prediction").collectAsList();
    assertEquals(
        expected,
        SPARK
            .sql(
                "SELECT id, s.probability, s.prediction FROM"
                    + " (SELECT id, score(features) AS s FROM samples)")
            .collectAsList());
    LanewiseModel ofTable = new LanewiseModel(ofTable());
    ofTable.register(SPARK, "pays");
    people().createOrReplaceTempView("people");
    assertEquals(
        ofTable.transform(people()).select("probability").collectAsList(),
        SPARK.sql("SELECT pays(struct(*)).probability FROM people").collectAsList());
  }

  @Test
  void anyFileOfANetworkIsLoaded() throws Exception {
    Model network = scaled();
    Path file = dir.resolve("some name.npz");
    network.save(file);
    LanewiseModel model = LanewiseModel.load(file.toString());
    assertEquals(network, model.model());
    String saved = dir.resolve("stage").toString();
    model.setPredictionCol("p").write().save(saved);
    assertEquals(network, Model.load(dir.resolve("stage/nn_model.npz")));
    LanewiseModel loaded = LanewiseModel.load(saved);
    assertEquals(network, loaded.model());
    assertEquals(model.uid(), loaded.uid());
    assertEquals("p", loaded.getOrDefault(loaded.predictionCol()));
    assertThrows(java.io.IOException.class, () -> model.write().save(saved));
    model.write().overwrite().save(saved);
  }

  /** Stages of earlier states have a parameter that went, always with its default. */
  @Test
  void aSavedPipelineIsLoadedWithoutAParameterThatWent() throws Exception {
    LanewiseModel model = new LanewiseModel(scaled()).setPredictionCol("p");
    Dataset<Row> rows = Samples.frame(SPARK, SAMPLES, 1);
    Path saved = dir.resolve("pipeline");
    new Pipeline().setStages(new PipelineStage[] {model}).fit(rows).write().save(saved.toString());
    Path metadata = saved.resolve("stages/0_" + model.uid() + "/metadata");
    Path file;
    try (Stream<Path> files = Files.list(metadata)) {
      file = files.filter(f -> f.getFileName().toString().startsWith("part-")).findAny().get();
    }
    String text = Files.readString(file);
    for (String part : List.of("\"paramMap\":{", "\"defaultParamMap\":{")) {
      assertTrue(text.contains(part), text);
      text = text.replace(part, part + "\"familiarityCol\":\"known\",");
    }
    Files.writeString(file, text);
    Files.delete(metadata.resolve("." + file.getFileName() + ".crc"));
    PipelineModel loaded = PipelineModel.load(saved.toString());
    assertEquals(model.transform(rows).collectAsList(), loaded.transform(rows).collectAsList());
    assertFalse(loaded.stages()[0].hasParam("familiarityCol"));
  }

  @Test
  void aJvmHasOneCopyOfTheNetwork() {
    SharedModel shared = new SharedModel(scaled());
    assertSame(shared.in(SPARK.sparkContext()), shared.in(SPARK.sparkContext()));
    SharedModel.Content content = shared.in(SPARK.sparkContext()).value();
    assertSame(content.model(), content.model());
    LanewiseModel model = new LanewiseModel(scaled());
    LanewiseModel copy = model.copy(new ParamMap().put(model.predictionCol().w("p")));
    assertNotSame(model, copy);
    assertSame(model.model(), copy.model());
  }

  @Test
  void rowsThatCannotBeScoredAreNamed() {
    Dataset<Row> rows = Samples.frame(SPARK, SAMPLES, 1).coalesce(1);
    LanewiseModel model = new LanewiseModel(scaled());
    Dataset<Row> withNull =
        rows.withColumn(
            "features", functions.when(functions.col("id").notEqual(5), functions.col("features")));
    says(
        "column features is null, expected a vector, in the row with id = 5, features = null, label",
        model,
        withNull);
    says(
        "column features has 5 numbers, expected 4 for this model, in the row with id = ",
        new LanewiseModel(network(4, 2)),
        rows);
    Dataset<Row> withNaN =
        rows.withColumn("weight", functions.expr("if(id = 9, double('NaN'), weight)"));
    says(
        "column weight is NaN, expected a finite number, in the row with id = 9, ",
        new LanewiseModel(network(2, 2)).setInputCols("id", "weight"),
        withNaN);
    says("no column features for features", model, rows.drop("features"));
    says("no column age for an input of the model", new LanewiseModel(ofTable()), rows);
    says(
        "column age is \"old\", expected a finite number, in the row with other = \"x\", town = ",
        new LanewiseModel(ofTable()),
        people().withColumn("age", functions.lit("old")));
    says(
        "column features is of type string", model, rows.withColumn("features", functions.lit("")));
    says(
        "inputCols has 1 columns, expected 5 for this model",
        model.copy(ParamMap.empty()).setInputCols("id"),
        rows);
    Dataset<Row> large = rows.withColumn("weight", functions.expr("if(id = 9, 1e300, weight)"));
    says(
        "feature 1 is 1.0E300, expected a smaller number: after scaling it is not a finite float, in the row with id"
            + " = 9, ",
        new LanewiseModel(network(2, 2).withScaling(Scaling.divide(3)))
            .setInputCols("id", "weight"),
        large);
    SPARK.udf().register("bad", new LanewiseModel(network(4, 2)).function(SPARK));
    Throwable thrown =
        assertThrows(
            Exception.class, () -> rows.selectExpr("bad(features).prediction").collectAsList());
    assertTrue(
        root(thrown)
            .contains(
                "column features has 5 numbers, expected 4 for this model, in the row with features = ["),
        root(thrown));
  }

  private static void says(String expected, LanewiseModel model, Dataset<Row> rows) {
    Throwable thrown = assertThrows(Exception.class, () -> model.transform(rows).collectAsList());
    assertTrue(root(thrown).contains(expected), root(thrown));
  }

  private static String root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null
        && !(root instanceof IllegalArgumentException
            && root.getMessage().startsWith("lanewise: "))) {
      root = root.getCause();
    }
    return root.toString();
  }

  /** Returns rows within a millionth of the border between two classes. */
  private static List<Row> atBorders(Model network, int borders, int around) {
    Predictor predictor = network.predictor(1);
    Random random = new Random(41);
    List<Row> rows = new ArrayList<>();
    while (rows.size() < borders * around) {
      double[] one = random.doubles(5, -3, 3).toArray();
      double[] other = random.doubles(5, -3, 3).toArray();
      int classOfOne = predictor.predict(one).label(0);
      if (classOfOne == predictor.predict(other).label(0)) {
        continue;
      }
      for (int halving = 0; halving < 50; halving++) {
        double[] middle = new double[5];
        for (int j = 0; j < 5; j++) {
          middle[j] = (one[j] + other[j]) / 2;
        }
        if (predictor.predict(middle).label(0) == classOfOne) {
          one = middle;
        } else {
          other = middle;
        }
      }
      for (int i = 0; i < around; i++) {
        double[] near = one.clone();
        near[i % 5] += 1e-6 * (2 * random.nextDouble() - 1);
        rows.add(RowFactory.create((long) rows.size(), Vectors.dense(near)));
      }
    }
    return rows;
  }

  private static final StructType VECTORS =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("features", org.apache.spark.ml.linalg.SQLDataTypes.VectorType());

  @Test
  void aRowAtABorderHasTheClassThatItHasInTheJar() {
    Model network = scaled();
    Dataset<Row> rows = SPARK.createDataFrame(atBorders(network, 250, 400), VECTORS).repartition(2);
    LanewiseModel model = new LanewiseModel(network).setPredictedLabelCol("name");
    model.register(SPARK, "class");
    rows.createOrReplaceTempView("borders");
    int[] chosen = new int[100_000]; // chosen by SQL
    for (Row row :
        SPARK.sql("SELECT id, class(features).prediction FROM borders").collectAsList()) {
      chosen[(int) row.getLong(0)] = (int) row.getDouble(1);
    }
    Predictor predictor = network.predictor(1);
    int equal = 0;
    for (Row row : model.transform(rows).collectAsList()) {
      double[] x = row.<Vector>getAs("features").toArray();
      int expected = predictor.predict(x).label(0);
      assertEquals(expected, row.<Double>getAs("prediction"));
      assertEquals(network.className(expected), row.getAs("name"));
      assertEquals(expected, chosen[(int) row.getLong(0)]);
      equal += row.<Vector>getAs("probability").argmax() == expected ? 0 : 1;
    }
    assertTrue(equal > 100, equal + " rows whose probabilities would give another class");
  }

  /** A column of the model has its notation whatever the column of the rows is called. */
  @Test
  void renamedColumnsKeepTheirNotation() {
    Model plain = ofTable();
    Schema of = plain.schema().orElseThrow();
    Model network =
        plain.withSchema(
            new Schema(
                of.columns(),
                of.targets(),
                of.weight(),
                of.ignored(),
                of.places(),
                of.header(),
                of.missing(),
                of.decimal(),
                Map.of("age", Notation.of("1.234,5"))));
    StructType type =
        new StructType().add("years", DataTypes.StringType).add("town", DataTypes.StringType);
    Dataset<Row> rows = SPARK.createDataFrame(List.of(RowFactory.create("1.044", "Ulm")), type);
    Row row = new LanewiseModel(network).setInputCols("years", "town").transform(rows).head();
    double expected =
        plain.tablePredictor().set("age", 1044).set("town", "Ulm").predict().value(0, 0);
    assertEquals(expected, row.<Vector>getAs("probability").apply(0), 1e-12);
  }

  /** Texts are read in the notation of their column, and dates of Spark are in none. */
  @Test
  void datesOfSparkNeedNoNotation() {
    CategoryColumn none = new CategoryColumn("none", 0, List.of(), false, false);
    CategoryColumn hour = new CategoryColumn("hour", 0, List.of("14", "15"), false, false);
    Optional<CategoryColumn> hours = Optional.of(hour);
    CategoryColumn month = new CategoryColumn("month", 0, List.of("05", "06"), false, false);
    Schema schema =
        new Schema(
            List.of(
                new DateColumn(new NumberColumn("day", 0, 2e4, false), month, none, hours),
                new DateColumn(new NumberColumn("time", 1, 0.5, false), none, none, hours)),
            List.of("y"),
            Optional.empty(),
            List.of(),
            Map.of("day", 0, "time", 1, "y", 2),
            true,
            List.of(),
            '.',
            Map.of("day", Notation.of("31.05.2024"), "time", Notation.of("14:05")));
    double[] scale = new double[schema.inputs()];
    Arrays.fill(scale, 10);
    Model network =
        network(scale.length, 2)
            .withScaling(Scaling.standardise(new double[scale.length], scale))
            .withSchema(schema);
    LanewiseModel model = new LanewiseModel(network).setInputCols("day", "time");
    double expected =
        network
            .tablePredictor()
            .set("day", "31.05.2024 14:05")
            .set("time", "15:00")
            .predict()
            .value(0, 0);
    for (String day : List.of("'31.05.2024 14:05'", "timestamp_ntz'2024-05-31 14:05'")) {
      Dataset<Row> rows = SPARK.sql("SELECT " + day + " day, '15:00' time");
      assertEquals(expected, model.transform(rows).head().<Vector>getAs("probability").apply(0));
    }
    Dataset<Row> today = SPARK.sql("SELECT '31.05.2024' day, timestamp'2024-05-31 15:00' time");
    String message =
        assertThrows(Exception.class, () -> model.transform(today).collect()).getMessage();
    assertTrue(message.contains("column time is"), message);
  }

  /** Returns a model like {@link #ofTable} whose training rows had no gaps and no rare words. */
  private static Model ofWholeTable() {
    Schema schema =
        new Schema(
            List.of(
                new NumberColumn("age", 0, 30, false),
                new CategoryColumn("town", 1, List.of("Bonn", "Ulm", "true"), false, false)),
            List.of("paid"),
            Optional.empty(),
            List.of(),
            Map.of("age", 0, "town", 1, "paid", 2),
            true,
            List.of("?"),
            '.',
            Map.of());
    return network(schema.inputs(), 2)
        .withScaling(Scaling.standardise(new double[4], new double[] {9, 1, 1, 1}))
        .withSchema(schema)
        .withClassNames(List.of("no", "yes"));
  }

  /** Returns the lines that a job writes to the log. */
  private static List<String> logged(Runnable job) {
    List<String> said = Collections.synchronizedList(new ArrayList<>());
    AbstractAppender appender =
        new AbstractAppender("said", null, null, false, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            said.add(event.getMessage().getFormattedMessage());
          }
        };
    appender.start();
    Configurator.setLevel("dev.lanewise.spark", Level.WARN);
    LoggerContext context = LoggerContext.getContext(false);
    context.getRootLogger().addAppender(appender);
    try {
      job.run();
    } finally {
      context.getRootLogger().removeAppender(appender);
      Configurator.setLevel("dev.lanewise.spark", Level.ERROR);
    }
    return said.stream().filter(line -> line.startsWith("lanewise: ")).toList();
  }

  private static final List<String> UNSEEN =
      List.of(
          "lanewise: so far: Column age: 6 of 12 rows have no value, where all training rows had"
              + " one (the median of the training rows replaces it)",
          "lanewise: so far: Column town: 2 of 8 values are unknown to the model, such as \"Rome\" (it knows Bonn, Ulm, true)",
          "lanewise: so far: Column town: 4 of 12 rows have no value, where all training rows had"
              + " one (it counts as an unknown value)");

  @Test
  void whatTrainingHasNotMetIsCountedInTheLog() {
    LanewiseModel model = new LanewiseModel(ofWholeTable());
    assertEquals(UNSEEN, logged(() -> model.transform(people()).collectAsList()));
    model.register(SPARK, "whole");
    people().createOrReplaceTempView("people");
    assertEquals(
        UNSEEN,
        logged(
            () ->
                SPARK
                    .sql("SELECT whole(struct(*)) AS s FROM people DISTRIBUTE BY 1")
                    .selectExpr("count(s.prediction)")
                    .collectAsList()));
    Dataset<Row> known = people().where("age IS NOT NULL AND town IN ('Ulm', 'Bonn', 'TRUE')");
    assertEquals(3, known.count());
    assertEquals(List.of(), logged(() -> model.transform(known).collectAsList()));
  }

  /** Heartbeats of an executor ask a counter that Spark has not read completely yet. */
  @Test
  void aCounterThatIsStillReadIsZero() throws ReflectiveOperationException {
    Class<?> factory = Class.forName("sun.reflect.ReflectionFactory"); // javac warns of its name
    Constructor<?> unread =
        (Constructor<?>)
            factory
                .getMethod("newConstructorForSerialization", Class.class, Constructor.class)
                .invoke(
                    factory.getMethod("getReflectionFactory").invoke(null),
                    UnseenCounter.class,
                    Object.class.getDeclaredConstructor());
    assertTrue(((UnseenCounter) unread.newInstance()).isZero());
  }

  @Test
  void whatTrainingHasNotMetCanBeRefused() {
    LanewiseModel model = new LanewiseModel(ofWholeTable()).setRefuseUnseen(true);
    Dataset<Row> adults = people().where("age IS NOT NULL");
    says(
        "lanewise: Column town: 1 of 1 values are unknown to the model, such as \"Rome\" (it knows Bonn, Ulm, true), expected values as in training, in the row with other = \"x\", town = \"Rome\", age = 44",
        model,
        adults.where("town = 'Rome'"));
    says("Column town: 1 of 1 rows have no value", model, adults.where("town IS NULL"));
    says("Column age: 1 of 1 rows have no value", model, people().where("age IS NULL"));
    Dataset<Row> known = adults.where("town IN ('Ulm', 'Bonn', 'TRUE')");
    assertEquals(3, model.transform(known).count());
    model.register(SPARK, "strict");
    adults.createOrReplaceTempView("adults");
    Throwable thrown =
        assertThrows(
            Exception.class,
            () -> SPARK.sql("SELECT strict(struct(*)) FROM adults ORDER BY town").collectAsList());
    assertTrue(
        root(thrown).contains("are unknown to the model") || root(thrown).contains("no value"),
        root(thrown));
    LanewiseModel fitted =
        new LanewiseClassifier()
            .setPreset("course") // three rows are too few for folds
            .setInputCols("town")
            .setLabelCol("age")
            .setEpochs(1)
            .setOption("refuseUnseen", true)
            .fit(
                people()
                    .where("town IN ('Ulm', 'Bonn') AND age IS NOT NULL")
                    .union(
                        people()
                            .where("town = 'Ulm' AND age IS NOT NULL")
                            .withColumn("age", functions.lit(45))));
    says("Column town", fitted, people().where("town = 'Rome'"));
  }

  @Test
  void missingNumbersAndCellsAgree() {
    assertEquals(null, Cells.value(Double.NaN));
    assertEquals(null, Cells.value(null));
    assertEquals(3.0, Cells.value(3));
    assertEquals(new java.math.BigDecimal("9007199254740993"), Cells.value((1L << 53) + 1));
    assertEquals((double) (1L << 53), Cells.value(1L << 53));
    assertEquals(0.1, Cells.value(new java.math.BigDecimal("0.1")));
    assertEquals("true", Cells.value(true));
    assertEquals("2026-01-02", Cells.value(java.sql.Date.valueOf("2026-01-02")));
    assertEquals("1970-01-01T00:00:01Z", Cells.value(new java.sql.Timestamp(1000)));
    assertEquals(Cell.of(true, List.of()), Cell.of(Cells.value(true), List.of()));
    double[] none = {};
    assertArrayEquals(none, Cells.numbers(Vectors.dense(none), "x", 0));
  }
}
