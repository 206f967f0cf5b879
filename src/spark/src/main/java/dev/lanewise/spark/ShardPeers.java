package dev.lanewise.spark;

import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.internal.Peers;
import dev.lanewise.train.internal.Subtree;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;

/**
 * Adds up the gradients of a training in shards with other tasks. Each of N tasks receives the sums
 * of all subtrees for one N-th of the parameters, adds them up, and sends the result to all
 * (reduce-scatter and all-gather). Then each task updates all parameters, which takes far less time
 * than the rows of a step.
 */
final class ShardPeers implements Peers {
  private final int rank;
  private final int shards;
  private final int rows;
  private final String data;
  private final ShardLinks links;
  private final TaskContext task; // or null
  private final Consumer<Checkpoint> keep;

  private final int[] heights; // of all subtrees, in the order of shards
  private final int[] firsts; // the first subtree of each task, and the end
  private float[][] sums; // of all subtrees, for the own parameters
  private byte[][] out; // to each other task; of the own one the result
  private byte[] in = {};

  /**
   * Makes the connection of one task.
   *
   * @param rows training rows of all tasks
   * @param data identifies them
   * @param task ends the training if it is killed; or null
   * @param keep stores a checkpoint
   */
  ShardPeers(
      int rank,
      int shards,
      int rows,
      String data,
      ShardLinks links,
      TaskContext task,
      Consumer<Checkpoint> keep) {
    this.rank = rank;
    this.shards = shards;
    this.rows = rows;
    this.data = data;
    this.links = links;
    this.task = task;
    this.keep = keep;
    firsts = new int[links.count() + 1];
    int[] all = new int[2 * shards];
    for (int r = 0; r < links.count(); r++) {
      List<Subtree> own =
          Subtree.of(cut(r, links.count(), shards), cut(r + 1, links.count(), shards));
      firsts[r + 1] = firsts[r] + own.size();
      for (int t = 0; t < own.size(); t++) {
        all[firsts[r] + t] = own.get(t).height();
      }
    }
    heights = Arrays.copyOf(all, firsts[links.count()]);
  }

  /** Returns the first shard of a task, or the first parameter that it adds up. */
  static int cut(int rank, int tasks, int count) {
    return (int) ((long) rank * count / tasks);
  }

  @Override
  public int firstShard() {
    return cut(rank, links.count(), shards);
  }

  @Override
  public int endShard() {
    return cut(rank + 1, links.count(), shards);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public String data() {
    return data;
  }

  @Override
  public void onCheckpoint(Checkpoint checkpoint) {
    keep.accept(checkpoint);
  }

  private static ByteBuffer bytes(byte[] array) {
    return ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public double[] exchange(float[][] subtrees, int length, double[] tallies) {
    if (task != null) {
      task.killTaskIfInterrupted();
    }
    int tasks = links.count();
    int size = tallies.length / (endShard() - firstShard()); // of the sums of a shard
    int from = cut(rank, tasks, length);
    int count = cut(rank + 1, tasks, length) - from;
    if (out == null) {
      allocate(subtrees.length, length, tallies.length, size, count);
    }
    links.begin();
    for (int other = 0; other < tasks; other++) {
      if (other != rank) {
        int first = cut(other, tasks, length);
        int their = cut(other + 1, tasks, length) - first;
        ByteBuffer message = bytes(out[other]);
        message.asDoubleBuffer().put(tallies);
        FloatBuffer numbers = message.position(Double.BYTES * tallies.length).asFloatBuffer();
        for (float[] subtree : subtrees) {
          numbers.put(subtree, first, their);
        }
        links.send(other, out[other], out[other].length);
      }
    }
    double[] all = new double[size * shards];
    links.await();
    for (int other = 0; other < tasks; other++) {
      int firstTally = size * cut(other, tasks, shards);
      int theirTallies = size * cut(other + 1, tasks, shards) - firstTally;
      if (other == rank) {
        System.arraycopy(tallies, 0, all, firstTally, theirTallies);
        for (int t = 0; t < subtrees.length; t++) {
          System.arraycopy(subtrees[t], from, sums[firsts[rank] + t], 0, count);
        }
        continue;
      }
      int their = firsts[other + 1] - firsts[other];
      links.receive(other, in, Double.BYTES * theirTallies + Float.BYTES * their * count);
      DoubleBuffer losses = bytes(in).asDoubleBuffer();
      losses.get(all, firstTally, theirTallies);
      FloatBuffer numbers = bytes(in).position(Double.BYTES * theirTallies).asFloatBuffer();
      for (int t = firsts[other]; t < firsts[other + 1]; t++) {
        numbers.get(sums[t], 0, count);
      }
    }
    float[] total = Subtree.total(heights, sums, count);
    gather(total, from, count, length, subtrees[0]);
    return all;
  }

  private void allocate(int subtrees, int length, int tallies, int size, int count) {
    int tasks = links.count();
    sums = new float[heights.length][count];
    out = new byte[tasks][];
    int largest = 0;
    for (int other = 0; other < tasks; other++) {
      int their = cut(other + 1, tasks, length) - cut(other, tasks, length);
      out[other] =
          new byte
              [other == rank
                  ? Float.BYTES * count
                  : Double.BYTES * tallies + Float.BYTES * subtrees * their];
      int shardsOf = cut(other + 1, tasks, shards) - cut(other, tasks, shards);
      int subtreesOf = firsts[other + 1] - firsts[other];
      largest =
          Math.max(largest, Double.BYTES * size * shardsOf + Float.BYTES * subtreesOf * count);
      largest = Math.max(largest, Float.BYTES * their);
    }
    in = new byte[largest];
  }

  /** Sends the sums of the own parameters to all, and reads those of the others. */
  private void gather(float[] total, int from, int count, int length, float[] gradient) {
    int tasks = links.count();
    System.arraycopy(total, 0, gradient, from, count);
    bytes(out[rank]).asFloatBuffer().put(total, 0, count);
    links.begin();
    for (int other = 0; other < tasks; other++) {
      if (other != rank) {
        links.send(other, out[rank], out[rank].length);
      }
    }
    links.await();
    for (int other = 0; other < tasks; other++) {
      if (other != rank) {
        int first = cut(other, tasks, length);
        int their = cut(other + 1, tasks, length) - first;
        links.receive(other, in, Float.BYTES * their);
        bytes(in).asFloatBuffer().get(gradient, first, their);
      }
    }
  }

  @Override
  public boolean all(boolean own) {
    byte[] content = {(byte) (own ? 1 : 0)};
    links.begin();
    for (int other = 0; other < links.count(); other++) {
      if (other != rank) {
        links.send(other, content, 1);
      }
    }
    boolean all = own;
    byte[] theirs = new byte[1];
    links.await();
    for (int other = 0; other < links.count(); other++) {
      if (other != rank) {
        links.receive(other, theirs, 1);
        all &= theirs[0] == 1;
      }
    }
    return all;
  }
}
