package dev.lanewise.trust;

import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Integrated gradients (Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks",
 * 2017): the gradient of an output with respect to each input, averaged over the straight path from
 * a baseline to the row, times the change of the input.
 *
 * <p>The average is taken by the midpoint rule. In each step of the path, the change that the
 * gradient predicts is compared with the true change of the output, and the steps in which they
 * differ most are halved, until the differences are small. So the short steps are where the
 * gradient jumps, as it does with relu, and far fewer are needed than equal ones. Points of the
 * path are computed together, in float by the kernels of the training; only the ends of the path
 * are in double.
 *
 * <p>The path is straight in the inputs of each network. So a bin, whose gradient with respect to
 * its feature is 0 nearly everywhere, moves evenly from its value at the baseline to its value at
 * the row, and counts as an input of the feature's column.
 */
final class IntegratedGradients {
  private static final int FIRST_STEPS = 32;
  private static final int MOST_STEPS = 2048;
  private static final int HALVED = FIRST_STEPS / 2; // steps at once

  /** Shorter steps are not halved, as their ends would hardly differ in float. */
  private static final double SHORTEST = 0x1p-20;

  /** The sum of contributions may differ from the difference of the outputs by this share. */
  private static final double SHARE = 1e-3;

  /** The differences in single steps, which partly cancel, may be this share together. */
  private static final double OF_STEPS = 0.02;

  /** Smaller differences of the outputs, in units of the network, count as this one. */
  private static final double LEAST = 0.05;

  /** Nor do differences count that are a smaller share of all that the output goes up and down. */
  private static final double OF_WAY = 0.03;

  private final List<Member> members;
  private final int[] shares; // weights of the members in the average
  private final double all; // the sum of these
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
   * @param gradients of each network with respect to the sums of its first layer, in the middle
   */
  private record Step(
      double from,
      double width,
      double before,
      double middle,
      double after,
      double remainder,
      float[][] gradients) {
    static final Comparator<Step> WORST_FIRST =
        Comparator.comparingDouble((Step step) -> -Math.abs(step.remainder))
            .thenComparingDouble(Step::from);
  }

  /** A network and its path, from the baseline to the row that is explained. */
  private static final class Member {
    final PathNetwork network;
    final int[] columns; // [inputs]
    final float[] parameters;
    final Backpropagation pass; // of points of the path
    final float[] baseline; // [inputs]
    final double[] start; // the first layer's sums of the baseline
    float[] inputs; // of the row
    double[] end; // the first layer's sums of the row

    Member(Mlp network, ColumnFeatures features, float[] baseline) {
      this.network = new PathNetwork(network);
      columns = features.ofInputs(network);
      parameters = MlpState.of(network).parameters();
      pass = MlpState.backpropagation(network, FIRST_STEPS + 1, 1);
      this.baseline = this.network.inputs(baseline);
      start = this.network.firstPreActivations(this.baseline);
    }

    void begin(float[] row) {
      inputs = network.inputs(row);
      end = network.firstPreActivations(inputs);
    }

    /** Computes the last layer's sums at points of the path. */
    void forward(double... points) {
      float[] x = pass.inputs();
      for (int i = 0; i < points.length; i++) {
        for (int j = 0; j < inputs.length; j++) {
          double change = (double) inputs[j] - baseline[j];
          x[i * inputs.length + j] = (float) (baseline[j] + points[i] * change);
        }
      }
      pass.forward(parameters, 0, points.length, 0);
    }

    /** Returns the outputs at a point. */
    double[] outputs(int point) {
      double[] last = new double[pass.classes()];
      Arrays.setAll(last, k -> pass.outputs()[point * last.length + k]);
      return network.results(last);
    }

    /** Returns the gradient with respect to the first layer's sums at a point. */
    float[] gradient(int point) {
      int units = start.length;
      return Arrays.copyOfRange(pass.firstGradient(), point * units, (point + 1) * units);
    }
  }

  /**
   * Prepares a baseline.
   *
   * @param baseline scaled features, which need not be those of a row
   */
  IntegratedGradients(Model model, ColumnFeatures features, float[] baseline) {
    members = model.members().stream().map(m -> new Member(m, features, baseline)).toList();
    shares = model.memberWeights();
    all = Arrays.stream(shares).sum();
    count = features.names().size();
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
    double base = value(member -> member.network.forward(member.start));
    double value = value(member -> member.network.forward(member.end));
    double unit = members.get(0).network.unit(output);
    double difference = Math.max(Math.abs(value - base), LEAST * unit);
    Collection<Step> steps = steps(difference);
    List<Double> contributions = Arrays.stream(contributions(steps)).boxed().toList();
    double remainder = value - base - contributions.stream().mapToDouble(part -> part).sum();
    boolean isComplete = Math.abs(remainder) <= SHARE * size(steps, difference);
    return new Explanation(output, base, value, contributions, steps.size(), isComplete);
  }

