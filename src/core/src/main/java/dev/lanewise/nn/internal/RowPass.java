package dev.lanewise.nn.internal;

import dev.lanewise.engine.internal.Decision;
import dev.lanewise.engine.internal.Inference;
import dev.lanewise.engine.internal.Network;
import dev.lanewise.engine.internal.NetworkView;
import dev.lanewise.engine.internal.Objective;
import dev.lanewise.nn.ClassWeighting;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Predictor;
import dev.lanewise.nn.Scaling;

/**
 * Computes the results of scaled rows for a {@link Predictor}: the results of one network, unless a
 * subclass changes them. Allocates nothing after it was made, except for one buffer at the first
 * results in doubles.
 */
public class RowPass {
  /** The rows of a batch that use weights while these are in a near cache. */
  public static final int BATCH = 256;

  public final Mlp network;
  private final Inference inference;
  private final Objective objective;
  private final Scaling targetScaling;
  public final int maxRows;
  public final Decision decision;
  protected final int classes;
  private final ClassWeighting weighting; // or null
  private final double[] undone; // [maxRows][classes], for floats; null without weights
  private float[] narrow; // [maxRows][classes]; null before results in doubles

  /** {@return a number of rows, which is at least 1} */
  public static int checked(int maxRows) {
    if (maxRows < 1) {
      throw new IllegalArgumentException("predictor for " + maxRows + " rows, expected at least 1");
    }
    return maxRows;
  }

  /** Makes a pass; the buffer of [maxRows][classes] may be null and then is made when needed. */
  public RowPass(Mlp network, int maxRows, float[] narrow) {
    this.network = network;
    this.maxRows = maxRows;
    this.narrow = narrow;
    NetworkView parts = MlpState.ENGINE.of(network);
    inference = new Inference(parts, MlpState.PACKED.of(network), maxRows);
    objective = parts.objective();
    classes = network.outputs();
    decision =
        new Decision(objective.takesClasses(), network.loss().task().decisions(classes), classes);
    targetScaling = network.targetScaling();
    weighting = network.weighting().orElse(null);
    undone = weighting == null ? null : new double[Network.size(maxRows, classes)];
  }

  /** Computes the results of rows, whose scaled features begin at an offset. */
  public void run(float[] x, int offset, int count) {
    inference.run(x, offset, count);
  }

  /** Decides the rows; must come before the results, which may overwrite the outputs. */
  public void decide(int count, int[] labels, int offset) {
    decision.decide(inference.outputs(), count, labels, offset);
  }

  /** Writes results, which are not in the units of the data where targets are scaled. */
  public void results(int count, float[] results, int offset) {
    if (weighting == null) {
      inference.results(objective, count, results, offset);
      return;
    }
    results(count, undone, 0);
    for (int i = 0; i < count * classes; i++) {
      results[offset + i] = (float) undone[i];
    }
  }

  /** Writes results in the units of the data. */
  public void results(int count, double[] results, int offset) {
    asTrained(count, results, offset);
    for (int row = 0; weighting != null && row < count; row++) {
      weighting.undo(results, offset + row * classes);
    }
  }

  /**
   * Writes results in the units of the data, as the weights of classes in the training made them.
   */
  public final void asTrained(int count, double[] results, int offset) {
    if (narrow == null) {
      narrow = new float[Network.size(maxRows, classes)];
    }
    inference.results(objective, count, narrow, 0);
    for (int i = 0; i < count * classes; i++) {
      results[offset + i] = targetScaling.undo(narrow[i], i % classes);
    }
  }

  /** Returns whether the results are of one network alone, before a calibration and a rule. */
  public boolean isOfOne() {
    return true;
  }

  /** Returns the outputs of a hidden layer of the network, [maxRows][units]. */
  public float[] outputs(int layer) {
    return inference.outputs(layer);
  }
}
