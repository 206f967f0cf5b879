package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An interrupt of the thread that fits a model ends the tasks, whichever way it is trained. */
@Timeout(120)
final class InterruptedFitTest {
  private static final SparkSession SPARK = Sessions.local();
  private static final int ENDLESS = 10_000_000;

  @TempDir Path dir;

  private static LanewiseClassifier estimator() {
    return new LanewiseClassifier().setPreset("course").setHidden(20, 10).setEpochs(ENDLESS);
  }

  /** Interrupts a fit when it trains in a number of tasks; returns what it threw. */
  private static Throwable interrupted(LanewiseEstimator<?> estimator, int tasks)
      throws InterruptedException {
    Dataset<Row> rows = Samples.frame(SPARK, Samples.classes(900, 5, 8), 3).repartition(3);
    rows.count();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread fit =
        new Thread(
            () -> {
              try {
                estimator.fit(rows);
              } catch (Throwable e) {
                thrown.set(e);
              }
            });
    fit.start();
    for (int same = 0; same < 100; ) { // the tasks that train, not those before them
      assertTrue(fit.isAlive(), () -> "ended with " + thrown);
      same = Sessions.running(SPARK) == tasks ? same + 1 : 0;
      Thread.sleep(10);
    }
    fit.interrupt();
    fit.join();
    Sessions.awaitIdle(SPARK);
    assertEquals(0, SPARK.sparkContext().getPersistentRDDs().size());
    return thrown.get();
  }

  @Test
  void oneTask() throws InterruptedException {
    assertInstanceOf(InterruptedException.class, interrupted(estimator(), 1));
  }

  @Test
  void networksAsTasks() throws InterruptedException {
    LanewiseClassifier three = estimator().setOption("members", 3);
    assertInstanceOf(
        InterruptedException.class, interrupted(three.setOption("networkTasks", "always"), 2));
  }

  @Test
  void trialsOfASearch() throws InterruptedException {
    LanewiseClassifier search = new LanewiseClassifier().setEpochs(ENDLESS).setHidden(8);
    Throwable thrown = interrupted(search.setOption("patience", 0).setOption("trials", 5), 2);
    assertEquals("lanewise: search was interrupted", thrown.getMessage());
  }

  @Test
  void shards() throws InterruptedException {
    LanewiseClassifier shards = estimator().setBatchSize(260).setOption("shards", 2);
    shards.setOption("scale", "standard").setOption("checkpointPath", dir.toUri().toString());
    assertInstanceOf(InterruptedException.class, interrupted(shards, 2));
  }
}
