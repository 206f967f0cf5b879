package dev.lanewise.train;

/**
 * Keeps the weights of the epoch with the smallest validation loss, and decides when training stops
 * because no later epoch was better (Prechelt, "Early Stopping - But When?", 1998). Of equal losses
 * the first is the best, and NaN never is. Everything except these weights follows from the losses
 * so far, so a resumed run only has to read them again.
 */
final class EarlyStopping {
  private final int patience; // epochs without improvement; 0: never stops, and keeps no weights
  private final TrainingState state;
  private double bestLoss = Double.POSITIVE_INFINITY;
  private int bestEpoch = -1;

  EarlyStopping(int patience, TrainingState state) {
    this.patience = patience;
    this.state = state;
    for (EpochResult result : state.results) {
      improves(result);
    }
  }

  private boolean improves(EpochResult result) {
    if (result.validLoss() < bestLoss) {
      bestLoss = result.validLoss();
      bestEpoch = result.epoch();
      return true;
    }
    return false;
  }

  void observe(EpochResult result) {
    if (patience > 0 && improves(result)) {
      state.best = state.parameters.clone();
    }
  }

  /** Whether as many epochs as the patience allows have passed since the best one. */
  boolean isTime() {
    return patience > 0 && state.epoch - 1 - bestEpoch >= patience;
  }
}
