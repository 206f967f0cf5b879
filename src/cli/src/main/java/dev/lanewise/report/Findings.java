package dev.lanewise.report;

import dev.lanewise.format.internal.Remedy;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.metrics.RegressionMetrics;
import dev.lanewise.metrics.RocAuc;
import dev.lanewise.model.Model;
import dev.lanewise.selection.Interval;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a report finds: results without the network, which inputs matter, and the first sentences
 * about how good the network is, with warnings.
 */
final class Findings {
  private static final int REPEATS = 5;
  private static final int FEW_REPEATS = 2; // with little time
  private static final int SOME_ROWS = 2000; // enough where the third digit does not matter
  private static final int FEWEST_ROWS = 200; // of fewer rows, importances are too uncertain
  private static final int MOST_GROUPS = 2000; // of more groups, importances take too long
  private static final double LEAST_WORK = 3e8; // multiply-adds for importances, less than 0.1 s
  private static final double MOST_WORK = 5e10; // multiply-adds for importances, some seconds
  // importances take at most this share of the training's work
  private static final double SHARE = 0.03;

  private static final double MOST_OF_ROWS = 0.8; // share of a class, as in Recipe.resolvedFor
  private static final double FALLEN =
      0.025; // relative decrease of a validation loss that counts as improvement

  // Gains over the baseline; what the baseline leaves open is the largest possible gain.
  private static final double OF_USE =
      0.5; // share of the gain on training rows below which it overfits
  private static final double LEARNED =
      0.1; // share of the possible gain below which it learned nothing
  private static final double END = 0.05; // share of the epochs that counts as the end
  private static final double SMALL_RATE =
      0.1; // share of the largest rate at which a schedule has ended

  private static final double GIVEN_AWAY = 0.95; // share of the possible gain by one column alone

  private static final double ONE_ROW = 0.1; // share of the error from which a row is named

  private static final int MOST_NAMES = 5;

  /** Inputs that belong together: the inputs of a column, or a single input. */
  final int[][] groups;

  final Baseline baseline; // results without the network; null without rows and training rows
  final double[] alone; // score of each group that predicts the target alone, or null
  PermutationImportance
      importance; // importance of each group; null without rows or time, and of pictures
  int repeats; // number of permutations per group

  final ReportData report;
  private final Evaluation evaluation; // or null
  private final boolean isRegression;
  private final List<String> warnings = new ArrayList<>();

  Findings(ReportData report) {
    this.report = report;
    evaluation = report.evaluation;
    isRegression = report.model.loss().task().hasNumbers();
    boolean isJudged = evaluation != null;
    groups = groups(report);
    boolean few = groups.length <= MOST_GROUPS && report.layout() == null;
    baseline =
        isJudged && report.data != null
            ? Baseline.of(report.evaluation, report.data.train())
            : null;
    alone =
        baseline != null && few
            ? OneRule.scores(report.model.loss(), report.data.train(), groups, SOME_ROWS, 0)
            : null;
    double row = (double) groups.length * report.model.parameterCount();
    if (isJudged && few && FEW_REPEATS * row * FEWEST_ROWS <= MOST_WORK) {
      repeats = REPEATS;
      double rows = work(report) / (row * repeats);
      if (rows < FEWEST_ROWS) {
        rows = FEWEST_ROWS;
        int affordable = FEW_REPEATS * FEWEST_ROWS / report.split.rows();
        repeats = Math.max(FEW_REPEATS, Math.min(repeats, affordable));
      }
      int some = (int) Math.min(rows, report.split.rows());
      importance =
          PermutationImportance.of(
              report.model,
              report.split,
              groups,
              repeats,
              some,
              0,
              report.threads,
              baseline != null && isOfMajority(report.evaluation));
    }
  }

  /**
   * Returns whether the accuracy says little, because one class has most of the rows or the
   * baseline has as many right answers.
   */
  private boolean isOfMajority(Evaluation evaluation) {
    return evaluation.kind().task().hasClasses()
        && (baseline.accuracy() >= MOST_OF_ROWS || evaluation.accuracy() <= baseline.accuracy());
  }

