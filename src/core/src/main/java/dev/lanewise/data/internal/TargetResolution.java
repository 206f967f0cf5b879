package dev.lanewise.data.internal;

import dev.lanewise.data.Rows;
import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.nn.Scaling;

/**
 * Refuses training rows whose targets differ by less than floating-point numbers resolve. The
 * distance between adjacent numbers grows with their size: it is 2 for floats near 2e7 and for
 * doubles near 1e16. If the deviation of the targets is only a few such steps, rounding determines
 * what a network learns and what its error is.
 */
final class TargetResolution {
  /** Minimum steps per deviation; with fewer, rounding adds over half a percent of error. */
  private static final int LEAST_STEPS = 4;

  /** Minimum deviation; squares of smaller deviations underflow or lose digits. */
  private static final double LEAST_DEVIATION = 1e-140;

  private TargetResolution() {}

  /**
   * Checks the raw and the scaled targets of training rows.
   *
   * @throws IllegalArgumentException if they are not resolved; the message names the remedy
   */
  static void check(Rows train) {
    for (int k = 0; k < train.outputs(); k++) {
      int output = k;
      Spread raw = Spread.of(train.rows(), row -> train.target(row, output));
      if (raw.deviation > 0 && raw.deviation < LEAST_STEPS * Math.ulp(raw.largest())) {
        throw wrong(
            "targets %s that deviate by %s, expected at least %s, as a double has steps of %s"
                + " there (subtract the first from times and counters)",
            raw.range(),
            raw.deviation,
            LEAST_STEPS * Math.ulp(raw.largest()),
            Math.ulp(raw.largest()));
      }
      if (raw.isDifferent() && raw.deviation < LEAST_DEVIATION) {
        throw wrong(
            "targets %s that deviate by %s, expected at least %s, as the squares of smaller"
                + " numbers are 0 (multiply the targets by a power of ten)",
            raw.range(), raw.deviation, LEAST_DEVIATION);
      }
      Scaling scaling = train.targetScaling();
      Spread seen =
          Spread.of(train.rows(), row -> scaling.scale(train.target(row, output), output));
      float step = Math.ulp((float) seen.largest());
      if (raw.isDifferent() && seen.deviation < LEAST_STEPS * step) {
        throw wrong(
            "targets %s that deviate by %s, scaled %s, expected the scaling standard: the"
                + " network's floats have steps of %s there (%s)",
            raw.range(),
            raw.deviation,
            scaling.name(),
            step,
            Remedy.SCALE_TARGETS.with("standard"));
      }
    }
  }

  private static IllegalArgumentException wrong(String problem, Object... parts) {
    return new ArgumentException(problem, parts);
  }

  /** A number per row. */
  private interface Numbers {
    double of(int row);
  }

  /** Range and deviation of some numbers. */
  private record Spread(double smallest, double greatest, double deviation) {
    static Spread of(int rows, Numbers numbers) {
      double first = numbers.of(0);
      double smallest = first;
      double greatest = first;
      double widest = 0;
      double sum = 0;
      for (int row = 0; row < rows; row++) {
        double number = numbers.of(row);
        smallest = Math.min(smallest, number);
        greatest = Math.max(greatest, number);
        widest = Math.max(widest, Math.abs(number - first));
        sum += number - first;
      }
      double mean = sum / rows;
      double squares = 0;
      for (int row = 0; row < rows && widest > 0; row++) {
        double part =
            (numbers.of(row) - first - mean)
                / widest; // scaled so that the square does not underflow
        squares += part * part;
      }
      return new Spread(smallest, greatest, widest * Math.sqrt(squares / rows));
    }

    boolean isDifferent() {
      return greatest > smallest;
    }

    double largest() {
      return Math.max(Math.abs(smallest), Math.abs(greatest));
    }

    String range() {
      return "from " + smallest + " to " + greatest;
    }
  }
}
