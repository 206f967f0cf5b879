package dev.lanewise.format;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.internal.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZipDirectoryTest {
  @TempDir Path directory;

  private static List<ZipMember> members(byte[] archive) throws IOException {
    return ZipDirectory.read(new Bytes.InMemory(archive), "x.zip");
  }

  private static byte[] zip(String comment, String... names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setComment(comment);
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(name.getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static String content(byte[] archive, ZipMember member) throws IOException {
    return new String(
        member.open(new Bytes.InMemory(archive)).readAllBytes(), StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  private static void assertReads(byte[] archive, String... names) throws IOException {
    List<String> found = new ArrayList<>();
    for (ZipMember member : members(archive)) {
      found.add(member.name());
      assertEquals(member.name(), content(archive, member));
    }
    assertEquals(List.of(names), found);
  }

  /** Reads the archives of make_arrays.py: stored, deflated, piped, and with sizes of 64 bits. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "stored",
        "deflated",
        "shapes",
        "strings",
        "piped",
        "zip64",
        "versions",
        "refused"
      })
  void findsWhatJavaFinds(String golden) throws IOException {
    Path file = TestFiles.golden(golden + ".npz");
    byte[] archive = Files.readAllBytes(file);
    List<ZipMember> found = members(archive);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      List<? extends ZipEntry> entries = zip.stream().toList();
      assertEquals(entries.size(), found.size());
      for (int i = 0; i < found.size(); i++) {
        ZipEntry entry = entries.get(i);
        ZipMember member = found.get(i);
        assertEquals(entry.getName(), member.name());
        assertEquals(entry.getMethod(), member.method());
        assertEquals(entry.getCrc(), member.crc());
        assertEquals(entry.getSize(), member.size());
        assertEquals(entry.getCompressedSize(), member.stored());
        byte[] content = member.open(new Bytes.InMemory(archive)).readAllBytes();
        assertTrue(Arrays.equals(zip.getInputStream(entry).readAllBytes(), content));
      }
    }
  }

  @Test
  void otherBytesMayStandBeforeAndBehind() throws IOException {
    byte[] front = "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8);
    byte[] plain = zip(null, "a", "b/\u00e9");
    byte[] commented =
        zip("what this is, PK\u0005\u0006 and so on, for more than an end has", "a", "b");
    assertReads(plain, "a", "b/\u00e9");
    assertReads(commented, "a", "b");
    assertReads(joined(front, commented), "a", "b");
    assertReads(joined(plain, new byte[100]), "a", "b/\u00e9");
    assertReads(joined(front, plain, front), "a", "b/\u00e9");
    assertReads(zip("nothing in it"));
  }

  /** The number of members is so large that it needs the record of 64 bits. */
  @Test
  void moreThan65535Members() throws IOException {
    String[] names = new String[65_537];
    Arrays.setAll(names, Integer::toString);
    byte[] plain = zip(null, names);
    for (byte[] archive : List.of(plain, joined(new byte[1000], plain))) {
      List<ZipMember> members = members(archive);
      assertEquals(names.length, members.size());
      for (int i : new int[] {0, 12345, names.length - 1}) {
        assertEquals(names[i], members.get(i).name());
        assertEquals(names[i], content(archive, members.get(i)));
      }
    }
  }

  private static int find(byte[] bytes, int signature, int which) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int left = which;
    for (int i = 0; i <= bytes.length - 4; i++) {
      if (buffer.getInt(i) == signature && left-- == 0) {
        return i;
      }
    }
    throw new AssertionError("no such record");
  }

  @ParameterizedTest
  @CsvSource({"0x04034b50, 30", "0x02014b50, 46"})
  void namesMustAgree(String signature, int name) throws IOException {
    byte[] archive = zip(null, "W1.npy", "readme.txt", "W2.npy");
    int record = find(archive, Integer.decode(signature), 2);
    archive[record + name + 1] = '3';
    String message = assertThrows(FormatException.class, () -> members(archive)).getMessage();
    assertEquals(
        name == 30
            ? "x.zip: local header of W2.npy is named W3.npy, expected the same name (damaged?)"
            : "x.zip: local header of W3.npy is named W2.npy, expected the same name (damaged?)",
        message);
    Path file = TestFiles.write(directory, "m.npz", archive);
    var e = assertThrows(FormatException.class, () -> Npz.open(file));
    assertEquals(message.replace("x.zip", file.toString()), e.getMessage());
  }

  /**
   * The names of other members are checked too: one may be the damaged name of an array to read.
   */
  @Test
  void namesOfOtherMembersMustAgree() throws IOException {
    byte[] archive = zip(null, "W1.npy", "loss.npy");
    int record = find(archive, 0x02014b50, 1);
    archive[record + 46 + 5] = 'm';
    var e =
        assertThrows(
            FormatException.class, () -> Npz.open(new ByteArrayInputStream(archive), "m.npz"));
    assertContains(e.getMessage(), "local header of loss.mpy is named loss.npy");
  }

  @Test
  void aLongerNameIsShownInPart() throws IOException {
    byte[] archive = zip(null, "W1.npy");
    archive[27] = 1; // 256 more
    var e = assertThrows(FormatException.class, () -> members(archive));
    assertTrue(e.getMessage().contains("local header of W1.npy is named W1.npy"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "0x06054b50, 12, 1, no central directory where", // length of the directory
    "0x06054b50, 15, 64, no central directory where",
    "0x06054b50, 12, 4, no member at byte",
    "0x06054b50, 16, 1, no central directory where", // place of the directory
    "0x06054b50, 19, 64, no central directory where",
    "0x06054b50, 16, 4, no member W1.npy at byte",
    "0x02014b50, 0, 1, no member at byte",
    "0x02014b50, 28, 1, no member at byte",
    "0x02014b50, 33, 8, no member at byte",
    "0x02014b50, 42, 1, no member W1.npy at byte 1",
    "0x02014b50, 45, -128, no member W1.npy at byte 2147483648",
    "0x04034b50, 3, 1, no member W1.npy at byte 0",
    "0x06054b50, 0, 1, no end of a central directory",
  })
  void whatLeadsNowhereIsRefused(String signature, int at, byte change, String message)
      throws IOException {
    byte[] archive = zip(null, "W1.npy");
    archive[find(archive, Integer.decode(signature), 0) + at] ^= change;
    var e = assertThrows(IOException.class, () -> members(archive));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void whatIsEncryptedOrCompressedOtherwiseIsRefusedWhenItIsRead() throws IOException {
    byte[] archive = zip(null, "W1.npy", "other.bin");
    int record = find(archive, 0x02014b50, 0);
    archive[record + 8] |= 1;
    Path file = TestFiles.write(directory, "m.npz", archive);
    try (Npz npz = Npz.open(file)) {
      var e = assertThrows(FormatException.class, () -> npz.read("W1"));
      assertEquals(
          file + ": W1: cannot be read (it is encrypted), expected an undamaged file",
          e.getMessage());
    }
    archive[record + 8] ^= 1;
    archive[record + 10] = 12;
    Files.write(file, archive);
    try (Npz npz = Npz.open(file)) {
      var e = assertThrows(FormatException.class, () -> npz.header("W1"));
      assertContains(e.getMessage(), "(its compression method 12 is not known)");
    }
  }

  @Test
  void aNameMayBeEmpty() throws IOException {
    assertReads(zip(null, "a", ""), "a", "");
  }

  @Test
  void bytesBehindTheLastMemberOfADirectoryAreRefused() throws IOException {
    byte[] archive = zip(null, "a");
    int end = find(archive, 0x06054b50, 0);
    for (int more : new int[] {1, 3, 4, 45, 46}) {
      byte[] behind = Arrays.copyOfRange(archive, end, archive.length);
      behind[12] = (byte) (behind[12] + more); // the length of the directory
      byte[] other = joined(Arrays.copyOf(archive, end), new byte[more], behind);
      var e = assertThrows(IOException.class, () -> members(other));
      assertEquals("no member at byte " + end, e.getMessage());
    }
  }

  /** Returns the archive with an end whose 64-bit numbers say where the directory is. */
  private static byte[] with64(byte[] archive, long length64, long length, long offset) {
    int end = find(archive, 0x06054b50, 0);
    ByteBuffer old = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer record = ByteBuffer.allocate(76 + 22).order(ByteOrder.LITTLE_ENDIAN);
    record.putInt(0x06064b50).putLong(44).putInt(45 << 16 | 45).putLong(0);
    record.putLong(1).putLong(1).putLong(length64).putLong(old.getInt(end + 16));
    record.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    record.put(archive, end, 12).putInt((int) length).putInt((int) offset).putShort((short) 0);
    return joined(Arrays.copyOf(archive, end), record.array());
  }

  @Test
  void numbersThatStandElsewhereAreThoseOf64Bits() throws IOException {
    byte[] archive = zip(null, "a", "b");
    int end = find(archive, 0x06054b50, 0);
    ByteBuffer old = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
    long length = old.getInt(end + 12);
    long offset = old.getInt(end + 16);
    assertReads(with64(archive, length, length, offset), "a", "b");
    assertReads(with64(archive, length, -1, offset), "a", "b");
    assertReads(with64(archive, length, length, -1), "a", "b");
    assertReads(with64(archive, length, -1, -1), "a", "b");
    // If the numbers disagree about the place, it is not known.
    assertThrows(ZipException.class, () -> members(with64(archive, length, length - 1, offset)));
    assertThrows(ZipException.class, () -> members(with64(archive, length, length, offset - 1)));
    assertThrows(ZipException.class, () -> members(with64(archive, length + 1, -1, offset)));
  }

  /** The extra field is too short for its numbers of 64 bits. */
  @Test
  void anExtraThatIsCutOffIsRefused() throws IOException {
    byte[] archive = zip(null, "a");
    int record = find(archive, 0x02014b50, 0);
    int end = find(archive, 0x06054b50, 0);
    byte[] extra = {1, 0, 8, 0, 0}; // it announces eight bytes and has one
    byte[] directory = Arrays.copyOfRange(archive, record, end);
    directory[30] = (byte) extra.length;
    Arrays.fill(directory, 42, 46, (byte) -1); // the place of the member
    byte[] behind = Arrays.copyOfRange(archive, end, archive.length);
    behind[12] += (byte) extra.length;
    byte[] other = joined(Arrays.copyOf(archive, record), directory, extra, behind);
    var e = assertThrows(ZipException.class, () -> members(other));
    assertEquals("no member a at byte 4294967295", e.getMessage());
  }
}
