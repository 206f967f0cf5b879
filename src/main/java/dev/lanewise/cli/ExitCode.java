package dev.lanewise.cli;

/** What a script learns from the end of the program. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;

  /** What shells report of a program that SIGINT ended. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
