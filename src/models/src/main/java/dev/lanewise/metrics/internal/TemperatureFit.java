package dev.lanewise.metrics.internal;

import dev.lanewise.model.Calibration;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The fit of a temperature T, and perhaps of a bias b of class 1, to probabilities by their log
 * loss. For an output of a sigmoid loss, the classes are that it does not hold and that it does.
 *
 * <p>It minimises the summed log loss of {@code softmax(log(p) / T + b)} plus {@code (log(T)^2 +
 * b^2) / (2 * 0.5^2)} over log(T) and b, by Newton's method. The penalty is that of a normal prior,
 * and keeps few rows from giving extreme numbers: the loss of rows that are all predicted rightly
 * has no minimum of its own.
 */
public final class TemperatureFit {
  /** The standard deviation of the prior: two thirds of temperatures are from 0.6 to 1.65. */
  private static final double SPREAD = 0.5;

  private static final double PRECISION = 1 / (SPREAD * SPREAD);
  private static final int STEPS = 50;
  private static final double EXACT = 1e-13; // size of the last step

  /** Size of the steps near the minimum, where the loss is flat up to its rounding. */
  private static final double NEAR = 1e-4;

  private static final double LEAST_STEP = 1e-10; // share of a step that is too long

  private final boolean hasBias;
  private final double[] all; // [rows][classes], the logarithms of the probabilities
  private final double[] owns; // [rows], the mean logarithm of the target
  private final double[] ones; // [rows], the target for class 1
  private final double[] weights; // [rows], add up to the effective number of rows
  private final double[] logs; // logarithms of the probabilities of the current row
  private final double[] terms; // exp of its calibrated logarithms
  private double own; // mean logarithm of its target
  private double one; // target for class 1

  private TemperatureFit(
      double[] all, double[] owns, double[] ones, double[] weights, boolean hasBias) {
    this.all = all;
    this.owns = owns;
    this.ones = ones;
    this.weights = weights;
    this.hasBias = hasBias;
    logs = new double[all.length / owns.length];
    terms = new double[logs.length];
  }

