package dev.lanewise.format;

import java.io.IOException;

/**
 * A file whose content is not what was expected. The message is one line, {@code FILE: what was
 * found, what was expected}.
 */
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The message without the file. */
  private final Message problem;

  /** The whole message. */
  private final Message explanation;

  /**
   * Makes the exception.
   *
   * @param where the file, and within it the array or line, such as {@code faces.npz: inputs_train}
   * @param problem what was found and what was expected; without parts taken as it is
   * @param parts what the format specifiers in the problem stand for, as {@link Message#of} takes
   *     them
   */
  public FormatException(String where, String problem, Object... parts) {
    this(where, Message.of(problem, parts), null);
  }

  /**
   * Makes the exception with its cause.
   *
   * @param where the file, and within it the array or line, such as {@code faces.npz: inputs_train}
   * @param problem what was found and what was expected
   * @param cause what was caught, or null
   */
  public FormatException(String where, Message problem, Throwable cause) {
    this(Message.of("%s: %s", Message.of(where), problem), problem, cause);
  }

  /**
   * Makes the exception with its cause.
   *
   * @param where the file, and within it the array or line
   * @param problem what was found and what was expected
   * @param cause what was caught
   */
  public FormatException(String where, String problem, Throwable cause) {
    this(where, Message.of(problem), cause);
  }

  private FormatException(Message explanation, Message problem, Throwable cause) {
    super(explanation.toString(), cause);
    this.explanation = explanation;
    this.problem = problem;
  }

  /**
   * Returns the message with the keys of its remedies.
   *
   * @return what {@link #getMessage} says in words of Java
   */
  public Message explanation() {
    return explanation;
  }

  /**
   * Returns the message without the file.
   *
   * @return what was found and what was expected
   */
  public Message problem() {
    return problem;
  }

  /**
   * Returns an error of the platform while a file is read as one line with the name of the file.
   *
   * @param where the file
   * @param e the error; returned as it is if it is a FormatException
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
