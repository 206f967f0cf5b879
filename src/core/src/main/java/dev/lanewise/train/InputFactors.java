package dev.lanewise.train;

import dev.lanewise.format.internal.ArgumentException;
import dev.lanewise.kernel.math.ScaledRows;
import java.util.Arrays;

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
final class InputFactors {
  private final int inputs;
  private final int columns; // columns of W1
  private final float[] parameters;
  private final float[] trained;
  private final float[] gradient; // in the layout of trained
  private final float[][] scratch; // [threads]

  InputFactors(int inputs, int columns, TrainingState state, float[] gradient, int threads) {
    this.inputs = inputs;
    this.columns = columns;
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

  /** Returns the index of an input's factor. */
  int place(int input) {
    return trained.length - inputs + input;
  }

  /** Computes the gradients of W1 and s from the gradient of W1', for some inputs. */
  void gradients(int from, int to, int thread) {
    ScaledRows.gradients(from, to, columns, trained, gradient, place(0), scratch[thread]);
  }

  /** Computes W1' from W1 and s, for some inputs. */
  void form(int from, int to) {
    ScaledRows.scale(from, to, columns, trained, place(0), parameters);
  }

  /** Copies other parameters to the network. */
  void copy(int offset, int length) {
    System.arraycopy(trained, offset, parameters, offset, length);
  }
}
