package dev.lanewise.selection;

import dev.lanewise.data.Rows;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.nn.PredictiveModel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The interval of a mean loss of several networks, each on rows of its own: other rows move the
 * losses of networks with the same rows together, and of networks with other rows independently.
 */
final class LossInterval {
  /** The standard error of the sum of the losses on some rows, of all networks there. */
  private final Map<Rows, Double> errors = new LinkedHashMap<>();

  private double weights; // of all rows of all networks
  private boolean areFew;

  /**
   * Adds a network or a model.
   *
   * @param rows the rows on which it is measured
   * @param groups [rows], a number for each group of rows; empty if the rows are independent
   */
  void add(PredictiveModel model, Rows rows, int... groups) {
    Evaluation evaluation = Evaluator.evaluate(model, rows, 1);
    RowGroups own = RowGroups.of(evaluation.rows(), groups);
    areFew |= own.count() < RowGroups.LEAST || own.areFewerThan(RowGroups.LEAST);
    RowFigure loss = new RowFigures(evaluation).loss(rows.targetScaling());
    double weight = IntStream.range(0, rows.rows()).mapToDouble(rows::weight).sum();
    weights += weight;
    double error = weight * Math.sqrt(own.spread(loss.influences()).variance());
    errors.merge(rows, error, Double::sum);
  }

  /**
   * Returns the interval, of two standard errors on each side; empty if there are too few rows.
   *
   * @param mean the mean loss
   */
  Optional<Interval> of(double mean) {
    double squares = errors.values().stream().mapToDouble(error -> error * error).sum();
    double half = Interval.NORMAL * Math.sqrt(squares) / weights;
    return areFew || !Double.isFinite(half)
        ? Optional.empty()
        : Optional.of(
            new Interval(Math.max(0, mean - half), mean + half, Interval.LEVEL, "standard error"));
  }
}
