package dev.lanewise.train;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.metrics.RegressionMetrics;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.nn.Loss;

/**
 * Criterion for the best epoch of a run, whose final weights the trained network gets. Losses and
 * figures are measured on the validation rows, which also count by the weights of their classes if
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
  LAST_ERROR,
  /** The first epoch with the largest mean ROC AUC of the classes or labels. */
  AUC,
  /** The last epoch with the largest mean ROC AUC. */
  LAST_AUC,
  /** The first epoch with the largest balanced accuracy: the mean recall of the classes. */
  BALANCED,
  /** The last epoch with the largest balanced accuracy. */
  LAST_BALANCED,
  /** The first epoch with the largest mean F1 of the classes. */
  F1,
  /** The last epoch with the largest mean F1. */
  LAST_F1,
  /** The first epoch with the smallest mean absolute error; for numeric targets. */
  MAE,
  /** The last epoch with the smallest mean absolute error. */
  LAST_MAE;

  /** Returns whether the last of several equal epochs is the best. */
  boolean takesLast() {
    return ordinal() > 0 && ordinal() % 2 == 0; // each measure stands before its last epoch
  }

  /** Returns the measure, whichever of equal epochs is the best. */
  BestEpoch measure() {
    return takesLast() ? values()[ordinal() - 1] : this;
  }

  /** Returns whether the results of all rows are needed, as losses and scores do not suffice. */
  boolean needsRows() {
    return measure().compareTo(LAST_ERROR) > 0;
  }

  /** Returns whether a network with a loss has this measure. */
  boolean suits(Loss loss) {
    BestEpoch measure = measure();
    return !needsRows()
        || (measure == MAE
            ? loss.isRegression()
            : loss.takesClasses() || measure == AUC && !loss.isRegression());
  }

  /** Returns the value of the results of all rows that is smallest in the best epoch. */
  double value(Evaluation rows) {
    BestEpoch measure = measure();
    if (measure == MAE) {
      return RegressionMetrics.of(rows).mae();
    } else if (measure == AUC) {
      return -RocAuc.of(rows).macro();
    }
    Metrics.Scores mean = Metrics.of(rows).macro();
    return measure == F1 ? -mean.f1() : -mean.recall();
  }

  /** Returns the value that is smallest in the best epoch. */
  double value(EpochResult result, Loss loss) {
    if (this == NONE) {
      return Double.NaN;
    }
    // If all targets are equal, R2 is undefined, but the squared error is not. A network of a
    // quantile has a smaller R2 than one of the mean.
    boolean byLoss = measure() == LOSS || loss == Loss.MSE || loss.quantile().isPresent();
    return byLoss ? result.validLoss() : -result.validScore();
  }
}
