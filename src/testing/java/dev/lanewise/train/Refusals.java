package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

/** Messages of the library about wrong arguments. */
final class Refusals {
  private Refusals() {}

  /** Returns the message of the exception that a call must throw. */
  static String refusal(Executable wrong) {
    return assertThrows(IllegalArgumentException.class, wrong).getMessage();
  }
}
