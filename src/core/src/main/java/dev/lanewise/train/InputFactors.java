package dev.lanewise.train;

import dev.lanewise.engine.internal.Descent;
import dev.lanewise.engine.internal.Network;
import dev.lanewise.engine.internal.Step;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.kernel.math.ScaledRows;
import java.util.Arrays;
import java.util.List;

/**
 * A trained factor for each input of a network, by which an optimizer learns how much each input
 * matters (Holzmueller, Grinsztajn and Steinwart, "Better by default: Strong pre-tuned MLPs and
 * boosted trees on tabular data", 2024). The network only reads the product of factors and first
 * weights, which every step computes again.
 *
 * <pre>
 * W1'[i][j] = s[i] * W1[i][j]                      rounded once
 * dW1[i][j] = s[i] * dW1'[i][j]                    rounded once
 * ds[i] = sum over j of W1[i][j] * dW1'[i][j]      each product rounded, then a sum along a row
 * </pre>
 *
 * <p>The optimizer changes a separate array, which holds W1, b1, W2, ..., and s after these. The
 * parameters of the network are W1', b1, W2, ...
 */
final class InputFactors implements Step.Part {
  private final List<Network.Layer> layers;
  private final int columns; // columns of W1
  private final int place; // of the first factor
  private final Descent descent;
  private final float[] parameters;
  private final float[] trained;
  private final float[] gradient; // in the layout of trained
  private final float[][] scratch; // [threads]

  InputFactors(
      Network network, Descent descent, TrainingState state, float[] gradient, int threads) {
    this.layers = network.layers();
    this.columns = layers.get(0).outputs();
    this.place = state.trained.length - network.inputs();
    this.descent = descent;
    this.parameters = state.parameters;
    this.trained = state.trained;
    this.gradient = gradient;
    this.scratch = new float[threads][ScaledRows.SCRATCH];
  }

  /** Returns the array that an optimizer begins with, in which all factors are 1. */
  static float[] trained(float[] parameters, int inputs) {
    if (parameters.length > Integer.MAX_VALUE - 8 - inputs) {
      throw new ArgumentException(
          "factors of %s inputs beside %s parameters, expected less than 2^31 numbers together",
          inputs, parameters.length);
    }
    float[] trained = Arrays.copyOf(parameters, parameters.length + inputs);
    Arrays.fill(trained, parameters.length, trained.length, 1f);
    return trained;
  }

  /** Returns gradients that are those of the network, and besides those of W1 and s. */
  Step.Part after(Step.Part network) {
    return new Step.Part() {
      @Override
      public void weights(int layer, int from, int to, int member, int members) {
        network.weights(layer, from, to, member, members);
        if (layer == 0) {
          gradients(from, to, member);
        }
      }

      @Override
      public void biases(int layer, int from, int to) {
        network.biases(layer, from, to);
      }
    };
  }

  /** Computes the gradients of W1 and s from the gradient of W1', for a member's inputs. */
  void phase(int member, int members) {
    int inputs = layers.get(0).inputs();
    gradients(Step.share(inputs, member, members), Step.share(inputs, member + 1, members), member);
  }

  /** Computes the gradients of W1 and s from the gradient of W1', for inputs from..to. */
  void gradients(int from, int to, int thread) {
    ScaledRows.gradients(from, to, columns, trained, gradient, place, scratch[thread]);
  }

  @Override
  public void weights(int layer, int from, int to, int member, int members) {
    descent.weights(layer, from, to, member, members);
    Network.Layer l = layers.get(layer);
    if (layer == 0) {
      descent.apply(layers.size() + 1, place + from, to - from);
      form(from, to);
    } else {
      copy(l.weights() + from * l.outputs(), (to - from) * l.outputs());
    }
  }

  @Override
  public void biases(int layer, int from, int to) {
    descent.biases(layer, from, to);
    copy(layers.get(layer).biases() + from, to - from);
  }

  /** Computes W1' from W1 and s, for some inputs. */
  void form(int from, int to) {
    ScaledRows.scale(from, to, columns, trained, place, parameters);
  }

  /** Copies other parameters to the network. */
  void copy(int offset, int length) {
    System.arraycopy(trained, offset, parameters, offset, length);
  }
}
