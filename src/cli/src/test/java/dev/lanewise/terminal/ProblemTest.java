package dev.lanewise.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProblemTest {
  private static String line(Throwable e) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertEquals(
        Problem.FAILED,
        Problem.report(e, false, new PrintStream(bytes, true, StandardCharsets.UTF_8)));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** Covers the wording of JDK 17 to 20 and that of JDK 21 and later. */
  @Test
  void pageThatIsGone() {
    for (String word : new String[] {"a recent", "an"}) {
      String line =
          line(
              new InternalError(
                  "a fault occurred in " + word + " unsafe memory access operation in Java code"));
      assertTrue(line.startsWith("lanewise: a file that is mapped into memory"), line);
    }
  }

  @Test
  void otherInternalErrorsAreNotTakenForOne() {
    for (InternalError e :
        new InternalError[] {new InternalError("no provider"), new InternalError()}) {
      String line = line(e);
      assertTrue(line.startsWith("lanewise: internal error, please report it"), line);
    }
  }
}
