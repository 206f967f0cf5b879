package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.engine.Backpropagation;
import dev.lanewise.engine.ModelAccess;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;

/**
 * Shares the rows of a batch among the members of a team, and passes whole splits through a network
 * batch by batch.
 */
final class Batches implements Team.Task {
  /** Rows a batch needs for a loss to be worth a matrix product; one more makes no difference. */
  static final int EVALUATION_ROWS = 128;

  private final Backpropagation network;
  private final Team team;
  private final ThreadChoice choice; // of a training, whose steps are what the clock is asked of

  private float[] parameters;
  private Split split;
  private int first;
  private int count;
  private int members;

  Batches(Backpropagation network, Team team, ThreadChoice choice) {
    this.network = network;
    this.team = team;
    this.choice = choice;
  }

  /** The first row of a member's share; behind its last is the first of the next member. */
  static int share(int rows, int member, int members) {
    return (int) ((long) rows * member / members);
  }

  /** Begins to pass a split's rows through the network, in file order. */
  void begin(Mlp model, Split split) {
    this.parameters = ModelAccess.parameters(model);
    this.split = split;
    first = 0;
    count = 0;
  }

  /** Computes the next batch: its losses and predictions then stand in the network's buffers. */
  boolean next() {
    first += count;
    count = Math.min(network.maxRows(), split.rows() - first);
    if (count > 0) {
      members = choice.chosen();
      team.run(members, this);
    }
    return count > 0;
  }

  /** The first row of the batch. */
  int first() {
    return first;
  }

  /** How many rows the batch has. */
  int count() {
    return count;
  }

  @Override
  public void run(int member) {
    int from = share(count, member, members);
    int to = share(count, member + 1, members);
    if (from < to) {
      load(network, split, null, first, from, to);
      for (int i = from; network.targets() == null && i < to; i++) {
        if (network.labels()[i] >= network.classes()) { // nobody looks at the loss of such a row
          network.labels()[i] = 0;
        }
      }
      network.losses(parameters, from, to, member);
    }
  }

  /** Fills rows from..to of a network's batch, which starts at a row of the order. */
  static void load(Backpropagation network, Split split, int[] order, int first, int from, int to) {
    int at = from * split.features();
    split.copyRows(order, first + from, to - from, network.inputs(), at);
    loadTargets(network, split, order, first, from, to);
  }

  /** Fills the targets of rows from..to, and their weights. */
  static void loadTargets(
      Backpropagation network, Split split, int[] order, int first, int from, int to) {
    if (network.weights() != null) { // without weights of their own, rows weigh 1
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
