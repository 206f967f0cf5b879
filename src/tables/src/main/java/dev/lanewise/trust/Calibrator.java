package dev.lanewise.trust;

import dev.lanewise.data.Split;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import java.util.Optional;

/**
 * Fits the {@link Calibration} of a model by the log loss of rows that the model was not trained
 * on, and by which its best epoch was not chosen.
 *
 * <pre>{@code
 * Calibration calibration = Calibrator.fit(model, held, 2);
 * model.withCalibration(Optional.of(calibration)).save(file);
 * }</pre>
 *
 * <p>A temperature is the one with the smallest log loss between 1/20 and 20: rows that are all
 * predicted rightly have their smallest loss at the lower end. The two numbers of a sigmoid output
 * are those with the smallest log loss for the targets (N+ + 1) / (N+ + 2) and 1 / (N- + 2), with
 * N+ and N- the weights of the rows where the output does and does not hold (Platt 1999), by
 * Newton's method (Lin, Lin and Weng, "A note on Platt's probabilistic outputs for support vector
 * machines", 2007). The sums are taken in the order of the rows.
 */
public final class Calibrator {
  /** Fewer rows than these would give numbers that are mostly chance. */
  private static final int FEWEST = 20;

  private static final double MOST = 20; // largest temperature, and smallest as 1 / MOST
  private static final int STEPS = 200;
  private static final double EXACT = 1e-13; // relative size of the last step

  /** Relative size of the steps near the minimum, where the loss is flat up to its rounding. */
  private static final double NEAR = 1e-4;

  private static final double LEAST_STEP = 1e-10; // share of a step that is too long

  private Calibrator() {}

  /**
   * {@return the calibration of the probabilities that a model gives without one}
   *
   * @param model with the loss softmax or sigmoid; its own calibration is not used
   * @param rows rows that the model has not seen, with their weights
   * @param threads number of threads, at least 1; the result does not depend on it
   * @throws IllegalArgumentException if the loss is one of regression, there are fewer than 20 rows
   *     with a class of the model, or the probabilities of an output do not rise with its target
   */
  public static Calibration fit(Model model, Split rows, int threads) {
    if (model.loss().task().hasNumbers()) {
      throw new ArgumentException(
          "calibration of loss %s, expected softmax or sigmoid, as other losses have no"
              + " probabilities",
          model.loss().label());
    }
    return fit(Evaluator.evaluate(model.withCalibration(Optional.empty()), rows, threads));
  }

  /**
   * {@return the calibration of evaluated probabilities}
   *
   * @param evaluation of a model without a calibration
   * @throws IllegalArgumentException as {@link #fit(Model, Split, int)}
   */
  static Calibration fit(Evaluation evaluation) {
    int rows = evaluation.rows() - evaluation.outside();
    if (rows < FEWEST) {
      throw new ArgumentException(
          "%s rows with classes of the model to calibrate it by, expected at least %s",
          rows, FEWEST);
    }
    if (evaluation.kind().task().hasClasses()) {
      return Calibration.temperature(temperature(evaluation));
    }
    int outputs = evaluation.classes();
    double[] slopes = new double[outputs];
    double[] intercepts = new double[outputs];
    for (int k = 0; k < outputs; k++) {
      double[] both = new Platt(evaluation, k).fit();
      slopes[k] = both[0];
      intercepts[k] = both[1];
      if (!(slopes[k] > 0)) {
        throw new ArgumentException(
            "output %s: probabilities that do not rise with its target, expected a model that"
                + " predicts these rows better than chance",
            k);
      }
    }
    return Calibration.platt(slopes, intercepts);
  }

  /** Finds the zero of the derivative of the loss with respect to 1 / T, which rises. */
  private static double temperature(Evaluation evaluation) {
    double low = 1 / MOST;
    double high = MOST;
    if (derivatives(evaluation, low)[0] >= 0) {
      return MOST;
    } else if (derivatives(evaluation, high)[0] <= 0) {
      return 1 / MOST;
    }
    double inverse = 1;
    for (int step = 0; step < STEPS && high - low > EXACT * inverse; step++) {
      double[] both = derivatives(evaluation, inverse);
      if (both[0] == 0) {
        break;
      } else if (both[0] < 0) {
        low = inverse;
      } else {
        high = inverse;
      }
      double next = inverse - both[0] / both[1];
      if (Math.abs(next - inverse) <= EXACT * inverse) {
        break;
      }
      inverse = next > low && next < high ? next : (low + high) / 2;
    }
    return 1 / inverse;
  }

