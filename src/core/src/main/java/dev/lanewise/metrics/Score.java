package dev.lanewise.metrics;

import java.util.List;

/**
 * The loss, the accuracy and the named figures of a split.
 *
 * @param loss as {@link Evaluation#loss} has it
 * @param accuracy as {@link Evaluation#accuracy} has it
 * @param figures the figures that need no results of single rows, with the accuracy or R2 first
 */
public record Score(double loss, double accuracy, List<Figure> figures) {
  /**
   * Makes a score without errors.
   *
   * @param loss as {@link Evaluation#loss} has it
   * @param accuracy as {@link Evaluation#accuracy} has it
   */
  public Score(double loss, double accuracy) {
    this(loss, accuracy, List.of());
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
