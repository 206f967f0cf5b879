package dev.lanewise.cli;

import dev.lanewise.train.History;
import java.util.ArrayList;
import java.util.List;

/** The statistics of a training: where each series began, how far it came and where it ended. */
final class StatisticsSummary {
  private final TextTable table = new TextTable(1);
  private final List<Json> objects = new ArrayList<>();
  private final double[] epochs;

  private StatisticsSummary(double[] epochs) {
    this.epochs = epochs;
    table.add("series", "first", "last", "best", "epoch");
  }

  static void print(History history, Output output, Json json) {
    StatisticsSummary summary = new StatisticsSummary(history.numbers());
    summary.add("train_ce", history.trainLoss(), -1);
    summary.add("valid_ce", history.validLoss(), -1);
    summary.add("train_acc", history.trainAccuracy(), 1);
    summary.add("valid_acc", history.validAccuracy(), 1);
    summary.add("train_ce_mean", history.trainLossMean(), -1);
    summary.add("train_acc_mean", history.trainAccuracyMean(), 1);
    output.result("Statistics of " + history.epochs() + " epochs");
    summary.table.lines().forEach(output::result);
    json.put("epochs", history.epochs()).put("series", summary.objects);
  }

  /** Best is the largest value times the sign; the first wins a tie, NaN never wins. */
  private void add(String name, double[] values, int sign) {
    int best = -1;
    for (int i = 0; i < values.length; i++) {
      boolean first = best < 0 && !Double.isNaN(values[i]);
      if (first || (best >= 0 && sign * values[i] > sign * values[best])) {
        best = i;
      }
    }
    if (best < 0) {
      table.add(name, "-", "-", "-", "-");
      objects.add(new Json().put("name", name));
      return;
    }
    double last = values[values.length - 1];
    table.add(
        name,
        PythonFormat.fixed5(values[0]),
        PythonFormat.fixed5(last),
        PythonFormat.fixed5(values[best]),
        (int) epochs[best]);
    objects.add(
        new Json()
            .put("name", name)
            .put("first", values[0])
            .put("last", last)
            .put("best", values[best])
            .put("best_epoch", (int) epochs[best]));
  }
}
