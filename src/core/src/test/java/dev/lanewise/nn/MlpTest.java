package dev.lanewise.nn;

import static dev.lanewise.Refusals.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.nn.internal.ModelFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlpTest {
  private static final Mlp MODEL =
      Mlp.initial(Architecture.relu(2, List.of(), 1), Initializer.HE, 1)
          .withLoss(Loss.MSE)
          .withScaling(Scaling.divide(255));

  @Test
  void otherParametersAreCopiedUnlessTheyAreTakenOver() {
    float[] parameters = {1, -2, 0.5f};
    Mlp copied = MODEL.withParameters(parameters);
    Mlp taken = MlpState.of(MODEL).on(parameters);
    parameters[0] = 3; // forbidden in real code; it shows which model uses this array
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
    assertEquals(expected, refusal(() -> MODEL.withParameters(two)));
    assertEquals(expected, refusal(() -> MlpState.of(MODEL).on(two)));
    assertEquals(expected, refusal(() -> Mlp.of(MODEL.architecture(), two)));
  }

  /**
   * Otherwise the fact that a model has diverged would only show when somebody predicts with it.
   */
  @Test
  void whatIsNotFiniteGoesNowhere(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("model.npz");
    MODEL.save(file);
    byte[] good = Files.readAllBytes(file);
    for (float wrong : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      Mlp model = MODEL.withParameters(new float[] {1, wrong, 1});
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Map<String, NdArray> others = Map.of("rows", NdArray.of(new int[1], 1));
      assertThrows(IllegalStateException.class, () -> model.save(file));
      assertThrows(IllegalStateException.class, () -> ModelFile.write(model, file, others));
      assertThrows(IllegalStateException.class, () -> model.save(out));
      assertEquals(0, out.size());
      try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
        assertThrows(IllegalStateException.class, () -> objects.writeObject(model));
      }
    }
    assertArrayEquals(good, Files.readAllBytes(file));
  }

  @Test
  void theUnitsOfTargetsAreKeptAmongLossesOfNumbers() {
    Scaling units = Scaling.standardise(new double[] {5}, new double[] {2});
    Mlp model = MODEL.withTargetScaling(units);
    assertEquals(units, model.withLoss(Loss.HUBER).targetScaling());
    assertEquals(Scaling.none(), model.withLoss(Loss.SIGMOID).targetScaling());
    assertEquals("CE CE MSE Huber MAE Pinball", titles());
  }

  private static String titles() {
    return Arrays.stream(Loss.values()).map(Loss::title).collect(Collectors.joining(" "));
  }

  @Test
  void picturesMayHaveOneChannel() {
    assertArrayEquals(new int[] {1, 2, 1}, MODEL.withInputShape(1, 2, 1).inputShape());
    assertEquals(0, MODEL.withInputShape(2).withInputShape().inputShape().length);
    for (int[] wrong : new int[][] {{2, 2}, {-1, -2}, {0}, {1 << 17, 1 << 16, 1}}) {
      assertTrue(refusal(() -> MODEL.withInputShape(wrong)).startsWith("input shape ["));
    }
  }

  @Test
  void equalModelsAreEqualInAllTheyAre() {
    Mlp same = Mlp.of(MODEL.architecture(), MODEL.parameters());
    same = same.withLoss(Loss.MSE).withScaling(Scaling.divide(255));
    assertEquals(MODEL, same);
    assertEquals(MODEL.hashCode(), same.hashCode());
    float[] other = MODEL.parameters();
    other[2] = -0f;
    for (Mlp different :
        List.of(
            MODEL.withParameters(other),
            MODEL.withLoss(Loss.HUBER),
            MODEL.withScaling(Scaling.divide(100)),
            MODEL.withTraining(List.of("epochs=1")),
            MODEL.withInputShape(2))) {
      assertNotEquals(MODEL, different);
    }
  }
}
