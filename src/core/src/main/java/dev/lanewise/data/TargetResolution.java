package dev.lanewise.data;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.Remedy;
import dev.lanewise.nn.Scaling;

/**
 * Refuses training rows whose targets differ by less than their numbers can resolve. Numbers have
 * steps that grow with their size: near 2e7 floats have steps of 2, near 1e16 doubles have. Where
 * the deviation of the targets is but a few steps, rounding decides what a network learns and what
 * its error is.
 */
final class TargetResolution {
  /** With fewer steps in a deviation, rounding adds more than half a percent to an error. */
  private static final int LEAST_STEPS = 4;

  /** Squares of smaller deviations are 0 or have lost digits. */
  private static final double LEAST_DEVIATION = 1e-140;

  private TargetResolution() {}

  /**
   * Checks the targets of training rows, as they are and as a network sees them.
   *
   * @throws IllegalArgumentException if they are not resolved; the message says how to mend it
   */
  static void check(Split train) {
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
            "targets %s that deviate by %s, scaled %s, expected them scaled standard: the"
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

  /** A number of each row. */
  private interface Numbers {
    double of(int row);
  }

  /** How far some numbers go. */
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
        double part = (numbers.of(row) - first - mean) / widest; // whose square is no 0
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
