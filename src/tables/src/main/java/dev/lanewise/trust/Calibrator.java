package dev.lanewise.trust;

import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.internal.LossChange;
import dev.lanewise.metrics.internal.TemperatureFit;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Fits the {@link Calibration} of a model by the log loss of rows that the model was not trained
 * on, and by which its best epoch was not chosen.
 *
 * <pre>{@code
 * CalibrationFit fit = Calibrator.fit(model, held, 2);
 * model.withCalibration(fit.calibration()).save(file);
 * }</pre>
 *
 * <p>The numbers minimise the summed log loss and a penalty, {@code log(T)^2 / (2 * 0.5^2)} for a
 * temperature T, so that few rows, or rows that are all predicted rightly, do not give an extreme
 * one. A bias b has the same penalty as log(T), and for an output of a sigmoid loss, T is 1 / a.
 * Weights of rows are multiplied by one number, so that they add up to the number of equally
 * weighted rows that would tell as much (Kish, "Survey Sampling", 1965). The sums are taken in the
 * order of the rows.
 *
 * <p>Ten folds of the rows, of which row i is in fold i mod 10, tell what is gained: each row is
 * measured by a calibration that was fitted to the others. There is no calibration unless the mean
 * loss falls below that of the model, with the calibration that it has, by more than the standard
 * error of the change (the rule of one standard error of Breiman, Friedman, Olshen and Stone,
 * "Classification and Regression Trees", 1984). Two classes have a bias only if the loss falls by
 * as much compared with the temperature alone.
 */
public final class Calibrator {
  /** Fewer rows than these would give numbers that are mostly chance. */
  private static final int FEWEST = 20;

  private static final int FOLDS = 10;

  private Calibrator() {}

  /**
   * {@return the calibration of the probabilities that a model gives without one}
   *
   * @param model with the loss softmax or sigmoid; its own calibration is what the fit must improve
   *     on, and its rule is not used
   * @param rows rows that the model has not seen, with their weights
   * @param threads number of threads, at least 1; the result does not depend on it
   * @throws IllegalArgumentException if the loss is one of regression, or there are fewer than 20
   *     rows with a class of the model
   */
  public static CalibrationFit fit(Model model, Rows rows, int threads) {
    Loss loss = model.loss();
    if (loss.task().hasNumbers()) {
      throw new ArgumentException(
          "calibration of loss %s, expected softmax or sigmoid, as other losses have no"
              + " probabilities",
          loss.label());
    }
    Model own = model.withRule(Optional.empty());
    Evaluation before = Evaluator.evaluate(own, rows, threads);
    Evaluation plain =
        model.calibration().isEmpty()
            ? before
            : Evaluator.evaluate(own.withCalibration(Optional.empty()), rows, threads);
    int count = before.rows() - before.outside();
    if (count < FEWEST) {
      throw new ArgumentException(
          "%s rows with classes of the model to calibrate it by, expected at least %s",
          count, FEWEST);
    }
    boolean isBinary = loss.task().hasClasses() && before.classes() == 2;
    CalibrationFit best = null;
    for (boolean hasBias : isBinary ? List.of(false, true) : List.of(loss.task().hasLabels())) {
      double[] numbers = numbers(plain, hasBias, row -> true, null);
      double[] p = heldOut(plain, hasBias, numbers);
      Evaluation heldOut =
          Evaluator.ofProbabilities(
              loss,
              RowPreparation.measured(model, rows),
              p,
              decided(plain, hasBias && model.weighting().isEmpty(), p));
      boolean isFirst = best == null || best.calibration().isEmpty();
      if (gains(isFirst ? before : best.heldOut(), heldOut)) {
        Calibration fitted = calibration(loss, hasBias, numbers);
        best = new CalibrationFit(Optional.of(fitted), before, heldOut);
      } else if (best == null) {
        best = new CalibrationFit(Optional.empty(), before, heldOut);
      }
    }
    return best;
  }

  /** Returns the probabilities of each row by a calibration that was fitted to other folds. */
  private static double[] heldOut(Evaluation plain, boolean hasBias, double... all) {
    int classes = plain.classes();
    double[] p = new double[plain.rows() * classes];
    for (int fold = 0; fold < FOLDS; fold++) {
      int own = fold;
      double[] numbers = numbers(plain, hasBias, row -> row % FOLDS != own, all);
      Calibration other = calibration(plain.kind(), hasBias, numbers);
      for (int row = own; row < plain.rows(); row += FOLDS) {
        System.arraycopy(plain.values(row), 0, p, row * classes, classes);
        other.apply(p, row * classes, classes);
      }
    }
    return p;
  }

