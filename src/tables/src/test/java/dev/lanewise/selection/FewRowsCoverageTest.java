package dev.lanewise.selection;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluations;
import dev.lanewise.nn.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Draws test sets of few rows, of a rare class, of heavy tails and of groups, and counts how often
 * the intervals that are shown contain the truth. The property -Dlanewise.coverage=N asks for N
 * sets of each kind instead of the few of a usual build, and prints a table.
 */
class FewRowsCoverageTest {
  private static final int SETS = Integer.getInteger("lanewise.coverage", 60);
  private static final boolean IS_LONG = SETS >= 1000;
  private static final List<String> TABLE = new ArrayList<>();

  /** Sets with an interval, and those of them whose interval contains the truth. */
  private static final class Count {
    int shown;
    int right;
  }

  /** Counts by figure, over all kinds of sets. */
  private static final Map<String, Count> ALL = new TreeMap<>();

  private static void count(
      Map<String, Count> counts, Map<String, Double> truth, Map<String, Interval> found) {
    truth.forEach(
        (name, value) -> {
          Count count = counts.computeIfAbsent(name, n -> new Count());
          Interval interval = found.get(name);
          count.shown += interval == null ? 0 : 1;
          boolean isRight =
              interval != null && interval.low() <= value + 1e-9 && value - 1e-9 <= interval.high();
          count.right += isRight ? 1 : 0;
        });
  }

  /** Asserts that few intervals are wrong, and adds a line to the table. */
  private static void check(String what, Map<String, Count> counts) {
    StringBuilder line = new StringBuilder(what);
    counts.forEach(
        (name, count) -> {
          double share = count.shown == 0 ? Double.NaN : (double) count.right / count.shown;
          line.append(
              " | %s %.2f %s"
                  .formatted(
                      name,
                      (double) count.shown / SETS,
                      count.shown == 0 ? "-" : "%.3f".formatted(share)));
          Count all = ALL.computeIfAbsent(name, n -> new Count());
          all.shown += count.shown;
          all.right += count.right;
          double slack = 5 * Math.sqrt(0.08 * 0.92 / SETS);
          double wrong = (double) (count.shown - count.right) / SETS;
          assertTrue(wrong <= 0.08 + slack, () -> what + ", " + name + ": wrong in " + wrong);
        });
    TABLE.add(line.toString());
  }

  @AfterAll
  static void printTable() {
    ALL.forEach(
        (name, all) ->
            TABLE.add("all kinds, %s: %.4f".formatted(name, (double) all.right / all.shown)));
    if (IS_LONG) {
      System.Logger log = System.getLogger("coverage");
      TABLE.forEach(line -> log.log(System.Logger.Level.INFO, line));
    }
  }

  /** Returns groups of the size, or if it is 0 of 1 to 20 rows; none of size 1. */
  private static int[] groups(Samples samples, int rows, int size) {
    int[] groups = new int[size == 1 ? 0 : rows];
    int left = 0;
    for (int row = 0, group = -1; row < groups.length; row++, left--) {
      if (left == 0) {
        left = size == 0 ? 1 + (int) (20 * samples.uniform()) : size;
        group++;
      }
      groups[row] = group;
    }
    return groups;
  }

  /** Returns what the rows of a group have in common, with a variance of one half. */
  private static double[] common(Samples samples, int rows, int[] groups) {
    double[] common = new double[rows];
    for (int row = 0; row < groups.length; row++) {
      boolean isNew = row == 0 || groups[row] != groups[row - 1];
      common[row] = isNew ? Math.sqrt(0.5) * samples.gaussian() : common[row - 1];
    }
    return common;
  }

