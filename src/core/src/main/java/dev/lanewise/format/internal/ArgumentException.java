package dev.lanewise.format.internal;

/** Reports a refused argument or value: what was found and what was expected. */
public final class ArgumentException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The whole message. */
  private final Message explanation;

  /** The allowed range, or an empty text. */
  private final String expected;

  private ArgumentException(Message explanation, String expected, Throwable cause) {
    super(explanation.toString(), cause);
    this.explanation = explanation;
    this.expected = expected;
  }

  /**
   * Makes the exception.
   *
   * @param problem what was found and what was expected, with format specifiers as in {@link
   *     Message#of}
   * @param parts the values for the format specifiers
   */
  public ArgumentException(String problem, Object... parts) {
    this(Message.of(problem, parts), "", null);
  }

  /**
   * Makes the exception with its cause.
   *
   * @param problem what was found and what was expected
   * @param cause the cause
   */
  public ArgumentException(Message problem, Throwable cause) {
    this(problem, "", cause);
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

  /**
   * {@return the whole message, with remedies as keys, where {@link #getMessage} names Java
   * methods}
   */
  public Message explanation() {
    return explanation;
  }
}
