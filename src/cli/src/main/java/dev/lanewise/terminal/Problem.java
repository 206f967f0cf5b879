package dev.lanewise.terminal;

import dev.lanewise.format.FormatException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/** An error for the user in one line: wrong usage, or a command that failed. */
public final class Problem extends RuntimeException {
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  static final int ALARM = 3;

  private static final long serialVersionUID = 1L;

  public final int exitCode;

  private Problem(int exitCode, String message, Object... parts) {
    super(parts.length == 0 ? message : message.formatted(parts));
    this.exitCode = exitCode;
  }

  /** Runs the library, and names in its error what it is about. */
  public static <T> T about(Object what, Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException e) {
      throw failure("%s: %s", what, Words.of(e));
    }
  }

  /** Returns the error of a wrong command line. */
  public static Problem usage(String message, Object... parts) {
    return new Problem(USAGE, message, parts);
  }

  /** Returns the error of a command that failed. */
  public static Problem failure(String message, Object... parts) {
    return new Problem(FAILED, message, parts);
  }

  /** Returns the alarm of a command that did its work. */
  public static Problem alarm(String message, Object... parts) {
    return new Problem(ALARM, message, parts);
  }

  /** Returns the refusal of an HTTP request with a status. */
  public static Problem refusal(int status, String message, Object... parts) {
    return new Problem(status, message, parts);
  }

  /** Returns an error with words before its line. */
  public static Problem of(Throwable e, String before) {
    return new Problem(e instanceof Problem problem ? problem.exitCode : FAILED, before + line(e));
  }

  /** Prints the text of an error, and returns the exit code. */
  public static int report(Throwable e, boolean debug, PrintStream err) {
    String line = line(e); // or several, about the columns of a table
    boolean isOfFile = e instanceof FormatException || e instanceof UncheckedIOException;
    err.print("lanewise: " + (isOfFile ? Output.tame(line) : Output.printable(line)) + "\n");
    if (debug) {
      e.printStackTrace(err);
    }
    err.flush();
    return e instanceof Problem problem ? problem.exitCode : FAILED;
  }

  private static String line(Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return "not enough memory: the heap may have "
          + (Runtime.getRuntime().maxMemory() >> 20)
          + " MiB, expected more (java -Xmx...), or fewer rows, columns or classes in the data, or a"
          + " smaller --hidden or --batch-size";
    }
    if (e instanceof InternalError
        && String.valueOf(e.getMessage())
            .contains("unsafe memory access")) { // a mapped page cannot be read any more
      return "a file that is mapped into memory cannot be read any more, expected it to stay as it"
          + " was: "
          + e.getMessage();
    }
    // Messages of the checks in the library are meant for users, too.
    boolean inWords =
        e instanceof Problem
            || e instanceof IOException
            || e instanceof UncheckedIOException
            || e instanceof IllegalArgumentException;
    return inWords && e.getMessage() != null
        ? Words.of(e)
        : "internal error, please report it with the output of --debug: " + e;
  }
}
