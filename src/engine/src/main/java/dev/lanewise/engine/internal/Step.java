package dev.lanewise.engine.internal;

import dev.lanewise.parallel.Team;
import dev.lanewise.parallel.ThreadChoice;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * One step of mini-batch gradient descent on a team of threads. In its first half each thread
 * passes its share of the rows forward and backward through the network. After a barrier, in the
 * second half, each thread computes the gradients of its share of the parameters and updates them.
 * Phases that need the gradients of all threads come between gradients and updates.
 */
public final class Step implements IntConsumer {
  /** Where the rows of a mini-batch come from. */
  public interface Rows {
    /** Puts rows from..to of the mini-batch into the buffers of the network. */
    void load(int from, int to);
  }

  /** Works on parts of the parameters: computes their gradients, or updates them by these. */
  public interface Part {
    /**
     * Does it for the weights of inputs from..to of a layer, as a member of a team of some size.
     */
    void weights(int layer, int from, int to, int member, int members);

    /** Does it for biases from..to of a layer. */
    void biases(int layer, int from, int to);
  }

  /** What a thread does between gradients and updates; all threads wait before and after it. */
  public interface Phase {
    /** Does the share of a member of the team. */
    void run(int member, int members);
  }

  /** Rows of a register tile of the matrix product: shares of W are whole tiles. */
  private static final int TILE_ROWS = 6;

  /**
   * Multiply-adds from which threads share a layer's gradient. Parts of a smaller product are
   * slower, and read more from the caches of other threads. The first layer is always shared.
   */
  private static final long SMALLEST_SHARED = 1 << 18;

  /**
   * Shares of b are whole vectors of this many floats, because the sum down one column takes as
   * long as the sums down a vector of columns. The first member takes the biases of a narrow layer,
   * because the last member has more rows of W.
   */
  private static final int WIDEST_VECTOR = 16;

  private final List<Network.Layer> layers;
  private final Backpropagation network;
  private final Team team;
  private final ThreadChoice choice;
  private final float[] parameters;
  private final Part[] gradients;
  private final Part[] updates;
  private final Part[] both;
  private final List<Phase> phases;

  private Rows rows;
  private int skipped;
  private int count;
  private int batch;
  private int members;

  /**
   * Makes the steps of a training.
   *
   * @param network the buffers, for at least as many threads as the choice may take
   * @param parameters W1, b1, W2, b2, ..., which the updates change
   * @param phases what happens between gradients and updates, in this order; usually nothing
   */
  public Step(
      Backpropagation network,
      float[] parameters,
      Team team,
      ThreadChoice choice,
      Part gradients,
      Part updates,
      List<Phase> phases) {
    this.layers = network.network().layers();
    this.parameters = parameters;
    this.network = network;
    this.team = team;
    this.choice = choice;
    this.gradients = new Part[] {gradients};
    this.updates = new Part[] {updates};
    both = new Part[] {gradients, updates};
    this.phases = List.copyOf(phases);
  }

  /**
   * Trains on a mini-batch.
   *
   * @param skipped rows at the beginning of the buffers that are not used
   * @param count rows in the buffers
   * @param batch the number of rows by which gradients are divided
   */
  public void run(Rows rows, int skipped, int count, int batch) {
    this.rows = rows;
    this.skipped = skipped;
    this.count = count;
    this.batch = batch;
    members = choice.next();
    long start = System.nanoTime();
    team.run(members, this);
    choice.took(count, System.nanoTime() - start);
  }

  @Override
  public void accept(int member) {
    int from = skipped + share(count - skipped, member, members);
    int to = skipped + share(count - skipped, member + 1, members);
    if (from < to) {
      rows.load(from, to);
      network.rows(parameters, from, to, batch, member);
    }
    team.barrier(member);
    if (phases.isEmpty()) {
      share(member, both);
      return;
    }
    share(member, gradients);
    team.barrier(member);
    for (int i = 0; i < phases.size(); i++) {
      phases.get(i).run(member, members);
      team.barrier(member);
    }
    share(member, updates);
  }

  /** Does some things for a member's share of the parameters, layer by layer. */
  private void share(int member, Part[] parts) {
    for (int l = 0; l < layers.size(); l++) {
      int from = inputs(l, member);
      int to = inputs(l, member + 1);
      int fromBias = biases(l, members - 1 - member);
      int toBias = biases(l, members - member);
      for (int i = 0; i < parts.length && from < to; i++) {
        parts[i].weights(l, from, to, member, members);
      }
      for (int i = 0; i < parts.length && fromBias < toBias; i++) {
        parts[i].biases(l, fromBias, toBias);
      }
    }
  }

  /** Returns the first output whose bias a member updates, with the members in reverse order. */
  private int biases(int layer, int member) {
    int outputs = layers.get(layer).outputs();
    int vectors = (outputs + WIDEST_VECTOR - 1) / WIDEST_VECTOR;
    return Math.min(outputs, share(vectors, member, members) * WIDEST_VECTOR);
  }

  /** Returns the first input of a layer whose weights a member updates. */
  private int inputs(int layer, int member) {
    int rows = layers.get(layer).inputs();
    if (layer > 0 && (long) rows * layers.get(layer).outputs() * count < SMALLEST_SHARED) {
      int owner = (layer - 1) % members;
      return member <= owner ? 0 : rows;
    }
    int tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
    return Math.min(rows, share(tiles, member, members) * TILE_ROWS);
  }

  /** {@return the first row of a member's share, which ends before that of the next member} */
  public static int share(int rows, int member, int members) {
    return (int) ((long) rows * member / members);
  }
}
