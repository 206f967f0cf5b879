package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.engine.ModelAccess;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MlpTest {
  private static final Mlp MODEL =
      Mlp.initial(Architecture.relu(2, List.of(), 1), Initializer.HE, 1)
          .withLoss(Loss.MSE)
          .withScaling(Scaling.divide(255));

  @Test
  void otherParametersAreCopiedUnlessTheyAreTakenOver() {
    float[] parameters = {1, -2, 0.5f};
    Mlp copied = MODEL.withParameters(parameters);
    Mlp taken = ModelAccess.on(MODEL, parameters);
    parameters[0] = 3; // which nobody may do: only to see whose array it is
    assertArrayEquals(new float[] {1, -2, 0.5f}, copied.parameters());
    assertArrayEquals(new float[] {3, -2, 0.5f}, taken.parameters());
    for (Mlp other : List.of(copied, taken)) {
      assertEquals(Loss.MSE, other.loss());
      assertEquals(Optional.of(Scaling.divide(255)), other.scaling());
    }
  }

  @Test
  void theNumberOfParametersIsChecked() {
    float[] two = {1, 2};
    String expected = "2 parameters: network 2-1 has 3";
    assertEquals(expected, refused(() -> MODEL.withParameters(two)));
    assertEquals(expected, refused(() -> ModelAccess.on(MODEL, two)));
    assertEquals(expected, refused(() -> Mlp.of(MODEL.architecture(), two)));
  }

  private static String refused(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }
}
