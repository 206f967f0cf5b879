/**
 * Measures predictions: accuracy, confusion matrix, precision and recall, ROC AUC and its curves,
 * log loss, calibration, errors of regression, the least certain rows. It also compares a model
 * with simpler answers: the same answer for all rows ({@link dev.lanewise.metrics.Baseline}), a
 * rule of one column ({@link dev.lanewise.metrics.OneRule}), the model without the information of a
 * column ({@link dev.lanewise.metrics.PermutationImportance}).
 *
 * <p>Most of this is plain arithmetic on labels, probabilities and weights, in the order of the
 * rows, with scikit-learn's results; some compute rows through a model ({@code ModelPass}). It may
 * use {@code data} and {@code nn}, but neither training nor files, and works with the predictions
 * of any program.
 *
 * <p>Begin with {@link dev.lanewise.metrics.Evaluation}, the results of a model for the rows of a
 * split, whose {@code figures} are shown everywhere, and {@link dev.lanewise.metrics.Metrics}.
 */
package dev.lanewise.metrics;
