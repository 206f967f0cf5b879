package dev.lanewise.engine;

import dev.lanewise.kernel.math.Rows;

/**
 * Chooses what a model says of a row, from the sums of its last layer. Of a softmax it is the class
 * of the largest sum, the first of equals. Of a sigmoid each output holds if its sum is above 0.
 * Every way out asks here, because probabilities cannot decide: two sums that differ may become the
 * same float.
 *
 * <p>The loss of a mini-batch finds the same class on its way to the largest sum ({@link
 * Backpropagation#predicted}).
 */
public final class Decision {
  private final Objective objective;
  private final int outputs;

  /**
   * The decision of a model.
   *
   * @param objective what the network was trained for
   * @param outputs how many it has
   */
  public Decision(Objective objective, int outputs) {
    this.objective = objective;
    this.outputs = outputs;
  }

  /**
   * The number of labels of a row.
   *
   * @return 1 of a softmax, as many as there are outputs of a sigmoid, 0 in regression
   */
  public int columns() {
    return objective == Objective.SOFTMAX ? 1 : objective == Objective.SIGMOID ? outputs : 0;
  }

  /**
   * Decides the first rows of a mini-batch.
   *
   * @param sums of the last layer, [rows][outputs]
   * @param rows how many rows
   * @param labels [rows][columns], overwritten from an offset on: the number of the class, or 1 for
   *     an output that holds and 0 for another
   * @param offset where the labels start
   */
  public void decide(float[] sums, int rows, int[] labels, int offset) {
    int count = rows * columns();
    for (int i = 0; i < count; i++) {
      labels[offset + i] =
          objective == Objective.SOFTMAX
              ? Rows.argmax(outputs, sums, i * outputs)
              : holds(sums[i]) ? 1 : 0;
    }
  }

  /**
   * Whether an output of a sigmoid holds.
   *
   * @param sum of the last layer
   * @return true above 0, where the probability is above 1/2
   */
  public static boolean holds(double sum) {
    return sum > 0;
  }

  /**
   * The place of a class if all classes of a row are put in the order in which they would be
   * chosen.
   *
   * @param sums of the last layer, [rows][outputs]
   * @param row the number of the row
   * @param label the class
   * @return from 0, which is the place of the class that is chosen
   */
  public int place(float[] sums, int row, int label) {
    int place = 0;
    float own = sums[row * outputs + label];
    for (int c = 0; c < outputs; c++) {
      float other = sums[row * outputs + c];
      place += other > own || other == own && c < label ? 1 : 0;
    }
    return place;
  }

  /**
   * Chooses among numbers that are double, such as what another program computed or averages of
   * probabilities.
   *
   * @param numbers one a class
   * @return the first of the largest; -1 if all are NaN
   */
  public static int first(double... numbers) {
    int best = -1;
    for (int c = 0; c < numbers.length; c++) {
      if (best < 0 ? numbers[c] == numbers[c] : numbers[c] > numbers[best]) {
        best = c;
      }
    }
    return best;
  }
}
