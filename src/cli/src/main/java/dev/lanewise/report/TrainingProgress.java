package dev.lanewise.report;

import dev.lanewise.train.History;
import java.util.Arrays;

/** The curves of a training: the part of a report on its epochs. */
final class TrainingProgress {
  private TrainingProgress() {}

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
    html.grid();
    chart(html, TrainingCurves.loss(history, report.model), best, mark);
    chart(html, TrainingCurves.accuracy(history, report.model), best, mark);
    double[] rates = history.learningRate();
    if (Arrays.stream(rates).anyMatch(v -> v != rates[0] && Double.isFinite(v))) {
      LineChart rate = LineChart.of("Learning rate", "Epoch", "rate").withBounds(0, Double.NaN);
      chart(html, rate.with("Learning rate", history.numbers(), rates), -1, mark);
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
      text.append(" There is no validation loss, so nothing shows whether it is overfitted.");
    }
    if (kept >= -1) {
      text.append(" The network has the weights of ");
      text.append(kept < 0 ? "the last epoch." : "epoch " + kept + ".");
    }
    return text.append(" Epochs count from 0; training values are means over the epoch,")
        .append(" while the network still changed.")
        .toString();
  }

  /** Returns the index of an epoch in the arrays of a history. */
  static int index(History history, int epoch) {
    int i = 0;
    while (history.results().get(i).epoch() != epoch) {
      i++;
    }
    return i;
  }

  private static void chart(Html html, LineChart chart, int best, String mark) {
    html.picture((best < 0 ? chart : chart.withMark(best, mark)).inPage("Epoch"));
  }
}
