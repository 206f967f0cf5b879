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

/**
 * Gives very many damaged files to a reader. It may refuse them, in one line that begins with the
 * file's name, and take memory as the file's size has it; nothing else may happen.
 *
 * <p>In every build the same files. {@code -Dlanewise.fuzz=1000000} takes as many, and others for
 * each {@code -Dlanewise.fuzz.seed}; it also prints what was found, the longest time of processor
 * among it, and keeps what failed in {@code target/fuzz}.
 */
public final class Fuzzing {
  private static final long MAX_BYTES = 64L << 20; // that a reader allocates beside a file's size
  private static final double SLOW = 1; // seconds of processor, which only long runs look at
  private static final int SHOWN = 5;
  private static final Integer COUNT = Integer.getInteger("lanewise.fuzz");
  private static final long SEED = Long.getLong("lanewise.fuzz.seed", 0);

  /** What stands for the file's name. */
  public static final String NAME = "damaged";

  private Fuzzing() {}

  /** Makes an input, which has a size if it is bytes. */
  @FunctionalInterface
  public interface Maker<T> {
    /** The input of this seed. */
    T make(Mutator mutator);
  }

  /** What reads it. */
  @FunctionalInterface
  public interface Reader<T> {
    /** Reads it and returns whether it was taken; or refuses it. */
    boolean read(T input) throws IOException;
  }

  /** Tries so many in a build. */
  public static <T> void run(String format, int inBuild, Maker<T> maker, Reader<T> reader) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int count = COUNT == null ? inBuild : COUNT;
    List<String> failures = new ArrayList<>();
    int taken = 0;
    int failed = 0;
    long most = 0;
    long longest = 0;
    for (long i = 0; i < count; i++) {
      long seed = SEED * 1_000_000_007L + i;
      T input = maker.make(new Mutator(seed));
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
        problem = named ? null : "not a line that names the file: " + message;
      } catch (IOException | RuntimeException | Error e) {
        problem = e.toString();
        cause = e;
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before - size;
      time = threads.getCurrentThreadCpuTime() - time;
      most = Math.max(most, allocated);
      longest = Math.max(longest, time);
      if (problem == null && allocated > MAX_BYTES) {
        problem = allocated + " bytes allocated beside " + size;
      }
      if (problem == null && COUNT != null && time > SLOW * 1e9) {
        problem = time * 1e-9 + " s of processor";
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
          "fuzz %s: %d inputs from seed %d, %d taken, %d refused, %d failed; most %.1f MB,"
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
