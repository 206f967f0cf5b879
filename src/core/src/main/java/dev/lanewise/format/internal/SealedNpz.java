package dev.lanewise.format.internal;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * An .npz file that states its format and contains a checksum of its arrays; or a file without a
 * checksum, as other programs write it.
 *
 * <p>The array {@code lanewise}, a vector of strings, contains {@code format 1} ({@code format 2}
 * in a file with the array {@code member_weights}, which readers of format 1 would ignore), {@code
 * sha256 HEX}, and after these the names of the arrays that the checksum covers, in the order in
 * which it covers them. The file may contain other arrays. Its arrays may also be in another order,
 * compressed, big-endian or column-major, as numpy writes arrays that it has read. A file without
 * the array {@code lanewise} has no checksum.
 *
 * <p>The checksum is the SHA-256, in hexadecimal, of the following bytes of each array, one array
 * after the other. A <i>number</i> is an integer of 64 bits, little-endian. A <i>text</i> is a
 * number, its length in bytes, followed by these bytes in UTF-8 (half of a surrogate pair is
 * encoded like a character, as by Python's {@code surrogatepass}).
 *
 * <ol>
 *   <li>its name without {@code .npy}, a text;
 *   <li>its element type, a text: numpy's name, such as {@code float32} or {@code int64}, and
 *       {@code unicode} for strings of any width;
 *   <li>its number of dimensions, a number, and each of these, a number;
 *   <li>its elements in row-major order: strings as texts, without zeros at their ends, all others
 *       as they are in memory, little-endian, booleans as a byte.
 * </ol>
 *
 * <p>A reader of a file reads its arrays and then calls {@link #verify}, which reads only the other
 * arrays again.
 */
public final class SealedNpz implements Closeable {
  private static final String STATEMENT = "lanewise";
  private static final int MOST_NAMED = 6;
  private static final int DIGITS = 16;

  private final String file;
  private final Npz npz;
  private final boolean trusting;
  private final ChecksumHeader statement; // null if there is none
  private final Map<String, NdArray> known = new HashMap<>();
  private String trusted; // how the file differs from its checksum, or null

  private SealedNpz(String file, Npz npz, boolean trusting) throws IOException {
    this.file = file;
    this.npz = npz;
    this.trusting = trusting;
    if (!npz.contains(STATEMENT)) {
      statement = null;
      return;
    }
    statement = ChecksumHeader.of(npz.read(STATEMENT));
    if (statement == null) {
      doubt("whose array lanewise has no checksum", "array lanewise without a checksum");
      return;
    }
    if (statement.sha256() == null) {
      throw new FormatException(
          file,
          "format %s, expected at most %s: written by a later Lanewise",
          statement.format(),
          ChecksumHeader.LATEST);
    }
    int format = ChecksumHeader.format(statement.names());
    if (statement.format() < format) {
      throw new FormatException(
          file,
          "format %s, expected format %s, as readers of an earlier one do not know its arrays",
          statement.format(),
          format);
    }
    for (String name : statement.names()) {
      if (!npz.contains(name)) {
        doubt("which lacks " + name, "no array " + name + ", which it was written with");
      }
    }
  }

  /**
   * Opens a file.
   *
   * @param path the file, which may be within a jar
   * @param trusting true to accept a file whose checksum does not match
   * @return the file, to be closed
   * @throws IOException as for {@link Npz#open(Path)}; if the file is of a later format; or if it
   *     lacks an array that its checksum covers
   */
  public static SealedNpz open(Path path, boolean trusting) throws IOException {
    return open(Npz.open(path), path.toString(), trusting);
  }

  /**
   * Reads a file into memory and opens it.
   *
   * @param in the bytes, read up to their end; not closed
   * @param name the name of the file in errors
   * @param trusting true to accept a file whose checksum does not match
   * @return the file
   * @throws IOException as for {@link #open(Path, boolean)}
   */
  public static SealedNpz open(InputStream in, String name, boolean trusting) throws IOException {
    return open(Npz.open(in, name), name, trusting);
  }

  private static SealedNpz open(Npz npz, String file, boolean trusting) throws IOException {
    try {
      return new SealedNpz(file, npz, trusting);
    } catch (IOException | RuntimeException e) {
      try (npz) {
        throw e;
      }
    }
  }

  /**
   * Writes arrays with a checksum of all of them; an existing file is replaced.
   *
   * @param path the file
   * @param arrays the arrays in the order in which to write them, by name without {@code .npy}
   * @throws IllegalArgumentException if an array has the name that the array of the checksum has
   * @throws IOException as for {@link Npz#write}
   */
  public static void write(Path path, Map<String, NdArray> arrays) throws IOException {
    Map<String, NdArray> all = sealed(arrays);
    AtomicFile.write(path, out -> Npz.write(out, all));
  }

  /**
   * Writes arrays with a checksum of all of them.
   *
   * @param out the destination; not closed
   * @param arrays as for {@link #write(Path, Map)}
   * @throws IllegalArgumentException if an array has the name that the array of the checksum has
   * @throws IOException if writing fails
   */
  public static void write(OutputStream out, Map<String, NdArray> arrays) throws IOException {
    Npz.write(out, sealed(arrays));
  }

  private static Map<String, NdArray> sealed(Map<String, NdArray> arrays) {
    Map<String, NdArray> all = new LinkedHashMap<>(arrays);
    if (all.put(STATEMENT, statement(arrays)) != null) {
      throw new ArgumentException(
          "an array %s, expected another name, as the checksum has this one", STATEMENT);
    }
    return all;
  }

  /** {@return the array with the checksum of these arrays} */
  public static NdArray statement(Map<String, NdArray> arrays) {
    List<String> names = List.copyOf(arrays.keySet());
    return new ChecksumHeader(ChecksumHeader.format(names), sha256(arrays), names).toArray();
  }

  /**
   * {@return the checksum of a file with these arrays: the SHA-256 in hexadecimal}
   *
   * @param arrays the arrays in the order in which they are written
   */
  public static String sha256(Map<String, NdArray> arrays) {
    MessageDigest digest = Bytes.sha256();
    arrays.forEach((name, array) -> Npz.digest(name, array, digest));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Refuses the file, or remembers the problem if the file is trusted. */
  private void doubt(String which, String found) throws FormatException {
    if (!trusting) {
      throw new FormatException(
          file,
          "%s, expected the file as it was written; %s reads it as it is",
          Message.of(found),
          Remedy.TRUST.with());
    }
    trusted = trusted == null ? which : trusted;
  }

  /** {@return the name of the file in errors} */
  public String file() {
    return file;
  }

  /** {@return the format that the file states, 1 or 2; empty if there is no checksum} */
  public OptionalInt format() {
    return statement == null ? OptionalInt.empty() : OptionalInt.of(statement.format());
  }

  /**
   * Returns how a trusted file differs from its checksum, as far as it was read.
   *
   * @return the end of a phrase that begins with the name of the file, such as {@code whose values
   *     differ from its checksum}; empty if no difference was found or there is no checksum
   */
  public Optional<String> trusted() {
    return Optional.ofNullable(trusted);
  }

  /**
   * {@return true if the file contains an array of that name}
   *
   * @param name the name, without {@code .npy}
   */
  public boolean contains(String name) {
    return npz.contains(name);
  }

  /** {@return the names of the arrays in the order of the file, without {@code .npy}} */
  public List<String> names() {
    return npz.names();
  }

  /**
   * {@return the type and shape of an array}
   *
   * @param name the name, without {@code .npy}
   * @throws IOException as for {@link Npz#header}
   */
  public Npz.Header header(String name) throws IOException {
    return npz.header(name);
  }

  /**
   * Reads an array, so that {@link #verify} need not read it again.
   *
   * @param name the name, without {@code .npy}
   * @return the array, row-major
   * @throws IOException as for {@link Npz#read}
   */
  public NdArray read(String name) throws IOException {
    NdArray array = npz.read(name);
    known.put(name, array);
    return array;
  }

  /**
   * Reads arrays of numbers one after the other into a single array.
   *
   * @param names their names, without {@code .npy}
   * @return all elements, row-major, rounded to float32; not to be changed before {@link #verify},
   *     which uses this array
   * @throws IOException as for {@link Npz#readFloats}
   */
  public float[] readFloats(List<String> names) throws IOException {
    float[] floats = npz.readFloats(names);
    int offset = 0;
    for (String name : names) {
      Npz.Header header = npz.header(name);
      int[] shape = header.shape().stream().mapToInt(Integer::intValue).toArray();
      NdArray part = NdArray.ofFloats(floats, offset, shape);
      if (header.type() == ElementType.FLOAT32) {
        known.put(name, part);
      }
      offset += part.length();
    }
    return floats;
  }

  /**
   * Refuses arrays that the reader would use although the checksum does not cover them, as they
   * were added later. A file without a checksum is not refused.
   *
   * @param names tells of a name whether the reader uses its array
   * @throws FormatException if the file contains such an array and is not trusted
   */
  public void refuseAdded(Predicate<String> names) throws FormatException {
    if (statement == null) {
      return;
    }
    Set<String> sealed = new HashSet<>(statement.names());
    sealed.add(STATEMENT);
    for (String name : npz.names()) {
      if (!sealed.contains(name) && names.test(name)) {
        doubt(
            "whose array " + name + " is not in its checksum",
            "array " + name + " was added since the checksum was made");
      }
    }
  }

  /**
   * Refuses a file without a checksum, for a kind of file that every writer seals.
   *
   * @throws FormatException if there is no checksum and the file is not trusted
   */
  public void requireChecksum() throws FormatException {
    if (statement == null) {
      doubt("which has no checksum", "no checksum (array " + STATEMENT + ")");
    }
  }

  /**
   * Refuses a file with a checksum that lacks an array, if every writer seals such an array. A file
   * without a checksum is not refused.
   *
   * @param name the name of the array, without {@code .npy}
   * @throws FormatException if there is a checksum but no such array, and the file is not trusted
   */
  public void requireSealed(String name) throws FormatException {
    if (statement != null && !contains(name)) {
      doubt("which lacks " + name, "a checksum but no array " + name);
    }
  }

  /**
   * Compares the arrays with the checksum, if there is one.
   *
   * @throws FormatException if they differ and the file is not trusted, or if an array is not valid
   */
  public void verify() throws IOException {
    if (statement == null || trusted != null) {
      return;
    }
    List<String> names = statement.names();
    MessageDigest digest = Bytes.sha256();
    for (String name : names) {
      NdArray array = known.get(name);
      if (array == null) {
        npz.digest(name, digest);
      } else {
        Npz.digest(name, array, digest);
      }
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(statement.sha256())) {
      int more = names.size() - MOST_NAMED;
      String some = String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMED)));
      doubt(
          "whose values differ from its checksum",
          "changed since it was written (sha256 %s... of %s%s, its checksum is %s...)"
              .formatted(
                  found.substring(0, DIGITS),
                  some,
                  more > 0 ? " and " + more + " more" : "",
                  statement.sha256().substring(0, DIGITS)));
    }
  }

  @Override
  public void close() throws IOException {
    npz.close();
  }
}
