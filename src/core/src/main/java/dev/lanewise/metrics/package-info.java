/**
 * What predictions are worth: accuracy, confusion matrix, precision and recall, ROC AUC and the
 * curves behind it, log loss, calibration, errors of regression, the rows of which a model is least
 * certain; and what they are worth beside something simpler: an answer without a model ({@link
 * dev.lanewise.metrics.Baseline}), a rule of one column ({@link dev.lanewise.metrics.OneRule}), a
 * column without what it says ({@link dev.lanewise.metrics.PermutationImportance}).
 *
 * <p>Most of them are plain arithmetic on labels, probabilities and weights of rows, in the order
 * of the rows, and equal scikit-learn's results; some take rows through a model ({@code
 * ModelPass}). {@code train} measures with this package, {@code cli} prints what it finds, and
 * users may call it with the predictions of any other program. It knows rows ({@code data}) and
 * losses ({@code nn}), but neither training nor files.
 *
 * <p>Begin with {@link dev.lanewise.metrics.Evaluation}, what a model gave for the rows of a split,
 * and {@link dev.lanewise.metrics.Metrics}. Mean loss and accuracy alone are the work of {@link
 * dev.lanewise.metrics.Tally}.
 */
package dev.lanewise.metrics;
