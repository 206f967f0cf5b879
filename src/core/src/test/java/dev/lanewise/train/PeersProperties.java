package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.train.ShardsProperties.Case;
import dev.lanewise.train.internal.Peers;
import dev.lanewise.train.internal.Subtree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Trains in shards on several threads that have rows of their own, as processes would. */
class PeersProperties {
  private static final int VALID = 37;

  /** What the threads of a training pass to each other. */
  private static final class Meeting {
    final int[] cuts; // the first shard of each thread, and the end
    final CyclicBarrier barrier;
    final float[][][] subtrees;
    final double[][] tallies;
    final boolean[] values;

    Meeting(int[] cuts) {
      int threads = cuts.length - 1;
      this.cuts = cuts;
      barrier = new CyclicBarrier(threads);
      subtrees = new float[threads][][];
      tallies = new double[threads][];
      values = new boolean[threads];
    }

    void await() {
      try {
        barrier.await(10, TimeUnit.MINUTES);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The listener of one thread. */
  private record Part(Meeting meeting, int rank, int rows, List<Checkpoint> kept) implements Peers {
    @Override
    public int firstShard() {
      return meeting.cuts[rank];
    }

    @Override
    public int endShard() {
      return meeting.cuts[rank + 1];
    }

    @Override
    public String data() {
      return rows + " rows";
    }

    @Override
    public double[] exchange(float[][] subtrees, int length, double[] tallies) {
      meeting.subtrees[rank] = subtrees;
      meeting.tallies[rank] = tallies;
      meeting.await();
      float[][] all =
          Arrays.stream(meeting.subtrees).flatMap(Arrays::stream).toArray(float[][]::new);
      Arrays.setAll(all, t -> all[t].clone());
      int[] heights =
          IntStream.range(0, meeting.cuts.length - 1)
              .boxed()
              .flatMap(r -> Subtree.of(meeting.cuts[r], meeting.cuts[r + 1]).stream())
              .mapToInt(Subtree::height)
              .toArray();
      double[] sums = Arrays.stream(meeting.tallies).flatMapToDouble(Arrays::stream).toArray();
      meeting.await();
      System.arraycopy(Subtree.total(heights, all, length), 0, subtrees[0], 0, length);
      return sums;
    }

    @Override
    public boolean all(boolean own) {
      meeting.values[rank] = own;
      meeting.await();
      boolean all = true;
      for (boolean value : meeting.values) {
        all &= value;
      }
      meeting.await();
      return all;
    }

    @Override
    public void onCheckpoint(Checkpoint checkpoint) {
      if (rank == 0) {
        kept.add(checkpoint.copy());
      }
    }
  }

  /** Runs a training on as many threads as there are parts; returns the run of each. */
  private static List<TrainingRun> runs(
      Case drawn,
      int[] cuts,
      List<Checkpoint> kept,
      BiFunction<Trainer, Dataset, TrainingRun> way) {
    Meeting meeting = new Meeting(cuts);
    int rows = drawn.rows.rows();
    TrainingRun[] runs = new TrainingRun[cuts.length - 1];
    Throwable[] failures = new Throwable[runs.length];
    List<Thread> threads = new ArrayList<>();
    for (int r = 0; r < runs.length; r++) {
      int rank = r;
      int[] own =
          IntStream.range(0, rows)
              .filter(i -> i % drawn.options.shards >= cuts[rank])
              .filter(i -> i % drawn.options.shards < cuts[rank + 1])
              .toArray();
      TrainingOptions options = drawn.options.copy();
      options.add(new Part(meeting, rank, rows, kept));
      options.checkpointSeconds = 1e-9; // after each epoch
      Dataset data = Dataset.of(drawn.rows.select(own), drawn.rows.slice(0, VALID));
      Runnable work = () -> runs[rank] = way.apply(new Trainer(options), data);
      Thread thread = new Thread(work);
      thread.setUncaughtExceptionHandler(
          (of, failure) -> {
            failures[rank] = failure;
            threads.forEach(Thread::interrupt);
          });
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    for (Throwable failure : failures) {
      if (failure != null) {
        throw new IllegalStateException(failure);
      }
    }
    return List.of(runs);
  }

  /** Draws which shards each of some threads has: at least one. */
  private static int[] cuts(Random random, int shards, int threads) {
    List<Integer> all = new ArrayList<>(IntStream.range(1, shards).boxed().toList());
    Collections.shuffle(all, random);
    return IntStream.concat(
            IntStream.of(0, shards), all.stream().limit(threads - 1L).mapToInt(cut -> cut))
        .sorted()
        .toArray();
  }

  private static String text(TrainingRun run) {
    StringBuilder text = new StringBuilder(run.model().sha256() + " " + run.outcome());
    for (EpochResult each : run.history().results()) {
      text.append(
          " %s %s %s".formatted(each.trainLossMean(), each.trainScoreMean(), each.trainLoss()));
      text.append(" %s %s".formatted(each.validLoss(), each.rows()));
    }
    return text.toString();
  }

  /** Also from a checkpoint, which other numbers of threads continue. */
  @Property(tries = 30)
  void allPartsHaveTheBitsOfTheWhole(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int height,
      @ForAll @IntRange(min = 1, max = 4) int threads,
      @ForAll @IntRange(min = 1, max = 4) int later) {
    Case drawn = new Case(seed, height);
    drawn.options.best = drawn.options.seed % 2 == 0 ? BestEpoch.LOSS : BestEpoch.NONE;
    Rows valid = drawn.rows.slice(0, VALID);
    TrainingRun whole =
        new Trainer(drawn.options).fit(drawn.initial, Dataset.of(drawn.rows, valid));
    Random random = new Random(seed);
    int shards = drawn.options.shards;
    List<Checkpoint> kept = new ArrayList<>();
    int[] cuts = cuts(random, shards, Math.min(shards, threads));
    for (TrainingRun run : runs(drawn, cuts, kept, (t, data) -> t.fit(drawn.initial, data))) {
      assertEquals(text(whole), text(run));
    }
    assertEquals(2, kept.size());
    Checkpoint first = kept.get(0);
    int[] others = cuts(random, shards, Math.min(shards, later));
    List<TrainingRun> resumed =
        runs(drawn, others, new ArrayList<>(), (t, data) -> t.resume(first.copy(), data));
    for (TrainingRun run : resumed) {
      assertEquals(text(whole), text(run));
    }
  }

  @Property(tries = 200)
  void subtreesAreTheShards(
      @ForAll @IntRange(min = 0, max = 300) int from,
      @ForAll @IntRange(min = 1, max = 300) int more) {
    int next = from;
    int limit = 2 * (32 - Integer.numberOfLeadingZeros(more));
    List<Subtree> all = Subtree.of(from, from + more);
    for (Subtree each : all) {
      assertEquals(next, each.shard());
      assertEquals(0, each.shard() % (1 << each.height()));
      next += 1 << each.height();
    }
    assertEquals(from + more, next);
    assertTrue(all.size() <= limit, "twice the height of the tree at most");
  }
}
