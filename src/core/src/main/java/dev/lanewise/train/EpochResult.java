package dev.lanewise.train;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * The results of one epoch of training. A score is the accuracy for classes, and R2 for regression.
 * If {@linkplain TrainerBuilder#best the best epoch} is kept, weights of classes count in those of
 * the validation rows, too, see {@link TrainerBuilder#classWeights}.
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
    double learningRate) {
  /** The number of columns of a {@link #row}. */
  static final int COLUMNS = 9;

  /** The column of the seconds. */
  static final int SECONDS = 7;

  /** Returns an epoch from the columns of its row. */
  static EpochResult of(double[] r, int epochs, long rows) {
    return new EpochResult(
        (int) r[0], epochs, r[1], r[2], r[3], r[4], r[5], r[6], r[7], rows, r[8]);
  }

  /** Returns the columns of the epoch in the history of a checkpoint. */
  double[] row() {
    double[] train = {epoch, trainLoss, trainScore, trainLossMean, trainScoreMean};
    double[] others = {validLoss, validScore, seconds, learningRate};
    return DoubleStream.concat(Arrays.stream(train), Arrays.stream(others)).toArray();
  }
}
