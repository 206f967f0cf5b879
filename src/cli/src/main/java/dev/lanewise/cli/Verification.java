package dev.lanewise.cli;

import dev.lanewise.files.FileDigest;
import dev.lanewise.files.RecordDifference;
import dev.lanewise.files.RunFiles;
import dev.lanewise.files.RunRecord;
import dev.lanewise.files.Subject;
import dev.lanewise.metrics.internal.OutOfFold;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.ProgressBar;
import dev.lanewise.terminal.Result;
import dev.lanewise.terminal.Role;
import dev.lanewise.terminal.TextValue;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import dev.lanewise.train.Score;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.trust.Profile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Repeats the training of a run, and compares epoch by epoch. */
public final class Verification {
  /**
   * Members of a record that may differ on another machine, at another time or on other threads.
   */
  private static final List<String> NOT_COMPARED =
      List.of(
          ("jar_sha256 machine kernels threads started ended seconds_of_epochs seconds_of_digests")
              .split(" "));

  private static final Map<String, Function<EpochResult, Double>> VALUES = new LinkedHashMap<>();

  static {
    VALUES.put("train loss", EpochResult::trainLoss);
    VALUES.put("train accuracy", EpochResult::trainScore);
    VALUES.put("mean train loss", EpochResult::trainLossMean);
    VALUES.put("mean train accuracy", EpochResult::trainScoreMean);
    VALUES.put("validation loss", EpochResult::validLoss);
    VALUES.put("validation accuracy", EpochResult::validScore);
  }

  private Path directory;
  private RunRecord record;
  private RestoredRun restored;
  private List<Json> data; // what the run has read
  private final List<Network> members = new ArrayList<>();
  private RunRecorder recorder; // of the training here
  private volatile String first; // the first difference in words; null: none yet
  private Integer epoch; // of the first difference; null before the first

  /** Verifies the run that the arguments name, and says what was compared. */
  public void run(Arguments arguments, Output output) throws IOException {
    directory = arguments.file(0);
    record = RunRecord.of(directory);
    record.requireOfThisVersion();
    restored = new RestoredRun(record);
    requireMembers();
    requireFiles();
    History history = History.load(directory.resolve(RunFiles.STATISTICS));
    data = restored.data(arguments);
    int networks = history.members().size();
    for (RunRecord of : record.networks(networks)) {
      members.add(new Network(of, history.members().get(members.size()).results()));
    }
    compare(trained(arguments, output), arguments);
    Result result = new Result("verified", output).put("run", directory).put("same", first == null);
    if (first != null) {
      result.put("epoch", epoch).put("difference", first).end();
      String differs = epoch == null ? "differs: " : "differs from epoch " + epoch + " on: ";
      throw Problem.failure(directory + ": " + differs + first);
    }
    say(result, history.epochs());
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

  /** Trains again until something differs, and compares. */
  private void compare(Training training, Arguments arguments) throws IOException {
    recorder = new RunRecorder(training, members, data);
    compareRecord(recorder.beginning(), null);
    for (Network member : members) {
      member.compare(training.initial(member.number));
    }
    if (first == null) {
      RecipeRun run;
      try (ProgressBar shown = training.bar()) {
        members.forEach(member -> member.bar = shown);
        run = training.run(m -> List.of(members.get(m)));
      }
      if (first == null) {
        compareEnd(run, training, arguments);
      }
    }
  }

  /** Prints what was compared, and what was not. */
  private void say(Result result, int epochs) {
    List<String> rest = notCompared();
    String listed = String.join(", ", rest).replaceAll("given\\.[^,]+, ", ""); // as options are
    result
        .note(
            "Compared {epochs} epochs: the metrics of each, the weights of {digests}",
            "epochs",
            epochs,
            "digests",
            members.stream().mapToInt(member -> member.digests).sum())
        .say("verified: same weights, same metrics")
        .say("Not compared: {not_compared}", "not_compared", new TextValue(rest, listed))
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
      record.requireSame(file, FileDigest.one("", file).sha256(), sha256, "as the run left it");
    }
  }

