package dev.lanewise.train;

import dev.lanewise.nn.Loss;

/**
 * A named figure about a model, as {@code train} and {@code evaluate} print it, in text and JSON,
 * and the report.
 *
 * @param name the key for programs, such as {@code subset_accuracy}
 * @param value the value; NaN if it is not defined
 * @param explanation what the value says, as a sentence
 */
public record Figure(String name, double value, String explanation) {
  /**
   * Returns the accuracy of a loss that is not one of regression.
   *
   * @param loss the loss, which says of what the accuracy is
   * @param value the accuracy
   * @return the figure
   */
  public static Figure ofAccuracy(Loss loss, double value) {
    String what =
        loss.task().hasClasses() ? "rows whose class is right." : "labels that are right.";
    return new Figure("accuracy", value, "Share of the " + what);
  }
}
