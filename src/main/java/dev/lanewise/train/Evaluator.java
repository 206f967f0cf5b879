package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.nn.Backpropagation;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;

/** Measures a model on the rows of a split. */
public final class Evaluator {
  private Evaluator() {}

  /**
   * Loss, accuracy and probabilities of every row, in file order.
   *
   * @param model the model
   * @param split the rows, scaled as the model expects
   * @param threads how many threads to use, at least 1; the result does not depend on it
   * @return the evaluation
   * @throws IllegalArgumentException if the rows have another number of features than the model, or
   *     a label that it has no class for
   */
  public static Evaluation evaluate(Mlp model, Split split, int threads) {
    checkFits(model, split);
    int rows = split.rows();
    int classes = model.architecture().outputs();
    int batch = Math.min(rows, Batches.EVALUATION_ROWS * threads);
    Backpropagation network = new Backpropagation(model.architecture(), batch, threads);
    int[] labels = new int[rows];
    int[] predicted = new int[rows];
    float[] probabilities = new float[size(rows, classes)];
    double loss = 0;
    try (Team team = new Team(threads)) {
      Batches batches = new Batches(network, team);
      batches.begin(model.parameters(), split);
      while (batches.next()) {
        int first = batches.first();
        int count = batches.count();
        System.arraycopy(network.labels(), 0, labels, first, count);
        System.arraycopy(network.predicted(), 0, predicted, first, count);
        network.results(count, probabilities, first * classes);
        // Row by row, so that the sum does not depend on the size of a batch.
        for (int i = 0; i < count; i++) {
          loss += network.losses()[i];
        }
      }
    }
    return new Evaluation(loss / rows, labels, predicted, probabilities, classes);
  }

  private static int size(int rows, int classes) {
    long size = (long) rows * classes;
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          rows + " rows of " + classes + " classes: must be below 2^31 probabilities");
    }
    return (int) size;
  }

  static void checkFits(Mlp model, Split split) {
    int inputs = model.architecture().inputs();
    if (split.features() != inputs) {
      throw new IllegalArgumentException(
          "rows of "
              + split.features()
              + " features: network "
              + model.architecture()
              + " takes "
              + inputs);
    }
    int classes = model.architecture().outputs();
    for (int row = 0; row < split.rows(); row++) {
      if (split.label(row) >= classes) {
        throw new IllegalArgumentException(
            "row "
                + row
                + " has label "
                + split.label(row)
                + ": network "
                + model.architecture()
                + " has classes 0 to "
                + (classes - 1));
      }
    }
  }
}
