package dev.lanewise.train;

import dev.lanewise.data.Rows;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.internal.Validation;
import java.util.List;

/**
 * The loss, the accuracy and the named figures of a split. Rows count by their weights.
 *
 * @param loss the mean loss, such as cross entropy in nats or the mean squared error; of scaled
 *     targets if the network has a scaling of them
 * @param accuracy the share of the rows whose class is predicted; with a sigmoid loss the share of
 *     the outputs whose probability is on the same side of 1/2 as the target; in regression R2 in
 *     the units of the data, the mean over the outputs
 * @param figures the figures that need no results of single rows, with the accuracy or R2 first
 */
public record Score(double loss, double accuracy, List<Figure> figures) {
  /**
   * Makes a score without errors.
   *
   * @param loss the mean loss
   * @param accuracy the accuracy, or R2
   */
  public Score(double loss, double accuracy) {
    this(loss, accuracy, List.of());
  }

  /**
   * Measures a network on rows, without storing results of rows.
   *
   * @param network the network
   * @param rows unscaled rows, which the network's scaling scales, or rows that are scaled as it
   *     expects. Where both have names for classes, labels are matched by name
   * @param threads number of threads, at least 1; more than there are cores are not used, and the
   *     result does not depend on it
   * @return the measures
   * @throws IllegalArgumentException if the rows differ from the network in the number of features
   *     or the scaling, no row has a class of the network, the loss does not take the targets, or
   *     no weight is above 0
   */
  public static Score of(Mlp network, Rows rows, int threads) {
    return Validation.tally(network, rows, threads).score();
  }

  /**
   * Returns a figure.
   *
   * @param name such as {@code rmse}
   * @return its value; NaN if the score has no such figure
   */
  public double figure(String name) {
    return figures.stream()
        .filter(figure -> figure.name().equals(name))
        .mapToDouble(Figure::value)
        .findFirst()
        .orElse(Double.NaN);
  }
}
