package dev.lanewise.train;

import dev.lanewise.nn.Mlp;
import java.util.ArrayList;
import java.util.List;

/** The state of a training run between two steps, which a {@link Checkpoint} stores. */
final class TrainingState {
  final float[] parameters; // W1, b1, W2, b2, ...: what the network reads
  final float[] trained; // what the optimizer changes: the same array, or as InputFactors says
  final float[][] optimizer; // [arrays][trained]
  final List<EpochResult> results = new ArrayList<>(); // of the epochs that are done

  /** The parameters of the best epoch, an array that is never written to; null if there is none. */
  float[] best;

  /** The number of steps in all epochs so far. */
  long steps;

  /** The current epoch, and its next step. */
  int epoch;

  long step; // long, because a stream has no end

  private boolean taken; // by a run

  // Results of the steps of the current epoch.
  double[] tally = {}; // the sums of Tally; set only when a checkpoint is taken
  double lastLoss;
  double lastAccuracy;

  /** The state before the first step. The array of parameters is not copied. */
  TrainingState(Mlp initial, float[] parameters, TrainingOptions options) {
    this.parameters = parameters;
    this.trained =
        options.inputRate == 0
            ? parameters
            : InputFactors.trained(parameters, initial.architecture().inputs());
    this.optimizer = new float[options.optimizer.rule.arrays()][trained.length];
  }

  TrainingState(float[] parameters, float[] trained, float[][] optimizer) {
    this.parameters = parameters;
    this.trained = trained;
    this.optimizer = optimizer;
  }

  /** Claims the arrays for a run, which changes them from then on; only one run can. */
  void take() {
    if (taken) {
      throw new IllegalStateException(
          "a checkpoint whose arrays a training has: what can be resumed is its copy()");
    }
    taken = true;
  }

  /** The same state in arrays of its own, which no run has claimed. */
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

  /** Stores the result of an epoch and begins the next. */
  void endEpoch(EpochResult result) {
    results.add(result);
    epoch++;
    step = 0;
  }
}
