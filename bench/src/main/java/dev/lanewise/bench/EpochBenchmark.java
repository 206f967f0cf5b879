package dev.lanewise.bench;

import dev.lanewise.data.Dataset;
import dev.lanewise.nn.Mlp;
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
 * Measures a whole epoch: the shuffle, steps with loss and accuracy, and validation. The default
 * numbers of rows are those of the course's data set; for MNIST, use {@code -p
 * workload=784-512-512-10:adam:128 -p rows=55000+5000}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 5,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Dlanewise.threads=fixed"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class EpochBenchmark {
  private static final int EPOCHS = 5;

  /** Layer sizes, optimizer, and rows per mini-batch. */
  @Param({"2304-16-80-7:sgd:100", "784-512-512-10:adam:128"})
  public String workload;

  /** Number of training and validation rows. */
  @Param({"3374+419"})
  public String rows;

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
    String[] counts = rows.split("\\+");
    data = work.data(Integer.parseInt(counts[0]), Integer.parseInt(counts[1]));
    initial = work.initial();
    trainer = work.trainer(threads).epochs(EPOCHS).build();
    work.check(data, threads);
  }

  /**
   * Trains for several epochs; JMH prints the time per epoch.
   *
   * @return the run, so that it is not optimised away
   */
  @Benchmark
  @OperationsPerInvocation(EPOCHS)
  public TrainingRun epoch() {
    return trainer.fit(initial, data);
  }
}
