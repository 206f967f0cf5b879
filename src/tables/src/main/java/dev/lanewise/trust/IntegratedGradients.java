package dev.lanewise.trust;

import dev.lanewise.nn.Calibration;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Integrated gradients (Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks",
 * 2017): the gradient of an output with respect to each input, averaged over the straight path from
 * a baseline to the row, times the change of the input.
 *
 * <p>The average is taken by the midpoint rule. In each step of the path, the change that the
 * gradient predicts is compared with the true change of the output, and the step in which they
 * differ most is halved, until the differences of all steps together are small. So the short steps
 * are where the gradient jumps, as it does with relu, and far fewer are needed than equal ones.
 *
 * <p>The path is straight in the inputs of each network. So a bin, whose gradient with respect to
 * its feature is 0 nearly everywhere, moves evenly from its value at the baseline to its value at
 * the row, and counts as an input of the feature's column.
 */
final class IntegratedGradients {
  private static final int FIRST_STEPS = 32;
  private static final int MOST_STEPS = 4096;

  /** Shorter steps are not halved, as their ends would hardly differ in double. */
  private static final double SHORTEST = 0x1p-45;

  /** The sum of contributions may differ from the difference of the outputs by this share. */
  private static final double SHARE = 1e-3;

  /** Smaller differences of the outputs, in units of the network, count as this one. */
  private static final double LEAST = 0.01;

  private final PathNetwork[] networks;
  private final int[][] columns; // [networks][inputs]
  private final float[][] baselines; // [networks][inputs]
  private final double[][] starts; // [networks], the first layer's sums of the baseline
  private final int count; // of columns
  private final int outputs;
  private final Calibration calibration; // or null

  /**
   * A step of the path.
   *
   * @param from its start, 0 at the baseline and 1 at the row
   * @param before the output at the start
   * @param middle the output in the middle
   * @param after the output at the end
   * @param remainder by how much the gradient in the middle misses the change of the output
   */
  private record Step(
      double from, double width, double before, double middle, double after, double remainder) {
    static final Comparator<Step> WORST_FIRST =
        Comparator.comparingDouble((Step step) -> -Math.abs(step.remainder))
            .thenComparingDouble(Step::from);
  }

  /**
   * Prepares a baseline.
   *
   * @param parameters of each network, as {@link PathNetwork#parameters} gives them
   * @param baseline scaled features, which need not be those of a row
   */
  IntegratedGradients(
      Model model, ColumnFeatures features, double[][] parameters, float[] baseline) {
    List<Mlp> members = model.members();
    int size = members.size();
    networks = new PathNetwork[size];
    columns = new int[size][];
    baselines = new float[size][];
    starts = new double[size][];
    for (int m = 0; m < size; m++) {
      networks[m] = new PathNetwork(members.get(m), parameters[m]);
      columns[m] = features.ofInputs(members.get(m));
      baselines[m] = networks[m].inputs(baseline);
      starts[m] = networks[m].firstSums(baselines[m]);
    }
    count = features.count();
    outputs = model.outputs();
    calibration = model.calibration().orElse(null);
  }

  /**
   * Explains an output of a row.
   *
   * @param row scaled features
   */
  Explanation explain(float[] row, int output) {
    Path path = new Path(row, output, outputs);
    double base = path.value(0);
    double value = path.value(1);
    double tolerance = SHARE * Math.max(Math.abs(value - base), LEAST * networks[0].unit(output));
    List<Step> steps = path.steps(tolerance);
    return Explanation.ofGradients(
        output, base, value, path.contributions(steps), steps.size(), tolerance);
  }

  /** The path to a row. */
  private final class Path {
    private final int output;
    private final float[][] inputs = new float[networks.length][]; // of the row
    private final double[][] changes = new double[networks.length][]; // of the first layer's sums
    private final double[][] points = new double[networks.length][]; // on the path
    private final double[][] gradients = new double[networks.length][];
    private final double[] results; // [outputs], averages over the networks
    private final double[] weights; // [outputs], derivatives of the output by these averages

