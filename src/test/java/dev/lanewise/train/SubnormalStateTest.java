package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SubnormalStateTest {
  private static final int PARAMETERS = 5000;

  private final float[][] state = new float[2][PARAMETERS];
  private final SubnormalState subnormal = new SubnormalState(state, PARAMETERS);

  /** Ends of equal blocks from 100 to 4900, as an update goes through them. */
  private String ends(long step) {
    StringBuilder ends = new StringBuilder();
    for (int i = 100, end; i < 4900; i = end) {
      end = subnormal.end(i, 4900, step);
      ends.append(subnormal.isAt(i) ? " subnormal to " : " plain to ").append(end);
    }
    return ends.toString().strip();
  }

  @Test
  void blocksAreFoundWithinTheStepsOfARoundAndForgotten() {
    assertEquals("plain to 4900", ends(1));
    state[1][2100] = Float.MIN_VALUE;
    state[0][4899] = -1e-40f;
    for (int step = 2; step < 66; step++) {
      ends(step);
    }
    assertEquals("plain to 2048 subnormal to 3072 plain to 4096 subnormal to 4900", ends(66));
    assertTrue(subnormal.isAt(2048));
    assertFalse(subnormal.isAt(3072));
    state[1][2100] = 0;
    state[0][4899] = Float.MIN_NORMAL;
    for (int step = 67; step < 131; step++) {
      ends(step);
    }
    assertEquals("plain to 4900", ends(131));
  }

  @Test
  void whatStandsOutsideARangeIsNotLookedAt() {
    state[0][99] = Float.MIN_VALUE;
    state[0][4900] = Float.MIN_VALUE;
    for (int step = 0; step < 64; step++) {
      assertEquals("plain to 4900", ends(step));
    }
  }
}
