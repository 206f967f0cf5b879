package dev.lanewise.engine;

import dev.lanewise.engine.internal.Objective;
import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.math.OutputLosses;

/**
 * What a training minimises: the mean of a loss over the rows of a mini-batch. A row with several
 * targets has the mean of their losses.
 */
public enum Loss {
  /** Softmax cross entropy of the outputs and a class, {@code log(sum of exp(y)) - y[class]}. */
  SOFTMAX(
      true,
      (b, from, to, n, scratch) -> KernelSet.active().softmaxCrossEntropy(b, from, to, n, scratch)),

  /** Cross entropy of a sigmoid per output and a target from 0 to 1. */
  SIGMOID(false, OutputLosses::sigmoidCrossEntropy),

  /** {@code (y - t)^2}. */
  SQUARED_ERROR(false, OutputLosses::squaredError),

  /** With {@code d = |y - t|}: {@code d^2 / 2} up to 1, and {@code d - 1/2} above. */
  HUBER(false, OutputLosses::huber),

  /** {@code |y - t|}. */
  ABSOLUTE_ERROR(false, OutputLosses::absoluteError);

  final Objective objective;

  Loss(boolean takesClasses, Objective.Rows rows) {
    Objective.Results outputs =
        (y, count, columns, results, offset, scratch) ->
            System.arraycopy(y, 0, results, offset, count * columns);
    objective = new Objective(name(), takesClasses, rows, outputs);
  }
}
