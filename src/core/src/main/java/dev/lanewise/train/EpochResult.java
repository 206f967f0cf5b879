package dev.lanewise.train;

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
    double learningRate) {}
