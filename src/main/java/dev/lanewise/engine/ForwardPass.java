package dev.lanewise.engine;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.gemm.Epilogue;
import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Initial;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.kernel.gemm.Workspace;
import dev.lanewise.kernel.math.Nonlinearity;
import java.util.Arrays;
import java.util.List;

/**
 * Rows through the layers of a network, in buffers made once for the largest batch. Every row can
 * be computed by itself, so threads share a batch by rows; each uses its own workspace.
 */
final class ForwardPass {
  private static final int MOST_VALUES = Integer.MAX_VALUE - 8;

  private final Network.Layer[] layers;
  private final int maxRows;
  private float[] inputs; // [maxRows][inputs], made when first asked for
  private final float[][] sums; // a layer: [maxRows][outputs]; the outputs unless both are needed
  private final float[][] outputs; // a layer: [maxRows][outputs]
  private final Gemm[][] products; // [threads][layers]
  private final boolean isPacked; // whether the products have their weights for good
  private final float[][] scratch; // [threads], of the activations
  private float[][] dropped; // a hidden layer: its outputs after dropout; null without it

  /**
   * Makes the buffers. The sums of a layer are kept beside its outputs only for the way back.
   *
   * @param packed a layer: its weights, if they stay as they are; or null
   * @param workspaces of each thread
   */
  ForwardPass(
      Network network,
      int maxRows,
      boolean wayBack,
      PackedMatrix[] packed,
      Workspace[] workspaces) {
    layers = network.layers().toArray(new Network.Layer[0]);
    this.maxRows = maxRows;
    size(maxRows, network.inputs());
    if (wayBack) {
      inputs(); // made here: later, several threads would ask for the first time at once
    }
    sums = new float[layers.length][];
    outputs = new float[layers.length][];
    products = new Gemm[workspaces.length][layers.length];
    for (int l = 0; l < layers.length; l++) {
      Network.Layer layer = layers[l];
      outputs[l] = new float[size(maxRows, layer.outputs())];
      boolean both = wayBack && layer.keepsSums();
      sums[l] = both ? new float[outputs[l].length] : outputs[l];
      for (int thread = 0; thread < workspaces.length; thread++) {
        products[thread][l] =
            Kernels.active()
                .gemm(Orientation.NN, maxRows, layer.outputs(), layer.inputs(), workspaces[thread]);
        if (packed != null) {
          products[thread][l].b(packed[l]);
        }
      }
    }
    isPacked = packed != null;
    scratch = new float[workspaces.length][Kernels.ACTIVATION_SCRATCH];
  }

  /** A workspace for each thread. */
  static Workspace[] workspaces(int threads) {
    Workspace[] workspaces = new Workspace[threads];
    Arrays.setAll(workspaces, thread -> new Workspace());
    return workspaces;
  }

  /** The length of a buffer, refused in words where it would not be an array's. */
  static int size(int rows, int columns) {
    long size = (long) rows * columns;
    if (size > MOST_VALUES) {
      throw new IllegalArgumentException(
          "a batch of "
              + rows
              + " rows of "
              + columns
              + " values (inputs, units of a layer or classes): must be below 2^31 values");
    }
    return (int) size;
  }

  /**
   * The weights of a network that stay as they are, packed: a layer each; null if one cannot be.
   */
  static PackedMatrix[] pack(Network network, float[] parameters) {
    List<Network.Layer> layers = network.layers();
    PackedMatrix[] packed = new PackedMatrix[layers.size()];
    for (int l = 0; l < packed.length; l++) {
      Network.Layer layer = layers.get(l);
      packed[l] =
          Kernels.active().pack(layer.outputs(), layer.inputs(), parameters, layer.weights());
      if (packed[l] == null) {
        return null;
      }
    }
    return packed;
  }

