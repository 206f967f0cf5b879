package dev.lanewise.cli;

/** What a user has to hear in one line: a command that cannot be run, or that failed. */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private Problem(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The command line itself is wrong. */
  static Problem usage(String message) {
    return new Problem(ExitCode.USAGE, message, null);
  }

  /** The command line was fine, but what it asks for failed. */
  static Problem failure(String message) {
    return failure(message, null);
  }

  static Problem failure(String message, Throwable cause) {
    return new Problem(ExitCode.FAILED, message, cause);
  }

  int exitCode() {
    return exitCode;
  }
}
