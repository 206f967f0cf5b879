package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import org.junit.jupiter.api.Test;

/** Tests the measurement of epochs with a clock that the test sets. */
class EpochTimeTest {
  private static final Dataset DATA = Dataset.of(rows(40), rows(12)); // validation: a tenth

  private final EpochTime time = new EpochTime(DATA, () -> now());
  private long now = 7;
  private int epoch;

  private static Rows rows(int count) {
    return Rows.of(new float[count][1], new int[count]);
  }

  private long now() {
    return now;
  }

  /** Takes an epoch of equal steps, and returns whether the measurement ends in it. */
  private boolean endsIn(int steps, double secondsOfStep, double secondsOfRest) {
    for (int step = 0; step < steps; step++) {
      now += (long) (secondsOfStep * 1e9);
      if (!time.onStep(new StepResult(epoch, step, steps, 1, 1))) {
        return true;
      }
    }
    now += (long) (secondsOfRest * 1e9);
    return !time.onEpoch(new EpochResult(epoch++, 9, 1, 1, 1, 1, 1, 1, 1, 40, 1));
  }

  /** Steps become ten times as fast, as when their code is compiled. */
  @Test
  void shortEpochs() {
    assertFalse(endsIn(4, 0.1, 0.04));
    assertFalse(endsIn(4, 0.1, 0.04));
    int epochs = 1;
    while (!endsIn(4, 0.01, 0.004)) {
      epochs++;
    }
    assertEquals(2.2 / 0.044, epochs, 3);
    assertEquals(0.044, time.seconds(), 0.0005);
  }

  /** A long epoch is its steps, and a third of their time for each row of validation. */
  @Test
  void longEpoch() {
    assertTrue(endsIn(1000, 0.05, 0));
    assertEquals(1000 * 0.05 * 1.1, time.seconds(), 1e-6);
  }

  /** A step of many seconds is measured once. */
  @Test
  void longStep() {
    assertTrue(endsIn(2, 30, 6));
    assertEquals(66, time.seconds(), 1e-9);
  }

  @Test
  void trainingThatEndsAtOnce() {
    assertTrue(Double.isNaN(time.seconds()));
    assertFalse(endsIn(1, 0.1, 0.1));
    assertTrue(Double.isNaN(time.seconds()));
  }
}
