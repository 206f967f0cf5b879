package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import java.util.function.LongSupplier;

/**
 * Measures the time of an epoch, as a listener of a training that it ends after about a second and
 * a half. The first steps are not counted, because the JVM interprets and compiles code in them. If
 * an epoch is longer than the measurement, its time is that of its steps and of its validation, in
 * which a row takes about a third of its time in a step.
 */
final class EpochTime implements TrainingListener {
  /** Nanoseconds of the steps that are not counted: most vector kernels are compiled in 0.4 s. */
  static final long WARM_UP = 750_000_000;

  /** Minimum nanoseconds of the steps that are counted. */
  static final long SHORTEST = 750_000_000;

  private final LongSupplier clock;
  private final double validation; // its share of an epoch that is otherwise all steps
  private final long begin;
  private long since = -1; // the first counted time; later of the end of an epoch
  private int steps; // counted
  private int epochs = -1; // counted; -1 before the end of the first epoch after the warm-up
  private double seconds = Double.NaN;

  /**
   * Begins to measure.
   *
   * @param clock nanoseconds
   */
  EpochTime(Dataset data, LongSupplier clock) {
    this.clock = clock;
    double rows = data.validation().map(split -> split.rows()).orElse(0);
    validation = rows / data.train().rows() / 3;
    begin = clock.getAsLong();
  }

  @Override
  public boolean onStep(StepResult result) {
    long now = clock.getAsLong();
    if (since < 0) {
      since = now - begin >= WARM_UP ? now : -1;
    } else if (epochs < 0) {
      steps++;
      seconds = (now - since) * 1e-9 / steps * result.steps() * (1 + validation);
      return now - since < SHORTEST;
    }
    return true;
  }

  @Override
  public boolean onEpoch(EpochResult result) {
    if (since < 0) {
      return true;
    }
    long now = clock.getAsLong();
    since = epochs < 0 ? now : since;
    epochs++;
    seconds = epochs > 0 ? (now - since) * 1e-9 / epochs : seconds;
    return epochs == 0 || now - since < SHORTEST;
  }

  /** Returns the seconds of an epoch; NaN if the training ended before the warm-up. */
  double seconds() {
    return seconds;
  }
}
