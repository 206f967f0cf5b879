package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.LoadOptions;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.format.FileKind;
import dev.lanewise.nn.Loss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The data that a command works on. */
final class DataSource {
  private DataSource() {}

  /** Loads the file that --data names, with targets as a loss takes them. */
  static Dataset load(Arguments arguments, ScaleChoice scale, Loss loss) throws IOException {
    Path file = arguments.path("data");
    if (!arguments.has("data") && !Files.exists(file)) {
      throw Problem.failure(
          file
              + ": no such file here, expected --data FILE (only a clone of Lanewise holds"
              + " the default)");
    }
    LoadOptions options =
        LoadOptions.defaults()
            .withScale(scale)
            .withSplitSizes(splitSizes(arguments))
            .withSeed(arguments.seed())
            .withLoss(loss);
    if (!csvOptions(arguments).isEmpty() && FileKind.of(file) != FileKind.CSV) {
      refuse(csvOptions(arguments));
    }
    if (arguments.has("targets")) {
      if (FileKind.of(file) != FileKind.NPY) {
        throw Problem.usage(
            "--targets: of use with inputs in a .npy file only, expected --data X.npy");
      }
      return Dataset.mapped(file, arguments.path("targets"), options);
    }
    String target = arguments.text("target");
    return Dataset.load(file, target == null ? options : options.withTarget(target));
  }

  /** The first option given that is of use with CSV files only, or nothing. */
  static String csvOptions(Arguments arguments) {
    return arguments.has("target") ? "target" : arguments.has("split-sizes") ? "split-sizes" : "";
  }

  /** An option that would do nothing was meant to do something. */
  static void refuse(String option) {
    if (!option.isEmpty()) {
      throw Problem.usage("--" + option + ": of use with a CSV file only, expected one");
    }
  }

  private static List<Double> splitSizes(Arguments arguments) {
    List<Double> sizes = new ArrayList<>();
    double sum = 0;
    boolean sound = true;
    for (String part : arguments.text("split-sizes").split(",", -1)) {
      double size = Arguments.number(part);
      sound &= size >= 0 && sizes.size() < 3;
      sizes.add(size);
      sum += size;
    }
    if (!sound || sizes.get(0) == 0 || Math.abs(sum - 1) >= 1e-9) {
      throw arguments.wrong(
          "split-sizes", "up to three numbers from 0 that add up to 1, the first above 0");
    }
    return sizes;
  }

  /** The splits that there are, by their names on the command line. */
  static Map<String, Split> splits(Dataset data) {
    Map<String, Split> splits = new LinkedHashMap<>();
    splits.put("train", data.train());
    if (data.validation().isPresent()) {
      splits.put("valid", data.validation().get());
    }
    if (data.test().isPresent()) {
      splits.put("test", data.test().get());
    }
    return splits;
  }

  /** The name of a class, or its number where it has none. */
  static String className(List<String> names, int label) {
    return label < names.size() ? names.get(label) : Integer.toString(label);
  }

  /** What the data is, in a line. */
  static String describe(Path file, Dataset data) {
    StringBuilder line = new StringBuilder("Data ").append(file);
    char separator = ':';
    for (Map.Entry<String, Split> split : splits(data).entrySet()) {
      line.append(separator).append(' ').append(split.getKey());
      line.append(' ').append(split.getValue().rows());
      separator = ',';
    }
    line.append(" rows; ").append(data.features()).append(" features");
    if (data.inputShape().length > 1) {
      line.append(" (").append(Table.shape(data.inputShape())).append(')');
    }
    line.append(", ").append(data.classes());
    String targets = data.classes() == 1 ? " target" : " targets";
    line.append(data.hasClasses() ? " classes" : targets).append(", scaling ");
    return line.append(data.scaling().name()).toString();
  }

  /** The same for programs. */
  static Json json(Path file, Dataset data) {
    Json json =
        new Json().put("file", file).put("train", null).put("valid", null).put("test", null);
    for (Map.Entry<String, Split> split : splits(data).entrySet()) {
      json.put(split.getKey(), split.getValue().rows());
    }
    return json.put("features", data.features())
        .put("shape", data.inputShape())
        .put("classes", data.classes())
        .put("class_names", data.classNames())
        .put("scaling", data.scaling().name());
  }
}
