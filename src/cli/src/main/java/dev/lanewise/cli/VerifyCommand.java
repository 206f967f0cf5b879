package dev.lanewise.cli;

import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Model;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import dev.lanewise.train.RecipeRun;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@code verify}: repeats the training of a run, and compares epoch by epoch. */
final class VerifyCommand implements Command {
  /** Options that do not affect results, such as places of files; a time has set the epochs. */
  static final List<String> FREE =
      List.of("cache", "out", "force", "resume", "trust", "checkpoint-every", "verbose", "time");

  /**
   * Members of a record that may differ on another machine, at another time or on other threads.
   */
  static final List<String> NOT_COMPARED =
      List.of(
          "jar_sha256",
          "machine",
          "kernels",
          "threads",
          "started",
          "ended",
          "seconds_of_epochs",
          "seconds_of_digests");

  /** Maximum characters of a value in a message. */
  private static final int MOST_SHOWN = 80;

  private static final List<String> OF_THE_END =
      List.of("outcome", "epochs", "steps", "best_epoch", "metrics", "weights.final", "files");

  private Path directory;
  private RunRecord record;
  private RestoredRun restored;
  final List<VerifiedNetwork> members = new ArrayList<>(); // one per network
  int limit; // how many epochs are compared
  boolean isWhole;
  ProgressBar bar;
  volatile String difference;
  private Integer differs; // the epoch

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    open(arguments.file(0));
    History history = History.load(directory.resolve(RunFiles.STATISTICS));
    int most = Integer.MAX_VALUE;
    int asked = arguments.has("epochs") ? arguments.integer("epochs", 1, most) : most;
    limit = Math.min(asked, history.epochs());
    isWhole = asked >= history.epochs();
    List<Json> data = restored.data(arguments);
    for (RunRecord of : record.networks(history.members().size())) {
      List<EpochResult> results = history.members().get(members.size()).results();
      members.add(new VerifiedNetwork(this, of, results, data));
    }
    SpotCheck spots = null;
    if (arguments.has(SpotCheck.SAMPLE)) {
      spots = new SpotCheck(this, directory, record, arguments);
    } else {
      arguments.refuse("works with --sample only", "seed");
    }
    Training training;
    try {
      training = new Training(restored.options(arguments), output, null, List.of());
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
    } catch (Problem e) { // the options come from the record
      String place = record.file() + ": ";
      throw Problem.failure((e.getMessage().startsWith(place) ? "" : place) + e.getMessage());
    }
    List<String> lines = training.options();
    compareRecord(members.get(0).recorder.beginning(training), true);
    for (int m = 0; m < members.size(); m++) {
      members.get(m).begin(training.initial(m).sha256());
      members.get(m).recorder.begin(training.initial(m));
    }
    RecipeRun run = null;
    if (difference == null && spots != null) {
      spots.run(training, record);
    } else if (difference == null) {
      try (ProgressBar shown = training.bar()) {
        bar = shown;
        run = training.run(m -> List.of(members.get(m).recorder, members.get(m)));
      }
    }
    if (difference == null && spots == null) {
      compareEnd(run, lines, training, arguments);
    }
    Json event = Json.event("verified").put("run", directory).put("same", difference == null);
    if (difference != null) {
      output.event(event.put("epoch", differs).put("difference", difference));
      String first = differs == null ? "differs: " : "differs from epoch " + differs + " on: ";
      throw Problem.failure(directory + ": " + first + difference);
    }
    if (spots != null) {
      output.note(spots.describe());
      output.result("verified: same states in these links, same model, same statistics");
      output.result(
          "Not compared: other links, metrics in run.json, machine, times, log, report, pictures");
      output.event(spots.json(event));
      return;
    }
    output.note(
        "Compared %s epochs: the metrics of each, the weights of %s%s"
            .formatted(
                limit,
                digests(),
                members.get(0).states == null ? "" : ", everything that --resume needs of each"));
    output.result(
        "verified: same weights, same metrics%s",
        isWhole ? "" : " in the first " + limit + " epochs");
    String rest = String.join(", ", notCompared());
    output.result("Not compared: " + rest.replaceAll("given\\.[^,]+, ", "")); // as options are
    output.event(
        event
            .put("epochs", limit)
            .put("digests", digests())
            .put("whole", isWhole)
            .put("not_compared", notCompared()));
  }

  /** Reads the record of a run, and refuses files that differ from those that the run wrote. */
  RunRecord open(Path run) throws IOException {
    directory = run;
    record = RunRecord.of(directory);
    restored = new RestoredRun(record);
    requireFiles();
    return record;
  }

  /** Returns the names of everything that is not compared. */
  private List<String> notCompared() {
    List<String> names = new ArrayList<>(NOT_COMPARED);
    names.addAll(isWhole ? List.of() : OF_THE_END);
    for (String option : FREE) {
      names.add("given." + option);
      names.add("options." + option);
    }
    names.add("options that were given as they are by default");
    if (!isWhole) {
      names.add("later epochs");
    }
    names.addAll(
        List.of("the text of " + RunFiles.LOG, RunFiles.REPORT, "pictures", "checkpoints"));
    return names;
  }

  /** Refuses files of the run that differ from those that it wrote. */
  private void requireFiles() throws IOException {
    boolean diverged = "diverged".equals(record.text("outcome"));
    for (String name : RunFiles.DIGESTED) {
      Path file = directory.resolve(name);
      String sha256 = record.text("files", name);
      boolean exists = Files.exists(file);
      if (diverged && name.equals(RunFiles.MODEL)) {
        if (exists) {
          throw Problem.failure(file + ": a model, expected none as the run diverged");
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
        throw Problem.failure(file + ": no such file, expected it as the run left it");
      }
      restored.requireSame(
          file.toString(), FileDigest.one("", file).sha256(), sha256, "as the run left it");
    }
  }

  /** Returns the number of digests of weights that were compared. */
  private int digests() {
    return members.stream().mapToInt(member -> member.digests).sum();
  }

  /** Records the first difference. */
  synchronized void differ(Integer epoch, String what) {
    if (difference == null) {
      difference = what;
      differs = epoch;
    }
  }

  void compare(Integer epoch, String what, Object expected, Object found) {
    if (!Objects.equals(expected, found)) {
      differ(epoch, what + " " + found + ", expected " + expected + " as in the run");
    }
  }

  /** Compares the final results, if the training reached its end. */
  private void compareEnd(RecipeRun run, List<String> lines, Training training, Arguments arguments)
      throws IOException {
    Model model = run.model().withTraining(lines);
    Json end = new Json();
    String outcome = RunRecorder.outcome(run.outcome());
    if (isWhole && outcome.matches("completed|stopped_early")) {
      Scores scores = new Scores(model, training.data(), arguments.threads(), "", null);
      end = scores.addTo(end);
      Subject judged = Subject.judged(run.model(), training.data());
      try {
        end.put("imbalance", judged.imbalance(judged.evaluate(arguments)));
      } catch (Problem e) { // which the training met too
        end.put("imbalance", null);
      }
    }
    Json files = new Json();
    if (isWhole && run.outcome() != TrainingRun.Outcome.DIVERGED) {
      Model kept = TrainCommand.repeated(model, training);
      files.put(RunFiles.MODEL, FileDigest.sha256(kept::save));
    }
    files.put(RunFiles.STATISTICS, FileDigest.sha256(run.history()::save));
    files.put(RunFiles.LOG, record.text("files", RunFiles.LOG)); // it has times
    differs = run.history().epochs();
    List<RunRecorder> recorders = members.stream().map(member -> member.recorder).toList();
    compareRecord(
        RunRecorder.json(recorders, arguments, training, run, end).put("files", files), false);
  }

  /** Compares the record with that of the repeated training. */
  private void compareRecord(Json again, boolean isBeginning) throws IOException {
    byte[] text = again.toString().getBytes(StandardCharsets.UTF_8);
    RunRecord other = new RunRecord(record.file(), Map.of("", RunRecord.parsed(text, "")));
    Map<String, Object> found = compared(new RunRecord(record.file(), other.object("")));
    Map<String, Object> expected = compared(record);
    if (isBeginning) {
      expected.keySet().retainAll(found.keySet());
    }
    RecordDifference first = RecordDifference.of("", expected, found);
    if (first == null) {
      return;
    }
    String name = first.name();
    if (name.startsWith("options.")) { // another version may have other presets and defaults
      throw Problem.failure(
          "%s: --%s was %s, is %s by this version of Lanewise, expected the same (version %s)",
          record.file(),
          name.substring(name.indexOf('.') + 1),
          first.recorded(),
          first.again(),
          record.get(Object.class, "machine", "version"));
    } else if (first.isMissing()) {
      throw Problem.failure(
          first.again() == null
              ? "%s: %s is %s, expected nothing of that name"
                  .formatted(record.file(), name, brief(first.recorded()))
              : "%s: no %s, expected %s as train records it"
                  .formatted(record.file(), name, brief(first.again())));
    }
    differ(
        differs,
        "%s %s, expected %s as in the run"
            .formatted(name, brief(first.again()), brief(first.recorded())));
  }

  /** Shortens a value for a message. */
  static String brief(Object value) {
    String text = String.valueOf(value);
    return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
  }

  /** Returns the members of a record that are compared. */
  private Map<String, Object> compared(RunRecord of) throws IOException {
    Map<String, Object> members = of.object();
    members.keySet().removeAll(NOT_COMPARED);
    members.remove("sha256"); // it was compared when the record was read
    for (String options : List.of("given", "options")) {
      Map<String, Object> compared = of.object(options);
      compared.keySet().removeAll(FREE);
      compared.keySet().removeAll(RunRecorder.READ); // by requireNames
      members.put(options, compared);
    }
    if (!isWhole) {
      members.keySet().removeAll(OF_THE_END);
    }
    if (!isWhole && members.containsKey("members")) {
      List<Map<String, Object>> networks = new ArrayList<>();
      for (RunRecord network : of.networks(this.members.size())) {
        networks.add(begun(network, network.object()));
      }
      members.put("members", networks);
      members.remove("weights");
      return members;
    }
    return isWhole ? members : begun(of, members);
  }

  /** Returns the members of a record of one network that are known after some epochs. */
  private Map<String, Object> begun(RunRecord of, Map<String, Object> members)
      throws FormatException {
    members.keySet().removeAll(OF_THE_END);
    if (members.containsKey("norms")) {
      Map<String, Object> compared = of.object("weights");
      compared.remove("final");
      compared.put("after_epochs", first(of.object("weights", "after_epochs")));
      members.put("weights", compared);
      List<?> states = of.get(List.class, "states");
      if (states != null) {
        members.put("states", states.subList(0, Math.min(limit, states.size())));
      }
      members.put("norms", first(of.object("norms")));
    }
    return members;
  }

  /** Returns the figures of the compared epochs. */
  private Map<String, Object> first(Map<String, Object> byEpoch) {
    byEpoch.keySet().removeIf(epoch -> Arguments.integer(epoch) > limit);
    return byEpoch;
  }
}
