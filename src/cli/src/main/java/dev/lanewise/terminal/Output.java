package dev.lanewise.terminal;

import dev.lanewise.format.internal.Message;
import dev.lanewise.kernel.KernelChoice;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Prints results to stdout, as text or as JSON Lines, and the rest to stderr. Lines end in a line
 * feed, so that results are the same bytes on every system.
 */
public final class Output {
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  /** A word, such as the name of a column, that nobody reads to its end, and its beginning. */
  private static final Pattern LONG = Pattern.compile("(\\S{120})\\S{880,}+");

  /** Control characters, except those of quoted texts with several lines. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\t\n\r]]");

  public final PrintStream err;
  public final boolean quiet;
  public final boolean json;
  private final PrintStream text;
  private final PrintStream utf8;
  private final Set<Message> hints = ConcurrentHashMap.newKeySet();
  private boolean usesKernels;

  public Output(PrintStream out, PrintStream err, boolean quiet, boolean json) {
    // People read in the encoding of their terminal; programs read UTF-8.
    this.text = out;
    this.utf8 = new PrintStream(out, false, StandardCharsets.UTF_8);
    this.err = err;
    this.quiet = quiet;
    this.json = json;
  }

  /** Returns one that prints nothing. */
  public static Output silent() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new Output(nowhere, nowhere, true, false);
  }

  /** Prints a result, unless results are JSON. */
  public void result(String line, Object... parts) {
    if (!json) {
      text.print(line(line, parts));
      text.flush();
    }
  }

  /** Prints a line that --quiet leaves out. */
  public void note(String line, Object... parts) {
    if (!quiet) {
      result(line, parts);
    }
  }

  /** Returns a line; with parts, it is a format for these. */
  private static String line(String line, Object... parts) {
    return shown(parts.length == 0 ? line : line.formatted(parts)) + "\n";
  }

  /** Prints a result if results are JSON. */
  public void event(Json object) {
    if (json) {
      lines(object + "\n");
    }
  }

  /** Prints lines of JSON or CSV. */
  public void lines(String lines) {
    utf8.print(lines);
    utf8.flush();
  }

  public boolean hasFailed() {
    return utf8.checkError();
  }

  /** Prints a line on stderr for a user at a terminal. */
  public void aside(String line) {
    if (!quiet && !json) {
      err.print(printable(line.stripTrailing()) + "\n");
      err.flush();
    }
  }

  /** Prints a hint of the library once, though several networks may give it. */
  public void hint(Message message) {
    if (hints.add(message)) {
      hint(Words.of(message));
    }
  }

  /** Prints a hint, which does not belong to the results. */
  public void hint(String line, Object... parts) {
    if (!quiet) {
      error(line, parts);
    }
  }

  /** Prints an error after which the command goes on. */
  public void error(String line, Object... parts) {
    err.print("lanewise: " + line(line, parts));
    err.flush();
  }

  /** Prints how to get faster kernels, if there are any; the end names those that were wrong. */
  public void kernelHint() {
    usesKernels = true;
    KernelChoice kernels = KernelChoice.current();
    if (!kernels.hint().isEmpty()) {
      String kind = kernels.vector() ? "vector" : "scalar";
      hint(kind + " kernels, as " + kernels.reason() + ": " + kernels.hint());
    }
  }

  /** Returns whether all results were written; otherwise, as on a full disk, prints an error. */
  public boolean finish() {
    utf8.flush();
    if (usesKernels && !KernelChoice.current().wrong().isEmpty()) {
      hint(KernelChoice.current().wrong());
    }
    text.flush();
    boolean lost = text.checkError() || utf8.checkError();
    if (lost && !readerHasLeft()) {
      err.print("lanewise: stdout: cannot be written to the end, expected room for all results\n");
    }
    return !lost;
  }

  /**
   * Returns whether the reader has closed the pipe, as head does, which is not an error. Only
   * another write shows this.
   */
  private static boolean readerHasLeft() {
    try {
      new FileOutputStream(FileDescriptor.out).write('\n');
      return false;
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).matches("(?i).*broken pipe.*");
    }
  }

  /** Returns a printable text, with the beginning of each word that is very long. */
  static String shown(String text) {
    return printable(LONG.matcher(text).replaceAll("$1..."));
  }

  /** Returns a text with question marks in place of characters that could drive a terminal. */
  public static String printable(String text) {
    return isPlain(text) ? text : UNPRINTABLE.matcher(text).replaceAll("?");
  }

  /** Returns a text of several lines with question marks in place of other control characters. */
  public static String tame(String text) {
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
