package dev.lanewise.nn;

import dev.lanewise.kernel.Aligned;
import dev.lanewise.kernel.Blocks;
import dev.lanewise.kernel.Epilogue;
import dev.lanewise.kernel.Initial;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Nonlinearity;
import dev.lanewise.kernel.Orientation;
import java.util.List;

/**
 * Rows through the layers of a network, in buffers made once for the largest batch. Every row can
 * be computed by itself, so threads share a batch by rows; each uses its own workspace.
 */
final class ForwardPass {
  /** Of a buffer, which may have some more than it needs. */
  private static final int MOST_VALUES = Integer.MAX_VALUE - 8 - Aligned.START;

  private final Layer[] layers;
  private final int maxRows;
  private float[] inputs; // [maxRows][inputs] or in blocks, made when first asked for
  private int inputsDistance; // of their rows, or below 0 of their blocks
  private final boolean wayBack;
  private final float[][] sums; // a layer: [maxRows][outputs]; the outputs unless both are needed
  private final float[][] outputs; // a layer: [maxRows][outputs]
  private final float[][] workspaces; // [threads]
  private final float[][] packed; // a layer: its weights as the kernels pack them, or null
  private boolean backwards; // of packed weights: there and back by turns
  private float[][] dropped; // a hidden layer: its outputs after dropout; null without it

  /**
   * Makes the buffers. The sums of a layer are kept beside its outputs only for the way back.
   *
   * @param workspaces of each thread, of {@link #workspace} floats
   */
  ForwardPass(
      Architecture architecture,
      int maxRows,
      boolean wayBack,
      float[][] packed,
      float[][] workspaces) {
    this.packed = packed;
    this.workspaces = workspaces;
    List<Layer> list = architecture.layers();
    layers = list.toArray(new Layer[0]);
    this.maxRows = maxRows;
    size(maxRows, architecture.inputs());
    inputsDistance = architecture.inputs();
    this.wayBack = wayBack;
    if (wayBack) {
      inputs(); // made here: later, several threads would ask for the first time at once
    }
    sums = new float[layers.length][];
    outputs = new float[layers.length][];
    for (int l = 0; l < layers.length; l++) {
      Layer layer = layers[l];
      outputs[l] = new float[size(maxRows, layer.outputs())];
      boolean both = wayBack && layer.activation().keepsSums();
      sums[l] = both ? new float[outputs[l].length] : outputs[l];
    }
  }

  /** How many floats of workspace a thread needs. */
  static int workspace(Architecture architecture, int maxRows) {
    int workspace = Kernels.ACTIVATION_SCRATCH;
    for (Layer layer : architecture.layers()) {
      workspace =
          Math.max(
              workspace,
              Kernels.active()
                  .gemmWorkspace(Orientation.NN, maxRows, layer.outputs(), layer.inputs()));
    }
    return workspace;
  }

  /** The length of a buffer, refused in words where it would not be an array's. */
  static int size(int rows, int columns) {
    long size = (long) rows * columns;
    if (size > MOST_VALUES) {
      throw new IllegalArgumentException(
          "a batch of " + rows + " rows of " + columns + " values: must be below 2^31 values");
    }
    return (int) size;
  }

  /** The weights of a network that stay as they are, packed: a layer each. */
  static float[][] pack(Architecture architecture, float[] parameters) {
    Kernels kernels = Kernels.active();
    List<Layer> layers = architecture.layers();
    float[][] packed = new float[layers.size()][];
    for (int l = 0; l < packed.length; l++) {
      Layer layer = layers.get(l);
      int out = layer.outputs();
      long length = kernels.packedLength(out, layer.inputs());
      if (length > MOST_VALUES) {
        return null; // as it stands it may just fit an array
      }
      packed[l] = Aligned.floats((int) length);
      kernels.pack(
          out, layer.inputs(), parameters, layer.weightsOffset(), out, packed[l], Aligned.START);
    }
    return packed;
  }

  /** Where the first feature goes: what the way back reads by vectors is aligned. */
  int inputsOffset() {
    return wayBack ? Aligned.START : 0;
  }

  /** Where the scaled features go, unless they are read elsewhere. */
  float[] inputs() {
    if (inputs == null) {
      int rows = maxRows * layers[0].inputs();
      inputs =
          wayBack
              ? Aligned.floats(mayUseBlocks() ? Math.max(rows, (int) blocksSize()) : rows)
              : new float[rows];
    }
    return inputs;
  }

