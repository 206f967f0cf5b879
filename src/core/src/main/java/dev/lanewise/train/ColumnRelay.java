package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Layer;
import dev.lanewise.parallel.Team;
import dev.lanewise.train.internal.Batches;

/**
 * Passes the rows of a step through a network whose first layer has many inputs and few outputs.
 * The members of a team divide this layer by its inputs and not by rows. The order of each sum must
 * not change, so the members work one after the other on a piece of rows, like the stages of a
 * pipeline: a member adds the products of its inputs to the sums of one piece while the next member
 * does so for the piece before.
 *
 * <p>So each member loads only its columns of the mini-batch, once for both the forward pass and
 * the gradient, and no other member reads or writes its rows of W.
 *
 * <p>Shoeybi et al., "Megatron-LM" (2019), call such a layer row-parallel, after the rows of W.
 * They add up sums of members, in an order that depends on the number of members.
 */
final class ColumnRelay {
  /**
   * Rows of a piece: a multiple of the heights of most tiles, so that no tile is cut. The next
   * member waits for the first piece, so pieces are small.
   */
  private static final int ROWS = 12;

  /** Minimum pieces per waiting member, so that the wait for the first piece matters little. */
  private static final int FEWEST_PIECES = 8;

  /** Minimum inputs of a member per output: with fewer, passing the sums on takes too long. */
  private static final int FEWEST_INPUTS = 6;

  /**
   * Maximum weights of a member, 128 KB. A member reads all of them for each piece, so they must
   * stay in a cache near the core.
   */
  private static final long MOST_WEIGHTS = 1 << 15;

  /** Time per multiply-add in the later layers relative to the first, as these are small. */
  private static final int LATER_COST = 2;

  private final Layer first;
  private final Backpropagation network;
  private final Team team;
  private final double lead; // rows of the later layers that take as long as a piece of the first

  private Split split;
  private int[] order;
  private int firstRow;
  private int count;
  private int members;

  ColumnRelay(Architecture architecture, Backpropagation network, Team team) {
    this.network = network;
    this.team = team;
    this.first = architecture.layers().get(0);
    long weights = (long) first.inputs() * first.outputs();
    // A later layer has two products per weight, forward and backward.
    lead = (double) weights * ROWS / (2.0 * LATER_COST * (architecture.parameterCount() - weights));
  }

  /** Returns whether the relay suits this number of members for batches of count rows. */
  boolean serves(Split split, int count, int members) {
    return members > 1
        && network.takesFeatures()
        && team.hasCores()
        && count / ROWS >= FEWEST_PIECES * (members - 1)
        && split.isInMemory()
        && first.outputs() % 16 == 0
        && first.inputs() / members >= FEWEST_INPUTS * first.outputs()
        && first.inputs() / members * (long) first.outputs() <= MOST_WEIGHTS;
  }

  /** Prepares a step. One thread calls this before the others start. */
  void begin(Split split, int[] order, int firstRow, int count, int members) {
    this.split = split;
    this.order = order;
    this.firstRow = firstRow;
    this.count = count;
    this.members = members;
  }

  /** Does a member's part of the step, with the inputs from..to of the first layer. */
  void rows(int from, int to, float[] parameters, int member) {
    int begin = share(count, member, members);
    int end = share(count, member + 1, members);
    Batches.loadTargets(network, split, order, firstRow, begin, end);
    split.copyColumns(order, firstRow, count, from, to - from, network.inputs(), count * from);
    int pieces = count / ROWS;
    for (int piece = 0; piece < pieces; piece++) {
      if (member > 0) {
        team.awaitProgress(member, member - 1, piece + 1);
      }
      int next = piece == pieces - 1 ? count : (piece + 1) * ROWS;
      network.firstLayer(parameters, from, to, piece * ROWS, next, count, member);
      team.advance(member);
    }
    if (begin < end) {
      team.awaitProgress(member, members - 1, Math.min(pieces, (end - 1) / ROWS + 1));
      network.laterLayers(parameters, begin, end, count, member);
    }
  }

  /** Returns a member's first row in the later layers; earlier members get more rows. */
  private int share(int count, int member, int members) {
    // with more, the last member would have no rows
    double most = 2.0 * count / (members * (members - 1));
    double more = Math.min(lead / members, most) * member * (members - member) / 2;
    return (int) Math.round((double) count * member / members + more);
  }
}
