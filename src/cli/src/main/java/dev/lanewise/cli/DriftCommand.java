package dev.lanewise.cli;

import dev.lanewise.format.Message;
import dev.lanewise.model.Model;
import dev.lanewise.table.LoadOptions;
import dev.lanewise.table.RowStream;
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
      throw Problem.failure(file + ": no table, expected one with the columns of the model");
    }
    Path modelFile = Subject.modelFile(arguments);
    ModelSource source = ModelSource.load(arguments, modelFile, output);
    Profile profile = profile(source.model, modelFile);
    Drift drift;
    LoadOptions[] options = PredictCommand.options(arguments, source);
    try (RowStream rows =
        isStream
            ? RowStream.open(System.in, name, source.model, true, options)
            : RowStream.open(file, source.model, true, options)) {
      List<Message> before = rows.messages();
      before.forEach(output::hint);
      drift = Drift.of(source.model, rows, level);
      rows.messages().stream().skip(before.size()).forEach(output::hint);
    } catch (IllegalArgumentException e) {
      throw Problem.failure(name + ": " + Words.of(e));
    }
    print(drift, profile, output);
    output.event(event(drift, profile, modelFile, file));
    if (drift.isAlarm()) {
      List<String> names = drift.alarms().stream().map(ColumnDrift::name).toList();
      throw Problem.alarm(
          "%s: alarm at the level %s: %s of %s columns and results differ from the training: %s",
          name, level, names.size(), drift.columns().size(), String.join(", ", names));
    }
    output.result("No alarm at the level %s", level);
  }

  private static Profile profile(Model model, Path file) {
    try {
      return Profile.of(model)
          .orElseThrow(
              () ->
                  Problem.failure(
                      "%s: no profile of the training rows, expected a model that this version"
                          + " trained on a table (train again)",
                      file));
    } catch (IllegalArgumentException e) {
      throw Problem.failure(file + ": " + Words.of(e));
    }
  }

  private static void print(Drift drift, Profile profile, Output output) {
    output.note(
        "%s new rows against %s training rows%s",
        drift.rows(),
        drift.trainingRows(),
        drift.heldOutRows() > 0
            ? "; predictions against those of %s %s rows"
                .formatted(drift.heldOutRows(), profile.heldOut())
            : "; predictions are not compared, as the model keeps too few of held-out rows");
    Table table = new Table(1, "column", "PSI", "p", "training", "new", "what differs most");
    List<ColumnDrift> columns = new ArrayList<>(drift.columns());
    columns.sort(Comparator.comparingDouble(ColumnDrift::p)); // stable
    for (ColumnDrift column : columns) {
      table.add(
          column.name(),
          PythonFormat.fixed(column.psi(), 3),
          column.p() < LEAST_SHOWN ? "<0.0001" : PythonFormat.fixed(column.p(), 4),
          percent(column.before()),
          percent(column.after()),
          (column.alarm() ? "ALARM: " : "") + column.change());
    }
    table.withTextLast().print(output);
  }

  private static String percent(double share) {
    return PythonFormat.fixed(100 * share, 1) + "%";
  }

  private static Json event(Drift drift, Profile profile, Path model, Path file) {
    List<Json> columns = new ArrayList<>();
    for (ColumnDrift column : drift.columns()) {
      columns.add(
          new Json()
              .put("column", column.name())
              .put("psi", column.psi())
              .put("p", column.p())
              .put("alarm", column.alarm())
              .put("change", column.change())
              .put("training", column.before())
              .put("new", column.after()));
    }
    return Json.event("drift")
        .put("model", model)
        .put("data", file)
        .put("rows", drift.rows())
        .put("training_rows", drift.trainingRows())
        .put("held_out", profile.heldOut())
        .put("held_out_rows", drift.heldOutRows())
        .put("level", drift.level())
        .put("alarm", drift.isAlarm())
        .put("columns", columns);
  }
}
