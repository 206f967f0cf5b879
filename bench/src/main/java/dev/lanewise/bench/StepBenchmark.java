package dev.lanewise.bench;

import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Mlp;
import dev.lanewise.train.Sampling;
import dev.lanewise.train.Trainer;
import dev.lanewise.train.TrainingRun;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures a training step: copying rows, forward and backward pass, and update. The data set has
 * 34 mini-batches, like that of the course, so that rows are read from memory and not from a cache.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 5,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "-Dlanewise.kernels=vector",
      "-Dlanewise.threads=fixed"
    })
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class StepBenchmark {
  private static final int BATCHES = 34;

  /**
   * The workspace, which each run allocates, costs at most a few per cent with this number of
   * epochs.
   */
  private static final int EPOCHS = 6;

  /** Layer sizes, optimizer, and rows per mini-batch. */
  @Param({"2304-16-80-7:sgd:100", "784-512-512-10:adam:128"})
  public String workload;

  /** Number of threads of a step. */
  @Param({"1", "2"})
  public int threads;

  private Dataset data;
  private Mlp initial;
  private Trainer trainer;

  /** Makes the data, and checks the training. */
  @Setup
  public void prepare() {
    Workload work = Workload.of(workload);
    data = work.data(BATCHES * work.batch(), 0);
    initial = work.initial();
    trainer = work.trainer(threads).epochs(EPOCHS).sampling(Sampling.SEQUENTIAL).build();
    work.check(data, threads);
  }

  /**
   * Trains for several steps; JMH prints the time per step.
   *
   * @return the run, so that it is not optimised away
   */
  @Benchmark
  @OperationsPerInvocation(BATCHES * EPOCHS)
  public TrainingRun step() {
    return trainer.fit(initial, data);
  }
}
