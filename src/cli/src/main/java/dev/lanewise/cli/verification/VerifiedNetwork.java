package dev.lanewise.cli.verification;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.ProgressBar;
import dev.lanewise.cli.runs.RunRecord;
import dev.lanewise.cli.training.RunRecorder;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.EpochView;
import dev.lanewise.train.StepResult;
import dev.lanewise.train.TrainingListener;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Compares the training of a network, epoch by epoch, with the same network in a run. */
final class VerifiedNetwork implements TrainingListener {
  private static final String[] VALUES = {
    "train loss",
    "train accuracy",
    "mean train loss",
    "mean train accuracy",
    "validation loss",
    "validation accuracy"
  };

  private final Differences all;
  private final int number; // from 0
  ProgressBar bar; // or null
  private final RunRecord of; // record of the network
  private final List<EpochResult> results; // results of the epochs of the run
  private final Map<String, Object> weights; // digests of the weights after these numbers of epochs
  private final int last; // number of epochs after which the training stops; 0 for its own end
  private final boolean isStopped;
  private final int lastSteps; // steps in the epoch in which the run was stopped
  final RunRecorder recorder; // recorder of the training here
  int digests; // number of digests of weights that were compared

  /**
   * Makes the comparison of a network.
   *
   * @param all takes the differences
   * @param number the number of the network, from 0
   * @param of its part of the record of the run
   * @param results the results of the epochs of the run
   * @param data what the run has read
   * @param last the number of epochs after which the training is stopped; 0 for its own end
   */
  VerifiedNetwork(
      Differences all,
      int number,
      RunRecord of,
      List<EpochResult> results,
      List<Json> data,
      int last)
      throws IOException {
    this.all = all;
    this.number = number;
    this.of = of;
    this.results = results;
    weights = of.object("weights", "after_epochs");
    this.last = last;
    isStopped = "stopped".equals(of.text("outcome"));
    lastSteps = of.number("steps", -1);
    recorder = new RunRecorder(epochsOfDigests(), data);
  }

  /** Compares the network before the first step. */
  void begin(Mlp network) throws IOException {
    recorder.begin(network);
    String initial = of.text("weights", "initial");
    if (initial != null) { // otherwise the comparison of the records finds it
      compare(null, "initial weights sha256", initial, recorder.weights(0));
    }
  }

  /** Returns the epochs after which the run recorded digests or norms. */
  private Set<Integer> epochsOfDigests() throws IOException {
    Set<Integer> epochs = new HashSet<>();
    Set<String> names = new LinkedHashSet<>(weights.keySet());
    names.addAll(of.object("norms").keySet());
    for (String name : names) {
      int after = Arguments.integer(name);
      if (after < 1 || after > results.size() || !name.equals(Integer.toString(after))) {
        throw Problem.failure(
            "%s: weights.after_epochs or norms of '%s', expected numbers of epochs from 1 to %s",
            of.file(), name, results.size());
      }
      epochs.add(after);
    }
    return epochs;
  }

  @Override
  public boolean onStep(StepResult result) {
    if (bar != null) {
      bar.show(result, number);
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
    if (bar != null) {
      bar.show(result, number);
    }
    if (epoch >= results.size()) {
      all.add(epoch, "an epoch more than the run has");
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
    return all.first() == null && !stops(epoch + 1, 0) && epoch + 1 != last;
  }

  /** Returns whether the run was stopped after these steps of an epoch. */
  private boolean stops(int epoch, long steps) {
    return isStopped && epoch == results.size() && steps == lastSteps;
  }

  /** Compares values, and names the network if there are several. */
  private void compare(Integer epoch, String what, Object expected, Object found) {
    if (!Objects.equals(expected, found)) {
      String of = all.networks == 1 ? "" : "members[%s] ".formatted(number);
      all.add(epoch, of + what + " " + found + ", expected " + expected + " as in the run");
    }
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
}