  private long blocksSize() {
    return Blocks.size(maxRows, layers[0].inputs());
  }

  /** In blocks are read what the way back reads, too. */
  private boolean mayUseBlocks() {
    return wayBack && blocksSize() <= MOST_VALUES;
  }

  /** Has the next features stand in blocks where there may be such, or in rows. */
  void arrangeInputs(boolean blocks) {
    inputsDistance = blocks && mayUseBlocks() ? -Blocks.step(maxRows) : layers[0].inputs();
  }

  /** The distance of the rows of the inputs, or below 0 that of their blocks. */
  int inputsDistance() {
    return inputsDistance;
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
    run(parameters, inputs(), inputsOffset(), inputsDistance, from, to, thread, dropout);
  }

  /** The same from x, whose row 0 stands at an offset. */
  void run(
      float[] parameters,
      float[] x,
      int xOffset,
      int ldx,
      int from,
      int to,
      int thread,
      Dropout dropout) {
    int at = xOffset + Blocks.place(from, 0, ldx);
    if (packed != null) {
      backwards = !backwards; // only predictors have such, and each is one thread's
    }
    layer(0, parameters, 0, layers[0].inputs(), x, at, ldx, from, to, thread);
    laterLayers(parameters, from, to, thread, dropout);
  }

  /** Computes rows from..to of every layer but the first. */
  void laterLayers(float[] parameters, int from, int to, int thread, Dropout dropout) {
    for (int l = 1; l < layers.length; l++) {
      int first = from * layers[l].inputs();
      float[] taken = outputs[l - 1];
      if (dropout != null) {
        dropout.apply(l - 1, first, to * layers[l].inputs(), taken, dropped[l - 1]);
        taken = dropped[l - 1];
      }
      int inputs = layers[l].inputs();
      layer(l, parameters, 0, inputs, taken, first, inputs, from, to, thread);
    }
  }

  /**
   * Adds the products of some inputs of the first layer to the sums of rows from..to, which are
   * finished with its last input.
   */
  void firstLayer(
      float[] parameters,
      int input,
      int endInput,
      int xOffset,
      int ldx,
      int from,
      int to,
      int thread) {
    layer(0, parameters, input, endInput, inputs(), xOffset, ldx, from, to, thread);
  }

  private void layer(
      int l,
      float[] parameters,
      int input,
      int endInput,
      float[] x,
      int xOffset,
      int ldx,
      int from,
      int to,
      int thread) {
    Layer layer = layers[l];
    boolean ends = endInput == layer.inputs();
    Kernels.active()
        .gemm(
            Orientation.NN,
            to - from,
            layer.outputs(),
            endInput - input,
            x,
            xOffset,
            ldx,
            packed == null ? parameters : packed[l],
            packed == null ? layer.weightsOffset() + input * layer.outputs() : Aligned.START,
            packed == null
                ? layer.outputs()
                : backwards ? Kernels.PACKED_BACKWARDS : Kernels.PACKED,
            sums[l],
            from * layer.outputs(),
            layer.outputs(),
            input == 0 ? Initial.BIAS : Initial.RESULT,
            parameters,
            layer.biasesOffset(),
            ends && layer.activation() == Activation.RELU ? Epilogue.RELU : Epilogue.NONE,
            null,
            0,
            0,
            workspaces[thread]);
    if (ends && layer.activation().pass != null) {
      Kernels.active()
          .activation(
              layer.activation().pass,
              from * layer.outputs(),
              (to - from) * layer.outputs(),
              sums[l],
              outputs[l],
              workspaces[thread]);
    }
  }

  /** Turns the logits of the first rows into what a user gets; rowScratch floats of scratch. */
  void results(Loss loss, int rows, float[] results, int offset, float[] scratch) {
    int columns = layers[layers.length - 1].outputs();
    float[] logits = logits();
    if (loss == Loss.SOFTMAX) {
      Kernels.active()
          .softmax(rows, columns, logits, 0, columns, results, offset, columns, scratch);
      return;
    }
    if (loss == Loss.SIGMOID) {
      // In place: the losses have been computed, and what follows is another batch.
      Kernels.active()
          .activation(Nonlinearity.SIGMOID, 0, rows * columns, logits, logits, workspaces[0]);
    }
    System.arraycopy(logits, 0, results, offset, rows * columns);
  }
}
