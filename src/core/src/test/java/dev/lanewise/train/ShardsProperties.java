package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.Descent;
import dev.lanewise.engine.internal.Dropout;
import dev.lanewise.engine.internal.Network;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Layer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.parallel.Team;
import dev.lanewise.parallel.ThreadChoice;
import dev.lanewise.train.internal.Batches;
import dev.lanewise.train.internal.Subtree;
import dev.lanewise.train.internal.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Trains in shards, and by plain loops that follow the definition, which must give the same bits;
 * and computes parts of a step alone, as several machines would.
 */
class ShardsProperties {
  static final int FEATURES = 7;
  private static final int EPOCHS = 2;

  /** A training whose options are drawn. */
  static final class Case {
    final TrainingOptions options = new TrainingOptions();
    final Mlp initial;
    final Rows rows;

    Case(long seed, int height) {
      Random random = new Random(seed);
      options.shards = 1 << height;
      options.batchSize = 64 * options.shards + random.nextInt(2 * options.shards + 5);
      options.seed = seed;
      options.epochs = EPOCHS;
      options.threads = 1 + random.nextInt(2);
      options.learningRate = 0.03;
      options.optimizer =
          List.of(
                  Optimizer.sgd(),
                  Optimizer.momentum(0.9),
                  Optimizer.nesterov(0.8),
                  Optimizer.rmsProp(0.9, 1e-6),
                  Optimizer.adam())
              .get(random.nextInt(5));
      options.weightDecay =
          List.of(WeightDecay.l2(0), WeightDecay.l2(0.05), WeightDecay.decoupled(0.1))
              .get(random.nextInt(3));
      options.dropout = random.nextInt(2) * 0.3;
      options.clipNorm = random.nextInt(2) * 0.05;
      options.inputRate = random.nextInt(2) * 2.0;
      options.biasRate = 0.5;
      options.dropsShortBatch = random.nextInt(3) == 0;
      options.sampling = random.nextInt(4) == 0 ? Sampling.SEQUENTIAL : Sampling.SHUFFLED;
      Loss loss = random.nextBoolean() ? Loss.SOFTMAX : Loss.MSE;
      options.labelSmoothing = loss == Loss.SOFTMAX ? random.nextInt(2) * 0.1 : 0;
      boolean lastHasFew = random.nextInt(3) == 0; // perhaps no rows of some shards
      int more = lastHasFew ? 1 + random.nextInt(options.shards) : options.batchSize;
      int count = options.batchSize * (1 + random.nextInt(2)) + random.nextInt(more);
      rows = rows(random, count, loss);
      List<Integer> hidden = List.of(1 + random.nextInt(40), 1 + random.nextInt(6));
      Architecture sizes = Architecture.relu(FEATURES, hidden, 3);
      initial = Mlp.initial(sizes, Initializer.HE, seed).withLoss(loss);
    }

