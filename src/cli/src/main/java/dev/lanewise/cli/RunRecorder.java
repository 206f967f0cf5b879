package dev.lanewise.cli;

import dev.lanewise.files.FileDigest;
import dev.lanewise.files.Machine;
import dev.lanewise.files.RunFiles;
import dev.lanewise.files.RunRecord;
import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.report.TrainingCurves;
import dev.lanewise.rows.Schema;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Role;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.EpochView;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.TrainingListener;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Gathers the record of a run. Digests of the weights are computed before the first step, and at
 * intervals that make them a small share of the time; the clock decides after which epochs. A
 * training that repeats a run computes them after the same epochs.
 */
public final class RunRecorder implements TrainingListener {
  private static final double SHARE = 0.01;
  private static final int MOST = 256;

  private final Instant started = Instant.now();
  private Instant last = started; // end of an epoch
  // digests of the weights after these numbers of epochs
  private final Map<Integer, String> weights = new TreeMap<>();
  final Map<Integer, double[]> norms = new TreeMap<>(); // norms of weights, then of gradients
  private final List<Json> data = new ArrayList<>();
  private String jar;
  private FileTask reading;
  private int epoch;
  private long steps; // steps of that epoch
  private int stride = 1;
  private double trained; // seconds
  private double spent;
  private final Set<Integer> repeated; // epochs after which digests are taken; null: by the clock

  RunRecorder() {
    repeated = null;
  }

  /**
   * Makes the recorder of a repeated run.
   *
   * @param epochs numbers of epochs after which digests are computed, besides the first
   * @param data the files that were read, as in the record of the run
   */
  public RunRecorder(Set<Integer> epochs, List<Json> data) {
    repeated = epochs;
    this.data.addAll(data);
  }

  /** Restores the digests from the notes of a checkpoint. */
  void resume(Checkpoint checkpoint) {
    epoch = checkpoint.epoch();
    steps = checkpoint.step();
    for (String note : checkpoint.notes()) {
      if (EarlierNetwork.isDigest(note)) {
        String[] words = note.split(" ");
        int epochs = Arguments.integer(words[1]);
        weights.put(epochs, words[2]);
        if (words.length > 3) {
          norms.put(epochs, Arrays.stream(words).skip(3).mapToDouble(Arguments::number).toArray());
        }
      }
    }
  }

  /** Returns the digests as notes of a checkpoint. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    weights.forEach(
        (epochs, sha256) -> {
          StringBuilder note =
              new StringBuilder(EarlierNetwork.WEIGHTS).append(epochs).append(' ').append(sha256);
          for (double norm : norms.getOrDefault(epochs, new double[0])) {
            note.append(' ').append(norm);
          }
          notes.add(note.toString());
        });
    return notes;
  }

  /** Records the digest of the network before the first step. */
  public void begin(Mlp initial) {
    weights.put(0, initial.sha256());
  }

  /** Computes the digests of the files that were read, during the training. */
  void readAgain(Arguments arguments) {
    reading =
        new FileTask(
            () -> {
              for (String option : Role.READ) {
                if (arguments.text(option) != null) {
                  data.add(digest(option, arguments.path(option)));
                }
              }
              jar = jar();
              return null;
            });
  }

  /**
   * Records the problem of a file that no longer exists: the run goes on, but cannot be verified.
   */
  private static Json digest(String option, Path file) {
    Json named = new Json().put("option", option);
    try {
      named.put(FileDigest.of(option, file).json());
    } catch (IOException e) {
      named.put("file", file).put("problem", RunFiles.reason(e));
    }
    return named;
  }