  /**
   * Draws two classes whose scores are normal numbers, at a distance for the second class.
   *
   * @param areSame whether all rows of a group are of a class
   */
  private static Evaluation classes(
      Samples samples, int rows, int[] groups, boolean areSame, double share, double distance) {
    int[] labels = new int[rows];
    float[][] probabilities = new float[rows][2];
    double[] common = common(samples, rows, groups);
    double own = Math.sqrt(groups.length == 0 ? 1 : 0.5);
    for (int row = 0; row < rows; row++) {
      boolean isNew = !areSame || row == 0 || groups[row] != groups[row - 1];
      labels[row] = isNew ? samples.uniform() < share ? 1 : 0 : labels[row - 1];
      double x = common[row] + own * samples.gaussian() + distance * labels[row];
      double odds = share / (1 - share) * StrictMath.exp(distance * x - distance * distance / 2);
      probabilities[row][1] = (float) (odds / (1 + odds));
      probabilities[row][0] = (float) (1 / (1 + odds));
    }
    return Samples.withLoss(Evaluations.of(labels, probabilities));
  }

  private static double normal(double x) {
    double tail = StudentT.twoSided(Math.abs(x), 1e9) / 2;
    return x > 0 ? 1 - tail : tail;
  }

  /** Returns the true figures; the loss is a sum over small steps of the score. */
  private static Map<String, Double> truth(double share, double distance) {
    double limit = distance / 2 - StrictMath.log(share / (1 - share)) / distance;
    double sensitivity = normal(distance - limit);
    double specificity = normal(limit);
    double tp = share * sensitivity;
    double fp = (1 - share) * (1 - specificity);
    double covariance = tp - share * (tp + fp);
    double loss = 0;
    double step = 1e-3;
    for (double z = -8; z < 8; z += step) {
      double density = StrictMath.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * step;
      double odds = share / (1 - share);
      double first = odds * StrictMath.exp(distance * z - distance * distance / 2);
      double second = odds * StrictMath.exp(distance * z + distance * distance / 2);
      loss += density * (1 - share) * StrictMath.log1p(first);
      loss += density * share * StrictMath.log1p(1 / second);
    }
    Map<String, Double> truth = new TreeMap<>();
    truth.put("accuracy", tp + (1 - share) * specificity);
    truth.put("balanced_accuracy", (sensitivity + specificity) / 2);
    truth.put("f1", 2 * tp / (tp + fp + share));
    truth.put("precision", tp / (tp + fp));
    truth.put("recall", sensitivity);
    truth.put("matthews", covariance / Math.sqrt(share * (1 - share) * (tp + fp) * (1 - tp - fp)));
    truth.put("roc_auc", normal(distance / Math.sqrt(2)));
    truth.put("loss", loss);
    return truth;
  }

  @Test
  void intervalsOfClassesContainTheTruth() {
    for (double share : new double[] {0.5, 0.05}) {
      for (double distance : IS_LONG ? new double[] {1.2, 2, 3} : new double[] {2}) {
        Map<String, Double> truth = truth(share, distance);
        for (int rows : IS_LONG ? new int[] {30, 60, 200, 630, 2000} : new int[] {30, 200}) {
          for (int size : IS_LONG ? new int[] {1, 2, 5, 20, 0} : new int[] {1, 5}) {
            for (boolean areSame : size == 1 ? new boolean[1] : new boolean[] {false, true}) {
              Samples samples = new Samples(rows * 31L + size);
              Map<String, Count> counts = new TreeMap<>();
              for (int i = 0; i < SETS; i++) {
                int[] groups = groups(samples, rows, size);
                Evaluation drawn = classes(samples, rows, groups, areSame, share, distance);
                Map<String, Interval> found = Intervals.of(drawn, groups);
                Map<String, Interval> ofClass = Intervals.ofClass(drawn, 1, groups);
                ofClass.forEach(found::putIfAbsent);
                count(counts, truth, found);
              }
              String of = size == 1 ? "" : " of a class".repeat(areSame ? 1 : 0);
              check(
                  "%s rows, share %s, distance %s, groups of %s%s"
                      .formatted(rows, share, distance, size == 0 ? "1-20" : size, of),
                  counts);
            }
          }
        }
      }
    }
  }

