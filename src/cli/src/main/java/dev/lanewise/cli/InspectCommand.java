package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.files.ClassNames;
import dev.lanewise.files.DataSource;
import dev.lanewise.files.ModelSource;
import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.model.Model;
import dev.lanewise.model.internal.MetadataText;
import dev.lanewise.model.internal.ModelAccess;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Column;
import dev.lanewise.rows.Schema;
import dev.lanewise.source.FileKind;
import dev.lanewise.source.Idx;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.ScaleOptions;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.DataOptions;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Table;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.terminal.Words;
import dev.lanewise.train.History;
import java.io.IOException;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** {@code inspect}: the content of a file of data, of a model or of statistics. */
final class InspectCommand implements Command {
  private Output output;
  private Result result;
  private Arguments arguments;

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    this.output = output;
    Path file = arguments.file(0);
    result = new Result("inspect", output).put("file", file);
    if (ModelSource.isOfOthers(file)) {
      model(ModelSource.read(arguments, file, List.of(), output), "");
      result.end();
      return;
    }
    arguments.refuse("works with the .safetensors of a model only", "activation");
    FileKind kind = DataSource.isTable(file) ? FileKind.CSV : FileKind.of(file);
    if (kind != FileKind.CSV) {
      DataOptions.refuseOfTables(arguments);
    }
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
      int epochs = History.load(file).epochs();
      result.put("kind", "statistics").say("Statistics of {epochs} epochs", "epochs", epochs);
      arrays(file, kind, names);
    } else if (kind == FileKind.CSV) {
      TableInspection.print(file, arguments, output, result);
    } else {
      boolean hasArrays = arrays(file, kind, names);
      data(file, hasArrays);
    }
    result.end();
  }

  /** Prints the checksum of a file. */
  private String seal(SealedNpz npz) {
    boolean sealed = npz.format().isPresent();
    String checksum = npz.trusted().isPresent() ? "broken" : sealed ? "holds" : "none";
    TextValue format =
        sealed
            ? new TextValue(npz.format().getAsInt(), npz.format().getAsInt() + "")
            : new TextValue(null, "not stored");
    result.put("format", format).put("checksum", checksum);
    return result.values.in("Format {format}, checksum {checksum}")
        + (checksum.equals("broken") ? " (a file " + npz.trusted().get() + ")" : "");
  }

  /** Prints the layers as Keras does. */
  private void model(Model model, String seal) {
    int[] shape = model.inputShape();
    Table.Cells table = new Table.Cells(2, "layer", "activation", "outputs", "parameters");
    String inputs = shape.length > 1 ? "inputs (" + TextValue.shape(shape) + ")" : "inputs";
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
    List<MetadataText> facts = MetadataText.of(model);
    facts.forEach(fact -> fact.lines().forEach(output::result));
    if (members.size() > 1) {
      result.put("members", members.size());
    }
    result
        .put("kind", "model")
        .put("layers", table.get().subList(0, table.size() - 1)) // without the last, the sum
        .put("parameters", model.parameterCount());
    facts.stream()
        .filter(fact -> fact.member() != null)
        .forEach(fact -> result.put(fact.member(), fact.value()));
    result
        .say("Weights sha256 {sha256}", "sha256", model.sha256())
        .say("Model sha256 {model_sha256}", "model_sha256", model.checksum());
    result.put("training", model.training());
    if (!seal.isEmpty()) {
      output.result(seal);
    }
    for (String assumption : model.assumptions()) {
      output.result("Assumed: " + assumption);
    }
    result.put("assumptions", model.assumptions());
  }

  /** Prints the encoding of the columns of a table. */
  private void schema(Schema schema) {
    result
        .table(
            "columns",
            Table.of(schema.columns())
                .text("column", Column::name)
                .text("kind", Column::kind)
                .column("inputs", Column::inputs)
                .text("of_which", column -> String.join(", ", column.inputNames())))
        .line();
    result.say("Target {target}", "target", schema.targets());
    result.put("weight", schema.weight().orElse(null)).put("ignored", schema.ignored());
    if (schema.weight().isPresent()) {
      result.say("Weights in column {weight}");
    }
    if (!schema.ignored().isEmpty()) {
      result.say("Ignored {ignored}");
    }
  }

  /** Prints the arrays of a file. */
  private boolean arrays(Path file, FileKind kind, List<String> names) throws IOException {
    Table.Cells table = new Table.Cells(3, "name", "type", "shape", "min", "max", "not_finite");
    if (kind == FileKind.NPZ) {
      try (Npz npz = Npz.open(file)) {
        for (String name : names) {
          array(table, name, npz.read(name));
        }
      }
    } else if (kind == FileKind.IDX || kind == FileKind.GZIP) {
      array(table, file.getFileName().toString(), Idx.read(file));
    }
    if (table.size() > 0) {
      result.table("arrays", table).line();
    }
    return table.size() > 0;
  }

  private static void array(Table.Cells table, String name, NdArray array) {
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
    boolean whole = !array.type().isFloatingPoint() && min == min;
    table.add(
        name,
        array.type().name().toLowerCase(Locale.ROOT),
        array.shape(),
        whole ? (Object) (long) min : TextValue.measure(min),
        whole ? (Object) (long) max : TextValue.measure(max),
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
        result.put("kind", "arrays").say("No data set: {problem}", "problem", Words.of(e));
        return;
      }
    }
    Map<String, Rows> splits = DataSource.splits(data);
    output.result(DataSource.describe(file, data, splits));
    result.put("kind", "data").put("dataset", DataSource.json(file, data));
    if (noClasses != null) {
      result.say("Targets are numbers, not classes: {no_classes}", "no_classes", noClasses).line();
      ranges(data);
      return;
    }
    output.result("");
    int classes = data.classes();
    List<String> names = data.classNames();
    Table<Integer> table =
        Table.of(classes).text("class", c -> c < classes ? ClassNames.of(names, c) : "all");
    splits.forEach(
        (name, split) -> {
          int[] counts = new int[classes + 1]; // the last for rows with another class
          for (int row = 0; row < split.rows(); row++) {
            counts[Math.min(split.label(row), classes)]++;
          }
          counts[classes] = split.rows();
          table.column(name, c -> counts[c]);
        });
    table.with(IntStream.rangeClosed(0, classes).boxed().toList()).print(output);
    result.put("class_counts", table);
  }

  /** Prints numeric targets. */
  private void ranges(Dataset data) {
    Map<String, Rows> splits = DataSource.splits(data);
    Table.Cells table = new Table.Cells(2, "target", "split", "rows", "min", "max", "mean");
    for (int k = 0; k < data.classes(); k++) {
      String name = ClassNames.of(data.classNames(), k);
      for (Map.Entry<String, Rows> entry : splits.entrySet()) {
        Rows split = entry.getValue();
        int place = k;
        DoubleSummaryStatistics numbers =
            IntStream.range(0, split.rows())
                .mapToDouble(row -> split.target(row, place))
                .summaryStatistics();
        table.add(
            name,
            entry.getKey(),
            split.rows(),
            TextValue.measure(numbers.getMin()),
            TextValue.measure(numbers.getMax()),
            TextValue.measure(numbers.getAverage()));
      }
    }
    result.table("target_ranges", table);
  }
}
