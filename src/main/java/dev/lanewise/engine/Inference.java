package dev.lanewise.engine;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.gemm.PackedMatrix;

/**
 * Rows through a network that stays as it is, by one thread. Allocates nothing once it is made and
 * {@link #inputs} has been asked for.
 */
public final class Inference {
  private final float[] parameters;
  private final ForwardPass forward;
  private final float[] scratch;

  /**
   * Makes the buffers.
   *
   * @param network the layers
   * @param parameters W1, b1, W2, b2, ...
   * @param packed the weights as {@link #pack} gives them; or null
   * @param maxRows rows of the largest batch
   * @throws IllegalArgumentException if a buffer would hold 2^31 values or more
   */
  public Inference(Network network, float[] parameters, PackedMatrix[] packed, int maxRows) {
    this.parameters = parameters;
    forward = new ForwardPass(network, maxRows, false, packed, ForwardPass.workspaces(1));
    scratch = new float[Kernels.rowScratch(network.outputs())];
  }

  /**
   * The weights as the kernels read them fastest, to be shared by all who predict with them.
   *
   * @param network the layers
   * @param parameters W1, b1, W2, b2, ...
   * @return a layer each; null if one would be too large for an array
   */
  public static PackedMatrix[] pack(Network network, float[] parameters) {
    return ForwardPass.pack(network, parameters);
  }

  /**
   * The length of a buffer.
   *
   * @param rows how many rows
   * @param columns values of each
   * @return rows times columns
   * @throws IllegalArgumentException if it would hold 2^31 values or more
   */
  public static int size(int rows, int columns) {
    return ForwardPass.size(rows, columns);
  }

  /**
   * A buffer for scaled features.
   *
   * @return [maxRows][inputs], row-major
   */
  public float[] inputs() {
    return forward.inputs();
  }

  /**
   * Computes the outputs of some rows.
   *
   * @param x scaled features, [rows][inputs] from an offset on
   * @param xOffset where they start
   * @param rows at most as many as the constructor was told
   */
  public void run(float[] x, int xOffset, int rows) {
    forward.run(parameters, x, 0, rows, 0, null, xOffset);
  }

  /**
   * What the last layer gave, before any softmax or sigmoid.
   *
   * @return [maxRows][outputs], row-major
   */
  public float[] outputs() {
    return forward.logits();
  }

  /**
   * What a layer gave.
   *
   * @param layer from 0
   * @return [maxRows][units], row-major
   */
  public float[] outputs(int layer) {
    return forward.outputs(layer);
  }

  /**
   * Turns the outputs into what a user gets: probabilities, or the outputs themselves.
   *
   * @param objective what the network was trained for
   * @param rows how many rows
   * @param results [rows][outputs], overwritten from an offset on
   * @param offset where they start
   */
  public void results(Objective objective, int rows, float[] results, int offset) {
    forward.results(objective, rows, results, offset, scratch);
  }
}
