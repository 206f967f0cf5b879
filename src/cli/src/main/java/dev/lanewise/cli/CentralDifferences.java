package dev.lanewise.cli;

import dev.lanewise.nn.Loss;
import java.util.BitSet;
import java.util.OptionalDouble;

/** Numerical derivatives of a loss with respect to the parameters of a network, in double. */
final class CentralDifferences {
  /** Powers of 2 make w + h and w - h exact in double for every float w of usual size. */
  private static final double[] STEPS = {0x1p-20, 0x1p-23};

  private final ReferenceNetwork network;
  private final Loss loss; // null: half the sum of squared outputs
  private final float[][] rows;
  private final int[] labels; // [rows]
  private final float[] targets; // [rows][outputs]

  CentralDifferences(
      ReferenceNetwork network, Loss loss, float[][] rows, int[] labels, float[] targets) {
    this.network = network;
    this.loss = loss;
    this.rows = rows;
    this.labels = labels;
    this.targets = targets;
  }

  /**
   * Returns {@code (L(w + h) - L(w - h)) / 2h} for the first step h that takes no activation across
   * its kink; empty if every step is too large.
   */
  OptionalDouble derivative(int parameter) {
    double w = network.get(parameter);
    try {
      for (double h : STEPS) {
        BitSet sidesUp = new BitSet();
        BitSet sidesDown = new BitSet();
        network.set(parameter, w + h);
        double[][] up = outputs(sidesUp);
        network.set(parameter, w - h);
        double[][] down = outputs(sidesDown);
        if (sidesUp.equals(sidesDown)) {
          return OptionalDouble.of(difference(up, down) / (2 * h));
        }
      }
      return OptionalDouble.empty();
    } finally {
      network.set(parameter, w);
    }
  }

  /**
   * Returns the outputs of all rows; one bit per activation with a kink says on which side it is.
   */
  private double[][] outputs(BitSet sides) {
    int[] units = new int[1];
    double[][] outputs = new double[rows.length][];
    for (int r = 0; r < rows.length; r++) {
      outputs[r] = network.outputs(rows[r], margin -> sides.set(units[0]++, margin > 0));
    }
    return outputs;
  }

  /**
   * Returns the loss at u minus the loss at v, computed from u - v, because the losses may be so
   * large that their rounding errors exceed the difference.
   */
  private double difference(double[][] u, double[][] v) {
    double sum = 0;
    for (int r = 0; r < rows.length; r++) {
      if (loss == null) {
        sum += halfSquares(u[r], v[r]);
      } else if (loss.task().hasClasses()) {
        sum += loss.difference(u[r], v[r], labels[r], 1) / rows.length;
      } else {
        for (int c = 0; c < u[r].length; c++) {
          double t = targets[r * u[r].length + c];
          sum += loss.difference(u[r], v[r], c, t) / ((double) rows.length * u[r].length);
        }
      }
    }
    return sum;
  }

  /** Returns sum(u^2) / 2 - sum(v^2) / 2. */
  private static double halfSquares(double[] u, double[] v) {
    double sum = 0;
    for (int c = 0; c < u.length; c++) {
      sum += (u[c] - v[c]) * (u[c] + v[c]) / 2;
    }
    return sum;
  }
}
