package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import org.junit.jupiter.api.Test;

/** Tests the measurement of epochs with a clock that the test sets. */
class EpochTimeTest {
  private static final Dataset DATA = Dataset.of(rows(40), rows(12));

  private long now = 7;

  private static Split rows(int count) {
    return Split.of(new float[count][1], new int[count]);
  }

  /** Takes an epoch of equal steps, unless the measurement ends before, and returns whether. */
  private boolean epoch(EpochTime time, int steps, double secondsOfStep, double secondsOfRest) {
    for (int step = 0; step < steps; step++) {
      now += (long) (secondsOfStep * 1e9);
      if (!time.onStep(new StepResult(0, step, steps, 1, 1))) {
        return true;
      }
    }
    now += (long) (secondsOfRest * 1e9);
    EpochResult result = new EpochResult(0, 9, 1, 1, 1, 1, 1, 1, 1, 40, 1);
    return !time.onEpoch(result);
  }

  /** Short epochs are measured as a whole, after those of the warm-up. */
  @Test
  void shortEpochs() {
    EpochTime time = new EpochTime(DATA, () -> now);
    assertFalse(epoch(time, 1, 0.8, 0.1));
    assertTrue(Double.isNaN(time.seconds()));
    int epochs = 1;
    while (!epoch(time, 4, 0.02, 0.02)) {
      epochs++;
    }
    assertEquals(8, epochs); // 0.8 seconds, of at least 0.75
    assertEquals(0.1, time.seconds(), 1e-9);
  }

  /** A long epoch is its steps after the warm-up, and a third of that time for validation rows. */
  @Test
  void longEpoch() {
    EpochTime time = new EpochTime(DATA, () -> now);
    assertFalse(epoch(time, 7, 0.1, 0)); // 0.7 seconds of warm-up
    assertTrue(epoch(time, 1000, 0.05, 0));
    assertEquals(1000 * 0.05 * 1.1, time.seconds(), 1e-9);
  }

  /** An epoch of one step has no two steps, so that its end is measured. */
  @Test
  void longStep() {
    EpochTime time = new EpochTime(DATA, () -> now);
    assertFalse(epoch(time, 1, 30, 3));
    assertTrue(epoch(time, 1, 20, 2));
    assertEquals(22, time.seconds(), 1e-9);
  }

  /** A training that ends at once was not measured. */
  @Test
  void noEpoch() {
    assertTrue(Double.isNaN(new EpochTime(DATA, () -> now).seconds()));
  }
}
