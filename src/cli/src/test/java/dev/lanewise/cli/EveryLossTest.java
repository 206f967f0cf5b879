package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A network of every loss can be trained, saved, measured, used, checked and exported. */
class EveryLossTest {
  @TempDir Path directory;

  private Path table(Loss loss) throws IOException {
    Random random = new Random(3);
    StringBuilder text = new StringBuilder("a,b,target\n");
    for (int row = 0; row < 90; row++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      double target = Math.abs(3 * a - b);
      text.append(a).append(',').append(b).append(',');
      text.append(loss.task().hasNumbers() ? target : target > 2 ? 1 : 0).append('\n');
    }
    return Files.writeString(directory.resolve("data.csv"), text);
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void everyCommandTakesIt(Loss loss) throws IOException {
    String data = table(loss).toString();
    Path run = directory.resolve("run");
    Run.line(
            "train %s --loss %s --epochs 3 --hidden 8 --members 1 --out %s",
            data, loss.label(), run)
        .ok();
    String file = run.resolve("nn_model.npz").toString();
    Model model = Model.load(Path.of(file));
    assertEquals(loss, model.loss());
    for (String command : List.of("evaluate", "inspect", "check")) {
      Run.of(command, file).ok();
    }
    assertEquals(91, Run.of("predict", file, data).ok().out().lines().count());
    for (String name : List.of("m.onnx", "M.java", "m.safetensors", "m.npz")) {
      Run export = Run.of("convert", file, directory.resolve(name).toString());
      boolean refused = export.code() != 0 && export.err().contains("expected");
      assertTrue(refused || export.ok().out().contains(name + " on "), export::toString);
    }
    Run.of("explain", file, data).ok();
  }

  @ParameterizedTest
  @MethodSource("dev.lanewise.nn.Loss#values")
  void itsGradientIsThatOfItsFormula(Loss loss) {
    Architecture layers = Architecture.relu(6, List.of(5), 4);
    for (long seed = 0; seed < 3; seed++) {
      assertTrue(GradientCheck.ofSeed(seed).withLoss(loss).check(layers).passed());
    }
  }
}
