package dev.lanewise.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DecisionTest {
  @Test
  void theFirstOfTheLargestNumbersIsChosen() {
    assertEquals(1, Decision.first(0.25, 0.5, 0.5));
    assertEquals(2, Decision.first(Double.NaN, -2, -1, Double.NaN));
    assertEquals(0, Decision.first(-0.0, 0.0));
    assertEquals(-1, Decision.first(Double.NaN, Double.NaN));
  }
}
