package dev.lanewise.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** GFLOP/s of each task, one figure per fork. */
final class Samples {
  private final Map<Task, List<Double>> samples = new HashMap<>();
  private final Set<Task> unsteady = new LinkedHashSet<>();

  void add(Task task, double gigaflops) {
    samples.computeIfAbsent(task, t -> new ArrayList<>()).add(gigaflops);
  }

  /**
   * Records that the iterations of a fork differed a lot, so that its figure may not be repeatable.
   */
  void addUnsteady(Task task) {
    unsteady.add(task);
  }

  /** Returns the tasks with such forks. */
  Set<Task> unsteady() {
    return unsteady;
  }

  /** Returns the median over the forks, or NaN if there are none. */
  double median(Task task) {
    return samples.containsKey(task) ? median(samples.get(task)) : Double.NaN;
  }

  /** Returns the largest figure, for limits, because an interruption only lowers a figure. */
  double best(Task task) {
    return samples.get(task).stream().mapToDouble(x -> x).max().orElseThrow();
  }

  /** Returns the spread of the forks of a task, (largest - smallest) / median. */
  String spread() {
    List<Double> spreads = new ArrayList<>();
    Task widest = null;
    double most = -1;
    for (Map.Entry<Task, List<Double>> entry : samples.entrySet()) {
      List<Double> values = entry.getValue();
      double spread = (Collections.max(values) - Collections.min(values)) / median(values);
      spreads.add(spread);
      if (spread > most) {
        most = spread;
        widest = entry.getKey();
      }
    }
    return String.format(
        Locale.ROOT, "median %.0f%%, most %.0f%% (%s)", 100 * median(spreads), 100 * most, widest);
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(x -> x).sorted().toArray();
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
