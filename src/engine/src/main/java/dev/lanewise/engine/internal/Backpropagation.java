package dev.lanewise.engine.internal;

import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.Workspace;
import dev.lanewise.kernel.math.Nonlinearity;

/**
 * Forward pass, loss and gradients of a mini-batch, in buffers made once per network (Rumelhart,
 * Hinton and Williams, "Learning representations by back-propagating errors", 1986).
 *
 * <p>A step has two parts, between which all threads wait for each other: {@link #rows} takes rows
 * of the batch through the layers and back; {@link #weightGradient} and {@link #biasGradient} sum
 * the gradients over the whole batch. One thread computes each value completely, so the bits do not
 * depend on the number of threads.
 *
 * <p>Methods of a step take the parameters of the network, rows, inputs or outputs from..to with
 * the end exclusive, the number of rows of the whole mini-batch, by which gradients are divided,
 * and the number of the calling thread.
 */
public final class Backpropagation {
  private final Network network;
  private final Network.Layer[] layers;
  private final int maxRows;
  private final Expansion expansion; // or null
  private final float[] features; // [maxRows][features]; without an expansion the inputs
  private final ForwardPass forward;
  // Per layer: dLoss / d(pre-activations), [maxRows][outputs].
  private final float[][] deltas;
  private final Gemm[][] back; // [threads][layers]: gradients with respect to a layer's inputs
  private final Gemm[][] weightGradients; // [threads][layers]
  private final RowLosses losses;
  private Dropout dropout; // or null

