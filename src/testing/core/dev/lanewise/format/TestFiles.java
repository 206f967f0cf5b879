package dev.lanewise.format;

import dev.lanewise.OwnJvm;
import dev.lanewise.Stored;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Assumptions;

/** Valid and damaged files for tests. */
public final class TestFiles {
  private TestFiles() {}

  /** Returns the path of a golden file. */
  public static Path golden(String name) {
    return Stored.file(TestFiles.class, name);
  }

  /** Returns an npy file with this header text, valid or not, and these data. */
  public static byte[] npy(int version, String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate((version == 1 ? 10 : 12) + text.length + data.length);
    out.order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    out.put((byte) version).put((byte) 0);
    if (version == 1) {
      out.putShort((short) text.length);
    } else {
      out.putInt(text.length);
    }
    return out.put(text).put(data).array();
  }

  public static byte[] npy(String descr, String shape, int dataBytes) {
    return npy(
        1,
        "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + "}\n",
        new byte[dataBytes]);
  }

  /** Returns a zip archive with one member. */
  public static byte[] zip(String member, byte[] content, boolean deflated) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      ZipEntry entry = new ZipEntry(member);
      if (!deflated) {
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
      }
      zip.putNextEntry(entry);
      zip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Returns the content compressed by gzip. */
  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static Path write(Path directory, String name, byte[] content) {
    try {
      return Files.write(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Creates a named pipe and opens it for reading and writing, so that opening it again does not
   * block. Skips the test if the system has no named pipes.
   */
  public static RandomAccessFile pipe(Path file) throws IOException {
    boolean made = false;
    try {
      made = OwnJvm.start(new ProcessBuilder("mkfifo", file.toString())).waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      // The system has no mkfifo.
    }
    Assumptions.assumeTrue(made, "the system has no named pipes");
    return new RandomAccessFile(file.toFile(), "rw");
  }

  /** Returns a copy with every occurrence of a text replaced by one of the same length. */
  public static byte[] replace(byte[] bytes, String from, String to) {
    String all = new String(bytes, StandardCharsets.ISO_8859_1);
    if (!all.contains(from) || from.length() != to.length()) {
      throw new AssertionError("nothing to replace: " + from);
    }
    return all.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Returns an array whose elements have these bits. */
  public static NdArray array(ElementType type, Object bits, int... shape) {
    return new NdArray(type, shape, bits, 1);
  }
}
