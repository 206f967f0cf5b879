package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Gives many damaged files to a reader. The reader must read a file or refuse it in one line that
 * names the file, and the memory that it allocates is limited.
 *
 * <p>Every build tries the same files. {@code -Dlanewise.fuzz=1000000} sets the number of files,
 * and {@code -Dlanewise.fuzz.seed} selects others. With the number set, a run also limits and
 * prints the processor time, and keeps files that failed in {@code target/fuzz}.
 */
public final class Fuzzing {
  private static final long MAX_BYTES =
      64L << 20; // allocated by a reader in addition to the file's size
  private static final double SLOW = 1; // seconds of processor time, checked in long runs only
  private static final int SHOWN = 5;
  private static final Integer COUNT = Integer.getInteger("lanewise.fuzz");
  private static final long SEED = Long.getLong("lanewise.fuzz.seed", 0);

  /** The name of the file for the reader. */
  public static final String NAME = "damaged";

  private Fuzzing() {}

  /** Reads an input. */
  @FunctionalInterface
  public interface Reader<T> {
    /** Reads an input and returns whether it was accepted, or refuses it by an exception. */
    boolean read(T input) throws IOException;
  }

  /**
   * Tries this number of inputs, unless the system property sets another.
   *
   * @param maker makes an input from the mutator's seed alone; its size counts if it is bytes
   */
  public static <T> void run(
      String format, int inBuild, Function<Mutator, T> maker, Reader<T> reader) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int count = COUNT == null ? inBuild : COUNT;
    List<String> failures = new ArrayList<>();
    int taken = 0;
    int failed = 0;
    long most = 0;
    long longest = 0;
    for (long i = 0; i < count; i++) {
      long seed = SEED * 1_000_000_007L + i;
      T input = maker.apply(new Mutator(seed));
      long size = input instanceof byte[] bytes ? bytes.length : 0;
      long time = threads.getCurrentThreadCpuTime();
      long before = threads.getCurrentThreadAllocatedBytes();
      String problem = null;
      Throwable cause = null;
      try {
        taken += reader.read(input) ? 1 : 0;
      } catch (FormatException e) {
        String message = e.getMessage();
        boolean named = message.contains(NAME) && message.chars().noneMatch(c -> c < ' ');
        problem = named ? null : "the message is not one line that names the file: " + message;
      } catch (IOException | RuntimeException | Error e) {
        problem = e.toString();
        cause = e;
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before - size;
      time = threads.getCurrentThreadCpuTime() - time;
      most = Math.max(most, allocated);
      longest = Math.max(longest, time);
      if (problem == null && allocated > MAX_BYTES) {
        problem = allocated + " bytes allocated in addition to " + size;
      }
      if (problem == null && COUNT != null && time > SLOW * 1e9) {
        problem = time * 1e-9 + " s of processor time";
      }
      if (problem != null) {
        failed++;
        if (failures.size() < SHOWN) {
          failures.add("seed " + seed + ": " + problem);
          if (COUNT != null) {
            keep(format, seed, input, problem, cause);
          }
        }
      }
    }
    if (COUNT != null) {
      System.out.printf(
          "fuzz %s: %d inputs from seed %d, %d accepted, %d refused, %d failed; largest %.1f MB,"
              + " longest %.3f s%n",
          format, count, SEED, taken, count - taken - failed, failed, most * 1e-6, longest * 1e-9);
    }
    assertEquals(List.of(), failures, failed + " of " + count + " " + format);
  }

  private static void keep(String format, long seed, Object input, String problem, Throwable e) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "fuzz"));
      String name = format.replace(' ', '_') + "-" + seed;
      byte[] content = input instanceof byte[] bytes ? bytes : input.toString().getBytes();
      Files.write(folder.resolve(name), content);
      StringBuilder text = new StringBuilder(problem).append('\n');
      for (StackTraceElement element : e == null ? new StackTraceElement[0] : e.getStackTrace()) {
        text.append(element).append('\n');
      }
      Files.writeString(folder.resolve(name + ".txt"), text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
