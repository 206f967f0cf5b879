package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import java.util.function.LongSupplier;

/**
 * Measures the time of an epoch, as a listener of a training that it ends after some seconds. Only
 * the second half counts, because a training becomes faster while the JVM compiles its code. A part
 * of an epoch is counted as its share of the epoch's work, of which a row for validation is about a
 * third of one for training.
 */
final class EpochTime implements TrainingListener {
  /** Nanoseconds after which the measurement ends. */
  static final long LENGTH = 3_000_000_000L;

  private final LongSupplier clock; // nanoseconds
  private final double steps; // steps as a share of an epoch
  private long first; // time of the first event; 0 before it
  private long start; // events count from this time
  private double startEpochs; // done at that time
  private double speed; // epochs per nanosecond

  EpochTime(Dataset data, LongSupplier clock) {
    this.clock = clock;
    double validation = data.validation().map(split -> split.rows()).orElse(0);
    steps = 1 / (1 + validation / 3 / data.train().rows());
  }

  @Override
  public boolean onStep(StepResult result) {
    return observe(result.epoch() + steps * (result.step() + 1) / result.steps());
  }

  @Override
  public boolean onEpoch(EpochResult result) {
    return observe(result.epoch() + 1);
  }

  /** Observes the number of completed epochs, and returns whether to go on. */
  private boolean observe(double epochs) {
    long now = clock.getAsLong();
    first = first == 0 ? now : first;
    if (now - first >= LENGTH) {
      speed = (epochs - startEpochs) / (now - start);
      return false;
    } else if (start == 0 || now - first < LENGTH / 2) {
      start = now;
      startEpochs = epochs;
    }
    return true;
  }

  /** Returns the seconds of an epoch; NaN if the training ended before. */
  double seconds() {
    return speed > 0 ? 1e-9 / speed : Double.NaN;
  }
}
