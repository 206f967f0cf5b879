/*
 * For people who change Lanewise. This package may use model, and what it may use. Begin with
 * Evaluator, which computes an Evaluation, the results of a model for the rows of a split, whose
 * figures are shown everywhere, and Metrics. Score#of measures the loss and accuracy of a network
 * alone.
 */

/**
 * Measures of predictions: accuracy, confusion matrix, precision and recall, ROC AUC, log loss and
 * errors of regression.
 *
 * <p>They are plain arithmetic on labels, probabilities and weights of rows, in the order of the
 * rows, and equal scikit-learn's results. The commands print what this package finds, {@link
 * dev.lanewise.metrics.EpochMetric} chooses the best epoch of a training by it, and users may call
 * it with the predictions of any other program.
 *
 * <p>Begin with {@link dev.lanewise.metrics.Evaluator}, which computes an {@link
 * dev.lanewise.metrics.Evaluation}, the results of a model for the rows of a split, whose {@code
 * figures} are shown everywhere, and {@link dev.lanewise.metrics.Metrics}. {@link
 * dev.lanewise.train.Score#of} measures the loss and accuracy of a network alone.
 */
package dev.lanewise.metrics;
