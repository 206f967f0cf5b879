package dev.lanewise.metrics;

import dev.lanewise.data.Rows;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.Score;
import java.io.IOException;

/** Evaluations of given probabilities or outputs, for tests. */
public final class Evaluations {
  private static final Score NONE = new Score(0, 0);

  private Evaluations() {}

  /** Of classes; each row is predicted as the first class with the largest probability. */
  public static Evaluation of(int[] labels, float[][] probabilities, float... weights) {
    int[] predicted = new int[labels.length];
    for (int row = 0; row < labels.length; row++) {
      predicted[row] = -1;
      for (int c = 0; c < probabilities[row].length; c++) {
        boolean more =
            predicted[row] < 0
                ? !Float.isNaN(probabilities[row][c])
                : probabilities[row][c] > probabilities[row][predicted[row]];
        predicted[row] = more ? c : predicted[row];
      }
    }
    Rows split = weighted(Rows.of(new float[labels.length][1], labels), weights);
    return Evaluation.of(
        Loss.SOFTMAX, NONE, split, predicted, MetricRows.flat(probabilities, labels.length));
  }

  /** Of targets that are numbers. */
  public static Evaluation of(Loss loss, float[][] targets, float[][] results, float... weights) {
    Rows split = weighted(Rows.of(new float[targets.length][1], targets), weights);
    return Evaluation.of(loss, NONE, split, null, MetricRows.flat(results, targets.length));
  }

  /** A stored case: probabilities with labels, or with the targets of a sigmoid loss. */
  public static Evaluation golden(Npz npz, String name) throws IOException {
    float[][] probabilities = Golden.rows(npz.read(name + "/probabilities"));
    float[] weights = Golden.weights(npz, name);
    return npz.contains(name + "/labels")
        ? of(Golden.ints(npz.read(name + "/labels")), probabilities, weights)
        : of(Loss.SIGMOID, Golden.rows(npz.read(name + "/targets")), probabilities, weights);
  }

  private static Rows weighted(Rows split, float... weights) {
    return weights.length == 0 ? split : split.withRowWeights(weights);
  }
}
