package dev.lanewise.train;

import dev.lanewise.data.Rows;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;

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
  final Measure measure;

  /** Whether the last of several equal epochs is the best. */
  final boolean takesLast;

  private BestEpoch(String name, Measure measure, boolean takesLast) {
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
  public static BestEpoch by(Measure measure) {
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
    boolean byLoss = name.equals("LOSS") || loss.isOwnError();
    return byLoss ? result.validLoss() : -result.validScore();
  }

  /** {@return the name that a checkpoint keeps, such as {@code LAST_LOSS}} */
  @Override
  public String toString() {
    return (takesLast ? "LAST_" : "") + name;
  }

  /**
   * A measure of the network of an epoch, which {@link #by} takes. It is a function of the network
   * and the validation rows alone, so that a resumed run chooses the same epoch.
   */
  public interface Measure {
    /**
     * {@return the name, such as {@code AUC}} A checkpoint keeps it, and a run resumes only with a
     * measure of the same name, so another measure needs another name.
     */
    String name();

    /**
     * Returns whether networks with a loss have this measure; {@link Trainer#fit} refuses any other
     * rule.
     *
     * @param loss the loss of the network
     * @return whether it has
     */
    boolean suits(Loss loss);

    /**
     * Measures a network.
     *
     * @param network the network after the epoch, valid until this method returns
     * @param validation the validation rows, whose weights include those of their classes if the
     *     training has such weights
     * @param threads number of threads of the training
     * @return the value, which is smallest in the best epoch; an epoch with a NaN is never the best
     * @throws ArithmeticException if a result is not finite, in place of a NaN
     */
    double value(Mlp network, Rows validation, int threads);
  }
}
