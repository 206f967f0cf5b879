package dev.lanewise.source;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.TestFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GzipTest {
  private static final byte[] A = "first, ".getBytes(StandardCharsets.UTF_8);
  private static final byte[] B = "second".repeat(40_000).getBytes(StandardCharsets.UTF_8);

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /**
   * Returns the content; the stream always reports that no bytes are available, as a pipe may do.
   */
  private static byte[] unpacked(byte[] packed) throws IOException {
    InputStream in =
        new ByteArrayInputStream(packed) {
          @Override
          public int available() {
            return 0;
          }
        };
    try (InputStream content = Gzip.unpacked(in, "some.gz")) {
      return content.readAllBytes();
    }
  }

  @Test
  void whatIsNotPackedStaysAsItIs() throws IOException {
    for (byte[] bytes : new byte[][] {A, B, {}, {0x1f}, {0x1f, 0x1f, 1}}) {
      assertArrayEquals(bytes, unpacked(bytes));
    }
  }

  @Test
  void allMembersAreRead() throws IOException {
    byte[] a = TestFiles.gzip(A);
    byte[] b = TestFiles.gzip(B);
    byte[] none = TestFiles.gzip(new byte[0]);
    assertArrayEquals(A, unpacked(a));
    assertArrayEquals(joined(A, B, A), unpacked(joined(a, none, b, a, none)));
    assertArrayEquals(B, unpacked(joined(b, new byte[100_000])));
    assertArrayEquals(new byte[0], unpacked(none));
  }

  /** A reader that calls itself for each member would overflow the stack. */
  @Test
  void aMillionEmptyMembersAreReadInALoop() throws IOException {
    byte[] none = TestFiles.gzip(new byte[0]);
    byte[] many = new byte[1_000_000 * none.length];
    for (int at = 0; at < many.length; at += none.length) {
      System.arraycopy(none, 0, many, at, none.length);
    }
    assertArrayEquals(A, unpacked(joined(many, TestFiles.gzip(A))));
  }

  @Test
  void everythingThatAHeaderMayHaveIsPassedOver() throws IOException {
    byte[] sound = TestFiles.gzip(A);
    byte[] rest = Arrays.copyOfRange(sound, 10, sound.length);
    byte[] extra = {3, 1};
    byte[] name = {'a', '.', 'c', 's', 'v', 0};
    byte[] sum = {1, 2};
    for (int flags = 0; flags < 32; flags++) {
      byte[] start = {0x1f, (byte) 0x8b, 8, (byte) flags, 1, 2, 3, 4, 2, 3};
      byte[] packed =
          joined(
              start,
              (flags & 4) != 0 ? joined(extra, new byte[0x103]) : new byte[0],
              (flags & 8) != 0 ? name : new byte[0],
              (flags & 16) != 0 ? name : new byte[0],
              (flags & 2) != 0 ? sum : new byte[0],
              rest);
      assertArrayEquals(A, unpacked(packed), "flags " + flags);
    }
  }

  @Test
  void everyCutIsNoticed() {
    byte[] packed = joined(TestFiles.gzip(A), TestFiles.gzip(A));
    int first = packed.length / 2;
    for (int length = 2; length < packed.length; length++) {
      byte[] cut = Arrays.copyOf(packed, length);
      if (length != first) {
        rejects(IOException.class, () -> unpacked(cut), "the gzip data is cut off");
      }
    }
  }

  /**
   * Each flipped bit is noticed or does not affect the content, such as a bit of the header's time.
   */
  @Test
  void everyFlippedBitIsNoticed() {
    byte[] sound = joined(TestFiles.gzip(A), TestFiles.gzip(A));
    int noticed = 0;
    byte[] content = joined(A, A);
    for (int bit = 16; bit < 8 * sound.length; bit++) {
      byte[] packed = sound.clone();
      packed[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertArrayEquals(content, unpacked(packed), "bit " + bit);
      } catch (IOException e) {
        assertTrue(e.getMessage().startsWith("the gzip data is "), e.getMessage());
        noticed++;
      }
    }
    assertTrue(noticed > 300, "only " + noticed);
  }

  @Test
  void whatFollowsIsNoticed() {
    byte[] packed = TestFiles.gzip(A);
    for (byte[] tail : new byte[][] {{1}, {0, 1}, {0x1f}, {0x1f, 0x1f}, {'a'}}) {
      assertThrows(IOException.class, () -> unpacked(joined(packed, tail)));
    }
  }

  @Test
  void aByteAtATime() throws IOException {
    InputStream in =
        Gzip.unpacked(new ByteArrayInputStream(TestFiles.gzip(new byte[] {-1, 0, 7})), "a");
    assertArrayEquals(
        new int[] {255, 0, 7, -1}, new int[] {in.read(), in.read(), in.read(), in.read()});
    assertEquals(0, in.read(new byte[1], 0, 0));
  }

  /** The contents are larger than the block that is read at once. */
  @Test
  void largePackedContents() throws IOException {
    byte[] bytes = new byte[300_000];
    new Random(3).nextBytes(bytes);
    byte[] packed = TestFiles.gzip(bytes);
    assertTrue(packed.length > bytes.length);
    assertArrayEquals(joined(bytes, A, bytes), unpacked(joined(packed, TestFiles.gzip(A), packed)));
  }

  @Test
  void whatIsDamagedIsToldInTheWordsOfTheUnpacker() {
    byte[] packed = TestFiles.gzip(A);
    packed[10] = 7; // the last block, of the invalid type 3
    rejects(
        IOException.class, () -> unpacked(packed), "the gzip data is damaged: invalid block type");
  }

  @Test
  void closesWhatItReads() throws IOException {
    boolean[] closed = {false};
    InputStream in =
        new ByteArrayInputStream(TestFiles.gzip(A)) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    Gzip.unpacked(in, "a").close();
    assertTrue(closed[0]);
  }
}
