package dev.lanewise.format;

import dev.lanewise.format.internal.Message;

/** Reports a refused argument or value. The message says what was found and what was expected. */
public final class ArgumentException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The allowed range of the refused value; empty if the exception names none. */
  private final String expected;

  private ArgumentException(Message problem, String expected, Throwable cause) {
    super(problem.coded(), cause);
    this.expected = expected;
  }

  /**
   * Makes the exception.
   *
   * @param problem what was found and what was expected, with format specifiers for the parts
   * @param parts the values for the format specifiers; collections are listed with commas, and long
   *     texts are shortened
   */
  public ArgumentException(String problem, Object... parts) {
    this(Message.of(problem, parts), "", null);
  }

  /**
   * Makes the exception with its cause.
   *
   * @param problem what was found and what was expected, whose {@code toString} is the text
   * @param cause the cause
   */
  public ArgumentException(Object problem, Throwable cause) {
    this(Message.text(problem), "", cause);
  }

  /**
   * {@return the exception for a value outside its range}
   *
   * @param name the name of the value
   * @param found the value
   * @param expected the allowed range
   */
  public static ArgumentException of(String name, Object found, String expected) {
    return new ArgumentException(
        Message.of("%s %s, expected %s", name, found, Message.of(expected)), expected, null);
  }

  /** {@return the allowed range of the refused value; empty if the exception names none} */
  public String expected() {
    return expected;
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
