package dev.lanewise.model;

import static dev.lanewise.nn.ModelArrays.wrong;

import dev.lanewise.Refusals;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.ModelArrays;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Facts of a model whose arrays are damaged are refused with the array and what is expected. */
class BrokenFactsTest {
  @TempDir Path directory;

  private static final String BROKEN =
      """
      calibration 'isotonic', expected temperature, biased or platt | calibration: word isotonic
      calibration_temperature has -1.0 at element 0, expected finite numbers above 0 | calibration: word temperature; calibration_temperature: doubles -1
      calibration by a [1.0], b [0.0]: loss softmax of 2 outputs takes a temperature | calibration: word platt; calibration_slope: doubles 1; calibration_intercept: doubles 0
      decision 'random', expected threshold or costs | decision: word random
      decision_threshold has 1.5 at element 0, expected numbers from 0 to 1 | decision: word threshold; decision_positive: longs 1; decision_threshold: doubles 1.5
      decision_costs is float64 [3], expected a matrix [2, 2] | decision: word costs; decision_costs: doubles 1,2,3
      """;

  static Stream<Arguments> broken() {
    return wrong(BROKEN);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void aBrokenFactIsRefusedInOneLine(String message, Consumer<Map<String, NdArray>> change)
      throws IOException {
    Path file = directory.resolve("broken.npz");
    Mlp.initial(Architecture.relu(3, List.of(4), 2), Initializer.HE, 1).save(file);
    Map<String, NdArray> arrays = ModelArrays.of(file);
    arrays.remove("lanewise");
    change.accept(arrays);
    Npz.write(file, arrays);
    Refusals.unreadable(() -> Model.load(file), file + ": " + message);
  }
}