  private static double work(ReportData report) {
    if (report.history == null) {
      return MOST_WORK;
    }
    double rows = report.history.results().stream().mapToDouble(EpochResult::rows).sum();
    double training = 3 * rows * report.model.parameterCount(); // forward, and back twice
    return Math.max(LEAST_WORK, Math.min(SHARE * training, MOST_WORK));
  }

  private static int[][] groups(ReportData report) {
    Model model = report.model;
    if (model.schema().isPresent()) {
      return model.schema().get().inputsOfColumns().values().toArray(new int[0][]);
    }
    int inputs = model.inputs();
    return IntStream.range(0, inputs).mapToObj(i -> new int[] {i}).toArray(int[][]::new);
  }

  /** Returns the most important groups, the most important first. */
  int[] columns(int most) {
    return ChosenRows.largest(
        groups.length, most, g -> importance == null ? 0 : importance.mean(g));
  }

  /** Returns the results in a few sentences. */
  String sentence() {
    return evaluated()
        + report
            .folds
            .map(folds -> folds.validated(report.model.members().size()))
            .map(
                rows ->
                    " The validation gives %s%s: it measures %s on rows that it was not trained on (%s of the training rows)."
                        .formatted(
                            isRegression ? "R2 " : "an accuracy of ",
                            score(report.validation.accuracy()),
                            report.model.members().size() == 1
                                ? "the network"
                                : "each network alone",
                            Text.count(rows)))
            .orElse("");
  }

  private String evaluated() {
    String rows =
        report.rows(evaluation.rows()) + (evaluation.hasWeights() ? " by their weights" : "");
    String right = Text.percent(evaluation.accuracy());
    if (isRegression) {
      return explained(rows, right);
    }
    boolean classes = report.model.loss().task().hasClasses();
    String sentence =
        classes
            ? "It is right in %s of %s%s.".formatted(right, rows, interval())
            : "Of the labels of %s %s are right.".formatted(rows, right);
    if (baseline == null) {
      return sentence;
    }
    String usual = Text.percent(baseline.accuracy());
    if (!classes) {
      return sentence
          + " Always giving each the more frequent answer would be right in "
          + usual
          + ".";
    }
    return sentence
        + " Always answering \"%s\", the most frequent class, would be right in %s."
            .formatted(
                Text.isolated(report.className(baseline.answers().get(0).intValue())), usual);
  }

  /** Returns the 95% interval of the accuracy in brackets; empty without one. */
  private String interval() {
    Interval found = report.intervals.get("accuracy");
    return found == null
        ? ""
        : " (95%% interval %s to %s)"
            .formatted(Text.percent(found.low()), Text.percent(found.high()));
  }

  private String explained(String rows, String part) {
    Interval found = report.intervals.get("r2");
    String r2 =
        Text.fixed(evaluation.accuracy(), 3)
            + (found == null
                ? ""
                : ", 95%% interval %s to %s"
                    .formatted(Text.fixed(found.low(), 3), Text.fixed(found.high(), 3)));
    String sentence =
        "It explains %s of the differences among %s (R2 %s).".formatted(part, rows, r2);
    if (!varies()) {
      sentence = "The targets of %s are all alike: there is nothing to explain.".formatted(rows);
    } else if (evaluation.accuracy() <= 0) {
      sentence = "It explains nothing of the differences among %s: R2 is %s.".formatted(rows, r2);
    }
    if (baseline == null || evaluation.classes() > 1) {
      return sentence;
    }
    RegressionMetrics metrics = RegressionMetrics.of(evaluation);
    double mse = metrics.mse();
    String share = share(metrics.mae(0), evaluation, 0);
    return sentence
        + " Its typical error is %s, %s of the mean size of the target."
            .formatted(Text.brief(metrics.mae(0)), share)
        + " Its root mean squared error is %s, that of always answering the mean %s."
            .formatted(Text.brief(Math.sqrt(mse)), Text.brief(baseline.rmse()));
  }

  private boolean varies() {
    double[] first = evaluation.target(0);
    return IntStream.range(1, evaluation.rows())
        .anyMatch(row -> !Arrays.equals(evaluation.target(row), first));
  }

