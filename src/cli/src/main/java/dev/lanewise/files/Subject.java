package dev.lanewise.files;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.format.Budget;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.Imbalance;
import dev.lanewise.metrics.Metrics;
import dev.lanewise.model.Model;
import dev.lanewise.model.internal.ModelAccess;
import dev.lanewise.nn.internal.MetadataName;
import dev.lanewise.rows.Division;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.DataOptions;
import dev.lanewise.terminal.DisplayWidth;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Table;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.terminal.Words;
import dev.lanewise.train.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A model and the rows that it is evaluated on. */
public final class Subject {
  /** What rows can decide before figures are measured on them, which makes these too kind. */
  public enum Decided {
    WEIGHTS,
    OPTIONS,
    EPOCH,
    TEMPERATURE,
    THRESHOLD,
    COVERAGE
  }

  /** The one name for all classes that a model does not have. */
  static final String OUTSIDE = "(not in the model)";

  /** The heading of a confusion matrix, with the name of the split. */
  public static final String CONFUSION = "Split %s: rows are true, columns predicted classes";

  private static final Map<String, Decided> FITTED =
      Map.of(
          MetadataName.CALIBRATION.array(),
          Decided.TEMPERATURE,
          MetadataName.DECISION.array(),
          Decided.THRESHOLD,
          MetadataName.COVERAGE.array(),
          Decided.COVERAGE);

  public final Model model;

  /** All rows, with the class numbers of the model. */
  public final Dataset data;

  public final String splitName;
  public final Rows split;
  public final List<String> names;

  /** Whether the rows are one split of a file other than the training file. */
  public final boolean isWhole;

  Subject(Model model, Dataset data, String splitName, Rows split) {
    this.model = model;
    this.data = data;
    this.splitName = splitName;
    this.split = split;
    isWhole = DataSource.splits(data).size() == 1 && !isOfTraining(model, data);
    names = model.classNames().isEmpty() ? data.classNames() : model.classNames();
  }

  /** Returns whether the rows are of the file that the model was trained on. */
  public boolean isOfTraining() {
    return isOfTraining(model, data);
  }

  private static boolean isOfTraining(Model model, Dataset data) {
    return Division.of(data).isPresent()
        && model.division().filter(Division.of(data).get()::isOfSameFile).isPresent();
  }

  /** Returns a trained model with the split that it is judged by: the test, or else the last. */
  public static Subject judged(Model model, Dataset data) {
    Map<String, Rows> splits = DataSource.splits(data);
    List<String> names = List.copyOf(splits.keySet());
    String judge = names.get(names.size() - 1);
    return new Subject(model, data, judge, splits.get(judge));
  }

  /** Loads model and data, checks that they fit together, and describes them if wanted. */
  public static Subject load(Arguments arguments, Output output, boolean describe)
      throws IOException {
    return load(arguments, output, describe, false);
  }

  /**
   * Loads a model with the rows that its training kept for calibration, if the data are those of
   * the training and no split is given.
   */
  public static Subject loadToFit(Arguments arguments, Output output) throws IOException {
    return load(arguments, output, true, !arguments.has("split"));
  }

  private static Subject load(
      Arguments arguments, Output output, boolean describe, boolean prefersKept)
      throws IOException {
    if (arguments.has("split")) { // checked before anything is loaded
      arguments.word("split");
    }
    boolean isGiven = arguments.has("data");
    RunData.take(arguments, output);
    Path modelFile = RunDirectory.modelFile(arguments);
    ModelSource source =
        describe
            ? ModelSource.load(arguments, modelFile, output)
            : ModelSource.load(arguments, output);
    Optional<Division> division = source.model.division();
    boolean keeps =
        prefersKept && division.filter(DivisionOptions::keepsCalibrationRows).isPresent();
    if (keeps && !isGiven) {
      arguments.give("split", DataOptions.CALIBRATION);
    }
    Path dataFile = DataSource.file(arguments);
    Dataset raw = rows(arguments, source);
    if (keeps && isGiven && isOfTraining(source.model, raw)) {
      arguments.give("split", DataOptions.CALIBRATION);
      raw = rows(arguments, source);
    }
    String wish = arguments.has("split") ? arguments.word("split") : "test";
    Dataset data = measured(source.model, modelFile, raw, dataFile);
    Map<String, Rows> splits = DataSource.splits(data);
    if (wish.equals(DataOptions.CALIBRATION)) {
      splits.put(wish, splits.remove("test")); // loaded in its place
    }
    boolean hasKept = division.filter(DivisionOptions::keepsCalibrationRows).isPresent();
    if (wish.equals("all") && hasKept && isOfTraining(source.model, data)) {
      splits.put("test and calibration", splits.remove("test")); // loaded as one split
    }
    // Without --split, a file without splits gives all its rows.
    boolean whole = splits.size() == 1 || arguments.has("targets");
    String usual = isOfTraining(source.model, data) && splits.size() == 1 ? "train" : "all";
    String name = whole && !arguments.has("split") ? usual : wish;
    Rows split = name.equals("all") ? data.all().orElseThrow() : splits.get(name);
    if (split == null) {
      throw Problem.failure(
          "%s: no split %s, expected --split %s or all",
          dataFile, name, String.join(", ", splits.keySet()));
    }
    output.kernelHint();
    Model model = source.with(data.scaling(), arguments, output);
    Subject subject = new Subject(model, data, name, split);
    if (describe) {
      output.note("Model " + modelFile + ": network " + model.sizes());
      output.note(
          subject.isWhole
              ? DataSource.describe(
                  dataFile, data, split.rows() + " rows, one split, taken as the test")
              : DataSource.describe(dataFile, data, splits));
    }
    Messages.of(data.notes()).forEach(output::hint);
    return subject;
  }

