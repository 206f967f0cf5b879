package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Evaluation;
import dev.lanewise.train.Evaluator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A model and the rows on which it is looked at.
 *
 * @param model the model
 * @param data all of its rows, their classes numbered as the model's
 * @param splitName the split that was asked for
 * @param split its rows
 * @param threads how many to use
 */
record Subject(Mlp model, Dataset data, String splitName, Split split, int threads) {
  private static final Option SPLIT =
      Option.value(
          "split", "train|valid|test|all", "test", "which rows; a file without splits is one");

  static final List<Option> OPTIONS =
      List.of(
          ModelSource.MODEL,
          DataSource.DATA,
          SPLIT,
          DataSource.TARGET,
          DataSource.SPLIT_SIZES,
          DataSource.SEED);

  static final List<String> NOTES =
      List.of(
          "Data is scaled as the model says. The test split of a CSV file is that of the training",
          "only with the same --seed and --split-sizes.");

  /** Loads what the options name, and checks that it fits together. */
  static Subject load(Arguments arguments, Consumer<String> note) throws IOException {
    String wish = arguments.choice("split", "train", "valid", "test", "all");
    Path modelFile = ModelSource.file(arguments);
    Mlp model = Mlp.load(modelFile);
    Path dataFile = arguments.path("data");
    Dataset data = DataSource.load(arguments, ModelSource.scaleChoice(model));
    data = ModelSource.fitted(model, modelFile, data, dataFile);
    Map<String, Split> splits = DataSource.splits(data);
    // Asked for nothing in particular, a file without splits gives what it has.
    String name = splits.size() == 1 && !arguments.has("split") ? "all" : wish;
    Split split = name.equals("all") ? data.all().orElseThrow() : splits.get(name);
    if (split == null) {
      throw Problem.failure(
          "%s: no split %s, expected --split %s or all"
              .formatted(dataFile, name, String.join(", ", splits.keySet())));
    }
    note.accept("Model " + modelFile + ": network " + model.architecture());
    note.accept(DataSource.describe(dataFile, data));
    return new Subject(model, data, name, split, arguments.threads());
  }

  Evaluation evaluate() {
    return Evaluator.evaluate(model, split, threads);
  }

  /** The name of a class, or its number where it has none. */
  String className(int label) {
    return label < 0 ? "none" : String.valueOf(classValue(label));
  }

  /** The same for programs: text, a number, or null where nothing was predicted. */
  Object classValue(int label) {
    List<String> names = model.classNames().isEmpty() ? data.classNames() : model.classNames();
    Object number = label < 0 ? null : label;
    return label >= 0 && label < names.size() ? names.get(label) : number;
  }
}
