package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.internal.Message;
import dev.lanewise.format.internal.Remedy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageTest {
  private static final Map<Remedy, String> WORDS = Map.of(Remedy.IGNORE, "leave out <%s>");
  private static final Message MESSAGE =
      Message.of("%s of %s, expected none (%s)", 3, "x", Remedy.IGNORE.with("100% \u0001\n"));

  @Test
  void eachProgramNamesARemedyInItsWords() {
    assertEquals("3 of x, expected none (leave out <100% ??>)", MESSAGE.in(WORDS));
    String java = "3 of x, expected none (ReadOptions.withIgnored(List.of(\"100% ??\")))";
    assertEquals(java, MESSAGE.toString());
    assertEquals(java, MESSAGE.in(Map.of(Remedy.TRUST, "trust")));
    assertEquals(
        "a, leave out <b>", Message.of("%s", List.of("a", Remedy.IGNORE.with("b"))).in(WORDS));
  }

  @ParameterizedTest
  @EnumSource
  void everyRemedyIsSaidInJava(Remedy remedy) {
    String said = remedy.with("VALUE", "OTHER").toString();
    assertTrue(!said.isBlank() && !said.contains("%"), said);
  }

  @Test
  void exceptionsKeepTheKeysOfRemedies() {
    FormatException file = new FormatException("100%.csv", "%s", MESSAGE);
    assertEquals("100%.csv: 3 of x, expected none (leave out <100% ??>)", said(file));
    assertEquals(MESSAGE.in(WORDS), Message.problem(file).in(WORDS));
    assertEquals("100%.csv: " + MESSAGE, file.getMessage());
    assertEquals(said(file), said(new UncheckedIOException(file.getMessage(), file)));
    assertEquals("other", said(new UncheckedIOException("other", file)));
    ArgumentException argument = new ArgumentException(Message.of(file), file);
    assertEquals(said(file), said(argument));
    assertSame(file, argument.getCause());
    assertEquals("null", said(new IllegalStateException()));
  }

  private static String said(Throwable e) {
    return Message.of(e).in(WORDS);
  }

  @Test
  void aValueOutsideItsRangeKnowsTheRange() {
    ArgumentException e = ArgumentException.of("epochs", 0, "a whole number from 1");
    assertEquals("epochs 0, expected a whole number from 1", e.getMessage());
    assertEquals("a whole number from 1", e.expected());
    assertEquals("", new ArgumentException("%s rows, expected 1", 0).expected());
  }

  @Test
  void exceptionsOutliveSerialisation() throws IOException, ClassNotFoundException {
    for (Exception e :
        List.of(new FormatException("f", "%s", MESSAGE), new ArgumentException("%s", MESSAGE))) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      new ObjectOutputStream(bytes).writeObject(e);
      Exception copy =
          (Exception)
              new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
      assertEquals(e.getMessage(), copy.getMessage());
      assertEquals(said(e), said(copy));
    }
  }

  @Test
  void messagesAreOneShortLine() {
    String text = "\u001b[2J\n\u202e\u2028\ud800";
    assertEquals("?[2J????, ?[2J????", Message.of("%s, " + text, text).toString());
    assertEquals("x".repeat(120) + "... (999 characters)", Message.of("%s", "x".repeat(999)) + "");
    List<Integer> many = Collections.nCopies(21, 7);
    assertEquals("7, ".repeat(20) + "... (21 in all)", Message.of("%s", many) + "");
    String smile = "\ud83d\ude42";
    assertEquals("x".repeat(599) + "...", Message.of("x".repeat(599) + smile + smile) + "");
    assertEquals("100%", Message.of("100%") + "");
  }
}
