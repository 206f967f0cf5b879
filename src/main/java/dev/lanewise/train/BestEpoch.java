package dev.lanewise.train;

import dev.lanewise.nn.Loss;

/**
 * By what an epoch is the best of a run, so that the trained network has the weights that it ended
 * with. All of it is measured on the validation rows; what is NaN is never the best.
 */
public enum BestEpoch {
  /** None is: the network has the weights of the last step. */
  NONE,
  /** The first with the smallest loss. */
  LOSS,
  /** The last with the smallest loss. */
  LAST_LOSS,
  /**
   * The first with the fewest errors: the largest accuracy, which for regression is the largest R2,
   * that is the smallest squared error.
   */
  ERROR,
  /** The last with the fewest errors. Where many epochs are equal it has learned the longest. */
  LAST_ERROR;

  /** Whether the last of equals is taken. */
  boolean takesLast() {
    return this == LAST_LOSS || this == LAST_ERROR;
  }

  /** What is smallest in the best epoch. */
  double value(EpochResult result, Loss loss) {
    return switch (this) {
      case NONE -> Double.NaN;
      case LOSS, LAST_LOSS -> result.validLoss();
      // The squared error is there where R2 has no meaning, as all targets are equal.
      case ERROR, LAST_ERROR -> loss == Loss.MSE ? result.validLoss() : -result.validAccuracy();
    };
  }
}
