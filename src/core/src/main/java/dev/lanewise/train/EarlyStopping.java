package dev.lanewise.train;

import dev.lanewise.nn.Loss;

/**
 * Keeps the weights of the best epoch, and stops a training when no later epoch is better
 * (Prechelt, "Early Stopping - But When?", 1998). Apart from the weights, its state follows from
 * the results of the epochs so far, which a resumed run reads again.
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
    for (EpochResult result : state.results) {
      isBest(result);
    }
  }

  private boolean isBest(EpochResult result) {
    double value = best.value(result, loss);
    if (value < least) {
      improved = result.epoch();
    }
    boolean isBest = value < least || (best.takesLast() && value == least);
    if (isBest) {
      least = value;
      bestEpoch = result.epoch();
    }
    return isBest;
  }

  void observe(EpochResult result) {
    if (isBest(result)) {
      state.best = state.parameters.clone();
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
