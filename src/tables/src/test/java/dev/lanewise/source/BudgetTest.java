package dev.lanewise.source;

import static dev.lanewise.Refusals.rejects;
import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Npz;
import dev.lanewise.format.TestFiles;
import dev.lanewise.format.internal.Remedy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the limit on the size to which compressed files may unfold. */
class BudgetTest {
  private static final String PROPERTY = "lanewise.unfold";
  private static final int ZEROS = 1_000_000;

  @TempDir Path directory;

  private interface Reading {
    void read() throws IOException;
  }

  private static void refused(String file, long packed, long unfolded, long most, Reading reading) {
    String message = assertThrows(FormatException.class, reading::read).getMessage();
    String expected =
        "%s: its %s bytes unfold to %s bytes or more, expected at most %s (%s allows more)"
            .formatted(file, packed, unfolded, most, Remedy.UNFOLD.with());
    assertTrue(message.startsWith(expected), message);
  }

  private static void with(long bytes, Reading reading) throws IOException {
    Budget budget = Budget.of(bytes);
    try {
      reading.read();
    } finally {
      budget.close();
    }
  }

  private static Reading of(Path file) {
    return () -> {
      try (Npz npz = Npz.open(file)) {
        for (String name : npz.names()) {
          npz.read(name);
        }
      }
    };
  }

  private Path zeros() throws IOException {
    byte[] array = TestFiles.npy("|u1", "(" + ZEROS + ",)", ZEROS);
    return Files.write(directory.resolve("zeros.npz"), TestFiles.zip("x.npy", array, true));
  }

  @Test
  void arraysOfAnArchive() throws IOException {
    Path file = zeros();
    long packed = Files.size(file);
    long unfolded = TestFiles.npy("|u1", "(" + ZEROS + ",)", ZEROS).length;
    of(file).read(); // the default limit, a share of the heap, is larger
    with(unfolded, of(file));
    with(unfolded - 1, () -> refused(file.toString(), packed, unfolded, unfolded - 1, of(file)));
    with(
        0,
        () -> {
          with(unfolded, of(file)); // the inner limit replaces the outer one
          refused(file.toString(), packed, unfolded, 0, of(file));
          refused(
              "s",
              packed,
              unfolded,
              0,
              () -> {
                try (Npz npz = Npz.open(Files.newInputStream(file), "s")) {
                  npz.header("x");
                }
              });
        });
    of(file).read();
  }

  @Test
  void theProperty() throws IOException {
    Path file = zeros();
    long unfolded = TestFiles.npy("|u1", "(" + ZEROS + ",)", ZEROS).length;
    System.setProperty(PROPERTY, "1000");
    try {
      refused(file.toString(), Files.size(file), unfolded, 1000, of(file));
      with(ZEROS * 2, of(file));
      System.setProperty(PROPERTY, "much");
      rejects(() -> of(file).read(), "-Dlanewise.unfold=much, expected a number of bytes");
    } finally {
      System.clearProperty(PROPERTY);
    }
    with(-1, () -> refused(file.toString(), Files.size(file), unfolded, -1, of(file)));
  }

  /** Data with the usual compression ratio is read even if the limit is 0. */
  @Test
  void theUsualRatio() throws IOException {
    byte[] bytes = new byte[100_000];
    Random random = new Random(1);
    for (int i = 0; i < bytes.length; i += 16) {
      bytes[i] = (byte) random.nextInt(32);
    }
    Path file = directory.resolve("data.npz");
    byte[] array = TestFiles.npy(1, header(bytes.length), bytes);
    Files.write(file, TestFiles.zip("x.npy", array, true));
    long ratio = array.length / Files.size(file);
    assertTrue(ratio > 5 && ratio < 32, "" + ratio);
    with(0, of(file));
    byte[] packed = TestFiles.gzip(bytes);
    with(
        0,
        () -> {
          try (InputStream in = Gzip.unpacked(new ByteArrayInputStream(packed), "data.gz")) {
            assertArrayEquals(bytes, in.readAllBytes());
          }
        });
  }

  private static String header(int length) {
    return "{'descr': '|u1', 'fortran_order': False, 'shape': (" + length + ",)}\n";
  }

