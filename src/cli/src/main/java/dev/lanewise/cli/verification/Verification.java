package dev.lanewise.cli.verification;

import dev.lanewise.cli.inputs.Subject;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.ProgressBar;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.print.Shown;
import dev.lanewise.cli.results.RunCoverage;
import dev.lanewise.cli.results.Scores;
import dev.lanewise.cli.runs.FileDigest;
import dev.lanewise.cli.runs.RecordDifference;
import dev.lanewise.cli.runs.RunFiles;
import dev.lanewise.cli.runs.RunRecord;
import dev.lanewise.cli.training.RestoredRun;
import dev.lanewise.cli.training.RunRecorder;
import dev.lanewise.cli.training.Training;
import dev.lanewise.metrics.internal.OutOfFold;
import dev.lanewise.model.Model;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.trust.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Repeats the training of a run, and compares epoch by epoch. */
public final class Verification {
  private Path directory;
  private RunRecord record;
  private RestoredRun restored;
  private final List<VerifiedNetwork> members = new ArrayList<>(); // one per network
  private RecordComparison records;
  private Differences differences;

  /** Verifies the run that the arguments name, and says what was compared. */
  public void run(Arguments arguments, Output output) throws IOException {
    directory = arguments.file(0);
    record = RunRecord.of(directory);
    record.requireOfThisVersion();
    restored = new RestoredRun(record);
    RecordComparison.requireMembers(record);
    requireFiles();
    History history = History.load(directory.resolve(RunFiles.STATISTICS));
    int most = Integer.MAX_VALUE;
    int asked = arguments.has("epochs") ? arguments.integer("epochs", 1, most) : most;
    int last = asked < history.epochs() ? asked : 0; // 0 for the end of the training
    List<Json> data = restored.data(arguments);
    int networks = history.members().size();
    differences = new Differences(networks);
    for (RunRecord of : record.networks(networks)) {
      List<EpochResult> results = history.members().get(members.size()).results();
      members.add(new VerifiedNetwork(differences, members.size(), of, results, data, last));
    }
    records = new RecordComparison(record, networks, last);
    compare(trained(arguments, output), last == 0, arguments);
    String difference = differences.first();
    Integer differs = differences.epoch();
    Result result =
        new Result("verified", output).put("run", directory).put("same", difference == null);
    if (difference != null) {
      result.put("epoch", differs).put("difference", difference).end();
      String first = differs == null ? "differs: " : "differs from epoch " + differs + " on: ";
      throw Problem.failure(directory + ": " + first + difference);
    }
    say(result, last == 0 ? history.epochs() : last, last == 0);
  }

  /** Reads the data of the run, and the networks with which it began. */
  private Training trained(Arguments arguments, Output output) throws IOException {
    try {
      Training training = new Training(restored.options(arguments), output);
      training.load();
      if (training.members() > 1 && record.text("options", "members") == null) {
        throw Problem.failure(
            "%s: a preset with one network, as in an earlier version, expected members %s",
            record.file(), training.members());
      }
      if (training.members() != members.size()) {
        throw Problem.failure(
            "%s: members of %s networks, expected %s as the options say (--members)",
            record.file(), members.size(), training.members());
      }
      return training;
    } catch (Problem e) { // the options come from the record
      String place = record.file() + ": ";
      throw Problem.failure((e.getMessage().startsWith(place) ? "" : place) + e.getMessage());
    }
  }

  /**
   * Trains again until something differs, and compares.
   *
   * @param isWhole whether the training comes to its end
   */
  private void compare(Training training, boolean isWhole, Arguments arguments) throws IOException {
    compareRecord(members.get(0).recorder.beginning(training), null);
    for (int m = 0; m < members.size(); m++) {
      members.get(m).begin(training.initial(m));
    }
    if (differences.first() != null) {
      return;
    }
    RecipeRun run;
    try (ProgressBar shown = training.bar()) {
      members.forEach(member -> member.bar = shown);
      run = training.run(m -> List.of(members.get(m).recorder, members.get(m)));
    }
    if (differences.first() == null) {
      compareEnd(run, training, isWhole, arguments);
    }
  }

