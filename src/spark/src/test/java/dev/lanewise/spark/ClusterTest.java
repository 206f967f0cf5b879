package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.selection.Search;
import dev.lanewise.selection.SearchRun;
import dev.lanewise.selection.SearchSpace;
import dev.lanewise.selection.ValidationScoring;
import dev.lanewise.train.Optimizer;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.WeightDecay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that need executors in separate processes. */
@Tag("cluster")
final class ClusterTest {
  private static final List<Samples.Sample> CLASSES = Samples.classes(500, 6, 21);

  @TempDir Path dir;

  private SparkSession spark;

  private void begin(int executors) {
    begin(executors, Map.of());
  }

  private void begin(int executors, Map<String, String> more) {
    spark = Sessions.cluster(executors, more);
    awaitExecutors(executors);
  }

  @AfterEach
  void end() {
    if (spark != null) {
      spark.stop();
      spark = null;
    }
  }

  private void awaitExecutors(int executors) {
    for (int i = 0; i < 6000; i++) {
      if (spark.sparkContext().statusTracker().getExecutorInfos().length == executors + 1) {
        return;
      }
      sleep(100);
    }
    throw new IllegalStateException("executors: not " + executors + " within ten minutes");
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the result of a function from every executor. */
  private List<String> ofExecutors(org.apache.spark.api.java.function.Function<Integer, String> f) {
    List<Integer> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      tasks.add(i);
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return new ArrayList<>(new TreeSet<>(context.parallelize(tasks, 8).map(f).collect()));
  }

  private List<String> pids() {
    return ofExecutors(
        i -> {
          Thread.sleep(50); // so that no executor runs all tasks
          return Long.toString(ProcessHandle.current().pid());
        });
  }

  /** Returns estimators of all kinds with the equivalent trainers of the library. */
  private static Map<LanewiseClassifier, TrainerBuilder> trainings() {
    Map<LanewiseClassifier, TrainerBuilder> all = new HashMap<>();
    all.put(one(), library());
    all.put(one().setOptimizer("momentum"), library().optimizer(Optimizer.momentum(0.9)));
    all.put(one().setOptimizer("nesterov"), library().optimizer(Optimizer.nesterov(0.9)));
    all.put(one().setOptimizer("rmsprop"), library().optimizer(Optimizer.rmsProp(0.99, 1e-8)));
    all.put(one().setOptimizer("adam"), library().optimizer(Optimizer.adam()));
    all.put(
        one().setOptimizer("adamw").setOption("weightDecay", 0.1),
        library().optimizer(Optimizer.adam()).weightDecay(WeightDecay.decoupled(0.1)));
    all.put(one().setOption("dropout", 0.3).setOption("threads", 2), library().dropout(0.3));
    all.put(one().setWeightCol("weight"), library());
    return all;
  }

  private static LanewiseClassifier one() {
    return new LanewiseClassifier()
        .setPreset("course")
        .setHidden(24, 12)
        .setEpochs(3)
        .setBatchSize(32)
        .setSeed(5);
  }

  private static TrainerBuilder library() {
    return Trainer.builder().epochs(3).batchSize(32).seed(5);
  }

  private void weightsAreThoseOfOneMachine(int executors) {
    begin(executors);
    assertEquals(executors, pids().size());
    TreeSet<String> different = new TreeSet<>();
    trainings()
        .forEach(
            (estimator, trainer) -> {
              boolean weighted = estimator.isSet(estimator.weightCol);
              Rows split = Samples.split(CLASSES, Samples.CANONICAL, true, weighted);
              String expected = Samples.trained(split, estimator, trainer).sha256();
              different.add(expected);
              for (int partitions : new int[] {1, 2, 3, 8}) {
                Dataset<Row> rows =
                    Samples.frame(spark, CLASSES, partitions).repartition(partitions);
                assertEquals(partitions, rows.rdd().getNumPartitions());
                assertEquals(
                    expected, estimator.fit(rows).model().sha256(), estimator.notes() + "");
              }
            });
    assertEquals(8, different.size());
  }

  @Test
  void weightsAreThoseOfOneMachineOnOneExecutor() {
    weightsAreThoseOfOneMachine(1);
  }

  @Test
  void weightsAreThoseOfOneMachineOnTwoExecutors() {
    weightsAreThoseOfOneMachine(2);
    for (String kernels : ofExecutors(i -> KernelChoice.current().describe())) {
      assertEquals(KernelChoice.current().describe(), kernels);
    }
  }

  @Test
  void weightsAreThoseOfOneMachineOnFourExecutors() {
    weightsAreThoseOfOneMachine(4);
  }

  /** The default trains three networks, which are then scored by two executors. */
  @Test
  void severalNetworksHaveTheBitsOfOneMachine() {
    Rows all = Samples.split(CLASSES, Samples.CANONICAL, true, false);
    dev.lanewise.data.Dataset data =
        dev.lanewise.data.Dataset.of(all).withScaling(ScaleChoice.robust());
    Model expected = Recipe.TABLE.with("epochs", 2).fit(data).model();
    begin(2);
    Dataset<Row> rows = Samples.frame(spark, CLASSES, 3).repartition(3);
    LanewiseModel model = new LanewiseClassifier().setEpochs(2).fit(rows);
    assertEquals(expected.sha256(), model.model().sha256());
    Predictor predictor = expected.predictor(1);
    for (Row row : model.transform(rows).collectAsList()) {
      double[] alone = predictor.predict(row.<Vector>getAs("features").toArray()).values(0);
      assertArrayEquals(alone, row.<Vector>getAs("probability").toArray());
    }
  }

  /** Each network is a task, on as many executors as there are, and an executor may be lost. */
  @Test
  void networksAsTasksHaveTheBitsOfOneMachine() throws Exception {
    Rows all = Samples.split(CLASSES, Samples.CANONICAL, true, false);
    dev.lanewise.data.Dataset data =
        dev.lanewise.data.Dataset.of(all).withScaling(ScaleChoice.robust());
    Model expected = Recipe.TABLE.with("epochs", 40).fit(data).model();
    LanewiseClassifier estimator =
        new LanewiseClassifier().setEpochs(40).setOption("networkTasks", "always");
    Recipe recipe = Recipe.TABLE.with("epochs", 5).with("hidden", 32);
    SearchSpace space = SearchSpace.usual(recipe).without(Set.of("epochs", "hidden"));
    ValidationScoring scoring = ValidationScoring.of(recipe, data);
    SearchRun run = Search.of(recipe, space).trials(12).threads(2).run(scoring);
    Model ensemble = recipe.with(run.options(scoring.select(run))).fit(data).model();
    Set<String> searched = new TreeSet<>();
    for (int executors = 1; executors <= 3; executors++) {
      begin(executors, Map.of("spark.locality.wait", "0s"));
      LanewiseModel model = estimator.fit(Samples.frame(spark, CLASSES, 3).repartition(3));
      assertEquals(expected.sha256(), model.model().sha256());
      assertEquals(expected.calibration(), model.model().calibration());
      LanewiseClassifier search = new LanewiseClassifier().setEpochs(5).setHidden(32);
      search.setOption("trials", 12);
      Dataset<Row> few = Samples.frame(spark, CLASSES, 3).repartition(3);
      searched.add(search.fit(few).model().sha256());
      if (executors == 2) {
        searched.add(killing(2500, () -> search.fit(slow(CLASSES)).model().sha256()));
        for (int after = 300; after < 3000; after += 1200) {
          Dataset<Row> rows = slow(CLASSES);
          String found = killing(after, () -> estimator.fit(rows).model().sha256());
          assertEquals(expected.sha256(), found);
        }
      }
      end();
    }
    assertEquals(Set.of(ensemble.sha256()), searched);
  }

  @Test
  void aThousandKeysHaveTheDigestsOfOneJvm() {
    List<Samples.Sample> samples = new ArrayList<>();
    for (Samples.Sample s : Samples.classes(20_000, 4, 33)) {
      samples.add(new Samples.Sample(s.id(), s.x(), s.y(), s.weight(), (int) (s.id() % 1000)));
    }
    LanewiseClassifier estimator =
        new LanewiseClassifier().setPreset("course").setHidden(6).setEpochs(5).setBatchSize(8);
    begin(2);
    Map<Integer, String> found = new TreeMap<>();
    Dataset<Row> models =
        new LanewiseGroups(estimator, "key").fit(Samples.frame(spark, samples, 4).repartition(5));
    for (Row row : models.collectAsList()) {
      assertEquals(null, found.put(row.getAs("key"), row.getAs("sha256")));
    }
    Map<Integer, List<Samples.Sample>> groups = new TreeMap<>();
    samples.forEach(s -> groups.computeIfAbsent(s.key(), k -> new ArrayList<>()).add(s));
    Map<Integer, String> expected = new TreeMap<>();
    groups.forEach(
        (key, rows) -> {
          Rows split = Samples.split(rows, Samples.CANONICAL, true, false);
          TrainerBuilder trainer = Trainer.builder().epochs(5).batchSize(8);
          expected.put(key, Samples.trained(split, estimator, trainer).sha256());
        });
    assertEquals(1000, expected.size());
    assertEquals(expected, found);
  }

  /** Returns rows whose partitions are slow, so that there is time to end an executor. */
  private Dataset<Row> slow(List<Samples.Sample> samples) {
    MapPartitionsFunction<Row, Row> wait =
        rows -> {
          Thread.sleep(700);
          return rows;
        };
    return Samples.frame(spark, samples, 1)
        .repartition(8)
        .mapPartitions(wait, Encoders.row(Samples.SCHEMA));
  }

  private void awaitJob(AtomicBoolean done) {
    while (!done.get() && spark.sparkContext().statusTracker().getActiveJobIds().length == 0) {
      sleep(5);
    }
  }

  /** Runs a job, and kills an executor some time after its start. */
  private <T> T killing(long after, Callable<T> job) throws Exception {
    awaitExecutors(2);
    List<String> pids = pids();
    assertEquals(2, pids.size());
    AtomicBoolean done = new AtomicBoolean();
    AtomicBoolean killed = new AtomicBoolean();
    Thread killer =
        new Thread(
            () -> {
              awaitJob(done);
              sleep(after);
              awaitJob(done); // Spark may run several jobs for it
              if (!done.get()) {
                long pid = Long.parseLong(pids.get(0));
                killed.set(ProcessHandle.of(pid).orElseThrow().destroyForcibly());
              }
            });
    killer.start();
    T result;
    try {
      result = job.call();
    } finally {
      done.set(true);
      killer.join();
    }
    assertTrue(killed.get(), "no executor was killed while the job ran");
    for (int i = 0; i < 6000 && pids().containsAll(pids); i++) {
      sleep(100); // until Spark has noticed
    }
    return result;
  }

  @Test
  void lostExecutorsChangeNoResult() throws Exception {
    LanewiseClassifier estimator = one().setOptimizer("adam");
    Rows all = Samples.split(CLASSES, Samples.CANONICAL, true, false);
    Model model = Model.of(Samples.trained(all, estimator, library().optimizer(Optimizer.adam())));
    begin(2);
    List<Row> scored = scored(model, Samples.frame(spark, CLASSES, 1));
    List<Row> groups = groups(estimator, Samples.frame(spark, CLASSES, 1));
    List<String> folds = folds(estimator, Samples.frame(spark, CLASSES, 1));
    assertNotEquals(groups.get(0).get(1), groups.get(1).get(1));
    for (int job = 0; job < 10; job++) {
      long after = 300 + 450 * (job / 3);
      switch (job % 3) {
        case 0 -> assertEquals(scored, killing(after, () -> scored(model, slow(CLASSES))));
        case 1 -> assertEquals(groups, killing(after, () -> groups(estimator, slow(CLASSES))));
        default -> assertEquals(folds, killing(after, () -> folds(estimator, slow(CLASSES))));
      }
    }
  }

  private static List<Row> scored(Model model, Dataset<Row> rows) {
    return new LanewiseModel(model)
        .transform(rows)
        .select("id", "probability", "prediction")
        .sort("id")
        .collectAsList();
  }

  private static List<Row> groups(LanewiseClassifier estimator, Dataset<Row> rows) {
    return new LanewiseGroups(estimator, "key")
        .fit(rows)
        .select("key", "sha256")
        .sort("key")
        .collectAsList();
  }

  /** Returns the scores of folds and parameters, and the digest of the chosen weights. */
  private static List<String> folds(LanewiseClassifier estimator, Dataset<Row> rows) {
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid((DoubleParam) estimator.getParam("learningRate"), new double[] {1e-4, 0.01})
            .build();
    CrossValidatorModel chosen =
        new CrossValidator()
            .setEstimator(estimator)
            .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
            .setEstimatorParamMaps(grid)
            .setFoldCol("fold")
            .setNumFolds(2)
            .setParallelism(2)
            .fit(Samples.folded(rows, 2));
    List<String> found = new ArrayList<>();
    found.add(Arrays.toString(chosen.avgMetrics()));
    found.add(((LanewiseModel) chosen.bestModel()).model().sha256());
    return found;
  }

  @Test
  void aSavedPipelineIsLoadedInANewSession() throws Exception {
    begin(2);
    Dataset<Row> rows = Samples.frame(spark, CLASSES, 1);
    PipelineModel model = new Pipeline().setStages(new PipelineStage[] {one()}).fit(rows);
    String path = dir.resolve("model").toString();
    model.write().save(path);
    List<Row> expected = model.transform(rows).sort("id").collectAsList();
    String sha256 = ((LanewiseModel) model.stages()[0]).model().sha256();
    end();
    begin(1, Map.of("spark.serializer", "org.apache.spark.serializer.KryoSerializer"));
    PipelineModel loaded = PipelineModel.load(path);
    assertEquals(
        expected, loaded.transform(Samples.frame(spark, CLASSES, 2)).sort("id").collectAsList());
    Path file = dir.resolve("model/stages/0_" + loaded.stages()[0].uid() + "/nn_model.npz");
    assertEquals(sha256, Model.load(file).sha256());
    assertEquals(sha256, LanewiseModel.load(file.toUri().toString()).model().sha256());
    ofNumpy(file).ifPresent(found -> assertEquals(sha256, found));
  }

  /** Returns the digest of the weights that numpy reads, if numpy is installed. */
  private static java.util.Optional<String> ofNumpy(Path file) throws Exception {
    String program =
        "import sys, hashlib, numpy; m = numpy.load(sys.argv[1]); d = hashlib.sha256();"
            + "[d.update(m[k + str(l)].astype('<f4').tobytes()) for l in (1, 2, 3) for k in 'Wb'];"
            + "print(d.hexdigest())";
    try {
      Process python =
          new ProcessBuilder("python3", "-c", program, file.toString())
              .redirectErrorStream(true)
              .start();
      python.onExit().orTimeout(10, TimeUnit.MINUTES).exceptionally(p -> python.destroyForcibly());
      String printed = new String(python.getInputStream().readAllBytes()).strip();
      return printed.contains("No module named")
          ? java.util.Optional.empty()
          : java.util.Optional.of(printed);
    } catch (java.io.IOException e) {
      return java.util.Optional.empty();
    }
  }

  @Test
  void exampleOfTheReadmeIsSubmitted() throws Exception {
    String scored = dir.resolve("scored").toString();
    String[] jars = System.getProperty("lanewise.spark.jars").split(",");
    List<String> command = new ArrayList<>(List.of("java"));
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    command.addAll(
        List.of(
            "-cp",
            System.getenv("SPARK_HOME") + "/jars/*",
            "org.apache.spark.deploy.SparkSubmit",
            "--master",
            Sessions.MASTER,
            "--conf",
            "spark.driver.host=127.0.0.1",
            "--jars",
            jars[0],
            "--class",
            ScoreCsv.class.getName(),
            jars[1],
            Samples.csv(dir.resolve("people.csv")).toString(),
            dir.resolve("model").toString(),
            scored));
    Path log = dir.resolve("log");
    Process submitted =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertEquals(0, submitted.waitFor(), () -> read(log));
    begin(1);
    Dataset<Row> rows = spark.read().parquet(scored);
    assertEquals(20, rows.count());
    long right = rows.where("expected = if(income > 60 * age, 'yes', 'no')").count();
    assertTrue(right >= 15, right + " of 20");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void rowsThatCannotBeTakenAreNamed() {
    begin(2);
    Dataset<Row> rows =
        Samples.frame(spark, CLASSES, 1)
            .coalesce(1)
            .withColumn("weight", functions.lit(null).cast("double"));
    Model two = Model.of(Mlp.initial(Architecture.relu(2, List.of(4), 2), Initializer.HE, 0));
    LanewiseModel model = new LanewiseModel(two).setInputCols("id", "weight");
    SparkException thrown =
        assertThrows(SparkException.class, () -> model.transform(rows).collectAsList());
    String expected = "lanewise: column weight is null, expected a finite number, in the row with ";
    assertTrue(messages(thrown).contains(expected), messages(thrown));
    model.register(spark, "score");
    rows.createOrReplaceTempView("samples");
    thrown =
        assertThrows(
            SparkException.class,
            () -> spark.sql("SELECT score(struct(id, weight)) FROM samples").collectAsList());
    assertTrue(messages(thrown).contains(expected), messages(thrown));
  }

  /** Returns the number of tasks that fail during a job. */
  private int failed(Runnable job) throws Exception {
    AtomicInteger failed = new AtomicInteger();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            failed.addAndGet(end.taskInfo().failed() ? 1 : 0);
          }
        };
    spark.sparkContext().addSparkListener(listener);
    job.run();
    spark.sparkContext().listenerBus().waitUntilEmpty();
    spark.sparkContext().removeSparkListener(listener);
    return failed.get();
  }

