package dev.lanewise.train;

import dev.lanewise.nn.Loss;

/**
 * Keeps the weights of the best epoch, and stops a training when no later epoch is better
 * (Prechelt, "Early Stopping - But When?", 1998). Apart from the weights, its state follows from
 * the results of the epochs so far, which a resumed run reads again; of a measure that needs the
 * results of rows, the state of the run has it.
 */
final class EarlyStopping {
  private final int patience; // epochs without improvement; 0 for no limit
  private final BestEpoch best;
  private final Loss loss;
  private final TrainingState state;
  private double least = Double.POSITIVE_INFINITY;
  private int improved = -1; // the last epoch that was better than all before
  private int bestEpoch = -1;

  EarlyStopping(TrainingOptions options, Loss loss, TrainingState state) {
    this.patience = options.patience;
    this.best = options.best();
    this.loss = loss;
    this.state = state;
    if (best.measure != null && state.choice.length > 0) {
      least = state.choice[0];
      improved = (int) state.choice[1];
      bestEpoch = (int) state.choice[2];
    }
    for (int e = 0; e < state.results.size() && best.measure == null; e++) {
      isBest(state.results.get(e), best.value(state.results.get(e), loss));
    }
  }

  private boolean isBest(EpochResult result, double value) {
    if (value < least) {
      improved = result.epoch();
    }
    boolean isBest = value < least || (best.takesLast && value == least);
    if (isBest) {
      least = value;
      bestEpoch = result.epoch();
    }
    return isBest;
  }

  /**
   * Observes an epoch.
   *
   * @param ofRows the value of the results of all rows, if the measure needs them
   */
  void observe(EpochResult result, double ofRows) {
    boolean needsRows = best.measure != null;
    if (isBest(result, needsRows ? ofRows : best.value(result, loss))) {
      state.best = state.parameters.clone();
    }
    if (needsRows) {
      state.choice = new double[] {least, improved, bestEpoch};
    }
  }

  /** Returns the epoch whose weights are kept, or -1 if there is none. */
  int bestEpoch() {
    return bestEpoch;
  }

  /** Returns whether the patience has ended: that many epochs passed without improvement. */
  boolean isTime() {
    return patience > 0 && state.epoch - 1 - improved >= patience;
  }
}
