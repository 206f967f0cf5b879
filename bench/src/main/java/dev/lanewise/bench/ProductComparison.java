package dev.lanewise.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares products with those of other libraries and with limits. The mark is the rate of
 * OpenBLAS, or m n times the rate of one chain if that is lower, because Lanewise computes each
 * output as one chain, while OpenBLAS splits long sums.
 *
 * @param shapes the products
 * @param impls the implementations
 * @param threads number of threads; netlib is left out above 1
 */
record ProductComparison(List<Shape> shapes, List<String> impls, int threads)
    implements Comparison {
  @Override
  public List<Task> tasks() {
    List<Task> tasks = new ArrayList<>(List.of(Task.CHAIN, Task.peak(threads)));
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
            "Lanewise", "OpenBLAS", "/ OpenBLAS", "mark", "/ mark", "/ peak", "netlib", "/ netlib");
    double peak = samples.best(Task.peak(threads));
    double chain = samples.best(Task.CHAIN);
    int reached = 0;
    for (Shape shape : shapes) {
      double ours = samples.median(Task.product(shape, "lanewise", threads));
      double openBlas = samples.median(Task.product(shape, "openblas", threads));
      double netlib = samples.median(Task.product(shape, "netlib", threads));
      double mark = Math.min(openBlas, chain * shape.m() * shape.n());
      table.row(
          shape.toString(),
          ours,
          openBlas,
          ours / openBlas,
          mark,
          ours / mark,
          ours / peak,
          netlib,
          ours / netlib);
      reached += ours >= mark ? 1 : 0;
    }
    return String.format(
        Locale.ROOT,
        "%d thread%s, peak %.0f; %d of %d products at the mark or above.%n%n%s",
        threads,
        threads == 1 ? "" : "s",
        peak,
        reached,
        shapes.size(),
        table);
  }
}
