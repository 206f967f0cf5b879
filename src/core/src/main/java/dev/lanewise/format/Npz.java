package dev.lanewise.format;

import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.Bytes;
import dev.lanewise.format.internal.OtherFormats;
import dev.lanewise.format.internal.Room;
import dev.lanewise.format.internal.Shapes;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A zip archive of npy arrays, as {@code numpy.savez} and {@code numpy.savez_compressed} write and
 * {@code numpy.load} reads. As in Python, members are found through the central directory, because
 * archives that numpy wrote to a pipe have no sizes before their members.
 */
public final class Npz implements Closeable {
  private static final String SUFFIX = ".npy";

  /** The best ratio of deflate: 258 bytes in two bits. */
  private static final int MAX_DEFLATE_RATIO = 1032;

  /** Bytes allowed in addition for the begin and end of a small member. */
  private static final int DEFLATE_SLACK = 1 << 16;

  /** Two seconds after the first moment of zip, which the JDK would take for a missing date. */
  private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0, 2);

  /** The first four bytes of a file. */
  private static final int ZIP = 0x504b0304;

  private static final int EMPTY_ZIP = 0x504b0506;
  private static final int NPY = 0x934e554d;

  private final String file;
  private final Bytes archive;
  private volatile boolean isClosed;
  private final Map<String, ZipMember> members = new LinkedHashMap<>();
  private long unfolded; // bytes of all arrays, as the directory states
  private final Map<String, Npy> headers = new ConcurrentHashMap<>(); // read so far

  /**
   * The type and shape of an array, which are known without reading the array.
   *
   * @param type the element type
   * @param shape the dimensions
   */
  public record Header(ElementType type, List<Integer> shape) {
    /** Returns a copy of the shape. */
    int[] dimensions() {
      return shape.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  private Npz(String file, Bytes archive) {
    this.file = file;
    this.archive = archive;
  }

  /**
   * Opens an archive and reads its directory.
   *
   * @param path the file, which may be within a jar
   * @return the archive, to be closed
   * @throws NoSuchFileException if there is no such file
   * @throws FormatException if the file is not a zip archive of distinct members, or has a member
   *     whose names in the directory and in its local header differ
   */
  public static Npz open(Path path) throws IOException {
    String file = path.toString();
    long size = Bytes.checkedSize(path, "an .npz file");
    Bytes archive;
    try {
      archive = Bytes.open(path, size);
    } catch (IOException e) {
      throw FormatException.unreadable(file, e);
    }
    return open(archive, file);
  }

  /**
   * Reads an archive into memory and opens it. All of it is needed, as its directory is at its end.
   *
   * @param in the bytes, read up to their end; not closed
   * @param name the name of the archive in errors
   * @return the archive
   * @throws IOException as for {@link #open(Path)}
   */
  public static Npz open(InputStream in, String name) throws IOException {
    Bytes bytes = Bytes.of(in, name);
    if (bytes.size() == 0) {
      throw new FormatException(name, "an empty file, expected an .npz file");
    }
    return open(bytes, name);
  }

  private static Npz open(Bytes archive, String file) throws IOException {
    Npz npz = new Npz(file, archive);
    try {
      List<String> all = new ArrayList<>();
      for (ZipMember member : ZipDirectory.read(archive, file)) {
        npz.add(member);
        all.add(member.name());
      }
      if (npz.members.isEmpty() && !all.isEmpty()) {
        throw new FormatException(file, OtherFormats.withoutArrays(all));
      }
      return npz;
    } catch (IOException | RuntimeException e) {
      try (archive) {
        throw e instanceof FormatException ours ? ours : npz.noArchive(e);
      }
    }
  }

  /** Returns the error for a file without a valid directory. */
  private FormatException noArchive(Exception cause) throws IOException {
    byte[] first = new byte[16];
    archive.read(0, first, 0, (int) Math.min(first.length, archive.size()));
    int magic = ByteBuffer.wrap(first).getInt();
    String found = OtherFormats.inPlaceOfArrays(first);
    if (magic == ZIP || magic == EMPTY_ZIP) {
      found = "a damaged or cut off zip archive (" + cause.getMessage() + ")";
    } else if (found == null) {
      found = magic == NPY ? "a single npy array" : "no zip archive";
    }
    return new FormatException(
        file, found + ", expected an .npz file as numpy.savez writes it", cause);
  }

  /** Adds a member if it is an array. */
  private void add(ZipMember member) throws FormatException {
    String full = member.name();
    String name = full.substring(0, Math.max(0, full.length() - SUFFIX.length()));
    if (full.endsWith(SUFFIX) && members.put(name, member) != null) {
      throw new FormatException(file, "two members are called %s, expected each name once", full);
    }
    long more = unfolded + Math.max(0, member.size());
    unfolded = more < 0 ? Long.MAX_VALUE : more;
  }

  /** {@return the names of the arrays in the order of the archive, without {@code .npy}} */
  public List<String> names() {
    return List.copyOf(members.keySet());
  }

  /**
   * {@return true if the archive contains an array of that name}
   *
   * @param name the name, without {@code .npy}
   */
  public boolean contains(String name) {
    return members.containsKey(name);
  }

  /**
   * Reads the type and shape of an array and compares them with the size of its member.
   *
   * @param name the name, without {@code .npy}
   * @return type and shape
   * @throws FormatException if there is no such array or it is not valid
   */
  public Header header(String name) throws IOException {
    ZipMember member = member(name);
    Npy header = headers.get(name);
    if (header == null) {
      try (InputStream in = member.open(archive)) {
        header = header(name, member, in);
      } catch (IOException | RuntimeException e) {
        throw FormatException.unreadable(where(name), e);
      }
    }
    return new Header(header.type(), header.dimensions());
  }

  /** Reads the header of a member, or skips it if it is known. */
  private Npy header(String name, ZipMember member, InputStream in) throws IOException {
    Npy header = headers.get(name);
    if (header != null) {
      header.skip(in);
      return header;
    }
    header = Npy.header(in, where(name), member.size());
    headers.put(name, header);
    return header;
  }

  /**
   * Reads an array and verifies its checksum.
   *
   * @param name the name, without {@code .npy}
   * @return the array, row-major
   * @throws FormatException if there is no such array or it is not valid
   */
  public NdArray read(String name) throws IOException {
    return read(name, null, 0, null);
  }

  /**
   * Reads arrays of numbers one after the other into a single array, without the copies for which
   * memory may not suffice.
   *
   * @param names their names, without {@code .npy}
   * @return all elements, row-major, rounded to float32
   * @throws FormatException if an array is missing or not valid, or the heap is too small
   */
  public float[] readFloats(List<String> names) throws IOException {
    int[] ends = new int[names.size()];
    long length = 0;
    for (int i = 0; i < ends.length; i++) {
      length += Shapes.length(header(names.get(i)).dimensions());
      if (length > Shapes.MAX_LENGTH) {
        throw new FormatException(
            file, "%s numbers, expected at most %s", length, Shapes.MAX_LENGTH);
      }
      ends[i] = (int) length;
    }
    float[] floats = Room.floats((int) length, file);
    for (int i = 0; i < ends.length; i++) {
      read(names.get(i), floats, i == 0 ? 0 : ends[i - 1], null);
    }
    return floats;
  }

  /**
   * Adds an array to the checksum of a model file, without memory for the whole array: its name,
   * type, shape and elements, as the file's own program adds them.
   *
   * @param name the name, without {@code .npy}
   * @param digest the SHA-256 so far
   * @throws FormatException as {@link #read}
   */
  public void digest(String name, MessageDigest digest) throws IOException {
    read(name, null, 0, digest);
  }

  /**
   * Adds an array in memory to the checksum of a model file, as {@link #digest(String,
   * MessageDigest)} adds one of this file.
   *
   * @param name the name, without {@code .npy}
   * @param array the array
   * @param digest the SHA-256 so far
   */
  public static void digest(String name, NdArray array, MessageDigest digest) {
    ArrayChecksum.add(name, array, digest);
  }

  /** Returns the array, or null if the elements went to {@code to} or to a digest. */
  private NdArray read(String name, float[] to, int offset, MessageDigest digest)
      throws IOException {
    ZipMember member = member(name);
    try (InputStream in = member.open(archive)) {
      CheckedInputStream checked = new CheckedInputStream(in, new CRC32());
      Npy header = header(name, member, checked);
      NdArray array = null;
      if (digest != null) {
        ArrayChecksum.add(name, header, checked, where(name), digest);
      } else if (to != null) {
        Npy.readFloats(header, checked, where(name), to, offset);
      } else {
        array = Npy.read(header, checked, where(name));
      }
      if (in.read() >= 0) {
        throw new FormatException(
            where(name),
            "more data than the %s bytes that the archive lists, expected no more",
            member.size());
      }
      long checksum = checked.getChecksum().getValue();
      if (checksum != member.crc()) {
        throw new FormatException(
            where(name), "damaged data: checksum %08x, expected %08x", checksum, member.crc());
      }
      return array;
    } catch (IOException | RuntimeException e) {
      throw FormatException.unreadable(where(name), e);
    }
  }

  /** Returns a member whose stated size is possible and may be unfolded. */
  private ZipMember member(String name) throws FormatException {
    if (isClosed) {
      throw new IllegalStateException(where(name) + ": read after close, expected an open file");
    }
    ZipMember member = members.get(name);
    if (member == null) {
      List<String> names = names();
      throw new FormatException(
          file,
          "no array %s, expected an array of this name: found %s",
          name,
          names.isEmpty() ? "no arrays at all" : names);
    }
    long size = member.size();
    long stored = member.stored();
    boolean deflated = member.method() == ZipMember.DEFLATED;
    long most = deflated ? stored * MAX_DEFLATE_RATIO + DEFLATE_SLACK : stored;
    if (size < 0 || stored < 0 || stored > archive.size() || size > most) {
      throw new FormatException(
          where(name),
          "the archive claims %s bytes in %s of a file of %s, expected a size that they can hold",
          size,
          stored,
          archive.size());
    }
    Budget.require(file, archive.size(), unfolded);
    return member;
  }

  private String where(String name) {
    return file + ": " + name;
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    archive.close();
  }

  /**
   * Writes an archive that {@code numpy.load} reads without pickle; an existing file is replaced.
   * The members are stored, not deflated; equal arrays always give equal bytes.
   *
   * @param path the file
   * @param arrays the arrays in the order in which to write them, by name without {@code .npy}
   * @throws IOException if writing fails; then an existing file stays as it was
   */
  public static void write(Path path, Map<String, NdArray> arrays) throws IOException {
    AtomicFile.write(path, out -> write(out, arrays));
  }

  /**
   * Writes an archive to a stream as {@link #write(Path, Map)} does to a file.
   *
   * @param out the destination; neither flushed nor closed
   * @param arrays as for {@link #write(Path, Map)}
   * @throws IOException if writing fails
   */
  public static void write(OutputStream out, Map<String, NdArray> arrays) throws IOException {
    NdArray.checkNames("arrays", arrays.keySet());
    ZipOutputStream zip = new ZipOutputStream(out);
    for (String name : arrays.keySet()) {
      NdArray array = arrays.get(name);
      CRC32 crc = new CRC32(); // a stored member needs it before its data
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
