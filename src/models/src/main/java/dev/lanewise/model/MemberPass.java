package dev.lanewise.model;

import dev.lanewise.engine.internal.Network;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.internal.RowPass;
import java.util.Arrays;
import java.util.List;

/**
 * Passes scaled rows through the networks of a model, averages their results, undoes weights of
 * classes, calibrates, and decides by the rule of the model. What it extends is the pass of the
 * first network.
 */
final class MemberPass extends RowPass {
  private final List<RowPass> others; // of the further networks
  private final int[] weights; // of the networks in the average
  private final double sum; // of these weights
  private final double[] own; // [maxRows][classes], results of one network
  private final double[] averages; // [maxRows][classes]
  private final ClassWeighting weighting; // or null
  private final Calibration calibration; // or null
  private final DecisionRule rule; // or null
  private final boolean isByNetworks; // classes by the averages, or the sums of the only network
  private final double[] calibrated; // [maxRows][classes]; the averages without a change

  MemberPass(Model model, int maxRows) {
    // The buffer is made here, because predictions must not allocate.
    this(model, maxRows, new float[Network.size(maxRows, model.outputs())]);
  }

  private MemberPass(Model model, int maxRows, float[] narrow) {
    super(model.members().get(0), maxRows, narrow);
    others = model.members().stream().skip(1).map(m -> new RowPass(m, maxRows, narrow)).toList();
    weights = model.memberWeights();
    sum = Arrays.stream(weights).sum();
    weighting = model.weighting().orElse(null);
    calibration = model.calibration().orElse(null);
    rule = model.rule().orElse(null);
    isByNetworks =
        model.loss().task().hasClasses()
            && (weighting != null || model.calibration().filter(Calibration::hasBias).isEmpty());
    own = new double[narrow.length];
    averages = new double[own.length];
    boolean isSame = calibration == null && weighting == null;
    calibrated = isSame ? averages : new double[own.length];
  }

  @Override
  public void run(float[] x, int offset, int count) {
    Arrays.fill(averages, 0, count * classes, 0);
    super.run(x, offset, count);
    asTrained(count, own, 0);
    add(weights[0], count);
    for (int m = 1; m < weights.length; m++) {
      RowPass other = others.get(m - 1);
      other.run(x, offset, count);
      other.asTrained(count, own, 0);
      add(weights[m], count);
    }
    for (int i = 0; i < count * classes; i++) {
      averages[i] /= sum;
    }
    if (calibrated != averages) {
      System.arraycopy(averages, 0, calibrated, 0, count * classes);
    }
    for (int row = 0; weighting != null && row < count; row++) {
      weighting.undo(calibrated, row * classes);
    }
    for (int row = 0; calibration != null && row < count; row++) {
      calibration.apply(calibrated, row * classes, classes);
    }
  }

  private void add(double weight, int count) {
    for (int i = 0; i < count * classes; i++) {
      averages[i] += weight * own[i];
    }
  }

  @Override
  public void decide(int count, int[] labels, int offset) {
    if (rule != null) {
      for (int row = 0; row < count; row++) {
        labels[offset + row] = rule.decide(calibrated, row * classes);
      }
    } else if (isByNetworks && isOfOne()) {
      super.decide(count, labels, offset);
    } else {
      // A temperature does not change the order of the classes, but it could make two equal.
      decision.decide(isByNetworks ? averages : calibrated, count, labels, offset);
    }
  }

  @Override
  public void results(int count, float[] results, int offset) {
    for (int i = 0; i < count * classes; i++) {
      results[offset + i] = (float) calibrated[i];
    }
  }

  @Override
  public void results(int count, double[] results, int offset) {
    System.arraycopy(calibrated, 0, results, offset, count * classes);
  }

  @Override
  public boolean isOfOne() {
    return others.isEmpty();
  }
}
