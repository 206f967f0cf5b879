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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@code verify}: trains again what a run has trained, and compares epoch by epoch. */
final class VerifyCommand implements Command, TrainingListener {
  /** Options on which no result depends: where things are, and what is said or kept meanwhile. */
  static final List<String> FREE =
      List.of("cache", "out", "force", "resume", "trust", "checkpoint-every", "verbose");

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
    limit = results.size();
    isWhole = true;
    if (arguments.has("epochs")) {
      limit = arguments.integer("epochs", 1, Integer.MAX_VALUE);
      isWhole = limit >= results.size();
      limit = Math.min(limit, results.size());
    }
    Training training = new Training(options(arguments), output, null, null);
    TrainerBuilder trainer = training.load().checkpointEvery(0).listener(this);
    requireOptions(training);
    List<String> lines = training.options();
    String initial = record.text("weights", "initial");
    if (initial != null) { // a checkpoint of an earlier version has none
      compare(null, "initial weights sha256", initial, training.initial().sha256());
    }
    TrainingRun run = null;
    if (difference == null) {
      bar = training.bar();
      try {
        run = training.run(trainer.build());
      } finally {
        if (bar != null) {
          bar.close();
        }
      }
    }
    if (isWhole && difference == null) {
      compareEnd(run, lines, training, arguments.threads());
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
        "verified: same weights, same metrics"
            + (isWhole ? "" : " in the first " + limit + " epochs"));
    output.event(event.put("epochs", limit).put("digests", digests).put("whole", isWhole));
  }

  /** The files of the run must be those that it wrote. */
  private void requireFiles() throws IOException {
    for (String name : record.object("files").keySet()) {
      Path file = directory.resolve(name);
      if (Files.notExists(file)) {
        throw Problem.failure(file + ": no such file, expected it as the run left it");
      }
      String found = FileDigest.one("", file).sha256();
      requireSame(file.toString(), found, record.text("files", name), "as the run left it");
    }
  }

  private void requireSame(String file, String found, String expected, String wayOut) {
    if (!found.equals(expected)) {
      throw Problem.failure(
          "%s: changed: sha256 %s, expected %s as %s says (%s)"
              .formatted(
                  file,
                  FileDigest.brief(found),
                  FileDigest.brief(expected),
                  record.file(),
                  wayOut));
    }
  }

  /** The options of the run, for files where they are now. */
  private Arguments options(Arguments arguments) throws IOException {
    List<String> lines = new ArrayList<>();
    Map<String, Object> given = record.object("given");
    given.putAll(places(arguments));
    given.forEach((name, value) -> lines.add(name + "=" + value));
    lines.add("trust="); // what it reads has the digests that it had
    List<String> words = new ArrayList<>(List.of("--progress=" + arguments.text("progress")));
    if (arguments.has("threads")) {
      words.add("--threads=" + arguments.text("threads"));
    }
    Arguments options = new Arguments(Usage.of("train"), words);
    options.restore(record.file(), lines, List.of());
    return options;
  }

  /** Where the files are that the run has read, by its options. */
  private Map<String, String> places(Arguments arguments) throws IOException {
    Map<String, String> places = new LinkedHashMap<>();
    for (RunRecord read : record.read()) {
      String option = read.text("option");
      String name = read.text("file");
      String sha256 = read.text("sha256");
      if (sha256 == null) {
        throw Problem.failure(
            "%s: no digest of %s (%s), expected one to verify by"
                .formatted(record.file(), name, read.text("problem")));
      }
      Path place = Path.of(name);
      if (arguments.has("data")) {
        Path data = arguments.path("data");
        // What was read beside the data may have gone with it.
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
    }
    return places;
  }

  /** Names the first of several files that is not as it was. */
  private void requireParts(Path place, FileDigest found, List<?> parts) {
    if (parts == null || found.parts().isEmpty()) {
      return;
    }
    Map<Object, FileDigest> now = new HashMap<>();
    found.parts().forEach(part -> now.put(part.name(), part));
    for (Object part : parts) {
      Map<?, ?> expected = (Map<?, ?>) part;
      FileDigest there = now.remove(expected.get("file"));
      String name = place + ": " + expected.get("file");
      if (there == null) {
        throw Problem.failure(name + ": no such file, expected it as " + record.file() + " says");
      }
      requireSame(name, there.sha256(), (String) expected.get("sha256"), "as it was");
    }
    for (Object more : now.keySet()) {
      throw Problem.failure(
          place + ": " + more + ": a file that the run did not read, expected the others only");
    }
  }

  /** Presets and defaults may be others in another version, which then trains something else. */
  private void requireOptions(Training training) throws IOException {
    Map<String, Object> expected = record.object("options");
    Map<String, Object> found = RunRecorder.json(training.used()).members;
    for (String name : FREE) {
      expected.remove(name);
      found.remove(name);
    }
    for (String name : RunRecorder.READ) {
      expected.remove(name);
      found.remove(name);
    }
    List<String> names = new ArrayList<>(expected.keySet());
    names.addAll(found.keySet());
    for (String name : names) {
      if (!Objects.equals(expected.get(name), found.get(name))) {
        throw Problem.failure(
            "%s: --%s was %s, is %s by this version of Lanewise, expected the same (version %s)"
                .formatted(
                    record.file(),
                    name,
                    expected.get(name),
                    found.get(name),
                    record.get(Object.class, "machine", "version")));
      }
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
      if (Double.compare(found[i], expected[i]) != 0) {
        differ(epoch, VALUES[i] + " " + found[i] + ", expected " + expected[i] + " as in the run");
      }
    }
    Object sha256 = weights.get(Integer.toString(epoch + 1));
    if (sha256 != null) {
      digests++;
      compare(epoch, "weights sha256", sha256, view.network().sha256());
    }
    return difference == null && !stops(epoch + 1, 0) && (isWhole || epoch + 1 < limit);
  }

  /** Whether the run was stopped there, after so many steps of an epoch. */
  private boolean stops(int epoch, long steps) {
    return isStopped && epoch == results.size() && steps == lastSteps;
  }

  private static double[] values(EpochResult r) {
    return new double[] {
      r.trainLoss(),
      r.trainAccuracy(),
      r.trainLossMean(),
      r.trainAccuracyMean(),
      r.validLoss(),
      r.validAccuracy()
    };
  }

  /** The first difference counts. */
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

  /** Compares what came out in the end. */
  private void compareEnd(TrainingRun run, List<String> lines, Training training, int threads)
      throws IOException {
    Integer epoch = run.history().epochs();
    compare(epoch, "an end by", record.text("outcome"), RunRecorder.outcome(run));
    compare(epoch, "epochs:", record.number("epochs", -1), run.history().epochs());
    compare(epoch, "best epoch", record.number("best_epoch", -1), run.bestEpoch());
    if (record.text("weights", "final") == null) {
      return;
    }
    compare(epoch, "final weights sha256", record.text("weights", "final"), run.model().sha256());
    Mlp model = Mlp.load(directory.resolve(RunFiles.MODEL));
    compare(epoch, "the model's sha256", model.digest(), run.model().withTraining(lines).digest());
    if (record.get(Map.class, "metrics", "train") != null) {
      Json scores = new Scores(run.model(), training.data(), threads, "", null).addTo(new Json());
      byte[] text = scores.toString().getBytes(StandardCharsets.UTF_8);
      compare(
          epoch, "metrics", record.get(Map.class, "metrics"), RunRecord.parsed(text, "metrics"));
    }
  }
}