  /** Computes the output from those of the networks, and its derivatives by them. */
  private double value(Function<Member, double[]> outputs) {
    Arrays.fill(results, 0);
    for (int m = 0; m < shares.length; m++) {
      double[] own = outputs.apply(members.get(m));
      for (int k = 0; k < own.length; k++) {
        results[k] += shares[m] * own[k] / all;
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
      undo();
    }
    return calibrated[output];
  }

  /** Computes derivatives by the averages of those by the probabilities without weights. */
  private void undo() {
    double[] w = weighting.weights();
    double least = weighting.smoothing() / w.length;
    double sure = 0;
    double sum = 0;
    double sureMean = 0;
    double mean = 0;
    for (int k = 0; k < w.length; k++) {
      double part = Math.max(0, results[k] - least);
      sure += part;
      sum += part / w[k];
      sureMean += weights[k] * part;
      mean += weights[k] * part / w[k];
    }
    double share = 1 - weighting.smoothing();
    for (int k = 0; k < w.length; k++) {
      double own = weights[k];
      double change = (own - mean / sum) / (w[k] * sum);
      if (weighting.smoothing() == 0) {
        weights[k] = change;
      } else if (results[k] > least) {
        weights[k] += share * (change - (own - sureMean / sure) / sure);
      }
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

  /** Returns the outputs at points of the path. */
  private double[] values(double... points) {
    members.forEach(member -> member.forward(points));
    double[] values = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      int point = i;
      values[i] = value(member -> member.outputs(point));
      for (int m = 0; m < shares.length; m++) {
        Member member = members.get(m);
        float[] gradient = member.pass.outputGradient();
        member.network.gradient(weights, shares[m] / all, gradient, i * results.length);
      }
    }
    return values;
  }

  /**
   * Makes steps of one width.
   *
   * @param from the start of each
   * @param ends for each the outputs at its start and its end
   */
  private List<Step> steps(double[] from, double[] width, double[][] ends) {
    double[] middles =
        values(IntStream.range(0, from.length).mapToDouble(i -> from[i] + width[i] / 2).toArray());
    members.forEach(member -> member.pass.backward(member.parameters, 0, from.length, 0));
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < from.length; i++) {
      float[][] gradients = new float[members.size()][];
      double slope = 0; // the gradient's part along the path
      for (int m = 0; m < gradients.length; m++) {
        Member member = members.get(m);
        gradients[m] = member.gradient(i);
        for (int u = 0; u < gradients[m].length; u++) {
          slope += gradients[m][u] * (member.end[u] - member.start[u]);
        }
      }
      double missed = ends[i][1] - ends[i][0] - width[i] * slope;
      steps.add(new Step(from[i], width[i], ends[i][0], middles[i], ends[i][1], missed, gradients));
    }
    return steps;
  }

  /** Returns the size in which remainders are measured. */
  private static double size(Collection<Step> steps, double difference) {
    double way = steps.stream().mapToDouble(step -> Math.abs(step.after - step.before)).sum();
    return Math.max(difference, OF_WAY * way);
  }

  /** Divides the path into steps, in the order of the queue that finds the worst ones. */
  private Collection<Step> steps(double difference) {
    double[] places =
        IntStream.rangeClosed(0, FIRST_STEPS).mapToDouble(i -> (double) i / FIRST_STEPS).toArray();
    double[] outputs = values(places);
    double[] widths = new double[FIRST_STEPS];
    Arrays.fill(widths, 1.0 / FIRST_STEPS);
    double[][] ends = new double[FIRST_STEPS][];
    Arrays.setAll(ends, i -> new double[] {outputs[i], outputs[i + 1]});
    PriorityQueue<Step> steps = new PriorityQueue<>(Step.WORST_FIRST);
    steps.addAll(steps(Arrays.copyOf(places, FIRST_STEPS), widths, ends));
    while (steps.size() < MOST_STEPS && steps.peek().width >= SHORTEST) {
      double sum = 0;
      double sizes = 0;
      for (Step step : steps) {
        sum += step.remainder;
        sizes += Math.abs(step.remainder);
      }
      double size = size(steps, difference);
      if (Math.abs(sum) <= SHARE * size && sizes <= OF_STEPS * size) {
        break;
      }
      halve(steps, sizes / steps.size() / 2);
    }
    return steps;
  }

  /** Halves the worst steps, but none that is better than a limit or too short. */
  private void halve(PriorityQueue<Step> steps, double limit) {
    List<Step> worst = new ArrayList<>();
    while (worst.size() < HALVED
        && !steps.isEmpty()
        && Math.abs(steps.peek().remainder) >= limit
        && steps.peek().width >= SHORTEST) {
      worst.add(steps.remove());
    }
    double[] from = new double[2 * worst.size()];
    double[] widths = new double[from.length];
    double[][] ends = new double[from.length][];
    for (int i = 0; i < from.length; i++) {
      Step step = worst.get(i / 2);
      widths[i] = step.width / 2;
      from[i] = step.from + i % 2 * widths[i];
      ends[i] =
          i % 2 == 0
              ? new double[] {step.before, step.middle}
              : new double[] {step.middle, step.after};
    }
    steps.addAll(steps(from, widths, ends));
  }

  /** Returns the contributions of the columns. */
  private double[] contributions(Collection<Step> steps) {
    double[] contributions = new double[count];
    for (int m = 0; m < members.size(); m++) {
      Member member = members.get(m);
      double[] ofFirst = new double[member.start.length];
      for (Step step : steps) {
        float[] gradient = step.gradients[m];
        for (int u = 0; u < ofFirst.length; u++) {
          ofFirst[u] += step.width * gradient[u];
        }
      }
      double[] gradient = member.network.toInputs(ofFirst);
      for (int j = 0; j < gradient.length; j++) {
        double change = (double) member.inputs[j] - member.baseline[j];
        contributions[member.columns[j]] += change * gradient[j];
      }
    }
    return contributions;
  }
}
