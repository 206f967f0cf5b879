package dev.lanewise.format;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * A file whose content is not what was expected. The message is one line, {@code FILE: what was
 * found, what was expected}.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Longer messages can only come from names inside a hostile file. */
  private static final int MAX_LENGTH = 600;

  /** Of a longer text in a message the beginning tells which one it is. */
  private static final int MAX_TEXT = 120;

  private static final int MAX_LISTED = 20;

  /**
   * Makes the exception.
   *
   * @param where the file, and within it the array or line, such as {@code faces.npz: inputs_train}
   * @param problem what was found and what was expected; without parts taken as it is
   * @param parts what the format specifiers in the problem stand for, as {@link #message} takes
   *     them
   */
  public FormatException(String where, String problem, Object... parts) {
    super(oneLine(where, parts.length == 0 ? problem : message(problem, parts)));
  }

  /**
   * A message about what may be long: of texts the beginning is shown, of lists the first, and how
   * long they are.
   *
   * @param problem with format specifiers
   * @param parts what these stand for: collections, whose elements stand between commas, or others
   * @return the text
   */
  public static String message(String problem, Object... parts) {
    return problem.formatted(Arrays.stream(parts).map(FormatException::shown).toArray());
  }

  private static Object shown(Object part) {
    if (part instanceof Collection<?> all) {
      String some =
          all.stream()
              .limit(MAX_LISTED)
              .map(one -> String.valueOf(shown(one)))
              .collect(Collectors.joining(", "));
      return all.size() <= MAX_LISTED ? some : some + ", ... (" + all.size() + " in all)";
    } else if (part instanceof String text && text.codePointCount(0, text.length()) > MAX_TEXT) {
      int end = text.offsetByCodePoints(0, MAX_TEXT);
      return text.substring(0, end) + "... (" + text.length() + " characters)";
    }
    return part;
  }

  /**
   * Makes the exception with its cause.
   *
   * @param where the file, and within it the array or line, such as {@code faces.npz: inputs_train}
   * @param problem what was found and what was expected
   * @param cause what the platform reported
   */
  public FormatException(String where, String problem, Throwable cause) {
    super(oneLine(where, problem), cause);
  }

  /** What the platform says while reading becomes one line with the file's name. */
  static FormatException unreadable(String where, Exception e) {
    if (e instanceof FormatException ours) {
      return ours;
    }
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new FormatException(where, "cannot be read (" + reason + "), expected a sound file", e);
  }

  /** What a file contains ends up in messages: it must not break the line or drive a terminal. */
  private static String oneLine(String where, String problem) {
    String text = where + ": " + problem;
    StringBuilder line = new StringBuilder();
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      if (i >= MAX_LENGTH) {
        return line.append("...").toString();
      }
      switch (Character.getType(c)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.SURROGATE ->
            line.append('?');
        default -> line.appendCodePoint(c);
      }
    }
    return line.toString();
  }
}
