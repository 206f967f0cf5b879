package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

/** What the library says of a wrong argument. */
final class Refusals {
  private Refusals() {}

  /** The message of the exception that a call must throw. */
  static String refusal(Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }
}
