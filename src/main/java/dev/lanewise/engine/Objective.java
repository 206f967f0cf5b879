package dev.lanewise.engine;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.math.OutputBatch;
import dev.lanewise.kernel.math.OutputLosses;

/** What a network is trained for: the loss of its outputs, row by row, with its gradient. */
public enum Objective {
  /** Softmax and cross entropy with a class for each row. */
  SOFTMAX(Kernels.active()::softmaxCrossEntropy),
  /** Sigmoid and cross entropy with a number from 0 to 1 for each output. */
  SIGMOID(OutputLosses::sigmoidCrossEntropy),
  /** Squared error. */
  MSE(OutputLosses::squaredError),
  /** Huber's loss. */
  HUBER(OutputLosses::huber);

  /** The losses and gradients of rows from..to, divided by a number. */
  interface Rows {
    void compute(OutputBatch batch, int from, int to, float divisor, float[] scratch);
  }

  final Rows rows;

  Objective(Rows rows) {
    this.rows = rows;
  }

  /**
   * Whether rows have classes.
   *
   * @return false if they have a number for each output
   */
  public boolean takesClasses() {
    return this == SOFTMAX;
  }
}
