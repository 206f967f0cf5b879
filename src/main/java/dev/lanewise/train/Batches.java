package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.nn.Backpropagation;
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

  private float[] parameters;
  private Split split;
  private int first;
  private int count;

  Batches(Backpropagation network, Team team) {
    this.network = network;
    this.team = team;
  }

  /** The first row of a member's share; behind its last is the first of the next member. */
  static int share(int rows, int member, int members) {
    return (int) ((long) rows * member / members);
  }

  /** Receives each batch once its losses and predictions stand in the network's buffers. */
  interface Consumer {
    void accept(int first, int count);
  }

  /** Computes the losses of a split's rows in file order, batch by batch. */
  void forEach(float[] parameters, Split split, Consumer consumer) {
    this.parameters = parameters;
    this.split = split;
    for (first = 0; first < split.rows(); first += count) {
      count = Math.min(network.maxRows(), split.rows() - first);
      team.run(this);
      consumer.accept(first, count);
    }
  }

  @Override
  public void run(int member) {
    int from = share(count, member, team.size());
    int to = share(count, member + 1, team.size());
    if (from < to) {
      load(network, split, null, first, from, to);
      network.losses(parameters, from, to, member);
    }
  }

  /** Fills rows from..to of a network's batch, which starts at a row of the order. */
  static void load(Backpropagation network, Split split, int[] order, int first, int from, int to) {
    split.copyRows(order, first + from, to - from, network.inputs(), from * split.features());
    split.copyLabels(order, first + from, to - from, network.labels(), from);
  }
}