  /**
   * Makes the buffers for the network and the loss of a model.
   *
   * @param maxRows rows of the largest mini-batch
   * @throws IllegalArgumentException if maxRows or threads is below 1, or a buffer would hold 2^31
   *     values or more
   */
  public Backpropagation(NetworkView model, int maxRows, int threads) {
    if (maxRows < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "a batch of "
              + maxRows
              + " rows on "
              + threads
              + " threads, expected at least 1 row and 1 thread");
    }
    this.maxRows = maxRows;
    expansion = model.expansion();
    network = model.network();
    layers = network.layers().toArray(new Network.Layer[0]);
    deltas = new float[layers.length][];
    Workspace[] workspaces = ForwardPass.workspaces(threads); // for both passes
    back = new Gemm[threads][layers.length];
    weightGradients = new Gemm[threads][layers.length];
    KernelSet kernels = KernelSet.active();
    for (int l = 0; l < layers.length; l++) {
      int in = layers[l].inputs();
      int out = layers[l].outputs();
      deltas[l] = new float[Network.size(maxRows, out)];
      for (int thread = 0; thread < threads; thread++) {
        Workspace workspace = workspaces[thread];
        if (l > 0) {
          back[thread][l] = kernels.gemm(Orientation.NT, maxRows, in, out, workspace);
        }
        weightGradients[thread][l] = kernels.gemm(Orientation.TN, in, out, maxRows, workspace);
      }
    }
    forward = new ForwardPass(network, maxRows, true, null, workspaces);
    features =
        expansion == null
            ? forward.inputs()
            : new float[Network.size(maxRows, expansion.features())];
    losses =
        new RowLosses(
            model.objective(), network.outputs(), maxRows, outputs(), outputGradient(), threads);
  }

  /** Sets the dropout of hidden layers, which only {@link #rows} applies. */
  public void setDropout(Dropout dropout) {
    this.dropout = dropout;
    forward.makeDropped();
  }

  /** {@return the layers of the network} */
  public Network network() {
    return network;
  }

  /** {@return the rows of the largest mini-batch} */
  public int maxRows() {
    return maxRows;
  }

  /** {@return the number of outputs of the network} */
  public int classes() {
    return losses.batch.columns;
  }

  /** {@return the buffer for the inputs of the mini-batch, [maxRows][inputs], row-major} */
  public float[] inputs() {
    return forward.inputs();
  }

  /** {@return the buffer for the scaled features, [maxRows][features]; perhaps the inputs} */
  public float[] features() {
    return features;
  }

  /** Computes the inputs of rows from..to from their features. */
  public void expand(int from, int to) {
    if (expansion != null) {
      int width = expansion.features();
      expansion.expand(features, from * width, to - from, inputs(), from * expansion.inputs());
    }
  }

  /**
   * {@return the buffer for the labels of the mini-batch, [maxRows], each from 0 to classes - 1}
   */
  public int[] labels() {
    return losses.batch.labels;
  }

  /**
   * {@return the buffer for the targets of the mini-batch, [maxRows][outputs], row-major; null if
   * the loss takes classes}
   */
  public float[] targets() {
    return losses.batch.targets;
  }

  /**
   * Smooths the labels in {@link #rows}: the target becomes the one-hot class times 1 - smoothing,
   * plus smoothing / classes everywhere. {@link #losses(float[], int, int, int)} does not change.
   *
   * @param smoothing from 0 to below 1
   * @throws IllegalArgumentException if it is not, or the loss does not take classes
   */
  public void smoothLabels(double smoothing) {
    losses.smoothLabels(smoothing);
  }

  /**
   * Makes {@link #rows} multiply each row's loss and gradient by its weight in {@link #weights};
   * the divisor is still the number of rows.
   */
  public void weighRows() {
    losses.weights = new float[maxRows];
  }

  /**
   * {@return the buffer for the weights of the rows, [maxRows]; null without {@link #weighRows}}
   */
  public float[] weights() {
    return losses.weights;
  }

  /**
   * {@return each row's loss, [maxRows], after {@link #rows} or {@link #losses(float[], int, int,
   * int)}}
   */
  public float[] losses() {
    return losses.batch.losses;
  }

  /**
   * {@return each row's class with the largest logit, [maxRows], if the loss takes classes; -1 if
   * all are NaN}
   */
  public int[] predicted() {
    return losses.batch.predicted;
  }

  /**
   * {@return the outputs of the last layer before any softmax, [maxRows][outputs], after {@link
   * #forward}}
   */
  public float[] outputs() {
    return forward.logits();
  }

  /**
   * {@return the gradient of the loss with respect to the outputs, [maxRows][outputs], row-major}
   * {@link #rows} computes it; for another loss the caller writes it before {@link #backward}.
   */
  public float[] outputGradient() {
    return deltas[layers.length - 1];
  }

  /**
   * {@return the gradient with respect to the pre-activations of the first layer, [maxRows][units],
   * after {@link #backward}}
   */
  public float[] firstGradient() {
    return deltas[0];
  }

  /** Computes the forward pass and the losses of some rows. */
  public void losses(float[] parameters, int from, int to, int thread) {
    // The gradient, not used here, costs one division per class; no second kernel is worth that.
    forward(parameters, from, to, thread);
    losses.of(from, to, to - from, thread);
  }

  /**
   * Computes the first part of a step for some rows: the layers, the loss, and the gradients with
   * respect to the pre-activations of every layer.
   */
  public void rows(float[] parameters, int from, int to, int batch, int thread) {
    forward.run(parameters, inputs(), from, to, thread, dropout, 0);
    losses.ofTraining(from, to, batch, thread);
    backward(parameters, from, to, thread, dropout);
  }

  /** Computes the forward pass of some rows. */
  public void forward(float[] parameters, int from, int to, int thread) {
    forward.run(parameters, inputs(), from, to, thread, null, 0);
  }

  /**
   * Computes the gradients with respect to the pre-activations of every layer, for rows that have
   * been through {@link #forward} and whose {@link #outputGradient} has been written.
   */
  public void backward(float[] parameters, int from, int to, int thread) {
    backward(parameters, from, to, thread, null);
  }

  private void backward(float[] parameters, int from, int to, int thread, Dropout dropout) {
    for (int l = layers.length - 1; l > 0; l--) {
      Network.Layer layer = layers[l];
      Nonlinearity activation = layers[l - 1].activation();
      // dX = dY W^T, and through the activation of the layer before.
      int first = from * layer.inputs();
      back[thread][l]
          .a(deltas[l], from * layer.outputs(), layer.outputs())
          .b(parameters, layer.weights())
          .c(deltas[l - 1], first)
          .mask(layers[l - 1].relu() ? forward.outputs(l - 1) : null, first)
          .multiply(to - from, layer.outputs());
      if (activation.isPass()) {
        int length = (to - from) * layer.inputs();
        float[] kept = forward.kept(l - 1);
        float[] scratch = forward.scratch(thread);
        KernelSet.active()
            .activationBackward(activation, first, length, kept, deltas[l - 1], scratch);
      }
      if (dropout != null) {
        float[] delta = deltas[l - 1];
        dropout.apply(l - 1, layer.inputs(), from, to, delta, delta);
      }
    }
  }

  /**
   * Converts the outputs of rows that {@link #losses(float[], int, int, int)} has computed into
   * what a user gets: probabilities, or for regression the outputs themselves.
   *
   * @param rows number of rows, from the first
   * @param results [rows][outputs], overwritten from an offset on
   */
  public void results(int rows, float[] results, int resultsOffset) {
    forward.results(losses.loss, rows, results, resultsOffset);
  }

  /**
   * Computes dW = X^T dY of one layer in the second part of a step: rows from..to of W, which
   * belong to inputs from..to, summed over the batch.
   *
   * @param gradient in the layout of the parameters; the rows of W are overwritten
   */
  public void weightGradient(int layer, int from, int to, int batch, float[] gradient, int thread) {
    weightGradient(layer, from, to, 0, batch, gradient, thread);
  }

  /**
   * Computes the same, summed over some rows of the mini-batch only.
   *
   * @param row the first of these rows; the rows end before endRow
   */
  public void weightGradient(
      int layer, int from, int to, int row, int endRow, float[] gradient, int thread) {
    Network.Layer l = layers[layer];
    weightGradients[thread][layer]
        .a(forward.taken(layer), row * l.inputs() + from, l.inputs())
        .b(deltas[layer], row * l.outputs())
        .c(gradient, l.weights() + from * l.outputs())
        .multiply(to - from, endRow - row);
  }

  /**
   * Computes db = column sums of dY of one layer in the second part of a step, for outputs
   * from..to.
   *
   * @param gradient in the layout of the parameters; the biases are overwritten
   */
  public void biasGradient(int layer, int from, int to, int batch, float[] gradient) {
    biasGradient(layer, from, to, 0, batch, gradient);
  }

  /** Computes the same, summed over rows row..endRow of the mini-batch only. */
  public void biasGradient(int layer, int from, int to, int row, int endRow, float[] gradient) {
    Network.Layer l = layers[layer];
    int width = l.outputs();
    int first = row * width + from;
    int place = l.biases() + from;
    KernelSet.active()
        .columnSums(endRow - row, to - from, deltas[layer], first, width, gradient, place);
  }
}
