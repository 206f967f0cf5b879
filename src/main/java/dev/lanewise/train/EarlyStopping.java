package dev.lanewise.train;

/**
 * Keeps the weights of the epoch with the smallest validation loss, and says when none has been
 * better for too long (Prechelt, "Early Stopping - But When?", 1998). The first of equals wins, and
 * NaN never does. Apart from these weights it knows nothing that the losses so far do not tell: a
 * resumed run looks at them again.
 */
final class EarlyStopping {
  private final int patience; // 0: never stops, and keeps nothing
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

  /** Whether as many epochs as are borne have passed behind the best. */
  boolean isTime() {
    return patience > 0 && state.epoch - 1 - bestEpoch >= patience;
  }
}
