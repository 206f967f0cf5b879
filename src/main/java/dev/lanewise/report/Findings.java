package dev.lanewise.report;

import dev.lanewise.metrics.Baseline;
import dev.lanewise.metrics.OneRule;
import dev.lanewise.metrics.PermutationImportance;
import dev.lanewise.metrics.UnitActivity;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.EpochResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What a report must compute: what would be had without the network, and which inputs matter. */
final class Findings {
  private static final int REPEATS = 5;

  /** Where no deviation is shown, or there is little time. */
  private static final int FEW_REPEATS = 2;

  /** So many rows say enough where the third digit does not matter. */
  private static final int SOME_ROWS = 2000;

  /** Fewer rows than these say little. */
  private static final int FEWEST_ROWS = 200;

  /** Of more inputs it would take too long to find out which matter. */
  private static final int MOST_GROUPS = 2000;

  /** The side of a picture in blocks of pixels, at most: single pixels matter little. */
  private static final int BLOCKS = 10;

  /**
   * Multiply-adds that are spent in any case, and at most: some hundredths of a second, and some.
   */
  private static final double LEAST_WORK = 3e8;

  private static final double MOST_WORK = 5e10;

  /** The part of the training's work that is spent to understand its result. */
  private static final double SHARE = 0.03;

  private final Report report;
  private final int[][] groups;
  private Baseline baseline; // or null
  private UnitActivity activity; // or null
  private double[] alone; // how well each group by itself tells the target; or null
  private int repeats;
  private PermutationImportance importance; // or null

  Findings(Report report) {
    this.report = report;
    groups = groups(report);
    if (report.evaluation != null) {
      activity = UnitActivity.of(report.model, report.split, SOME_ROWS, 0);
    }
    if (report.evaluation != null && report.data != null) {
      baseline = Baseline.of(report.evaluation, report.data.train());
      if (groups.length <= MOST_GROUPS && Cases.layout(report) == null) {
        alone = OneRule.scores(report.model.loss(), report.data.train(), groups, SOME_ROWS, 0);
      }
    }
    double row = (double) groups.length * report.model.parameterCount();
    boolean isPossible =
        groups.length <= MOST_GROUPS && FEW_REPEATS * row * FEWEST_ROWS <= MOST_WORK;
    if (report.evaluation != null && isPossible) {
      repeats = Cases.layout(report) == null ? REPEATS : FEW_REPEATS;
      double rows = work(report) / (row * repeats);
      if (rows < FEWEST_ROWS) {
        rows = FEWEST_ROWS;
        int affordable = FEW_REPEATS * FEWEST_ROWS / report.split.rows();
        repeats = Math.max(FEW_REPEATS, Math.min(repeats, affordable));
      }
      importance =
          PermutationImportance.of(
              report.model,
              report.split,
              groups,
              repeats,
              (int) Math.min(rows, report.split.rows()),
              0,
              report.threads);
    }
  }

  private static double work(Report report) {
    if (report.history == null) {
      return MOST_WORK;
    }
    double rows = report.history.results().stream().mapToDouble(EpochResult::rows).sum();
    double training = 3 * rows * report.model.parameterCount(); // forward, and back twice
    return Math.max(LEAST_WORK, Math.min(SHARE * training, MOST_WORK));
  }

  /** The inputs that belong together: of a column, of a block of pixels, else each by itself. */
  private static int[][] groups(Report report) {
    Mlp model = report.model;
    if (model.schema().isPresent()) {
      return model.schema().get().inputsOfColumns().values().toArray(new int[0][]);
    }
    int inputs = model.architecture().inputs();
    ImageLayout layout = Cases.layout(report);
    if (layout == null) {
      int[][] each = new int[inputs][];
      for (int i = 0; i < inputs; i++) {
        each[i] = new int[] {i};
      }
      return each;
    }
    int longer = Math.max(layout.rows(), layout.columns());
    int side = (longer + BLOCKS - 1) / BLOCKS;
    int across = (layout.columns() + side - 1) / side;
    List<List<Integer>> blocks = new ArrayList<>();
    for (int i = 0; i < across * ((layout.rows() + side - 1) / side); i++) {
      blocks.add(new ArrayList<>());
    }
    for (int i = 0; i < inputs; i++) {
      int pixel = layout.pixel(i) / layout.channels();
      int row = pixel / layout.columns();
      blocks.get(row / side * across + pixel % layout.columns() / side).add(i);
    }
    return blocks.stream()
        .map(block -> block.stream().mapToInt(Integer::intValue).toArray())
        .toArray(int[][]::new);
  }

  int[][] groups() {
    return groups;
  }

  int repeats() {
    return repeats;
  }

  /** Which groups matter; null if there are no rows to tell, or it would take too long. */
  PermutationImportance importance() {
    return importance;
  }

  /** The groups that matter most, these first. */
  List<Integer> columns(int most) {
    return IntStream.range(0, groups.length)
        .boxed()
        .sorted(Comparator.comparingDouble(g -> importance == null ? 0 : -importance.mean(g)))
        .limit(most)
        .toList();
  }

  /** What is had without the network; null if there are no rows, or none of training. */
  Baseline baseline() {
    return baseline;
  }

  /** What the units do; null if there are no rows. */
  UnitActivity activity() {
    return activity;
  }

  /** How well each group of inputs by itself tells the target; null where nobody would ask. */
  double[] alone() {
    return alone;
  }
}
