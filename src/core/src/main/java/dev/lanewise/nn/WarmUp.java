package dev.lanewise.nn;

import dev.lanewise.kernel.Kernels;
import java.util.function.BooleanSupplier;

/**
 * Gets the vector kernels compiled ahead of the first step or prediction.
 *
 * <p>A JVM interprets what it has not compiled, and interpreted vectors take a thousand times as
 * long. So networks run on scalar kernels at first, with the same bits, and a vector kernel serves
 * once it is compiled. What it takes to have it compiled is done by the threads that use the
 * library, a fraction of a millisecond at a time and no more than the work they have; here it is
 * done at once, in about a fifth of a second. Whoever has a core to spare starts a thread for it
 * while data are read:
 *
 * <pre>{@code
 * Thread warmUp = new Thread(() -> WarmUp.run(() -> true));
 * warmUp.setDaemon(true);
 * warmUp.start();
 * }</pre>
 */
public final class WarmUp {
  private WarmUp() {}

  /**
   * Works until the kernels that most networks use are compiled; at once if they are, or if this
   * JVM has scalar kernels alone.
   *
   * @param goOn asked some times a millisecond; false ends it earlier, without harm
   */
  public static void run(BooleanSupplier goOn) {
    Kernels.active().warmUp(false, goOn);
  }

  /**
   * The same, and stays: a training that goes on for seconds needs more kernels, which depend on
   * the sizes of its layers.
   *
   * @param goOn asked some times a millisecond; false ends it
   */
  public static void stay(BooleanSupplier goOn) {
    Kernels.active().warmUp(true, goOn);
  }
}
