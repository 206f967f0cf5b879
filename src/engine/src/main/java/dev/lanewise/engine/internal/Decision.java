package dev.lanewise.engine.internal;

import dev.lanewise.kernel.math.RowMath;

/**
 * Chooses the answer for a row from the logits, the pre-activations of the last layer: for a class,
 * the largest, the first of equals; for flags, each output whose logit is above 0. All code that
 * needs an answer asks here, because probabilities cannot decide: two different logits may become
 * the same float.
 *
 * <p>The loss of a mini-batch finds the same class on its way to the largest logit ({@link
 * Backpropagation#predicted}).
 */
public final class Decision {
  private final boolean takesClasses;
  private final int columns;
  private final int outputs;

  /**
   * Makes the decision of a model.
   *
   * @param takesClasses whether the targets are classes
   * @param columns see {@link #columns}
   * @param outputs the number of its outputs
   */
  public Decision(boolean takesClasses, int columns, int outputs) {
    this.takesClasses = takesClasses;
    this.columns = columns;
    this.outputs = outputs;
  }

  /**
   * {@return the number of labels per row: 1 for a class, the number of outputs for flags, 0 for
   * numeric targets}
   */
  public int columns() {
    return columns;
  }

  /**
   * Decides the first rows of a mini-batch.
   *
   * @param logits the logits of the last layer, [rows][outputs]
   * @param labels [rows][columns], overwritten from an offset on: the class, or 1 for an output
   *     that holds and 0 for any other
   * @param offset where the labels start
   */
  public void decide(float[] logits, int rows, int[] labels, int offset) {
    int count = rows * columns;
    for (int i = 0; i < count; i++) {
      labels[offset + i] =
          takesClasses ? RowMath.argmax(outputs, logits, i * outputs) : logits[i] > 0 ? 1 : 0;
    }
  }

  /**
   * Decides the first rows by probabilities, such as averages over several networks: for flags, an
   * output holds if its probability is above 1/2.
   *
   * @param probabilities [rows][outputs]
   * @param labels as for {@link #decide(float[], int, int[], int)}
   * @param offset where the labels start
   */
  public void decide(double[] probabilities, int rows, int[] labels, int offset) {
    int count = rows * columns;
    for (int i = 0; i < count; i++) {
      labels[offset + i] =
          takesClasses
              ? first(probabilities, i * outputs, outputs)
              : probabilities[i] > 0.5 ? 1 : 0;
    }
  }

  /**
   * {@return the rank of a class, if all classes of a row are sorted in the order of choice, from
   * 0, the rank of the class that is chosen}
   *
   * @param logits the logits of the last layer, [rows][outputs]
   */
  public int place(float[] logits, int row, int label) {
    int place = 0;
    float own = logits[row * outputs + label];
    for (int c = 0; c < outputs; c++) {
      float other = logits[row * outputs + c];
      place += other > own || other == own && c < label ? 1 : 0;
    }
    return place;
  }

  /**
   * Chooses a class by doubles, such as the results of another program or averaged probabilities.
   *
   * @param numbers one per class
   * @return the first of the largest; -1 if all are NaN
   */
  public static int first(double... numbers) {
    return first(numbers, 0, numbers.length);
  }

  private static int first(double[] numbers, int from, int count) {
    int best = -1;
    for (int c = 0; c < count; c++) {
      double number = numbers[from + c];
      if (best < 0 ? number == number : number > numbers[from + best]) {
        best = c;
      }
    }
    return best;
  }
}
