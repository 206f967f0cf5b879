package dev.lanewise.format;

import dev.lanewise.format.internal.Remedy;

/**
 * Limits how many bytes a compressed file may unfold to, as a file of some hundred kilobytes can
 * stand for hundreds of megabytes. Every file may unfold to 32 times its own size, which is enough
 * for nearly all data. A file that unfolds to more is allowed a thirty-second of the largest heap,
 * or the number of bytes in the system property {@code lanewise.unfold}. A program can set another
 * limit for the files that a thread reads:
 *
 * <pre>{@code
 * try (Budget budget = Budget.of(4L << 30)) {
 *   data = Datasets.load(file);
 * }
 * }</pre>
 */
public final class Budget implements AutoCloseable {
  private static final int USUAL_RATIO = 32;
  private static final int SHARE = 32; // share of the heap: one part in 32
  private static final ThreadLocal<Budget> CURRENT = new ThreadLocal<>();

  private final long bytes;
  private final Budget outer; // the budget to restore on close, or null

  private Budget(long bytes) {
    this.bytes = bytes;
    outer = CURRENT.get();
  }

  /**
   * Sets the limit for every file that this thread reads from now on.
   *
   * @param bytes the limit; with 0 or less, a file may only unfold to 32 times its size
   * @return the budget, to be closed by this thread, which ends the limit
   */
  public static Budget of(long bytes) {
    Budget budget = new Budget(bytes);
    CURRENT.set(budget);
    return budget;
  }

  /** Restores the previous limit. */
  @Override
  public void close() {
    CURRENT.set(outer);
  }

  /**
   * {@return the current limit for this thread, independent of the size of a file}
   *
   * @throws IllegalArgumentException if the system property is not a number
   */
  public static long bytes() {
    Budget current = CURRENT.get();
    return current == null ? property("lanewise.unfold", SHARE) : current.bytes;
  }

  /**
   * Returns the number of bytes in a system property, or by default a share of the largest heap.
   *
   * @param name the name of the property
   * @param share the divisor of the heap, used if the property is not set
   * @return the number, at least 0
   * @throws IllegalArgumentException if the property is not a number
   */
  public static long property(String name, int share) {
    String wish = System.getProperty(name, "" + Runtime.getRuntime().maxMemory() / share);
    if (!wish.matches("[0-9]{1,18}")) {
      throw new ArgumentException("-D%s=%s, expected a number of bytes", name, wish);
    }
    return Long.parseLong(wish);
  }

  /**
   * Tests whether content may unfold to a number of bytes.
   *
   * @param own the packed bytes
   * @param taken the unfolded bytes
   * @return true up to 32 times the packed bytes, and up to the current limit
   */
  public static boolean allows(long own, long taken) {
    return taken / USUAL_RATIO <= own || taken <= bytes();
  }

  /**
   * Refuses a file that unfolds to more than the limit.
   *
   * @param file the name of the file for errors
   * @param packed the size of the file in bytes
   * @param unfolded the bytes of memory that are needed, as far as known
   * @throws FormatException if the file needs more bytes than this thread allows
   */
  public static void require(String file, long packed, long unfolded) throws FormatException {
    if (!allows(packed, unfolded)) {
      throw new FormatException(
          file,
          "its %s bytes unfold to %s bytes or more, expected at most %s (%s allows more)",
          packed,
          unfolded,
          bytes(),
          Remedy.UNFOLD.with());
    }
  }
}
