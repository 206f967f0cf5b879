package dev.lanewise.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Rows;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Mlp;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeldOutTest {
  /** Of few rows, a temperature must lower the loss of rows that it was not fitted to. */
  @ParameterizedTest
  @CsvSource({"1, 60, false", "1, 99, false", "1, 100, true", "3, 60, true"})
  void aTemperatureOfFewRowsMustGain(float sureness, int rows, boolean isFound) {
    float[] parameters = {-sureness / 2, sureness / 2, 0, 0};
    Mlp network = Mlp.of(Architecture.relu(1, List.of(), 2), parameters);
    Random random = new Random(1);
    float[][] x = new float[rows][1];
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      x[i][0] = (float) (2 * random.nextGaussian());
      labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-x[i][0])) ? 1 : 0;
    }
    HeldOut held = HeldOut.of(List.of(List.of(network)), List.of(Rows.of(x, labels)));
    assertEquals(isFound, held.temperature(1).isPresent());
  }
}
