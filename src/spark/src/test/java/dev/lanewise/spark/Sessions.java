package dev.lanewise.spark;

import java.util.Arrays;
import java.util.Map;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.sql.SparkSession;

/**
 * Spark sessions for tests: in this JVM, or on the cluster that {@code src/spark/cluster} starts.
 */
final class Sessions {
  /** The address of the master; null without a cluster. */
  static final String MASTER = System.getProperty("lanewise.spark.master");

  private Sessions() {}

  /** Returns the session for tests without a cluster. */
  static SparkSession local() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("lanewise")
        .config("spark.ui.enabled", false)
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.warehouse.dir", "target/warehouse")
        .getOrCreate();
  }

  /** Returns a session on the cluster, with executors of one core each. */
  static SparkSession cluster(int executors, Map<String, String> more) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master(MASTER)
            .appName("lanewise-" + executors)
            .config("spark.jars", System.getProperty("lanewise.spark.jars"))
            .config("spark.ui.enabled", false)
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.executor.cores", 1)
            .config("spark.executor.memory", "1g")
            .config("spark.cores.max", executors)
            .config("spark.scheduler.minRegisteredResourcesRatio", 1)
            .config("spark.sql.shuffle.partitions", 4)
            .config("spark.sql.warehouse.dir", "target/warehouse");
    more.forEach(builder::config);
    return builder.getOrCreate();
  }

  /** Returns the number of tasks that run. */
  static int running(SparkSession spark) {
    return Arrays.stream(spark.sparkContext().statusTracker().getExecutorInfos())
        .mapToInt(SparkExecutorInfo::numRunningTasks)
        .sum();
  }

  /** Waits until no task runs: tasks end after their job. */
  static void awaitIdle(SparkSession spark) throws InterruptedException {
    while (running(spark) > 0) {
      Thread.sleep(10);
    }
  }
}
