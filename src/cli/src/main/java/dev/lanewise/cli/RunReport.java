package dev.lanewise.cli;

import dev.lanewise.files.RunOfModel;
import dev.lanewise.files.RunRecord;
import dev.lanewise.files.Subject;
import dev.lanewise.format.internal.Message;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.metrics.internal.OutOfFold;
import dev.lanewise.report.Report;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.PythonFormat;
import dev.lanewise.terminal.Role;
import dev.lanewise.terminal.Words;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The report of a run, made from the files that it left. */
public final class RunReport {
  /** Stands for an unknown best epoch. */
  public static final int UNKNOWN = -2;

  private RunReport() {}

  /** Returns the score of single networks on their folds, as the files of the run tell it. */
  public static Optional<Score> outOfFold(Subject subject, Path modelFile, int threads)
      throws IOException {
    int count = subject.model.members().size();
    Output silent = Output.silent();
    RunRecord record = RunOfModel.record(modelFile, silent);
    History history = RunOfModel.history(modelFile, record, silent);
    if (subject.model.training().contains("best=none")) {
      return Evaluator.validation(subject.model, subject.data, threads);
    } else if (record == null || history == null || history.members().size() != count) {
      return Optional.empty();
    }
    List<Integer> best = new ArrayList<>();
    for (RunRecord network : record.networks(count)) {
      best.add(network.number("best_epoch", -1));
    }
    return OutOfFold.score(subject.model, subject.data, history.members(), best, threads);
  }

  /**
   * Returns a report about rows.
   *
   * @param outOfFold the score of single networks on their folds, if there are folds
   */
  public static Report of(
      Arguments arguments, Subject subject, Evaluation evaluation, Optional<Score> outOfFold) {
    Path dataFile = arguments.path("data");
    Path name = dataFile.toAbsolutePath().normalize().getFileName();
    String title = name == null ? dataFile.toString() : name.toString();
    Report report =
        new Report(title, subject.model)
            .data(subject.data)
            .evaluation(subject.splitName, subject.split, evaluation)
            .threads(arguments.threads())
            .words(note -> Words.of((Message) note));
    outOfFold.ifPresent(report::validation);
    if (Scores.isSearched(subject.model)) {
      String seen =
          "won a search, which compared its trials on validation rows; none saw test rows";
      report.fact("Options", seen);
    }
    new ScoreIntervals(subject, evaluation).addTo(report);
    return report;
  }

  /**
   * Adds the record of a run to a report.
   *
   * @param history of the run, or null; if it has no times, those of the record are used
   */
  public static Report add(Report report, RunRecord record, History history) throws IOException {
    if (history != null) {
      List<Integer> best = new ArrayList<>();
      for (RunRecord network : record.networks(history.members().size())) {
        best.add(network.number("best_epoch", -1));
      }
      report.history(timed(history, record), best);
    }
    List<String> settings = new ArrayList<>();
    for (Map.Entry<String, Object> option : record.object("given").entrySet()) {
      if (!Role.of("train", option.getKey()).isRead()) {
        settings.add(option.getKey() + "=" + option.getValue());
      }
    }
    String preset = record.text("options", "preset");
    settings.add("preset=" + preset + ", for all that is not named here");
    report.settings(settings).command(record.command());
    for (RunRecord read : record.read()) {
      String option = read.text("option");
      String name = option.equals("data") ? "Trained on" : "--" + option;
      report.fact(name, read.shown());
    }
    Instant began = record.time("started");
    Instant ended = record.time("ended");
    if (began != null && ended != null) {
      double seconds = Duration.between(began, ended).toMillis() / 1e3;
      report.fact("Time from start to end", PythonFormat.fixed(seconds, 1) + " s");
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

  /**
   * Gives each epoch of a network an equal share of the time by the clock, in which networks train
   * side by side.
   */
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
    if (seconds == null || rows == null) {
      return history;
    }
    List<EpochResult> results = new ArrayList<>();
    for (EpochResult r : history.results()) {
      results.add(
          new EpochResult(
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
}
