package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the output and the exit code of check; GradientCheckTest shows that it finds faults. */
class CheckCommandTest {
  @TempDir Path directory;

  @Test
  void courseNetworkPasses() {
    Run run = Run.of("check").ok();
    List<String> lines = run.lines();
    assertEquals("Network 2304-16-80-7, random weights, random rows", lines.get(0));
    assertEquals("name  elements  max_abs  max_rel  three_decimals  passed", lines.get(1));
    List<String> names = List.of("W3", "b3", "W2", "b2", "W1", "b1");
    for (int i = 0; i < 6; i++) {
      String number = " +[0-9]\\.[0-9]e[+-][0-9]{2}";
      assertTrue(
          lines
              .get(2 + i)
              .matches(names.get(i) + " +(20|16|7)" + number + number + " +equal +true"),
          lines.get(2 + i));
    }
    assertEquals(List.of("Gradient check passed"), lines.subList(8, lines.size()));
  }

  @ParameterizedTest
  @CsvSource({"none, half-squares, 2", "'5,4,3', half-squares, 8", "'5,4,3', softmax, 8"})
  void everyArrayIsAnEvent(String hidden, String loss, int arrays) {
    Run run = Run.line("check --json --hidden", hidden, "--loss", loss, "--seed 3").ok();
    assertEquals(arrays, run.lines().size());
    for (String line : run.lines()) {
      Map<String, Object> json = JsonReader.object(line);
      assertEquals("parameter", json.get("event"));
      assertEquals(true, json.get("passed"));
      assertTrue((Double) json.get("max_rel") <= 1e-3);
      assertTrue((Double) json.get("max_abs") >= 0);
    }
  }

  @Test
  void rowsOfAFileAndAModelAreTaken() throws IOException {
    String data = Fixtures.data(directory.resolve("data.npz")).toString();
    Run.line("check --data", data, "--hidden 6").ok("\nNetwork 4-6-3, random weights\n");

    String model = Fixtures.model(directory.resolve("model.npz"), 4, 6, 3).toString();
    Run.line("check --data", data, "--model", model).ok("\nNetwork 4-6-3 of " + model + "\n");
    Run.line("check --model", model).ok();
  }

  @Test
  void notPassedIsAFailure() throws IOException {
    // Sums of exactly 0 lie at the kink of ReLU, so there is no gradient to compare.
    Path model =
        Fixtures.npz(
            directory.resolve("dead.npz"),
            "W1: floats[2,2]; b1: floats[2]; W2: floats[2,1] 1,2; b2: floats 1");
    Run.line("check --model", model)
        .failed()
        .says("\nW1           0  0.0e+00  0.0e+00           equal   false\n")
        .warns("lanewise: check: gradients of W1, b1 not confirmed");
  }
}
