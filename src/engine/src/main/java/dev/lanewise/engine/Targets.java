package dev.lanewise.engine;

import dev.lanewise.engine.internal.Backpropagation;

/**
 * What the outputs of rows should be.
 *
 * @param labels [rows], or null
 * @param numbers [rows][outputs], or null
 */
record Targets(Loss loss, int[] labels, float[] numbers, int outputs) {
  static Targets of(Loss loss, int[] labels, int outputs) {
    if (!loss.objective.takesClasses()) {
      throw new IllegalArgumentException(loss + " with labels: expected targets that are numbers");
    }
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0 || labels[row] >= outputs) {
        throw new IllegalArgumentException(
            "row %d has label %d: expected 0 to %d".formatted(row, labels[row], outputs - 1));
      }
    }
    return new Targets(loss, labels, null, outputs);
  }

  static Targets of(Loss loss, float[] numbers, int outputs) {
    if (loss.objective.takesClasses()) {
      throw new IllegalArgumentException(loss + " with numbers: expected labels");
    }
    if (numbers.length % outputs != 0) {
      throw new IllegalArgumentException(
          "%d targets: expected %d a row".formatted(numbers.length, outputs));
    }
    return new Targets(loss, null, numbers, outputs);
  }

  int rows() {
    return labels == null ? numbers.length / outputs : labels.length;
  }

  /** Copies rows order[first + from]..order[first + to] (null: file order) into the buffers. */
  void copy(int[] order, int first, int from, int to, Backpropagation buffers) {
    for (int i = from; i < to; i++) {
      int row = order == null ? first + i : order[first + i];
      if (labels == null) {
        System.arraycopy(numbers, row * outputs, buffers.targets(), i * outputs, outputs);
      } else {
        buffers.labels()[i] = labels[row];
      }
    }
  }
}
