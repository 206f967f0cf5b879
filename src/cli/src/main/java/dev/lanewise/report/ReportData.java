package dev.lanewise.report;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.internal.Message;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.model.Folds;
import dev.lanewise.model.Model;
import dev.lanewise.nn.internal.NetworkMetadata;
import dev.lanewise.selection.Interval;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What a report is about: the network, its rows and results, and its training, as far as given. */
final class ReportData {
  private static final Set<String> SPLITS = Set.of("train", "valid", "test", "all");
  final String title;
  final Model model;
  final List<String> names;
  final Map<String, String> facts = new LinkedHashMap<>();
  Dataset data;
  History history;
  List<Integer> bestEpochs = List.of(-1); // best epoch of each network
  String splitName;
  Rows split;
  Evaluation evaluation;
  Score validation; // score of networks on their folds, or null
  Optional<Folds> folds = Optional.empty(); // folds of this validation
  Map<String, Interval> intervals = Map.of();
  List<String> intervalNotes = List.of();
  List<String> settings;
  String command;
  int threads = 1;
  Function<Object, String> words = Object::toString;
  // numbers of the rows of the split in the file; empty if they are not known
  private int[] rowNumbers;

  ReportData(String title, Model model) {
    this.title = Objects.requireNonNull(title, "title");
    this.model = model;
    names = new ArrayList<>(model.classNames());
  }

  /** Returns the epoch whose weights a single network has; -1 if there is none such. */
  int bestEpoch() {
    return bestEpochs.size() == 1 ? bestEpochs.get(0) : -1;
  }

  /** Returns whether weights of classes count in the validation values of the history. */
  boolean isClassWeighted() {
    return settings != null && bestEpochs.get(0) >= 0 && NetworkMetadata.isWeighted(settings);
  }

  String say(Message message) {
    return words.apply(message);
  }

  /** Returns the name of a class or output, or its number if it has no name. */
  String className(int label) {
    if (label == model.outputs()) {
      return "(not in the model)";
    }
    return label < 0 ? "none" : label < names.size() ? names.get(label) : Integer.toString(label);
  }

  /** Returns the name of an output of a regression. */
  String outputName(int output) {
    boolean one = model.outputs() == 1;
    return output < names.size() ? names.get(output) : one ? "target" : "target " + output;
  }

  /**
   * Returns the number of a row in the file of a table, as explain counts rows, or in the split.
   */
  String rowNumber(int row) {
    if (rowNumbers == null) {
      boolean isTable = data != null && model.schema().isPresent() && SPLITS.contains(splitName);
      int[] found = isTable ? data.tableRows(splitName) : new int[0];
      rowNumbers = found.length == split.rows() ? found : new int[0];
    }
    return "#" + (rowNumbers.length == 0 ? row : rowNumbers[row]);
  }

  /** Returns a number of rows of the split in words. */
  String rows(int count) {
    Map<String, String> kinds = Map.of("all", "", "train", "training ", "valid", "validation ");
    return Text.count(count, kinds.getOrDefault(splitName, splitName + " ") + "row");
  }

  /** Returns the layout of the features of a row in a picture, or null if they are not one. */
  ImageLayout layout() {
    int[] shape = data == null ? new int[0] : data.inputShape();
    shape = shape.length == 0 ? model.inputShape() : shape;
    boolean isNamed = model.schema().isPresent() || data != null && !data.featureNames().isEmpty();
    return shape.length == 0 && !isNamed
        ? ImageLayout.guess(model.inputs())
        : ImageLayout.of(shape);
  }
}
