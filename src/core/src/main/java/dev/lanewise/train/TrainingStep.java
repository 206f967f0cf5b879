package dev.lanewise.train;

import dev.lanewise.data.Split;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.kernel.math.GradientNorm;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Layer;
import dev.lanewise.parallel.Team;
import dev.lanewise.parallel.ThreadChoice;
import dev.lanewise.train.internal.Batches;
import dev.lanewise.train.internal.Subtree;
import java.util.List;
import java.util.function.Consumer;

/**
 * One step of mini-batch gradient descent on a team of threads. In the first part each thread
 * passes its share of the rows forward and backward through the network. After a barrier, in the
 * second part, each thread computes the gradients of its share of the parameters and updates them.
 */
final class TrainingStep implements Team.Task {
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

  private final Layer[] layers;
  private final Backpropagation network;
  private final Team team;
  private final ThreadChoice choice;
  private final float[] parameters; // W1, b1, W2, b2, ...
  private final float[] gradient; // in the layout of the parameters
  private final GradientTree sums;
  private final Descent descent; // groups: weights of each layer, biases, factors
  private final int biasGroup;
  private final int factorGroup;
  private final InputFactors inputFactors; // or null
  private final Clipping clipping; // or null

  private final Consumer<float[][]> exchange; // with other processes; or null

  private Split split;
  private int[] order;
  private int first;
  private int skipped;
  private int count;
  private int batch;
  private int members;

  TrainingStep(
      Architecture architecture,
      Backpropagation network,
      Team team,
      ThreadChoice choice,
      TrainingState state,
      TrainingOptions options) {
    this(architecture, network, team, choice, state, options, Subtree.of(0, options.shards), null);
  }

  /**
   * Makes the steps of a process that has some of the shards.
   *
   * @param exchange called in each step with the gradients of the subtrees; the first of these
   *     arrays is the gradient then
   */
  TrainingStep(
      Architecture architecture,
      Backpropagation network,
      Team team,
      ThreadChoice choice,
      TrainingState state,
      TrainingOptions options,
      List<Subtree> subtrees,
      Consumer<float[][]> exchange) {
    this.layers = architecture.layers().toArray(new Layer[0]);
    this.network = network;
    this.team = team;
    this.choice = choice;
    this.parameters = state.parameters;
    this.gradient = new float[state.trained.length];
    this.sums = new GradientTree(architecture, network, subtrees, gradient);
    this.exchange = exchange;
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

  /** Returns the gradient of the last step, in the layout of the parameters. */
  float[] gradient() {
    return gradient;
  }

  /**
   * Trains on rows first..first + count of an order (null: file order) of a split.
   *
   * @param starts the first row of each shard in the mini-batch, and their end
   */
  void run(Split split, int[] order, int first, int count, int[] starts, double learningRate) {
    run(split, order, first, 0, count, count, starts, learningRate);
  }

  /**
   * Trains on rows first + skipped..first + count of an order (null: file order) of a split.
   *
   * @param skipped rows at the beginning of the buffers that are not used
   * @param count rows of the buffers
   * @param batch rows of the mini-batch in all processes
   * @param starts the first row of each shard in the buffers, and their end
   */
  void run(
      Split split,
      int[] order,
      int first,
      int skipped,
      int count,
      int batch,
      int[] starts,
      double learningRate) {
    sums.begin(starts);
    this.split = split;
    this.order = order;
    this.first = first;
    this.skipped = skipped;
    this.count = count;
    this.batch = batch;
    descent.beginStep(learningRate);
    members = choice.next();
    long start = System.nanoTime();
    team.run(members, this);
    choice.took(count, System.nanoTime() - start);
  }

  @Override
  public void run(int member) {
    rows(member);
    team.barrier(member);
    update(member);
  }

  private void rows(int member) {
    int from = skipped + Batches.share(count - skipped, member, members);
    int to = skipped + Batches.share(count - skipped, member + 1, members);
    if (from < to) {
      Batches.load(network, split, order, first, from, to);
      network.rows(parameters, from, to, batch, member);
    }
  }

  private void update(int member) {
    if (clipping == null && exchange == null) {
      share(member, true, true, 1);
      return;
    }
    share(member, true, false, 1);
    team.barrier(member);
    if (exchange != null) {
      if (member == 0) {
        exchange.accept(sums.sums());
      }
      team.barrier(member);
      factorGradients(inputs(0, member), inputs(0, member + 1), member);
    }
    if (clipping == null) {
      share(member, false, true, 1);
      return;
    }
    if (exchange != null) {
      team.barrier(member);
    }
    clipping.measure(member, members);
    team.barrier(member);
    share(member, false, true, clipping.factor());
  }

  private void factorGradients(int from, int to, int member) {
    if (inputFactors != null && from < to) {
      inputFactors.gradients(from, to, member);
    }
  }

  /** Computes the gradients of a member's share of the parameters, updates them, or does both. */
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
          sums.biases(l, fromBias, toBias);
        }
        if (update) {
          clip(factor, offset, toBias - fromBias);
          descent.apply(biasGroup, offset, toBias - fromBias);
          copyToNetwork(offset, toBias - fromBias);
        }
      }
    }
  }

  /** Computes the gradient of the weights of some inputs of a layer, and of the input factors. */
  private void gradient(int l, int from, int to, int member) {
    sums.weights(l, from, to, member);
    if (l == 0 && exchange == null) {
      factorGradients(from, to, member);
    }
  }

  private void updateWeights(int l, int from, int to, float factor) {
    int offset = layers[l].weightsOffset() + from * layers[l].outputs();
    int length = (to - from) * layers[l].outputs();
    clip(factor, offset, length);
    descent.applyToWeights(l, offset, length, members > 1);
    if (l == 0 && inputFactors != null) {
      int place = inputFactors.place(from);
      clip(factor, place, to - from);
      descent.apply(factorGroup, place, to - from);
      inputFactors.form(from, to);
    } else {
      copyToNetwork(offset, length);
    }
  }

  /** Copies updated parameters to the network, if the optimizer has an array of its own. */
  private void copyToNetwork(int offset, int length) {
    if (inputFactors != null) {
      inputFactors.copy(offset, length);
    }
  }

  private void clip(float factor, int offset, int length) {
    if (factor < 1) {
      GradientNorm.scale(factor, gradient, offset, length);
    }
  }

  /** Returns the first output whose bias a member updates, with the members in reverse order. */
  private int biases(Layer layer, int member) {
    int vectors = (layer.outputs() + WIDEST_VECTOR - 1) / WIDEST_VECTOR;
    return Math.min(layer.outputs(), Batches.share(vectors, member, members) * WIDEST_VECTOR);
  }

  /** Returns the first input of a layer whose weights a member updates. */
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
