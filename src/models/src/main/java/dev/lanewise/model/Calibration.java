package dev.lanewise.model;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.nn.Loss;
import java.util.Arrays;
import java.util.Objects;

/**
 * Changes the probabilities of a model so that they agree with how often they come true. It was
 * fitted on rows that the model was not trained on. Immutable.
 *
 * <p>For classes it has one temperature T: the probabilities are {@code softmax(log(p) / T)} of
 * those of the network, or of the average over several networks (Guo, Pleiss, Sun and Weinberger,
 * "On calibration of modern neural networks", 2017). The order of the classes stays, and so does
 * the predicted class. For two classes it may also have a bias b, which is added to {@code log(p) /
 * T} of class 1; then the predicted class is the one with the larger calibrated probability. For a
 * sigmoid loss it has two numbers per output: a probability is {@code 1 / (1 + exp(-(a log(p / (1 -
 * p)) + b)))}, and an output holds if that is above 1/2 (Platt, "Probabilistic outputs for support
 * vector machines", 1999).
 *
 * <p>All is computed in double by {@link StrictMath}. The probabilities of a network are floats: 0
 * counts as the smallest float above it, and with a sigmoid loss 1 counts as 1 - 2^-25.
 */
public final class Calibration {
  /** The smallest probability: smaller ones count as this one. */
  public static final double LEAST = Float.MIN_VALUE;

  /** The largest probability of an output with a sigmoid loss: larger ones count as this one. */
  public static final double MOST = 1 - 0x1p-25;

  final double[] slopes; // T of classes, or a per output
  final double[] intercepts; // b per output, or of class 1; empty without a bias
  private final boolean isOfClasses;

  private Calibration(boolean isOfClasses, double[] slopes, double... intercepts) {
    this.isOfClasses = isOfClasses;
    this.slopes = slopes;
    this.intercepts = intercepts;
  }

  /**
   * {@return the calibration of a model of classes}
   *
   * @param temperature T, above 0; above 1 if the model is too sure
   * @throws IllegalArgumentException if it is not finite or not above 0
   */
  public static Calibration temperature(double temperature) {
    if (!(temperature > 0 && Double.isFinite(temperature))) {
      throw new ArgumentException("temperature %s, expected a finite number above 0", temperature);
    }
    return new Calibration(true, new double[] {temperature});
  }

  /**
   * {@return the calibration of a model of two classes, which may change the predicted class}
   *
   * @param temperature T, above 0
   * @param bias b of class 1, finite
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Calibration biased(double temperature, double bias) {
    if (!Double.isFinite(bias)) {
      throw new ArgumentException("bias %s, expected a finite number", bias);
    }
    return new Calibration(true, temperature(temperature).slopes, bias);
  }

  /**
   * {@return the calibration of a model with a sigmoid loss}
   *
   * @param slopes a, one per output, finite and above 0
   * @param intercepts b, one per output, finite
   * @throws IllegalArgumentException if a number is out of range, or the numbers of slopes and
   *     intercepts differ
   */
  public static Calibration platt(double[] slopes, double[] intercepts) {
    Objects.requireNonNull(slopes, "slopes");
    Objects.requireNonNull(intercepts, "intercepts");
    boolean right = slopes.length > 0 && slopes.length == intercepts.length;
    for (int k = 0; right && k < slopes.length; k++) {
      right = slopes[k] > 0 && Double.isFinite(slopes[k]) && Double.isFinite(intercepts[k]);
    }
    if (!right) {
      throw new IllegalArgumentException(
          "calibration of slopes %s and intercepts %s, expected as many finite numbers in both, and"
                  .formatted(Arrays.toString(slopes), Arrays.toString(intercepts))
              + " slopes above 0");
    }
    return new Calibration(false, slopes.clone(), intercepts.clone());
  }

  /** {@return whether this is a temperature, perhaps with a bias, for a model of classes} */
  public boolean isTemperature() {
    return isOfClasses;
  }

  /** {@return whether this has a temperature and a bias, for a model of two classes} */
  public boolean hasBias() {
    return isOfClasses && intercepts.length > 0;
  }

  /** {@return the temperature, or a per output; a copy} */
  public double[] slopes() {
    return slopes.clone();
  }

  /** {@return b per output, or of class 1; a copy, empty for a temperature without a bias} */
  public double[] intercepts() {
    return intercepts.clone();
  }

  /** Returns whether this fits a model. */
  boolean fits(Loss loss, int outputs) {
    return isTemperature()
        ? loss.task().hasClasses() && (!hasBias() || outputs == 2)
        : loss.task().hasLabels() && slopes.length == outputs;
  }

  /**
   * Calibrates the probabilities of a row in place.
   *
   * @param p probabilities, from an offset on
   * @param offset the position of the first
   * @param outputs number of classes or outputs
   */
  public void apply(double[] p, int offset, int outputs) {
    if (isTemperature()) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = offset; i < offset + outputs; i++) {
        p[i] = StrictMath.log(Math.max(p[i], LEAST)) / slopes[0];
        p[i] += hasBias() && i == offset + 1 ? intercepts[0] : 0;
        largest = Math.max(largest, p[i]);
      }
      double sum = 0;
      for (int i = offset; i < offset + outputs; i++) {
        p[i] = StrictMath.exp(p[i] - largest);
        sum += p[i];
      }
      for (int i = offset; i < offset + outputs; i++) {
        p[i] /= sum;
      }
    } else {
      for (int k = 0; k < outputs; k++) {
        double z = slopes[k] * logOdds(p[offset + k]) + intercepts[k];
        p[offset + k] = 1 / (1 + StrictMath.exp(-z));
      }
    }
  }

  /**
   * {@return log(p / (1 - p)), which a calibration of a sigmoid loss takes}
   *
   * @param p a probability, limited to the range that the class describes
   */
  public static double logOdds(double p) {
    double inside = Math.min(Math.max(p, LEAST), MOST);
    return StrictMath.log(inside) - StrictMath.log(1 - inside);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Calibration that
        && isOfClasses == that.isOfClasses
        && Arrays.equals(slopes, that.slopes)
        && Arrays.equals(intercepts, that.intercepts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(slopes) + Arrays.hashCode(intercepts);
  }

  /**
   * {@return such as {@code temperature 1.25}, {@code temperature 1.25, bias 0.3 of class 1}, or
   * {@code a [0.8], b [-0.1]}}
   */
  @Override
  public String toString() {
    return isTemperature()
        ? "temperature " + slopes[0] + (hasBias() ? ", bias " + intercepts[0] + " of class 1" : "")
        : "a %s, b %s".formatted(Arrays.toString(slopes), Arrays.toString(intercepts));
  }
}
