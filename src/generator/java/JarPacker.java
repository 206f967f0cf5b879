import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes a jar again with the same files in the same order, only smaller: packed as well as deflate
 * can, without entries for directories, which nothing needs, and without the descriptors that
 * follow each file where its size was not known when it was begun.
 */
final class JarPacker {
  private JarPacker() {}

  public static void main(String[] args) throws IOException {
    Path jar = Path.of(args[0]);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (ZipFile in = new ZipFile(jar.toFile());
        ZipOutputStream out = new ZipOutputStream(packed)) {
      out.setLevel(Deflater.BEST_COMPRESSION);
      for (ZipEntry entry : in.stream().toList()) {
        if (!entry.isDirectory()) {
          byte[] bytes = in.getInputStream(entry).readAllBytes();
          out.putNextEntry(known(entry, bytes));
          out.write(bytes);
          out.closeEntry();
        }
      }
    }
    Files.write(jar, packed.toByteArray());
  }

  /** An entry that says all of its content before it comes. */
  private static ZipEntry known(ZipEntry entry, byte[] bytes) {
    ZipEntry same = new ZipEntry(entry.getName());
    same.setTimeLocal(entry.getTimeLocal());
    CRC32 sum = new CRC32();
    sum.update(bytes);
    same.setCrc(sum.getValue());
    same.setSize(bytes.length);
    same.setCompressedSize(packedSize(bytes));
    return same;
  }

  private static long packedSize(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(bytes);
    deflater.finish();
    byte[] part = new byte[1 << 16];
    while (!deflater.finished()) {
      deflater.deflate(part);
    }
    long size = deflater.getBytesWritten();
    deflater.end();
    return size;
  }
}
