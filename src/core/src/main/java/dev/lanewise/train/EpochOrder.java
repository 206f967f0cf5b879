package dev.lanewise.train;

import dev.lanewise.data.Rows;
import dev.lanewise.kernel.math.CounterRandom;
import java.util.Arrays;

/** Computes the order of training rows in each epoch of a run from its {@link Sampling}. */
final class EpochOrder {
  private final long seed;
  private final Shards shards;
  private final boolean isShuffled;
  private final int[] order; // [rows]; null for file order
  private int[][] classes; // for balanced sampling, the rows of each class that occurs
  private int[][] draws; // for each of these classes, the order of its rows in an epoch

  EpochOrder(Sampling sampling, long seed, Rows train, Shards shards) {
    this.seed = seed;
    this.shards = shards;
    this.isShuffled = sampling != Sampling.SEQUENTIAL;
    this.order = isShuffled || shards.count() > 1 ? new int[train.rows()] : null;
    if (sampling == Sampling.BALANCED) {
      group(train);
    }
  }

  private void group(Rows train) {
    int most = 0;
    for (int row = 0; row < train.rows(); row++) {
      most = Math.max(most, train.label(row) + 1);
    }
    int[] counts = new int[most];
    for (int row = 0; row < train.rows(); row++) {
      counts[train.label(row)]++;
    }
    int[] places = new int[most]; // index of each class among those that have rows
    int present = 0;
    for (int c = 0; c < most; c++) {
      places[c] = present;
      present += counts[c] > 0 ? 1 : 0;
    }
    classes = new int[present][];
    draws = new int[present][];
    for (int c = 0; c < most; c++) {
      if (counts[c] > 0) {
        classes[places[c]] = new int[counts[c]];
        draws[places[c]] = new int[counts[c]];
      }
    }
    Arrays.fill(counts, 0);
    for (int row = 0; row < train.rows(); row++) {
      int c = train.label(row);
      classes[places[c]][counts[c]++] = row;
    }
  }

  /**
   * {@return the rows of an epoch, [rows], valid until the next call; null for file order} In
   * balanced sampling with k classes, draw i is the next row of class i mod k, in a random order of
   * the rows of that class. Then all draws are shuffled. With shards, the rows of each mini-batch
   * are those of shard 0, then those of shard 1, and so on.
   */
  int[] of(int epoch) {
    if (order == null) {
      return null;
    }
    if (shards.count() > 1) {
      shards.order(
          isShuffled ? CounterRandom.key(seed, CounterRandom.SHUFFLE, epoch) : null, order);
      return order;
    }
    CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.SHUFFLE, epoch), order);
    if (classes != null) {
      long key = CounterRandom.key(seed, CounterRandom.BALANCED, epoch);
      for (int c = 0; c < draws.length; c++) {
        CounterRandom.permutation(CounterRandom.bits(key, c), draws[c]);
      }
      for (int i = 0; i < order.length; i++) {
        int c = order[i] % classes.length;
        int turn = order[i] / classes.length % classes[c].length;
        order[i] = classes[c][draws[c][turn]];
      }
    }
    return order;
  }
}
