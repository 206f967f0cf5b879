package dev.lanewise;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Checks texts. */
public final class Texts {
  private Texts() {}

  /** Checks that a text contains each of the others. */
  public static void assertContains(String whole, String... texts) {
    for (String text : texts) {
      assertTrue(whole.contains(text), () -> whole + "\ndoes not contain: " + text);
    }
  }
}
