package dev.lanewise.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Products beside their peers and their limits. The mark is what OpenBLAS reaches, but no more than
 * m n times one chain: the contract computes an output as one chain, where OpenBLAS splits sums.
 */
final class ProductComparison implements Comparison {
  private static final boolean[] RATIO = {false, false, false, true, true, false, true, false};

  private final List<Shape> shapes;
  private final List<String> impls;
  private final int threads;

  ProductComparison(List<Shape> shapes, List<String> impls, int threads) {
    this.shapes = shapes;
    this.impls = impls;
    this.threads = threads;
  }

  @Override
  public List<Task> tasks() {
    List<Task> tasks = new ArrayList<>(List.of(Task.PEAK, Task.CHAIN));
    for (Shape shape : shapes) {
      for (String impl : impls) {
        if (threads == 1 || !impl.equals("netlib")) {
          tasks.add(Task.product(shape, impl, threads));
        }
      }
    }
    return tasks;
  }

  @Override
  public String table(Samples samples) {
    Table table =
        new Table(
            "product",
            "Lanewise",
            "OpenBLAS",
            "mark",
            "of mark",
            "of peak",
            "netlib",
            "of netlib",
            "scalar");
    double peak = threads * samples.best(Task.PEAK);
    double chain = samples.best(Task.CHAIN);
    int reached = 0;
    int marks = 0;
    for (Shape shape : shapes) {
      double ours = figure(samples, shape, "lanewise");
      double openblas = figure(samples, shape, "openblas");
      double mark = Math.min(openblas, chain * shape.m() * shape.n());
      double netlib = figure(samples, shape, "netlib");
      double scalar = figure(samples, shape, "scalar");
      double[] figures = {
        ours, openblas, mark, ours / mark, ours / peak, netlib, ours / netlib, scalar
      };
      table.row(shape.toString(), figures, RATIO);
      marks += Double.isNaN(ours / mark) ? 0 : 1;
      reached += ours >= mark ? 1 : 0;
    }
    return table.withMeans() + String.format("%nAt the mark or above: %d of %d.%n", reached, marks);
  }

  private double figure(Samples samples, Shape shape, String impl) {
    Task task = Task.product(shape, impl, threads);
    return samples.has(task) ? samples.median(task) : Double.NaN;
  }
}
