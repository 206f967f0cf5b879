package dev.lanewise.train;

/**
 * The results of one epoch of training. A score is the accuracy for classes, and R2 for regression.
 *
 * @param epoch the epoch, from 0
 * @param epochs number of epochs of the run
 * @param trainLoss mean loss of the epoch's last mini-batch
 * @param trainScore score of the epoch's last mini-batch
 * @param trainLossMean mean loss of all training rows, each computed before its update
 * @param trainScoreMean score over all training rows, each computed before its update
 * @param validLoss mean loss of the validation rows after the epoch; NaN without such rows
 * @param validScore score on the validation rows after the epoch; NaN without such rows
 * @param seconds duration of the epoch with its validation
 * @param rows number of training rows
 * @param learningRate learning rate in the middle of the epoch; NaN if it is not known
 * @param weightedLoss validation loss in which each row also counts by the weight of its class, see
 *     {@link TrainerBuilder#classWeights}; it chooses the best epoch by loss. Without weights of
 *     classes it is validLoss
 * @param weightedScore validation score so weighted, which chooses the best epoch by error; without
 *     weights of classes it is validScore
 */
public record EpochResult(
    int epoch,
    int epochs,
    double trainLoss,
    double trainScore,
    double trainLossMean,
    double trainScoreMean,
    double validLoss,
    double validScore,
    double seconds,
    long rows,
    double learningRate,
    double weightedLoss,
    double weightedScore) {
  /**
   * Makes the result of an epoch without weights of classes.
   *
   * @param epoch as above
   * @param epochs as above
   * @param trainLoss as above
   * @param trainScore as above
   * @param trainLossMean as above
   * @param trainScoreMean as above
   * @param validLoss as above, and weightedLoss
   * @param validScore as above, and weightedScore
   * @param seconds as above
   * @param rows as above
   * @param learningRate as above
   */
  public EpochResult(
      int epoch,
      int epochs,
      double trainLoss,
      double trainScore,
      double trainLossMean,
      double trainScoreMean,
      double validLoss,
      double validScore,
      double seconds,
      long rows,
      double learningRate) {
    this(
        epoch,
        epochs,
        trainLoss,
        trainScore,
        trainLossMean,
        trainScoreMean,
        validLoss,
        validScore,
        seconds,
        rows,
        learningRate,
        validLoss,
        validScore);
  }

  /** {@return whether weights of classes change the loss or the score of the validation rows} */
  public boolean isWeighted() {
    return Double.compare(weightedLoss, validLoss) != 0
        || Double.compare(weightedScore, validScore) != 0;
  }
}
