package dev.lanewise.train.internal;

import dev.lanewise.train.Figure;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Weighted sums over the rows of one output: its errors, and the variation of its targets about
 * their mean.
 *
 * <p>Targets are taken relative to the first one, so that the variation keeps its digits next to a
 * large offset. The variation is updated with the mean of the rows so far (West, "Updating mean and
 * variance estimates", 1979), so that a first row far from the others does no harm either.
 */
public final class ErrorSums {

  /** Length of the {@link #state}. */
  static final int NUMBERS = 7;

  /** Squares below this bound are 0 or have lost digits. */
  private static final double LEAST = 0x1p-970;

  private double weights;
  private double squares; // sum of the squares of y - t
  private double magnitudes; // |y - t|
  private double origin; // the first target
  private double mean; // mean of t - origin
  private double spread; // sum of the squares of t - mean t
  private double widest; // the largest |t - origin|

  /** Makes sums without rows. */
  public ErrorSums() {}

  /**
   * Adds a row.
   *
   * @param weight not below 0
   * @param y the output
   * @param t the target
   */
  public void add(double weight, double y, double t) {
    if (weights == 0) { // rows of weight 0 before this one have left no trace
      origin = t;
      mean = 0;
    }
    double d = y - t;
    squares += weight * (d * d);
    magnitudes += weight * Math.abs(d);
    weights += weight;
    double deviation = t - origin;
    double before = deviation - mean;
    if (weight > 0) {
      mean += before * (weight / weights);
      spread += weight * before * (deviation - mean);
      widest = Math.max(widest, Math.abs(deviation));
    }
  }

  /** Adds the rows of other sums, as if they followed the rows of this one. */
  void add(ErrorSums other) {
    if (weights == 0) {
      origin = other.origin;
      mean = 0;
    }
    squares += other.squares;
    magnitudes += other.magnitudes;
    double all = weights + other.weights;
    double apart = other.origin - origin + other.mean - mean;
    if (other.weights > 0) {
      spread += other.spread + apart * apart * weights * (other.weights / all);
      mean += apart * (other.weights / all);
      widest = Math.max(widest, Math.abs(other.origin - origin) + other.widest);
    }
    weights = all;
  }

  /** Forgets all rows. */
  void reset() {
    restore(new double[NUMBERS], 0);
  }

  /** Writes all sums from a place on. */
  void state(double[] to, int at) {
    to[at] = weights;
    to[at + 1] = squares;
    to[at + 2] = magnitudes;
    to[at + 3] = origin;
    to[at + 4] = mean;
    to[at + 5] = spread;
    to[at + 6] = widest;
  }

  /** Replaces all sums by those of a {@link #state}. */
  void restore(double[] from, int at) {
    weights = from[at];
    squares = from[at + 1];
    magnitudes = from[at + 2];
    origin = from[at + 3];
    mean = from[at + 4];
    spread = from[at + 5];
    widest = from[at + 6];
  }

  /**
   * {@return the mean of a measure over the outputs}
   *
   * @param sums those of each output
   * @param measure such as {@link #mse}
   */
  public static double mean(ErrorSums[] sums, ToDoubleFunction<ErrorSums> measure) {
    double sum = 0;
    for (ErrorSums each : sums) {
      sum += measure.applyAsDouble(each);
    }
    return sum / sums.length;
  }

  /** {@return the mean squared error} */
  public double mse() {
    return squares / weights;
  }

  /** {@return the mean absolute error} */
  public double mae() {
    return magnitudes / weights;
  }

  /**
   * {@return R2, 1 - squares / spread} Equal targets give 1 if all are met, else 0. Targets that
   * differ by so little that their squares underflow give NaN.
   */
  public double r2() {
    if (widest == 0) {
      return magnitudes == 0 ? 1 : magnitudes > 0 ? 0 : Double.NaN;
    }
    return spread < LEAST * weights ? Double.NaN : 1 - squares / spread;
  }

  /**
   * Returns the errors of a regression.
   *
   * @param sums those of each output
   * @return the means over the outputs, R2 first
   */
  public static List<Figure> figures(ErrorSums... sums) {
    double r2 = mean(sums, ErrorSums::r2);
    double mse = mean(sums, ErrorSums::mse);
    double mae = mean(sums, ErrorSums::mae);
    return List.of(
        new Figure("r2", r2, "Share of the variance of the targets that is explained."),
        new Figure("rmse", Math.sqrt(mse), "Root of the mean squared error."),
        new Figure("mse", mse, "Mean squared error."),
        new Figure("mae", mae, "Mean absolute error."));
  }
}
