package dev.lanewise.train.internal;

import dev.lanewise.data.Rows;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.Step;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.parallel.Team;
import dev.lanewise.parallel.ThreadChoice;
import java.util.function.IntConsumer;

/**
 * Passes whole splits through a network batch by batch, and divides the rows of each batch among
 * the members of a team.
 */
public final class Batches implements IntConsumer {
  /** Rows of a batch in an evaluation: with more rows, matrix products are no faster. */
  public static final int EVALUATION_ROWS = 128;

  private final Backpropagation network;
  private final Team team;
  private final ThreadChoice choice; // a training times its steps; this class only reads it

  private float[] parameters;
  private Rows split;
  private int first;
  private int count;
  private int members;

  public Batches(Backpropagation network, Team team, ThreadChoice choice) {
    this.network = network;
    this.team = team;
    this.choice = choice;
  }

  /** Prepares to pass a split's rows through the network in file order. */
  public void begin(Mlp model, Rows split) {
    this.parameters = MlpState.of(model).parameters();
    this.split = split;
    first = 0;
    count = 0;
  }

  /**
   * Computes the losses and predictions of the next batch into the network's buffers.
   *
   * @return false after the last batch
   */
  public boolean next() {
    first += count;
    count = Math.min(network.maxRows(), split.rows() - first);
    if (count > 0) {
      members = choice.chosen();
      team.run(members, this);
    }
    return count > 0;
  }

  /** Returns the first row of the batch. */
  public int first() {
    return first;
  }

  /** Returns the number of rows of the batch. */
  public int count() {
    return count;
  }

  @Override
  public void accept(int member) {
    int from = Step.share(count, member, members);
    int to = Step.share(count, member + 1, members);
    if (from < to) {
      load(network, split, null, first, from, to);
      for (int i = from; network.targets() == null && i < to; i++) {
        if (network.labels()[i] >= network.classes()) { // the loss of this row is not used
          network.labels()[i] = 0;
        }
      }
      network.losses(parameters, from, to, member);
    }
  }

  /** Copies features, targets and weights of rows from..to of the batch that begins at first. */
  public static void load(
      Backpropagation network, Rows split, int[] order, int first, int from, int to) {
    int at = from * split.features();
    split.copyRows(order, first + from, to - from, network.features(), at);
    network.expand(from, to);
    if (network.weights() != null) {
      for (int i = from; i < to; i++) {
        network.weights()[i] = split.weight(order == null ? first + i : order[first + i]);
      }
    }
    if (network.targets() == null) {
      split.copyLabels(order, first + from, to - from, network.labels(), from);
    } else {
      int target = from * split.outputs();
      split.copyTargets(order, first + from, to - from, network.targets(), target);
    }
  }
}
