package dev.lanewise.report;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.model.Model;
import dev.lanewise.train.EpochResult;
import java.util.stream.IntStream;

/** The figures that a report computes: results without the network, and which inputs matter. */
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

  /** Inputs that belong together: the inputs of a column, or a single input. */
  final int[][] groups;

  final Baseline baseline; // results without the network; null without rows and training rows
  final DeadUnits units; // null without an evaluation
  final double[] alone; // score of each group that predicts the target alone, or null
  PermutationImportance
      importance; // importance of each group; null without rows or time, and of pictures
  int repeats; // number of permutations per group

  final ReportData report;

  Findings(ReportData report) {
    this.report = report;
    boolean isJudged = report.evaluation != null;
    groups = groups(report);
    boolean few = groups.length <= MOST_GROUPS && report.layout() == null;
    units =
        isJudged ? DeadUnits.of(report.model.members().get(0), report.split, SOME_ROWS, 0) : null;
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
    return Largest.of(groups.length, most, g -> importance == null ? 0 : importance.mean(g));
  }
}
