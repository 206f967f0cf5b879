package dev.lanewise.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Compares products on several threads with the same products on one thread.
 *
 * @param shapes the products
 * @param threads the number of threads
 */
record ThreadsComparison(List<Shape> shapes, int threads) implements Comparison {
  @Override
  public List<Task> tasks() {
    List<Task> tasks = new ArrayList<>(List.of(Task.CHAIN, Task.peak(1), Task.peak(threads)));
    for (Shape shape : shapes) {
      for (String impl : List.of("lanewise", "openblas")) {
        tasks.add(Task.product(shape, impl, 1));
        tasks.add(Task.product(shape, impl, threads));
      }
    }
    return tasks;
  }

  @Override
  public String table(Samples samples) {
    Table table =
        new Table(
            "Lanewise on 1",
            "on " + threads,
            "/ on 1",
            "OpenBLAS on 1",
            "on " + threads,
            "/ on 1",
            "/ OpenBLAS on " + threads,
            "/ peak of " + threads);
    for (Shape shape : shapes) {
      double one = samples.median(Task.product(shape, "lanewise", 1));
      double ours = samples.median(Task.product(shape, "lanewise", threads));
      double oneOpenBlas = samples.median(Task.product(shape, "openblas", 1));
      double openBlas = samples.median(Task.product(shape, "openblas", threads));
      table.row(
          shape.toString(),
          one,
          ours,
          ours / one,
          oneOpenBlas,
          openBlas,
          openBlas / oneOpenBlas,
          ours / openBlas,
          ours / samples.best(Task.peak(threads)));
    }
    return threads + " threads compared with one.\n\n" + table;
  }
}
