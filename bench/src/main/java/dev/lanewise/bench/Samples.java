package dev.lanewise.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** GFLOP/s of each task, one figure a fork. */
final class Samples {
  private final Map<Task, List<Double>> samples = new HashMap<>();

  void add(Task task, double gigaflops) {
    samples.computeIfAbsent(task, t -> new ArrayList<>()).add(gigaflops);
  }

  /** The median over the forks, NaN if there are none. */
  double median(Task task) {
    return samples.containsKey(task) ? median(samples.get(task)) : Double.NaN;
  }

  /** For limits: an interruption never raises a figure. */
  double best(Task task) {
    return samples.get(task).stream().mapToDouble(x -> x).max().orElseThrow();
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(x -> x).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
