package dev.lanewise.train;

import dev.lanewise.engine.internal.Descent;
import dev.lanewise.engine.internal.Network;
import java.util.ArrayList;
import java.util.List;

/** The state of a training run between two steps, which a {@link Checkpoint} stores. */
final class TrainingState {
  final float[] parameters; // W1, b1, W2, b2, ..., which the network reads
  final float[] trained; // the array that the optimizer changes: parameters, or see InputFactors
  final float[][] optimizer; // [arrays][trained]
  final List<EpochResult> results = new ArrayList<>(); // results of the finished epochs

  float[] best; // parameters of the best epoch, whose elements never change; null if there is none
  long steps; // steps of all epochs so far
  int epoch; // the current one
  long step; // the next one of the epoch
  private boolean taken; // whether a run has taken over the arrays
  double[] choice = {}; // value, last improvement and number of the best epoch, see EarlyStopping
  double[] tally = {}; // sums of Tally over the current epoch, set when a checkpoint is taken
  double lastLoss;
  double lastScore;

  TrainingState(float[] parameters, float[] trained, float[][] optimizer) {
    this.parameters = parameters;
    this.trained = trained;
    this.optimizer = optimizer;
  }

  /** Takes over the arrays for a run, which changes them; only one run can. */
  void take() {
    if (taken) {
      throw new IllegalStateException(
          "a checkpoint whose arrays a training has: what can be resumed is its copy()");
    }
    taken = true;
  }

  /** Returns the same state in arrays of its own, which no run has taken over. */
  TrainingState copy() {
    float[][] arrays = new float[optimizer.length][];
    for (int a = 0; a < arrays.length; a++) {
      arrays[a] = optimizer[a].clone();
    }
    float[] weights = parameters.clone();
    float[] changed = trained == parameters ? weights : trained.clone();
    TrainingState copy = new TrainingState(weights, changed, arrays);
    copy.results.addAll(results);
    copy.best = best;
    copy.steps = steps;
    copy.epoch = epoch;
    copy.step = step;
    copy.choice = choice;
    copy.tally = tally;
    copy.lastLoss = lastLoss;
    copy.lastScore = lastScore;
    return copy;
  }

  /** Returns the updates of these arrays, with factors of the learning rate per group. */
  Descent descent(
      Network network, Optimizer optimizer, WeightDecay decay, float[] gradient, double... rates) {
    return new Descent(network, optimizer.rule, trained, gradient, this.optimizer, rates)
        .decaying(decay.rate, decay.decoupled);
  }

  /** Counts a step. */
  void endStep(double loss, double accuracy) {
    step++;
    lastLoss = loss;
    lastScore = accuracy;
  }

  /** Stores the result of an epoch and begins the next. */
  void endEpoch(EpochResult result) {
    results.add(result);
    epoch++;
    step = 0;
  }
}
