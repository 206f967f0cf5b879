package dev.lanewise.files;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.rows.Division;
import dev.lanewise.source.FileKind;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.LoadOptions;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.DataOptions;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The data that a command works on, or that the options describe for new trainings. */
public final class DataSource {
  private DataSource() {}

  /**
   * Loads the file of --data with the options of the user.
   *
   * @param model for which the data is loaded; or null
   * @param trains whether the model is trained further
   * @param usual division and scaling where the user gives no option
   */
  public static Dataset load(
      Arguments arguments, Model model, boolean trains, DivisionOptions usual, ScaleOptions scaling)
      throws IOException {
    Path file = file(arguments);
    LoadOptions[] options = {
      DataOptions.reading(arguments, model),
      DataOptions.division(arguments, usual),
      DataOptions.scaling(arguments, scaling)
    };
    if (!isTable(file)) {
      DataOptions.refuseOfTables(arguments);
    }
    if (arguments.has("targets")) {
      if (FileKind.of(file) != FileKind.NPY) {
        throw Problem.usage(
            "--targets: works with inputs in a .npy file only, expected --data X.npy");
      }
      arguments.refuse(
          "not together with --targets, whose inputs stay in the order of their file",
          "stratified");
      arguments.refuse(
          "not together with --targets, whose last rows are for validation (--valid-fraction)",
          "valid-data",
          "test-data");
      Path targets = arguments.path("targets");
      return model == null
          ? Datasets.mapped(file, targets, options)
          : Datasets.mapped(file, targets, model, options);
    }
    if (model == null) {
      return Datasets.load(file, options);
    }
    return trains
        ? Datasets.loadForTraining(file, model, options)
        : Datasets.load(file, model, options);
  }

  public static Path file(Arguments arguments) {
    Path file = arguments.path("data");
    if (!arguments.has("data") && !Files.exists(file)) {
      throw Problem.failure(
          "%s: no such file here, expected --data FILE (only a clone of Lanewise holds the"
              + " default)",
          file);
    }
    return file;
  }

  /**
   * Returns the output file that an option names, before anything is read.
   *
   * @throws Problem if it is one of the input files, even by another name
   */
  public static Path out(Arguments arguments, String option) throws IOException {
    Path out = arguments.path(option);
    AtomicFile.requireWritable(out);
    if (Files.isRegularFile(out)) {
      Path data = arguments.path("data");
      requireOther(
          arguments,
          option,
          data.toString().equals("-") ? Path.of("/dev/stdin") : data,
          "that of --data");
      requireOther(arguments, option, RunDirectory.modelFile(arguments), "that of --model");
      for (String other : List.of("targets", "valid-data", "test-data")) {
        if (arguments.has(other)) {
          requireOther(arguments, option, arguments.path(other), "that of --" + other);
        }
      }
    }
    return out;
  }

  /** Refuses the output file that an option names if it is one that is read. */
  public static void requireOther(Arguments arguments, String option, Path read, String what)
      throws IOException {
    Path out = arguments.path(option);
    boolean same = Files.exists(out) && Files.exists(read) && Files.isSameFile(out, read);
    if (read.toString().indexOf('*') >= 0 && !Files.exists(read)) {
      Path real = out.toRealPath();
      String names = "glob:" + read.getFileName();
      same =
          read.getFileSystem().getPathMatcher(names).matches(real.getFileName())
              && real.getParent().equals(read.toAbsolutePath().getParent().toRealPath());
    }
    if (same) {
      throw arguments.wrong(option, "another file than " + what);
    }
  }

  /** Returns whether a file is a table as text. A name with a wildcard is one. */
  public static boolean isTable(Path file) throws IOException {
    return file.toString().indexOf('*') >= 0 || FileKind.of(file) == FileKind.CSV;
  }

  /** Refuses options of data that have no effect with a loss. */
  public static void checkLoss(Arguments arguments, Loss loss) {
    if (!loss.task().scalesTargets()) {
      arguments.refuse("works with --loss " + Loss.scaledLabels() + " only", "scale-targets");
    }
    if (!loss.task().hasClasses()) {
      arguments.refuse("works with --loss softmax only, which has classes", "stratified");
    }
  }

