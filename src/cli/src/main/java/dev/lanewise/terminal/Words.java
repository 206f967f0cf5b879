package dev.lanewise.terminal;

import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import java.util.Map;
import java.util.regex.Pattern;

/** Words messages of the library for the command line, whose options stand for remedies. */
public final class Words {
  /** The option of each remedy, with format specifiers for the values of the remedy. */
  public static final Map<Remedy, String> OPTIONS =
      Map.ofEntries(
          Map.entry(Remedy.TARGET, "--target NAME"),
          Map.entry(Remedy.TARGETS_FILE, "targets beside (--targets FILE)"),
          Map.entry(Remedy.LOSS, "--loss %s"),
          Map.entry(Remedy.CATEGORICAL, "--categorical \"%s\""),
          Map.entry(Remedy.NUMERIC, "--numeric \"%s\""),
          Map.entry(Remedy.IGNORE, "--ignore \"%s\""),
          Map.entry(Remedy.MISSING, "--missing-also \"%s\""),
          Map.entry(Remedy.MIN_COUNT, "--min-count N"),
          Map.entry(Remedy.DECIMAL, "--decimal %s"),
          Map.entry(Remedy.DATES, "--dates %s"),
          Map.entry(Remedy.CENTURY, "--century-from %s"),
          Map.entry(Remedy.SEPARATOR, "--separator C"),
          Map.entry(Remedy.HEADER, "--header %s"),
          Map.entry(Remedy.SKIP, "--skip %s"),
          Map.entry(Remedy.TOTALS, "--%s-totals"),
          Map.entry(Remedy.SHEET, "--sheet NAME"),
          Map.entry(Remedy.CACHE, "--cache DIR"),
          Map.entry(Remedy.SCALE, "--scale %s"),
          Map.entry(Remedy.SCALE_TARGETS, "--scale-targets %s"),
          Map.entry(Remedy.MAPPED, "an .npy file with --targets FILE"),
          Map.entry(Remedy.VALIDATION, "--valid-fraction 0.1"),
          Map.entry(Remedy.CALIBRATION, "train --calibration-fraction 0.1"),
          Map.entry(Remedy.CLASS_WEIGHTS, "--class-weights balanced"),
          Map.entry(Remedy.BALANCED, "--balanced"),
          Map.entry(Remedy.PATIENCE, "--patience %s"),
          Map.entry(Remedy.LAYERS, "--map A,B,..."),
          Map.entry(Remedy.ACTIVATIONS, "--activation NAME,..."),
          Map.entry(Remedy.TRUST, "--trust"),
          Map.entry(Remedy.UNFOLD, "--unfold BYTES"));

  /** An option with a value in quotes, and the same option behind it. */
  private static final Pattern TWICE = Pattern.compile("(--[a-z-]+ \")([^\"]*)\" \\1");

  private Words() {}

  /** Returns the text of a message, in which an option with several values stands once. */
  public static String of(Message message) {
    String text = message.in(OPTIONS).replace(": data: ", ": "); // after the name of a file
    String before = "";
    while (!text.equals(before)) {
      before = text;
      text = TWICE.matcher(text).replaceAll("$1$2,");
    }
    return text;
  }

  /** Returns the message of an exception. */
  public static String of(Throwable e) {
    return of(Message.of(e));
  }
}
