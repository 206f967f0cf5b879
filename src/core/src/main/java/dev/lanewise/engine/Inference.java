package dev.lanewise.engine;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.gemm.PackedMatrix;

/**
 * Computes the outputs of a network that does not change, on one thread. Allocates nothing after
 * the first call of {@link #inputs}.
 */
public final class Inference {
  private final float[] parameters;
  private final ForwardPass forward;
  private final float[] scratch;

  /**
   * Makes the buffers.
   *
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
   * Packs the weights as the kernels read them fastest; several threads may share them.
   *
   * @param parameters W1, b1, W2, b2, ...
   * @return one per layer; null if one would be too large for an array
   */
  public static PackedMatrix[] pack(Network network, float[] parameters) {
    return ForwardPass.pack(network, parameters);
  }

  /**
   * {@return the length of a buffer: rows times columns}
   *
   * @param columns values per row
   * @throws IllegalArgumentException if it would hold 2^31 values or more
   */
  public static int size(int rows, int columns) {
    return ForwardPass.size(rows, columns);
  }

  /** {@return the buffer for scaled features, [maxRows][inputs], row-major} */
  public float[] inputs() {
    return forward.inputs();
  }

  /**
   * Computes the outputs of some rows.
   *
   * @param x scaled features, [rows][inputs] from an offset on
   */
  public void run(float[] x, int xOffset, int rows) {
    forward.run(parameters, x, 0, rows, 0, null, xOffset);
  }

  /** {@return the outputs of the last layer before any softmax or sigmoid, [maxRows][outputs]} */
  public float[] outputs() {
    return forward.logits();
  }

  /** {@return the outputs of a layer, [maxRows][units], row-major} */
  public float[] outputs(int layer) {
    return forward.outputs(layer);
  }

  /**
   * Converts the outputs into what a user gets: probabilities, or the outputs themselves.
   *
   * @param results [rows][outputs], overwritten from an offset on
   */
  public void results(Objective objective, int rows, float[] results, int offset) {
    forward.results(objective, rows, results, offset, scratch);
  }
}
