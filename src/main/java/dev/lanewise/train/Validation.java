package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.nn.Backpropagation;
import dev.lanewise.parallel.Team;

/** Measures the validation rows after an epoch; without any, what it measured is NaN. */
final class Validation {
  private final Backpropagation network;
  private final Batches batches;
  private final float[] parameters;
  private final Split split; // or null

  private double lossSum;
  private long correct;

  Validation(Backpropagation network, Team team, float[] parameters, Dataset data) {
    this.network = network;
    this.batches = new Batches(network, team);
    this.parameters = parameters;
    this.split = data.validation().orElse(null);
  }

  void run() {
    lossSum = 0;
    correct = 0;
    if (split == null) {
      return;
    }
    batches.begin(parameters, split);
    while (batches.next()) {
      for (int i = 0; i < batches.count(); i++) {
        lossSum += network.losses()[i];
        correct += network.predicted()[i] == network.labels()[i] ? 1 : 0;
      }
    }
  }

  double loss() {
    return split == null ? Double.NaN : lossSum / split.rows();
  }

  double accuracy() {
    return split == null ? Double.NaN : (double) correct / split.rows();
  }
}