    Path(float[] row, int output, int outputs) {
      this.output = output;
      results = new double[outputs];
      weights = new double[outputs];
      for (int m = 0; m < networks.length; m++) {
        inputs[m] = networks[m].inputs(row);
        double[] start = starts[m];
        double[] end = networks[m].firstSums(inputs[m]);
        changes[m] = new double[end.length];
        Arrays.setAll(changes[m], u -> end[u] - start[u]);
        points[m] = new double[end.length];
        gradients[m] = new double[end.length];
      }
    }

    /** Computes the output at a point of the path, and its derivatives by those of the networks. */
    double value(double t) {
      Arrays.fill(results, 0);
      for (int m = 0; m < networks.length; m++) {
        for (int u = 0; u < changes[m].length; u++) {
          points[m][u] = starts[m][u] + t * changes[m][u];
        }
        double[] own = networks[m].forward(points[m]);
        for (int k = 0; k < own.length; k++) {
          results[k] += own[k] / networks.length;
        }
      }
      Arrays.fill(weights, 0);
      weights[output] = 1;
      if (calibration == null) {
        return results[output];
      }
      double[] calibrated = results.clone();
      calibration.apply(calibrated, 0, calibrated.length);
      weigh(calibrated);
      return calibrated[output];
    }

    /** Computes the derivatives of the calibrated output by the averages. */
    private void weigh(double[] calibrated) {
      double q = calibrated[output];
      double slope = calibration.slopes()[calibration.isTemperature() ? 0 : output];
      for (int j = 0; j < results.length; j++) {
        double p = results[j];
        if (p <= Calibration.LEAST) {
          weights[j] = 0; // the calibration takes all these for the same
        } else if (calibration.isTemperature()) {
          weights[j] = q * ((j == output ? 1 : 0) - calibrated[j]) / (slope * p);
        } else {
          boolean counts = j == output && p < Calibration.MOST;
          weights[j] = counts ? q * (1 - q) * slope / (p * (1 - p)) : 0;
        }
      }
    }

    private Step step(double from, double width, double before, double after) {
      double middle = value(from + width / 2);
      double slope = 0; // the gradient's part along the path
      for (int m = 0; m < networks.length; m++) {
        Arrays.fill(gradients[m], 0);
        networks[m].backward(weights, 1.0 / networks.length, gradients[m]);
        for (int u = 0; u < changes[m].length; u++) {
          slope += gradients[m][u] * changes[m][u];
        }
      }
      return new Step(from, width, before, middle, after, after - before - width * slope);
    }

    /** Divides the path into steps, in the order of their remainders. */
    List<Step> steps(double tolerance) {
      PriorityQueue<Step> steps = new PriorityQueue<>(Step.WORST_FIRST);
      double[] ends = new double[FIRST_STEPS + 1];
      Arrays.setAll(ends, i -> value((double) i / FIRST_STEPS));
      double missing = 0;
      for (int i = 0; i < FIRST_STEPS; i++) {
        Step step = step((double) i / FIRST_STEPS, 1.0 / FIRST_STEPS, ends[i], ends[i + 1]);
        missing += Math.abs(step.remainder);
        steps.add(step);
      }
      while (missing > tolerance && steps.size() < MOST_STEPS) {
        if (steps.peek().width < SHORTEST) {
          break;
        }
        Step worst = steps.remove();
        double half = worst.width / 2;
        Step first = step(worst.from, half, worst.before, worst.middle);
        Step second = step(worst.from + half, half, worst.middle, worst.after);
        steps.addAll(List.of(first, second));
        missing += Math.abs(first.remainder) + Math.abs(second.remainder);
        missing -= Math.abs(worst.remainder);
      }
      return new ArrayList<>(steps);
    }

    /** Returns the contributions of the columns. */
    double[] contributions(List<Step> steps) {
      for (double[] total : gradients) {
        Arrays.fill(total, 0);
      }
      for (Step step : steps) {
        value(step.from + step.width / 2);
        for (int m = 0; m < networks.length; m++) {
          networks[m].backward(weights, step.width / networks.length, gradients[m]);
        }
      }
      double[] contributions = new double[count];
      for (int m = 0; m < networks.length; m++) {
        double[] gradient = networks[m].toInputs(gradients[m]);
        for (int j = 0; j < gradient.length; j++) {
          double change = (double) inputs[m][j] - baselines[m][j];
          contributions[columns[m][j]] += change * gradient[j];
        }
      }
      return contributions;
    }
  }
}
