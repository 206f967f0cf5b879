package dev.lanewise.train;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.kernel.math.CounterRandom;

/**
 * The division of training rows into S shards: row i belongs to shard i mod S. An epoch has one
 * place for each row, and place q takes the next row of shard q mod S in the shard's own order. So
 * a mini-batch, which has consecutive places, has nearly equally many rows of every shard, also if
 * it is short. In the mini-batch, the rows of shard 0 come first, then those of shard 1, and so on.
 *
 * <p>Of several processes, each has the rows of some consecutive shards. Its buffers begin with an
 * even row of the mini-batch, as dropout needs, so with the row before the first one if that is
 * odd.
 */
final class Shards {
  /** Minimum rows of a mini-batch per shard: with fewer, the sums of gradients take too long. */
  private static final int FEWEST_ROWS = 64;

  private final int count;
  private final int rows; // of an epoch
  private final int batch;
  private final int from; // first shard of this process
  private final int end;
  private final int[] starts;

  /** Makes the shards of an epoch of some rows in mini-batches of batch rows. */
  Shards(int count, int rows, int batch) {
    this(count, rows, batch, 0, count);
  }

  /** Makes the same for a process that has shards from..end. */
  Shards(int count, int rows, int batch, int from, int end) {
    check(count, batch);
    this.count = count;
    this.rows = rows;
    this.batch = batch;
    this.from = from;
    this.end = end;
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

  /** Returns the number of shards of this process. */
  int own() {
    return end - from;
  }

  /** Returns the first shard of this process. */
  int from() {
    return from;
  }

  /** Returns how many of the places before a place have rows of a shard. */
  private int before(int place, int shard) {
    return (int) (((long) place + count - 1 - shard) / count);
  }

  /** Returns how many of the first places, or of the first rows, are those of this process. */
  int ownBefore(int place) {
    int own = 0;
    for (int s = from; s < end; s++) {
      own += before(place, s);
    }
    return own;
  }

  /** Returns the largest number of rows of this process in the buffers of a mini-batch. */
  int most() {
    return own() == count ? batch : (batch / count + 1) * own() + 1;
  }

  /** Returns the row of the mini-batch that is row 0 of the buffers, an even number. */
  int firstRow(int first) {
    int before = 0;
    for (int s = 0; s < from; s++) {
      before += before(end(first), s) - before(first, s);
    }
    return before / 2 * 2;
  }

  /**
   * {@return for the mini-batch that begins at a place the first row of each shard in the buffers,
   * and after the last one the end, [count + 1], valid until the next call} Rows of other processes
   * have numbers outside the buffers.
   */
  int[] starts(int first) {
    int end = end(first);
    starts[0] = -firstRow(first);
    for (int s = 0; s < count; s++) {
      starts[s + 1] = starts[s] + before(end, s) - before(first, s);
    }
    return starts;
  }

  private int end(int first) {
    return first + Math.min(batch, rows - first);
  }

  /**
   * Computes the order of an epoch, of the rows of this process.
   *
   * @param key the key of the shuffles of the epoch; null for the rows of each shard in file order
   * @param order the rows of this process are numbered without those of others; overwritten
   */
  void order(Long key, int[] order) {
    int[][] rowsOf = new int[own()][]; // the order of each shard
    for (int s = from; s < end; s++) {
      int[] each = new int[before(rows, s)];
      for (int j = 0; j < each.length; j++) {
        each[j] = j;
      }
      if (key != null) {
        CounterRandom.permutation(CounterRandom.bits(key, s), each);
      }
      rowsOf[s - from] = each;
    }
    int at = 0;
    for (int first = 0; first < rows; first = end(first)) {
      for (int s = from; s < end; s++) {
        for (int j = before(first, s); j < before(end(first), s); j++) {
          order[at++] = rowsOf[s - from][j] * own() + s - from;
        }
      }
    }
  }
}
