package dev.lanewise.cli;

/** A request that is answered with an error, in one line for who made it. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The status of HTTP. */
  final int status;

  Refusal(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }
}
