package dev.lanewise.format;

import java.io.IOException;

/**
 * A file whose content is not what was expected. The message is one line, {@code FILE: what was
 * found, what was expected}.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Longer messages can only come from names inside a hostile file. */
  private static final int MAX_LENGTH = 600;

  /**
   * Makes the exception.
   *
   * @param where the file, and within it the array or line, such as {@code faces.npz: inputs_train}
   * @param problem what was found and what was expected
   */
  public FormatException(String where, String problem) {
    super(oneLine(where + ": " + problem));
  }

  /**
   * Makes the exception with its cause.
   *
   * @param where the file, and within it the array or line, such as {@code faces.npz: inputs_train}
   * @param problem what was found and what was expected
   * @param cause what the platform reported
   */
  public FormatException(String where, String problem, Throwable cause) {
    super(oneLine(where + ": " + problem), cause);
  }

  /** What a file contains ends up in messages: it must not break the line or drive a terminal. */
  private static String oneLine(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(MAX_LENGTH)
        .forEach(
            c -> {
              int kind = Character.getType(c);
              boolean plain =
                  kind != Character.CONTROL
                      && kind != Character.FORMAT
                      && kind != Character.LINE_SEPARATOR
                      && kind != Character.PARAGRAPH_SEPARATOR
                      && kind != Character.SURROGATE;
              line.appendCodePoint(plain ? c : '?');
            });
    if (text.codePointCount(0, text.length()) > MAX_LENGTH) {
      line.append("...");
    }
    return line.toString();
  }
}
