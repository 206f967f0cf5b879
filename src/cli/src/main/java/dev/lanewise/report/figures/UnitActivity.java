package dev.lanewise.report.figures;

import dev.lanewise.data.Split;
import dev.lanewise.data.internal.RowsForModel;
import dev.lanewise.engine.internal.Inference;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import java.util.Arrays;
import java.util.List;

/**
 * Finds which units of the hidden layers are active, and which are dead. A unit is active on a row
 * if its output is larger than for a sum of 0: above 0, or above 1/2 for a sigmoid. It is dead if
 * all rows give the same output, for ReLU if this is 0 (Lu, Shin, Su and Karniadakis, "Dying ReLU
 * and initialization", 2020). Rows of weight 0 are left out.
 */
public final class UnitActivity {
  private final double[][] shares; // [layers][units]
  private final boolean[][] dead; // [layers][units]

  private UnitActivity(Mlp model, Split split, int[] drawn) {
    List<Activation> activations = model.architecture().activations();
    List<Integer> hidden = model.architecture().hidden();
    shares = new double[hidden.size()][];
    Arrays.setAll(shares, l -> new double[hidden.get(l)]);
    dead = new boolean[shares.length][];
    float[][] firsts = new float[shares.length][]; // the output of each unit for the first row
    // A predictor would give the results of the last layer alone.
    Inference forward = new Inference(MlpState.ENGINE.of(model), null, DrawnRows.BATCH);
    float[] x = new float[DrawnRows.BATCH * split.features()];
    double weights = 0;
    for (int first = 0; first < drawn.length; first += DrawnRows.BATCH) {
      int count = Math.min(DrawnRows.BATCH, drawn.length - first);
      split.copyRows(drawn, first, count, x, 0);
      forward.run(x, 0, count);
      for (int l = 0; l < shares.length; l++) {
        float[] y = forward.outputs(l); // [rows][units]
        int units = shares[l].length;
        boolean relu = activations.get(l) == Activation.RELU;
        if (first == 0) {
          firsts[l] = relu ? new float[units] : Arrays.copyOf(y, units);
          dead[l] = new boolean[units];
          Arrays.fill(dead[l], true);
        }
        float rest = (float) activations.get(l).of(0);
        for (int i = 0; i < count; i++) {
          float weight = split.weight(drawn[first + i]);
          for (int u = 0; u < units; u++) {
            float value = y[i * units + u];
            shares[l][u] += value > rest ? weight : 0;
            dead[l][u] &= value == firsts[l][u];
          }
        }
      }
      for (int i = first; i < first + count; i++) {
        weights += split.weight(drawn[i]);
      }
    }
    for (double[] layer : shares) {
      for (int u = 0; u < layer.length; u++) {
        layer[u] /= weights;
      }
    }
  }

  /** Computes the activity on some rows: all, or drawn ones if there are more than the limit. */
  public static UnitActivity of(Mlp model, Split data, int mostRows, long seed) {
    Split split = RowsForModel.measured(model, data);
    return new UnitActivity(model, split, DrawnRows.of(split, mostRows, seed));
  }

  /** Returns the number of hidden layers. */
  public int layers() {
    return shares.length;
  }

  public int units(int layer) {
    return shares[layer].length;
  }

  /** Returns the weighted share of the rows on which a unit is active. */
  public double share(int layer, int unit) {
    return shares[layer][unit];
  }

  boolean isDead(int layer, int unit) {
    return dead[layer][unit];
  }

  /** Returns the number of dead units of a hidden layer. */
  public int dead(int layer) {
    int count = 0;
    for (int unit = 0; unit < units(layer); unit++) {
      count += isDead(layer, unit) ? 1 : 0;
    }
    return count;
  }
}
