package dev.lanewise.trust;

import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Mlp;
import java.util.Arrays;
import java.util.Collection;
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

  private final List<Member> members;
  private final int count; // of columns
  private final ClassWeighting weighting; // or null
  private final Calibration calibration; // or null
  private final double[] results; // [outputs], averages over the networks
  private final double[] weights; // [outputs], derivatives of the output by these averages
  private int output; // that is explained

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

  /** A network and its path, from the baseline to the row that is explained. */
  private static final class Member {
    final PathNetwork network;
    final int[] columns; // [inputs]
    final float[] baseline; // [inputs]
    final double[] start; // the first layer's sums of the baseline
    float[] inputs; // of the row
    final double[] change; // of the first layer's sums
    final double[] point; // on the path
    final double[] gradient;

    Member(Mlp network, ColumnFeatures features, float[] baseline) {
      this.network = new PathNetwork(network);
      columns = features.ofInputs(network);
      this.baseline = this.network.inputs(baseline);
      start = this.network.firstPreActivations(this.baseline);
      change = new double[start.length];
      point = new double[start.length];
      gradient = new double[start.length];
    }

    void begin(float[] row) {
      inputs = network.inputs(row);
      double[] end = network.firstPreActivations(inputs);
      Arrays.setAll(change, u -> end[u] - start[u]);
    }

    /** Returns the outputs at a point of the path. */
    double[] outputs(double t) {
      Arrays.setAll(point, u -> start[u] + t * change[u]);
      return network.forward(point);
    }
  }

  /**
   * Prepares a baseline.
   *
   * @param baseline scaled features, which need not be those of a row
   */
  IntegratedGradients(Model model, ColumnFeatures features, float[] baseline) {
    members = model.members().stream().map(m -> new Member(m, features, baseline)).toList();
    count = features.count();
    weighting = model.weighting().orElse(null);
    calibration = model.calibration().orElse(null);
    results = new double[model.outputs()];
    weights = new double[model.outputs()];
  }

  /**
   * Explains an output of a row.
   *
   * @param row scaled features
   */
  Explanation explain(float[] row, int output) {
    this.output = output;
    members.forEach(member -> member.begin(row));
    double base = value(0);
    double value = value(1);
    double unit = members.get(0).network.unit(output);
    double tolerance = SHARE * Math.max(Math.abs(value - base), LEAST * unit);
    Collection<Step> steps = steps(tolerance);
    List<Double> contributions = Explanation.list(contributions(steps));
    double remainder = value - base - contributions.stream().mapToDouble(part -> part).sum();
    boolean isComplete = Math.abs(remainder) <= tolerance;
    return new Explanation(output, base, value, contributions, List.of(), steps.size(), isComplete);
  }

  /** Computes the output at a point of the path, and its derivatives by those of the networks. */
  private double value(double t) {
    Arrays.fill(results, 0);
    for (Member member : members) {
      double[] own = member.outputs(t);
      for (int k = 0; k < own.length; k++) {
        results[k] += own[k] / members.size();
      }
    }
    Arrays.fill(weights, 0);
    weights[output] = 1;
    double[] p = results;
    if (weighting != null) {
      p = results.clone();
      weighting.undo(p, 0);
    }
    double[] calibrated = p;
    if (calibration != null) {
      calibrated = p.clone();
      calibration.apply(calibrated, 0, calibrated.length);
      weigh(calibrated, p);
    }
    if (weighting != null) {
      undo(p);
    }
    return calibrated[output];
  }

  /** Computes derivatives by the averages of those by the probabilities without weights. */
  private void undo(double... p) {
    double[] w = weighting.weights();
    double share = 1 - weighting.smoothing();
    double least = weighting.smoothing() / w.length;
    double sum = 0;
    double mean = 0;
    for (int k = 0; k < w.length; k++) {
      sum += Math.max(0, (results[k] - least) / share) / w[k];
      mean += weights[k] * p[k];
    }
    for (int k = 0; k < w.length; k++) {
      weights[k] = results[k] > least ? (weights[k] - mean) / (share * w[k] * sum) : 0;
    }
  }

  /** Computes the derivatives of the calibrated output by the probabilities before. */
  private void weigh(double[] calibrated, double... before) {
    double q = calibrated[output];
    double slope = calibration.slopes()[calibration.isTemperature() ? 0 : output];
    for (int j = 0; j < results.length; j++) {
      double p = before[j];
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
    for (Member member : members) {
      Arrays.fill(member.gradient, 0);
      member.network.backward(weights, 1.0 / members.size(), member.gradient);
      for (int u = 0; u < member.change.length; u++) {
        slope += member.gradient[u] * member.change[u];
      }
    }
    return new Step(from, width, before, middle, after, after - before - width * slope);
  }

  /** Divides the path into steps, in the order of the queue that finds the worst one. */
  private Collection<Step> steps(double tolerance) {
    PriorityQueue<Step> steps = new PriorityQueue<>(Step.WORST_FIRST);
    double[] ends = new double[FIRST_STEPS + 1];
    Arrays.setAll(ends, i -> value((double) i / FIRST_STEPS));
    double missing = 0;
    for (int i = 0; i < FIRST_STEPS; i++) {
      Step step = step((double) i / FIRST_STEPS, 1.0 / FIRST_STEPS, ends[i], ends[i + 1]);
      missing += Math.abs(step.remainder);
      steps.add(step);
    }
    while (missing > tolerance && steps.size() < MOST_STEPS && steps.peek().width >= SHORTEST) {
      Step worst = steps.remove();
      double half = worst.width / 2;
      Step first = step(worst.from, half, worst.before, worst.middle);
      Step second = step(worst.from + half, half, worst.middle, worst.after);
      steps.addAll(List.of(first, second));
      missing += Math.abs(first.remainder) + Math.abs(second.remainder);
      missing -= Math.abs(worst.remainder);
    }
    return steps;
  }

  /** Returns the contributions of the columns. */
  private double[] contributions(Collection<Step> steps) {
    members.forEach(member -> Arrays.fill(member.gradient, 0));
    for (Step step : steps) {
      value(step.from + step.width / 2);
      for (Member member : members) {
        member.network.backward(weights, step.width / members.size(), member.gradient);
      }
    }
    double[] contributions = new double[count];
    for (Member member : members) {
      double[] gradient = member.network.toInputs(member.gradient);
      for (int j = 0; j < gradient.length; j++) {
        double change = (double) member.inputs[j] - member.baseline[j];
        contributions[member.columns[j]] += change * gradient[j];
      }
    }
    return contributions;
  }
}
