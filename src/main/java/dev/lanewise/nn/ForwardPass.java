package dev.lanewise.nn;

import dev.lanewise.kernel.Epilogue;
import dev.lanewise.kernel.Initial;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Orientation;
import java.util.List;

/**
 * Rows through the layers of a network, in buffers made once for the largest batch. Every row can
 * be computed by itself, so threads share a batch by rows; each uses its own workspace.
 */
final class ForwardPass {
  private final Layer[] layers;
  private final float[] inputs; // [maxRows][inputs]
  private final float[][] outputs; // a layer: [maxRows][outputs]
  private final float[][] workspaces; // [threads]
  private float[][] dropped; // a hidden layer: its outputs after dropout; null without it

  ForwardPass(Architecture architecture, int maxRows, int threads) {
    List<Layer> list = architecture.layers();
    layers = list.toArray(new Layer[0]);
    inputs = new float[size(maxRows, architecture.inputs())];
    outputs = new float[layers.length][];
    int workspace = 0;
    for (int l = 0; l < layers.length; l++) {
      Layer layer = layers[l];
      outputs[l] = new float[size(maxRows, layer.outputs())];
      workspace =
          Math.max(
              workspace,
              Kernels.active()
                  .gemmWorkspace(Orientation.NN, maxRows, layer.outputs(), layer.inputs()));
    }
    workspaces = new float[threads][workspace];
  }

  /** The length of a buffer, refused in words where it would not be an array's. */
  static int size(int rows, int columns) {
    long size = (long) rows * columns;
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a batch of " + rows + " rows of " + columns + " values: must be below 2^31 values");
    }
    return (int) size;
  }

  /** Where the scaled features go: [maxRows][inputs]. */
  float[] inputs() {
    return inputs;
  }

  /** What a layer gave: [maxRows][outputs]. */
  float[] outputs(int layer) {
    return outputs[layer];
  }

  /** Makes room for what dropout leaves of the outputs. */
  void makeDropped() {
    dropped = new float[layers.length - 1][];
    for (int l = 0; l < dropped.length; l++) {
      dropped[l] = new float[outputs[l].length];
    }
  }

  /** What a layer took in training. */
  float[] taken(int layer) {
    return layer == 0 ? inputs : dropped == null ? outputs[layer - 1] : dropped[layer - 1];
  }

  /** What the last layer gave: the logits, [maxRows][classes]. */
  float[] logits() {
    return outputs[outputs.length - 1];
  }

  /** Computes rows from..to of every layer; dropout may be null. */
  void run(float[] parameters, int from, int to, int thread, Dropout dropout) {
    float[] x = inputs;
    for (int l = 0; l < layers.length; l++) {
      Layer layer = layers[l];
      Kernels.active()
          .gemm(
              Orientation.NN,
              to - from,
              layer.outputs(),
              layer.inputs(),
              x,
              from * layer.inputs(),
              layer.inputs(),
              parameters,
              layer.weights(),
              layer.outputs(),
              outputs[l],
              from * layer.outputs(),
              layer.outputs(),
              Initial.BIAS,
              parameters,
              layer.biases(),
              layer.activation() == Activation.RELU ? Epilogue.RELU : Epilogue.NONE,
              null,
              0,
              0,
              workspaces[thread]);
      x = outputs[l];
      if (dropout != null && l < layers.length - 1) {
        dropout.apply(l, from * layer.outputs(), to * layer.outputs(), x, dropped[l]);
        x = dropped[l];
      }
    }
  }
}
