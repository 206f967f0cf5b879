package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.engine.Backpropagation;
import dev.lanewise.kernel.math.GradientNorm;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Layer;
import dev.lanewise.parallel.Team;

/**
 * One step of mini-batch gradient descent on a team of threads, in two parts with a barrier between
 * them: rows through the network and back; then gradients and update, each thread on its share of
 * the parameters.
 */
final class TrainingStep implements Team.Task {
  /** Shares of W end at whole register tiles of the matrix product. */
  private static final int TILE_ROWS = 6;

  /**
   * Multiply-adds from which a gradient is shared, unless it is the first layer's, which always is:
   * halves of a small product take longer, and more of what it reads is in the cache of another.
   */
  private static final long SMALLEST_SHARED = 1 << 18;

  /**
   * Shares of b end at whole vectors of every width, for a sum down a column by itself takes as
   * long as a vector of them. Of a narrow layer the first member has all, as the last has more rows
   * of W.
   */
  private static final int WIDEST_VECTOR = 16;

  private final Layer[] layers;
  private final Backpropagation network;
  private final Team team;
  private final ThreadChoice choice;
  private final float[] parameters; // W1, b1, W2, b2, ...
  private final float[] gradient; // in the layout of the parameters
  private final Descent descent; // whose groups are the weights of each layer, and those below
  private final int biasGroup;
  private final int factorGroup;
  private final InputFactors inputFactors; // or null
  private final Clipping clipping; // or null
  private final ColumnRelay relay;

  private Split split;
  private int[] order;
  private int first;
  private int count;
  private int members;
  private boolean relayed;

  TrainingStep(
      Architecture architecture,
      Backpropagation network,
      Team team,
      ThreadChoice choice,
      TrainingState state,
      TrainingOptions options) {
    this.layers = architecture.layers().toArray(new Layer[0]);
    this.network = network;
    this.team = team;
    this.choice = choice;
    this.parameters = state.parameters;
    this.relay = new ColumnRelay(architecture, network, team);
    this.gradient = new float[state.trained.length];
    this.biasGroup = layers.length;
    this.factorGroup = layers.length + 1;
    double[] rates = new double[layers.length + 2];
    for (int l = 0; l < layers.length; l++) {
      rates[l] = options.ratesByInputs ? 1 / Math.sqrt(layers[l].inputs()) : 1;
    }
    rates[biasGroup] = options.biasRate;
    rates[factorGroup] = options.inputRate;
    this.descent = new Descent(options.optimizer, options.weightDecay, state, gradient, rates);
    this.inputFactors =
        options.inputRate == 0
            ? null
            : new InputFactors(
                layers[0].inputs(), layers[0].outputs(), state, gradient, choice.most());
    this.clipping = options.clipNorm > 0 ? new Clipping(options.clipNorm, gradient) : null;
  }

  /** The gradient of the last step, in the layout of the parameters. */
  float[] gradient() {
    return gradient;
  }

  /** Trains on rows first..first + count of an order (null: file order) of a split. */
  void run(Split split, int[] order, int first, int count, double learningRate) {
    this.split = split;
    this.order = order;
    this.first = first;
    this.count = count;
    descent.beginStep(learningRate);
    members = choice.next();
    relayed = relay.serves(split, count, members);
    relay.begin(split, order, first, count, members);
    long start = System.nanoTime();
    team.run(members, this);
    choice.took(count, System.nanoTime() - start);
  }

  @Override
  public void run(int member) {
    if (relayed) {
      int from = inputs(0, member);
      int to = inputs(0, member + 1);
      relay.rows(from, to, parameters, member);
    } else {
      rows(member);
    }
    team.barrier(member);
    update(member);
  }

  private void rows(int member) {
    int from = Batches.share(count, member, members);
    int to = Batches.share(count, member + 1, members);
    if (from < to) {
      Batches.load(network, split, order, first, from, to);
      network.rows(parameters, from, to, count, member);
    }
  }

