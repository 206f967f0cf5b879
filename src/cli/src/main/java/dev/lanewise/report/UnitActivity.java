package dev.lanewise.report;

import dev.lanewise.data.Agreement;
import dev.lanewise.data.Split;
import dev.lanewise.engine.Inference;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

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
    Inference forward = new ModelPass(model).workspace();
    float[] x = new float[ModelPass.ROWS * split.features()];
    double weights = 0;
    for (int first = 0; first < drawn.length; first += ModelPass.ROWS) {
      int count = Math.min(ModelPass.ROWS, drawn.length - first);
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

  /**
   * Computes the activity of a model's units on one thread.
   *
   * @param model the model
   * @param data the rows, unscaled or scaled as the model expects, as for an evaluation
   * @param mostRows maximum number of rows; if there are more, this many are drawn
   * @param seed of the draw
   * @return the activity
   * @throws IllegalArgumentException if the rows are not the model's (another number of features,
   *     another scaling, a label it has no class for, targets that its loss does not take, or no
   *     weight above 0), or rows are below 1
   */
  public static UnitActivity of(Mlp model, Split data, int mostRows, long seed) {
    Split split = Agreement.measured(model, data);
    return new UnitActivity(model, split, ModelPass.draw(split, mostRows, seed));
  }

  /** {@return the number of hidden layers} */
  public int layers() {
    return shares.length;
  }

  /**
   * Returns the number of units of a hidden layer.
   *
   * @param layer from 0
   * @return at least 1
   */
  public int units(int layer) {
    return shares[Objects.checkIndex(layer, shares.length)].length;
  }

  /**
   * Returns the weighted share of the rows on which a unit is active.
   *
   * @param layer from 0
   * @param unit from 0
   * @return from 0 to 1
   */
  public double share(int layer, int unit) {
    return shares[layer][Objects.checkIndex(unit, units(layer))];
  }

  /**
   * Returns whether a unit is dead.
   *
   * @param layer from 0
   * @param unit from 0
   * @return true if it is dead
   */
  public boolean isDead(int layer, int unit) {
    return dead[layer][Objects.checkIndex(unit, units(layer))];
  }

  /**
   * Returns the number of dead units of a hidden layer.
   *
   * @param layer from 0
   * @return from 0 to all of them
   */
  public int dead(int layer) {
    int count = 0;
    for (int unit = 0; unit < units(layer); unit++) {
      count += isDead(layer, unit) ? 1 : 0;
    }
    return count;
  }
}
