package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.engine.Backpropagation;
import dev.lanewise.metrics.Score;
import dev.lanewise.metrics.Tally;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;

/** Measures the loss and accuracy of a split; without a split both are NaN. */
final class Validation {
  private final Backpropagation network;
  private final Batches batches;
  private final Tally tally;
  private final Mlp model;
  private final Split split; // or null

  Validation(Backpropagation network, Team team, ThreadChoice choice, Mlp model, Split split) {
    this.network = network;
    this.batches = new Batches(network, team, choice);
    this.tally = new Tally(model.loss(), model.architecture().outputs());
    this.model = model;
    this.split = split;
  }

  void run() {
    if (split != null) {
      tally.reset();
      batches.begin(model, split);
      while (batches.next()) {
        add(tally, network, batches.count(), split, batches.first());
      }
    }
  }

  Score score() {
    return tally.score();
  }

  /**
   * Adds the first rows of a network's mini-batch to a tally. In regression outputs count in the
   * units of the data, against its own targets; those of a step as the network has them.
   *
   * @param split the rows, from the first on, by whose weights they count; null of a step, whose
   *     rows all count alike
   */
  static void add(Tally tally, Backpropagation network, int count, Split split, int first) {
    for (int i = 0; i < count; i++) {
      double weight = split == null ? 1 : split.weight(first + i);
      double loss = network.losses()[i];
      if (network.targets() == null) {
        int label = split == null ? network.labels()[i] : split.label(first + i);
        if (label < network.classes()) {
          tally.add(weight, loss, network.predicted()[i] == label);
        } else {
          tally.addOutside(weight);
        }
      } else if (split == null) {
        tally.add(weight, loss, network.outputs(), network.targets(), i);
      } else {
        int outputs = split.outputs();
        for (int k = 0; k < outputs; k++) {
          double y = split.targetScaling().undo(network.outputs()[i * outputs + k], k);
          tally.add(k, weight, y, split.target(first + i, k));
        }
        tally.add(weight, loss);
      }
    }
  }
}
