package dev.lanewise.report;

import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.engine.internal.Inference;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the dead units of the hidden layers: those that give the same output for all rows, for ReLU
 * 0 (Lu, Shin, Su and Karniadakis, "Dying ReLU and initialization", 2020). Rows of weight 0 are
 * left out.
 */
final class DeadUnits {
  private final boolean[][] dead; // [layers][units]

  private DeadUnits(Mlp model, Rows split, int[] drawn) {
    List<Activation> activations = model.architecture().activations();
    dead = new boolean[model.architecture().hidden().size()][];
    float[][] firsts = new float[dead.length][]; // the output of each unit for the first row
    // A predictor would give the results of the last layer alone.
    Inference forward = new Inference(MlpState.ENGINE.of(model), null, ChosenRows.BATCH);
    float[] x = new float[ChosenRows.BATCH * split.features()];
    for (int first = 0; first < drawn.length; first += ChosenRows.BATCH) {
      int count = Math.min(ChosenRows.BATCH, drawn.length - first);
      split.copyRows(drawn, first, count, x, 0);
      forward.run(x, 0, count);
      for (int l = 0; l < dead.length; l++) {
        float[] y = forward.outputs(l); // [rows][units]
        int units = model.architecture().hidden().get(l);
        if (first == 0) {
          boolean isRelu = activations.get(l) == Activation.RELU;
          firsts[l] = isRelu ? new float[units] : Arrays.copyOf(y, units);
          dead[l] = new boolean[units];
          Arrays.fill(dead[l], true);
        }
        for (int i = 0; i < count * units; i++) {
          dead[l][i % units] &= y[i] == firsts[l][i % units];
        }
      }
    }
  }

  /** Looks at some rows: all, or drawn ones if there are more than the limit. */
  public static DeadUnits of(Mlp model, Rows data, int mostRows, long seed) {
    Rows split = RowPreparation.measured(model, data);
    return new DeadUnits(model, split, ChosenRows.drawn(split, mostRows, seed));
  }

  /** Returns the number of hidden layers. */
  public int layers() {
    return dead.length;
  }

  /** Returns the number of units of a hidden layer. */
  public int units(int layer) {
    return dead[layer].length;
  }

  boolean isDead(int layer, int unit) {
    return dead[layer][unit];
  }

  /** Returns the number of dead units of a hidden layer. */
  public int dead(int layer) {
    int count = 0;
    for (boolean isDead : dead[layer]) {
      count += isDead ? 1 : 0;
    }
    return count;
  }
}