  /** Returns the warnings, a sentence or two each. */
  List<String> warnings() {
    if (evaluation != null) {
      if ("train".equals(report.splitName)) {
        warnings.add(
            "All figures here%s are measured on its training rows. On other rows it will do worse;"
                    .formatted(report.folds.isEmpty() ? "" : ", except those of the validation,")
                + " only rows that it has never seen can tell by how much.");
      }
      noBetter();
      if (report.model.loss().task().hasClasses()) {
        neverPredicted();
      }
      givenAway();
    }
    if (report.history != null) {
      overfitted();
      unfinished();
    }
    return warnings;
  }

  private void noBetter() {
    if (baseline != null
        && evaluation.accuracy() < 1 // rows of a single class may all be right
        && evaluation.accuracy() <= Math.max(0, baseline.accuracy())
        && (!isRegression || varies())) {
      double area = ranking();
      warnings.add(
          "It is no better than giving every row the same answer"
              + (area > 0
                  ? ", but its probabilities tell the classes apart: ROC AUC %s."
                      .formatted(Text.fixed(area, 3))
                  : ": it has learned nothing that is of use for these rows." + largestError()));
    }
  }

  /** Names the row with the largest share of the squared error of numbers, if it is large. */
  private String largestError() {
    double all = 0;
    double most = 0;
    int largest = 0;
    for (int row = 0; row < evaluation.rows() && isRegression; row++) {
      double error = evaluation.value(row, 0) - evaluation.target(row)[0];
      double share = evaluation.weight(row) * error * error;
      largest = share > most ? row : largest;
      most = Math.max(share, most);
      all += share;
    }
    return most <= ONE_ROW * all
        ? ""
        : " Row %s alone has %s of the squared error."
            .formatted(report.rowNumber(largest), Text.percent(most / all));
  }

  /**
   * Returns the mean ROC AUC of the classes if it is above that of chance by more than two standard
   * errors (Mann and Whitney, "On a test of whether one of two random variables is stochastically
   * larger than the other", 1947); else 0.
   */
  private double ranking() {
    double variance = 0;
    double area = 0;
    if (report.model.loss().task().hasClasses()) {
      RocAuc auc = RocAuc.of(evaluation);
      List<Metrics.Scores> scores = Metrics.of(evaluation).scores();
      for (int c = 0; c < auc.classes(); c++) {
        double support = scores.get(c).support();
        double rows = evaluation.rows();
        if (!Double.isNaN(auc.area(c))) {
          variance = Math.max(variance, (rows + 1) / (12 * support * (rows - support)));
        }
      }
      area = auc.macro();
    }
    return area - 0.5 > 2 * Math.sqrt(variance) ? area : 0;
  }

