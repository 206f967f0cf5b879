package dev.lanewise.cli;

import dev.lanewise.files.RunRecord;
import dev.lanewise.nn.Mlp;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.EpochView;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.TrainingListener;
import dev.lanewise.train.TrainingRun;
import dev.lanewise.train.TrainingRun.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Records and follows the training of a network. Digests of the weights are computed before the
 * first step, and at intervals that make them a small share of the time; the clock decides after
 * which epochs. A training that repeats a run computes them after the same epochs.
 */
abstract class NetworkRecorder implements TrainingListener {
  private static final double SHARE = 0.01;
  private static final int MOST = 256;

  double trained; // seconds
  double spent; // seconds, on digests
  Instant ended = Instant.now(); // the last epoch
  // digests of the weights after these numbers of epochs
  private final Map<Integer, String> weights = new TreeMap<>();
  private final Map<Integer, double[]> norms = new TreeMap<>(); // of weights, then of gradients
  private int epoch;
  private long steps; // steps of that epoch
  private int stride = 1;
  private final Set<Integer> repeated; // epochs after which digests are taken; null: by the clock

  /**
   * Begins.
   *
   * @param repeated numbers of epochs after which digests are computed, besides the first; null for
   *     those that the clock decides
   */
  NetworkRecorder(Set<Integer> repeated) {
    this.repeated = repeated;
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
  void begin(Mlp initial) {
    weights.put(0, initial.sha256());
  }

  @Override
  public boolean onStep(StepResult result) {
    epoch = result.epoch();
    steps = result.step() + 1;
    return true;
  }

  @Override
  public boolean onEpoch(EpochResult result, EpochView view) {
    trained += result.seconds();
    ended = Instant.now();
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
    return onEpoch(result);
  }

  /** Returns the digest after a number of epochs; null if there is none. */
  String weights(int epochs) {
    return weights.get(epochs);
  }

  /** Adds how the training of the network went. */
  void put(TrainingRun run, int rows, Json record) {
    int epochs = run.history().epochs();
    record
        .put("outcome", RunRecord.outcome(run.outcome()))
        .put("train_rows", rows)
        .put("epochs", epochs)
        .put("steps", epoch == epochs ? steps : 0) // of the epoch after these
        .put("best_epoch", run.bestEpoch() < 0 ? null : run.bestEpoch());
  }

  /** Adds the digests and norms of the network. */
  void putWeights(TrainingRun run, Json record) {
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
}
