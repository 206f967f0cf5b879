package dev.lanewise.trust;

import dev.lanewise.data.Rows;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import java.util.Arrays;

/**
 * Computes the scores of a {@link Coverage} from rows that the model was not trained on, and by
 * which neither its best epoch nor its options were chosen.
 *
 * <pre>{@code
 * Coverage coverage = CoverageScores.of(model, held, false, 2);
 * model.withCoverage(Optional.of(coverage)).save(file);
 * }</pre>
 */
public final class CoverageScores {
  private CoverageScores() {}

  /**
   * {@return the coverage of a model by the results that it gives, calibrated ones if it has a
   * calibration}
   *
   * @param model a model of classes, or of numbers with another loss than pinball
   * @param rows rows that the model has not seen; their weights have no part in it
   * @param byClass whether each class gets its own limit; for classes only
   * @param threads number of threads, at least 1; the result does not depend on it
   * @throws IllegalArgumentException if the loss is another, or no row has a class of the model
   */
  public static Coverage of(Model model, Rows rows, boolean byClass, int threads) {
    requireLoss(model.loss(), byClass);
    return of(Evaluator.evaluate(model, rows, threads), byClass);
  }

  /**
   * Refuses a loss whose models have no coverage.
   *
   * @param loss the loss of a model
   * @param byClass whether each class gets its own limit
   * @throws IllegalArgumentException if the loss is sigmoid or pinball, or takes no classes that
   *     could get their own limits
   */
  public static void requireLoss(Loss loss, boolean byClass) {
    if (!loss.task().hasClasses() && !loss.task().hasIntervals()) {
      throw new ArgumentException(
          "coverage of loss %s, expected classes or numbers, as %s",
          loss.label(),
          loss.task().hasLabels()
              ? "several labels have no order"
              : "a quantile is a bound of its own and no middle of an interval");
    } else if (byClass && !loss.task().hasClasses()) {
      throw new ArgumentException(
          "coverage by class of loss %s, expected a model of classes", loss.label());
    }
  }

  /** Returns the coverage by evaluated rows. Rows with classes of other models are left out. */
  static Coverage of(Evaluation evaluation, boolean byClass) {
    int outputs = evaluation.classes();
    int rows = evaluation.rows();
    double[][] scores = new double[outputs][rows];
    if (!evaluation.kind().task().hasClasses()) {
      for (int row = 0; row < rows; row++) {
        double[] target = evaluation.target(row);
        for (int k = 0; k < outputs; k++) {
          scores[k][row] = Math.abs(target[k] - evaluation.value(row, k));
        }
      }
      return Coverage.ofNumbers(scores);
    }
    double[] all = new double[rows];
    int known = 0;
    int[] counts = new int[outputs];
    for (int row = 0; row < rows; row++) {
      int label = evaluation.label(row);
      if (label < outputs) {
        double score = Coverage.scores(evaluation.values(row))[label];
        all[known++] = score;
        scores[label][counts[label]++] = score;
      }
    }
    Arrays.setAll(scores, c -> Arrays.copyOf(scores[c], counts[c]));
    return byClass ? Coverage.byClass(scores) : Coverage.ofClasses(Arrays.copyOf(all, known));
  }
}