  /** The members are not compressed, and each contains all members that follow it. */
  @Test
  void membersWithinMembers() throws IOException {
    int members = 200;
    Path file = directory.resolve("nested.npz");
    Files.write(file, nested(members));
    long packed = Files.size(file);
    long all = 0;
    try (Npz npz = Npz.open(file)) {
      assertEquals(members, npz.names().size());
      for (String name : npz.names()) {
        all += TestFiles.npy(1, header(npz.read(name).length()), new byte[0]).length;
        all += npz.read(name).length();
      }
    }
    assertTrue(all > 50 * packed, all + " of " + packed);
    long sum = all;
    with(sum, of(file));
    with(sum - 1, () -> refused(file.toString(), packed, sum, sum - 1, of(file)));
  }

  private static byte[] nested(int members) {
    byte[] behind = new byte[0]; // all members after the one that is being made
    int[] sizes = new int[members];
    long[] sums = new long[members];
    for (int i = members - 1; i >= 0; i--) {
      byte[] content = TestFiles.npy(1, header(behind.length), behind);
      CRC32 crc = new CRC32();
      crc.update(content);
      sizes[i] = content.length;
      sums[i] = crc.getValue();
      byte[] name = name(i);
      ByteBuffer local = little(30 + name.length + content.length);
      local.putInt(0x04034b50).putShort((short) 20).putInt(0).putInt(0);
      local.putInt((int) sums[i]).putInt(content.length).putInt(content.length);
      local.putShort((short) name.length).putShort((short) 0).put(name).put(content);
      behind = local.array();
    }
    ByteBuffer zip = little(behind.length + members * 60 + 22);
    zip.put(behind);
    int offset = 0;
    for (int i = 0; i < members; i++) {
      byte[] name = name(i);
      zip.putInt(0x02014b50).putInt(20 << 16 | 20).putInt(0).putInt(0).putInt((int) sums[i]);
      zip.putInt(sizes[i]).putInt(sizes[i]).putShort((short) name.length).putInt(0).putInt(0);
      zip.putInt(0).putInt(offset).put(name);
      offset = behind.length - (i + 1 < members ? sizes[i + 1] + 30 + name.length : 0);
    }
    int length = zip.position() - behind.length;
    zip.putInt(0x06054b50).putInt(0).putShort((short) members).putShort((short) members);
    zip.putInt(length).putInt(behind.length).putShort((short) 0);
    byte[] bytes = new byte[zip.position()];
    zip.flip().get(bytes);
    return bytes;
  }

  private static byte[] name(int member) {
    return "a%03d.npy".formatted(member).getBytes(StandardCharsets.US_ASCII);
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void imagesThatArePacked() throws IOException {
    byte[] idx = new byte[8 + ZEROS];
    ByteBuffer.wrap(idx).putInt(0x0801).putInt(ZEROS);
    Path file = Files.write(directory.resolve("zeros.gz"), TestFiles.gzip(idx));
    assertEquals(ZEROS, Idx.read(file).length());
    with(
        ZEROS - 1,
        () -> refused(file.toString(), Files.size(file), ZEROS, ZEROS - 1, () -> Idx.read(file)));
    with(ZEROS + 8, () -> Idx.read(file));
  }

  @Test
  void tablesThatArePacked() throws IOException {
    byte[] packed =
        TestFiles.gzip(
            "1,0000000000000000\n".repeat(ZEROS / 20).getBytes(StandardCharsets.US_ASCII));
    Reading rows =
        () -> {
          try (Csv csv = Csv.open(new ByteArrayInputStream(packed), "t.gz", CsvFormat.detect())) {
            while (csv.next()) {
              continue;
            }
          }
        };
    rows.read();
    with(ZEROS, rows);
    with(
        ZEROS / 10,
        () -> {
          unreadable(
              rows::read,
              "t.gz: its " + packed.length + " bytes unfold to ",
              " or more, expected at most 100000 (");
        });
  }

  @Test
  void thirtyTwoTimesIsAlwaysAllowed() {
    try (Budget none = Budget.of(-1)) {
      assertEquals(-1, Budget.bytes());
      assertTrue(Budget.allows(1, 32) && Budget.allows(1, 63), "" + none);
      assertFalse(Budget.allows(1, 64));
    }
    assertEquals(Runtime.getRuntime().maxMemory() / 4, Budget.property("lanewise.none", 4));
  }
}
