package dev.lanewise.engine.internal;

import dev.lanewise.kernel.math.Updates;

/**
 * The updates of one training: weight decay and a rule, applied to ranges of the parameters. Its
 * state is arrays in the layout of the parameters, so threads can share a step by ranges.
 */
public final class Descent implements Step.Part {
  /** Weights whose cache lines a thread acquires before it updates them: 4 KB, to stay in L1. */
  private static final int OWNED = 1024;

  /** Floats in a cache line. */
  private static final int LINE = 16;

  private final Network network;
  private final UpdateRule rule;
  private final float[] weights;
  private final float[] gradient;
  private final float[][] state; // [arrays of the rule][parameters]
  private final double[] rates; // [groups of parameters], factors of the learning rate
  private final float[][] scalars; // [groups][2]

  private double decay;
  private boolean isDecoupled;
  private final float[] shrinking; // [groups], decoupled decay in this step

  /**
   * Makes the updates of a training.
   *
   * @param weights the parameters of the network, and perhaps further ones after these
   * @param gradient in the layout of the weights
   * @param state arrays of the rule in this layout
   * @param rates factors of the learning rate: one for the weights of each layer, one for biases,
   *     and perhaps more for further parameters
   */
  public Descent(
      Network network,
      UpdateRule rule,
      float[] weights,
      float[] gradient,
      float[][] state,
      double... rates) {
    this.network = network;
    this.rule = rule;
    this.weights = weights;
    this.gradient = gradient;
    this.state = state;
    this.rates = rates;
    this.scalars = new float[rates.length][2];
    this.shrinking = new float[rates.length];
  }

  /** Makes weights decay: decoupled from the gradient, as in AdamW, or as a part of it. */
  public Descent decaying(double decay, boolean isDecoupled) {
    this.decay = decay;
    this.isDecoupled = isDecoupled;
    return this;
  }

  /** Computes the scalars of step 1, 2, ... One thread calls this before the others start. */
  public void begin(double learningRate, long step) {
    for (int group = 0; group < rates.length; group++) {
      double rate = rates[group] * learningRate;
      shrinking[group] = (float) (rate * decay);
      rule.prepare(rate, step, scalars[group]);
    }
  }

  @Override
  public void weights(int layer, int from, int to, int member, int members) {
    Network.Layer l = network.layers().get(layer);
    int width = l.outputs();
    applyToWeights(layer, l.weights() + from * width, (to - from) * width, members > 1);
  }

  @Override
  public void biases(int layer, int from, int to) {
    int group = network.layers().size();
    apply(group, network.layers().get(layer).biases() + from, to - from);
  }

  /**
   * Updates a range of weights by their gradient. No two threads may update the same weight.
   *
   * <p>When threads share a step, the caches of all threads hold each line of the weights, and the
   * first store to a line waits until the other caches have dropped it. One early store to each
   * line of a block lets the processor overlap these waits.
   */
  public void applyToWeights(int group, int offset, int length, boolean isShared) {
    int end = offset + length;
    int block = isShared ? OWNED : length;
    for (int from = offset; from < end; from += block) {
      int count = Math.min(block, end - from);
      for (int i = from; isShared && i < from + count; i += LINE) {
        weights[i] += -0f; // changes no number, but no compiler may omit the store
      }
      decay(group, from, count);
      apply(group, from, count);
    }
  }

  /** Decays weights; both forms of decay are steps of descent, x = fma(-eta, y, x). */
  private void decay(int group, int offset, int length) {
    if (decay != 0) {
      if (isDecoupled) {
        Updates.sgd(offset, length, shrinking[group], weights, weights);
      } else {
        Updates.sgd(offset, length, (float) -decay, weights, gradient);
      }
    }
  }

  /** Updates a range of parameters that do not decay. */
  public void apply(int group, int offset, int length) {
    rule.apply(gradient, weights, state, scalars[group], offset, length);
  }
}
