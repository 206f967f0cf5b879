package dev.lanewise.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A zip archive of npy arrays, as {@code numpy.savez} and {@code numpy.savez_compressed} write and
 * {@code numpy.load} reads. Members are found through the central directory, as in Python: archives
 * that numpy wrote to a pipe have no sizes in front of their members.
 */
public final class Npz implements Closeable {
  private static final String SUFFIX = ".npy";

  /** The best that deflate can do, 258 bytes in two bits, with room for a small member's ends. */
  private static final int MAX_DEFLATE_RATIO = 1032;

  private static final int DEFLATE_SLACK = 1 << 16;

  /** A zip's first representable moment is taken for "unset" by the JDK, hence the 2 seconds. */
  private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0, 2);

  private final String file;
  private final long fileSize;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

  /**
   * What is known of an array without reading it.
   *
   * @param type the element type
   * @param shape the dimensions
   */
  public record Header(ElementType type, List<Integer> shape) {
    /**
     * Copies the shape.
     *
     * @param type the element type
     * @param shape the dimensions
     */
    public Header {
      shape = List.copyOf(shape);
    }
  }

  private Npz(String file, long fileSize, ZipFile zip) {
    this.file = file;
    this.fileSize = fileSize;
    this.zip = zip;
  }

  /**
   * Opens an archive and reads its directory.
   *
   * @param path the file
   * @return the archive, to be closed
   * @throws FormatException if the file is missing or no zip archive of distinct members
   * @throws IOException if reading fails
   */
  public static Npz open(Path path) throws IOException {
    String file = path.toString();
    long size = FileKind.checkedSize(path, "an .npz file");
    ZipFile zip;
    try {
      zip = new ZipFile(path.toFile());
    } catch (IOException | IllegalArgumentException e) {
      FileKind kind = FileKind.of(path);
      String found =
          kind == FileKind.NPZ
              ? "a damaged or cut off zip archive (" + e.getMessage() + ")"
              : kind == FileKind.NPY ? "a single npy array" : "no zip archive";
      throw new FormatException(
          file, found + ", expected an .npz file as numpy.savez writes it", e);
    }
    Npz npz = new Npz(file, size, zip);
    try {
      npz.readDirectory();
      return npz;
    } catch (FormatException | RuntimeException e) {
      zip.close();
      throw FormatException.unreadable(file, e);
    }
  }

  /** Members that are no arrays are passed over. */
  private void readDirectory() throws FormatException {
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      String member = entry.getName();
      String name = member.substring(0, Math.max(0, member.length() - SUFFIX.length()));
      if (member.endsWith(SUFFIX) && entries.put(name, entry) != null) {
        throw new FormatException(
            file, "two members are called %s, expected each name once", member);
      }
    }
  }

  /**
   * The names of the arrays.
   *
   * @return the names in the archive's order, without {@code .npy}
   */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /**
   * Whether there is an array of that name.
   *
   * @param name the name, without {@code .npy}
   * @return true if {@link #read} would find it
   */
  public boolean contains(String name) {
    return entries.containsKey(name);
  }

  /**
   * Reads the type and shape of an array and checks them against its size.
   *
   * @param name the name, without {@code .npy}
   * @return type and shape
   * @throws FormatException if there is no such array or it is not sound
   * @throws IOException if reading fails
   */
  public Header header(String name) throws IOException {
    ZipEntry entry = entry(name);
    try (InputStream in = zip.getInputStream(entry)) {
      Npy header = Npy.header(in, where(name), entry.getSize());
      List<Integer> shape = new ArrayList<>();
      for (int dimension : header.shape) {
        shape.add(dimension);
      }
      return new Header(header.type, shape);
    } catch (IOException | RuntimeException e) {
      throw FormatException.unreadable(where(name), e);
    }
  }

  /**
   * Reads an array and verifies its checksum.
   *
   * @param name the name, without {@code .npy}
   * @return the array, row-major
   * @throws FormatException if there is no such array or it is not sound
   * @throws IOException if reading fails
   */
  public NdArray read(String name) throws IOException {
    return read(name, null, 0);
  }

  /**
   * Reads arrays of numbers into one, each behind the other: of large ones there may be no room for
   * copies.
   *
   * @param names their names, without {@code .npy}
   * @return all elements, row-major, rounded to float32
   * @throws FormatException if there is no such array, one is not sound or the heap cannot hold
   *     them
   * @throws IOException if reading fails
   */
  public float[] readFloats(List<String> names) throws IOException {
    int[] ends = new int[names.size()];
    long length = 0;
    for (int i = 0; i < ends.length; i++) {
      length += NdArray.length(header(names.get(i)).shape().stream().mapToInt(d -> d).toArray());
      if (length > NdArray.MAX_LENGTH) {
        throw new FormatException(
            file, "%s numbers, expected at most %s", length, NdArray.MAX_LENGTH);
      }
      ends[i] = (int) length;
    }
    float[] floats = Elements.floats((int) length, file);
    for (int i = 0; i < ends.length; i++) {
      read(names.get(i), floats, i == 0 ? 0 : ends[i - 1]);
    }
    return floats;
  }

  /** The array; or null, if its elements went to their place. */
  private NdArray read(String name, float[] to, int offset) throws IOException {
    ZipEntry entry = entry(name);
    try (InputStream in = zip.getInputStream(entry)) {
      CheckedInputStream checked = new CheckedInputStream(in, new CRC32());
      NdArray array = null;
      if (to == null) {
        array = Npy.read(checked, where(name), entry.getSize());
      } else {
        Npy.readFloats(checked, where(name), entry.getSize(), to, offset);
      }
      if (in.read() >= 0) {
        throw new FormatException(
            where(name),
            "more data than the %s bytes that the archive lists, expected as many",
            entry.getSize());
      }
      long checksum = checked.getChecksum().getValue();
      if (checksum != entry.getCrc()) { // ZipFile does not compare
        throw new FormatException(
            where(name), "damaged data: checksum %08x, expected %08x", checksum, entry.getCrc());
      }
      return array;
    } catch (IOException | RuntimeException e) {
      throw FormatException.unreadable(where(name), e);
    }
  }

  /** The member, whose size has been held against what its share of the file can hold. */
  private ZipEntry entry(String name) throws FormatException {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      List<String> names = names();
      throw new FormatException(
          file,
          "no array %s, expected one: found %s",
          name,
          names.isEmpty() ? "no arrays at all" : String.join(", ", names));
    }
    long size = entry.getSize();
    long stored = entry.getCompressedSize();
    boolean deflated = entry.getMethod() == ZipEntry.DEFLATED;
    long most = deflated ? stored * MAX_DEFLATE_RATIO + DEFLATE_SLACK : stored;
    if (size < 0 || stored < 0 || stored > fileSize || size > most) {
      throw new FormatException(
          where(name),
          "the archive claims %s bytes in %s of a file of %s, expected a size that they can hold",
          size,
          stored,
          fileSize);
    }
    return entry;
  }

  private String where(String name) {
    return file + ": " + name;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /**
   * Writes an archive that {@code numpy.load} reads without pickle, in place of what was there. The
   * members are stored, not deflated; the same arrays always give the same bytes.
   *
   * @param path the file
   * @param arrays the arrays in the order in which to write them, by name without {@code .npy}
   * @throws IOException if writing fails; then what was there is still there
   */
  public static void write(Path path, Map<String, NdArray> arrays) throws IOException {
    AtomicFile.write(path, out -> write(out, arrays));
  }

  private static void write(OutputStream out, Map<String, NdArray> arrays) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    for (String name : arrays.keySet()) {
      NdArray array = arrays.get(name);
      CRC32 crc = new CRC32(); // a stored member needs it in front of its data
      Npy.write(new CheckedOutputStream(OutputStream.nullOutputStream(), crc), array);
      ZipEntry entry = new ZipEntry(name + SUFFIX);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(Npy.size(array));
      entry.setCrc(crc.getValue());
      entry.setTimeLocal(DATE);
      zip.putNextEntry(entry);
      Npy.write(zip, array);
      zip.closeEntry();
    }
    zip.finish();
  }
}