  /** Returns the splits of the data by their names on the command line. */
  public static Map<String, Rows> splits(Dataset data) {
    Map<String, Rows> splits = new LinkedHashMap<>();
    splits.put("train", data.train());
    if (data.validation().isPresent()) {
      splits.put("valid", data.validation().get());
    }
    if (data.test().isPresent()) {
      splits.put("test", data.test().get());
    }
    return splits;
  }

  /** Returns whether the name of a file ends so, in any letter case. */
  public static boolean hasEnding(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  /** Describes the data with the names of its splits. */
  public static String describe(Path file, Dataset data, Map<String, Rows> splits) {
    List<String> rows = new ArrayList<>();
    splits.forEach((name, split) -> rows.add(name + " " + split.rows()));
    return describe(file, data, String.join(", ", rows) + " rows");
  }

  /** Describes data with another description of its rows. */
  public static String describe(Path file, Dataset data, String rows) {
    String targets = data.classes() == 1 ? " target" : " targets";
    return json(file, data)
        .in(
            "Data {file}: %s; {features} features%s, {classes}%s, scaling {scaling}%s%s"
                .formatted(
                    rows,
                    data.inputShape().length > 1 ? " ({shape})" : "",
                    data.hasClasses() ? " classes" : targets,
                    data.targetScaling().isNone() ? "" : ", of targets {target_scaling}",
                    hasWeights(data) ? ", rows with weights" : ""));
  }

  private static boolean hasWeights(Dataset data) {
    return splits(data).values().stream().anyMatch(Rows::hasWeights);
  }

  /** Describes the data as JSON. */
  public static Json json(Path file, Dataset data) {
    Json json =
        new Json().put("file", file).put("train", null).put("valid", null).put("test", null);
    for (Map.Entry<String, Rows> split : splits(data).entrySet()) {
      json.put(split.getKey(), split.getValue().rows());
    }
    return json.put("features", data.features())
        .put("shape", data.inputShape())
        .put("classes", data.classes())
        .put("class_names", data.classNames())
        .put("scaling", data.scaling().name())
        .put("target_scaling", data.targetScaling().name())
        .put("row_weights", hasWeights(data));
  }

  /** Checks options of data, and returns the loss that is given, or null. */
  public static Loss checkedLoss(Arguments arguments) {
    arguments.word("scale");
    if (arguments.has("scale-targets")) {
      arguments.word("scale-targets");
    }
    if (arguments.has("stratified")) {
      arguments.refuse(
          "not together with --stratified, expected only one of the two", "no-stratified");
    }
    return arguments.has("loss") ? arguments.loss() : null;
  }

  /** Reads the data of a new training whose loss is given, or null. */
  public static Dataset loadNew(Arguments arguments, Recipe recipe, Loss loss) throws IOException {
    ScaleOptions scaling = scaling(arguments, loss, Loss.SOFTMAX);
    return load(arguments, null, false, division(recipe), scaling);
  }

  /** Prints what was read, and what was found in it: first a target that the user did not name. */
  public static void describe(Arguments arguments, Dataset data, Output output) {
    List<Message> notes = Messages.of(data.notes());
    int before = !arguments.has("target") && Division.of(data).isPresent() ? 1 : 0;
    notes.stream().limit(before).forEach(note -> output.note(Words.of(note)));
    output.note(describe(arguments.path("data"), data, splits(data)));
    notes.stream().skip(before).forEach(note -> output.note(Words.of(note)));
  }

  /** Returns the division of rows where the user gives no option. */
  public static DivisionOptions division(Recipe recipe) {
    return DivisionOptions.defaults().withUsualDivision(recipe.shares(), recipe.isStratified());
  }

  public static ScaleOptions scaling(Arguments arguments, Loss loss, Loss usual)
      throws IOException {
    ScaleOptions options = ScaleOptions.defaults();
    options = loss == null ? options : options.withLoss(loss);
    if (loss != null || !isTable(file(arguments))) {
      checkLoss(arguments, loss == null ? usual : loss);
    }
    return arguments.has("scale")
        ? options.withScale(ScaleChoice.named(arguments.text("scale")))
        : options;
  }
}
