package dev.lanewise.trust;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.model.Coverage;
import java.util.ArrayList;
import java.util.List;

/**
 * How often the sets or intervals of a {@link Coverage} contain the truth of evaluated rows, and
 * how large they are. Rows count once, whatever their weights; rows with a class that the model
 * does not have are left out.
 *
 * @param level the probability that was asked for
 * @param all all rows; of several outputs all of them together, whose mean size has no unit
 * @param groups for classes the rows of each true class, else the rows of each output
 */
public record CoverageResult(double level, Group all, List<Group> groups) {
  /**
   * Some rows.
   *
   * @param rows the number of rows; with several outputs, the number of rows times the number of
   *     outputs
   * @param covered the number of rows whose truth is in the set or interval
   * @param size the mean number of classes, or the width of the interval; NaN without rows
   */
  public record Group(int rows, int covered, double size) {
    /** {@return the share of the rows with the truth inside, from 0 to 1; NaN without rows} */
    public double share() {
      return (double) covered / rows;
    }
  }

  /**
   * {@return the result for evaluated rows}
   *
   * @param evaluation an evaluation of the model that has the coverage
   * @param coverage that of the model
   * @param level above 0 and below 1
   * @throws IllegalArgumentException if the level is out of range
   */
  public static CoverageResult of(Evaluation evaluation, Coverage coverage, double level) {
    Coverage.Level limits = coverage.at(level);
    int outputs = evaluation.classes();
    int[] rows = new int[outputs];
    int[] covered = new int[outputs];
    double[] sizes = new double[outputs];
    for (int row = 0; row < evaluation.rows(); row++) {
      double[] values = evaluation.values(row);
      if (coverage.isOfClasses()) {
        int label = evaluation.label(row);
        if (label < outputs) {
          boolean[] set = limits.set(values);
          rows[label]++;
          covered[label] += set[label] ? 1 : 0;
          for (boolean inside : set) {
            sizes[label] += inside ? 1 : 0;
          }
        }
        continue;
      }
      double[] target = evaluation.target(row);
      for (int k = 0; k < outputs; k++) {
        double low = limits.low(k, values[k]);
        double high = limits.high(k, values[k]);
        rows[k]++;
        covered[k] += low <= target[k] && target[k] <= high ? 1 : 0;
        sizes[k] += high - low;
      }
    }
    List<Group> groups = new ArrayList<>();
    int allRows = 0;
    int allCovered = 0;
    double allSizes = 0;
    for (int k = 0; k < outputs; k++) {
      groups.add(new Group(rows[k], covered[k], sizes[k] / rows[k]));
      allRows += rows[k];
      allCovered += covered[k];
      allSizes += sizes[k];
    }
    return new CoverageResult(
        level, new Group(allRows, allCovered, allSizes / allRows), List.copyOf(groups));
  }
}