  /** Compares the final results, if the training reached its end. */
  private void compareEnd(RecipeRun run, Training training, Arguments arguments)
      throws IOException {
    Model model = run.model().withTraining(training.options());
    Result end = new Result(null, null); // says nothing
    String outcome = RunRecord.outcome(run.outcome());
    if (outcome.matches("completed|stopped_early")) {
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
    if (run.outcome() != TrainingRun.Outcome.DIVERGED) {
      Model kept =
          Profile.keep(model, training.data())
              .withCoverage(RunCoverage.of(model, training.arguments));
      files.put(RunFiles.MODEL, FileDigest.sha256(kept::save));
    }
    files.put(RunFiles.STATISTICS, FileDigest.sha256(run.history()::save));
    files.put(RunFiles.LOG, record.text("files", RunFiles.LOG)); // it has times
    compareRecord(recorder.json(run, end.values).put("files", files), run.history().epochs());
  }

  /** Refuses a record without the members that are not compared, which every run records. */
  private void requireMembers() {
    for (String name : NOT_COMPARED) {
      if (record.members().get(name) == null) {
        throw Problem.failure(
            "%s: no %s, expected a member that train records (it is not compared)",
            record.file(), name);
      }
    }
  }

  /** Returns the names of everything that is not compared. */
  private static List<String> notCompared() {
    List<String> names = new ArrayList<>(NOT_COMPARED);
    for (String option : Role.options(Role::isFree)) {
      names.add("given." + option);
      names.add("options." + option);
    }
    names.add("options that were given as they are by default");
    names.add("which epochs weights.after_epochs and norms have");
    names.addAll(
        List.of("the text of " + RunFiles.LOG, RunFiles.REPORT, "pictures", "checkpoints"));
    return names;
  }

  /**
   * Compares the record with the record of the repeated training.
   *
   * @param epochs null at the beginning, where this record has what is known before the first step
   * @throws Problem if one of the records lacks a member, or an option has another value
   */
  private void compareRecord(Json again, Integer epochs) throws IOException {
    byte[] text = again.toString().getBytes(StandardCharsets.UTF_8);
    RunRecord other = new RunRecord(record.file(), Map.of("", RunRecord.parsed(text, "")));
    Map<String, Object> found = compared(new RunRecord(record.file(), other.object("")));
    Map<String, Object> expected = compared(record);
    if (epochs == null) {
      expected.keySet().retainAll(found.keySet());
    }
    RecordDifference different = RecordDifference.of("", expected, found);
    String name = different == null ? "" : different.name();
    if (name.startsWith("options.")) { // another version may have other presets and defaults
      throw Problem.failure(
          "%s: --%s was %s, and is %s in this version of Lanewise, expected the same value"
              + " (version %s)",
          record.file(),
          name.substring(name.indexOf('.') + 1),
          different.recorded(),
          different.again(),
          record.get(Object.class, "machine", "version"));
    } else if (different != null && different.isMissing()) {
      throw different.missing(record.file());
    } else if (different != null) {
      differ(epochs, name, different.recorded(), different.again());
    }
  }

  /** Returns the members of a record that are compared. */
  private Map<String, Object> compared(RunRecord of) throws IOException {
    Map<String, Object> members = of.object();
    members.keySet().removeAll(NOT_COMPARED);
    members.remove("sha256"); // it was compared when the record was read
    for (String options : List.of("given", "options")) {
      Map<String, Object> compared = of.object(options);
      compared.keySet().removeIf(option -> !Role.isCompared(option)); // or by RestoredRun
      members.put(options, compared);
    }
    return members;
  }

  private void differ(Integer where, String what, Object expected, Object found) {
    String text = what + " " + RecordDifference.brief(found);
    differ(where, text + ", expected " + RecordDifference.brief(expected) + " as in the run");
  }

  /** Keeps the first difference, whichever network has it. */
  private synchronized void differ(Integer where, String what) {
    if (first == null) {
      first = what;
      epoch = where;
    }
  }

  /** Compares the training of a network, epoch by epoch, with the same network in the run. */
  private final class Network extends NetworkRecorder {
    private final int number = members.size(); // from 0
    private final RunRecord of; // its part of the record
    private final List<EpochResult> results; // results of the epochs of the run
    private final Map<String, Object> weights; // digests of the weights after numbers of epochs
    private final boolean isStopped;
    private final int lastSteps; // steps in the epoch in which the run was stopped
    private ProgressBar bar; // or null
    private int digests; // number of digests of weights that were compared

    Network(RunRecord of, List<EpochResult> results) throws IOException {
      super(epochsOfDigests(of, results.size()));
      this.of = of;
      this.results = results;
      weights = of.object("weights", "after_epochs");
      isStopped = "stopped".equals(of.text("outcome"));
      lastSteps = of.number("steps", -1);
    }

    /** Compares the network before the first step. */
    void compare(Mlp network) throws IOException {
      begin(network);
      String initial = of.text("weights", "initial");
      if (initial != null) { // otherwise the comparison of the records finds it
        compare(null, "initial weights sha256", initial, weights(0));
      }
    }

    /** Returns the epochs after which the run recorded digests or norms. */
    private static Set<Integer> epochsOfDigests(RunRecord of, int most) throws IOException {
      Set<Integer> epochs = new HashSet<>();
      Set<String> names = new LinkedHashSet<>(of.object("weights", "after_epochs").keySet());
      names.addAll(of.object("norms").keySet());
      for (String name : names) {
        int after = Arguments.integer(name);
        if (after < 1 || after > most || !name.equals(Integer.toString(after))) {
          throw Problem.failure(
              "%s: weights.after_epochs or norms of '%s', expected numbers of epochs from 1 to %s",
              of.file(), name, most);
        }
        epochs.add(after);
      }
      return epochs;
    }

    @Override
    public boolean onStep(StepResult result) {
      super.onStep(result);
      if (bar != null) {
        bar.show(result, number);
      }
      return !stops(result.epoch(), result.step() + 1);
    }

    @Override
    public boolean onEpoch(EpochResult result) {
      int at = result.epoch();
      if (bar != null) {
        bar.show(result, number);
      }
      if (at >= results.size()) {
        differ(at, "an epoch more than the run has");
        return false;
      }
      VALUES.forEach(
          (name, value) -> compare(at, name, value.apply(results.get(at)), value.apply(result)));
      Object sha256 = weights.get(Integer.toString(at + 1));
      if (sha256 != null) {
        digests++;
        compare(at, "weights sha256", sha256, weights(at + 1));
      }
      return first == null && !stops(at + 1, 0);
    }

    /** Returns whether the run was stopped after these steps of an epoch. */
    private boolean stops(int epoch, long steps) {
      return isStopped && epoch == results.size() && steps == lastSteps;
    }

    /** Compares values, and names the network if there are several. */
    private void compare(Integer at, String what, Object expected, Object found) {
      if (!Objects.equals(expected, found)) {
        String name = members.size() == 1 ? what : "members[" + number + "] " + what;
        differ(at, name, expected, found);
      }
    }
  }
}
