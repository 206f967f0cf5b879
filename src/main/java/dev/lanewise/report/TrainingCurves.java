package dev.lanewise.report;

/** The charts of a training run: a measure against epoch, in training and in validation. */
public final class TrainingCurves {
  private TrainingCurves() {}

  /**
   * Draws the loss of a classifier.
   *
   * @param epochs the numbers of the epochs, ascending
   * @param train the mean cross entropy of each epoch, in nats
   * @param valid the cross entropy after each epoch; empty or all NaN without validation
   * @return an SVG element
   * @throws IllegalArgumentException if lengths differ or epochs are out of order
   */
  public static String crossEntropySvg(double[] epochs, double[] train, double[] valid) {
    return crossEntropy(epochs, train, valid).svg();
  }

  /**
   * The loss of a classifier.
   *
   * @param epochs the numbers of the epochs, ascending
   * @param train the mean cross entropy of each epoch, in nats
   * @param valid the cross entropy after each epoch; empty or all NaN without validation
   * @return the chart
   * @throws IllegalArgumentException if lengths differ or epochs are out of order
   */
  public static LineChart crossEntropy(double[] epochs, double[] train, double[] valid) {
    return loss("Cross entropy", "Cross entropy (nats)", epochs, train, valid);
  }

  /**
   * Draws any loss that is never negative.
   *
   * @param title stands above the chart
   * @param yLabel names the vertical axis
   * @param epochs the numbers of the epochs, ascending
   * @param train the mean loss of each epoch
   * @param valid the loss after each epoch; empty or all NaN without validation
   * @return an SVG element
   * @throws IllegalArgumentException if lengths differ or epochs are out of order
   */
  public static String lossSvg(
      String title, String yLabel, double[] epochs, double[] train, double[] valid) {
    return loss(title, yLabel, epochs, train, valid).svg();
  }

  /**
   * Any loss that is never negative.
   *
   * @param title stands above the chart
   * @param yLabel names the vertical axis
   * @param epochs the numbers of the epochs, ascending
   * @param train the mean loss of each epoch
   * @param valid the loss after each epoch; empty or all NaN without validation
   * @return the chart
   * @throws IllegalArgumentException if lengths differ or epochs are out of order
   */
  public static LineChart loss(
      String title, String yLabel, double[] epochs, double[] train, double[] valid) {
    LineChart chart = LineChart.of(title, "Epoch", yLabel).withBounds(0, Double.NaN);
    return with(chart, epochs, train, valid);
  }

  /**
   * Draws the accuracy.
   *
   * @param epochs the numbers of the epochs, ascending
   * @param train the mean accuracy of each epoch, 0 to 1
   * @param valid the accuracy after each epoch; empty or all NaN without validation
   * @return an SVG element
   * @throws IllegalArgumentException if lengths differ or epochs are out of order
   */
  public static String accuracySvg(double[] epochs, double[] train, double[] valid) {
    return accuracy(epochs, train, valid).svg();
  }

  /**
   * The accuracy.
   *
   * @param epochs the numbers of the epochs, ascending
   * @param train the mean accuracy of each epoch, 0 to 1
   * @param valid the accuracy after each epoch; empty or all NaN without validation
   * @return the chart
   * @throws IllegalArgumentException if lengths differ or epochs are out of order
   */
  public static LineChart accuracy(double[] epochs, double[] train, double[] valid) {
    LineChart chart = LineChart.of("Accuracy", "Epoch", "Share of correct cases").withBounds(0, 1);
    return with(chart, epochs, train, valid);
  }

  /**
   * Draws R2, which regression has in place of an accuracy.
   *
   * @param epochs the numbers of the epochs, ascending
   * @param train R2 over each epoch's training rows, at most 1
   * @param valid R2 after each epoch; empty or all NaN without validation
   * @return an SVG element
   * @throws IllegalArgumentException if lengths differ or epochs are out of order
   */
  public static String r2Svg(double[] epochs, double[] train, double[] valid) {
    return r2(epochs, train, valid).svg();
  }

  /**
   * R2, which regression has in place of an accuracy.
   *
   * @param epochs the numbers of the epochs, ascending
   * @param train R2 over each epoch's training rows, at most 1
   * @param valid R2 after each epoch; empty or all NaN without validation
   * @return the chart
   * @throws IllegalArgumentException if lengths differ or epochs are out of order
   */
  public static LineChart r2(double[] epochs, double[] train, double[] valid) {
    LineChart chart =
        LineChart.of("R2", "Epoch", "R2, the share of the variance that is explained");
    return with(chart.withBounds(Double.NaN, 1), epochs, train, valid);
  }

  private static LineChart with(LineChart chart, double[] epochs, double[] train, double[] valid) {
    LineChart training = chart.with("Training", epochs, train);
    for (double v : valid) {
      if (!Double.isNaN(v)) {
        return training.with("Validation", epochs, valid);
      }
    }
    return training;
  }
}
