package dev.lanewise.train.internal;

import dev.lanewise.data.Rows;
import dev.lanewise.data.internal.RowPreparation;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.parallel.Team;
import dev.lanewise.parallel.ThreadChoice;
import dev.lanewise.train.Score;
import java.util.Objects;

/** Measures the loss and accuracy of a split; without a split both are NaN. */
public final class Validation {
  private final Backpropagation network;
  private final Batches batches;
  private final Tally tally;
  private final Mlp model;
  private final Rows split; // or null

  public Validation(
      Backpropagation network, Team team, ThreadChoice choice, Mlp model, Rows split) {
    this.network = network;
    this.batches = new Batches(network, team, choice);
    this.tally = new Tally(model.loss(), model.architecture().outputs());
    this.model = model;
    this.split = split;
  }

  /** Makes the workspace for rows of a split. */
  public static Backpropagation network(Mlp model, Rows split, ThreadChoice choice) {
    int threads = choice.most();
    int batch = Math.min(split.rows(), Batches.EVALUATION_ROWS * threads);
    return MlpState.backpropagation(model, batch, threads);
  }

  /**
   * Measures a network on rows, as {@link Score#of} does, and returns the sums of all rows. The
   * network's calibration, rule of decision and weights of classes do not count.
   */
  public static Tally tally(Mlp model, Rows rows, int threads) {
    Objects.requireNonNull(model, "network");
    Objects.requireNonNull(rows, "rows");
    Rows split = RowPreparation.measured(model, rows);
    ThreadChoice choice = new ThreadChoice(Team.most(threads));
    Backpropagation network = network(model, split, choice);
    try (Team team = new Team(choice.most())) {
      Validation pass = new Validation(network, team, choice, model, split);
      pass.run();
      return pass.tally;
    }
  }

  public void run() {
    if (split != null) {
      tally.reset();
      batches.begin(model, split);
      while (batches.next()) {
        add(tally, network, 0, batches.count(), split, batches.first());
      }
    }
  }

  public Rows split() {
    return split;
  }

  public Score score() {
    return tally.score();
  }

  /**
   * Adds rows from..to of a network's mini-batch to a tally.
   *
   * @param split the rows, whose weights count, and whose numeric targets and predictions are
   *     compared in the units of the data; null in a training step, whose rows count alike, and
   *     whose targets are compared as the network scales them
   * @param first the row of the split that is row 0 of the mini-batch
   */
  public static void add(
      Tally tally, Backpropagation network, int from, int to, Rows split, int first) {
    for (int i = from; i < to; i++) {
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
          float output = tally.added(network.outputs()[i * outputs + k]);
          double y = split.targetScaling().undo(output, k);
          tally.add(k, weight, y, split.target(first + i, k));
        }
        tally.add(weight, loss);
      }
    }
  }
}
