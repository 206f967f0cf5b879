package dev.lanewise.format;

import dev.lanewise.format.internal.Message;
import java.io.IOException;

/**
 * Reports a file with unexpected content. The message is one line, {@code FILE: what was found,
 * what was expected}; if several columns of a table cannot be read, it has a line for each.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param where the file and, if known, the array or line in it, such as {@code faces.npz:
   *     inputs_train}
   * @param problem what was found and what was expected, with format specifiers for the parts
   * @param parts the values for the format specifiers; collections are listed with commas, and long
   *     texts are shortened
   */
  public FormatException(String where, String problem, Object... parts) {
    this(where, Message.of(problem, parts), null);
  }

  /**
   * Makes the exception with its cause.
   *
   * @param where the file and, if known, the array or line in it, such as {@code faces.npz:
   *     inputs_train}
   * @param problem what was found and what was expected, whose {@code toString} is the text
   * @param cause the cause, or null
   */
  public FormatException(String where, Object problem, Throwable cause) {
    super(Message.located(where, Message.text(problem)).coded(), cause);
  }

  /**
   * Turns an error of the platform while a file is read into a message of one line that names the
   * file.
   *
   * @param where the file
   * @param e the error; returned unchanged if it is a FormatException
   * @return the exception to throw
   */
  public static FormatException unreadable(String where, Exception e) {
    if (e instanceof FormatException ours) {
      return ours;
    }
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new FormatException(
        where,
        Message.of("cannot be read (%s), expected an undamaged file", Message.of(reason)),
        e);
  }

  /** {@return the message with keys in place of remedies, for programs that word these} */
  public String coded() {
    return super.getMessage();
  }

  @Override
  public String getMessage() {
    return new Message(coded()).toString();
  }
}