    private static Rows rows(Random random, int count, Loss loss) {
      float[][] x = new float[count][FEATURES];
      float[][] numbers = new float[count][3];
      int[] labels = new int[count];
      float[] weights = new float[count];
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < FEATURES; j++) {
          x[i][j] = (float) random.nextGaussian();
        }
        for (int k = 0; k < 3; k++) {
          numbers[i][k] = (float) random.nextGaussian() + x[i][k];
        }
        labels[i] = random.nextInt(3);
        weights[i] = random.nextFloat() * 2;
      }
      Rows split = loss == Loss.SOFTMAX ? Rows.of(x, labels) : Rows.of(x, numbers);
      return random.nextBoolean() ? split.withRowWeights(weights) : split;
    }

    Backpropagation buffers(int most, Dropout dropout, ThreadChoice choice) {
      return options.buffers(initial, most, rows.hasWeights(), dropout, choice);
    }
  }

  @Property(tries = 60)
  void aTrainingFollowsItsDefinition(@ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int h) {
    Case drawn = new Case(seed, h);
    TrainingRun run = new Trainer(drawn.options).fit(drawn.initial, Dataset.of(drawn.rows));
    Plain plain = new Plain(drawn);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      Tally tally = plain.epoch(epoch);
      EpochResult result = run.history().results().get(epoch);
      assertEquals(tally.loss(), result.trainLossMean());
      assertEquals(tally.accuracy(), result.trainScoreMean());
    }
    assertArrayEquals(plain.state.parameters, run.model().parameters());
  }

  /** The definition, in plain loops. Only losses and updates are those of other classes. */
  private static final class Plain {
    final Case drawn;
    final TrainingOptions options;
    final Layer[] layers;
    final TrainingState state;
    final float[] gradient;
    final Descent descent;
    final InputFactors factors;
    final Dropout dropout;
    final Backpropagation outputs; // for the loss and its gradient

    Plain(Case drawn) {
      this.drawn = drawn;
      options = drawn.options;
      Architecture architecture = drawn.initial.architecture();
      layers = architecture.layers().toArray(new Layer[0]);
      state = options.begin(drawn.initial, drawn.initial.parameters());
      gradient = new float[state.trained.length];
      double[] rates = {1, 1, 1, options.biasRate, options.inputRate};
      dropout = options.dropout > 0 ? new Dropout(options.dropout, options.seed) : null;
      outputs = drawn.buffers(options.batchSize, dropout, ThreadChoice.upTo(1));
      Network network = outputs.network();
      descent = state.descent(network, options.optimizer, options.weightDecay, gradient, rates);
      factors =
          options.inputRate == 0 ? null : new InputFactors(network, descent, state, gradient, 1);
    }

    /** Deals the shuffled rows of the shards to the places of an epoch in turn. */
    Tally epoch(int epoch) {
      int s = options.shards;
      int r = drawn.rows.rows();
      List<List<Integer>> shards = new ArrayList<>();
      for (int shard = 0; shard < s; shard++) {
        List<Integer> own = new ArrayList<>();
        for (int row = shard; row < r; row += s) {
          own.add(row);
        }
        int[] order = new int[own.size()];
        Arrays.setAll(order, i -> i);
        if (options.sampling == Sampling.SHUFFLED) {
          CounterRandom.permutation(
              CounterRandom.bits(CounterRandom.key(options.seed, 2, epoch), shard), order);
        }
        shards.add(new ArrayList<>(Arrays.stream(order).mapToObj(own::get).toList()));
      }
      Tally all = new Tally(drawn.initial.loss(), 3);
      int b = options.batchSize;
      for (int step = 0; step * b < r; step++) {
        int end = Math.min(r, step * b + b);
        if (end - step * b < b && options.dropsShortBatch) {
          break;
        }
        List<List<Integer>> parts = new ArrayList<>();
        for (int shard = 0; shard < s; shard++) {
          parts.add(new ArrayList<>());
        }
        for (int place = step * b; place < end; place++) {
          parts.get(place % s).add(shards.get(place % s).remove(0));
        }
        all.add(step(epoch, step, parts));
      }
      return all;
    }

    Tally step(int epoch, int step, List<List<Integer>> parts) {
      int[] rows = parts.stream().flatMap(List::stream).mapToInt(row -> row).toArray();
      if (dropout != null) {
        dropout.begin(epoch, step, 1);
      }
      descent.begin(options.learningRate, ++state.steps);
      Batches.load(outputs, drawn.rows, rows, 0, 0, rows.length);
      outputs.rows(state.parameters, 0, rows.length, rows.length, 0);
      float[][] x = new float[layers.length][];
      x[0] = Arrays.copyOf(outputs.inputs(), rows.length * FEATURES);
      float[][] kept = new float[layers.length][];
      long[] keys = new long[layers.length];
      float scale = (float) (1 / (1 - options.dropout));
      for (int l = 0; l < layers.length; l++) {
        keys[l] =
            CounterRandom.bits(
                CounterRandom.bits(CounterRandom.key(options.seed, 5, epoch), step), l);
        float[] y = forward(layers[l], x[l], rows.length);
        kept[l] = y;
        if (l + 1 < layers.length) {
          x[l + 1] = new float[y.length];
          for (int m = 0; m < y.length; m++) {
            float active = Math.max(y[m], 0);
            x[l + 1][m] = options.dropout == 0 ? active : isKept(keys[l], m) ? active * scale : 0;
          }
        } else {
          assertArrayEquals(y, Arrays.copyOf(outputs.outputs(), y.length));
        }
      }
      float[][] g = new float[layers.length][];
      g[layers.length - 1] = Arrays.copyOf(outputs.outputGradient(), rows.length * 3);
      for (int l = layers.length - 1; l > 0; l--) {
        g[l - 1] = backward(layers[l], g[l], rows.length);
        for (int m = 0; m < g[l - 1].length; m++) {
          float passed = kept[l - 1][m] > 0 ? g[l - 1][m] : 0;
          g[l - 1][m] = options.dropout == 0 ? passed : isKept(keys[l - 1], m) ? passed * scale : 0;
        }
      }
      int[] starts = new int[parts.size() + 1];
      Tally tally = new Tally(drawn.initial.loss(), 3);
      List<float[]> sums = new ArrayList<>();
      for (int s = 0; s < parts.size(); s++) {
        starts[s + 1] = starts[s] + parts.get(s).size();
        sums.add(gradient(x, g, starts[s], starts[s + 1]));
        tally.add(tally(starts[s], starts[s + 1]));
      }
      update(tree(sums));
      return tally;
    }

    private boolean isKept(long key, int element) {
      long bits = CounterRandom.bits(key, element / 2);
      long half = element % 2 == 0 ? bits >>> 32 : bits & 0xFFFFFFFFL;
      return half >= Math.round(options.dropout * 0x1p32);
    }

    private float[] forward(Layer layer, float[] x, int rows) {
      int in = layer.inputs();
      int out = layer.outputs();
      float[] y = new float[rows * out];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < out; j++) {
          float sum = state.parameters[layer.biasesOffset() + j];
          for (int p = 0; p < in; p++) {
            float w = state.parameters[layer.weightsOffset() + p * out + j];
            sum = Math.fma(x[i * in + p], w, sum);
          }
          y[i * out + j] = sum;
        }
      }
      return y;
    }

    private float[] backward(Layer layer, float[] g, int rows) {
      int in = layer.inputs();
      int out = layer.outputs();
      float[] dx = new float[rows * in];
      for (int i = 0; i < rows; i++) {
        for (int p = 0; p < in; p++) {
          float sum = 0;
          for (int j = 0; j < out; j++) {
            float w = state.parameters[layer.weightsOffset() + p * out + j];
            sum = Math.fma(g[i * out + j], w, sum);
          }
          dx[i * in + p] = sum;
        }
      }
      return dx;
    }

    private float[] gradient(float[][] x, float[][] g, int from, int to) {
      float[] sum = new float[state.parameters.length];
      for (int l = 0; l < layers.length; l++) {
        int in = layers[l].inputs();
        int out = layers[l].outputs();
        for (int i = from; i < to; i++) {
          for (int j = 0; j < out; j++) {
            sum[layers[l].biasesOffset() + j] += g[l][i * out + j];
            for (int p = 0; p < in; p++) {
              int at = layers[l].weightsOffset() + p * out + j;
              sum[at] = Math.fma(x[l][i * in + p], g[l][i * out + j], sum[at]);
            }
          }
        }
      }
      return sum;
    }

    private Tally tally(int from, int to) {
      Tally tally = new Tally(drawn.initial.loss(), 3);
      for (int i = from; i < to; i++) {
        double loss = outputs.losses()[i];
        if (outputs.targets() == null) {
          tally.add(1, loss, outputs.predicted()[i] == outputs.labels()[i]);
        } else {
          tally.add(1, loss, outputs.outputs(), outputs.targets(), i);
        }
      }
      return tally;
    }

    private void update(float[] sum) {
      System.arraycopy(sum, 0, gradient, 0, sum.length);
      if (factors != null) {
        factors.gradients(0, FEATURES, 0);
      }
      float factor = 1;
      if (options.clipNorm > 0) {
        Clipping clipping = new Clipping(options.clipNorm, gradient);
        clipping.measure(0, 1);
        factor = clipping.factor();
      }
      for (int i = 0; factor < 1 && i < gradient.length; i++) {
        gradient[i] *= factor;
      }
      for (int l = 0; l < layers.length; l++) {
        int length = layers[l].inputs() * layers[l].outputs();
        descent.applyToWeights(l, layers[l].weightsOffset(), length, false);
        descent.apply(3, layers[l].biasesOffset(), layers[l].outputs());
      }
      if (factors != null) {
        descent.apply(4, gradient.length - FEATURES, FEATURES);
        factors.copy(0, state.parameters.length);
        factors.form(0, FEATURES);
      }
    }
  }

  /** Adds neighbours until one is left. */
  private static float[] tree(List<float[]> sums) {
    List<float[]> level = sums;
    while (level.size() > 1) {
      List<float[]> next = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        float[] sum = level.get(i).clone();
        Subtree.add(level.get(i + 1), 0, sum.length, sum);
        next.add(sum);
      }
      level = next;
    }
    return level.get(0);
  }

  /**
   * Each part has rows of its own shards only, in buffers for these, and a subtree of the shards.
   * The sums of three parts, of a half and two quarters of the shards, give the bits of the whole.
   */
  @Property(tries = 40)
  void partsGiveTheGradientOfTheWhole(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 4) int height) {
    Case drawn = new Case(seed, height);
    TrainingOptions options = drawn.options;
    options.inputRate = 0;
    int rows = drawn.rows.rows();
    int batch = options.batchSize;
    Shards shards = new Shards(options.shards, rows, batch);
    int[] order = new EpochOrder(options.sampling, options.seed, drawn.rows, shards).of(1).clone();
    for (int first = 0; first < rows; first += batch) {
      int count = Math.min(batch, rows - first);
      int[] starts = shards.starts(first).clone();
      float[] whole = whole(drawn, order, first, count, starts);
      int quarter = options.shards / 4;
      float[] left = part(drawn, order, first, count, starts, 0, height - 1);
      float[] middle = part(drawn, order, first, count, starts, 2 * quarter, height - 2);
      float[] right = part(drawn, order, first, count, starts, 3 * quarter, height - 2);
      assertArrayEquals(whole, tree(List.of(left, tree(List.of(middle, right)))));
      assertFalse(Arrays.equals(whole, new float[whole.length]));
    }
  }

  /** Computes the gradient of a step on a team. */
  private static float[] whole(Case drawn, int[] order, int first, int count, int[] starts) {
    TrainingOptions options = drawn.options.copy();
    options.clipNorm = 0;
    ThreadChoice choice = ThreadChoice.upTo(options.threads);
    Dropout dropout = dropout(options);
    Backpropagation network = drawn.buffers(count, dropout, choice);
    TrainingState state = options.begin(drawn.initial, drawn.initial.parameters());
    options.weightDecay = WeightDecay.l2(0);
    try (Team team = new Team(choice.most())) {
      TrainingStep step = new TrainingStep(network, team, choice, state, options);
      step.run(drawn.rows, order, first, count, starts, 0.1);
      return step.gradient().clone();
    }
  }

  private static Dropout dropout(TrainingOptions options) {
    Dropout dropout = options.dropout > 0 ? new Dropout(options.dropout, options.seed) : null;
    if (dropout != null) {
      dropout.begin(1, 5, 1);
    }
    return dropout;
  }

  private static float[] part(
      Case drawn, int[] order, int first, int count, int[] starts, int shard, int height) {
    int from = starts[shard];
    int to = starts[shard + (1 << height)];
    Dropout dropout = dropout(drawn.options);
    int odd = from % 2; // row 0 of the buffers is an even row of the mini-batch
    if (dropout != null) {
      dropout.setFirstRow(from - odd);
    }
    Backpropagation network =
        drawn.buffers(Math.max(1, to - from + odd), dropout, ThreadChoice.upTo(1));
    int[] own = Arrays.copyOfRange(order, first + from, first + to);
    Rows rows = drawn.rows.select(own.length == 0 ? new int[1] : own);
    Mlp initial = drawn.initial;
    if (from < to) {
      // the rows of the part are a split of their own
      rows.copyRows(null, 0, to - from, network.features(), odd * FEATURES);
      loadTargets(network, rows, to - from, odd);
      network.rows(initial.parameters(), odd, to - from + odd, count, 0);
    }
    float[] gradient = new float[initial.parameters().length];
    GradientTree tree = new GradientTree(network, List.of(new Subtree(shard, height)), gradient);
    int[] moved = Arrays.stream(starts).map(start -> start - from + odd).toArray();
    tree.begin(moved);
    List<Layer> layers = initial.layers();
    for (int l = 0; l < layers.size(); l++) {
      tree.weights(l, 0, layers.get(l).inputs(), 0, 1);
      tree.biases(l, 0, layers.get(l).outputs());
    }
    return gradient;
  }

  private static void loadTargets(Backpropagation network, Rows rows, int count, int odd) {
    for (int i = 0; network.weights() != null && i < count; i++) {
      network.weights()[i + odd] = rows.weight(i);
    }
    if (network.targets() == null) {
      rows.copyLabels(null, 0, count, network.labels(), odd);
    } else {
      rows.copyTargets(null, 0, count, network.targets(), odd * 3);
    }
  }

  @Property(tries = 200)
  void everyRowHasOnePlaceInABatchOfItsShard(
      @ForAll @IntRange(min = 0, max = 4) int height,
      @ForAll @IntRange(min = 1, max = 1500) int batches,
      @ForAll @IntRange(min = 0, max = 70) int more) {
    int count = 1 << height;
    int batch = 64 * count + more;
    int rows = batch + batches;
    Shards shards = new Shards(count, rows, batch);
    int[] order = new int[rows];
    shards.order(CounterRandom.key(more, 2, batches), order);
    boolean[] seen = new boolean[rows];
    for (int first = 0; first < rows; first += batch) {
      int[] starts = shards.starts(first);
      int size = Math.min(batch, rows - first);
      assertEquals(size, starts[count]);
      for (int s = 0; s < count; s++) {
        int own = starts[s + 1] - starts[s];
        assertTrue(own == size / count || own == size / count + 1, "shares differ by one at most");
        for (int i = starts[s]; i < starts[s + 1]; i++) {
          int row = order[first + i];
          assertEquals(s, row % count);
          assertFalse(seen[row]);
          seen[row] = true;
        }
      }
    }
  }
}
