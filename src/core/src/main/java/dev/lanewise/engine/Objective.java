package dev.lanewise.engine;

import dev.lanewise.kernel.math.OutputBatch;

/**
 * The loss of a network as the engine uses it. The descriptor of each loss makes its own instance.
 *
 * @param label the name of the loss, for messages
 * @param targets what a row has as its target
 * @param rows computes losses and gradients
 */
public record Objective(String label, Targets targets, Rows rows) {
  /** What a row has as its target; this decides what a user gets of the outputs. */
  public enum Targets {
    /** One class per row: softmax gives probabilities that add up to 1. */
    CLASS,
    /** A number from 0 to 1 per output: a sigmoid of each output gives its probability. */
    FLAGS,
    /** Any number per output: users get the outputs themselves. */
    NUMBERS
  }

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

  /** {@return whether rows have classes as targets} */
  public boolean takesClasses() {
    return targets == Targets.CLASS;
  }
}
