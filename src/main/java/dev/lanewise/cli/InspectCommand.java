package dev.lanewise.cli;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.LoadOptions;
import dev.lanewise.data.Split;
import dev.lanewise.format.FileKind;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Idx;
import dev.lanewise.format.Npz;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.History;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code inspect}: what is in a file of data, of a model or of statistics. */
final class InspectCommand implements Command {
  @Override
  public Usage usage() {
    return new Usage(
        "inspect",
        "FILE",
        "what is in a data file, a model or statistics",
        List.of(DataSource.TARGET),
        List.of(),
        List.of(
            "inspect data/digits.npz",
            "inspect runs/1/nn_model.npz",
            "inspect iris.csv --target species"));
  }

  @Override
  public int run(Arguments arguments, Output output, Interruption interruption) throws IOException {
    Path file = arguments.operand();
    FileKind kind = FileKind.of(file);
    if (kind != FileKind.CSV) {
      DataSource.refuseCsvOptions(arguments);
    }
    Json json = Json.event("inspect").put("file", file);
    List<String> names = kind == FileKind.NPZ ? names(file) : List.of();
    if (names.contains("W1")) {
      ModelSummary.print(Mlp.load(file), output, json.put("kind", "model"));
    } else if (names.contains("train_ce")) {
      StatisticsSummary.print(History.load(file), output, json.put("kind", "statistics"));
    } else {
      data(file, kind, arguments, output, json.put("kind", "data"));
    }
    output.event(json);
    return ExitCode.DONE;
  }

  private static List<String> names(Path file) throws IOException {
    try (Npz npz = Npz.open(file)) {
      return npz.names();
    }
  }

  private static void data(Path file, FileKind kind, Arguments arguments, Output output, Json json)
      throws IOException {
    ArrayTable arrays = new ArrayTable();
    if (kind == FileKind.NPZ) {
      try (Npz npz = Npz.open(file)) {
        for (String name : npz.names()) {
          arrays.add(name, npz.read(name));
        }
      }
    } else if (kind == FileKind.IDX || kind == FileKind.GZIP) {
      arrays.add(file.getFileName().toString(), Idx.read(file));
    }
    arrays.print(output, json);
    LoadOptions options = LoadOptions.defaults();
    if (arguments.has("target")) {
      options = options.withTarget(arguments.text("target"));
    }
    Dataset data;
    try {
      data = Dataset.load(file, options);
    } catch (FormatException e) {
      if (arrays.isEmpty()) {
        throw e;
      }
      output.result("");
      output.result("No data set: " + e.getMessage());
      json.put("dataset", null).put("problem", e.getMessage());
      return;
    }
    output.result(arrays.isEmpty() ? DataSource.describe(file, data) : "");
    if (!arrays.isEmpty()) {
      output.result(DataSource.describe(file, data));
    }
    output.result("");
    counts(data, output, json.put("dataset", DataSource.json(file, data)));
  }

  /** How many rows of each class there are in each split. */
  private static void counts(Dataset data, Output output, Json json) {
    Map<String, Split> splits = DataSource.splits(data);
    TextTable table = new TextTable(1);
    List<String> head = new ArrayList<>(List.of("class"));
    head.addAll(splits.keySet());
    table.add(head);
    Json counts = new Json();
    List<int[]> columns = new ArrayList<>();
    splits.forEach(
        (name, split) -> {
          int[] column = new int[data.classes()];
          for (int row = 0; row < split.rows(); row++) {
            column[split.label(row)]++;
          }
          columns.add(column);
          counts.put(name, column);
        });
    for (int c = 0; c < data.classes(); c++) {
      int label = c;
      List<String> row = new ArrayList<>(List.of(DataSource.className(data, c)));
      columns.forEach(column -> row.add(Integer.toString(column[label])));
      table.add(row);
    }
    List<String> sums = new ArrayList<>(List.of("all"));
    columns.forEach(column -> sums.add(Integer.toString(Arrays.stream(column).sum())));
    table.add(sums);
    table.lines().forEach(output::result);
    json.put("class_counts", counts);
  }
}
