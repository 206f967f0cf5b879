package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.nio.file.Path;

/** The model that a command works with. */
final class ModelSource {
  static final Option MODEL =
      Option.value("model", "FILE", "", "model (default: the newest runs/N/nn_model.npz)");

  private ModelSource() {}

  /** The file that the options name. */
  static Path file(Arguments arguments) throws IOException {
    if (arguments.has("model")) {
      return arguments.path("model");
    }
    return RunDirectory.newestModel()
        .orElseThrow(
            () ->
                Problem.failure(
                    "runs: no model in runs/N here, expected one that train left, or --model FILE"));
  }

  /** The scaling for data that goes into a model: its own, so that raw data fits. */
  static ScaleChoice scaleChoice(Mlp model) {
    return model.scaling().map(ScaleChoice::fixed).orElse(ScaleChoice.auto());
  }

  /** Checks that rows of the data can go into a model, and that it has all their classes. */
  static void checkFits(Mlp model, Path modelFile, Dataset data, Path dataFile) {
    Architecture architecture = model.architecture();
    if (architecture.inputs() != data.features()) {
      throw Problem.failure(
          "%s: rows of %s features, expected %s as the model %s takes"
              .formatted(dataFile, data.features(), architecture.inputs(), modelFile));
    }
    if (architecture.outputs() < data.classes()) {
      throw Problem.failure(
          "%s: %s classes, expected at most %s as the model %s has"
              .formatted(dataFile, data.classes(), architecture.outputs(), modelFile));
    }
  }
}