  /**
   * {@return the fit for a softmax loss}
   *
   * @param p [rows][classes], the probabilities of a model without a calibration
   * @param labels [rows], the classes; rows with a class that the model does not have do not count
   * @param weights [rows], above 0
   * @param hasBias whether b is fitted, for two classes
   */
  public static TemperatureFit ofClasses(
      double[] p, int[] labels, double[] weights, boolean hasBias) {
    int classes = p.length / labels.length;
    double[] all = Arrays.stream(p).map(TemperatureFit::log).toArray();
    double[] owns = new double[labels.length];
    double[] ones = new double[labels.length];
    double[] scaled = effective(weights);
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < classes) {
        owns[row] = all[row * classes + labels[row]];
        ones[row] = labels[row] == 1 ? 1 : 0;
      } else {
        scaled[row] = 0;
      }
    }
    return new TemperatureFit(all, owns, ones, scaled, hasBias);
  }

  /**
   * {@return the fit for an output of a sigmoid loss}
   *
   * @param p [rows], the probabilities of the output without a calibration
   * @param targets [rows], 0 or 1
   * @param weights [rows], above 0
   */
  public static TemperatureFit ofOutput(double[] p, double[] targets, double[] weights) {
    double[] all = new double[2 * p.length]; // the logarithm of the odds is that of the second
    double[] owns = new double[p.length];
    for (int row = 0; row < p.length; row++) {
      all[2 * row + 1] = Calibration.logOdds(p[row]);
      owns[row] = targets[row] * all[2 * row + 1];
    }
    return new TemperatureFit(all, owns, targets, effective(weights), true);
  }

  private static double log(double p) {
    return StrictMath.log(Math.max(p, Calibration.LEAST));
  }

  /** Returns weights that add up to the number of equally weighted rows that tell as much. */
  private static double[] effective(double... weights) {
    double sum = 0;
    double squares = 0;
    for (double weight : weights) {
      sum += weight;
      squares += weight * weight;
    }
    double scale = sum / squares;
    return Arrays.stream(weights).map(weight -> scale * weight).toArray();
  }

  /**
   * Returns log(T) and b.
   *
   * @param counts the rows to use
   * @param start where to begin
   */
  public double[] fit(IntPredicate counts, double... start) {
    double t = start[0];
    double b = start[1];
    for (int n = 0; n < STEPS; n++) {
      double[] d = derivatives(counts, t, b);
      boolean isConvex = d[2] > 0 && d[2] * d[4] > d[3] * d[3];
      double tt = isConvex ? d[2] : Math.abs(d[2]) + PRECISION;
      double tb = isConvex ? d[3] : 0;
      double determinant = tt * d[4] - tb * tb;
      double dt = (d[4] * d[0] - tb * d[1]) / determinant;
      double db = (tt * d[1] - tb * d[0]) / determinant;
      double step = Math.max(Math.abs(dt), Math.abs(db));
      if (step > NEAR) {
        double size = size(counts, t, b, dt, db);
        dt *= size;
        db *= size;
      }
      t -= dt;
      b -= db;
      if (step <= EXACT) {
        break;
      }
    }
    return new double[] {t, b};
  }

  /** Halves a step until it lowers the loss. */
  private double size(IntPredicate counts, double t, double b, double dt, double db) {
    double before = loss(counts, t, b);
    double size = 1;
    while (size > LEAST_STEP && !(loss(counts, t - size * dt, b - size * db) <= before)) {
      size /= 2;
    }
    return size;
  }

  /** Returns the derivatives of the loss with respect to t = log(T) and b: t, b, tt, tb, bb. */
  private double[] derivatives(IntPredicate counts, double t, double b) {
    double s = StrictMath.exp(-t);
    double[] d = {t * PRECISION, b * PRECISION, PRECISION, 0, PRECISION};
    for (int row = 0; row < owns.length; row++) {
      double w = counts.test(row) ? weights[row] : 0;
      if (w > 0) {
        double sum = StrictMath.exp(logSum(row, s, b));
        double mean = 0;
        double squares = 0;
        for (int k = 0; k < logs.length; k++) {
          double p = terms[k] / sum;
          mean += p * logs[k];
          squares += p * logs[k] * logs[k];
        }
        double slope = s * (mean - own); // times -1, the derivative with respect to t
        d[0] -= w * slope;
        d[2] += w * (slope + s * s * Math.max(0, squares - mean * mean));
        if (hasBias) {
          double p = terms[1] / sum;
          d[1] += w * (p - one);
          d[3] -= w * s * p * (logs[1] - mean);
          d[4] += w * p * (1 - p);
        }
      }
    }
    return d;
  }

  private double loss(IntPredicate counts, double t, double b) {
    double s = StrictMath.exp(-t);
    double loss = (t * t + b * b) * PRECISION / 2;
    for (int row = 0; row < owns.length; row++) {
      double w = counts.test(row) ? weights[row] : 0;
      if (w > 0) {
        loss += w * (logSum(row, s, b) + largest - s * own - b * one);
      }
    }
    return loss;
  }

  private double largest; // calibrated logarithm of the current row

  /**
   * Reads a row.
   *
   * @return the logarithm of the sum of the terms, which are relative to the largest
   */
  private double logSum(int row, double s, double b) {
    System.arraycopy(all, row * logs.length, logs, 0, logs.length);
    own = owns[row];
    one = ones[row];
    largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < logs.length; k++) {
      terms[k] = s * logs[k] + (k == 1 ? b : 0);
      largest = Math.max(largest, terms[k]);
    }
    double sum = 0;
    for (int k = 0; k < logs.length; k++) {
      terms[k] = StrictMath.exp(terms[k] - largest);
      sum += terms[k];
    }
    return StrictMath.log(sum);
  }
}
