package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import java.util.function.LongSupplier;

/**
 * Measures the time of an epoch, as a listener of a training that it ends after some seconds. A
 * training becomes faster while the JVM compiles its code. The measurement therefore consists of
 * short windows, starts again with each window that is clearly faster, and ends after a few windows
 * that are not. A part of an epoch is counted as its share of the epoch's work, of which a row for
 * validation is about a third of one for training.
 */
final class EpochTime implements TrainingListener {
  /** Minimum nanoseconds of a window. */
  static final long WINDOW = 400_000_000;

  /** Windows of a whole measurement. */
  static final int WINDOWS = 4;

  /** Nanoseconds after which a measurement ends that still becomes faster. */
  static final long LONGEST = 10_000_000_000L;

  /** Ratio of the speed in a clearly faster window to the speed before. */
  private static final double FASTER = 1.1;

  private final LongSupplier clock; // nanoseconds
  private final double steps; // their share of an epoch
  private long first; // time of the first event
  private long start; // of the measurement
  private double startEpochs; // done at that time
  private long last; // end of the last window
  private double lastEpochs;
  private int windows; // -1 before the first event
  private double speed; // epochs per nanosecond

  EpochTime(Dataset data, LongSupplier clock) {
    this.clock = clock;
    double validation = data.validation().map(split -> split.rows()).orElse(0);
    steps = 1 / (1 + validation / 3 / data.train().rows());
    windows = -1;
  }

  @Override
  public boolean onStep(StepResult result) {
    return observe(result.epoch() + steps * (result.step() + 1) / result.steps());
  }

  @Override
  public boolean onEpoch(EpochResult result) {
    return observe(result.epoch() + 1);
  }

  /** Observes that so many epochs are done, and returns whether to go on. */
  private boolean observe(double epochs) {
    long now = clock.getAsLong();
    if (windows < 0) {
      first = now;
    } else if (now - last < WINDOW) {
      return true;
    } else if ((epochs - lastEpochs) / (now - last) > FASTER * speed) {
      start = last;
      startEpochs = lastEpochs;
      windows = 0;
    }
    windows++;
    last = now;
    lastEpochs = epochs;
    speed = windows == 0 ? 0 : (epochs - startEpochs) / (now - start);
    return windows < WINDOWS && now - first < LONGEST;
  }

  /** Returns the seconds of an epoch; NaN if the training ended before there was a window. */
  double seconds() {
    return speed > 0 ? 1e-9 / speed : Double.NaN;
  }
}
