package dev.lanewise.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Turns whatever went wrong into one line on stderr and an exit code. */
final class Errors {
  private static final long MIB = 1 << 20;

  private Errors() {}

  /** Prints the line, and the stack trace for who asked for it. */
  static int report(Throwable e, boolean debug, PrintStream err) {
    err.print("lanewise: " + Text.printable(message(e)) + "\n");
    if (debug) {
      e.printStackTrace(err);
    }
    err.flush();
    return e instanceof Problem problem ? problem.exitCode() : ExitCode.FAILED;
  }

  private static String message(Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return "not enough memory: the heap may have %s MiB, expected a larger one (java -Xmx...), or a"
              .formatted(Runtime.getRuntime().maxMemory() / MIB)
          + " smaller --batch-size, --hidden or data file";
    }
    if (e instanceof NoSuchFileException missing && missing.getReason() == null) {
      return missing.getFile() + ": no such file or directory, expected it to exist";
    }
    if (e instanceof AccessDeniedException denied && denied.getReason() == null) {
      return denied.getFile() + ": access denied, expected permission";
    }
    if (e instanceof FileSystemException failed && failed.getReason() == null) {
      return failed.getFile() + ": " + e.getClass().getSimpleName() + ", expected to be able to";
    }
    // The library's checks of arguments, such as of buffers of 2^31 values, speak in words.
    boolean inWords =
        e instanceof Problem || e instanceof IOException || e instanceof IllegalArgumentException;
    if (inWords && e.getMessage() != null) {
      return e.getMessage();
    }
    if (e instanceof UncheckedIOException) {
      return message(e.getCause());
    }
    return "internal error, please report it with the output of --debug: " + e;
  }
}
