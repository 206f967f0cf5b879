package dev.lanewise.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** GFLOP/s of each task, one figure a fork. */
final class Samples {
  private final Map<String, List<Double>> samples = new TreeMap<>();

  void add(Task task, double gigaflops) {
    samples.computeIfAbsent(key(task), t -> new ArrayList<>()).add(gigaflops);
  }

  boolean has(Task task) {
    return samples.containsKey(key(task));
  }

  double median(Task task) {
    return median(samples.get(key(task)));
  }

  /** For limits: what interrupted them makes them no lower. */
  double best(Task task) {
    return samples.get(key(task)).stream().mapToDouble(x -> x).max().orElseThrow();
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(x -> x).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  private static String key(Task task) {
    return task.toString();
  }
}
