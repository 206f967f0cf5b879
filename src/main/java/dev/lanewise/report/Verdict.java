package dev.lanewise.report;

import dev.lanewise.metrics.Baseline;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.metrics.RegressionMetrics;
import dev.lanewise.metrics.UnitActivity;
import dev.lanewise.nn.Loss;
import dev.lanewise.train.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What a report says first: how good the network is, and what is wrong with it. */
final class Verdict {
  /** A validation loss that was larger by this share has fallen. */
  private static final double FALLEN = 0.025;

  /** Of what training rows show beyond a baseline, less than this part was of use for others. */
  private static final double OF_USE = 0.5;

  /** What training rows show beyond a baseline is too little below this part of what it leaves. */
  private static final double LEARNED = 0.1;

  /** An end of the training is so large a part of it. */
  private static final double END = 0.05;

  /** A learning rate below this share of the largest was to bring the training to an end. */
  private static final double SMALL_RATE = 0.1;

  /** Of what a baseline leaves open, a column that tells more alone gives the answer away. */
  private static final double GIVEN_AWAY = 0.95;

  private static final int MOST_NAMES = 5;

  private Verdict() {}

  /** The result in a sentence or two; empty if there are no rows to judge by. */
  static String sentence(Report report, Findings findings) {
    Evaluation evaluation = report.evaluation;
    if (evaluation == null) {
      return "";
    }
    Loss loss = report.model.loss();
    Baseline baseline = findings.baseline();
    String rows = report.rows(evaluation.rows());
    if (evaluation.hasWeights()) {
      rows += " by their weights";
    }
    String right = Text.percent(evaluation.accuracy());
    if (loss.takesClasses()) {
      String sentence = "It is right in %s of %s.".formatted(right, rows);
      return baseline == null
          ? sentence
          : sentence
              + " Always answering \"%s\", the most frequent class, would be right in %s."
                  .formatted(
                      Text.isolated(report.className(baseline.answers().get(0).intValue())),
                      Text.percent(baseline.accuracy()));
    } else if (!loss.isRegression()) {
      String sentence = "Of the labels of %s %s are right.".formatted(rows, right);
      return baseline == null
          ? sentence
          : sentence
              + " Always giving each the more frequent answer would be right in %s."
                  .formatted(Text.percent(baseline.accuracy()));
    }
    String sentence =
        "It explains %s of the differences among %s (R2 %s)."
            .formatted(right, rows, Text.fixed(evaluation.accuracy(), 3));
    if (!varies(evaluation)) {
      sentence = "The targets of %s are all alike: there is nothing to explain.".formatted(rows);
    } else if (evaluation.accuracy() <= 0) {
      sentence =
          "It explains nothing of the differences among %s: R2 is %s."
              .formatted(rows, Text.fixed(evaluation.accuracy(), 3));
    }
    if (baseline == null || evaluation.classes() > 1) {
      return sentence;
    }
    double mse = RegressionMetrics.of(evaluation).mse();
    return sentence
        + " Its root mean squared error is %s, that of always answering the mean %s."
            .formatted(Text.brief(Math.sqrt(mse)), Text.brief(baseline.rmse()));
  }

  private static boolean varies(Evaluation evaluation) {
    for (int row = 1; row < evaluation.rows(); row++) {
      if (!Arrays.equals(evaluation.target(row), evaluation.target(0))) {
        return true;
      }
    }
    return false;
  }

  /** What is worth a warning, a sentence or two each. */
  static List<String> warnings(Report report, Findings findings) {
    List<String> warnings = new ArrayList<>();
    if (report.evaluation != null) {
      if ("train".equals(report.splitName)) {
        warnings.add(
            "All figures here are of the rows that it was trained on. On others it will do worse;"
                + " how much, only rows that it has never seen can tell.");
      }
      noBetter(report, findings, warnings);
      if (report.model.loss().takesClasses()) {
        neverPredicted(report, warnings);
      }
      givenAway(report, findings, warnings);
      dead(report, findings, warnings);
    }
    if (report.history != null) {
      byHeart(report, findings, warnings);
      history(report, warnings);
    }
    return warnings;
  }

  private static void noBetter(Report report, Findings findings, List<String> warnings) {
    Baseline baseline = findings.baseline();
    double accuracy = report.evaluation.accuracy();
    boolean isRegression = report.model.loss().isRegression();
    if (baseline != null
        && accuracy < 1 // of rows of one class all may be right
        && accuracy <= Math.max(0, baseline.accuracy())
        && (!isRegression || varies(report.evaluation))) {
      warnings.add(
          "It is no better than giving every row the same answer: it has learned nothing that is of"
              + " use for these rows.");
    }
  }

  private static void neverPredicted(Report report, List<String> warnings) {
    Evaluation evaluation = report.evaluation;
    boolean[] predicted = new boolean[evaluation.classes()];
    for (int row = 0; row < evaluation.rows(); row++) {
      if (evaluation.predicted(row) >= 0) {
        predicted[evaluation.predicted(row)] = true;
      }
    }
    List<Metrics.Scores> scores = Metrics.of(evaluation).scores();
    List<String> never = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    for (int c = 0; c < predicted.length; c++) {
      if (scores.get(c).support() == 0) {
        absent.add(report.className(c));
      } else if (!predicted[c]) {
        never.add(report.className(c));
      }
    }
    if (!never.isEmpty()) {
      warnings.add(
          "No row was given %s, though some are of %s. Where a class is rare, weights of classes or"
                  .formatted(names("class", never), never.size() == 1 ? "it" : "them")
              + " balanced mini-batches may help (--class-weights balanced, --balanced).");
    }
    if (!absent.isEmpty()) {
      warnings.add(
          "No row here is of %s, so nothing shows how well %s found."
              .formatted(names("class", absent), absent.size() == 1 ? "it is" : "they are"));
    }
  }

