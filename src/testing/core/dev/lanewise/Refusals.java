package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.format.FormatException;
import org.junit.jupiter.api.function.Executable;

/** Checks that calls throw exceptions with the expected messages. */
public final class Refusals {
  private Refusals() {}

  /** Returns the message of the IllegalArgumentException that a call must throw. */
  public static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  /** Checks that a call throws an exception of a type whose message contains each of the texts. */
  public static void rejects(Class<? extends Throwable> type, Executable call, String... texts) {
    Texts.assertContains(assertThrows(type, call).getMessage(), texts);
  }

  /** Checks that a call throws an IllegalArgumentException whose message contains the texts. */
  public static void rejects(Executable call, String... texts) {
    rejects(IllegalArgumentException.class, call, texts);
  }

  /** Checks that a call throws a FormatException whose message contains the texts. */
  public static void unreadable(Executable call, String... texts) {
    rejects(FormatException.class, call, texts);
  }
}
