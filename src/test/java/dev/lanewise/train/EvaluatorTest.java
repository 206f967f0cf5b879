package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.data.Split;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an {@link Evaluator} takes. That its numbers are right is the tests of metrics. */
class EvaluatorTest {
  private static final int MOST_ATTEMPTS = 50;

  /** A large model leaves no room for a second one, and its own parameters do not change. */
  @Test
  void aModelIsMeasuredWithoutACopyOfIt() {
    Split split = Digits.DATA.validation().orElseThrow();
    Architecture wide =
        Architecture.relu(Digits.DATA.features(), List.of(1200, 1200), Digits.DATA.classes());
    Mlp model = Mlp.initial(wide, Initializer.HE, 0);
    String sha256 = model.sha256();
    long bytes = (long) Float.BYTES * model.parameterCount();
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    // At first kernels allocate that are not compiled yet.
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < MOST_ATTEMPTS && least >= bytes; attempt++) {
      long before = bean.getCurrentThreadAllocatedBytes();
      double loss = Evaluator.score(model, split, 1).loss();
      long between = bean.getCurrentThreadAllocatedBytes();
      assertEquals(Evaluator.evaluate(model, split, 1).loss(), loss);
      long after = bean.getCurrentThreadAllocatedBytes();
      least = Math.min(least, Math.max(between - before, after - between));
    }
    assertTrue(least < bytes, least + " bytes, of parameters alone " + bytes);
    assertEquals(sha256, model.sha256());
  }
}
