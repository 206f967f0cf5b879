package dev.lanewise.train;

/**
 * What one epoch of training gave.
 *
 * @param epoch the epoch, from 0
 * @param epochs epochs asked for
 * @param trainLoss mean loss of the epoch's last mini-batch, as the course keeps it
 * @param trainAccuracy accuracy of the epoch's last mini-batch
 * @param trainLossMean mean loss of all training rows, each before its update
 * @param trainAccuracyMean accuracy over all training rows, likewise
 * @param validLoss mean loss of the validation set after the epoch; NaN if there is none
 * @param validAccuracy accuracy on the validation set; NaN if there is none
 * @param seconds time the epoch took, validation included
 * @param rows number of training rows
 * @param learningRate the rate of the epoch, in its middle if it changes; NaN if it is not known
 */
public record EpochResult(
    int epoch,
    int epochs,
    double trainLoss,
    double trainAccuracy,
    double trainLossMean,
    double trainAccuracyMean,
    double validLoss,
    double validAccuracy,
    double seconds,
    long rows,
    double learningRate) {}
