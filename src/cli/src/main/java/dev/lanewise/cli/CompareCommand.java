package dev.lanewise.cli;

import dev.lanewise.files.DataSource;
import dev.lanewise.files.ModelSource;
import dev.lanewise.files.RunDirectory;
import dev.lanewise.files.RunFiles;
import dev.lanewise.files.RunOfModel;
import dev.lanewise.files.RunRecord;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Activation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.report.RunComparison;
import dev.lanewise.report.TrainingCurves;
import dev.lanewise.rows.Division;
import dev.lanewise.rows.Schema;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Role;
import dev.lanewise.terminal.Table;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** {@code compare}: several runs on one page. */
final class CompareCommand implements Command {
  private Arguments arguments;
  private Output output;
  private Path out;
  private final List<RunRecord> records = new ArrayList<>(); // null of a run without
  private final List<String> rows = new ArrayList<>(); // digests of training rows, or null
  private final List<RunComparison.Run> runs = new ArrayList<>();
  private final List<Path> models = new ArrayList<>(); // null of a run without

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    this.arguments = arguments;
    this.output = output;
    int count = arguments.files();
    if (count > RunComparison.MOST) {
      throw Problem.usage(
          "compare: %s runs, expected at most %s, which can be told apart",
          count, RunComparison.MOST);
    }
    out = arguments.path("out");
    AtomicFile.requireWritable(out);
    if (arguments.has("data")) {
      refuse(arguments.path("data"));
    }
    for (int i = 0; i < count; i++) {
      load(arguments.file(i));
    }
    complete();
    RunComparison comparison = new RunComparison(runs);
    comparison.warnings().forEach(output::hint);
    List<Json> events = new ArrayList<>();
    List<List<String>> sentences = new ArrayList<>();
    ChanceComparison chance = new ChanceComparison(arguments, runs, output);
    for (List<Integer> group : comparison.groups()) {
      sentences.add(group.size() > 1 ? chance.of(group, models, events) : List.of());
    }
    interruption.hold();
    Table<Integer> table = table(comparison.groups());
    RunDirectory.write(out, comparison.html(table.cells(), sentences));
    table.print(output);
    sentences.forEach(some -> some.forEach(output::result));
    comparison.validations().forEach(output::note);
    List<Integer> grouped = comparison.groups().stream().flatMap(List::stream).toList();
    table.with(grouped).events(output, "run");
    events.forEach(output::event);
    output.note("Saved in " + out);
  }

  /** Reads the files of a run. */
  private void load(Path given) throws IOException {
    boolean isDirectory = Files.isDirectory(given);
    Path file = RunFiles.model(given);
    boolean ofRun = file.endsWith(RunFiles.MODEL);
    Path directory = file.toAbsolutePath().getParent();
    for (String read : List.of(RunFiles.RECORD, RunFiles.STATISTICS)) {
      refuse(directory.resolve(read));
    }
    refuse(file);
    boolean isThere = Files.exists(file);
    RunRecord record = null;
    if (isThere) {
      record = RunOfModel.record(file, output);
    } else if (ofRun && Files.exists(directory.resolve(RunFiles.RECORD))) {
      record = RunRecord.of(directory); // a run that diverged leaves no model
    } else {
      throw Problem.failure(
          file + ": no such file, expected the directory of a run, or a model file");
    }
    Model model = isThere ? ModelSource.load(arguments, file, output).model : null;
    History history = RunOfModel.history(file, record, output);
    if (history == null) {
      history = new History(List.of());
    } else if (record != null) {
      history = RunReport.timed(history, record);
    }
    // whether the run is named by its directory
    boolean isNamed = ofRun && !isDirectory && given.getParent() != null;
    String name = isNamed ? given.getParent().toString() : given.toString();
    String outcome = record == null ? "without " + RunFiles.RECORD : record.text("outcome");
    boolean isWhole = outcome.matches("completed|stopped_early");
    String measure = model == null ? record.text("loss") : TrainingCurves.measure(model);
    records.add(record);
    models.add(isThere ? file : null);
    rows.add(model == null ? null : model.division().map(Division::digest).orElse(null));
    runs.add(
        new RunComparison.Run(
            isWhole ? name : name + " (" + outcome + ")",
            (measure == null ? "unknown loss" : measure) + weights(model, record),
            model == null
                ? measure != null
                    && Loss.labels().stream()
                        .map(Loss::of)
                        .anyMatch(l -> l.task().hasNumbers() && measure.startsWith(l.title()))
                : model.loss().task().hasNumbers(),
            data(record),
            model == null ? null : model.division().map(DivisionOptions::key).orElse(null),
            settings(model, record),
            history,
            record == null ? -1 : record.number("best_epoch", -1),
            RecordedScores.of(record),
            model == null ? -1 : model.parameterCount(),
            model == null ? "" : model.sha256()));
  }

  /** Returns the weight column, which changes the figures of the same rows. */
  private static String weights(Model model, RunRecord record) throws IOException {
    String column =
        model == null
            ? record.text("given", "weight-column")
            : model.schema().flatMap(Schema::weight).orElse(null);
    return column == null ? "" : ", rows weighted by " + column;
  }

  /** Refuses to replace a file that is read. */
  private void refuse(Path read) throws IOException {
    DataSource.requireOther(arguments, "out", read, read + ", which is compared");
  }

  /** Returns the digests of the data files; none without a record. */
  private static Set<String> data(RunRecord record) throws IOException {
    if (record == null) {
      return new LinkedHashSet<>();
    }
    StringBuilder files = new StringBuilder();
    for (RunRecord read : record.read()) {
      if (!read.text("option").equals("initial-model")) {
        String sha256 =
            read.text("sha256"); // rows without a digest do not count as the rows of another run
        files.append(read.text("option")).append(' ');
        files.append(sha256 == null ? "of " + record.file() : sha256).append(' ');
      }
    }
    return new LinkedHashSet<>(List.of(files.toString().strip()));
  }

  /** Returns the options that may make a difference. */
  private static Map<String, String> settings(Model model, RunRecord record) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    if (record != null) {
      Map<String, Object> options = record.object("options");
      List<String> names = new ArrayList<>(record.object("given").keySet()); // come first
      names.addAll(options.keySet());
      names.retainAll(options.keySet());
      names.forEach(name -> settings.put(name, options.get(name).toString()));
      settings.remove("loss"); // the measure names the loss, too
      if (!record.object("given").containsKey("missing")) {
        settings.remove("missing"); // a model notes the words only if they were given
      }
      settings.keySet().removeIf(option -> !Role.isCompared(option));
      if (record.text("metrics", "validation") != null) {
        settings.put("validation", record.text("metrics", "validation"));
      }
    } else if (!model.training().isEmpty()) {
      Architecture network = model.members().get(0).architecture();
      List<String> hidden = new ArrayList<>(); // the hidden layers of each network
      for (Mlp member : model.members()) {
        List<Integer> sizes = member.architecture().hidden();
        hidden.add(sizes.isEmpty() ? "none" : sizes.toString().replaceAll("[\\[ \\]]", ""));
      }
      settings.put("hidden", String.join("; ", hidden));
      Set<Activation> kinds = new LinkedHashSet<>(network.activations());
      settings.put(
          "activation", Training.labels(kinds.size() == 1 ? kinds : network.activations()));
      RunRecord.options(model.training())
          .members
          .forEach((name, value) -> settings.put(name, value.toString()));
    }
    if (model != null && model.targetScaling().kind() == Scaling.Kind.STANDARD) {
      String numbers = Arrays.toString(model.targetScaling().second());
      settings.put(RunComparison.DEVIATION, numbers.substring(1, numbers.length() - 1));
    }
    int[] weights = model == null ? new int[0] : model.memberWeights();
    if (Arrays.stream(weights).distinct().count() > 1) {
      settings.put("member-weights", Arrays.toString(weights));
    }
    return settings;
  }

  /** Adds settings that the times depend on, and the names of data, if all runs have them. */
  private void complete() throws IOException {
    for (int i = 0; i < runs.size(); i++) {
      RunRecord record = records.get(i);
      Map<String, String> settings = runs.get(i).settings();
      if (!records.contains(null)) {
        for (RunRecord read : record.read()) {
          settings.put(read.text("option"), read.shown());
        }
        settings.put("Lanewise", record.text("machine", "version"));
        settings.put("processor", record.text("machine", "cpu"));
        settings.put("Java", record.text("machine", "jdk"));
        settings.put("kernels", record.text("kernels"));
        settings.put("threads", Integer.toString(record.number("threads", -1)));
        settings.values().removeIf(Objects::isNull); // what the record does not say
      } else if (rows.get(i) != null) {
        runs.get(i).data().add(rows.get(i)); // a model has digests of training rows, not of files
      }
    }
  }

  private Table<Integer> table(List<List<Integer>> groups) {
    boolean haveErrors =
        runs.stream()
            .flatMap(run -> run.scores().values().stream())
            .anyMatch(score -> !Double.isNaN(score.figure("rmse")));
    boolean haveR2 = runs.stream().anyMatch(RunComparison.Run::regression);
    Table<Integer> table =
        Table.of(runs.size())
            .text("run", i -> runs.get(i).name())
            .forPrograms("group", i -> groups.indexOf(groupOf(groups, i)))
            .forPrograms("loss", i -> runs.get(i).measure())
            .forPrograms("data", i -> List.copyOf(runs.get(i).data()));
    for (String name : RunComparison.RANKING) {
      if (runs.stream().anyMatch(run -> !Double.isNaN(run.figure(name)))) {
        table.column("test " + RunComparison.title(name), null, i -> runs.get(i).figure(name));
      }
    }
    for (String split : Scores.SPLITS) {
      table.forPrograms(split, i -> Scores.json(runs.get(i).scores().get(split), false));
      table.column(
          split + " loss",
          null,
          i -> TextValue.of(score(i, split).loss(), runs.get(i).regression()));
      if (haveErrors) {
        table.column("RMSE", null, i -> TextValue.measure(score(i, split).figure("rmse")));
      }
      table.column(haveR2 ? "acc/R2" : "acc", null, i -> score(i, split).accuracy());
    }
    return table
        .column("epochs", i -> runs.get(i).history().epochs())
        .forPrograms("best_epoch", i -> known(runs.get(i).bestEpoch()))
        .forPrograms("smallest_loss_epoch", i -> known(runs.get(i).history().bestEpoch()))
        .column("seconds", i -> runs.get(i).seconds())
        .forPrograms("rows_per_second", i -> runs.get(i).rowsPerSecond())
        .forPrograms("parameters", i -> known(runs.get(i).parameters()))
        .forPrograms("sha256", i -> runs.get(i).sha256().isEmpty() ? null : runs.get(i).sha256())
        .forPrograms("settings", i -> new Json().put(runs.get(i).settings()))
        .forPrograms("file", i -> out);
  }

  private static List<Integer> groupOf(List<List<Integer>> groups, int run) {
    return groups.stream().filter(group -> group.contains(run)).findFirst().orElseThrow();
  }

  private static Integer known(int number) {
    return number < 0 ? null : (Integer) number;
  }

  private Score score(int run, String split) {
    return runs.get(run).scores().getOrDefault(split, new Score(Double.NaN, Double.NaN));
  }
}
