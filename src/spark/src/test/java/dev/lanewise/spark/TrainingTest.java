package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.rows.Schema;
import dev.lanewise.selection.Search;
import dev.lanewise.selection.SearchRun;
import dev.lanewise.selection.SearchSpace;
import dev.lanewise.selection.ValidationScoring;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.table.Table;
import dev.lanewise.train.BestEpoch;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Schedule;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingTest {
  private static final SparkSession SPARK = Sessions.local();
  private static final List<Samples.Sample> CLASSES = Samples.classes(300, 5, 1);
  private static final List<Samples.Sample> NUMBERS = Samples.numbers(300, 5, 2);

  @TempDir Path dir;

  static LanewiseClassifier small() {
    return new LanewiseClassifier()
        .setPreset("course")
        .setHidden(8)
        .setEpochs(3)
        .setBatchSize(32)
        .setSeed(7);
  }

  private static Mlp reference(Rows split, double rate, Optimizer optimizer) {
    dev.lanewise.data.Dataset data =
        dev.lanewise.data.Dataset.of(split).withScaling(ScaleChoice.robust());
    Architecture layers = Architecture.relu(5, List.of(8), data.classes());
    return Trainer.builder()
        .epochs(3)
        .batchSize(32)
        .seed(7)
        .learningRate(rate)
        .optimizer(optimizer)
        .build()
        .fit(Mlp.initial(layers, Initializer.COURSE, 7), data)
        .model();
  }

  @Test
  void weightsAreThoseOfTheLibraryInWhateverOrderRowsCome() {
    Rows sorted = Samples.split(CLASSES, Samples.CANONICAL, true, false);
    String expected = reference(sorted, 0.01, Optimizer.sgd()).sha256();
    for (int partitions : new int[] {1, 3, 8}) {
      Dataset<Row> rows = Samples.frame(SPARK, CLASSES, partitions).repartition(partitions);
      LanewiseModel model = small().fit(rows);
      assertEquals(expected, model.model().sha256(), partitions + " partitions");
    }
  }

  @Test
  void rowsHaveWeightsAndAnOrderOfTheirOwn() {
    Comparator<Samples.Sample> byId = Comparator.comparingLong(Samples.Sample::id);
    Rows sorted = Samples.split(CLASSES, byId, true, true);
    String expected = reference(sorted, 0.003, Optimizer.adam()).sha256();
    LanewiseClassifier estimator =
        small()
            .setOptimizer("adam")
            .setLearningRate(0.003)
            .setWeightCol("weight")
            .setOrderCol("id");
    Dataset<Row> rows = Samples.frame(SPARK, CLASSES, 5);
    assertEquals(expected, estimator.fit(rows).model().sha256());
    assertNotEquals(expected, estimator.setOrderCol("").fit(rows).model().sha256());
  }

  @Test
  void regressorLearnsNumbers() {
    Rows sorted = Samples.split(NUMBERS, Samples.CANONICAL, false, true);
    dev.lanewise.data.Dataset data =
        dev.lanewise.data.Dataset.of(sorted)
            .withScaling(ScaleChoice.standard())
            .withTargetScaling(ScaleChoice.standard());
    Mlp initial =
        Mlp.initial(Architecture.relu(5, List.of(16), 1), Initializer.HE, 3).withLoss(Loss.HUBER);
    Mlp expected =
        Trainer.builder()
            .epochs(30)
            .batchSize(16)
            .seed(3)
            .learningRate(0.01)
            .optimizer(Optimizer.adam())
            .schedule(Schedule.cosine(28, 0).withWarmup(2))
            .dropout(0.1)
            .clipNorm(1)
            .build()
            .fit(initial, data)
            .model();
    LanewiseModel model =
        new LanewiseRegressor()
            .setPreset("course")
            .setHidden(16)
            .setOption("init", "he")
            .setOption("loss", "huber")
            .setOption("scale", "standard")
            .setEpochs(30)
            .setBatchSize(16)
            .setSeed(3)
            .setLearningRate(0.01)
            .setOptimizer("adam")
            .setOption("schedule", "cosine")
            .setOption("warmup", 2)
            .setOption("dropout", 0.1)
            .setOption("clipNorm", 1)
            .setWeightCol("weight")
            .fit(Samples.frame(SPARK, NUMBERS, 9));
    assertEquals(expected.sha256(), model.model().sha256());
    assertEquals(expected.checksum(), model.model().withTraining(List.of()).checksum());
    assertEquals(
        List.of("id", "features", "label", "weight", "key", "prediction"),
        List.of(model.transform(Samples.frame(SPARK, NUMBERS, 1)).columns()));
  }

  /** Several networks keep folds for validation, as the library's do, and are saved as one. */
  @Test
  void severalNetworksAreTheLibrarys() throws Exception {
    Rows sorted = Samples.split(CLASSES, Samples.CANONICAL, true, false);
    dev.lanewise.data.Dataset data =
        dev.lanewise.data.Dataset.of(sorted).withScaling(ScaleChoice.robust());
    Recipe recipe = Recipe.TABLE.with("epochs", 2).with("batchSize", 64);
    dev.lanewise.model.Model expected = recipe.fit(data).model();
    assertEquals(3, expected.members().size());
    LanewiseClassifier estimator = new LanewiseClassifier().setEpochs(2).setBatchSize(64);
    Dataset<Row> rows = Samples.frame(SPARK, CLASSES, 3).repartition(2);
    for (int threads : new int[] {1, 3}) {
      String digest = estimator.setOption("threads", threads).fit(rows).model().sha256();
      assertEquals(expected.sha256(), digest);
    }
    PipelineModel model = new Pipeline().setStages(new PipelineStage[] {estimator}).fit(rows);
    String saved = dir.resolve("three").toString();
    model.write().save(saved);
    PipelineModel loaded = PipelineModel.load(saved);
    LanewiseModel stage = (LanewiseModel) loaded.stages()[0].copy(ParamMap.empty());
    assertEquals(expected.sha256(), stage.model().sha256());
    stage.register(SPARK, "three");
    Dataset<Row> scored =
        loaded.transform(rows).withColumn("same", functions.expr("three(features).probability"));
    dev.lanewise.nn.Predictor predictor = expected.predictor(1);
    for (Row row : scored.collectAsList()) {
      double[] alone = predictor.predict(row.<Vector>getAs("features").toArray()).values(0);
      assertArrayEquals(alone, row.<Vector>getAs("probability").toArray());
      assertArrayEquals(alone, row.<Vector>getAs("same").toArray());
    }
    LanewiseGroups groups = new LanewiseGroups(estimator.setHidden(4), "key");
    Dataset<Row> models = groups.fit(rows.where("key < 2")).localCheckpoint();
    assertEquals(2, models.where("error IS NULL").count());
    assertEquals(34, groups.transform(models, rows).where("prediction IS NOT NULL").count());
  }

  /** Networks that are tasks of their own are those of one task, with what follows from all. */
  @Test
  void networksCanBeTasks() throws Exception {
    Dataset<Row> classes = Samples.frame(SPARK, CLASSES, 3);
    Dataset<Row> people = SPARK.createDataFrame(people(200), PEOPLE);
    LanewiseClassifier three = new LanewiseClassifier().setEpochs(3).setHidden(8);
    assertSameAsTasks(3, three, classes);
    assertSameAsTasks(3, three.copy(ParamMap.empty()).setValidationFraction(0.2), classes);
    LanewiseClassifier weighted = three.copy(ParamMap.empty()).setWeightCol("weight");
    assertSameAsTasks(
        6,
        weighted
            .setOption("configurations", "1 binnedMembers=3; 1 binnedMembers=0")
            .setOption("groupWeights", "greedy"),
        classes);
    assertSameAsTasks(6, ofPeople().setPreset("table").setEpochs(2), people);
    assertSameAsTasks(1, small(), classes);
    LanewiseRegressor numbers = new LanewiseRegressor().setEpochs(2).setHidden(8);
    assertSameAsTasks(3, numbers, Samples.frame(SPARK, NUMBERS, 2));
  }

  private static void assertSameAsTasks(
      int networks, LanewiseEstimator<?> estimator, Dataset<Row> rows) throws Exception {
    List<Integer> stages = Collections.synchronizedList(new ArrayList<>());
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onStageCompleted(SparkListenerStageCompleted stage) {
            stages.add(stage.stageInfo().numTasks());
          }
        };
    estimator.setOption("networkTasks", "never");
    dev.lanewise.model.Model one = estimator.fit(rows).model().withTraining(List.of());
    assertEquals(networks, one.members().size());
    SPARK.sparkContext().listenerBus().waitUntilEmpty(); // events of this training
    SPARK.sparkContext().addSparkListener(listener);
    estimator.setOption("networkTasks", "always");
    dev.lanewise.model.Model tasks = estimator.fit(rows).model().withTraining(List.of());
    SPARK.sparkContext().listenerBus().waitUntilEmpty();
    SPARK.sparkContext().removeSparkListener(listener);
    assertArrayEquals(SharedModel.bytes(one), SharedModel.bytes(tasks));
    boolean hasTasks = networks > 1 ? stages.contains(networks) : stages.size() == 2;
    assertTrue(hasTasks, stages + " tasks of each stage");
    assertTrue(SPARK.sparkContext().getPersistentRDDs().isEmpty(), "no rows are kept");
  }

  /** Spark would send rows to every task, although tasks of an executor share them. */
  @Test
  void rowsAreReadWhenTheyAreAskedFor() {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(SPARK.sparkContext());
    LongAccumulator reads = SPARK.sparkContext().longAccumulator();
    JavaRDD<byte[]> rows =
        context
            .parallelize(List.of(new byte[] {1}, new byte[] {2, 3}), 1)
            .mapPartitions(
                each -> {
                  reads.add(1);
                  return each;
                });
    JavaRDD<byte[]> deferred = DeferredRows.of(rows);
    assertEquals(List.of(5), deferred.mapPartitions(each -> List.of(5).iterator()).collect());
    assertEquals(0, reads.value());
    List<byte[]> all = deferred.mapPartitions(each -> each).collect();
    assertEquals(2, all.size());
    assertArrayEquals(new byte[] {2, 3}, all.get(1));
    assertEquals(1, reads.value());
  }

  /** The ensemble of a search, whose trials are tasks, is that of the library. */
  @Test
  void aSearchIsTheLibrarys() throws Exception {
    Rows sorted = Samples.split(CLASSES, Samples.CANONICAL, true, false);
    dev.lanewise.data.Dataset data =
        dev.lanewise.data.Dataset.of(sorted).withScaling(ScaleChoice.robust());
    UnaryOperator<TrainerBuilder> further = TrainerBuilder::balancedClassWeights;
    Recipe recipe = Recipe.TABLE.with("epochs", 4).with("hidden", 8).with("batchSize", 32);
    Map<String, String> found = Map.of();
    long seed = 0;
    while (!found.containsKey("configurations")) { // until several trials are better together
      recipe = recipe.with("seed", ++seed);
      SearchSpace space =
          SearchSpace.usual(recipe).without(Set.of("epochs", "hidden", "batchSize", "seed"));
      ValidationScoring scoring = ValidationScoring.of(recipe, data, further);
      SearchRun run = Search.of(recipe, space).seed(seed).trials(7).run(scoring);
      found = run.options(scoring.select(run));
    }
    dev.lanewise.model.Model expected = recipe.with(found).fit(data, further, 1).model();
    LanewiseClassifier estimator =
        new LanewiseClassifier()
            .setEpochs(4)
            .setHidden(8)
            .setBatchSize(32)
            .setSeed(seed)
            .setOption("trials", 7)
            .setOption("balancedClassWeights", true);
    dev.lanewise.model.Model model = estimator.fit(Samples.frame(SPARK, CLASSES, 3)).model();
    assertEquals(expected.sha256(), model.sha256());
    assertEquals(expected.calibration(), model.calibration());
    assertArrayEquals(expected.memberWeights(), model.memberWeights());
    assertEquals(
        Schema.of(library(people(200))),
        ofPeople()
            .setPreset("table")
            .setEpochs(2)
            .setOption("trials", 2)
            .fit(SPARK.createDataFrame(people(200), PEOPLE))
            .model()
            .schema());
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new LanewiseGroups(estimator, "key").fit(samples()))
            .getMessage();
    assertTrue(message.startsWith("trials 7 for a model of each key, expected 0"), message);
    says("a search without options", samples(), small().setOption("trials", 3));
    says(
        "a search of a recipe with groups of networks",
        samples(),
        small().setPreset("table-best").setOption("trials", 3));
    says(
        "trials with loss mae on a column of vectors, expected inputCols or loss mse",
        Samples.frame(SPARK, NUMBERS, 1),
        new LanewiseRegressor().setOption("trials", 3).setOption("loss", "mae").setEpochs(1));
  }

  @Test
  void problemsOfNetworksAsTasksAreThoseOfOneTask() {
    LanewiseClassifier three = new LanewiseClassifier().setEpochs(3).setHidden(8);
    three.setOption("networkTasks", "always");
    says(
        "member 1 of 3: training diverged in epoch 0, expected finite numbers",
        samples(),
        small()
            .setLearningRate(1e30)
            .setOption("activation", "identity")
            .setOption("members", 3)
            .setOption("networkTasks", "always"));
    says("column label is NaN", samples().withColumn("label", functions.lit(Double.NaN)), three);
    says(
        "4 rows for training and validation, expected at least 5",
        samples().where("id < 4"),
        three);
    says("no rows, expected at least one row", samples().where("id < 0"), three);
    assertTrue(SPARK.sparkContext().getPersistentRDDs().isEmpty());
  }

  /** Numbers of networks are saved with an estimator, and chosen like other options. */
  @Test
  void numbersOfNetworksAreOptions() throws Exception {
    LanewiseClassifier estimator =
        new LanewiseClassifier()
            .setPreset("table")
            .setEpochs(1)
            .setHidden(4)
            .setOption("members", 4)
            .setOption("binnedMembers", 1);
    String path = dir.resolve("members").toString();
    estimator.write().save(path);
    LanewiseClassifier loaded = LanewiseClassifier.read().load(path);
    assertEquals(estimator.notes(), loaded.notes());
    assertEquals(estimator.recipe().toString(), loaded.copy(ParamMap.empty()).recipe().toString());
    IntParam binned = (IntParam) loaded.getParam("binnedMembers");
    ParamMap[] grid = new ParamGridBuilder().addGrid(binned, new int[] {0, 3}).build();
    CrossValidatorModel chosen =
        new CrossValidator()
            .setEstimator(loaded)
            .setEvaluator(new MulticlassClassificationEvaluator())
            .setEstimatorParamMaps(grid)
            .setFoldCol("fold")
            .setNumFolds(2)
            .fit(Samples.folded(Samples.frame(SPARK, CLASSES, 3), 2));
    List<Mlp> networks = ((LanewiseModel) chosen.bestModel()).model().members();
    long bins =
        networks.stream()
            .filter(network -> dev.lanewise.model.Model.of(network).bins().isPresent())
            .count();
    assertEquals(chosen.avgMetrics()[0] >= chosen.avgMetrics()[1] ? 0 : 3, bins);
    assertEquals(4, networks.size());
    says(
        "binnedMembers 2, expected a whole number from 0 to ",
        samples(),
        small().setOption("binnedMembers", 2));
  }

  /** All rows are for training, as with the command's option {@code --all-rows}. */
  @Test
  void aTableIsTrainedAsByTheCommand() throws Exception {
    Path csv = Samples.csv(dir.resolve("people.csv"));
    Recipe recipe = Recipe.TABLE.with("epochs", 2).with("hidden", 8);
    dev.lanewise.model.Model expected =
        recipe
            .fit(
                Table.read(csv)
                    .with(
                        ReadOptions.defaults().withTarget("paid").withIgnored(List.of("id")),
                        DivisionOptions.defaults().withSplitSizes(List.of(1.0))))
            .model();
    Dataset<Row> people =
        SPARK.read().option("header", true).option("inferSchema", true).csv(csv.toString());
    LanewiseModel model =
        new LanewiseClassifier()
            .setInputCols("age", "town", "income")
            .setLabelCol("paid")
            .setOrderCol("id")
            .setEpochs(2)
            .setHidden(8)
            .fit(people.where("paid IS NOT NULL").repartition(3));
    assertEquals(expected.sha256(), model.model().sha256());
    says(
        "4 rows for training and validation, expected at least 5, a row for each fold",
        samples().where("id < 4"),
        new LanewiseClassifier().setEpochs(1).setHidden(2));
  }

  @Test
  void presetForTablesIsTheLibrarys() {
    Rows sorted = Samples.split(CLASSES, Samples.CANONICAL, true, false);
    dev.lanewise.data.Dataset data =
        dev.lanewise.data.Dataset.of(sorted)
            .withValidation(0.25, true)
            .withScaling(ScaleChoice.robust());
    dev.lanewise.model.Model expected =
        Recipe.TABLE.with("epochs", 2).with("batchSize", 64).fit(data).model();
    LanewiseModel model =
        new LanewiseClassifier()
            .setEpochs(2)
            .setBatchSize(64)
            .setValidationFraction(0.25)
            .fit(Samples.frame(SPARK, CLASSES, 3));
    assertEquals(expected.sha256(), model.model().sha256());
  }

  private static final StructType PEOPLE =
      new StructType()
          .add("age", DataTypes.DoubleType)
          .add("town", DataTypes.StringType)
          .add("joined", DataTypes.DateType)
          .add("member", DataTypes.BooleanType)
          .add("zip", DataTypes.IntegerType)
          .add("paid", DataTypes.StringType)
          .add("w", DataTypes.FloatType)
          .add("later", DataTypes.BooleanType);

  /** Returns rows of people, with missing values. */
  private static List<Row> people(int count) {
    Random random = new Random(5);
    String[] towns = {"Ulm", "Köln", "Bonn", null, "Trier"};
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Double age = random.nextInt(9) == 0 ? null : 18.0 + random.nextInt(60);
      rows.add(
          RowFactory.create(
              age,
              towns[random.nextInt(5)],
              java.sql.Date.valueOf(
                  java.time.LocalDate.of(2020 + random.nextInt(4), 1 + random.nextInt(12), 5)),
              random.nextBoolean(),
              10 * random.nextInt(3),
              age != null && age > 40 == random.nextInt(6) > 0 ? "yes" : "no",
              1f + random.nextInt(2),
              i % 4 == 0));
    }
    return rows;
  }

  private static LanewiseClassifier ofPeople() {
    return small()
        .setInputCols("age", "town", "joined", "member", "zip")
        .setOption("categoricalCols", List.of("zip"))
        .setLabelCol("paid")
        .setWeightCol("w");
  }

  /** Compares two rows of a table in the canonical order. */
  private static int compare(Row a, Row b) {
    for (int c = 0; c < 7; c++) {
      Object x = a.get(c);
      Object y = b.get(c);
      int order =
          x == null || y == null
              ? Boolean.compare(x != null, y != null)
              : x instanceof Number n
                  ? Double.compare(n.doubleValue(), ((Number) y).doubleValue())
                  : x.toString().compareTo(y.toString());
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static List<Map<String, Object>> maps(List<Row> rows) {
    List<Map<String, Object>> maps = new ArrayList<>();
    for (Row row : rows.stream().sorted(TrainingTest::compare).toList()) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int c : new int[] {0, 1, 2, 3, 4, 6, 5}) {
        Object value = row.get(c);
        map.put(
            PEOPLE.fieldNames()[c],
            value instanceof java.sql.Date date ? date.toLocalDate() : value);
      }
      maps.add(map);
    }
    return maps;
  }

  private static dev.lanewise.data.Dataset library(List<Row> people) throws Exception {
    return Table.of(maps(people))
        .dataset(
            ReadOptions.defaults()
                .withTarget("paid")
                .withWeight("w")
                .withCategorical(List.of("zip")),
            DivisionOptions.defaults().withSeed(7).withSplitSizes(List.of(1.0)),
            ScaleOptions.defaults().withLoss(Loss.SOFTMAX));
  }

  @Test
  void columnsOfATableAreReadAsTheLibraryReadsThem() throws Exception {
    List<Row> people = people(200);
    dev.lanewise.data.Dataset data = library(people);
    Mlp initial =
        Mlp.initial(Architecture.relu(data.features(), List.of(8), 2), Initializer.COURSE, 7);
    Trainer trainer = Trainer.builder().epochs(3).batchSize(32).seed(7).build();
    Mlp expected = trainer.fit(initial, data).model();
    List<Row> shuffled = new ArrayList<>(people);
    Collections.shuffle(shuffled, new Random(1));
    Dataset<Row> frame = SPARK.createDataFrame(shuffled, PEOPLE).repartition(3);
    dev.lanewise.model.Model model = ofPeople().fit(frame).model();
    assertEquals(expected.sha256(), model.sha256());
    assertEquals(dev.lanewise.model.Model.of(expected).schema(), model.schema());
    assertEquals(List.of("no", "yes"), model.classNames());
  }

  @Test
  void validationRowsAreThoseThatSaySo() throws Exception {
    List<Row> people = people(200);
    dev.lanewise.data.Dataset train =
        library(people.stream().filter(row -> !row.getBoolean(7)).toList());
    Mlp blank =
        Mlp.initial(Architecture.relu(train.features(), List.of(8), 2), Initializer.COURSE, 7);
    dev.lanewise.model.Model like =
        dev.lanewise.model.Model.of(blank)
            .withScaling(train.scaling())
            .withSchema(Schema.of(train).orElseThrow())
            .withClassNames(train.classNames());
    List<Row> later = people.stream().filter(row -> row.getBoolean(7)).toList();
    Rows valid = Table.of(maps(later)).dataset(like).train();
    Mlp expected =
        Trainer.builder()
            .epochs(20)
            .batchSize(32)
            .seed(7)
            .learningRate(0.3)
            .best(BestEpoch.LOSS)
            .build()
            .fit(blank, dev.lanewise.data.Dataset.of(train.train(), valid))
            .model();
    LanewiseClassifier estimator =
        ofPeople()
            .setEpochs(20)
            .setLearningRate(0.3)
            .setOption("best", "loss")
            .setValidationIndicatorCol("later");
    dev.lanewise.model.Model model = estimator.fit(SPARK.createDataFrame(people, PEOPLE)).model();
    assertEquals(expected.sha256(), model.sha256());
    assertEquals(Schema.of(train), model.schema());
  }

  @Test
  void crossValidatorChooses() {
    LanewiseClassifier estimator = small().setOptimizer("adam");
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid((DoubleParam) estimator.getParam("learningRate"), new double[] {1e-7, 0.02})
            .build();
    Dataset<Row> rows = Samples.folded(Samples.frame(SPARK, CLASSES, 3), 3);
    CrossValidator validator =
        new CrossValidator()
            .setEstimator(estimator)
            .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
            .setEstimatorParamMaps(grid)
            .setFoldCol("fold")
            .setNumFolds(3)
            .setParallelism(2);
    CrossValidatorModel chosen = validator.fit(rows);
    CrossValidatorModel again = validator.fit(rows.repartition(5));
    assertArrayEquals(chosen.avgMetrics(), again.avgMetrics());
    assertTrue(
        chosen.avgMetrics()[1] > chosen.avgMetrics()[0], Arrays.toString(chosen.avgMetrics()));
    Rows all = Samples.split(CLASSES, Samples.CANONICAL, true, false);
    String expected = reference(all, 0.02, Optimizer.adam()).sha256();
    assertEquals(expected, ((LanewiseModel) chosen.bestModel()).model().sha256());
    assertEquals(expected, ((LanewiseModel) again.bestModel()).model().sha256());
  }

  @Test
  void pipelineIsSavedWithTheOrdinaryFile() throws Exception {
    Dataset<Row> people =
        SPARK.createDataFrame(people(100), PEOPLE).na().drop().withColumnRenamed("w", "label");
    VectorAssembler assembler =
        new VectorAssembler().setInputCols(new String[] {"age", "zip"}).setOutputCol("features");
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {assembler, small()});
    String path = dir.resolve("pipeline").toString();
    pipeline.write().save(path);
    PipelineModel model = Pipeline.read().load(path).fit(people);
    String saved = dir.resolve("model").toString();
    model.write().save(saved);
    PipelineModel loaded = PipelineModel.load(saved);
    assertEquals(model.transform(people).collectAsList(), loaded.transform(people).collectAsList());
    LanewiseModel stage = (LanewiseModel) loaded.stages()[1];
    Path file = dir.resolve("model/stages/1_" + stage.uid() + "/nn_model.npz");
    assertEquals(dev.lanewise.model.Model.load(file), stage.model());
    assertTrue(
        stage.model().training().contains("hidden=[8]"), stage.model().training().toString());
  }

  @Test
  void estimatorIsSavedAndCopied() throws Exception {
    LanewiseClassifier estimator =
        small()
            .setInputCols("a", "b")
            .setOption("classWeights", new double[] {1, 2})
            .setOption("ratesByInputs", true);
    String path = dir.resolve("estimator").toString();
    estimator.write().save(path);
    LanewiseClassifier loaded = LanewiseClassifier.read().load(path);
    assertEquals(estimator.notes(), loaded.notes());
    assertEquals(estimator.uid(), loaded.uid());
    LanewiseClassifier copy =
        estimator.copy(new ParamMap().put(((IntParam) estimator.getParam("epochs")).w(9)));
    assertEquals(9, copy.getOrDefault(copy.getParam("epochs")));
    assertEquals(3, estimator.getOrDefault(estimator.getParam("epochs")));
  }

  @Test
  void whatCannotBeLearnedIsSaidInOneLine() {
    Dataset<Row> rows = Samples.frame(SPARK, CLASSES, 1).coalesce(1);
    says("no column other for the label, expected one of", rows, small().setLabelCol("other"));
    says("column key is of type int, expected a vector", rows, small().setFeaturesCol("key"));
    says("no rows, expected at least one row", rows.limit(0), small());
    says(
        "training diverged in epoch 0, expected finite numbers (a smaller learningRate)",
        rows,
        small().setLearningRate(1e30).setOption("activation", "identity"));
    says(
        " of 3: training diverged in epoch 0, expected finite numbers (a smaller learningRate)",
        rows,
        small().setPreset("table").setLearningRate(1e30).setOption("init", "he"));
    says("column prediction exists already", rows.withColumnRenamed("id", "prediction"), small());
  }

  private static Dataset<Row> samples() {
    return Samples.frame(SPARK, CLASSES, 1)
        .selectExpr("*", "weight AS x", "1.5D * id AS y", "string(id) AS word");
  }

  private static LanewiseClassifier named() {
    return small().setInputCols("x", "y", "word").setOrderCol("id");
  }

  private static Dataset<Row> with(String column, String value) {
    return samples()
        .withColumn(column, functions.expr("if(id = 7, %s, %s)".formatted(value, column)));
  }

  @Test
  void aBadRowIsNamedByItsValuesOnTheDriver() {
    refuses(
        "lanewise: column label has the label 0.5, expected a class from 0 to 65535, or texts as names of classes, in the row with id = 7, label = 0.5, features = [1.5, ",
        with("label", "0.5"),
        small().setOrderCol("id"));
    refuses(
        "column label has the label 1.0E9, expected a class from 0 to 65535",
        with("label", "1e9"),
        small());
    refuses(
        "column label has the label 0.5, expected a whole number, or texts as names of classes, in the row with id = 7, label = 0.5, x = 2.5, y = 10.5, word = \"7\"; 1 of 330 rows cannot be used for training",
        with("label", "0.5"),
        named());
    refuses("column label has the label Infinity", with("label", "double('inf')"), named());
    refuses(
        "column label is \"-\", which stands for a missing value, expected a label in every row",
        samples().withColumn("label", functions.expr("if(id = 7, '-', '+')")),
        named());
    refuses(
        "column weight is -1.0, expected the weight of the row, a float from 0, in the row with label",
        with("weight", "-1"),
        small().setWeightCol("weight"));
    refuses("column weight is 1.0E39", with("weight", "1e39"), small().setWeightCol("weight"));
    refuses("column weight is null", with("weight", "null"), small().setWeightCol("weight"));
    refuses(
        "column x is Infinity, expected a finite number or null, in the row with id = 7, ",
        with("x", "double('inf')"),
        named());
    refuses(
        "column label has the label Infinity, expected a finite number",
        with("label", "double('inf')"),
        new LanewiseRegressor());
    refuses("column features is null, expected a vector", with("features", "null"), small());
    Dataset<Row> arrays = samples().withColumn("features", functions.expr("array(x, y)"));
    String other = "if(id = 7, %s, features)";
    refuses(
        "column features: number 1 of the vector is NaN, expected a finite number, in the row with id = 7, label = 1.0, features = [1.5, NaN]",
        arrays.withColumn(
            "features", functions.expr(other.formatted("array(1.5D, double('nan'))"))),
        small().setOrderCol("id"));
    refuses(
        "column features: number 1 of the vector is 1.0E39, expected a float, up to 3.4e38",
        arrays.withColumn("features", functions.expr(other.formatted("array(1.5D, 1e39D)"))),
        small());
    refuses(
        "column features has 1 numbers in the row with id = 7, label = 1.0, features = [1.5], and 2 in that with id = 0, label",
        arrays.withColumn("features", functions.expr(other.formatted("array(1.5D)"))),
        small().setOrderCol("id"));
    refuses(
        "column features has no numbers",
        arrays.withColumn("features", functions.expr("cast(array() AS array<double>)")),
        small());
  }

  /** Checks that the task returns the problem as a value, so that no task of Spark fails. */
  private static void refuses(String expected, Dataset<Row> rows, LanewiseEstimator<?> estimator) {
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(rows));
    assertTrue(thrown.getMessage().contains(expected), thrown.getMessage());
    assertTrue(thrown.getMessage().startsWith("lanewise: "), thrown.getMessage());
  }

  /** Returns the argument of a call, such as {@code where("...")}, that a message advises. */
  private static String advised(String before, Dataset<Row> rows, LanewiseEstimator<?> estimator) {
    String said =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(rows)).getMessage();
    assertTrue(said.contains(before + "(\""), said);
    int from = said.indexOf(before + "(\"") + before.length() + 2;
    return said.substring(from, said.indexOf("\")", from));
  }

  @Test
  void adviceOnLabelsWorks() {
    for (String type : List.of("double", "float", "decimal(9,2)", "int")) {
      String nan = type.equals("double") || type.equals("float") ? "'nan'" : "null";
      Dataset<Row> rows =
          samples()
              .withColumn(
                  "label", functions.expr("if(id = 7, null, if(id = 9, %s, label))".formatted(nan)))
              .withColumn("label", functions.col("label").cast(type));
      for (LanewiseEstimator<?> estimator : List.of(small(), named(), new LanewiseRegressor())) {
        LanewiseEstimator<?> short2 = estimator.setEpochs(1);
        short2.fit(rows.where(advised("where", rows, short2)));
      }
    }
    Dataset<Row> words =
        samples()
            .withColumn(
                "label", functions.expr("if(id = 7, ' NA ', if(id = 9, null, 'a' || label))"));
    named().fit(words.where(advised("where", words.where("id <> 9"), named())));
    Dataset<Row> empty = words.withColumn("label", functions.expr("replace(label, 'NA')"));
    small().fit(empty.where(advised("where", empty.where("id <> 9"), small())));
  }

  @Test
  void adviceOnWordsWorks() {
    Dataset<Row> rows = with("word", "'abc'");
    String column = advised("setOption(\"categoricalCols\", List.of", rows, named());
    assertEquals("word", column);
    named().setOption("minCount", 1).setOption("categoricalCols", List.of(column)).fit(rows);
    String said =
        assertThrows(IllegalArgumentException.class, () -> named().fit(rows)).getMessage();
    String expected = "withColumn(\"word\", expr(\"nullif(`word`, 'abc')\"))";
    assertTrue(said.contains(expected), said);
    assertTrue(said.contains("in the row with id = 7, label = 1.0, x = 2.5"), said);
    named().fit(rows.withColumn("word", functions.expr("nullif(`word`, 'abc')")));
    Dataset<Row> comma = with("word", "'7,5'");
    // Whole numbers and 7,5 are numbers with a decimal comma.
    Schema schema = named().fit(comma).model().schema().orElseThrow();
    assertEquals("1234,5", schema.notations().get("word").example());
    named().fit(comma.withColumn("word", functions.expr("double(replace(`word`, ',', '.'))")));
  }

  @Test
  void settersInAdviceExist() {
    List<String> known =
        Stream.of(LanewiseClassifier.class.getMethods()).map(method -> method.getName()).toList();
    for (String words : Advice.WORDS.values()) {
      Matcher setter = Pattern.compile("set[A-Z]\\w+").matcher(words);
      while (setter.find()) {
        assertTrue(known.contains(setter.group()), words);
      }
      Matcher option = Pattern.compile("setOption\\(\"(\\w+)\"").matcher(words);
      while (option.find()) {
        boolean isOfNumbers = option.group(1).equals("scaleTargets");
        LanewiseEstimator<?> any = isOfNumbers ? new LanewiseRegressor() : small();
        assertTrue(any.hasParam(option.group(1)), words);
      }
    }
  }

  @Test
  void messagesNameNoOptionOfTheCommandLine() {
    assertEquals(
        "Column id tells all rows apart: setInputCols without \"id\" leaves it out",
        Advice.of(
            Message.of(
                "Column id tells all rows apart: %s leaves it out", Remedy.IGNORE.with("id"))));
    assertEquals(
        "the best epoch without validation rows, expected validation rows (such as setValidationFraction(0.1))",
        assertThrows(
                IllegalArgumentException.class,
                () -> small().setOption("best", "loss").fit(samples()))
            .getMessage()
            .substring("lanewise: ".length()));
    small().setOption("best", "loss").setValidationFraction(0.1).fit(samples());
  }

  @Test
  void longIdsAreCategoriesOfTheirOwn() {
    for (String type : List.of("bigint", "decimal(38,0)")) {
      Dataset<Row> rows =
          samples()
              .withColumn("big", functions.expr("9007199254740992 + id % 6").cast(type))
              .withColumn("label", functions.expr("id % 6 IN (1, 2)").cast("double"));
      LanewiseModel model =
          small()
              .setInputCols("big")
              .setOption("categoricalCols", List.of("big"))
              .setEpochs(300)
              .fit(rows);
      assertEquals(6, model.model().inputs(), type);
      assertEquals(330, model.transform(rows).where("label = prediction").count(), type);
    }
  }

  @Test
  void settingsThatDoNotAgreeAreRefused() {
    Dataset<Row> rows = samples().withColumn("later", functions.expr("id % 4 = 0"));
    says("column x is an input and an input", rows, small().setInputCols("x", "x"));
    says("column x is the weight and an input", rows, named().setWeightCol("x"));
    says("column label is the label and an input", rows, small().setInputCols("x", "label"));
    says("column label is the label and the weight", rows, small().setWeightCol("label"));
    says(
        "column y of categoricalCols is not an input",
        rows,
        small().setOption("categoricalCols", List.of("y")));
    says(
        "validationIndicatorCol later and validationFraction 0.2, expected only one of the two",
        rows,
        named().setValidationIndicatorCol("later").setValidationFraction(0.2));
  }

  @Test
  void aNetworkForWhichThereIsNoMemoryIsRefusedAtOnce() {
    refuses(
        "lanewise: too little memory, 330 rows of 5 numbers and their network need about ",
        samples(),
        small().setHidden(200_000, 200_000));
    LanewiseClassifier binned = small().setHidden(10_000).setOption("bins", 1000);
    refuses("too little memory, 330 rows of 5 numbers", samples(), binned);
    LanewiseClassifier many = small().setHidden(3000, 3000).setOption("members", 100);
    refuses("too little memory, 330 rows of 5 numbers", samples(), many);
    refuses(
        "expected spark.driver.memory of at least ", samples(), small().setHidden(99_999, 99_999));
  }

  @Test
  void exampleOfTheReadmeScoresAFile() throws Exception {
    Path csv = Samples.csv(dir.resolve("people.csv"));
    String model = dir.resolve("model").toString();
    String scored = dir.resolve("scored").toString();
    ScoreCsv.main(new String[] {csv.toString(), model, scored});
    Dataset<Row> read = SPARK.read().parquet(scored);
    assertEquals(20, read.count());
    assertEquals(
        List.of("id", "age", "town", "income", "paid", "prediction", "expected"),
        List.of(read.columns()));
    assertTrue(
        read.where("expected = if(income > 60 * age, 'yes', 'no')").count() >= 15,
        read.collectAsList().toString());
    assertEquals(List.of("no", "yes"), LanewiseModel.load(model).model().classNames());
    String readme = java.nio.file.Files.readString(Path.of("README.md"));
    String program =
        java.nio.file.Files.readString(Path.of("src/test/java/dev/lanewise/spark/ScoreCsv.java"));
    String body = program.substring(program.indexOf("    SparkSession spark"));
    for (String line : body.lines().toList()) {
      assertTrue(line.isBlank() || readme.contains(line.strip()), line);
    }
  }

  static void says(String expected, Dataset<Row> rows, LanewiseEstimator<?> estimator) {
    Throwable thrown = assertThrows(Exception.class, () -> estimator.fit(rows));
    while (thrown.getCause() != null && !thrown.getMessage().startsWith("lanewise: ")) {
      thrown = thrown.getCause();
    }
    assertTrue(thrown.getMessage().contains(expected), thrown.toString());
  }

  /** Every parameter has a name and an explanation, and refuses values of another type. */
  @Test
  void optionsByName() {
    LanewiseClassifier estimator = new LanewiseClassifier();
    for (String option : Recipe.options().keySet()) {
      assertTrue(estimator.explainParams().contains(option + ": "), option);
    }
    assertTrue(estimator.explainParams().contains("(preset table: auto, course: 1000)"));
    assertTrue(new LanewiseRegressor().explainParams().contains("(preset table: 0.07,"));
    assertFalse(new LanewiseRegressor().hasParam("labelSmoothing"));
    estimator.setOption("hidden", List.of(7, 5)).setOption("dropout", 0).setOption("seed", 3);
    assertEquals(
        "7-5",
        estimator.recipe().network(7, 5, Loss.SOFTMAX).architecture().toString().substring(2, 5));
    Map<String, Object> wrong =
        Map.of("epoch", 3, "epochs", -1, "dropout", "half", "optimizer", "adan", "hidden", 1.5);
    wrong.forEach(
        (name, value) -> {
          String message =
              assertThrows(
                      IllegalArgumentException.class, () -> estimator.setOption(name, value), name)
                  .getMessage();
          assertTrue(message.contains(name), message);
        });
    says(
        "momentum 0.5, expected no value, as it is of use only with optimizer momentum, nesterov",
        samples(),
        small().setOption("momentum", 0.5));
  }
}
