package dev.lanewise.train;

import java.util.ArrayList;
import java.util.List;

/** All that a training run remembers from one step to the next: what a {@link Checkpoint} keeps. */
final class TrainingState {
  final float[] parameters; // W1, b1, W2, b2, ...
  final float[][] optimizer; // [arrays][parameters]
  final List<EpochResult> results = new ArrayList<>(); // of the epochs that are done

  /** The parameters of the best epoch, never changed; null if none is kept. */
  float[] best;

  /** Steps of all epochs so far. */
  long steps;

  /** The epoch under way, and its next step. */
  int epoch;

  long step; // of an endless stream too

  private boolean taken; // by a run

  // Of the steps of this epoch that are done.
  double[] tally = {}; // as Tally has it, in checkpoints only
  double lastLoss;
  double lastAccuracy;

  /** Takes the parameters as its own; the optimizer's arrays start at 0. */
  TrainingState(float[] parameters, Optimizer optimizer) {
    this(parameters, new float[optimizer.rule.arrays()][parameters.length]);
  }

  TrainingState(float[] parameters, float[][] optimizer) {
    this.parameters = parameters;
    this.optimizer = optimizer;
  }

  /** Gives the arrays to a run, which changes them from then on. */
  void take() {
    if (taken) {
      throw new IllegalStateException(
          "a checkpoint whose arrays a training has: what can be resumed is its copy()");
    }
    taken = true;
  }

  /** The same, on arrays of its own. */
  TrainingState copy() {
    float[][] arrays = new float[optimizer.length][];
    for (int a = 0; a < arrays.length; a++) {
      arrays[a] = optimizer[a].clone();
    }
    TrainingState copy = new TrainingState(parameters.clone(), arrays);
    copy.results.addAll(results);
    copy.best = best;
    copy.steps = steps;
    copy.epoch = epoch;
    copy.step = step;
    copy.tally = tally;
    copy.lastLoss = lastLoss;
    copy.lastAccuracy = lastAccuracy;
    return copy;
  }

  /** Counts a step. */
  void endStep(double loss, double accuracy) {
    step++;
    lastLoss = loss;
    lastAccuracy = accuracy;
  }

  /** Keeps what an epoch gave and goes on to the next. */
  void endEpoch(EpochResult result) {
    results.add(result);
    epoch++;
    step = 0;
  }
}
