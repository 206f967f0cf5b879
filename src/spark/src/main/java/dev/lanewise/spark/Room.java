package dev.lanewise.spark;

import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/** Measures how much memory of an executor one training may use. */
final class Room {
  /** Usable share of the heap; the garbage collector needs the rest. */
  private static final double USABLE = 0.85;

  private final long max = Runtime.getRuntime().maxMemory();
  private final TaskContext task = TaskContext.get();
  private long others = -1; // bytes that the rest of the executor uses; -1: not measured yet

  /**
   * Returns whether the memory is enough for a training. Used memory includes garbage; if it leaves
   * too little, the method collects garbage, once per training, and measures again.
   *
   * @param need bytes that the training needs in all
   * @param held bytes of these that it already uses
   */
  boolean has(long need, long held) {
    if (others < 0 && need > usable() - others(held)) {
      System.gc();
      others = others(held);
    }
    return others < 0 || need <= bytes();
  }

  /** Returns the bytes that a training may use, according to the last measurement. */
  long bytes() {
    return Math.max(0, usable() - Math.max(0, others));
  }

  /** Returns the size of the heap that is enough for a training. */
  long heapFor(long need) {
    return (long) ((need + Math.max(0, others)) / USABLE);
  }

  private long usable() {
    return (long) (USABLE * max);
  }

  /** Returns the used bytes without those held and without the sorted rows, which Spark frees. */
  private long others(long held) {
    Runtime runtime = Runtime.getRuntime();
    long sorted = task.taskMemoryManager().getMemoryConsumptionForThisTask();
    return Math.max(0, runtime.totalMemory() - runtime.freeMemory() - held - sorted);
  }

  /** Returns the name of Spark's setting for the heap of this JVM. */
  static String setting() {
    boolean isDriver = "driver".equals(SparkEnv.get().executorId());
    return isDriver ? "spark.driver.memory" : "spark.executor.memory";
  }
}
