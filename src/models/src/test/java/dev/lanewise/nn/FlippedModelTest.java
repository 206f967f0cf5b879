package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.lanewise.format.FormatException;
import dev.lanewise.model.Coverage;
import dev.lanewise.model.Model;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** If one bit of a model file changes, loading refuses the file or returns the same model. */
class FlippedModelTest {
  @TempDir Path directory;

  @Test
  void aFlippedBitIsRefusedOrHarmless() throws IOException {
    Mlp network =
        Mlp.initial(new Architecture(2, List.of(1), 2, List.of(Activation.TANH)), Initializer.HE, 1)
            .withLoss(Loss.MSE)
            .withScaling(Scaling.minMax(new double[] {1, 2}, new double[] {3, 4}))
            .withClassNames(List.of("a", "b"))
            .withInputShape(1, 2);
    Model model =
        Model.of(network)
            .withCoverage(Optional.of(Coverage.ofNumbers(new double[][] {{1, 2}, {3, 4}})));
    Path file = directory.resolve("nn_model.npz");
    model.save(file);
    byte[] bytes = Files.readAllBytes(file);
    int harmless = 0;
    for (int bit = 0; bit < 8 * bytes.length; bit += 23) {
      bytes[bit / 8] = (byte) (bytes[bit / 8] ^ 1 << bit % 8);
      try {
        Model loaded = Model.load(new ByteArrayInputStream(bytes), "flipped");
        assertEquals(model, loaded, "bit " + bit);
        assertEquals(List.of(), loaded.assumptions(), "bit " + bit);
        harmless++;
      } catch (FormatException e) {
        assertTrue(e.getMessage().startsWith("flipped: "), e.getMessage());
        assertTrue(e.getMessage().contains("expected"), e.getMessage());
      } catch (RuntimeException e) {
        fail("bit " + bit, e);
      }
      bytes[bit / 8] = (byte) (bytes[bit / 8] ^ 1 << bit % 8);
    }
    assertEquals(model, Model.load(new ByteArrayInputStream(bytes), "sound"));
    // Harmless bits belong to dates, versions and fields that local headers repeat. There must be
    // few of them, or the test would prove little.
    assertTrue(harmless > 0 && harmless < 8 * bytes.length / 12, harmless + " bits are harmless");
  }
}
