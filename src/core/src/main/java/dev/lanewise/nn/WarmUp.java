package dev.lanewise.nn;

import dev.lanewise.kernel.KernelSet;
import java.util.function.BooleanSupplier;

/**
 * Makes the JVM compile the vector kernels before the first training step or prediction.
 *
 * <p>A JVM interprets code until it is compiled, and interpreted vector code takes a thousand times
 * as long. Networks therefore start on scalar kernels, with the same bits, and use a vector kernel
 * once it is compiled and has given the bits of the scalar kernel in a comparison. By default the
 * threads that use the library do the work that triggers compilation, a fraction of a millisecond
 * at a time and no more than their own work. This class does it at once, in about a fifth of a
 * second. A program with a free core can start a thread for it while it reads data:
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
   * Works until the kernels that most networks use are compiled. Returns at once if they are, or if
   * this JVM has only scalar kernels.
   *
   * @param goOn called several times per millisecond; false ends the work early, without harm
   */
  public static void run(BooleanSupplier goOn) {
    KernelSet.active().warmUp(false, goOn);
  }

  /**
   * Works like {@link #run}, then keeps running: a training of several seconds needs more kernels,
   * which depend on the sizes of its layers.
   *
   * @param goOn called several times per millisecond; false ends the work
   */
  public static void stay(BooleanSupplier goOn) {
    KernelSet.active().warmUp(true, goOn);
  }
}
