package dev.lanewise.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The measured GFLOP/s of each task, one value per fork. */
final class Samples {
  private final Map<Task, List<Double>> samples = new HashMap<>();
  private final Set<Task> unsteady = new LinkedHashSet<>();

  void add(Task task, double gigaflops) {
    samples.computeIfAbsent(task, t -> new ArrayList<>()).add(gigaflops);
  }

  /** Records that the rates of a fork differed a lot, so its result may not be repeatable. */
  void addUnsteady(Task task) {
    unsteady.add(task);
  }

  /** Returns the tasks that have unsteady forks. */
  Set<Task> unsteady() {
    return unsteady;
  }

  /** Returns the median over the forks, or NaN if the task has none. */
  double median(Task task) {
    return samples.containsKey(task) ? median(samples.get(task)) : Double.NaN;
  }

  /** Returns the largest value, which serves as a limit because interruptions only lower it. */
  double best(Task task) {
    return samples.get(task).stream().mapToDouble(x -> x).max().orElseThrow();
  }

  /** Describes (largest - smallest) / median of the forks: its median and maximum over tasks. */
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