  private static Dataset rows(Arguments arguments, ModelSource source) throws IOException {
    return DataSource.load(
        arguments, source.model, false, DivisionOptions.defaults(), source.scaling(arguments));
  }

  /**
   * Returns the data for measuring a model. Rows with a class that the model does not have count as
   * wrong.
   */
  public static Dataset measured(Model model, Path modelFile, Dataset data, Path dataFile)
      throws IOException {
    try {
      return fitted(
          model, modelFile, RowPreparation.measured(model, data, dataFile.toString()), dataFile);
    } catch (IllegalArgumentException e) {
      throw Problem.failure(
          "%s: %s, the classes of the model %s", dataFile, Words.of(e), modelFile);
    }
  }

  /**
   * Returns the data with the class numbers of a model. Tables have these already; in other files,
   * classes are matched by name if both have names.
   *
   * @throws Problem if the rows do not fit the model, or it lacks one of their classes
   */
  public static Dataset fitted(Model model, Path modelFile, Dataset data, Path dataFile)
      throws IOException {
    if (!data.hasClasses()) {
      if (model.outputs() != data.classes()) {
        throw Problem.failure(
            "%s: targets of %s numbers, expected %s as the model %s has outputs",
            dataFile, data.classes(), model.outputs(), modelFile);
      }
      List<String> known = model.classNames();
      if (!known.isEmpty() && !data.classNames().isEmpty() && !known.equals(data.classNames())) {
        throw Problem.failure(
            "%s",
            Message.of(
                    "%s: targets %s, expected %s as the model %s has outputs",
                    dataFile, data.classNames(), known, modelFile)
                .toString());
      }
      return data;
    }
    List<String> known = model.classNames();
    List<String> found = data.classNames();
    if (!known.isEmpty() && !found.isEmpty() && !found.equals(known)) {
      try {
        return data.withClassesOf(known);
      } catch (IllegalArgumentException e) {
        throw Problem.failure(
            "%s: %s, the classes of the model %s", dataFile, Words.of(e), modelFile);
      }
    }
    if (model.outputs() < data.classes()) {
      throw Problem.failure(
          "%s: %s classes, expected at most %s as the model %s has",
          dataFile, data.classes(), model.outputs(), modelFile);
    }
    return data;
  }

  /** Returns what the rows decided, as far as the model and the name of the split say. */
  public Set<Decided> decided() {
    Set<Decided> decided = EnumSet.noneOf(Decided.class);
    boolean isOfValidation = !isWhole && splitName.matches("valid|all");
    if (!isWhole && splitName.matches("train|all")) {
      decided.add(Decided.WEIGHTS);
    }
    if (isOfValidation) {
      decided.add(Decided.EPOCH);
    }
    if (isOfValidation && model.training().contains("searched=yes")) {
      decided.add(Decided.OPTIONS);
    }
    if (splitName.equals(DataOptions.CALIBRATION)) {
      decided.addAll(ofModel());
    }
    if (isOfValidation && hasTemperatureOfTraining()) {
      decided.add(Decided.TEMPERATURE);
    }
    decided.addAll(fitted());
    return decided;
  }

  /** Returns whether the training fitted the temperature, which calibrate has not replaced. */
  private boolean hasTemperatureOfTraining() {
    String fact = MetadataName.CALIBRATION.array() + " ";
    return model.calibration().isPresent()
        && model.training().contains("temperature=validation")
        && ModelAccess.access().table(model).fitted().stream()
            .noneMatch(line -> line.startsWith(fact));
  }

  /** Returns what was fitted to rows of the split of this data. */
  private Set<Decided> fitted() {
    Set<Decided> found = EnumSet.noneOf(Decided.class);
    String digest = Division.of(data).map(Division::digest).orElse("");
    for (String line : ModelAccess.access().table(model).fitted()) {
      String[] parts = line.split(" ", 3);
      Decided what = FITTED.get(parts[0]);
      if (parts.length == 3
          && what != null
          && parts[1].equals(digest)
          && (parts[2].equals(splitName) || parts[2].equals("all") || splitName.equals("all"))) {
        found.add(what);
      }
    }
    found.retainAll(ofModel());
    return found;
  }

