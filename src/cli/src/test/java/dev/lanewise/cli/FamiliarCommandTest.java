package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.nn.Model;
import dev.lanewise.trust.Familiarity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code --familiar} of the commands that take it. */
class FamiliarCommandTest {
  private static final String QUICK = "--preset course --epochs 60 --hidden 8";

  @TempDir static Path directory;

  private static Path data;
  private static Path run;

  @BeforeAll
  static void train() throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("a,b,class\n");
    for (int row = 0; row < 300; row++) {
      int kind = random.nextInt(2);
      text.append(kind * 5 + random.nextGaussian()).append(',');
      text.append(kind * -5 + random.nextGaussian()).append(",k").append(kind).append('\n');
    }
    data = Files.writeString(directory.resolve("train.csv"), text);
    run = directory.resolve("run");
    Run.line("train --familiar", data, QUICK, "--out", run)
        .ok("How familiar rows are takes at most 8208 bytes of the model file");
  }

  @Test
  void trainingKeepsItAndVerifyRepeatsIt() throws IOException {
    Model model = Model.load(run.resolve("nn_model.npz"));
    assertEquals(30, Familiarity.of(model).get().heldOutRows());
    Run.line("verify", run).ok();
    Path plain = directory.resolve("plain");
    Run.line("train", data, QUICK, "--out", plain).ok();
    assertTrue(Familiarity.of(Model.load(plain.resolve("nn_model.npz"))).isEmpty());
    assertEquals(model.sha256(), Model.load(plain.resolve("nn_model.npz")).sha256());
  }

  @Test
  void refusals() {
    Path out = directory.resolve("none");
    Run.line("train --familiar --hidden none --out", out, data)
        .misused("--familiar: a network without a hidden layer, expected at least one");
    Run.line("train --familiar --all-rows --preset table --out", out, data)
        .failed("--familiar: no validation and no test rows, expected either");
  }
}
