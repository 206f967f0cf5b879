package dev.lanewise.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.openjdk.jmh.runner.RunnerException;

/** Measures Lanewise and other libraries with JMH, and prints a table. */
public final class Compare {
  private Compare() {}

  /**
   * Prints a table to standard output and the progress to standard error.
   *
   * @param args see {@link CompareOptions#USAGE}
   * @throws RunnerException if a fork fails
   * @throws IOException if a file cannot be read
   */
  public static void main(String[] args) throws RunnerException, IOException {
    CompareOptions options;
    List<Comparison> comparisons;
    try {
      options = CompareOptions.parse(args);
      comparisons = comparisons(options);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(CompareOptions.USAGE);
      System.exit(2);
      return;
    }
    Set<Task> tasks = new LinkedHashSet<>();
    comparisons.forEach(comparison -> tasks.addAll(comparison.tasks()));
    Forks forks = new Forks(options, System.err);
    Samples samples = forks.run(new ArrayList<>(tasks));
    System.out.println(Machine.describe(options, forks.lastParams(), samples));
    if (!samples.unsteady().isEmpty()) {
      System.out.println(
          "Not to be trusted, as rates varied within a fork: " + samples.unsteady() + "\n");
    }
    for (Comparison comparison : comparisons) {
      System.out.println(comparison.table(samples));
    }
  }

  private static List<Comparison> comparisons(CompareOptions options) throws IOException {
    List<Shape> shapes = Shapes.of(options.shapes());
    List<Comparison> comparisons = new ArrayList<>();
    for (int threads : options.threads()) {
      comparisons.add(
          switch (options.shapes()) {
            case "fused" -> new LayerComparison(shapes);
            case "threads" -> new ThreadsComparison(shapes, threads);
            default -> new ProductComparison(shapes, options.impls(), threads);
          });
    }
    return comparisons;
  }
}
