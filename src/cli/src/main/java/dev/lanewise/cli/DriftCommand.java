package dev.lanewise.cli;

import dev.lanewise.files.DataSource;
import dev.lanewise.files.ModelSource;
import dev.lanewise.files.RowsToPredict;
import dev.lanewise.files.RunDirectory;
import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Messages;
import dev.lanewise.model.Model;
import dev.lanewise.table.LoadOptions;
import dev.lanewise.table.RowStream;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.PythonFormat;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Table;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.terminal.Words;
import dev.lanewise.trust.ColumnDrift;
import dev.lanewise.trust.Drift;
import dev.lanewise.trust.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** {@code drift}: compares new rows to those that a model was trained on. */
final class DriftCommand implements Command {
  private static final double LEAST_SHOWN = 1e-4;

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    if (!arguments.has("data")) {
      throw Problem.usage("--data: no new rows, expected --data FILE with a table");
    }
    double level = Arguments.number(arguments.text("level"));
    if (!(level > 0 && level < 1)) {
      throw arguments.wrong("level", "a number above 0 and below 1, such as 0.01");
    }
    boolean isStream = arguments.text("data").equals("-");
    Path file = isStream ? Path.of("-") : DataSource.file(arguments);
    String name = isStream ? "stdin" : file.toString();
    if (!isStream && !DataSource.isTable(file)) {
      throw Problem.failure(file + ": not a table, expected a table with the columns of the model");
    }
    Path modelFile = RunDirectory.modelFile(arguments);
    ModelSource source = ModelSource.load(arguments, output);
    Profile profile = profile(source.model, modelFile);
    Drift drift;
    LoadOptions[] options = RowsToPredict.options(arguments, source);
    try (RowStream rows =
        isStream
            ? RowStream.open(System.in, name, source.model, true, options)
            : RowStream.open(file, source.model, true, options)) {
      List<Message> before = Messages.of(rows.notes());
      before.forEach(output::hint);
      drift = Drift.of(source.model, rows, level);
      Messages.of(rows.notes()).stream().skip(before.size()).forEach(output::hint);
    } catch (IllegalArgumentException e) {
      throw Problem.failure(name + ": " + Words.of(e));
    }
    Result result = new Result("drift", output).put("model", modelFile).put("data", file);
    add(drift, profile, result, output);
    result.end();
    if (drift.isAlarm()) {
      List<String> names = drift.alarms().stream().map(ColumnDrift::name).toList();
      throw Problem.alarm(
          "%s: alarm at the level %s: %s of %s columns and results differ from the training: %s",
          name, level, names.size(), drift.columns().size(), String.join(", ", names));
    }
    output.result("No alarm at the level %s", level);
  }

  private static Profile profile(Model model, Path file) {
    return Problem.about(file, () -> Profile.of(model))
        .orElseThrow(
            () ->
                Problem.failure(
                    "%s: no profile of the training rows, expected a model that this version"
                        + " trained on a table (train again)",
                    file));
  }

  private static void add(Drift drift, Profile profile, Result result, Output output) {
    result.note(
        drift.heldOutRows() > 0
            ? "{rows} new rows against {training_rows} training rows; predictions against those of"
                + " {held_out_rows} {held_out} rows"
            : "{rows} new rows against {training_rows} training rows; predictions are not compared,"
                + " as the model keeps too few of held-out rows",
        "rows",
        drift.rows(),
        "training_rows",
        drift.trainingRows(),
        "held_out",
        profile.heldOut(),
        "held_out_rows",
        drift.heldOutRows());
    Table<ColumnDrift> table =
        Table.of(drift.columns())
            .text("column", ColumnDrift::name)
            .column("PSI", "psi", column -> fixed(column.psi(), 3))
            .column(
                "p",
                column ->
                    column.p() < LEAST_SHOWN
                        ? new TextValue(column.p(), "<0.0001")
                        : fixed(column.p(), 4))
            .forPrograms("alarm", ColumnDrift::alarm)
            .forPrograms("change", ColumnDrift::change)
            .column("training", column -> percent(column.before()))
            .column("new", column -> percent(column.after()))
            .forPeople(
                "what differs most", column -> (column.alarm() ? "ALARM: " : "") + column.change());
    List<ColumnDrift> columns = new ArrayList<>(drift.columns());
    columns.sort(Comparator.comparingDouble(ColumnDrift::p)); // stable
    table.with(columns).print(output);
    result.put("level", drift.level()).put("alarm", drift.isAlarm()).put("columns", table);
  }

  private static TextValue fixed(double value, int decimals) {
    return new TextValue(value, PythonFormat.fixed(value, decimals));
  }

  private static TextValue percent(double share) {
    return new TextValue(share, PythonFormat.fixed(100 * share, 1) + "%");
  }
}
