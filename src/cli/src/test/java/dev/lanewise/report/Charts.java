package dev.lanewise.report;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import java.util.ArrayList;
import java.util.List;

/** Charts of runs with given values. */
public final class Charts {
  private Charts() {}

  /** Returns a history; valid may be empty. */
  private static History history(double[] epochs, double[] train, double[] valid) {
    List<EpochResult> results = new ArrayList<>();
    for (int i = 0; i < epochs.length; i++) {
      double v = valid.length == 0 ? Double.NaN : valid[i];
      results.add(
          new EpochResult(
              (int) epochs[i],
              epochs.length,
              Double.NaN,
              Double.NaN,
              train[i],
              train[i],
              v,
              v,
              1,
              1,
              1));
    }
    return new History(results);
  }

  public static LineChart crossEntropy(double[] epochs, double[] train, double[] valid) {
    return loss(Loss.SOFTMAX, epochs, train, valid);
  }

  /** Returns the chart of a loss, in a regression of scaled targets. */
  static LineChart loss(Loss loss, double[] epochs, double[] train, double[] valid) {
    Scaling scaling = loss.task().scalesTargets() ? Scaling.divide(2) : Scaling.none();
    return TrainingCurves.loss(
        history(epochs, train, valid),
        Model.of(Reports.model(loss, 1, List.of(), 2).withTargetScaling(scaling)));
  }

  public static LineChart accuracy(double[] epochs, double[] train, double[] valid) {
    return TrainingCurves.accuracy(
        history(epochs, train, valid), Model.of(Reports.model(Loss.SOFTMAX, 1, List.of(), 2)));
  }

  public static LineChart r2(double[] epochs, double[] train, double[] valid) {
    return TrainingCurves.accuracy(
        history(epochs, train, valid), Model.of(Reports.model(Loss.MSE, 1, List.of(), 2)));
  }
}
