package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.data.Split;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.ModelParts;
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
   * Memory may have room for only one copy of a large model, and its parameters must not change.
   */
  @Test
  void aModelIsMeasuredWithoutACopyOfIt() {
    // There is one whole batch, because the code for a smaller last one would take long to be
    // compiled.
    Split split =
        Split.of(new float[Batches.EVALUATION_ROWS][64], new int[Batches.EVALUATION_ROWS]);
    Architecture wide = Architecture.relu(64, List.of(1200, 1200), 10);
    Mlp model = Mlp.initial(wide, Initializer.HE, 0);
    String sha256 = model.sha256();
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long none = bean.getCurrentThreadAllocatedBytes();
    ModelParts.access().backpropagation(model, split.rows(), 1);
    long buffers = bean.getCurrentThreadAllocatedBytes() - none;
    long most = buffers + (long) Float.BYTES * model.parameterCount();
    // Kernels that are not compiled yet allocate memory.
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < MOST_ATTEMPTS && least >= most; attempt++) {
      long before = bean.getCurrentThreadAllocatedBytes();
      double loss = Score.of(model, split, 1).loss();
      long between = bean.getCurrentThreadAllocatedBytes();
      assertEquals(RowResults.of(model, split, 1).score().loss(), loss);
      long after = bean.getCurrentThreadAllocatedBytes();
      least = Math.min(least, Math.max(between - before, after - between));
    }
    assertTrue(least < most, least + " bytes; a copy would take at least " + most);
    assertEquals(sha256, model.sha256());
  }
}
