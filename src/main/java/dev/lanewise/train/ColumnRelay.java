package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.engine.Backpropagation;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Layer;
import dev.lanewise.parallel.Team;

/**
 * The rows of a step on a team whose members share the first layer by its inputs instead of by
 * rows, where it has many inputs and few outputs. A sum goes on in the order of its terms, so the
 * members take some rows after each other, as runners of a relay: while one adds the products of
 * its inputs to the sums of some rows, the next has those of the rows before.
 *
 * <p>Thus each member loads its columns of the mini-batch only, once for the way forward and for
 * the gradient, and alone reads and writes its rows of W.
 *
 * <p>Shoeybi et al., "Megatron-LM" (2019), call such a layer row-parallel, after the rows of W;
 * they add up the members' sums, which has another order for each number of members.
 */
final class ColumnRelay {
  /**
   * Rows that are handed over at a time: a multiple of the heights of most tiles, so that no tile
   * is cut. The next member waits as long as a piece takes, so more rows are waited for longer.
   */
  private static final int ROWS = 12;

  /** Pieces to a member that waits for its first: each waits as long as a piece takes. */
  private static final int FEWEST_PIECES = 8;

  /** A member's inputs to an output: sums of fewer terms are handed over more than they grow. */
  private static final int FEWEST_INPUTS = 6;

  /**
   * Weights of a member, at most. It reads all of them anew for each piece, which pays while they
   * stay in a cache near the core: these are 128 KB.
   */
  private static final long MOST_WEIGHTS = 1 << 15;

  /**
   * How many times as long a product of the later layers takes: they are small, and there is more
   * to do than products.
   */
  private static final int LATER_COST = 2;

  private final Layer first;
  private final Backpropagation network;
  private final Team team;
  private final double lead; // rows of later layers that take as long as a whole piece of the first

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
    // A later layer has two products a weight, forward and back.
    lead = (double) weights * ROWS / (2.0 * LATER_COST * (architecture.parameterCount() - weights));
  }

  /** Whether it serves so many members for mini-batches of so many rows of a split. */
  boolean serves(Split split, int count, int members) {
    return members > 1
        && team.hasCores()
        && count / ROWS >= FEWEST_PIECES * (members - 1)
        && split.isInMemory()
        && first.outputs() % 16 == 0
        && first.inputs() / members >= FEWEST_INPUTS * first.outputs()
        && first.inputs() / members * (long) first.outputs() <= MOST_WEIGHTS;
  }

  /** Begins a step, by one thread before the others start. */
  void begin(Split split, int[] order, int firstRow, int count, int members) {
    this.split = split;
    this.order = order;
    this.firstRow = firstRow;
    this.count = count;
    this.members = members;
  }

  /** A member's part, with the inputs from..to. */
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

  /** The first row of a member in the later layers: who ends sooner in the first has more. */
  private int share(int count, int member, int members) {
    double most = 2.0 * count / (members * (members - 1)); // or the last would have less than none
    double more = Math.min(lead / members, most) * member * (members - member) / 2;
    return (int) Math.round((double) count * member / members + more);
  }
}
