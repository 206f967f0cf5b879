package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages are one line of limited length, whatever a file contains. */
class FormatExceptionTest {
  private static String of(String problem, Object... parts) {
    return new FormatException("f", problem, parts).getMessage();
  }

  @Test
  void longPartsAreShortened() {
    String wide = "\ud83d\ude00";
    for (String one : List.of("x", wide)) {
      assertEquals("f: " + one.repeat(120), of("%s", one.repeat(120)));
      String more = one.repeat(121);
      String expected = one.repeat(120) + "... (" + more.length() + " characters)";
      assertEquals("f: " + expected, of("%s", more));
      assertEquals("f: " + expected + ", y", of("%s", List.of(more, "y")));
    }
    String twenty = "7" + ", 7".repeat(19);
    assertEquals("f: " + twenty, of("%s", Collections.nCopies(20, 7)));
    assertEquals("f: " + twenty + ", ... (21 in all)", of("%s", Collections.nCopies(21, 7)));
    assertEquals("f: 100% [] null 5", of("100% [] null 5"), "text without parts stays");
    assertEquals("f:  null 5", of("%s %s %s", List.of(), null, 5));
  }

  @Test
  void aFileBreaksNoLineAndDrivesNoTerminal() {
    assertEquals("f: a?b?c?d?e?", of("a\nb\u001bc\u2028d\u202ee\ud83d"));
    assertEquals("f: \u00e4\ud83d\ude00", of("\u00e4\ud83d\ude00"));
    String longest = of("x".repeat(100_000));
    assertEquals("...", longest.substring(longest.length() - 3));
    int most = longest.length() - 3;
    assertEquals("f: " + "x".repeat(most - 3), of("x".repeat(most - 3)));
    assertEquals(longest, of("x".repeat(most - 2)));
  }

  @Test
  void whatThePlatformSays() {
    FormatException ours = new FormatException("f", "p");
    assertEquals(ours, FormatException.unreadable("g", ours));
    assertEquals(
        "f: cannot be read (IOException), expected an undamaged file",
        FormatException.unreadable("f", new IOException()).getMessage());
    assertEquals(
        "f: cannot be read (gone), expected an undamaged file",
        FormatException.unreadable("f", new IOException("gone")).getMessage());
  }
}
