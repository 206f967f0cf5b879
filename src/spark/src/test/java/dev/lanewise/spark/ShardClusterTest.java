package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.ScaleChoice;
import dev.lanewise.recipe.Recipe;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains one network in shards on several executors, which are killed and stopped. */
@Tag("cluster")
final class ShardClusterTest {
  private static final List<Samples.Sample> CLASSES = Samples.classes(1100, 6, 4);
  private static final int EPOCHS = 1200;
  private static final int SHARDS = 4;

  @TempDir Path dir;

  private SparkSession spark;

  /** Returns the digest of the library on one machine. */
  private static String alone(int epochs) {
    Recipe recipe =
        Recipe.COURSE
            .with("hidden", "20,10")
            .with("epochs", epochs)
            .with("batchSize", 260)
            .with("optimizer", "adam")
            .with("dropout", 0.1)
            .with("shards", SHARDS);
    return recipe
        .fit(
            dev.lanewise.data.Dataset.of(Samples.split(CLASSES, Samples.CANONICAL, true, false))
                .withScaling(ScaleChoice.standard()))
        .model()
        .sha256();
  }

  @AfterEach
  void end() {
    if (spark != null) {
      spark.stop();
      spark = null;
    }
  }

  private void begin(int executors, Map<String, String> more) {
    spark = Sessions.cluster(executors, more);
    awaitExecutors(executors);
  }

  private void awaitExecutors(int executors) {
    for (int i = 0; i < 6000; i++) {
      if (spark.sparkContext().statusTracker().getExecutorInfos().length > executors) {
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

  private LanewiseClassifier estimator(int epochs) {
    return new LanewiseClassifier()
        .setPreset("course")
        .setHidden(20, 10)
        .setEpochs(epochs)
        .setBatchSize(260)
        .setOptimizer("adam")
        .setOption("dropout", 0.1)
        .setOption("scale", "standard")
        .setOption("shards", SHARDS)
        .setOption("checkpointSeconds", 0.1)
        .setOption("checkpointPath", dir.toUri().toString());
  }

  private String digest(int epochs) {
    Dataset<Row> rows = Samples.frame(spark, CLASSES, 3).repartition(3);
    Answer answer = Fitting.together(estimator(epochs), rows).orElseThrow();
    return answer.error() == null ? answer.sha256() : answer.error();
  }

  /** Returns the result of a function from every executor. */
  private List<String> ofExecutors(Function<Integer, String> function) {
    List<Integer> tasks = IntStream.range(0, 12).boxed().toList();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return new ArrayList<>(new TreeSet<>(context.parallelize(tasks, 12).map(function).collect()));
  }

  private List<String> pids(int executors) {
    awaitExecutors(executors);
    for (int i = 0; i < 100; i++) {
      List<String> pids =
          ofExecutors(
              each -> {
                Thread.sleep(60); // so that no executor runs all tasks
                return Long.toString(ProcessHandle.current().pid());
              });
      if (pids.size() == executors) {
        return pids;
      }
    }
    throw new IllegalStateException("executors: some are without tasks");
  }

  /** Executors have no threads of connections and no files of rows, and there is no checkpoint. */
  private void nothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(dir)) {
      assertEquals(List.of(), left.filter(file -> !file.toString().endsWith(".crc")).toList());
    }
    List<String> left = List.of("?");
    for (int i = 0; i < 100 && !left.equals(List.of("")); i++) {
      sleep(i == 0 ? 0 : 100); // a lost task may still be ending
      left =
          ofExecutors(
              each -> {
                List<String> found = new ArrayList<>();
                for (Thread thread : Thread.getAllStackTraces().keySet()) {
                  if (thread.getName().equals("lanewise-shards")) {
                    found.add(thread.getName());
                  }
                }
                for (File disk : SparkEnv.get().blockManager().diskBlockManager().localDirs()) {
                  for (File folder : disk.listFiles()) {
                    String[] files = folder.list((in, name) -> name.startsWith("temp_local"));
                    found.addAll(Arrays.asList(files == null ? new String[0] : files));
                  }
                }
                return String.join(" ", found);
              });
    }
    assertEquals(List.of(""), left);
  }

  @Test
  void anyNumberOfExecutorsHasTheBitsOfOneMachine() throws IOException {
    String expected = alone(EPOCHS);
    for (int executors = 2; executors <= 4; executors++) {
      begin(executors, Map.of());
      assertEquals(expected, digest(EPOCHS));
      nothingIsLeft();
      end();
    }
  }

  /** Kills executors at random moments of a training, each but the first after a checkpoint. */
  private void killing(int epochs, String expected, int kills, Random random) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger killed = new AtomicInteger();
    pids(3);
    Thread killer =
        new Thread(
            () -> {
              Set<String> dead = new HashSet<>();
              for (int k = 0; k < kills; k++) {
                long before = k == 0 ? -1 : written();
                while (!done.get() && (k > 0 && written() == before || live(dead).isEmpty())) {
                  sleep(20);
                }
                sleep(random.nextInt(k == 0 ? 3000 : 300));
                List<String> now = live(dead);
                if (!done.get() && !now.isEmpty()) {
                  String pid = now.get(random.nextInt(now.size()));
                  dead.add(pid);
                  signal("KILL", pid);
                  killed.incrementAndGet();
                }
              }
            });
    killer.start();
    try {
      assertEquals(expected, digest(epochs));
    } finally {
      done.set(true);
      killer.join();
    }
    assertEquals(kills, killed.get(), "executors killed while the training ran");
    pids(3);
    nothingIsLeft();
  }

