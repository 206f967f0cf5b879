package dev.lanewise.engine.internal;

import dev.lanewise.kernel.math.OutputBatch;

/**
 * The loss of a network as the engine uses it. The descriptor of each loss makes its own instance.
 *
 * @param label the name of the loss, for messages
 * @param takesClasses whether rows have classes as targets
 * @param rows computes losses and gradients
 * @param results makes results of outputs
 */
public record Objective(String label, boolean takesClasses, Rows rows, Results results) {
  /** The losses and gradients of some rows. */
  public interface Rows {
    /**
     * Computes the losses of rows and their gradients with respect to the outputs.
     *
     * @param batch its gradient and losses are overwritten
     * @param to after the last row
     * @param divisor divides the gradients
     * @param scratch floats whose contents are lost
     */
    void compute(OutputBatch batch, int from, int to, float divisor, float[] scratch);
  }

  /** What a user gets of the outputs. */
  public interface Results {
    /**
     * Converts the outputs of rows.
     *
     * @param outputs [rows][columns], may be overwritten
     * @param results [rows][columns], overwritten from an offset on
     * @param scratch as many floats as both an activation and a row need, whose contents are lost
     */
    void compute(
        float[] outputs, int rows, int columns, float[] results, int offset, float[] scratch);
  }
}
