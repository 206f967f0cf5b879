package dev.lanewise.engine.internal;

import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.kernel.gemm.Workspace;
import dev.lanewise.kernel.math.Nonlinearity;
import java.util.Arrays;

/**
 * Computes the layers of a network, in buffers made once for the largest batch. Rows do not depend
 * on each other, so threads share a batch by rows; each uses its own workspace.
 */
final class ForwardPass {
  private final Network.Layer[] layers;
  private final int maxRows;
  private float[] inputs; // [maxRows][inputs], made at the first call of inputs()
  private final float[][]
      preActivations; // per layer: [maxRows][outputs]; same as outputs where one will do
  private final float[][] outputs; // per layer: [maxRows][outputs]
  private final Gemm[][] products; // [threads][layers]
  private final boolean isPacked; // whether the products keep their weights
  private final float[][] scratch; // [threads], for the activations and the results
  private float[][] dropped; // per hidden layer: outputs after dropout; null without dropout

  /**
   * Makes the buffers. Only a backward pass needs the pre-activations of a layer besides its
   * outputs.
   *
   * @param packed packed weights of each layer, or null if weights change between calls
   * @param workspaces one per thread
   */
  ForwardPass(
      Network network,
      int maxRows,
      boolean backward,
      PackedMatrix[] packed,
      Workspace[] workspaces) {
    layers = network.layers().toArray(new Network.Layer[0]);
    this.maxRows = maxRows;
    Network.size(maxRows, network.inputs());
    if (backward) {
      inputs(); // made here, because later several threads could make it at once
    }
    preActivations = new float[layers.length][];
    outputs = new float[layers.length][];
    products = new Gemm[workspaces.length][layers.length];
    for (int l = 0; l < layers.length; l++) {
      Network.Layer layer = layers[l];
      outputs[l] = new float[Network.size(maxRows, layer.outputs())];
      boolean both = backward && layer.activation().keepsPreActivations();
      preActivations[l] = both ? new float[outputs[l].length] : outputs[l];
      for (int thread = 0; thread < workspaces.length; thread++) {
        products[thread][l] =
            KernelSet.active()
                .gemm(Orientation.NN, maxRows, layer.outputs(), layer.inputs(), workspaces[thread]);
        if (layer.relu()) {
          products[thread][l].relu();
        }
        if (packed != null) {
          products[thread][l].b(packed[l]);
        }
      }
    }
    isPacked = packed != null;
    int ofRow = KernelSet.rowScratch(network.outputs());
    scratch = new float[workspaces.length][Math.max(KernelSet.ACTIVATION_SCRATCH, ofRow)];
  }

  /** Makes one workspace per thread. */
  static Workspace[] workspaces(int threads) {
    Workspace[] workspaces = new Workspace[threads];
    Arrays.setAll(workspaces, thread -> new Workspace());
    return workspaces;
  }

  /** Returns the buffer for scaled features, [maxRows][inputs]. */
  float[] inputs() {
    if (inputs == null) {
      inputs = new float[maxRows * layers[0].inputs()];
    }
    return inputs;
  }

  /** Returns the outputs of a layer, [maxRows][outputs]. */
  float[] outputs(int layer) {
    return outputs[layer];
  }

  /** Makes the buffers for outputs after dropout. */
  void makeDropped() {
    dropped = new float[layers.length - 1][];
    for (int l = 0; l < dropped.length; l++) {
      dropped[l] = new float[outputs[l].length];
    }
  }

  /** Returns the inputs of a layer in training. */
  float[] taken(int layer) {
    return layer == 0 ? inputs() : dropped == null ? outputs[layer - 1] : dropped[layer - 1];
  }

  /**
   * Returns what the backward pass of a layer's activation needs: its pre-activations or its
   * outputs.
   */
  float[] kept(int layer) {
    return preActivations[layer];
  }

  /** Returns the outputs of the last layer, [maxRows][outputs]. */
  float[] logits() {
    return outputs[outputs.length - 1];
  }

  /** Computes rows from..to of every layer; row 0 of x is at an offset, and dropout may be null. */
  void run(
      float[] parameters, float[] x, int from, int to, int thread, Dropout dropout, int xOffset) {
    layer(0, parameters, x, xOffset, from, to, thread);
    for (int l = 1; l < layers.length; l++) {
      int inputs = layers[l].inputs();
      float[] taken = outputs[l - 1];
      if (dropout != null) {
        dropout.apply(l - 1, inputs, from, to, taken, dropped[l - 1]);
        taken = dropped[l - 1];
      }
      layer(l, parameters, taken, 0, from, to, thread);
    }
  }

  /** Computes rows from..to of a layer of x, whose row 0 is at an offset. */
  private void layer(
      int l, float[] parameters, float[] x, int xOffset, int from, int to, int thread) {
    Network.Layer layer = layers[l];
    int inputs = layer.inputs();
    int columns = layer.outputs();
    int first = from * columns;
    Gemm product = products[thread][l];
    if (!isPacked) {
      product.b(parameters, layer.weights());
    }
    product
        .a(x, xOffset + from * inputs, inputs)
        .c(preActivations[l], first)
        .bias(parameters, layer.biases())
        .multiply(to - from, inputs);
    Nonlinearity function = layer.activation();
    if (function.isPass()) {
      int length = (to - from) * columns;
      float[] y = outputs[l];
      KernelSet.active().activation(function, first, length, preActivations[l], y, scratch[thread]);
    }
  }

  /** Returns a thread's scratch for activations, which both passes share. */
  float[] scratch(int thread) {
    return scratch[thread];
  }

  /** Converts the outputs of the first rows into what a user gets. */
  void results(Objective loss, int rows, float[] results, int offset) {
    int columns = layers[layers.length - 1].outputs();
    loss.results().compute(logits(), rows, columns, results, offset, scratch[0]);
  }
}