  /** Prints what was compared, and what was not. */
  private void say(Result result, int epochs, boolean isWhole) {
    List<String> rest = records.notCompared();
    String listed = String.join(", ", rest).replaceAll("given\\.[^,]+, ", ""); // as options are
    result
        .note(
            "Compared {epochs} epochs: the metrics of each, the weights of {digests}",
            "epochs",
            epochs,
            "digests",
            members.stream().mapToInt(member -> member.digests).sum())
        .say(
            "verified: same weights, same metrics"
                + (isWhole ? "" : " in the first {epochs} epochs"),
            "whole",
            isWhole)
        .say("Not compared: {not_compared}", "not_compared", new Shown(rest, listed))
        .end();
  }

  /** Refuses files of the run that differ from those that it wrote, or that say more of it. */
  private void requireFiles() throws IOException {
    Path forgotten = directory.resolve(RunFiles.FORGOTTEN);
    if (Files.exists(forgotten)) {
      throw Problem.failure(
          "%s: a record of removed rows by an earlier version, which verify does not compare,"
              + " expected no such file (move it away to verify the run itself)",
          forgotten);
    }
    boolean diverged = "diverged".equals(record.text("outcome"));
    for (String name : record.object("files").keySet()) {
      if (!RunFiles.DIGESTED.contains(name)) {
        throw Problem.failure(
            "%s: files.%s, expected %s only",
            record.file(), name, String.join(", ", RunFiles.DIGESTED));
      }
    }
    for (String name : RunFiles.DIGESTED) {
      Path file = directory.resolve(name);
      String sha256 = record.text("files", name);
      boolean exists = Files.exists(file);
      if (diverged && name.equals(RunFiles.MODEL)) {
        if (exists) {
          throw Problem.failure(file + ": there is a model, expected none as the run diverged");
        }
        continue;
      }
      if (sha256 == null) {
        throw Problem.failure(
            "%s: no files.%s, expected its sha256 (records of earlier versions lack some,"
                + " and cannot be verified: train again)",
            record.file(), name);
      }
      if (!exists) {
        throw Problem.failure(file + ": no such file, expected the file as the run left it");
      }
      restored.requireSame(
          file.toString(), FileDigest.one("", file).sha256(), sha256, "as the run left it");
    }
  }

  /** Compares the final results, if the training reached its end. */
  private void compareEnd(RecipeRun run, Training training, boolean isEnd, Arguments arguments)
      throws IOException {
    Model model = run.model().withTraining(training.options());
    Result end = new Result(null, null); // says nothing
    String outcome = RunRecord.outcome(run.outcome());
    if (isEnd && outcome.matches("completed|stopped_early")) {
      Subject judged = Subject.judged(model, training.data());
      int threads = arguments.threads();
      Optional<Score> outOfFold =
          OutOfFold.score(model, training.data(), run.histories(), run.bestEpochs(), threads);
      Scores scores = new Scores(judged, outOfFold, null, threads).addTo(end);
      try {
        end.put("imbalance", judged.imbalance(judged.evaluate(arguments), scores.outOfFold()));
      } catch (Problem e) { // which the training met too
        end.put("imbalance", null);
      }
    }
    Json files = new Json();
    if (isEnd && run.outcome() != TrainingRun.Outcome.DIVERGED) {
      Model kept =
          Profile.keep(model, training.data())
              .withCoverage(RunCoverage.of(model, training.arguments));
      files.put(RunFiles.MODEL, FileDigest.sha256(kept::save));
    }
    files.put(RunFiles.STATISTICS, FileDigest.sha256(run.history()::save));
    files.put(RunFiles.LOG, record.text("files", RunFiles.LOG)); // it has times
    List<RunRecorder> recorders = members.stream().map(member -> member.recorder).toList();
    compareRecord(
        RunRecorder.json(recorders, training, run, end.values).put("files", files),
        run.history().epochs());
  }

  /**
   * Compares the record with the record of the repeated training; epochs are null at its beginning.
   */
  private void compareRecord(Json again, Integer epochs) throws IOException {
    RecordDifference first = records.compare(again, epochs == null);
    if (first != null) {
      differences.add(
          epochs,
          "%s %s, expected %s as in the run"
              .formatted(
                  first.name(),
                  RecordDifference.brief(first.again()),
                  RecordDifference.brief(first.recorded())));
    }
  }
}