  /** Returns what was fitted to rows after the training, and is in the model. */
  private Set<Decided> ofModel() {
    Set<Decided> found = EnumSet.noneOf(Decided.class);
    model.calibration().ifPresent(has -> found.add(Decided.TEMPERATURE));
    model.rule().ifPresent(has -> found.add(Decided.THRESHOLD));
    model.coverage().ifPresent(has -> found.add(Decided.COVERAGE));
    return found;
  }

  /** Returns a sentence on what was chosen by the rows of the subject; empty if nothing was. */
  public Optional<String> chosenHere() {
    String chosen =
        decided().stream()
            .filter(FITTED::containsValue)
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" and the "));
    return chosen.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "These rows chose the %s, so figures of fresh rows are worse".formatted(chosen));
  }

  /** Returns whether the training kept rows that belong together in one part. */
  public boolean isGrouped() {
    return model.division().filter(DivisionOptions::isGrouped).isPresent();
  }

  /** Returns which rows of the table are in the split. */
  public int[] tableRows() {
    return data.tableRows(loadedAs());
  }

  /** Returns the group of each row of the split; none if the rows are independent. */
  public int[] groups() {
    return data.groups(loadedAs());
  }

  private String loadedAs() {
    return splitName.equals(DataOptions.CALIBRATION) ? "test" : splitName;
  }

  public Evaluation evaluate(Arguments arguments) {
    int outputs = model.outputs();
    long results = (long) Float.BYTES * outputs * split.rows();
    if (!Budget.allows(results / outputs * split.features(), results)) {
      throw Problem.failure(
          "%s: split %s, %s rows of %s outputs take %s bytes, expected at most %s (--unfold BYTES)",
          arguments.text("data"), splitName, split.rows(), outputs, results, Budget.bytes());
    }
    try {
      return Evaluator.evaluate(model, split, arguments.threads());
    } catch (ArithmeticException e) {
      throw Problem.failure("%s: split %s, %s", arguments.text("data"), splitName, Words.of(e));
    }
  }

  /** Returns the name or number of a class, or "none" if no class was predicted. */
  public String className(int label) {
    return label < 0 ? "none" : label == outside() ? OUTSIDE : ClassNames.of(names, label);
  }

  /**
   * Returns the figures of rows of unequal classes, or on which one class for all rows is right
   * more often than the model, with names of classes; null for other rows.
   *
   * @param outOfFold the score of single networks on their folds, which stands for that of training
   *     rows; without it, nothing is said of these
   */
  public Json imbalance(Evaluation evaluation, Optional<Score> outOfFold) {
    boolean isTrained = splitName.equals("train") && !isWhole;
    if (isTrained && outOfFold.isEmpty()) {
      return null;
    }
    double accuracy = isTrained ? outOfFold.get().accuracy() : evaluation.accuracy();
    Imbalance found = Imbalance.of(evaluation, accuracy).orElse(null);
    if (found == null) {
      return null;
    }
    Json json =
        new Json()
            .put("split", isTrained ? "valid" : splitName)
            .put("majority_class", value(found.majority()))
            .put("rarest_class", value(found.rarest()))
            .put("accuracy", accuracy);
    return isTrained ? json.put(found.figures().subList(0, 1)) : json.put(found.figures());
  }

  /** Returns these figures, and prints them beside the accuracy. */
  public Json sayImbalance(Evaluation evaluation, Optional<Score> outOfFold, Output output) {
    Json found = imbalance(evaluation, outOfFold);
    if (found != null) {
      boolean hasAll = found.members.containsKey("balanced_accuracy");
      String rows = splitName.equals("all") ? "" : hasAll ? "{split} " : "validation ";
      output.result(
          found.in(
              "Always answering \"{majority_class}\" is right in {majority_share} of the "
                  + rows
                  + (hasAll
                      ? "rows, the model in {accuracy}; balanced accuracy {balanced_accuracy}"
                      : "rows, each network alone in {accuracy}")));
      if (found.members.containsKey("roc_auc")) {
        output.result(
            found.in(
                "Class \"{rarest_class}\": ROC AUC {roc_auc}, average precision"
                    + " {average_precision}"));
      }
    }
    return found;
  }

  /** Returns the number for classes that the model does not have. */
  private int outside() {
    return model.loss().task().hasClasses() ? model.outputs() : Integer.MAX_VALUE;
  }

  /**
   * Returns a confusion matrix.
   *
   * @param widest maximum width of the name of a column
   */
  public static Table<Integer> confusion(Metrics metrics, List<String> names, int widest) {
    int[][] confusion = metrics.confusion();
    Table<Integer> table = Table.of(names.size()).text("", names::get);
    for (int p = 0; p < names.size(); p++) {
      int predicted = p;
      table.column(DisplayWidth.cut(names.get(p), widest), c -> confusion[c][predicted]);
    }
    return table;
  }

  /** Returns the name or number of a class, which programs see as null for none. */
  public TextValue shown(int label) {
    return new TextValue(value(label), className(label));
  }

  private Object value(int label) {
    return label < 0
        ? null
        : label == outside() ? OUTSIDE : label < names.size() ? names.get(label) : (Object) label;
  }
}
