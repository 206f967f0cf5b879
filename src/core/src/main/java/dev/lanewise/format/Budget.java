package dev.lanewise.format;

/**
 * How many bytes a compressed file may unfold to: some hundred kilobytes can stand for hundreds of
 * megabytes, which nobody asked for. A file may always unfold to 32 times its own size, as hardly
 * any data does; beyond that to a thirty-second of the largest heap, or to as many bytes as the
 * system property {@code lanewise.unfold} has, or as a program allows for what a thread reads:
 *
 * <pre>{@code
 * try (Budget budget = Budget.of(4L << 30)) {
 *   data = Datasets.load(file);
 * }
 * }</pre>
 */
public final class Budget implements AutoCloseable {
  private static final int USUAL_RATIO = 32;
  private static final int SHARE = 32; // of the heap
  private static final ThreadLocal<Budget> CURRENT = new ThreadLocal<>();

  private final long bytes;
  private final Budget outer; // that is current again after this; or null

  private Budget(long bytes) {
    this.bytes = bytes;
    outer = CURRENT.get();
  }

  /**
   * Allows some bytes to every file that this thread reads from now on.
   *
   * @param bytes how many; of 0 or less, none beyond 32 times the size of a file
   * @return what ends that when it is closed, by the same thread
   */
  public static Budget of(long bytes) {
    Budget budget = new Budget(bytes);
    CURRENT.set(budget);
    return budget;
  }

  /** Allows again what was allowed before. */
  @Override
  public void close() {
    CURRENT.set(outer);
  }

  /**
   * What is allowed now, whatever the size of a file.
   *
   * @return bytes
   * @throws IllegalArgumentException if the system property has no number
   */
  public static long bytes() {
    Budget current = CURRENT.get();
    return current == null ? property("lanewise.unfold", SHARE) : current.bytes;
  }

  /**
   * A number of bytes that a system property has, or a share of the largest heap.
   *
   * @param name of the property
   * @param share the divisor of the heap where there is no such property
   * @return at least 0
   * @throws IllegalArgumentException if it has no number
   */
  public static long property(String name, int share) {
    String wish = System.getProperty(name, "" + Runtime.getRuntime().maxMemory() / share);
    if (!wish.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException("-D" + name + "=" + wish + ": must be a number of bytes");
    }
    return Long.parseLong(wish);
  }

  /**
   * Whether something may take so many bytes.
   *
   * @param own the bytes that it is made of
   * @param taken the bytes that it takes
   * @return true of up to 32 times its own, and of what is allowed
   */
  public static boolean allows(long own, long taken) {
    return taken / USUAL_RATIO <= own || taken <= bytes();
  }

  /**
   * Refuses a file that unfolds to more than it may: for who makes something of what is in it.
   *
   * @param file its name, for errors
   * @param packed its bytes
   * @param unfolded bytes of memory, as far as it is known
   * @throws FormatException if they are more than this thread allows to the file
   */
  public static void require(String file, long packed, long unfolded) throws FormatException {
    if (!allows(packed, unfolded)) {
      throw new FormatException(
          file,
          "its %s bytes unfold to %s or more, expected at most %s (%s allows more)",
          packed,
          unfolded,
          bytes(),
          Remedy.UNFOLD.with());
    }
  }
}