  /** Returns the classes, which only a bias may change, or the outputs that hold. */
  private static int[] decided(Evaluation plain, boolean changes, double... p) {
    if (plain.kind().task().hasLabels()) {
      return Arrays.stream(p).mapToInt(each -> each > 0.5 ? 1 : 0).toArray();
    }
    return IntStream.range(0, plain.rows())
        .map(row -> !changes ? plain.predicted(row) : p[2 * row + 1] > p[2 * row] ? 1 : 0)
        .toArray();
  }

  /**
   * Returns log(T) and b, of each output of a sigmoid loss.
   *
   * @param hasBias whether b is fitted, else it is 0
   * @param counts the rows to use
   * @param start numbers to start from; null if none are known
   */
  static double[] numbers(
      Evaluation evaluation, boolean hasBias, IntPredicate counts, double[] start) {
    boolean isOne = evaluation.kind().task().hasClasses();
    double[] numbers = new double[isOne ? 2 : 2 * evaluation.classes()];
    for (int i = 0; i < numbers.length; i += 2) {
      double[] from = start == null ? new double[2] : Arrays.copyOfRange(start, i, i + 2);
      TemperatureFit fit = fit(evaluation, isOne ? -1 : i / 2, hasBias);
      System.arraycopy(fit.fit(counts, from), 0, numbers, i, 2);
    }
    return numbers;
  }

  /** Returns the fit for an output of a sigmoid loss, or for classes if the output is below 0. */
  private static TemperatureFit fit(Evaluation evaluation, int output, boolean hasBias) {
    int rows = evaluation.rows();
    double[] weights = new double[rows];
    Arrays.setAll(weights, evaluation::weight);
    if (output >= 0) {
      double[] p = new double[rows];
      double[] targets = new double[rows];
      Arrays.setAll(p, row -> evaluation.value(row, output));
      Arrays.setAll(targets, row -> evaluation.target(row)[output]);
      return TemperatureFit.ofOutput(p, targets, weights);
    }
    int classes = evaluation.classes();
    double[] p = new double[rows * classes];
    int[] labels = new int[rows];
    Arrays.setAll(p, i -> evaluation.value(i / classes, i % classes));
    Arrays.setAll(labels, evaluation::label);
    return TemperatureFit.ofClasses(p, labels, weights, hasBias);
  }

  /** Returns the calibration of log(T) and b. */
  static Calibration calibration(Loss loss, boolean hasBias, double... numbers) {
    if (loss.task().hasClasses()) {
      double temperature = StrictMath.exp(numbers[0]);
      return hasBias
          ? Calibration.biased(temperature, numbers[1])
          : Calibration.temperature(temperature);
    }
    double[] slopes = new double[numbers.length / 2];
    double[] intercepts = new double[slopes.length];
    Arrays.setAll(slopes, k -> StrictMath.exp(-numbers[2 * k]));
    Arrays.setAll(intercepts, k -> numbers[2 * k + 1]);
    return Calibration.platt(slopes, intercepts);
  }

  /** Returns whether the mean loss falls by more than the standard error of the change. */
  private static boolean gains(Evaluation before, Evaluation after) {
    double[] weights = new double[before.rows()];
    Arrays.setAll(weights, row -> isOutside(before, row) ? 0 : before.weight(row));
    return LossChange.of(losses(before), losses(after), weights).isGain();
  }

  /** Returns whether the model does not have the class of a row, which then does not count. */
  private static boolean isOutside(Evaluation evaluation, int row) {
    return evaluation.kind().task().hasClasses() && evaluation.label(row) == evaluation.classes();
  }

  private static double[] losses(Evaluation evaluation) {
    return IntStream.range(0, evaluation.rows())
        .mapToDouble(row -> isOutside(evaluation, row) ? 0 : loss(evaluation, row))
        .toArray();
  }

  private static double loss(Evaluation evaluation, int row) {
    Loss kind = evaluation.kind();
    if (kind.task().hasClasses()) {
      return kind.of(evaluation.value(row, evaluation.label(row)), 1);
    }
    double[] targets = evaluation.target(row);
    double sum = 0;
    for (int k = 0; k < targets.length; k++) {
      sum += kind.of(evaluation.value(row, k), targets[k]);
    }
    return sum / targets.length;
  }
}
