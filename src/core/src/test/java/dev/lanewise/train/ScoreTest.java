package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.lanewise.OwnJvm;
import dev.lanewise.data.Rows;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.MlpState;
import dev.lanewise.train.internal.Batches;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Tests the memory that a {@link Score} takes, and what it refuses. Tests of losses check its
 * numbers.
 */
class ScoreTest {
  private static final int MOST_ATTEMPTS = 200;

  /**
   * Memory may have room for only one copy of a large model, and its parameters must not change. In
   * few JVMs, code that C2 compiled goes on to allocate vectors. So a second JVM runs if the first
   * one allocates, and the test fails only if both do.
   */
  @Test
  void aModelIsMeasuredWithoutACopyOfIt() throws Exception {
    String found = OwnJvm.run(ScoreTest.class);
    String again = found.equals("no copy") ? found : OwnJvm.run(ScoreTest.class);
    assertEquals("no copy", again, "the first JVM: " + found);
  }

  /** Prints "no copy", or the least number of bytes that a measurement allocates. */
  public static void main(String[] args) {
    // There is one whole batch, because the code for a smaller last one would take long to be
    // compiled.
    Rows split = Rows.of(new float[Batches.EVALUATION_ROWS][64], new int[Batches.EVALUATION_ROWS]);
    Architecture wide = Architecture.relu(64, List.of(1200, 1200), 10);
    Mlp model = Mlp.initial(wide, Initializer.HE, 0);
    String sha256 = model.sha256();
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long none = bean.getCurrentThreadAllocatedBytes();
    MlpState.backpropagation(model, split.rows(), 1);
    long buffers = bean.getCurrentThreadAllocatedBytes() - none;
    long most = buffers + (long) Float.BYTES * model.parameterCount();
    // Kernels that are not compiled yet allocate memory.
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < MOST_ATTEMPTS && least >= most; attempt++) {
      long before = bean.getCurrentThreadAllocatedBytes();
      double loss = Score.of(model, split, 1).loss();
      long between = bean.getCurrentThreadAllocatedBytes();
      double again = RowResults.of(model, split, 1).score().loss();
      long after = bean.getCurrentThreadAllocatedBytes();
      least = Math.min(least, Math.max(between - before, after - between));
      if (again != loss || !sha256.equals(model.sha256())) {
        System.out.println("losses of " + loss + " and " + again + ", or another model");
        return;
      }
    }
    System.out.println(
        least < most ? "no copy" : least + " bytes; a copy would take at least " + most);
  }
}
