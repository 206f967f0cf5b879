package dev.lanewise.report;

import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.train.History;
import java.util.Arrays;

/** The charts of a training run: a measure against epoch, in training and in validation. */
public final class TrainingCurves {
  private TrainingCurves() {}

  /**
   * The loss of a run: of training the mean of each epoch or, where that is not known, of its last
   * mini-batch.
   *
   * @param history the values of each epoch
   * @param model which was trained
   * @return the chart
   */
  public static LineChart loss(History history, Mlp model) {
    String title = model.loss().longTitle();
    String unit = model.loss().isRegression() ? unit(model) : " (nats)";
    LineChart chart = LineChart.of(title, "Epoch", title + unit).withBounds(0, Double.NaN);
    return with(chart, history, history.trainLossMean(), history.trainLoss(), history.validLoss());
  }

  /**
   * What stands beside the loss: the accuracy, in regression R2; of training as {@link #loss}.
   *
   * @param history the values of each epoch
   * @param model which was trained
   * @return the chart
   */
  public static LineChart accuracy(History history, Mlp model) {
    LineChart chart =
        model.loss().isRegression()
            ? LineChart.of("R2", "Epoch", "R2, the share of the variance that is explained")
                .withBounds(Double.NaN, 1)
            : LineChart.of("Accuracy", "Epoch", "Share of correct cases").withBounds(0, 1);
    return with(
        chart,
        history,
        history.trainAccuracyMean(),
        history.trainAccuracy(),
        history.validAccuracy());
  }

  /** Else a loss would be read in the unit of the targets. */
  private static String unit(Mlp model) {
    return model.targetScaling() instanceof Scaling.None ? "" : " of scaled targets";
  }

  /**
   * What the loss of a model measures: of another thing, figures cannot be compared.
   *
   * @param model any
   * @return such as {@code MSE of scaled targets, target price}
   */
  public static String measure(Mlp model) {
    Loss loss = model.loss();
    String title =
        loss.isRegression()
            ? loss.longTitle() + unit(model)
            : "cross entropy (" + loss.label() + ")";
    String targets = model.schema().map(schema -> String.join(", ", schema.targets())).orElse("");
    return targets.isEmpty() ? title : title + ", target " + targets;
  }

  private static LineChart with(
      LineChart chart, History history, double[] means, double[] last, double[] valid) {
    double[] epochs = history.numbers();
    double[] train = known(means, last);
    String name = train == means ? "Training" : "Training (last mini-batch)";
    LineChart training = chart.with(name, epochs, train);
    return isKnown(valid) ? training.with("Validation", epochs, valid) : training;
  }

  /** Files of others may lack the means of an epoch. */
  static double[] known(double[] means, double[] last) {
    return isKnown(means) || !isKnown(last) ? means : last;
  }

  private static boolean isKnown(double[] values) {
    return Arrays.stream(values).anyMatch(v -> !Double.isNaN(v));
  }
}
