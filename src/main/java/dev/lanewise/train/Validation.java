package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.nn.Backpropagation;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;

/** Measures the loss and accuracy of a split; without one, what it measured is NaN. */
final class Validation {
  private final Batches batches;
  private final Tally tally;
  private final Mlp model;
  private final Split split; // or null

  Validation(Backpropagation network, Team team, Mlp model, Split split) {
    this.batches = new Batches(network, team);
    this.tally = new Tally(network);
    this.model = model;
    this.split = split;
  }

  void run() {
    if (split != null) {
      tally.reset();
      batches.begin(model, split);
      while (batches.next()) {
        tally.add(batches.count(), split, batches.first());
      }
    }
  }

  double loss() {
    return tally.loss();
  }

  double accuracy() {
    return tally.accuracy();
  }
}