  private void update(int member) {
    if (clipping == null) {
      share(member, true, true, 1);
      return;
    }
    share(member, true, false, 1);
    team.barrier(member);
    clipping.measure(member, members);
    team.barrier(member);
    share(member, false, true, clipping.factor());
  }

  /** A member's share of the parameters: their gradients, their update, or one after the other. */
  private void share(int member, boolean compute, boolean update, float factor) {
    for (int l = 0; l < layers.length; l++) {
      Layer layer = layers[l];
      int from = inputs(l, member);
      int to = inputs(l, member + 1);
      if (from < to) {
        if (compute) {
          gradient(l, from, to, member);
        }
        if (update) {
          updateWeights(l, from, to, factor);
        }
      }
      int fromBias = biases(layer, members - 1 - member);
      int toBias = biases(layer, members - member);
      if (fromBias < toBias) {
        int offset = layer.biasesOffset() + fromBias;
        if (compute) {
          network.biasGradient(l, fromBias, toBias, count, gradient);
        }
        if (update) {
          clip(factor, offset, toBias - fromBias);
          descent.apply(biasGroup, offset, toBias - fromBias);
          give(offset, toBias - fromBias);
        }
      }
    }
  }

  /** The gradient of the weights of some inputs of a layer, and of the inputs' factors. */
  private void gradient(int l, int from, int to, int member) {
    if (l == 0 && members > 1 && hasColumns(from, to)) {
      network.columnsGradient(from, to, count, gradient, member);
    } else {
      network.weightGradient(l, from, to, count, gradient, member);
    }
    if (l == 0 && inputFactors != null) {
      inputFactors.gradients(from, to, member);
    }
  }

  private void updateWeights(int l, int from, int to, float factor) {
    int offset = layers[l].weightsOffset() + from * layers[l].outputs();
    int length = (to - from) * layers[l].outputs();
    clip(factor, offset, length);
    // In a relay, each has read its rows of the first W alone.
    descent.applyToWeights(l, offset, length, members > 1 && !(l == 0 && relayed));
    if (l == 0 && inputFactors != null) {
      int place = inputFactors.place(from);
      clip(factor, place, to - from);
      descent.apply(factorGroup, place, to - from);
      inputFactors.form(from, to);
    } else {
      give(offset, length);
    }
  }

  /** Gives the network what the optimizer has changed, if it works on an array of its own. */
  private void give(int offset, int length) {
    if (inputFactors != null) {
      inputFactors.copy(offset, length);
    }
  }

  /** Whether a member's columns of the mini-batch stand for themselves. */
  private boolean hasColumns(int from, int to) {
    return relayed || loadColumns(from, to);
  }

  /**
   * Loads a member's columns of the mini-batch in its place, to its own cache: half of what the
   * other has loaded would have to come from there, and be asked back at the next step. Nobody
   * needs the rows any more.
   */
  private boolean loadColumns(int from, int to) {
    return split.copyColumns(order, first, count, from, to - from, network.inputs(), count * from);
  }

  private void clip(float factor, int offset, int length) {
    if (factor < 1) {
      GradientNorm.scale(factor, gradient, offset, length);
    }
  }

  /** The first output of a layer of which a member has the bias, the members counted backwards. */
  private int biases(Layer layer, int member) {
    int vectors = (layer.outputs() + WIDEST_VECTOR - 1) / WIDEST_VECTOR;
    return Math.min(layer.outputs(), Batches.share(vectors, member, members) * WIDEST_VECTOR);
  }

  /** The first input of a layer of which a member has the weights. */
  private int inputs(int layer, int member) {
    int rows = layers[layer].inputs();
    if (layer > 0 && (long) rows * layers[layer].outputs() * count < SMALLEST_SHARED) {
      int owner = (layer - 1) % members;
      return member <= owner ? 0 : rows;
    }
    int tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
    return Math.min(rows, Batches.share(tiles, member, members) * TILE_ROWS);
  }
}
