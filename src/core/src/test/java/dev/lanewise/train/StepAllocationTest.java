package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.lanewise.OwnJvm;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A step allocates nothing once its workspace is made and its code is compiled. C2 needs time, so
 * the run continues until an epoch allocates nothing, and the test fails if none does. The first
 * epochs do not count, because they may use scalar kernels. All batches have the same size: the
 * code for a smaller last one, which is called once an epoch, would wait thousands of epochs for
 * C2.
 *
 * <p>C2 decides by its timing and its profile what it inlines. In fewer than one JVM of 200, code
 * that it compiled went on to allocate vectors. So a second JVM runs if the first one allocates,
 * and the test fails only if both do.
 */
class StepAllocationTest {
  @Test
  void stepsAllocateNothing() throws Exception {
    String found = OwnJvm.run(StepAllocationTest.class);
    String again = found.equals("nothing") ? found : OwnJvm.run(StepAllocationTest.class);
    assertEquals("nothing", again, "the first JVM: " + found);
  }

  /** Prints "nothing", or the least number of bytes that an epoch allocates. */
  public static void main(String[] args) {
    String found = least(Optimizer.adam(), 1500);
    found = found.equals("nothing") ? least(Optimizer.sgd(), 500) : found;
    System.out.println(found);
  }

  private static String least(Optimizer optimizer, int uncounted) {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Rows rows = Digits.DATA.validation().orElseThrow();
    // Each of 9 steps of 30 rows makes a StepResult of at most 48 bytes, and an epoch its own
    // report.
    long reports = rows.rows() / 30 * 48 + 300;
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
        .epochs(200_000) // so many that all kernels are compiled at once
        .batchSize(30)
        .optimizer(optimizer)
        .listener(untilQuiet)
        .build()
        .fit(Digits.network(0), Dataset.of(rows, Optional.of(rows), Optional.empty()));
    return least[0] <= reports ? "nothing" : least[0] + " bytes an epoch of " + optimizer;
  }
}
