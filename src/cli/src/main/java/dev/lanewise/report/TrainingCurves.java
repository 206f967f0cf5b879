package dev.lanewise.report;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.History;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The charts of a training run: its loss and its accuracy per epoch, on training and validation
 * rows.
 */
public final class TrainingCurves {
  private static final String SMOOTHING = "label-smoothing=";

  private TrainingCurves() {}

  /**
   * Makes the chart of the loss. The training loss is the mean over an epoch or, if that is
   * unknown, the loss of its last mini-batch.
   *
   * @param history the values of each epoch
   * @param model the trained network
   * @return the chart
   */
  public static LineChart loss(History history, Model model) {
    String title = model.loss().longTitle();
    String unit = model.loss().task().hasNumbers() ? unit(model) : " (nats)";
    LineChart chart = LineChart.of(title, "Epoch", title + unit).withBounds(0, Double.NaN);
    String of = isSmoothed(model) ? " with label smoothing" : "";
    return with(
        chart, of, history, history.trainLossMean(), history.trainLoss(), history.validLoss());
  }

  /**
   * Makes the chart of the accuracy, or of R2 in a regression.
   *
   * @param history the values of each epoch
   * @param model the trained network
   * @return the chart
   */
  public static LineChart accuracy(History history, Model model) {
    LineChart chart =
        model.loss().task().hasNumbers()
            ? LineChart.of("R2", "Epoch", "R2 (share explained)").withBounds(Double.NaN, 1)
            : LineChart.of("Accuracy", "Epoch", "Share of correct cases").withBounds(0, 1);
    return with(
        chart, "", history, history.trainScoreMean(), history.trainScore(), history.validScore());
  }

  /** Returns whether the training loss, and only this loss, has smoothed labels. */
  static boolean isSmoothed(Model model) {
    return Stream.concat(Stream.of(model.training()), model.members().stream().map(Mlp::training))
        .flatMap(List::stream)
        .filter(note -> note.startsWith(SMOOTHING))
        .anyMatch(note -> Double.parseDouble(note.substring(SMOOTHING.length())) > 0);
  }

  /** Returns a remark if the loss is not in the unit of the targets. */
  private static String unit(Model model) {
    return model.targetScaling().isNone() ? "" : " of scaled targets";
  }

  /**
   * Describes the loss of a model. Losses can only be compared if their descriptions are equal.
   *
   * @param model the network
   * @return for example {@code MSE of scaled targets, target price}
   */
  public static String measure(Model model) {
    Loss loss = model.loss();
    String title =
        loss.task().hasNumbers()
            ? loss.longTitle() + unit(model)
            : "cross entropy (" + loss.label() + ")";
    String targets = model.schema().map(schema -> String.join(", ", schema.targets())).orElse("");
    return targets.isEmpty() ? title : title + ", target " + targets;
  }

  private static LineChart with(
      LineChart chart, String of, History history, double[] means, double[] last, double[] valid) {
    double[] epochs = history.numbers();
    double[] train = known(means, last);
    String name = "Training" + of + (train == means ? "" : " (last mini-batch)");
    LineChart training = chart.with(name, epochs, train);
    return isKnown(valid) ? training.with("Validation", epochs, valid) : training;
  }

  /** Returns the means, or the values of the last mini-batches if the means are unknown. */
  static double[] known(double[] means, double[] last) {
    return isKnown(means) || !isKnown(last) ? means : last;
  }

  private static boolean isKnown(double[] values) {
    return !Arrays.stream(values).allMatch(Double::isNaN);
  }
}
