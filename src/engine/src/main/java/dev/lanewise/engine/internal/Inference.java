package dev.lanewise.engine.internal;

import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.gemm.PackedMatrix;
import java.util.List;

/**
 * Computes the outputs of a network that does not change, on one thread. Allocates nothing after it
 * was made.
 */
public final class Inference {
  private final float[] parameters;
  private final Expansion expansion; // or null
  private final ForwardPass forward;

  /**
   * Makes the buffers.
   *
   * @param packed the weights as {@link #pack} gives them; or null
   * @param maxRows rows of the largest batch
   * @throws IllegalArgumentException if a buffer would hold 2^31 values or more
   */
  public Inference(NetworkView model, PackedMatrix[] packed, int maxRows) {
    parameters = model.parameters();
    expansion = model.expansion();
    Network network = model.network();
    forward = new ForwardPass(network, maxRows, false, packed, ForwardPass.workspaces(1));
    if (expansion != null) {
      forward.inputs(); // allocated here because predictions must not allocate
    }
  }

  /**
   * Packs the weights as the kernels read them fastest; several threads may share them.
   *
   * @param parameters W1, b1, W2, b2, ...
   * @return one per layer; null if one would be too large for an array
   */
  public static PackedMatrix[] pack(Network network, float[] parameters) {
    List<Network.Layer> layers = network.layers();
    PackedMatrix[] packed = new PackedMatrix[layers.size()];
    for (int l = 0; l < packed.length; l++) {
      Network.Layer layer = layers.get(l);
      packed[l] =
          KernelSet.active().pack(layer.outputs(), layer.inputs(), parameters, layer.weights());
      if (packed[l] == null) {
        return null;
      }
    }
    return packed;
  }

  /**
   * Computes the outputs of some rows.
   *
   * @param x scaled features, [rows][features] from an offset on
   */
  public void run(float[] x, int xOffset, int rows) {
    if (expansion == null) {
      forward.run(parameters, x, 0, rows, 0, null, xOffset);
    } else {
      expansion.expand(x, xOffset, rows, forward.inputs(), 0);
      forward.run(parameters, forward.inputs(), 0, rows, 0, null, 0);
    }
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
    forward.results(objective, rows, results, offset);
  }
}
