package dev.lanewise.format;

import dev.lanewise.format.internal.Message;
import java.io.IOException;

/**
 * Reports a file with unexpected content. The message is one line, {@code FILE: what was found,
 * what was expected}; if several columns of a table cannot be read, it has a line for each.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  static {
    Message.install(e -> e.explanation, e -> e.problem);
  }

  /** The message without the name of the file. */
  private final Message problem;

  /** The whole message, with the keys of remedies, where {@link #getMessage} names Java methods. */
  private final Message explanation;

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
    this(
        where,
        problem instanceof Message message ? message : Message.of(problem.toString()),
        cause);
  }

  private FormatException(String where, Message problem, Throwable cause) {
    super(Message.of("%s: %s", Message.of(where), problem).toString(), cause);
    this.problem = problem;
    explanation = Message.of("%s: %s", Message.of(where), problem);
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
}