  /** The errors are normal or of a lognormal distribution, less its mean. */
  @Test
  void intervalsOfNumbersContainTheTruth() {
    for (double sigma : new double[] {0, 0.5, 1}) {
      Map<String, Double> truth = truth(sigma);
      for (int rows : IS_LONG ? new int[] {30, 60, 200, 630, 2000} : new int[] {60, 200, 630}) {
        for (int size : IS_LONG ? new int[] {1, 2, 5, 20, 0} : new int[] {1, 5}) {
          Samples samples = new Samples(rows * 31L + size);
          Map<String, Count> counts = new TreeMap<>();
          for (int i = 0; i < SETS; i++) {
            int[] groups = groups(samples, rows, size);
            count(counts, truth, Intervals.of(numbers(samples, rows, groups, sigma), groups));
          }
          check(
              "%s rows, %s errors, groups of %s"
                  .formatted(
                      rows,
                      sigma == 0 ? "normal" : "lognormal " + sigma,
                      size == 0 ? "1-20" : size),
              counts);
        }
      }
    }
  }

  private static Evaluation numbers(Samples samples, int rows, int[] groups, double sigma) {
    float[][] targets = new float[rows][1];
    float[][] outputs = new float[rows][1];
    double[] common = common(samples, rows, groups);
    double own = Math.sqrt(groups.length == 0 ? 1 : 0.5);
    for (int row = 0; row < rows; row++) {
      double z = common[row] + own * samples.gaussian();
      targets[row][0] = (float) samples.gaussian();
      outputs[row][0] = (float) (targets[row][0] + error(z, sigma));
    }
    return Evaluations.of(Loss.MSE, targets, outputs);
  }

  private static double error(double z, double sigma) {
    return sigma == 0 ? z : StrictMath.exp(sigma * z) - StrictMath.exp(sigma * sigma / 2);
  }

  private static Map<String, Double> truth(double sigma) {
    double step = 1e-4;
    double[] sums = new double[2];
    for (double z = -10; z < 10; z += step) {
      double density = StrictMath.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * step;
      double error = error(z, sigma);
      sums[0] += density * Math.abs(error);
      sums[1] += density * error * error;
    }
    return new TreeMap<>(Map.of("mae", sums[0], "rmse", Math.sqrt(sums[1]), "r2", 1 - sums[1]));
  }

  /** Equal models on rows of groups are seldom found different, which rows alone would. */
  @Test
  void equalModelsOnGroupsAreSeldomFoundDifferent() {
    int rows = 200;
    int[] found = new int[2]; // by groups, by rows
    int[] groups = new int[rows];
    Arrays.setAll(groups, row -> row / 10);
    Samples samples = new Samples(60);
    for (int i = 0; i < SETS; i++) {
      int[] labels = new int[rows];
      float[][][] probabilities = new float[2][rows][2];
      double[][] common = {common(samples, rows, groups), common(samples, rows, groups)};
      for (int row = 0; row < rows; row++) {
        labels[row] = row % 2;
        for (int m = 0; m < 2; m++) {
          double x = 1.3 * common[m][row] + 0.4 * samples.gaussian();
          probabilities[m][row][labels[row]] = (float) (1 / (1 + StrictMath.exp(-1 - 2 * x)));
          probabilities[m][row][1 - labels[row]] = 1 - probabilities[m][row][labels[row]];
        }
      }
      Evaluation first = Samples.withLoss(Evaluations.of(labels, probabilities[0]));
      Evaluation second = Samples.withLoss(Evaluations.of(labels, probabilities[1]));
      for (String figure : List.of("accuracy", "loss", "roc_auc")) {
        found[0] +=
            PairedComparison.of(first, second, figure, groups).p() < BestModel.LEVEL ? 1 : 0;
        found[1] += PairedComparison.of(first, second, figure).p() < BestModel.LEVEL ? 1 : 0;
      }
    }
    TABLE.add(
        "equal models on 20 groups of 10 differ: %.3f by groups, %.3f by rows"
            .formatted(found[0] / 3.0 / SETS, found[1] / 3.0 / SETS));
    assertTrue(found[0] <= 3 * (0.06 + 5 * Math.sqrt(0.05 * 0.95 / SETS)) * SETS, found[0] + "");
    assertTrue(found[1] >= 3 * 0.2 * SETS, () -> Arrays.toString(found));
  }
}
