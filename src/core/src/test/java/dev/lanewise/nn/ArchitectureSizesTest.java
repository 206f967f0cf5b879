package dev.lanewise.nn;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureSizesTest {
  @Test
  void layersFollowEachOtherInTheParameters() {
    Architecture course = Architecture.relu(2304, List.of(16, 80), 7);
    assertEquals("2304-16-80-7", course.toString());
    assertEquals(38807, course.parameterCount());
    assertEquals(
        List.of(
            new Layer(2304, 16, 0, 36864, Activation.RELU),
            new Layer(16, 80, 36880, 38160, Activation.RELU),
            new Layer(80, 7, 38240, 38800, Activation.IDENTITY)),
        course.layers());
  }

  @Test
  void impossibleSizesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Architecture.relu(0, List.of(), 2));
    assertThrows(IllegalArgumentException.class, () -> Architecture.relu(2, List.of(3, 0), 2));
    assertThrows(IllegalArgumentException.class, () -> Architecture.relu(2, List.of(), -1));
    assertThrows(
        IllegalArgumentException.class, () -> Architecture.relu(100_000, List.of(100_000), 2));
    assertThrows(
        IllegalArgumentException.class, () -> new Architecture(2, List.of(2), 2, List.of()));
  }

  @Test
  void thereAreThousandLayersAtMost() {
    assertEquals(1000, Architecture.relu(1, Collections.nCopies(999, 1), 1).layers().size());
    rejects(
        () -> Architecture.relu(1, Collections.nCopies(23_999, 1), 1),
        "network of 24000 layers: must have at most 1000");
  }

  @Test
  void initialWeightsHaveTheirDeviations() {
    Architecture course = Architecture.relu(500, List.of(40, 50), 7);
    assertDeviations(course, Initializer.COURSE, 0.1, 0.1, 0.01);
    assertDeviations(
        course, Initializer.HE, Math.sqrt(2.0 / 500), Math.sqrt(2.0 / 40), Math.sqrt(2.0 / 50));
    // A uniform distribution within b of 0 has the deviation b / sqrt(3).
    assertDeviations(
        course, Initializer.GLOROT, Math.sqrt(2.0 / 540), Math.sqrt(2.0 / 90), Math.sqrt(2.0 / 57));
    assertDeviations(Architecture.relu(900, List.of(), 7), Initializer.COURSE, 0.01);
  }

  private static void assertDeviations(Architecture a, Initializer init, double... expected) {
    Mlp model = Mlp.initial(a, init, 42);
    for (int l = 0; l < expected.length; l++) {
      float[] w = model.weights(l);
      double sum = 0;
      double squares = 0;
      for (float x : w) {
        sum += x;
        squares += (double) x * x;
      }
      double tolerance = expected[l] * 5 / Math.sqrt(w.length);
      assertEquals(0, sum / w.length, tolerance);
      assertEquals(expected[l], Math.sqrt(squares / w.length), tolerance);
      for (float b : model.biases(l)) {
        assertTrue(b == 0);
      }
    }
  }
}