  private static String names(String what, List<String> names) {
    String plural = names.size() == 1 ? " " : what.endsWith("s") ? "es " : "s ";
    String some =
        names.stream().limit(MOST_NAMES).map(Text::isolated).collect(Collectors.joining(", "));
    int more = names.size() - MOST_NAMES;
    return what + plural + some + (more > 0 ? " and " + more + " more" : "");
  }

  private static void givenAway(Report report, Findings findings, List<String> warnings) {
    if (findings.alone() == null || findings.baseline() == null || findings.alone().length == 1) {
      return;
    }
    double usual = Math.max(0, findings.baseline().accuracy());
    List<String> columns = new RowTexts(report).names();
    List<String> found = new ArrayList<>();
    double best = 0;
    for (int g = 0; g < findings.alone().length; g++) {
      if (usual < 1 && (findings.alone()[g] - usual) / (1 - usual) > GIVEN_AWAY) {
        found.add(columns.get(g));
        best = Math.max(best, findings.alone()[g]);
      }
    }
    if (!found.isEmpty()) {
      warnings.add(
          "%s alone nearly %s the answer (%s %s). If that is known only when the answer is, the"
                  .formatted(
                      capital(names("column", found)),
                      found.size() == 1 ? "gives" : "give",
                      report.model.loss().isRegression() ? "R2" : "right in",
                      report.model.loss().isRegression() ? Text.fixed(best, 3) : Text.percent(best))
              + " network is of no use for new rows: leave it out (--ignore).");
    }
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static void dead(Report report, Findings findings, List<String> warnings) {
    UnitActivity activity = findings.activity();
    int layers = 0;
    int first = -1;
    for (int l = 0; l < activity.layers(); l++) {
      if (2 * activity.dead(l) > activity.units(l)) {
        layers++;
        first = first < 0 ? l : first;
      }
    }
    if (layers > 0) {
      String more = layers == 1 ? "" : ", and most of those of %s others,".formatted(layers - 1);
      warnings.add(
          "%s of %s units of hidden layer %s%s are dead: they tell no row from another. A smaller"
                  .formatted(
                      Text.count(activity.dead(first)),
                      Text.count(activity.units(first)),
                      first + 1,
                      layers == 2 ? ", and most of those of another," : more)
              + " learning rate or another activation may keep them alive.");
    }
  }

  /**
   * Compares what the network knows of the training rows with what it knows of others. That a
   * validation loss grows is no such sign: probabilities of wrong answers become surer while as
   * many answers are right. Neither is a gap by itself, as most networks that do well have one.
   * What counts is how much of that which a baseline leaves open is answered in both.
   */
  private static void byHeart(Report report, Findings findings, List<String> warnings) {
    History history = report.history;
    Baseline baseline = findings.baseline();
    if (baseline == null || history.epochs() == 0) {
      return;
    }
    double train = ofKept(report, history.trainAccuracyMean());
    double rows = 0;
    double others = 0;
    double valid = ofKept(report, history.validAccuracy());
    if (report.data.validation().isPresent() && Double.isFinite(valid)) {
      rows = report.data.validation().get().rows();
      others = rows * valid;
    }
    if ("test".equals(report.splitName)) {
      rows += report.evaluation.rows();
      others += report.evaluation.rows() * report.evaluation.accuracy();
    }
    others /= rows;
    double usual = Math.max(0, baseline.accuracy());
    boolean isLarge = train - others > 1 / Math.sqrt(rows); // two standard errors at most
    if (isLarge
        && train - usual >= LEARNED * (1 - usual)
        && others - usual < OF_USE * (train - usual)) {
      boolean isRegression = report.model.loss().isRegression();
      warnings.add(
          "It has learned its training rows by heart (overfitting): %s for these, %s for %s others,"
                  .formatted(
                      isRegression ? "R2 is " + Text.fixed(train, 3) : Text.percent(train),
                      isRegression ? Text.fixed(others, 3) : Text.percent(others),
                      Text.count((int) rows))
              + " %s without it. "
                  .formatted(isRegression ? Text.fixed(usual, 3) : Text.percent(usual))
              + (report.bestEpoch >= 0
                  ? "A smaller network, dropout, weight decay or more rows help against it."
                  : "--patience 20 would keep the best weights; a smaller network, dropout, weight"
                      + " decay or more rows help against it."));
    }
  }

  /** The value in the epoch whose weights are kept: of the last, that of some before, too. */
  private static double ofKept(Report report, double[] values) {
    int epochs = values.length;
    if (report.bestEpoch >= 0) {
      return values[TrainingProgress.index(report.history, report.bestEpoch)];
    }
    int end = Math.max(1, (int) (END * epochs));
    return Arrays.stream(values, epochs - end, epochs).average().orElse(Double.NaN);
  }

  private static void history(Report report, List<String> warnings) {
    History history = report.history;
    double[] valid = history.validLoss();
    int epochs = valid.length;
    if (epochs < 5 || history.bestEpoch() < 0) {
      return;
    }
    int best = TrainingProgress.index(history, history.bestEpoch());
    int end = Math.max(1, (int) (END * epochs));
    double[] rates = history.learningRate();
    double largest = Arrays.stream(rates).max().orElse(Double.NaN);
    boolean ended = rates[epochs - 1] < SMALL_RATE * largest;
    double before = valid[Math.max(0, epochs - 1 - 4 * end)];
    if (best >= epochs - end && !ended && before > (1 + FALLEN) * valid[best]) {
      warnings.add(
          "It was still getting better when the training ended: more epochs, or a larger learning"
              + " rate, would do better.");
    }
  }
}
