package dev.lanewise.selection;

import dev.lanewise.data.Rows;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluations;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.nn.Loss;

/** Evaluations of drawn rows, whose true figures are known. */
final class Samples {
  private final long key;
  private long counter;

  Samples(long seed) {
    key = CounterRandom.key(seed, CounterRandom.PERMUTATION, 44);
  }

  double gaussian() {
    return CounterRandom.gaussian(key, counter++);
  }

  double uniform() {
    return CounterRandom.uniform(key, counter++);
  }

  /** Returns an evaluation with the mean loss of its probabilities. */
  static Evaluation withLoss(Evaluation of) {
    int rows = of.rows();
    int[] labels = new int[rows];
    int[] predicted = new int[rows];
    double[] results = new double[rows * of.classes()];
    float[] weights = new float[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = of.label(row);
      predicted[row] = of.predicted(row);
      weights[row] = of.weight(row);
      System.arraycopy(of.values(row), 0, results, row * of.classes(), of.classes());
    }
    Rows split = Rows.of(new float[rows][1], labels);
    split = of.hasWeights() ? split.withRowWeights(weights) : split;
    return Evaluator.ofProbabilities(Loss.SOFTMAX, split, results, predicted);
  }

  /**
   * Draws rows of two classes, of which the share is the second, and the results of models whose
   * score is a common and an own normal number, plus a distance for the second class.
   *
   * @param common the share of the variance that all models have in common
   */
  Evaluation[] classes(int rows, double share, double common, double... distances) {
    int[] labels = new int[rows];
    float[][][] probabilities = new float[distances.length][rows][2];
    for (int row = 0; row < rows; row++) {
      labels[row] = uniform() < share ? 1 : 0;
      double same = Math.sqrt(common) * gaussian();
      for (int m = 0; m < distances.length; m++) {
        double d = distances[m];
        double x = same + Math.sqrt(1 - common) * gaussian() + d * labels[row];
        double odds = share / (1 - share) * StrictMath.exp(d * x - d * d / 2);
        probabilities[m][row][1] = (float) (odds / (1 + odds));
        probabilities[m][row][0] = (float) (1 / (1 + odds));
      }
    }
    Evaluation[] evaluations = new Evaluation[distances.length];
    for (int m = 0; m < distances.length; m++) {
      evaluations[m] = withLoss(Evaluations.of(labels, probabilities[m]));
    }
    return evaluations;
  }

  /** Draws normal targets of variance 1, and predictions with normal errors. */
  Evaluation[] numbers(int rows, double common, double... deviations) {
    float[][] targets = new float[rows][1];
    float[][][] outputs = new float[deviations.length][rows][1];
    for (int row = 0; row < rows; row++) {
      targets[row][0] = (float) gaussian();
      double same = Math.sqrt(common) * gaussian();
      for (int m = 0; m < deviations.length; m++) {
        double error = same + Math.sqrt(1 - common) * gaussian();
        outputs[m][row][0] = (float) (targets[row][0] + deviations[m] * error);
      }
    }
    Evaluation[] evaluations = new Evaluation[deviations.length];
    for (int m = 0; m < deviations.length; m++) {
      evaluations[m] = Evaluations.of(Loss.MSE, targets, outputs[m]);
    }
    return evaluations;
  }
}
