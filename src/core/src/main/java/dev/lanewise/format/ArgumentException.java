package dev.lanewise.format;

/** The refusal of an argument or a value: what was found and what was expected. */
public final class ArgumentException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The whole message. */
  private final Message explanation;

  /** The range of the value, or an empty text. */
  private final String expected;

  private ArgumentException(Message explanation, String expected, Throwable cause) {
    super(explanation.toString(), cause);
    this.explanation = explanation;
    this.expected = expected;
  }

  /**
   * Makes the exception.
   *
   * @param problem what was found and what was expected, as {@link Message#of} takes it
   * @param parts what the format specifiers in the problem stand for
   */
  public ArgumentException(String problem, Object... parts) {
    this(Message.of(problem, parts), "", null);
  }

  /**
   * Makes the exception with its cause.
   *
   * @param problem what was found and what was expected
   * @param cause what was caught
   */
  public ArgumentException(Message problem, Throwable cause) {
    this(problem, "", cause);
  }

  /**
   * Makes the exception of a value outside its range.
   *
   * @param name of the value
   * @param found the value
   * @param expected the range
   * @return the exception
   */
  public static ArgumentException of(String name, Object found, String expected) {
    return new ArgumentException(
        Message.of("%s %s, expected %s", name, found, Message.of(expected)), expected, null);
  }

  /**
   * Returns the range of a value that was refused.
   *
   * @return what was expected, without what was found; empty if no range was named
   */
  public String expected() {
    return expected;
  }

  /**
   * Returns the message with the keys of its remedies.
   *
   * @return what {@link #getMessage} says in words of Java
   */
  public Message explanation() {
    return explanation;
  }
}
