package dev.lanewise.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** UTF-8 is recognised exactly as by the JDK. */
class Utf8Test {
  private static final int[] EDGES = {0, 0x7f, 0x80, 0xbf, 0xc0, 0xff};

  private static void assertAsTheJdk(CharsetDecoder jdk, int... values) {
    byte[] bytes = new byte[values.length + 2]; // the surrounding bytes are ignored
    for (int i = 0; i < values.length; i++) {
      bytes[i + 1] = (byte) values[i];
    }
    bytes[0] = (byte) 0xff;
    bytes[values.length + 1] = (byte) 0x80;
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, values.length);
    CharBuffer out = CharBuffer.allocate(values.length + 1);
    boolean isSound = jdk.reset().decode(in, out, true).isUnderflow();
    int expected = isSound ? -1 : in.position();
    assertEquals(expected, Utf8.firstWrong(bytes, 1, values.length + 1), () -> in.toString());
  }

  @Test
  void sequencesOfBytes() {
    CharsetDecoder jdk = StandardCharsets.UTF_8.newDecoder();
    assertAsTheJdk(jdk);
    for (int a = 0; a < 256; a++) {
      assertAsTheJdk(jdk, a);
      assertAsTheJdk(jdk, 'x', a);
      for (int b = 0; b < 256; b++) {
        assertAsTheJdk(jdk, a, b);
        for (int c : EDGES) {
          assertAsTheJdk(jdk, a, b, c);
          for (int d : EDGES) {
            if (a >= 0xe0) {
              assertAsTheJdk(jdk, a, b, c, d);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"UTF-16LE, UTF-16", "UTF-16BE, UTF-16", "UTF-32LE, UTF-32", "UTF-32BE, UTF-32"})
  void otherMarks(String encoding, String name) {
    byte[] marked = "\ufeffab".getBytes(Charset.forName(encoding));
    assertEquals(name, Utf8.otherMark(marked, marked.length));
    assertEquals(name, Utf8.otherMark(marked, name.equals("UTF-16") ? 2 : 4));
    assertNull(Utf8.otherMark(marked, 1));
    for (int i = 0; i < (name.equals("UTF-16") ? 2 : 4); i++) {
      byte[] other = marked.clone();
      other[i] ^= 0x10;
      String found = Utf8.otherMark(other, other.length);
      assertEquals(encoding.equals("UTF-32LE") && i > 1 ? "UTF-16" : null, found, "byte " + i);
    }
    assertFalse(Utf8.isMarked(marked, marked.length));
    byte[] without = "ab".getBytes(Charset.forName(encoding));
    assertEquals(name.equals("UTF-16"), Utf8.looksWide(without, without.length));
    for (int i = 0; i < 4 && name.equals("UTF-16"); i++) {
      byte[] other = without.clone();
      other[i] = (byte) (other[i] ^ 'a' + i / 2); // swaps zero and letter
      assertFalse(Utf8.looksWide(other, 4), "byte " + i);
    }
    assertFalse(Utf8.looksWide(without, 3));
  }

  @Test
  void itsOwnMark() {
    byte[] marked = "\ufeffa".getBytes(StandardCharsets.UTF_8);
    assertTrue(Utf8.isMarked(marked, 3));
    assertFalse(Utf8.isMarked(marked, 2));
    assertNull(Utf8.otherMark(marked, 4));
    for (int i = 0; i < Utf8.MARK_LENGTH; i++) {
      byte[] other = marked.clone();
      other[i]--;
      assertFalse(Utf8.isMarked(other, 4));
    }
  }
}