  /** Where the scaled features go, [maxRows][inputs], unless they are read elsewhere. */
  float[] inputs() {
    if (inputs == null) {
      inputs = new float[maxRows * layers[0].inputs()];
    }
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
    return layer == 0 ? inputs() : dropped == null ? outputs[layer - 1] : dropped[layer - 1];
  }

  /** What the way back through a layer's activation needs: its sums or its outputs. */
  float[] kept(int layer) {
    return sums[layer];
  }

  /** What the last layer gave: the logits, [maxRows][classes]. */
  float[] logits() {
    return outputs[outputs.length - 1];
  }

  /** Computes rows from..to of every layer, from the inputs; dropout may be null. */
  void run(float[] parameters, int from, int to, int thread, Dropout dropout) {
    run(parameters, inputs(), from, to, thread, dropout, 0);
  }

  /** The same from x, whose row 0 stands at an offset. */
  void run(
      float[] parameters, float[] x, int from, int to, int thread, Dropout dropout, int xOffset) {
    int inputs = layers[0].inputs();
    products[thread][0].a(x, xOffset + from * inputs, inputs);
    layer(0, parameters, 0, inputs, from, to, thread);
    laterLayers(parameters, from, to, thread, dropout);
  }

  /** Computes rows from..to of every layer but the first. */
  void laterLayers(float[] parameters, int from, int to, int thread, Dropout dropout) {
    for (int l = 1; l < layers.length; l++) {
      int inputs = layers[l].inputs();
      float[] taken = outputs[l - 1];
      if (dropout != null) {
        dropout.apply(l - 1, from * inputs, to * inputs, taken, dropped[l - 1]);
        taken = dropped[l - 1];
      }
      products[thread][l].a(taken, from * inputs, inputs);
      layer(l, parameters, 0, inputs, from, to, thread);
    }
  }

  /**
   * Adds the products of some inputs of the first layer to the sums of rows from..to, which are
   * finished with its last input. These inputs stand side by side, [rows][inputs of them].
   */
  void firstLayer(
      float[] parameters, int input, int endInput, int from, int to, int thread, int xOffset) {
    products[thread][0].a(inputs(), xOffset, endInput - input);
    layer(0, parameters, input, endInput, from, to, thread);
  }

  /** A layer, or some inputs of it, of rows that its product has as A. */
  private void layer(
      int l, float[] parameters, int input, int endInput, int from, int to, int thread) {
    Network.Layer layer = layers[l];
    int columns = layer.outputs();
    int first = from * columns;
    boolean ends = endInput == layer.inputs();
    boolean relu = ends && layer.relu();
    Gemm product = products[thread][l];
    if (!isPacked) {
      product.b(parameters, layer.weights() + input * columns);
    }
    product
        .c(sums[l], first)
        .bias(parameters, layer.biases())
        .from(input == 0 ? Initial.BIAS : Initial.RESULT)
        .then(relu ? Epilogue.RELU : Epilogue.NONE)
        .multiply(to - from, endInput - input);
    if (ends && layer.activation() != null) {
      Kernels.active()
          .activation(
              layer.activation(),
              first,
              (to - from) * columns,
              sums[l],
              outputs[l],
              scratch[thread]);
    }
  }

  /** A thread's scratch of activations, which both ways share. */
  float[] scratch(int thread) {
    return scratch[thread];
  }

  /** Turns the logits of the first rows into what a user gets; rowScratch floats of scratch. */
  void results(Objective loss, int rows, float[] results, int offset, float[] row) {
    int columns = layers[layers.length - 1].outputs();
    float[] logits = logits();
    if (loss == Objective.SOFTMAX) {
      Kernels.active().softmax(rows, columns, logits, 0, results, offset, row);
      return;
    }
    if (loss == Objective.SIGMOID) {
      // In place: the losses have been computed, and what follows is another batch.
      Kernels.active()
          .activation(Nonlinearity.SIGMOID, 0, rows * columns, logits, logits, scratch[0]);
    }
    System.arraycopy(logits, 0, results, offset, rows * columns);
  }
}
