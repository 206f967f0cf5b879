package dev.lanewise.train;

import dev.lanewise.nn.Loss;

/**
 * Criterion for the best epoch of a run, whose final weights the trained network gets. Losses and
 * errors are measured on the validation rows, which also count by the weights of their classes if
 * the training has such weights or balanced mini-batches; an epoch with a NaN is never the best.
 */
public enum BestEpoch {
  /** No epoch: the network has the weights of the last step. */
  NONE,
  /** The first epoch with the smallest loss. */
  LOSS,
  /** The last epoch with the smallest loss. */
  LAST_LOSS,
  /** The first epoch with the largest accuracy; for regression with the largest R2. */
  ERROR,
  /** The last epoch with the largest accuracy or R2: among equal epochs it has trained longest. */
  LAST_ERROR;

  /** Returns whether the last of several equal epochs is the best. */
  boolean takesLast() {
    return this == LAST_LOSS || this == LAST_ERROR;
  }

  /** Returns the value that is smallest in the best epoch. */
  double value(EpochResult result, Loss loss) {
    if (this == NONE) {
      return Double.NaN;
    }
    // If all targets are equal, R2 is undefined, but the squared error is not.
    boolean byLoss = this == LOSS || this == LAST_LOSS || loss == Loss.MSE;
    return byLoss ? result.validLoss() : -result.validScore();
  }
}
