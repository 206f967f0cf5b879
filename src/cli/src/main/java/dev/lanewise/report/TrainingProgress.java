package dev.lanewise.report;

import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import java.util.Arrays;
import java.util.List;

/** The curves of a training: the part of a report on its epochs. */
final class TrainingProgress {
  private TrainingProgress() {}

  static void write(Html html, ReportData report) {
    History history = report.history;
    if (history == null || history.epochs() == 0) {
      return;
    }
    html.section("curves", "How the training went");
    boolean isKept = report.bestEpoch() >= 0;
    int best = isKept ? report.bestEpoch() : history.bestEpoch();
    String mark = isKept ? "best epoch" : "smallest validation loss";
    html.paragraph(words(history, report.bestEpochs));
    if (report.isClassWeighted()) {
      html.paragraph("In the validation values, classes count by their weights in training.");
    }
    if (TrainingCurves.isSmoothed(report.model)) {
      html.paragraph(
          "The training loss of the curve is that of smoothed labels, which is larger; the"
              + " validation loss and the losses elsewhere on this page are without smoothing.");
    }
    html.grid();
    chart(html, TrainingCurves.loss(history, report.model), best, mark);
    chart(html, TrainingCurves.accuracy(history, report.model), best, mark);
    double[] rates = history.learningRate();
    if (Arrays.stream(rates).anyMatch(v -> v != rates[0] && Double.isFinite(v))) {
      LineChart rate =
          LineChart.of("Learning rate", "Epoch", "Learning rate (size of a step)")
              .withBounds(0, Double.NaN);
      chart(html, rate.with("Learning rate", history.numbers(), rates), -1, mark);
    }
    html.add("</div>\n").end();
  }

  private static String words(History history, List<Integer> kept) {
    int best = history.bestEpoch();
    String text = Text.count(history.epochs(), "epoch");
    text +=
        best < 0
            ? ". There is no validation loss, so nothing shows whether it is overfitted."
            : ". The %svalidation loss was smallest after epoch %s (%s)."
                .formatted(
                    history.members().size() == 1 ? "" : "mean ",
                    best,
                    Text.fixed(history.validLoss()[index(history, best)]));
    if (kept.size() > 1) {
      if (history.members().stream().anyMatch(m -> m.epochs() < history.epochs())) {
        text += " The curves are means over the networks that had not stopped.";
      }
      text +=
          kept.stream().allMatch(e -> e < 0)
              ? " The networks have the weights of their last epochs."
              : " The networks have the weights of the epochs %s.".formatted(names(kept));
    } else if (kept.get(0) >= -1) {
      int one = kept.get(0);
      text +=
          " The network has the weights of " + (one < 0 ? "the last epoch." : "epoch " + one + ".");
    }
    return text
        + " The first epoch has the number 0. Training values are means over an epoch, during which the"
        + " network still changed.";
  }

  private static String names(List<Integer> epochs) {
    return String.join(", ", epochs.stream().map(e -> e < 0 ? "the last" : "" + e).toList());
  }

  /** Returns the index of an epoch in the arrays of a history. */
  static int index(History history, int epoch) {
    return history.results().stream().map(EpochResult::epoch).toList().indexOf(epoch);
  }

  private static void chart(Html html, LineChart chart, int best, String mark) {
    (best < 0 ? chart : chart.withMark(best, mark)).write(html);
  }
}
