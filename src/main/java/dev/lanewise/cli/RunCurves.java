package dev.lanewise.cli;

import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.report.LineChart;
import dev.lanewise.report.TrainingCurves;
import dev.lanewise.train.History;

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
    String title = model.loss() == Loss.HUBER ? "Huber loss" : model.loss().title();
    boolean raw = model.targetScaling() instanceof Scaling.None;
    String unit = raw ? "" : " of scaled targets"; // else it would be read in the targets' unit
    return TrainingCurves.loss(title, title + unit, epochs, train, valid);
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
