package dev.lanewise.kernel.math;

/**
 * The outputs of the last layer for the rows of a mini-batch, their targets, and the loss with its
 * gradient. All arrays have room for the largest batch; each thread works on its own rows.
 */
public final class OutputBatch {
  /** Number of outputs per row. */
  public final int columns;

  /** [rows][columns], before any softmax or sigmoid. */
  public final float[] outputs;

  /** [rows][columns], the gradient with respect to the outputs; may be the array of the outputs. */
  public final float[] gradient;

  /** [rows], the loss of each row. */
  public final float[] losses;

  /** [rows], the true classes of the rows, for a loss on classes. */
  public final int[] labels;

  /** [rows], the predicted classes of the rows, for a loss on classes. */
  public final int[] predicted;

  /** [rows][columns], the numeric targets, or null for a loss on classes. */
  public final float[] targets;

  /**
   * Makes a batch from the arrays of outputs and gradients, and allocates the other arrays.
   *
   * @param rows the number of rows of the largest mini-batch
   * @param outputs [rows][columns]
   * @param gradient [rows][columns]
   * @param classes whether the loss is one on classes
   */
  public OutputBatch(int rows, int columns, float[] outputs, float[] gradient, boolean classes) {
    this.columns = columns;
    this.outputs = outputs;
    this.gradient = gradient;
    losses = new float[rows];
    labels = new int[rows];
    predicted = new int[rows];
    targets = classes ? null : new float[outputs.length];
  }
}
