package dev.lanewise.train;

import java.util.ArrayList;
import java.util.List;

/** All that a training run remembers from one step to the next: what a {@link Checkpoint} keeps. */
final class TrainingState {
  final float[] parameters; // W1, b1, W2, b2, ...
  float[][] optimizer; // [arrays][parameters]; null once handed over
  final List<EpochResult> results = new ArrayList<>(); // of the epochs that are done

  /** The parameters of the best epoch, never changed; null if none is kept. */
  float[] best;

  /** Steps of all epochs so far. */
  long steps;

  /** The epoch under way, and its next step. */
  int epoch;

  int step;

  // Of the steps of this epoch that are done.
  double[] tally = {}; // as Tally has it, in checkpoints only
  double lastLoss;
  double lastAccuracy;

  /** Takes the parameters as its own; the optimizer's arrays start at 0. */
  TrainingState(float[] parameters, Optimizer optimizer) {
    this(parameters, new float[((UpdateRule) optimizer).arrays()][parameters.length]);
  }

  TrainingState(float[] parameters, float[][] optimizer) {
    this.parameters = parameters;
    this.optimizer = optimizer;
  }

  /** The same, on arrays of its own. */
  TrainingState copy() {
    float[][] arrays = new float[optimizer.length][];
    for (int a = 0; a < arrays.length; a++) {
      arrays[a] = optimizer[a].clone();
    }
    return on(parameters.clone(), arrays);
  }

  /**
   * The same on these arrays, whose checkpoints end: this one is at no step any more, and holds
   * nothing that the other will drop.
   */
  TrainingState handOver() {
    TrainingState state = on(parameters, optimizer);
    steps = -1;
    optimizer = null;
    best = null;
    return state;
  }

  private TrainingState on(float[] parameters, float[][] optimizer) {
    TrainingState copy = new TrainingState(parameters, optimizer);
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
