package dev.lanewise.table;

import dev.lanewise.data.Dataset;
import java.io.IOException;
import java.util.List;

/** Rows that are not yet divided into training, validation and test rows, such as a table. */
@FunctionalInterface
public interface UndividedRows {
  /**
   * Divides the rows.
   *
   * @param shares the shares of training, validation and test rows; ignored if the rows have their
   *     own division
   * @param stratified whether each class has the same share in every part; ignored if the rows have
   *     their own division
   * @param seed the seed of the random order before the division; ignored if the rows have their
   *     own division
   * @return the data set
   * @throws IOException if the rows are invalid
   */
  Dataset divide(List<Double> shares, boolean stratified, long seed) throws IOException;
}
