package dev.lanewise.cli;

import dev.lanewise.metrics.Evaluation;
import dev.lanewise.report.Report;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The report of a run, made from the files that it left. */
final class RunReport {
  private static final String PROGRAM =
      "java --add-modules jdk.incubator.vector -jar lanewise-" + Usage.version() + ".jar train";

  /** Stands for an unknown best epoch. */
  static final int UNKNOWN = -2;

  private RunReport() {}

  /**
   * Returns a report about rows.
   *
   * @param outOfFold the score of single networks on their folds, if there are folds
   */
  static Report of(
      Path dataFile,
      Subject subject,
      Evaluation evaluation,
      Optional<Score> outOfFold,
      int threads) {
    Path name = dataFile.toAbsolutePath().normalize().getFileName();
    String title = name == null ? dataFile.toString() : name.toString();
    Report report =
        new Report(title, subject.model)
            .data(subject.data)
            .evaluation(subject.splitName, subject.split, evaluation)
            .threads(threads)
            .words(Words.OPTIONS);
    outOfFold.ifPresent(report::validation);
    new ScoreIntervals(subject, evaluation).addTo(report);
    return report;
  }

  /**
   * Adds the record of a run to a report.
   *
   * @param history of the run, or null; if it has no times, those of the record are used
   */
  static Report add(Report report, RunRecord record, History history) throws IOException {
    if (history != null) {
      List<Integer> best = new ArrayList<>();
      for (RunRecord network : record.networks(history.members().size())) {
        best.add(network.number("best_epoch", -1));
      }
      report.history(timed(history, record), best);
    }
    Map<Integer, double[]> norms = new LinkedHashMap<>();
    for (Map.Entry<String, Object> each : record.object("norms").entrySet()) {
      if (each.getValue() instanceof List<?> list && !list.contains(null)) {
        norms.put(
            Arguments.integer(each.getKey()),
            list.stream().mapToDouble(value -> (Double) value).toArray());
      }
    }
    report.norms(norms);
    List<String> settings = new ArrayList<>();
    StringBuilder command = new StringBuilder(PROGRAM);
    for (Map.Entry<String, Object> option : record.object("given").entrySet()) {
      String value = option.getValue().toString();
      if (!Role.of("train", option.getKey()).isRead()) {
        settings.add(option.getKey() + "=" + value);
      }
      command.append(" --").append(option.getKey());
      if (!value.isEmpty()) {
        command.append(' ').append(quoted(value));
      }
    }
    String preset = record.text("options", "preset");
    settings.add("preset=" + preset + ", for all that is not named here");
    report.settings(settings).command(command.toString());
    for (RunRecord read : record.read()) {
      String option = read.text("option");
      String name = option.equals("data") ? "Trained on" : "--" + option;
      report.fact(name, read.shown());
    }
    report.fact("Kernels", known(record.text("kernels")));
    report.fact("Threads", Integer.toString(record.number("threads", 1)));
    report.fact("Processor", known(record.text("machine", "cpu")));
    report.fact("Java", known(record.text("machine", "jdk")));
    return report.fact("Lanewise", known(record.text("machine", "version")));
  }

  private static String known(String fact) {
    return fact == null ? "unknown" : fact;
  }

  /** Quotes a word for a Unix shell. */
  private static String quoted(String value) {
    return value.matches("[\\w./,:=+@%-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
  }

  /** Gives each epoch of a network an equal share of the total time, if it has no times. */
  static History timed(History history, RunRecord record) throws IOException {
    Double seconds = record.get(Double.class, "seconds_of_epochs");
    int epochs = history.members().stream().mapToInt(History::epochs).sum();
    Double each = seconds == null ? null : seconds / epochs;
    List<History> members = new ArrayList<>();
    for (RunRecord network : record.networks(history.members().size())) {
      Double rows = network.get(Double.class, "train_rows");
      members.add(timed(history.members().get(members.size()), each, rows));
    }
    return History.of(members);
  }

  private static History timed(History history, Double seconds, Double rows) {
    List<EpochResult> results = new ArrayList<>();
    for (EpochResult r : history.results()) {
      boolean known = r.rows() > 0 || seconds == null || rows == null;
      results.add(
          known
              ? r
              : new EpochResult(
                  r.epoch(),
                  r.epochs(),
                  r.trainLoss(),
                  r.trainScore(),
                  r.trainLossMean(),
                  r.trainScoreMean(),
                  r.validLoss(),
                  r.validScore(),
                  seconds,
                  rows.longValue(),
                  r.learningRate()));
    }
    return new History(results);
  }

  /** Returns the record next to a model file; null if there is none, or it is of another model. */
  static RunRecord record(Path modelFile, Output output) throws IOException {
    Path directory = modelFile.toAbsolutePath().getParent();
    if (Files.notExists(directory.resolve(RunFiles.RECORD)) || Files.notExists(modelFile)) {
      return null;
    }
    RunRecord record = RunRecord.of(directory);
    String sha256 = FileDigest.one("", modelFile).sha256();
    if (sha256.equals(record.text("files", RunFiles.MODEL))) {
      return record;
    }
    output.hint(record.file() + " is of another model: its run is left out");
    return null;
  }

  /**
   * Returns the statistics beside a model if they belong to its run, else null.
   *
   * @param record the record of the run, or null
   */
  static History history(Path modelFile, RunRecord record, Output output) throws IOException {
    Path file = modelFile.toAbsolutePath().resolveSibling(RunFiles.STATISTICS);
    boolean isOfOther = record == null && Files.exists(file.resolveSibling(RunFiles.RECORD));
    if (isOfOther || Files.notExists(file)) {
      return null;
    }
    if (record != null
        && !FileDigest.one("", file).sha256().equals(record.text("files", RunFiles.STATISTICS))) {
      output.hint(file + " is of another run: its curves are left out of the report");
      return null;
    }
    return History.load(file);
  }
}
