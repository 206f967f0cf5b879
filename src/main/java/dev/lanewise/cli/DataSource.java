package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.LoadOptions;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.Split;
import dev.lanewise.format.FileKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The data that a command works on. */
final class DataSource {
  private static final String DIGITS = "data/digits.npz";

  static final Option DATA =
      Option.value("data", "FILE", DIGITS, "data set: .npz, IDX images or .csv");

  static final Option TARGET =
      Option.value("target", "NAME|INDEX", "", "target column of a CSV file (default: the last)");

  static final Option SPLIT_SIZES =
      Option.value(
          "split-sizes", "A,B,C", "0.8,0.1,0.1", "training, validation, test rows of a CSV file");

  static final Option SEED =
      Option.value("seed", "N", "0", "seed of the shuffle that splits a CSV file");

  private DataSource() {}

  /** Loads the file that the options name. */
  static Dataset load(Arguments arguments, ScaleChoice scale) throws IOException {
    Path file = arguments.path("data");
    if (!arguments.has("data") && !Files.exists(file)) {
      throw Problem.failure(
          file
              + ": no such file here, expected --data FILE (only a clone of Lanewise holds"
              + " the default)");
    }
    LoadOptions options =
        LoadOptions.defaults().withScale(scale).withSplitSizes(splitSizes(arguments));
    if (arguments.has("target")) {
      options = options.withTarget(arguments.text("target"));
    }
    options = options.withSeed(arguments.seed("seed"));
    if (FileKind.of(file) != FileKind.CSV) {
      refuseCsvOptions(arguments);
    }
    return Dataset.load(file, options);
  }

  /** An option that would do nothing was meant to do something. */
  static void refuseCsvOptions(Arguments arguments) {
    for (String option : List.of("target", "split-sizes")) {
      if (arguments.has(option)) {
        throw Problem.usage("--" + option + ": of use with a CSV file only, expected one");
      }
    }
  }

  /** The name of a class, or its number where it has none. */
  static String className(Dataset data, int label) {
    return data.classNames().isEmpty() ? Integer.toString(label) : data.classNames().get(label);
  }

  private static List<Double> splitSizes(Arguments arguments) {
    String text = arguments.text("split-sizes");
    List<Double> sizes = new ArrayList<>();
    double sum = 0;
    for (String part : text.split(",", -1)) {
      sizes.add(Arguments.number(part));
      sum += Arguments.number(part);
    }
    boolean sound = sizes.size() <= 3 && sizes.get(0) > 0 && sizes.stream().allMatch(s -> s >= 0);
    if (!sound || !(Math.abs(sum - 1) < 1e-9)) {
      throw Arguments.wrong(
          "split-sizes", text, "up to three numbers from 0 that add up to 1, the first above 0");
    }
    return sizes;
  }

  /** The splits that there are, by their names on the command line. */
  static Map<String, Split> splits(Dataset data) {
    Map<String, Split> splits = new LinkedHashMap<>();
    splits.put("train", data.train());
    data.validation().ifPresent(split -> splits.put("valid", split));
    data.test().ifPresent(split -> splits.put("test", split));
    return splits;
  }

  /** What the data is, in a line. */
  static String describe(Path file, Dataset data) {
    String rows =
        splits(data).entrySet().stream()
            .map(split -> split.getKey() + " " + split.getValue().rows())
            .collect(Collectors.joining(", "));
    int[] shape = data.inputShape();
    String sides =
        shape.length < 2
            ? ""
            : Arrays.stream(shape)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining("x", " (", ")"));
    return "Data %s: %s rows; %s features%s, %s classes, scaling %s"
        .formatted(file, rows, data.features(), sides, data.classes(), data.scaling().name());
  }

  /** The same for programs. */
  static Json json(Path file, Dataset data) {
    Json json = new Json().put("file", file);
    for (String name : List.of("train", "valid", "test")) {
      Split split = splits(data).get(name);
      json.put(name, split == null ? null : split.rows());
    }
    return json.put("features", data.features())
        .put("shape", data.inputShape())
        .put("classes", data.classes())
        .put("class_names", data.classNames())
        .put("scaling", data.scaling().name());
  }
}
