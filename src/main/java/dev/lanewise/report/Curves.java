package dev.lanewise.report;

import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import dev.lanewise.train.History;

/** How the training went, epoch by epoch: the part of a report with its curves. */
final class Curves {
  private Curves() {}

  static void write(Html html, Report report) {
    History history = report.history;
    if (history == null || history.epochs() == 0) {
      return;
    }
    html.section("curves", "How the training went");
    String mark = "best epoch";
    int best = report.bestEpoch;
    if (best < 0) {
      best = history.bestEpoch();
      mark = "smallest validation loss";
    }
    html.paragraph(words(history, report.bestEpoch));
    Loss loss = report.model.loss();
    double[] epochs = history.numbers();
    html.add("<div class=\"grid\">\n");
    boolean raw = report.model.targetScaling() instanceof Scaling.None;
    String unit =
        loss.isRegression() ? (raw ? loss.title() : loss.title() + " of scaled targets") : "nats";
    LineChart chart = LineChart.of("Loss", "Epoch", unit).withBounds(0, Double.NaN);
    chart(
        html,
        chart,
        epochs,
        history.trainLossMean(),
        history.trainLoss(),
        history.validLoss(),
        best,
        mark);
    chart =
        loss.isRegression()
            ? LineChart.of("R2", "Epoch", "share of variance").withBounds(Double.NaN, 1)
            : LineChart.of("Accuracy", "Epoch", "share right").withBounds(0, 1);
    chart(
        html,
        chart,
        epochs,
        history.trainAccuracyMean(),
        history.trainAccuracy(),
        history.validAccuracy(),
        best,
        mark);
    double[] rates = history.learningRate();
    if (changes(rates)) {
      LineChart rate = LineChart.of("Learning rate", "Epoch", "rate").withBounds(0, Double.NaN);
      html.add(rate.with("Learning rate", epochs, rates).inPage("Epoch"));
    }
    html.add("</div>\n").end();
  }

  private static String words(History history, int kept) {
    StringBuilder text = new StringBuilder(Text.count(history.epochs(), "epoch")).append('.');
    double[] valid = history.validLoss();
    if (history.bestEpoch() >= 0) {
      text.append(" The validation loss was smallest after epoch ").append(history.bestEpoch());
      text.append(" (").append(Text.fixed(valid[index(history, history.bestEpoch())])).append(").");
    } else {
      text.append(" There is no validation loss, so nothing shows whether it learned by heart.");
    }
    if (kept >= -1) {
      text.append(" The network has the weights of ");
      text.append(kept < 0 ? "the last epoch." : "epoch " + kept + ".");
    }
    return text.append(" Epochs count from 0; what stands for training are means over the epoch,")
        .append(" while the network still changed.")
        .toString();
  }

  /** Where the values of an epoch stand. */
  static int index(History history, int epoch) {
    int i = 0;
    while (history.results().get(i).epoch() != epoch) {
      i++;
    }
    return i;
  }

  /** The curves of training and validation; files of others may lack the means of an epoch. */
  private static void chart(
      Html html,
      LineChart empty,
      double[] epochs,
      double[] means,
      double[] last,
      double[] valid,
      int best,
      String mark) {
    LineChart chart =
        isKnown(means)
            ? empty.with("Training", epochs, means)
            : empty.with("Training (last mini-batch)", epochs, last);
    if (isKnown(valid)) {
      chart = chart.with("Validation", epochs, valid);
    }
    if (best >= 0) {
      chart = chart.withMark(best, mark);
    }
    html.add("<div>").add(chart.inPage("Epoch")).add("</div>\n");
  }

  private static boolean isKnown(double[] values) {
    for (double v : values) {
      if (!Double.isNaN(v)) {
        return true;
      }
    }
    return false;
  }

  private static boolean changes(double[] values) {
    for (double v : values) {
      if (v != values[0] && Double.isFinite(v)) {
        return true;
      }
    }
    return false;
  }
}