  /** Returns the digest of the running jar, or the reason why there is none. */
  private static String jar() throws IOException {
    try {
      Path place =
          Path.of(RunRecorder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isRegularFile(place) ? FileDigest.one("", place).sha256() : "classes";
    } catch (URISyntaxException | RuntimeException e) { // a runtime image has no such file
      return "classes";
    }
  }

  @Override
  public boolean onStep(StepResult result) {
    epoch = result.epoch();
    steps = result.step() + 1;
    return true;
  }

  @Override
  public boolean onEpoch(EpochResult result) {
    return true;
  }

  @Override
  public boolean onEpoch(EpochResult result, EpochView view) {
    trained += result.seconds();
    last = Instant.now();
    int epochs = result.epoch() + 1;
    boolean isDue =
        repeated == null
            ? epochs % stride == 0 && spent <= SHARE * trained
            : repeated.contains(epochs);
    if (epochs == 1 || isDue) {
      long start = System.nanoTime();
      weights.put(epochs, view.network().sha256());
      double[] all = view.weightNorms();
      int layers = all.length;
      all = Arrays.copyOf(all, 2 * layers);
      System.arraycopy(view.gradientNorms(), 0, all, layers, layers);
      norms.put(epochs, all);
      spent += (System.nanoTime() - start) * 1e-9;
      while (repeated == null && weights.size() > MOST) {
        stride *= 2;
        weights.keySet().removeIf(e -> e > 1 && e % stride != 0);
        norms.keySet().retainAll(weights.keySet());
      }
    }
    return true;
  }

  /** Returns the digest after a number of epochs; null if there is none. */
  public String weights(int epochs) {
    return weights.get(epochs);
  }

  /** Returns the part of the record that is known before the first step. */
  public Json beginning(Training training) {
    return new Json()
        .put("given", RunRecord.options(training.given()))
        .put("options", RunRecord.options(training.used()))
        .put("data", data)
        .put("schema_sha256", Schema.of(training.data()).map(s -> s.digest()).orElse(null));
  }

  /** Adds how the training of this recorder's network went. */
  private void put(TrainingRun run, int rows, Json record) {
    int epochs = run.history().epochs();
    record
        .put("outcome", RunRecord.outcome(run.outcome()))
        .put("train_rows", rows)
        .put("epochs", epochs)
        .put("steps", epoch == epochs ? steps : 0) // of the epoch after these
        .put("best_epoch", run.bestEpoch() < 0 ? null : run.bestEpoch());
  }

  /** Adds the digests and norms of this recorder's network. */
  private void putWeights(TrainingRun run, Json record) {
    boolean diverged = run.outcome() == Outcome.DIVERGED;
    int epochs = run.history().epochs();
    if (diverged && epochs > 0) { // NaN has different bits on different machines
      weights.remove(epochs);
    }
    Json after = new Json();
    weights.forEach((e, sha256) -> after.put(e.toString(), sha256));
    Json lengths = new Json();
    norms.forEach((e, n) -> lengths.put(e.toString(), n));
    record
        .put(
            "weights",
            new Json()
                .put("initial", after.members.remove("0"))
                .put("after_epochs", after)
                .put("final", diverged ? null : run.model().sha256()))
        .put("norms", lengths); // norms of each layer's weights, then of each layer's gradients
  }

  /**
   * Returns the record of the run.
   *
   * @param recorders one per network
   * @param end the last event
   */
  public static Json json(List<RunRecorder> recorders, Training training, RecipeRun run, Json end)
      throws IOException {
    RunRecorder first = recorders.get(0);
    if (first.reading != null) {
      first.reading.await();
    }
    List<TrainingRun> runs = run.members();
    boolean isOne = runs.size() == 1;
    Json metrics = new Json();
    for (String split : List.of("train", "valid", "test")) {
      metrics.put(split, end.members.get(split));
    }
    for (String more : List.of("validation", "imbalance")) {
      if (end.members.get(more) != null) {
        metrics.put(more, end.members.get(more));
      }
    }
    Json machine = Machine.facts(new Json(), training.arguments);
    Json record = new Json();
    record.put("format", RunRecord.OF_RUN);
    if (isOne) {
      first.put(runs.get(0), training.rows(0).train().rows(), record);
    } else {
      record.put("outcome", RunRecord.outcome(run.outcome())).put("epochs", run.history().epochs());
    }
    record.put("loss", TrainingCurves.measure(run.model())).put("metrics", metrics);
    record.put(first.beginning(training));
    if (isOne) {
      first.putWeights(runs.get(0), record);
    } else {
      boolean diverged = run.outcome() == Outcome.DIVERGED;
      record.put("weights", new Json().put("final", diverged ? null : run.model().sha256()));
      List<Json> members = new ArrayList<>();
      for (int m = 0; m < runs.size(); m++) {
        Json member = new Json();
        recorders.get(m).put(runs.get(m), training.rows(m).train().rows(), member);
        recorders.get(m).putWeights(runs.get(m), member);
        members.add(member);
      }
      record.put("members", members);
    }
    return record
        .put("jar_sha256", first.jar)
        .put("machine", machine)
        .put("kernels", KernelChoice.current().served())
        .put("threads", end.members.get("threads"))
        .put("started", first.started)
        .put("ended", Instant.now())
        .put("seconds_of_epochs", seconds(recorders, run, training.arguments.threads()))
        .put(
            "seconds_of_digests", recorders.stream().mapToDouble(recorder -> recorder.spent).sum());
  }

  /** Returns the time of all epochs by the clock, while several networks train side by side. */
  private static double seconds(List<RunRecorder> recorders, RecipeRun run, int threads) {
    double all = run.history().results().stream().mapToDouble(EpochResult::seconds).sum();
    if (recorders.size() == 1) {
      return all;
    }
    double own = 0; // of this process, which may have resumed others
    double sum = 0;
    for (RunRecorder each : recorders) {
      Duration until = Duration.between(recorders.get(0).started, each.last);
      own = Math.max(own, until.toNanos() * 1e-9);
      sum += each.trained;
    }
    return own + (all - sum) / Math.min(recorders.size(), threads);
  }
}
