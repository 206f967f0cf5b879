package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.lanewise.OwnJvm;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Once the workspace is made and the code compiled, a step allocates nothing: C2 takes its time, so
 * the run goes on until an epoch shows it, and fails if none does. The first ones, which may be
 * those of scalar kernels, do not count. All batches have one size: the tiles of a smaller last
 * one, called once an epoch, wait for C2 for thousands of epochs.
 */
class StepAllocationTest {
  @Test
  void stepsAllocateNothing() throws Exception {
    assertEquals("nothing", OwnJvm.run(StepAllocationTest.class));
  }

  /** Prints whether an epoch allocates nothing, or the least that one does. */
  public static void main(String[] args) {
    String found = least(Optimizer.adam(), 10_000);
    found = found.equals("nothing") ? least(Optimizer.sgd(), 1000) : found;
    System.out.println(found);
  }

  private static String least(Optimizer optimizer, int uncounted) {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Split rows = Digits.DATA.validation().orElseThrow();
    // 9 steps of 30 rows: a StepResult each (48 bytes at most) and the epoch's own report.
    long reports = rows.rows() / 30 * 48 + 200;
    long[] least = {Long.MAX_VALUE};
    TrainingListener untilQuiet =
        new TrainingListener() {
          private long before = bean.getCurrentThreadAllocatedBytes();

          @Override
          public boolean onEpoch(EpochResult result) {
            long allocated = bean.getCurrentThreadAllocatedBytes() - before;
            before = bean.getCurrentThreadAllocatedBytes();
            if (result.epoch() >= uncounted) {
              least[0] = Math.min(least[0], allocated);
            }
            return least[0] > reports;
          }
        };
    Trainer.builder()
        .epochs(40_000)
        .batchSize(30)
        .optimizer(optimizer)
        .listener(untilQuiet)
        .build()
        .fit(Digits.network(0), Dataset.of(rows, Optional.of(rows), Optional.empty()));
    return least[0] <= reports ? "nothing" : least[0] + " bytes an epoch of " + optimizer;
  }
}
