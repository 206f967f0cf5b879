package dev.lanewise.engine;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.gemm.Epilogue;
import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.Workspace;
import dev.lanewise.kernel.math.Nonlinearity;

/**
 * Forward pass, loss and gradients of one mini-batch, for one network, in buffers made once
 * (Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986).
 *
 * <p>A step has two parts, between which all threads wait for each other: {@link #rows} takes rows
 * of the batch through the layers and back, {@link #weightGradient} and {@link #biasGradient} sum
 * rows of the parameters' gradients over the whole batch. Each value is computed whole by one
 * thread, so the bits do not depend on how many there are.
 */
public final class Backpropagation {
  private final Network.Layer[] layers;
  private final int maxRows;
  private final ForwardPass forward;
  // A layer: dLoss / d(sums before its activation), [maxRows][outputs].
  private final float[][] deltas;
  private final Gemm[][] back; // [threads][layers]: the gradients of a layer's inputs
  private final Gemm[][] weightGradients; // [threads][layers]
  private final RowLosses losses;
  private Dropout dropout; // or null

  /**
   * Makes the buffers.
   *
   * @param network the network
   * @param loss what the gradients are of
   * @param maxRows rows of the largest mini-batch
   * @param threads how many threads will share a step
   * @throws IllegalArgumentException if maxRows or threads is below 1, or a buffer would hold 2^31
   *     values or more
   */
  public Backpropagation(Network network, Objective loss, int maxRows, int threads) {
    if (maxRows < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "backpropagation: " + maxRows + " rows on " + threads + " threads: must be at least 1");
    }
    this.maxRows = maxRows;
    layers = network.layers().toArray(new Network.Layer[0]);
    deltas = new float[layers.length][];
    Workspace[] workspaces = ForwardPass.workspaces(threads); // which both ways share
    back = new Gemm[threads][layers.length];
    weightGradients = new Gemm[threads][layers.length];
    Kernels kernels = Kernels.active();
    for (int l = 0; l < layers.length; l++) {
      int in = layers[l].inputs();
      int out = layers[l].outputs();
      deltas[l] = new float[ForwardPass.size(maxRows, out)];
      for (int thread = 0; thread < threads; thread++) {
        Workspace workspace = workspaces[thread];
        if (l > 0) {
          boolean masks = layers[l - 1].relu();
          back[thread][l] =
              kernels
                  .gemm(Orientation.NT, maxRows, in, out, workspace)
                  .then(masks ? Epilogue.RELU_MASK : Epilogue.NONE);
        }
        weightGradients[thread][l] = kernels.gemm(Orientation.TN, in, out, maxRows, workspace);
      }
    }
    forward = new ForwardPass(network, maxRows, true, null, workspaces);
    losses = new RowLosses(loss, network.outputs(), maxRows, outputs(), outputGradient(), threads);
  }

  /**
   * Drops outputs of hidden layers from now on, in {@link #rows} alone.
   *
   * @param dropout whose masks are those of its step
   */
  public void setDropout(Dropout dropout) {
    this.dropout = dropout;
    forward.makeDropped();
  }

  /**
   * Rows of the largest mini-batch.
   *
   * @return the number given to the constructor
   */
  public int maxRows() {
    return maxRows;
  }

  /**
   * The number of outputs of the network.
   *
   * @return at least 1
   */
  public int classes() {
    return losses.batch.columns;
  }

  /**
   * Where the scaled features of the mini-batch go.
   *
   * @return [maxRows][inputs], row-major
   */
  public float[] inputs() {
    return forward.inputs();
  }

  /**
   * Where the labels of the mini-batch go.
   *
   * @return [maxRows], each from 0 to classes - 1
   */
  public int[] labels() {
    return losses.batch.labels;
  }

  /**
   * Where the targets of the mini-batch go, for a loss that does not take classes.
   *
   * @return [maxRows][outputs], row-major; null if the loss takes classes
   */
  public float[] targets() {
    return losses.batch.targets;
  }

  /**
   * Smooths the labels in {@link #rows}: the target becomes the class times 1 - smoothing, plus
   * smoothing over the number of classes everywhere. {@link #losses(float[], int, int, int)} stays
   * as it is.
   *
   * @param smoothing from 0 to below 1
   * @throws IllegalArgumentException if it is not, or the loss does not take classes
   */
  public void smoothLabels(double smoothing) {
    losses.smoothLabels(smoothing);
  }

  /**
   * From now on {@link #rows} multiplies each row's loss and gradient by its weight in {@link
   * #weights}; the divisor is still the number of rows.
   */
  public void weighRows() {
    losses.weights = new float[maxRows];
  }

  /**
   * Where the weights of the rows of a mini-batch go.
   *
   * @return [maxRows]; null without {@link #weighRows}
   */
  public float[] weights() {
    return losses.weights;
  }

  /**
   * The loss whose gradients these are.
   *
   * @return the loss
   */
  public Objective loss() {
    return losses.loss;
  }

  /**
   * Each row's loss, after {@link #rows} or {@link #losses(float[], int, int, int)}.
   *
   * @return [maxRows]
   */
  public float[] losses() {
    return losses.batch.losses;
  }

  /**
   * Each row's class with the largest logit, if the loss takes classes; -1 where all are NaN.
   *
   * @return [maxRows]
   */
  public int[] predicted() {
    return losses.batch.predicted;
  }

  /**
   * What the last layer gave, before any softmax, after {@link #forward}.
   *
   * @return [maxRows][outputs], row-major
   */
  public float[] outputs() {
    return forward.logits();
  }

  /**
   * The gradient of the loss by the outputs: what {@link #rows} computes, and where the gradient of
   * another loss goes before {@link #backward}.
   *
   * @return [maxRows][outputs], row-major
   */
  public float[] outputGradient() {
    return deltas[layers.length - 1];
  }

  /**
   * Forward pass and losses of some rows, without gradients.
   *
   * @param parameters the network's
   * @param from first row
   * @param to behind the last row
   * @param thread the number of the thread that calls
   */
  public void losses(float[] parameters, int from, int to, int thread) {
    // The gradient costs a division a class; a kernel without it would be a twin for nothing.
    forward(parameters, from, to, thread);
    losses.of(from, to, to - from, thread);
  }

  /**
   * First part of a step: rows through the layers, the loss, and the gradients of the sums of every
   * layer.
   *
   * @param parameters the network's
   * @param from first row
   * @param to behind the last row
   * @param batch rows of the whole mini-batch, by which the gradient is divided
   * @param thread the number of the thread that calls
   */
  public void rows(float[] parameters, int from, int to, int batch, int thread) {
    forward.run(parameters, from, to, thread, dropout);
    fromOutputs(parameters, from, to, batch, thread);
  }

  /**
   * A part of {@link #rows}: the products of some inputs of the first layer, added to the sums of
   * some rows. These inputs stand in {@link #inputs} as {@link #columnsGradient} has them. Of each
   * row, all inputs have to come in order.
   *
   * @param parameters the network's
   * @param input the first of the inputs
   * @param endInput behind the last
   * @param from first row
   * @param to behind the last row
   * @param batch rows of the whole mini-batch
   * @param thread the number of the thread that calls
   */
  public void firstLayer(
      float[] parameters, int input, int endInput, int from, int to, int batch, int thread) {
    int xOffset = batch * input + from * (endInput - input);
    forward.firstLayer(parameters, input, endInput, from, to, thread, xOffset);
  }

  /**
   * The rest of {@link #rows}, for rows whose {@link #firstLayer} is finished.
   *
   * @param parameters the network's
   * @param from first row
   * @param to behind the last row
   * @param batch rows of the whole mini-batch, by which the gradient is divided
   * @param thread the number of the thread that calls
   */
  public void laterLayers(float[] parameters, int from, int to, int batch, int thread) {
    forward.laterLayers(parameters, from, to, thread, dropout);
    fromOutputs(parameters, from, to, batch, thread);
  }

  private void fromOutputs(float[] parameters, int from, int to, int batch, int thread) {
    losses.ofTraining(from, to, batch, thread);
    backward(parameters, from, to, thread, dropout);
  }

  /**
   * Forward pass of some rows.
   *
   * @param parameters the network's
   * @param from first row
   * @param to behind the last row
   * @param thread the number of the thread that calls
   */
  public void forward(float[] parameters, int from, int to, int thread) {
    forward.run(parameters, from, to, thread, null);
  }

  /**
   * The gradients of the sums of every layer, of rows that have been through {@link #forward} and
   * whose {@link #outputGradient} is given.
   *
   * @param parameters the network's
   * @param from first row
   * @param to behind the last row
   * @param thread the number of the thread that calls
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
          .mask(forward.outputs(l - 1), first)
          .multiply(to - from, layer.outputs());
      if (activation != null) {
        Kernels.active()
            .activationBackward(
                activation,
                first,
                (to - from) * layer.inputs(),
                forward.kept(l - 1),
                deltas[l - 1],
                forward.scratch(thread));
      }
      if (dropout != null) {
        float[] delta = deltas[l - 1];
        dropout.apply(l - 1, from * layer.inputs(), to * layer.inputs(), delta, delta);
      }
    }
  }

  /**
   * What a user gets of rows that {@link #losses(float[], int, int, int)} has computed:
   * probabilities, or the outputs themselves where the loss is one of regression.
   *
   * @param rows number of rows, from the first
   * @param results [rows][outputs], overwritten from an offset on
   * @param resultsOffset where they start
   */
  public void results(int rows, float[] results, int resultsOffset) {
    forward.results(losses.loss, rows, results, resultsOffset, losses.scratch(0));
  }

  /**
   * Second part of a step, of one layer: dW = X^T dY for rows from..to of W, that is for inputs
   * from..to, summed over the batch.
   *
   * @param layer the layer's number
   * @param from first input
   * @param to behind the last input
   * @param batch rows of the mini-batch
   * @param gradient in the layout of the parameters; the rows of W are overwritten
   * @param thread the number of the thread that calls
   */
  public void weightGradient(int layer, int from, int to, int batch, float[] gradient, int thread) {
    Gemm product = weightGradients[thread][layer];
    product.a(forward.taken(layer), from, layers[layer].inputs());
    weightGradient(layer, from, to, batch, gradient, product);
  }

  /**
   * The same of the first layer, where the caller has replaced the mini-batch: columns from..to
   * stand for themselves in {@link #inputs}, [batch][to - from], from {@code batch * from} on.
   *
   * @param from first input
   * @param to behind the last input
   * @param batch rows of the mini-batch
   * @param gradient in the layout of the parameters; the rows of W are overwritten
   * @param thread the number of the thread that calls
   */
  public void columnsGradient(int from, int to, int batch, float[] gradient, int thread) {
    Gemm product = weightGradients[thread][0];
    product.a(inputs(), batch * from, to - from);
    weightGradient(0, from, to, batch, gradient, product);
  }

  private void weightGradient(
      int layer, int from, int to, int batch, float[] gradient, Gemm product) {
    Network.Layer l = layers[layer];
    product
        .b(deltas[layer], 0)
        .c(gradient, l.weights() + from * l.outputs())
        .multiply(to - from, batch);
  }

  /**
   * Second part of a step, of one layer: db = column sums of dY for outputs from..to.
   *
   * @param layer the layer's number
   * @param from first output
   * @param to behind the last output
   * @param batch rows of the mini-batch
   * @param gradient in the layout of the parameters; the biases are overwritten
   */
  public void biasGradient(int layer, int from, int to, int batch, float[] gradient) {
    Network.Layer l = layers[layer];
    Kernels.active()
        .columnSums(
            batch, to - from, deltas[layer], from, l.outputs(), gradient, l.biases() + from);
  }
}
