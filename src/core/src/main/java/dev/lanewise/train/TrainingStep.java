package dev.lanewise.train;

import dev.lanewise.data.Rows;
import dev.lanewise.engine.internal.Backpropagation;
import dev.lanewise.engine.internal.Descent;
import dev.lanewise.engine.internal.Network;
import dev.lanewise.engine.internal.Step;
import dev.lanewise.parallel.Team;
import dev.lanewise.parallel.ThreadChoice;
import dev.lanewise.train.internal.Batches;
import dev.lanewise.train.internal.Subtree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The steps of a training on the rows of a split: what its options add to the engine's {@link Step}
 * are sums of gradients by shards, their exchange with other processes, factors of the inputs, and
 * the clipping of gradients.
 */
final class TrainingStep implements Step.Rows {
  private final Backpropagation network;
  private final TrainingState state;
  private final float[] gradient; // in the layout of the trained parameters
  private final GradientTree sums;
  private final Descent descent;
  private final Step step;

  private Rows split;
  private int[] order;
  private int first;

  TrainingStep(
      Backpropagation network,
      Team team,
      ThreadChoice choice,
      TrainingState state,
      TrainingOptions options) {
    this(network, team, choice, state, options, Subtree.of(0, options.shards), null);
  }

  /**
   * Makes the steps of a process that has some of the shards.
   *
   * @param exchange called in each step with the gradients of the subtrees; the first of these
   *     arrays is the gradient then
   */
  TrainingStep(
      Backpropagation network,
      Team team,
      ThreadChoice choice,
      TrainingState state,
      TrainingOptions options,
      List<Subtree> subtrees,
      Consumer<float[][]> exchange) {
    this.network = network;
    this.state = state;
    gradient = new float[state.trained.length];
    sums = new GradientTree(network, subtrees, gradient);
    double[] rates = rates(network.network(), options);
    descent =
        state.descent(network.network(), options.optimizer, options.weightDecay, gradient, rates);
    Step.Part gradients = sums;
    Step.Part updates = descent;
    List<Step.Phase> phases = new ArrayList<>();
    if (exchange != null) {
      phases.add((member, members) -> exchange(exchange, member));
    }
    if (options.inputRate != 0) {
      InputFactors factors =
          new InputFactors(network.network(), descent, state, gradient, choice.most());
      updates = factors;
      if (exchange == null) {
        gradients = factors.after(sums);
      } else {
        phases.add(factors::phase);
      }
    }
    if (options.clipNorm > 0) {
      Clipping clipping = new Clipping(options.clipNorm, gradient);
      phases.add(clipping::measure);
      phases.add(clipping::scale);
    }
    step = new Step(network, state.parameters, team, choice, gradients, updates, phases);
  }

  /** Returns factors of the learning rate for the weights of each layer, biases and factors. */
  private static double[] rates(Network network, TrainingOptions options) {
    int layers = network.layers().size();
    double[] rates = new double[layers + 2];
    Arrays.setAll(
        rates,
        l ->
            l < layers && options.ratesByInputs
                ? 1 / Math.sqrt(network.layers().get(l).inputs())
                : 1);
    rates[layers] = options.biasRate;
    rates[layers + 1] = options.inputRate;
    return rates;
  }

  private void exchange(Consumer<float[][]> exchange, int member) {
    if (member == 0) {
      exchange.accept(sums.sums());
    }
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
  void run(Rows split, int[] order, int first, int count, int[] starts, double learningRate) {
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
      Rows split,
      int[] order,
      int first,
      int skipped,
      int count,
      int batch,
      int[] starts,
      double learningRate) {
    this.split = split;
    this.order = order;
    this.first = first;
    sums.begin(starts);
    state.steps++;
    descent.begin(learningRate, state.steps);
    step.run(this, skipped, count, batch);
  }

  @Override
  public void load(int from, int to) {
    Batches.load(network, split, order, first, from, to);
  }
}
