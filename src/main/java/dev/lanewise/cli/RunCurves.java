package dev.lanewise.cli;

import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.nn.Schema;
import dev.lanewise.report.LineChart;
import dev.lanewise.report.TrainingCurves;
import dev.lanewise.train.History;
import java.util.List;

/** The curves of a run, under the names of its loss: of training, the means of each epoch. */
final class RunCurves {
  private RunCurves() {}

  static String loss(History history, Mlp model) {
    return lossChart(history, model).svg();
  }

  static LineChart lossChart(History history, Mlp model) {
    double[] epochs = history.numbers();
    double[] train = history.trainLossMean();
    double[] valid = history.validLoss();
    if (!model.loss().isRegression()) {
      return TrainingCurves.crossEntropy(epochs, train, valid);
    }
    return TrainingCurves.loss(
        title(model.loss()), title(model.loss()) + unit(model), epochs, train, valid);
  }

  private static String title(Loss loss) {
    return loss == Loss.HUBER ? "Huber loss" : loss.title();
  }

  /** Else a loss would be read in the unit of the targets. */
  private static String unit(Mlp model) {
    return model.targetScaling() instanceof Scaling.None ? "" : " of scaled targets";
  }

  /** What the loss of a model measures: of another thing, figures cannot be compared. */
  static String measure(Mlp model) {
    Loss loss = model.loss();
    String title = loss.isRegression() ? title(loss) : "cross entropy (" + loss.label() + ")";
    List<String> targets = model.schema().map(Schema::targets).orElse(List.of());
    return title
        + unit(model)
        + (targets.isEmpty() ? "" : ", target " + String.join(", ", targets));
  }

  static String accuracy(History history, Loss loss) {
    return accuracyChart(history, loss).svg();
  }

  static LineChart accuracyChart(History history, Loss loss) {
    double[] epochs = history.numbers();
    double[] train = history.trainAccuracyMean();
    double[] valid = history.validAccuracy();
    return loss.isRegression()
        ? TrainingCurves.r2(epochs, train, valid)
        : TrainingCurves.accuracy(epochs, train, valid);
  }
}
