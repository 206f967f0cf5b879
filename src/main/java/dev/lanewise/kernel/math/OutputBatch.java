package dev.lanewise.kernel.math;

/**
 * What the last layer gives for the rows of a mini-batch, what it should have given, and what the
 * loss makes of both. All arrays have room for the largest batch; threads share it by rows.
 */
public final class OutputBatch {
  /** How many outputs a row has. */
  public final int columns;

  /** [rows][columns], before any softmax or sigmoid. */
  public final float[] outputs;

  /** [rows][columns], the gradient of the loss by the outputs; may be the outputs themselves. */
  public final float[] gradient;

  /** [rows], the loss of each row. */
  public final float[] losses;

  /** [rows], the classes that the rows have, for a loss that takes classes. */
  public final int[] labels;

  /** [rows], the classes that the outputs say, for a loss that takes classes. */
  public final int[] predicted;

  /** [rows][columns], what the rows should give, for a loss that takes numbers; else null. */
  public final float[] targets;

  /**
   * Makes the arrays that are not given.
   *
   * @param rows of the largest mini-batch
   * @param columns how many outputs a row has
   * @param outputs [rows][columns]
   * @param gradient [rows][columns]
   * @param classes whether the loss takes classes
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