  /** Returns when the last checkpoint was written; 0 if there is none. */
  private long written() {
    File[] files = dir.toFile().listFiles((in, name) -> name.endsWith(".npz"));
    return Arrays.stream(files).mapToLong(File::lastModified).max().orElse(0);
  }

  /** Returns the processes of the executors of this application. */
  private List<String> live(Set<String> dead) {
    String driver = ":" + spark.sparkContext().getConf().get("spark.driver.port");
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(driver + " "))
        .filter(process -> process.info().commandLine().orElse("").contains("ExecutorBackend"))
        .map(process -> Long.toString(process.pid()))
        .filter(pid -> !dead.contains(pid))
        .toList();
  }

  @Test
  void lostExecutorsChangeNoBit() throws Exception {
    Random random = new Random(6);
    begin(3, Map.of());
    String expected = alone(EPOCHS);
    for (int run = 0; run < Integer.getInteger("lanewise.runs", 3); run++) {
      killing(EPOCHS, expected, 1, random);
    }
    killing(5 * EPOCHS, alone(5 * EPOCHS), 6, random);
  }

  /** Such an executor is missed after Spark's limit for its network, and later replaced. */
  @Test
  void anExecutorThatStopsAnsweringIsLost() throws Exception {
    begin(
        2,
        Map.of(
            "spark.network.timeout",
            "8s",
            "spark.network.timeoutInterval",
            "2s",
            "spark.executor.heartbeatInterval",
            "2s"));
    String pid = pids(2).get(0);
    Thread stopper =
        new Thread(
            () -> {
              sleep(2500);
              signal("STOP", pid);
            });
    stopper.start();
    try {
      assertEquals(alone(EPOCHS), digest(EPOCHS));
    } finally {
      stopper.join();
      signal("KILL", pid);
    }
  }

  private static void signal(String name, String pid) {
    try {
      new ProcessBuilder("kill", "-" + name, pid).start().waitFor(); // it may have been replaced
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void withDynamicAllocationOneTaskTrains() {
    begin(
        2,
        Map.of(
            "spark.dynamicAllocation.enabled",
            "true",
            "spark.dynamicAllocation.shuffleTracking.enabled",
            "true",
            "spark.dynamicAllocation.minExecutors",
            "2"));
    Dataset<Row> rows = Samples.frame(spark, CLASSES, 3);
    assertTrue(Fitting.together(estimator(EPOCHS), rows).isEmpty());
    assertEquals(alone(EPOCHS), estimator(EPOCHS).fit(rows).model().sha256());
  }
}
