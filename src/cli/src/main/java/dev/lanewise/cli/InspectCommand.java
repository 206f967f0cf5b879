package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.SealedNpz;
import dev.lanewise.model.Model;
import dev.lanewise.model.internal.ModelAccess;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.Said;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.Schema;
import dev.lanewise.source.FileKind;
import dev.lanewise.source.Idx;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.train.History;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** {@code inspect}: the content of a file of data, of a model or of statistics. */
final class InspectCommand implements Command {
  private Output output;
  private Json json;
  private Arguments arguments;

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    this.output = output;
    Path file = arguments.file(0);
    json = Json.event("inspect").put("file", file);
    if (ModelSource.isOfOthers(file)) {
      model(Model.load(file), "");
      output.event(json);
      return;
    }
    FileKind kind = DataSource.isTable(file) ? FileKind.CSV : FileKind.of(file);
    if (kind != FileKind.CSV) {
      DataOptions.refuseOfTables(arguments);
    }
    DataSource.requireFolder(arguments, file);
    this.arguments = arguments;
    List<String> names = List.of();
    if (kind == FileKind.NPZ) {
      try (Npz npz = Npz.open(file)) {
        names = npz.names();
      }
    }
    if (names.contains("W1") || names.contains("member1/W1")) {
      try (SealedNpz npz = SealedNpz.open(file, true)) {
        model(ModelAccess.access().read(npz, List.of()), seal(npz));
      }
    } else if (names.contains("train_ce")) {
      statistics(History.load(file));
    } else if (kind == FileKind.CSV) {
      TableInspection.print(file, arguments, output, json);
    } else {
      boolean hasArrays = arrays(file, kind, names);
      data(file, hasArrays);
    }
    output.event(json);
  }

  /** Prints the checksum of a file. */
  private String seal(SealedNpz npz) {
    boolean sealed = npz.format().isPresent();
    String checksum = npz.trusted().isPresent() ? "broken" : sealed ? "holds" : "none";
    json.put("format", sealed ? npz.format().getAsInt() : null).put("checksum", checksum);
    return "Format "
        + (sealed ? npz.format().getAsInt() : "not stored")
        + ", checksum "
        + checksum
        + (checksum.equals("broken") ? " (a file " + npz.trusted().get() + ")" : "");
  }

  /** Prints the layers as Keras does. */
  private void model(Model model, String seal) {
    int[] shape = model.inputShape();
    Table table = new Table(2, "layer", "activation", "outputs", "parameters");
    String inputs = shape.length > 1 ? "inputs (" + Table.shape(shape) + ")" : "inputs";
    table.add(inputs, "", model.inputs(), 0);
    List<Mlp> members = model.members();
    for (int m = 0; m < members.size(); m++) {
      String member = members.size() == 1 ? "" : "member " + (m + 1) + " ";
      Model.of(members.get(m))
          .bins()
          .ifPresent(bins -> table.add(member + "bins", "", model.inputs() + bins.count(), 0));
      int number = 0;
      for (Layer layer : members.get(m).layers()) {
        boolean last = ++number == members.get(m).layers().size();
        Loss loss = model.loss();
        String ofLast = loss.task().outputFunction().label();
        String activation = last ? ofLast : layer.activation().label();
        table.add(member + "affine " + number, activation, layer.outputs(), layer.parameters());
      }
    }
    table.add("all", "", "", model.parameterCount());
    table.print(output);
    output.result("");
    model.schema().ifPresent(this::schema);
    List<Said> facts = ModelAccess.access().said(model);
    facts.forEach(fact -> fact.lines().forEach(output::result));
    output.result("Weights sha256 " + model.sha256());
    output.result("Model sha256 " + model.digest());
    if (!seal.isEmpty()) {
      output.result(seal);
    }
    for (String assumption : model.assumptions()) {
      output.result("Assumed: " + assumption);
    }
    if (members.size() > 1) {
      json.put("members", members.size());
    }
    json.put("kind", "model")
        .put(
            "layers",
            table.objects.subList(0, table.objects.size() - 1)) // without the last, the sum
        .put("parameters", model.parameterCount());
    members(facts, false);
    json.put("sha256", model.sha256()).put("model_sha256", model.digest());
    members(facts, true);
    json.put("assumptions", model.assumptions());
  }

  private void members(List<Said> facts, boolean areNotes) {
    for (Said fact : facts) {
      if (fact.member() != null && fact.isNote() == areNotes) {
        json.put(fact.member(), fact.value());
      }
    }
  }

  /** Prints the encoding of the columns of a table. */
  private void schema(Schema schema) {
    Table table = new Table(2, "column", "kind", "inputs", "of_which").withTextLast();
    for (Column column : schema.columns()) {
      String inputs = String.join(", ", column.inputNames());
      table.add(column.name(), column.kind(), column.inputs(), inputs);
    }
    table.print(output);
    output.result("");
    output.result("Target " + String.join(", ", schema.targets()));
    schema.weight().ifPresent(weight -> output.result("Weights in column " + weight));
    if (!schema.ignored().isEmpty()) {
      output.result("Ignored " + String.join(", ", schema.ignored()));
    }
    json.put("columns", table.objects)
        .put("target", schema.targets())
        .put("weight", schema.weight().orElse(null))
        .put("ignored", schema.ignored());
  }

  private void statistics(History history) {
    Table table = new Table(1, "name", "first", "last", "best", "best_epoch");
    series(table, "train_ce", history, history.trainLoss(), -1);
    series(table, "valid_ce", history, history.validLoss(), -1);
    series(table, "train_acc", history, history.trainScore(), 1);
    series(table, "valid_acc", history, history.validScore(), 1);
    series(table, "train_ce_mean", history, history.trainLossMean(), -1);
    series(table, "train_acc_mean", history, history.trainScoreMean(), 1);
    output.result("Statistics of " + history.epochs() + " epochs");
    table.print(output);
    json.put("kind", "statistics").put("epochs", history.epochs()).put("series", table.objects);
  }

  /** Finds the largest value times the sign; the first wins a tie, NaN never wins. */
  private static void series(Table table, String name, History history, double[] values, int sign) {
    int best = -1;
    for (int i = 0; i < values.length; i++) {
      boolean first = best < 0 && !Double.isNaN(values[i]);
      if (first || (best >= 0 && sign * values[i] > sign * values[best])) {
        best = i;
      }
    }
    if (best < 0) {
      table.add(name, null, null, null, null);
    } else {
      int epoch = (int) history.numbers()[best];
      table.add(name, values[0], values[values.length - 1], values[best], epoch);
    }
  }

  /** Prints the arrays of a file. */
  private boolean arrays(Path file, FileKind kind, List<String> names) throws IOException {
    Table table = new Table(3, "name", "type", "shape", "min", "max", "not_finite");
    if (kind == FileKind.NPZ) {
      try (Npz npz = Npz.open(file)) {
        for (String name : names) {
          array(table, name, npz.read(name));
        }
      }
    } else if (kind == FileKind.IDX || kind == FileKind.GZIP) {
      array(table, file.getFileName().toString(), Idx.read(file));
    }
    if (table.objects.isEmpty()) {
      return false;
    }
    table.print(output);
    output.result("");
    json.put("arrays", table.objects);
    return true;
  }

  private static void array(Table table, String name, NdArray array) {
    double min = Double.NaN;
    double max = Double.NaN;
    int notFinite = 0;
    for (int i = 0; array.type() != ElementType.UNICODE && i < array.length(); i++) {
      double value = array.doubleAt(i);
      if (Double.isFinite(value)) {
        min = min <= value ? min : value; // the first too: NaN is not <= anything
        max = max >= value ? max : value;
      } else {
        notFinite++;
      }
    }
    String type = array.type().name().toLowerCase(Locale.ROOT);
    boolean whole = !array.type().isFloatingPoint() && min == min;
    table.add(
        name,
        type,
        array.shape(),
        whole ? (Object) (long) min : new Table.Measure(min),
        whole ? (Object) (long) max : new Table.Measure(max),
        notFinite);
  }

  private Dataset load(Path file, ScaleOptions scaling) throws IOException {
    return Datasets.load(
        file,
        DataOptions.reading(arguments, null),
        DataOptions.division(arguments, DivisionOptions.defaults()),
        DataOptions.scaling(arguments, scaling));
  }

  /** Prints the data set that training would read from the file. */
  private void data(Path file, boolean hasArrays) throws IOException {
    Dataset data;
    String noClasses = null;
    try {
      data = load(file, ScaleOptions.defaults());
    } catch (FormatException e) {
      try {
        data = load(file, ScaleOptions.defaults().withLoss(Loss.MSE));
        noClasses = Words.of(e); // the reason may be a mistake in the file
      } catch (FormatException others) {
        if (!hasArrays) {
          throw e;
        }
        output.result("No data set: " + Words.of(e));
        json.put("kind", "arrays").put("problem", Words.of(e));
        return;
      }
    }
    output.result(DataSource.describe(file, data));
    json.put("kind", "data").put("dataset", DataSource.json(file, data));
    Map<String, Split> splits = DataSource.splits(data);
    if (noClasses != null) {
      output.result("Targets are numbers, not classes: " + noClasses);
      output.result("");
      json.put("no_classes", noClasses);
      ranges(data);
      return;
    }
    output.result("");
    List<String> heads = new ArrayList<>(List.of("class"));
    heads.addAll(splits.keySet());
    Table table = new Table(1, heads);
    Object[][] counts = new Object[data.classes() + 1][heads.size()]; // the last row has the sums
    for (int c = 0; c < data.classes(); c++) {
      counts[c][0] = DataSource.className(data.classNames(), c);
    }
    counts[data.classes()][0] = "all";
    for (int column = 1; column < heads.size(); column++) {
      Split split = splits.get(heads.get(column));
      int[] ofClass = new int[data.classes() + 1]; // the last for rows with another class
      for (int row = 0; row < split.rows(); row++) {
        ofClass[Math.min(split.label(row), data.classes())]++;
      }
      for (int c = 0; c < data.classes(); c++) {
        counts[c][column] = ofClass[c];
      }
      counts[data.classes()][column] = split.rows();
    }
    for (Object[] row : counts) {
      table.add(row);
    }
    table.print(output);
    json.put("class_counts", table.objects.subList(0, data.classes()));
  }

  /** Prints numeric targets. */
  private void ranges(Dataset data) {
    Map<String, Split> splits = DataSource.splits(data);
    Table table = new Table(2, "target", "split", "rows", "min", "max", "mean");
    for (int k = 0; k < data.classes(); k++) {
      for (Map.Entry<String, Split> entry : splits.entrySet()) {
        Split split = entry.getValue();
        int place = k;
        DoubleSummaryStatistics numbers =
            IntStream.range(0, split.rows())
                .mapToDouble(row -> split.target(row, place))
                .summaryStatistics();
        table.add(
            DataSource.className(data.classNames(), k),
            entry.getKey(),
            split.rows(),
            new Table.Measure(numbers.getMin()),
            new Table.Measure(numbers.getMax()),
            new Table.Measure(numbers.getAverage()));
      }
    }
    table.print(output);
    json.put("target_ranges", table.objects);
  }
}