  /** Returns the first and second derivative of the summed loss with respect to 1 / T. */
  private static double[] derivatives(Evaluation evaluation, double inverse) {
    int classes = evaluation.classes();
    double[] logs = new double[classes];
    double first = 0;
    double second = 0;
    for (int row = 0; row < evaluation.rows(); row++) {
      int label = evaluation.label(row);
      if (label >= classes) {
        continue;
      }
      double largest = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < classes; k++) {
        logs[k] = StrictMath.log(Math.max(evaluation.value(row, k), Calibration.LEAST));
        largest = Math.max(largest, logs[k]);
      }
      double sum = 0;
      double mean = 0;
      double squares = 0;
      for (double log : logs) {
        double d = log - largest;
        double e = StrictMath.exp(inverse * d);
        sum += e;
        mean += e * d;
        squares += e * d * d;
      }
      mean /= sum;
      double weight = evaluation.weight(row);
      first += weight * (mean - (logs[label] - largest));
      second += weight * (squares / sum - mean * mean);
    }
    return new double[] {first, second};
  }

  /** The fit of one output of a sigmoid loss. */
  private static final class Platt {
    private final double[] x; // log odds
    private final double[] t; // smoothed targets
    private final double[] w;

    Platt(Evaluation evaluation, int output) {
      int rows = evaluation.rows();
      x = new double[rows];
      t = new double[rows];
      w = new double[rows];
      double holds = 0;
      double all = 0;
      for (int row = 0; row < rows; row++) {
        x[row] = Calibration.logOdds(evaluation.value(row, output));
        t[row] = evaluation.target(row)[output];
        w[row] = evaluation.weight(row);
        holds += w[row] * t[row];
        all += w[row];
      }
      double high = (holds + 1) / (holds + 2);
      double low = 1 / (all - holds + 2);
      for (int row = 0; row < rows; row++) {
        t[row] = low + t[row] * (high - low);
      }
    }

    /** Returns a and b. */
    double[] fit() {
      double a = 1;
      double b = 0;
      for (int n = 0; n < STEPS; n++) {
        double ga = 0;
        double gb = 0;
        double aa = 0;
        double ab = 0;
        double bb = 0;
        for (int i = 0; i < x.length; i++) {
          double p = 1 / (1 + StrictMath.exp(-(a * x[i] + b)));
          double d = w[i] * (p - t[i]);
          double h = w[i] * p * (1 - p);
          ga += d * x[i];
          gb += d;
          aa += h * x[i] * x[i];
          ab += h * x[i];
          bb += h;
        }
        aa += Double.MIN_NORMAL;
        bb += Double.MIN_NORMAL;
        double determinant = aa * bb - ab * ab;
        if (!(determinant > 0)) {
          break; // all rows have the same probability
        }
        double da = (bb * ga - ab * gb) / determinant;
        double db = (aa * gb - ab * ga) / determinant;
        double step = Math.max(Math.abs(da) / Math.abs(a), Math.abs(db) / (1 + Math.abs(b)));
        if (step > NEAR) {
          double size = size(a, b, da, db);
          da *= size;
          db *= size;
        }
        a -= da;
        b -= db;
        if (step <= EXACT) {
          break;
        }
      }
      return new double[] {a, b};
    }

    /** Halves a step until it lowers the loss. */
    private double size(double a, double b, double da, double db) {
      double before = loss(a, b);
      double size = 1;
      while (size > LEAST_STEP && !(loss(a - size * da, b - size * db) <= before)) {
        size /= 2;
      }
      return size;
    }

    private double loss(double a, double b) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        double z = a * x[i] + b;
        // log(1 + exp(-z)) + (1 - t) z without an overflow
        sum += w[i] * (Math.max(-z, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(z))));
        sum += w[i] * (1 - t[i]) * z;
      }
      return sum;
    }
  }
}
