package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.FileKind;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

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

  /**
   * The data with its classes numbered as those of a model.
   *
   * <p>The classes of a CSV file are numbered by what happens to be in it, so they are matched by
   * name. Other files number them as their author did: there names are matched if both have some.
   *
   * @throws Problem if rows of the data cannot go into the model, or it lacks one of their classes
   */
  static Dataset fitted(Mlp model, Path modelFile, Dataset data, Path dataFile) throws IOException {
    Architecture architecture = model.architecture();
    if (architecture.inputs() != data.features()) {
      throw Problem.failure(
          "%s: rows of %s features, expected %s as the model %s takes"
              .formatted(dataFile, data.features(), architecture.inputs(), modelFile));
    }
    boolean csv = FileKind.of(dataFile) == FileKind.CSV;
    List<String> known = names(model.classNames(), architecture.outputs(), csv);
    List<String> found = names(data.classNames(), data.classes(), csv);
    boolean match = !known.isEmpty() && !found.isEmpty();
    // A model without names gives no reason to doubt names that are no numbers.
    if (match
        && !found.equals(known)
        && (!model.classNames().isEmpty() || known.containsAll(found))) {
      try {
        return data.withClassesOf(known);
      } catch (IllegalArgumentException e) {
        throw Problem.failure(
            "%s: %s, the classes of the model %s".formatted(dataFile, e.getMessage(), modelFile));
      }
    }
    if (architecture.outputs() < data.classes()) {
      throw Problem.failure(
          "%s: %s classes, expected at most %s as the model %s has"
              .formatted(dataFile, data.classes(), architecture.outputs(), modelFile));
    }
    return data;
  }

  private static List<String> names(List<String> names, int classes, boolean numbered) {
    return names.isEmpty() && numbered
        ? IntStream.range(0, classes).mapToObj(Integer::toString).toList()
        : names;
  }
}
