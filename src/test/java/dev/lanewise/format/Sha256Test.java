package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Sha256Test {
  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (i * 7 + i / 256);
    }
    return bytes;
  }

  /** FIPS 180-4 names this one. */
  @Test
  void theStandardsExample() {
    byte[] digest = new Sha256().digest("abc".getBytes(StandardCharsets.US_ASCII));
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        HexFormat.of().formatHex(digest));
  }

  @Test
  void asThePlatformsForEveryLengthOfTheLastBlocks() throws Exception {
    MessageDigest platform = MessageDigest.getInstance("SHA-256");
    Sha256 ours = new Sha256(); // which begins anew each time
    for (int count = 0; count < 300; count++) {
      byte[] bytes = bytes(count);
      assertArrayEquals(platform.digest(bytes), ours.digest(bytes), "bytes: " + count);
    }
    byte[] many = bytes(1_000_003);
    assertArrayEquals(platform.digest(many), ours.digest(many));
  }

  @Test
  void partsMakeTheWhole() throws Exception {
    byte[] bytes = bytes(1000);
    byte[] expected = MessageDigest.getInstance("SHA-256").digest(bytes);
    for (int part : new int[] {1, 3, 63, 64, 65, 127, 500}) {
      Sha256 ours = new Sha256();
      ours.update(bytes[0]);
      for (int at = 1; at < bytes.length; at += part) {
        ours.update(bytes, at, Math.min(part, bytes.length - at));
      }
      assertArrayEquals(expected, ours.digest(), "parts of " + part);
    }
  }

  @Test
  void muchIsForThePlatform() {
    assertTrue(Sha256.of(1000) instanceof Sha256);
    assertFalse(Sha256.of(1 << 20) instanceof Sha256);
    assertEquals(32, Sha256.of(0).getDigestLength());
  }
}
