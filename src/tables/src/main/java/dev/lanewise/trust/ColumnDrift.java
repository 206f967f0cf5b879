package dev.lanewise.trust;

/**
 * How the new rows differ from the training rows in one column, or in one figure of the results.
 *
 * @param name the name of the column; of results {@code prediction: } and the name of the figure
 * @param psi the population stability index, the sum of (q - p) log(q / p) over the values that are
 *     compared, where p is the share of a value in training and q its share in the new rows; 0 if
 *     all shares are equal. Half a row is added to each count, so that no share is 0
 * @param p the probability of such a difference in at least one column if no column has changed:
 *     the p-value of this column, corrected by Holm's method for all columns; from 0 to 1
 * @param alarm whether p is at most the level
 * @param change the values whose share differs most clearly, such as {@code over 61.5}
 * @param before the share of these values in training, from 0 to 1
 * @param after the share of these values in the new rows, from 0 to 1
 */
public record ColumnDrift(
    String name, double psi, double p, boolean alarm, String change, double before, double after) {

  ColumnDrift with(double corrected, double level) {
    return new ColumnDrift(name, psi, corrected, corrected <= level, change, before, after);
  }
}
