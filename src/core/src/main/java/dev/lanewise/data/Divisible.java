package dev.lanewise.data;

import java.io.IOException;
import java.util.List;

/** Rows that can be divided into training, validation and test rows, such as a table. */
@FunctionalInterface
public interface Divisible {
  /**
   * Divides the rows.
   *
   * @param shares of training, validation and test rows, where these rows do not come with shares
   *     of their own
   * @param stratified whether each class gives its share to each part, likewise
   * @param seed of the order in which rows are divided, likewise
   * @return the data set
   * @throws IOException if the rows are not what they should be
   */
  Dataset divide(List<Double> shares, boolean stratified, long seed) throws IOException;
}
