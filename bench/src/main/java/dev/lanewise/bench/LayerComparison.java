package dev.lanewise.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Compares forward passes of layers by Lanewise in one call and by OpenBLAS with an extra pass.
 *
 * @param shapes the products
 */
record LayerComparison(List<Shape> shapes) implements Comparison {
  @Override
  public List<Task> tasks() {
    List<Task> tasks = new ArrayList<>(List.of(Task.CHAIN, Task.peak(1)));
    for (Shape shape : shapes) {
      tasks.add(Task.layer(shape, "lanewise"));
      tasks.add(Task.layer(shape, "openblas"));
    }
    return tasks;
  }

  @Override
  public String table(Samples samples) {
    Table table = new Table("Lanewise", "OpenBLAS + pass", "/ OpenBLAS + pass", "/ peak");
    for (Shape shape : shapes) {
      double ours = samples.median(Task.layer(shape, "lanewise"));
      double openBlas = samples.median(Task.layer(shape, "openblas"));
      table.row(
          shape.toString(), ours, openBlas, ours / openBlas, ours / samples.best(Task.peak(1)));
    }
    return "relu(X W + b) on one thread; only the product's operations count.\n\n" + table;
  }
}
