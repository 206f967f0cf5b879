package dev.lanewise.train;

import dev.lanewise.engine.Backpropagation;
import dev.lanewise.engine.Network;
import dev.lanewise.engine.Objective;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Loss;

/** Engines for the networks of models. */
final class Networks {
  private Networks() {}

  /** Buffers for mini-batches of at most so many rows, shared by some threads. */
  static Backpropagation of(Architecture sizes, Loss loss, int maxRows, int threads) {
    return new Backpropagation(
        Network.of(sizes.inputs(), sizes.hidden(), sizes.outputs(), sizes.activations()),
        Objective.valueOf(loss.name()),
        maxRows,
        threads);
  }
}
