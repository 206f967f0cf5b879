package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Backpropagation;
import dev.lanewise.nn.Layer;
import dev.lanewise.parallel.Team;

/**
 * One step of mini-batch gradient descent on a team of threads, in two parts with a barrier between
 * them: rows through the network and back; then gradients and update, each thread on its share of
 * the parameters.
 */
final class TrainingStep implements Team.Task {
  /**
   * Multiply-adds below which a step stays on one thread: waking and waiting for the others costs
   * some microseconds, in which one thread does as much.
   */
  private static final long SMALLEST_SHARED = 1 << 20;

  /** Shares of W end at whole register tiles of the matrix product. */
  private static final int TILE_ROWS = 6;

  private final Layer[] layers;
  private final Backpropagation network;
  private final Team team;
  private final float[] parameters; // W1, b1, W2, b2, ...
  private final float[] gradient; // in the layout of the parameters
  private final Descent descent;

  private Split split;
  private int[] order;
  private int first;
  private int count;
  private boolean shared;

  TrainingStep(
      Architecture architecture,
      Backpropagation network,
      Team team,
      float[] parameters,
      Optimizer optimizer) {
    this.layers = architecture.layers().toArray(new Layer[0]);
    this.network = network;
    this.team = team;
    this.parameters = parameters;
    this.gradient = new float[parameters.length];
    this.descent = new Descent(optimizer, parameters, gradient);
  }

  /** Trains on rows first..first + count of an order (null: file order) of a split. */
  void run(Split split, int[] order, int first, int count, double learningRate) {
    this.split = split;
    this.order = order;
    this.first = first;
    this.count = count;
    descent.beginStep(learningRate);
    shared = team.size() > 1 && (long) count * parameters.length >= SMALLEST_SHARED;
    if (shared) {
      team.run(this);
    } else {
      rows(0, 1);
      update(0, 1);
    }
  }

  @Override
  public void run(int member) {
    rows(member, team.size());
    team.barrier(member);
    update(member, team.size());
  }

  private void rows(int member, int members) {
    int from = Batches.share(count, member, members);
    int to = Batches.share(count, member + 1, members);
    if (from < to) {
      Batches.load(network, split, order, first, from, to);
      network.rows(parameters, from, to, count, member);
    }
  }

  private void update(int member, int members) {
    for (int l = 0; l < layers.length; l++) {
      Layer layer = layers[l];
      int from = tiles(layer.inputs(), member, members);
      int to = tiles(layer.inputs(), member + 1, members);
      if (from < to) {
        network.weightGradient(l, from, to, count, gradient, member);
        descent.apply(layer.weights() + from * layer.outputs(), (to - from) * layer.outputs());
      }
      int fromBias = Batches.share(layer.outputs(), member, members);
      int toBias = Batches.share(layer.outputs(), member + 1, members);
      if (fromBias < toBias) {
        network.biasGradient(l, fromBias, toBias, count, gradient);
        descent.apply(layer.biases() + fromBias, toBias - fromBias);
      }
    }
  }

  private static int tiles(int rows, int member, int members) {
    int tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
    return Math.min(rows, Batches.share(tiles, member, members) * TILE_ROWS);
  }
}
