package dev.lanewise.train;

import dev.lanewise.nn.Loss;

/**
 * Criterion for the best epoch of a run, whose final weights the trained network gets. Losses and
 * figures are measured on the validation rows, which also count by the weights of their classes if
 * the training has such weights or balanced mini-batches; an epoch with a NaN is never the best.
 */
public final class BestEpoch {
  /** No epoch: the network has the weights of the last step. */
  public static final BestEpoch NONE = new BestEpoch("NONE", null, false);

  /** The first epoch with the smallest loss. */
  public static final BestEpoch LOSS = new BestEpoch("LOSS", null, false);

  /** The last epoch with the smallest loss. */
  public static final BestEpoch LAST_LOSS = LOSS.last();

  /** The first epoch with the largest accuracy; for regression with the largest R2. */
  public static final BestEpoch ERROR = new BestEpoch("ERROR", null, false);

  /** The last epoch with the largest accuracy or R2: among equal epochs it has trained longest. */
  public static final BestEpoch LAST_ERROR = ERROR.last();

  /** The name of the measure, whichever of equal epochs is the best. */
  final String name;

  /** The function that measures a network; null if the results of an epoch suffice. */
  final EpochMeasure measure;

  /** Whether the last of several equal epochs is the best. */
  final boolean takesLast;

  private BestEpoch(String name, EpochMeasure measure, boolean takesLast) {
    this.name = name;
    this.measure = measure;
    this.takesLast = takesLast;
  }

  /**
   * Returns the first epoch that is best by a measure.
   *
   * @param measure its value is smallest in the best epoch
   * @return the criterion
   */
  public static BestEpoch by(EpochMeasure measure) {
    return new BestEpoch(measure.name(), measure, false);
  }

  /**
   * Returns the last of several equal epochs in place of the first.
   *
   * @return the criterion; for {@link #NONE} the same
   */
  public BestEpoch last() {
    return this == NONE ? this : new BestEpoch(name, measure, true);
  }

  /** Returns whether a network with a loss has this measure. */
  boolean suits(Loss loss) {
    return measure == null || measure.suits(loss);
  }

  /** Returns the value that is smallest in the best epoch, from the results of the epoch. */
  double value(EpochResult result, Loss loss) {
    if (this == NONE) {
      return Double.NaN;
    }
    // If all targets are equal, R2 is undefined, but the squared error is not. A network of a
    // quantile has a smaller R2 than one of the mean.
    boolean byLoss = name.equals("LOSS") || loss == Loss.MSE || loss.quantile().isPresent();
    return byLoss ? result.validLoss() : -result.validScore();
  }

  /** {@return the name that a checkpoint keeps, such as {@code LAST_LOSS}} */
  @Override
  public String toString() {
    return (takesLast ? "LAST_" : "") + name;
  }
}