  @Test
  void noTaskFailsForARowThatCannotBeLearnedFrom() throws Exception {
    begin(2);
    Dataset<Row> rows =
        Samples.frame(spark, CLASSES, 1)
            .withColumn("label", functions.expr("if(id = 7, double('NaN'), label)"));
    assertEquals(
        0,
        failed(
            () -> {
              IllegalArgumentException thrown =
                  assertThrows(
                      IllegalArgumentException.class, () -> one().setOrderCol("id").fit(rows));
              String said = thrown.getMessage();
              assertTrue(said.contains("column label is NaN"), said);
              assertTrue(said.contains("in the row with id = 7, label = NaN, "), said);
            }));
  }

  @Test
  void anExecutorTooSmallForTheRowsSaysSoAndNoTaskFails() throws Exception {
    begin(1, Map.of("spark.executor.memory", "512m"));
    Dataset<Row> rows =
        spark
            .range(0, 120_000, 1, 8)
            .selectExpr(
                "transform(sequence(1, 200), i -> xxhash64(id, i) / 1e19D) AS features",
                "double(id % 2) AS label");
    assertEquals(
        0,
        failed(
            () -> {
              LanewiseClassifier wide = one().setHidden(4000, 4000); // its rows may be in files
              IllegalArgumentException thrown =
                  assertThrows(IllegalArgumentException.class, () -> wide.fit(rows));
              String said = thrown.getMessage();
              assertTrue(
                  said.startsWith(
                      "lanewise: too little memory, 120000 rows of 200 numbers and their network need about "),
                  said);
              assertTrue(said.contains("expected spark.executor.memory of at least "), said);
              assertTrue(said.contains("a sample of the rows, such as sample(0."), said);
            }));
  }

  private static String messages(Throwable thrown) {
    StringBuilder messages = new StringBuilder();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      messages.append(t.getMessage()).append('\n');
    }
    return messages.toString();
  }
}
