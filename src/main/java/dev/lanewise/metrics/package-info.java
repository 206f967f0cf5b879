/**
 * What predictions are worth: accuracy, confusion matrix, precision and recall, ROC AUC, log loss,
 * errors of regression, and the rows of which a model is least certain.
 *
 * <p>All of them are plain arithmetic on labels, probabilities and weights of rows, in the order of
 * the rows, and equal scikit-learn's results. {@code train} measures with this package, {@code cli}
 * prints what it finds, and users may call it with the predictions of any other program. It knows
 * rows ({@code data}) and losses ({@code nn}), but neither training nor files.
 *
 * <p>Begin with {@link dev.lanewise.metrics.Evaluation}, what a model gave for the rows of a split,
 * and {@link dev.lanewise.metrics.Metrics}. Mean loss and accuracy alone are the work of {@link
 * dev.lanewise.metrics.Tally}.
 */
package dev.lanewise.metrics;