  private void neverPredicted() {
    BitSet predicted = new BitSet();
    IntStream.range(0, evaluation.rows())
        .map(evaluation::predicted)
        .filter(c -> c >= 0)
        .forEach(predicted::set);
    List<Metrics.Scores> scores = Metrics.of(evaluation).scores();
    List<String> never = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    for (int c = 0; c < evaluation.classes(); c++) {
      if (scores.get(c).support() == 0) {
        absent.add(report.className(c));
      } else if (!predicted.get(c)) {
        never.add(report.className(c));
      }
    }
    if (!never.isEmpty()) {
      warnings.add(
          "No row was given %s, though some are of %s. Where a class is rare, weights of classes or balanced mini-batches may help (%s, %s)."
              .formatted(
                  names("class", never),
                  never.size() == 1 ? "it" : "them",
                  report.say(Remedy.CLASS_WEIGHTS.with()),
                  report.say(Remedy.BALANCED.with())));
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

  private void givenAway() {
    if (alone == null || alone.length == 1) {
      return;
    }
    double usual = Math.max(0, baseline.accuracy());
    List<String> columns = new RowTexts(report).names();
    List<String> found = new ArrayList<>();
    double best = 0;
    for (int g = 0; g < alone.length; g++) {
      if (usual < 1 && (alone[g] - usual) / (1 - usual) > GIVEN_AWAY) {
        found.add(columns.get(g));
        best = Math.max(best, alone[g]);
      }
    }
    if (!found.isEmpty()) {
      warnings.add(
          "%s alone nearly %s the answer (%s %s). If that is known only when the answer is, the network is of no use for new rows: leave it out (%s)."
              .formatted(
                  names("Column", found),
                  found.size() == 1 ? "gives" : "give",
                  isRegression ? "R2" : "right in",
                  score(best),
                  report.say(Remedy.IGNORE.with(found.get(0)))));
    }
  }

  /** Returns R2 or an accuracy as text. */
  private String score(double score) {
    return isRegression ? Text.fixed(score, 3) : Text.percent(score);
  }

  /**
   * Compares the network's gain over the baseline on training rows with its gain on other rows. A
   * rising validation loss does not show overfitting, because probabilities of wrong answers may
   * grow while as many answers are right. Nor does a mere difference, which most good networks
   * have. So the gains are compared as shares of what the baseline leaves open.
   */
  private void overfitted() {
    History history = report.history;
    if (baseline == null || history.epochs() == 0) {
      return;
    }
    double train = kept(History::trainScoreMean);
    double rows = 0;
    double others = 0;
    double valid = kept(History::validScore);
    boolean isAlike = !report.isClassWeighted(); // as the accuracy of training rows
    if (report.folds.isPresent()) {
      rows = report.folds.get().validated(report.model.members().size());
      others = rows * report.validation.accuracy();
    } else if (isAlike && report.data.validation().isPresent() && Double.isFinite(valid)) {
      rows = report.data.validation().get().rows();
      others = rows * valid;
    }
    boolean isOne = report.model.members().size() == 1; // else the test rows are of their average
    if ("test".equals(report.splitName) && (isOne || rows == 0)) {
      rows += evaluation.rows();
      others += evaluation.rows() * evaluation.accuracy();
    }
    others /= rows;
    double usual = Math.max(0, baseline.accuracy());
    // at most two standard errors of a share
    boolean isLarge = train - others > 1 / Math.sqrt(rows);
    if (isLarge
        && train - usual >= LEARNED * (1 - usual)
        && others - usual < OF_USE * (train - usual)) {
      warnings.add(
          "It has learned its training rows by heart (overfitting): %s%s%s for these while it trained, %s for %s others,"
                  .formatted(
                      isOne ? "" : "each network alone has ",
                      isRegression ? "R2 is " : "",
                      score(train),
                      score(others),
                      Text.count((int) rows))
              + " %s without it. ".formatted(score(usual))
              + (report.bestEpochs.stream().allMatch(epoch -> epoch >= 0)
                  ? "A smaller network, dropout, weight decay or more rows help against it."
                  : "%s would keep the best weights; a smaller network, dropout, weight decay or more rows help against it."
                      .formatted(report.say(Remedy.PATIENCE.with(20)))));
    }
  }

  /**
   * Returns the mean over the networks of a value in the epoch whose weights are kept. If that
   * epoch is not known, a network's mean over its last epochs is taken.
   */
  private double kept(Function<History, double[]> values) {
    List<History> networks = report.history.members();
    double sum = 0;
    for (int m = 0; m < networks.size(); m++) {
      double[] own = values.apply(networks.get(m));
      int epoch = m < report.bestEpochs.size() ? report.bestEpochs.get(m) : -1;
      int best = epoch < 0 ? -1 : TrainingProgress.index(networks.get(m), epoch);
      int end = Math.max(0, own.length - Math.max(1, (int) (END * own.length)));
      IntStream of = best < 0 ? IntStream.range(end, own.length) : IntStream.of(best);
      sum += of.mapToDouble(i -> own[i]).average().orElse(Double.NaN);
    }
    return sum / networks.size();
  }

  private void unfinished() {
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

  /** Returns an error as a share of the mean size of a target. */
  static String share(double error, Evaluation evaluation, int k) {
    double sum = 0;
    double weights = 0;
    for (int row = 0; row < evaluation.rows(); row++) {
      sum += evaluation.weight(row) * Math.abs(evaluation.target(row)[k]);
      weights += evaluation.weight(row);
    }
    double size = sum / weights;
    return size > 0 ? Text.percent(error / size) : Text.NONE;
  }
}
