package dev.lanewise.cli;

import dev.lanewise.kernel.KernelChoice;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Where words go: results to stdout, as text or as JSON Lines, the rest to stderr. Lines end in a
 * line feed everywhere, so that results are the same bytes on every system.
 */
final class Output {
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  /** Of texts in quotes, which may go over several lines. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\t\n\r]]");

  final PrintStream err;
  final boolean quiet;
  final boolean json;
  private final PrintStream text;
  private final PrintStream utf8;

  Output(PrintStream out, PrintStream err, boolean quiet, boolean json) {
    // People read in the encoding of their terminal; programs read UTF-8.
    this.text = out;
    this.utf8 = new PrintStream(out, false, StandardCharsets.UTF_8);
    this.err = err;
    this.quiet = quiet;
    this.json = json;
  }

  /** What was asked for: printed unless it is printed as JSON. */
  void result(String line) {
    if (!json) {
      text.print(printable(line) + "\n");
      text.flush();
    }
  }

  /** What goes without saying for who wants results only. */
  void note(String line) {
    if (!quiet) {
      result(line);
    }
  }

  /** Whether results go to programs. */
  boolean isJson() {
    return json;
  }

  /** A result for programs, printed as JSON or not at all. */
  void event(Json object) {
    if (json) {
      lines(object + "\n");
    }
  }

  /** Lines for programs that are JSON or CSV already. */
  void lines(String lines) {
    utf8.print(lines);
    utf8.flush();
  }

  /** Whether lines for programs cannot be written any more. */
  boolean hasFailed() {
    return utf8.checkError();
  }

  /** A line for who looks at a terminal, beside what scripts read. */
  void aside(String line) {
    if (!quiet && !json) {
      err.print(printable(line.stripTrailing()) + "\n");
      err.flush();
    }
  }

  /** Something to know that is no result. */
  void hint(String line) {
    if (!quiet) {
      error(line);
    }
  }

  /** What went wrong, where that is not the end. */
  void error(String line) {
    err.print("lanewise: " + printable(line) + "\n");
    err.flush();
  }

  /** What would make the kernels that serve faster, or bring faster ones, if anything. */
  void kernelHint() {
    KernelChoice kernels = KernelChoice.current();
    if (!kernels.hint().isEmpty()) {
      String kind = kernels.vector() ? "vector" : "scalar";
      hint(kind + " kernels, as " + kernels.reason() + ": " + kernels.hint());
    }
  }

  /** Whether all results have arrived; says so if not, as on a full disk. */
  boolean finish() {
    utf8.flush();
    text.flush();
    boolean lost = text.checkError() || utf8.checkError();
    if (lost && !readerHasLeft()) {
      err.print("lanewise: stdout: cannot be written to the end, expected room for all results\n");
    }
    return !lost;
  }

  /** A pipe into head breaks early; nobody wants to hear of it. Only another write tells why. */
  private static boolean readerHasLeft() {
    try {
      new FileOutputStream(FileDescriptor.out).write('\n');
      return false;
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).matches("(?i).*broken pipe.*");
    }
  }

  /** Text from a file or a command line: what could drive a terminal becomes a question mark. */
  static String printable(String text) {
    return isPlain(text) ? text : UNPRINTABLE.matcher(text).replaceAll("?");
  }

  /** Text between what drives a terminal: that alone becomes a question mark. */
  static String tame(String text) {
    return isPlain(text) ? text : CONTROL.matcher(text).replaceAll("?");
  }

  private static boolean isPlain(String text) {
    boolean plain = true;
    for (int i = 0; i < text.length() && plain; i++) {
      plain = text.charAt(i) >= ' ' && text.charAt(i) <= '~';
    }
    return plain;
  }
}
