package dev.lanewise.train;

import dev.lanewise.format.internal.ArgumentException;
import dev.lanewise.kernel.math.CounterRandom;

/**
 * The division of training rows into S shards: row i belongs to shard i mod S. An epoch has one
 * place for each row, and place q takes the next row of shard q mod S in the shard's own order. So
 * a mini-batch, which has consecutive places, has nearly equally many rows of every shard, also if
 * it is short. In the mini-batch, the rows of shard 0 come first, then those of shard 1, and so on.
 */
final class Shards {
  /** Minimum rows of a mini-batch per shard: with fewer, the sums of gradients take too long. */
  private static final int FEWEST_ROWS = 64;

  private final int count;
  private final int rows; // of an epoch
  private final int batch;
  private final int[] starts;

  /** Makes the shards of an epoch of some rows in mini-batches of batch rows. */
  Shards(int count, int rows, int batch) {
    check(count, batch);
    this.count = count;
    this.rows = rows;
    this.batch = batch;
    this.starts = new int[count + 1];
  }

  /** Refuses more shards than the rows of a mini-batch allow. */
  static void check(int count, int batch) {
    if (count > 1 && batch / FEWEST_ROWS < count) {
      throw new ArgumentException(
          "%s shards of mini-batches of %s rows, expected at most %s, or mini-batches of at least"
              + " %s rows",
          count,
          batch,
          Integer.highestOneBit(Math.max(1, batch / FEWEST_ROWS)),
          (long) count * FEWEST_ROWS);
    }
  }

  int count() {
    return count;
  }

  /** Returns how many of the places before a place have rows of a shard. */
  private int before(int place, int shard) {
    return (int) (((long) place + count - 1 - shard) / count);
  }

  /**
   * {@return for the mini-batch that begins at a place the first row of each shard, and after the
   * last one the number of rows, [count + 1], valid until the next call}
   */
  int[] starts(int first) {
    int end = end(first);
    for (int s = 0; s < count; s++) {
      starts[s + 1] = starts[s] + before(end, s) - before(first, s);
    }
    return starts;
  }

  private int end(int first) {
    return first + Math.min(batch, rows - first);
  }

  /**
   * Computes the order of an epoch.
   *
   * @param key the key of the shuffles of the epoch; null for the rows of each shard in file order
   * @param order [rows], overwritten
   */
  void order(Long key, int[] order) {
    int[][] own = new int[count][]; // the order of each shard
    for (int s = 0; s < count; s++) {
      own[s] = new int[before(rows, s)];
      for (int j = 0; j < own[s].length; j++) {
        own[s][j] = j;
      }
      if (key != null) {
        CounterRandom.permutation(CounterRandom.bits(key, s), own[s]);
      }
    }
    int at = 0;
    for (int first = 0; first < rows; first = end(first)) {
      for (int s = 0; s < count; s++) {
        for (int j = before(first, s); j < before(end(first), s); j++) {
          order[at++] = own[s][j] * count + s;
        }
      }
    }
  }
}
