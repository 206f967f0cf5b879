package dev.lanewise.cli;

import dev.lanewise.nn.Mlp;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.EpochView;
import dev.lanewise.train.History;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.TrainerBuilder;
import dev.lanewise.train.TrainingListener;
import dev.lanewise.train.TrainingRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** {@code verify}: repeats the training of a run, and compares epoch by epoch. */
final class VerifyCommand implements Command, TrainingListener {
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

  private static final String[] VALUES = {
    "train loss",
    "train accuracy",
    "mean train loss",
    "mean train accuracy",
    "validation loss",
    "validation accuracy"
  };

  private Path directory;
  private RunRecord record;
  private List<EpochResult> results; // of the run
  private Map<String, Object> weights; // their digests after so many epochs
  private final Map<String, String> places = new LinkedHashMap<>(); // of what was read, by options
  private final Map<String, String> names = new LinkedHashMap<>(); // the same when it was read
  private RunRecorder recorder; // of the training here
  private boolean isStopped;
  private int lastSteps; // of the epoch in which it was stopped
  private int limit; // how many epochs are compared
  private boolean isWhole;
  private int digests; // of weights that were compared
  private ProgressBar bar;
  private String difference;
  private Integer differs; // the epoch

  @Override
  public void run(Arguments arguments, Output output, Interruption interruption)
      throws IOException {
    directory = arguments.file(0);
    record = RunRecord.of(directory);
    requireFiles();
    results = History.load(directory.resolve(RunFiles.STATISTICS)).results();
    weights = record.object("weights", "after_epochs");
    isStopped = "stopped".equals(record.text("outcome"));
    lastSteps = record.number("steps", -1);
    int most = Integer.MAX_VALUE;
    int asked = arguments.has("epochs") ? arguments.integer("epochs", 1, most) : most;
    limit = Math.min(asked, results.size());
    isWhole = asked >= results.size();
    recorder = new RunRecorder(epochsOfDigests(), data(arguments));
    Training training;
    TrainerBuilder trainer;
    try {
      training = new Training(options(arguments), output, null, null);
      trainer = training.load().checkpointEvery(0).listener(recorder).listener(this);
    } catch (Problem e) { // the options come from the record
      String place = record.file() + ": ";
      throw Problem.failure((e.getMessage().startsWith(place) ? "" : place) + e.getMessage());
    }
    List<String> lines = training.options();
    recorder.begin(training.initial());
    compareRecord(recorder.beginning(training), true);
    String initial = record.text("weights", "initial");
    if (initial != null) { // otherwise the comparison of the records finds it
      compare(null, "initial weights sha256", initial, training.initial().sha256());
    }
    TrainingRun run = null;
    if (difference == null) {
      try (ProgressBar shown = training.bar()) {
        bar = shown;
        run = training.run(trainer.build());
      }
    }
    if (difference == null) {
      compareEnd(run, lines, training, arguments);
    }
    Json event = Json.event("verified").put("run", directory).put("same", difference == null);
    if (difference != null) {
      output.event(event.put("epoch", differs).put("difference", difference));
      String first = differs == null ? "differs: " : "differs from epoch " + differs + " on: ";
      throw Problem.failure(directory + ": " + first + difference);
    }
    output.note(
        "Compared %s epochs: the metrics of each, the weights of %s".formatted(limit, digests));
    output.result(
        "verified: same weights, same metrics%s",
        isWhole ? "" : " in the first " + limit + " epochs");
    String rest = String.join(", ", notCompared());
    output.result("Not compared: " + rest.replaceAll("given\\.[^,]+, ", "")); // as options are
    output.event(
        event
            .put("epochs", limit)
            .put("digests", digests)
            .put("whole", isWhole)
            .put("not_compared", notCompared()));
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
      requireSame(file.toString(), FileDigest.one("", file).sha256(), sha256, "as the run left it");
    }
  }

  /** Returns the epochs after which the run recorded digests or norms. */
  private Set<Integer> epochsOfDigests() throws IOException {
    Set<Integer> epochs = new HashSet<>();
    Set<String> names = new LinkedHashSet<>(weights.keySet());
    names.addAll(record.object("norms").keySet());
    for (String name : names) {
      int after = Arguments.integer(name);
      if (after < 1 || after > results.size() || !name.equals(Integer.toString(after))) {
        throw Problem.failure(
            "%s: weights.after_epochs or norms of '%s', expected numbers of epochs from 1 to %s",
            record.file(), name, results.size());
      }
      epochs.add(after);
    }
    return epochs;
  }

  private void requireSame(String file, String found, String expected, String wayOut) {
    if (!found.equals(expected)) {
      throw Problem.failure(
          "%s: changed: sha256 %s, expected %s as %s says (%s)",
          file, FileDigest.brief(found), FileDigest.brief(expected), record.file(), wayOut);
    }
  }

  /** Returns the options of the run with the current places of its files. */
  private Arguments options(Arguments arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of("--progress=" + arguments.text("progress")));
    if (arguments.has("threads")) {
      words.add("--threads=" + arguments.text("threads"));
    }
    Map<String, Object> given = record.object("given");
    requireNames(restored(given, words));
    given.keySet().removeAll(FREE);
    given.putAll(places);
    given.put("trust", ""); // the digests of its files are compared instead
    return restored(given, words);
  }

  private Arguments restored(Map<String, Object> given, List<String> words) {
    List<String> lines = new ArrayList<>();
    given.forEach((name, value) -> lines.add(name + "=" + value));
    Arguments options = new Arguments(Usage.of("train"), words);
    options.restore(record.file(), lines, List.of());
    return options;
  }

  /** Refuses options that name files without digests. */
  private void requireNames(Arguments options) throws IOException {
    for (String option : RunRecorder.READ) {
      String expected = names.get(option);
      for (String found : Arrays.asList(options.text(option), record.text("options", option))) {
        if (!Objects.equals(expected, found)) {
          throw Problem.failure(
              "%s: data has %s of --%s, expected %s as the options say",
              record.file(), expected, option, found);
        }
      }
    }
  }

  /** Returns the files that the run has read, at their current places. */
  private List<Json> data(Arguments arguments) throws IOException {
    List<Json> all = new ArrayList<>();
    for (RunRecord read : record.read()) {
      String option = read.text("option");
      String name = read.text("file");
      String sha256 = read.text("sha256");
      if (!RunRecorder.READ.contains(option) || names.put(option, name) != null) {
        throw Problem.failure(
            "%s: data of option %s, expected each of %s once at most",
            record.file(), option, String.join(", ", RunRecorder.READ));
      }
      if (sha256 == null) {
        throw Problem.failure(
            "%s: no sha256 of %s (%s), expected one to verify by",
            record.file(), name, read.text("problem"));
      }
      Path place = Path.of(name);
      if (arguments.has("data")) {
        Path data = arguments.path("data");
        // Files next to the data may have moved with it.
        Path beside = data.resolveSibling(place.getFileName());
        boolean gone = Files.notExists(place) && Files.exists(beside);
        place = option.equals("data") ? data : gone ? beside : place;
      }
      String way =
          option.equals("data")
              ? "--data FILE says where the data is"
              : "of --" + option + ", which may also be beside --data FILE";
      if (Files.notExists(place) && place.toString().indexOf('*') < 0) {
        throw Problem.failure(
            "%s: no such file, expected what the run has read (%s)".formatted(place, way));
      }
      FileDigest found = RunRecorder.read(option, place);
      if (!found.sha256().equals(sha256)) {
        requireParts(place, found, read.get(List.class, "files"));
        requireSame(place.toString(), found.sha256(), sha256, way);
      }
      places.put(option, place.toString());
      Json same = new Json().put("option", option);
      same.members.putAll(found.json().put("file", name).members);
      all.add(same);
    }
    return all;
  }

  /** Names the first of several files that has changed. */
  private void requireParts(Path place, FileDigest found, List<?> parts) {
    if (parts == null || found.parts().isEmpty()) {
      return;
    }
    Map<Object, FileDigest> now = new HashMap<>();
    found.parts().forEach(part -> now.put(part.name(), part));
    for (Object part : parts) {
      Map<?, ?> expected = part instanceof Map<?, ?> map ? map : Map.of();
      FileDigest there = now.remove(expected.get("file"));
      String name = place + ": " + expected.get("file");
      if (there == null) {
        throw Problem.failure(name + ": no such file, expected it as " + record.file() + " says");
      }
      requireSame(name, there.sha256(), "" + expected.get("sha256"), "as it was");
    }
    for (Object more : now.keySet()) {
      throw Problem.failure(
          place + ": " + more + ": a file that the run did not read, expected the others only");
    }
  }

  @Override
  public boolean onStep(StepResult result) {
    if (bar != null) {
      bar.show(result);
    }
    return !stops(result.epoch(), result.step() + 1);
  }

  @Override
  public boolean onEpoch(EpochResult result) {
    return true;
  }

  @Override
  public boolean onEpoch(EpochResult result, EpochView view) {
    int epoch = result.epoch();
    if (epoch >= results.size()) {
      differ(epoch, "an epoch more than the run has");
      return false;
    }
    double[] found = values(result);
    double[] expected = values(results.get(epoch));
    for (int i = 0; i < found.length; i++) {
      compare(epoch, VALUES[i], expected[i], found[i]);
    }
    Object sha256 = weights.get(Integer.toString(epoch + 1));
    if (sha256 != null) {
      digests++;
      compare(epoch, "weights sha256", sha256, recorder.weights(epoch + 1));
    }
    return difference == null && !stops(epoch + 1, 0) && (isWhole || epoch + 1 < limit);
  }

  /** Returns whether the run was stopped after these steps of an epoch. */
  private boolean stops(int epoch, long steps) {
    return isStopped && epoch == results.size() && steps == lastSteps;
  }

  private static double[] values(EpochResult r) {
    return new double[] {
      r.trainLoss(),
      r.trainScore(),
      r.trainLossMean(),
      r.trainScoreMean(),
      r.validLoss(),
      r.validScore()
    };
  }

  /** Records the first difference. */
  private void differ(Integer epoch, String what) {
    if (difference == null) {
      difference = what;
      differs = epoch;
    }
  }

  private void compare(Integer epoch, String what, Object expected, Object found) {
    if (!Objects.equals(expected, found)) {
      differ(epoch, what + " " + found + ", expected " + expected + " as in the run");
    }
  }

  /** Compares the final results, if the training reached its end. */
  private void compareEnd(
      TrainingRun run, List<String> lines, Training training, Arguments arguments)
      throws IOException {
    Json end = new Json();
    String outcome = RunRecorder.outcome(run);
    if (isWhole && outcome.matches("completed|stopped_early")) {
      end = new Scores(run.model(), training.data(), arguments.threads(), "", null).addTo(end);
      Subject judged = Subject.judged(run.model(), training.data());
      try {
        end.put("imbalance", judged.imbalance(judged.evaluate(arguments)));
      } catch (Problem e) { // which the training met too
        end.put("imbalance", null);
      }
    }
    Json files = new Json();
    if (isWhole && run.outcome() != TrainingRun.Outcome.DIVERGED) {
      Mlp model = run.model().withTraining(lines);
      files.put(RunFiles.MODEL, FileDigest.sha256(model::save));
    }
    files.put(RunFiles.STATISTICS, FileDigest.sha256(run.history()::save));
    files.put(RunFiles.LOG, record.text("files", RunFiles.LOG)); // it has times
    differs = run.history().epochs();
    compareRecord(recorder.json(arguments, training, run, end).put("files", files), false);
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
  private static String brief(Object value) {
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
    if (!isWhole && members.containsKey("norms")) {
      Map<String, Object> compared = of.object("weights");
      compared.remove("final");
      compared.put("after_epochs", first(of.object("weights", "after_epochs")));
      members.put("weights", compared);
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
