package dev.lanewise.nn;

import dev.lanewise.engine.Decision;
import dev.lanewise.engine.Inference;
import dev.lanewise.engine.Network;
import dev.lanewise.engine.Objective;
import java.util.List;

/**
 * Passes scaled rows through the networks of a model, averages their results, and calibrates these.
 * Allocates nothing after it was made, except for one buffer at the first results in doubles of a
 * single network.
 */
final class MemberPass {
  private final Inference[] networks;
  private final Objective objective;
  private final Decision decision;
  private final Scaling targetScaling;
  private final int maxRows;
  private final int classes;
  private float[] narrow; // [maxRows][classes], results of one network; or null
  private final double[] averages; // [maxRows][classes]; null if floats of one network suffice
  private final Calibration calibration; // or null
  private final DecisionRule rule; // or null
  private final double[] calibrated; // [maxRows][classes]; the averages without a calibration

  MemberPass(Model model, int maxRows) {
    List<Mlp> members = model.members();
    networks = new Inference[members.size()];
    for (int m = 0; m < networks.length; m++) {
      networks[m] = new Inference(members.get(m).parts(), members.get(m).packed(), maxRows);
    }
    this.maxRows = maxRows;
    objective = model.loss().objective;
    classes = model.outputs();
    decision = new Decision(objective, classes);
    targetScaling = model.targetScaling();
    calibration = model.calibration().orElse(null);
    rule = model.rule().orElse(null);
    averages =
        networks.length == 1 && calibration == null && rule == null
            ? null
            : new double[Network.size(maxRows, classes)];
    calibrated = calibration == null ? averages : new double[averages.length];
    narrow = averages == null ? null : new float[averages.length];
  }

  /** Computes the results of rows, whose scaled features begin at an offset. */
  void run(float[] x, int offset, int count) {
    for (Inference network : networks) {
      network.run(x, offset, count);
    }
    for (int i = 0; averages != null && i < count * classes; i++) {
      averages[i] = 0;
    }
    for (int m = 0; averages != null && m < networks.length; m++) {
      networks[m].results(objective, count, narrow, 0);
      boolean isLast = m == networks.length - 1;
      for (int i = 0; i < count * classes; i++) {
        double sum = averages[i] + targetScaling.undo(narrow[i], i % classes);
        averages[i] = isLast ? sum / networks.length : sum;
      }
    }
    if (calibration != null) {
      System.arraycopy(averages, 0, calibrated, 0, count * classes);
      for (int row = 0; row < count; row++) {
        calibration.apply(calibrated, row * classes, classes);
      }
    }
  }

  /** Returns the number of labels per row. */
  int columns() {
    return decision.columns();
  }

  /** Decides the rows; must come before the results, which may overwrite the outputs. */
  void decide(int count, int[] labels, int offset) {
    if (rule != null) {
      for (int row = 0; row < count; row++) {
        labels[offset + row] = rule.decide(calibrated, row * classes);
      }
      return;
    }
    if (objective.takesClasses() ? networks.length == 1 : averages == null) {
      decision.decide(networks[0].outputs(), count, labels, offset);
    } else {
      // A temperature does not change the order of the classes, but it could make two equal.
      decision.decide(objective.takesClasses() ? averages : calibrated, count, labels, offset);
    }
  }

  /** Writes results, which are not in the units of the data where targets are scaled. */
  void results(int count, float[] results, int offset) {
    if (averages == null) {
      networks[0].results(objective, count, results, offset);
      return;
    }
    for (int i = 0; i < count * classes; i++) {
      results[offset + i] = (float) calibrated[i];
    }
  }

  /** Writes results in the units of the data. */
  void results(int count, double[] results, int offset) {
    if (averages != null) {
      System.arraycopy(calibrated, 0, results, offset, count * classes);
      return;
    }
    if (narrow == null) {
      narrow = new float[Network.size(maxRows, classes)];
    }
    networks[0].results(objective, count, narrow, 0);
    for (int i = 0; i < count * classes; i++) {
      results[offset + i] = targetScaling.undo(narrow[i], i % classes);
    }
  }

  /** Returns the outputs of a hidden layer of a single network, [maxRows][units]. */
  float[] outputs(int layer) {
    return networks[0].outputs(layer);
  }
}
