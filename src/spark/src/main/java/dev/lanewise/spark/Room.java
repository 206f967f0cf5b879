package dev.lanewise.spark;

import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/** The memory of an executor that one training may take. */
final class Room {
  /** The garbage collector needs some of the heap to work in. */
  private static final double USABLE = 0.85;

  private final long max = Runtime.getRuntime().maxMemory();
  private final TaskContext task = TaskContext.get();
  private long others = -1; // bytes in use that are not of this training; -1: not measured yet

  /**
   * Returns whether a training has room. Memory in use contains garbage, whose amount only a
   * collection tells; one is made when there is too little room with the garbage, once a training.
   *
   * @param need bytes that the training takes in all
   * @param held bytes of these that it has taken already
   */
  boolean has(long need, long held) {
    if (others < 0 && need > usable() - others(held)) {
      System.gc();
      others = others(held);
    }
    return others < 0 || need <= bytes();
  }

  /** Returns the bytes that a training may take, as far as is known. */
  long bytes() {
    return Math.max(0, usable() - Math.max(0, others));
  }

  /** Returns the size of the heap at which a training has room. */
  long heapFor(long need) {
    return (long) ((need + Math.max(0, others)) / USABLE);
  }

  private long usable() {
    return (long) (USABLE * max);
  }

  /**
   * Returns the bytes in use beside what is held, and beside the sorted rows, which Spark frees.
   */
  private long others(long held) {
    Runtime runtime = Runtime.getRuntime();
    long sorted = task.taskMemoryManager().getMemoryConsumptionForThisTask();
    return Math.max(0, runtime.totalMemory() - runtime.freeMemory() - held - sorted);
  }

  /** Returns the setting of Spark's that makes this JVM's heap larger. */
  static String setting() {
    boolean isDriver = "driver".equals(SparkEnv.get().executorId());
    return isDriver ? "spark.driver.memory" : "spark.executor.memory";
  }
}
