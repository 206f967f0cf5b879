package dev.lanewise.source;

import static dev.lanewise.Refusals.unreadable;
import static dev.lanewise.format.TestFiles.gzip;
import static dev.lanewise.format.TestFiles.npy;
import static dev.lanewise.format.TestFiles.replace;
import static dev.lanewise.format.TestFiles.zip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.Npy;
import dev.lanewise.format.Npz;
import dev.lanewise.format.TestFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors in files, each reported in one line. */
class FormatErrorsTest {
  @TempDir Path directory;

  /**
   * A case: the file's name and content, and the part of the message that follows the file's name.
   */
  record Case(String name, byte[] content, String message) {
    @Override
    public String toString() {
      return message;
    }
  }

  private static byte[] text(String s) {
    return s.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] golden(String name) {
    try {
      return Files.readAllBytes(TestFiles.golden(name));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Case archive(byte[] content, String message) {
    return new Case("a.npz", content, message);
  }

  private static Case npz(byte[] member, String message) {
    return archive(zip("x.npy", member, false), message);
  }

  private static Case idx(byte[] content, String message) {
    return new Case("a", content, message);
  }

  private static Case csv(byte[] content, String message) {
    return new Case("a.csv", content, message);
  }

  private static Case header(String header, String message) {
    return npz(npy(1, header, new byte[8]), message);
  }

  /** The header of a member of an archive, or its type, the bytes of its data and its shape. */
  private static final String MEMBERS =
      """
      <f8 64 (1000000, 2000) | x: float64 (1000000, 2000) takes 16000000000 bytes, but 64 are there, expected
      <f4 0 (4294967296, 4294967296) | x: the shape is (4294967296, 4294967296), expected dimensions from 0 and at most
      |u1 0 (65536, 65536) | x: the shape is (65536, 65536), expected dimensions from 0 and at most 2147483639
      <f4 24 (-3, -2) | x: the shape is (-3, -2), expected dimensions from 0
      <f4 12 (3.0,) | x: the npy header is unreadable at \"'shape': (3.0,)}\"{header}
      <f4 4 (True,) | x: the shape is (True,), expected dimensions from 0
      <f4 24 6 | x: the shape is 6, expected a tuple
      <f4 0 (99999999999999999999,) | x: the shape is (99999999999999999999,)
      <f4 24 (6) | x: the npy header is unreadable at \"'shape': (6)}\"
      <f4 24 (6,,4) | x: the shape is (6,,4), expected
      <f4 4 (,) | x: the shape is (,), expected dimensions from 0
      <f4 4 [ , ] | x: the shape is [ , ], expected dimensions from 0
      <f4 4 (L,) | x: the shape is (L,), expected dimensions from 0
      <f4 4 (L,,) | x: the shape is (L,,), expected dimensions from 0
      <f4 4 (,6) | x: the shape is (,6), expected dimensions from 0
      |O 24 (3,) | x: Python objects (a pickle), expected numbers: pickles can
      <c8 24 (3,) | x: elements of dtype '<c8', {types}
      <f3 9 (3,) | x: elements of dtype '<f3', {types}
      |S5 15 (3,) | x: elements of dtype '|S5', {types}
      <U0 0 (1000000000,) | x: elements of dtype '<U0', {types}
      <U1000000 0 (1000000,) | x: elements of dtype '<U1000000', {types}
      <f99999999999 9 (3,) | x: elements of dtype '<f99999999999', {types}
      float 24 (3,) | x: elements of dtype 'float', {types}
      header {'descr': '<f8',  | x: the npy header ends early{header}
      header {'descr': '<f8', 'shape': (1, | x: the npy header is unreadable at \"'shape': (1,\"
      header __import__('os') | x: the npy header is unreadable at \"__import__('os')\"
      header [1, 2] | x: the npy header is unreadable at \"[1, 2]\"{header}
      header {} {} | x: the npy header is unreadable at \"} {}\"{header}
      header {'a': 1, 'a': 1} | x: the npy header is unreadable at \"'a': 1}\"{header}
      header {'descr': '<f8\\n'} | x: the npy header is unreadable at \"'descr': '<f8\\n'}\"{header}
      header {'descr': '<f8', 'shape': (1,)} | x: the npy header has no 'fortran_order', expected this key
      header {'descr': '<f8', 'fortran_order': 0, 'shape': (1,)} | x: fortran_order is 0, expected True or False
      header {'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)} | x: records of several fields, {types}
      """;

  private static Case member(String row, String types, String header) {
    String[] cells = row.split(" \\| ");
    String message = cells[1].replace("{types}", types).replace("{header}", header);
    String[] words = cells[0].split(" ", 3);
    return words[0].equals("header")
        ? header(cells[0].substring(7), message)
        : npz(npy(words[0], words[2], Integer.parseInt(words[1])), message);
  }

  static Stream<Case> archives() {
    byte[] sound = npy("<f4", "(3, 2)", 24);
    byte[] stored = zip("x.npy", sound, false);
    byte[] zeros = zip("x.npy", npy("|u1", "(100000,)", 100_000), true);
    byte[] twice = replace(golden("piped.npz"), "b.npy", "a.npy");
    String types = "expected b1, u1, i1, u2, i2, u4, i4, u8, i8, f2, f4, f8 or U";
    String header = ", expected {'descr': ..., 'fortran_order': ..., ...}";
    Stream<Case> others =
        Stream.of(
            archive(new byte[0], "an empty file, expected an .npz file"),
            archive(
                text("a,b\n1,2\n"),
                "no zip archive, expected an .npz file as numpy.savez writes it"),
            archive(sound, "a single npy array, expected an .npz file as numpy.savez writes"),
            archive(
                Arrays.copyOf(stored, stored.length - 30),
                "a damaged or cut off zip archive (*), expected an .npz file as numpy.savez writes it"),
            archive(twice, "two members are called a.npy, expected each name once"),
            archive(
                zip("x.txt", sound, false),
                "a zip archive of x.txt, expected arrays (.npy) in it; unpack a table first"),
            archive(
                zip("net/data.pkl", sound, false),
                "a PyTorch file, whose pickle could run code, expected .npz or .safetensors (safetensors.torch.save_file(net.state_dict(), FILE) writes one)"),
            archive(
                zip("model.weights.h5", sound, false),
                "a Keras file, expected .npz (numpy.savez(FILE, *model.get_weights()) writes one)"),
            archive(
                new byte[] {(byte) 0x80, 4, 3, 2, 1},
                "a pickle of Python, which could run code, expected an .npz file as numpy.savez writes"),
            archive(
                new byte[] {(byte) 0x89, 'H', 'D', 'F', 13, 10, 26, 10},
                "an HDF5 file, expected an .npz file as numpy.savez writes"),
            archive(
                Arrays.copyOf(new byte[] {'P', 'K', 5, 6}, 22),
                "no array x, expected an array of this name: found no arrays at all"),
            archive(
                zip("y.npy", sound, true), "no array x, expected an array of this name: found y"),
            npz(new byte[0], "x: empty (0 bytes), expected an npy array"),
            npz(
                text("hello, world"),
                "x: not an npy array (wrong first bytes), expected \\x93NUMPY"),
            npz(
                Arrays.copyOf(sound, 7),
                "x: not an npy array (wrong first bytes), expected \\x93NUMPY"),
            npz(
                Arrays.copyOf(sound, 9),
                "x: the npy header is cut off: * bytes announced, 0 there, expected all of them"),
            npz(npy(4, "{}", new byte[0]), "x: npy version 4, expected 1, 2 or 3"),
            npz(
                Arrays.copyOf(sound, 30),
                "x: the npy header is cut off: 58 bytes announced, 20 there, expected all of them"),
            npz(
                npy(2, " ".repeat(70_000), new byte[0]),
                "x: an npy header of 70000 bytes, expected at most 65536"),
            npz(
                Arrays.copyOf(sound, sound.length - 4),
                "x: float32 (3, 2) takes 24 bytes, but 20 are there, expected as many (cut off or"),
            npz(
                Arrays.copyOf(sound, sound.length + 1),
                "x: float32 (3, 2) takes 24 bytes, but 25 are there, expected as many (cut off or"),
            npz(
                npy("|u1", "(" + "1,".repeat(65) + ")", 1),
                "x: 65 dimensions, expected at most 64"),
            npz(
                npy(
                    1,
                    "{'descr': '<U1', 'fortran_order': False, 'shape': (1,)}",
                    new byte[] {0, 0, 17, 0}),
                "x: a character of code 1114112, expected Unicode's"),
            header("", "x: the npy header ends early" + header),
            header("(".repeat(60_000), "x: the npy header is unreadable at \"((("),
            header(
                "{'a': [" + "1, ".repeat(20_000),
                "x: the npy header is unreadable at \"'a': [1, 1"),
            header(
                "{'a': " + "[(".repeat(20_000) + "}",
                "x: the npy header is unreadable at \"'a': [([("),
            archive(
                replace(stored, "NUMPY", "NUMPI"),
                "x: not an npy array (wrong first bytes), expected \\x93NUMPY"),
            archive(
                replace(stored, "\0\0\0\0PK\1", "\0\0\0\1PK\1"),
                "x: damaged data: checksum *, expected *"),
            archive(corrupt(zeros), "x: cannot be read (*), expected an undamaged file"),
            archive(
                claim(zeros, 24, 2_000_000_000),
                "x: the archive claims 2000000000 bytes in * of a file of *, expected a size that"),
            archive(
                claim(zeros, 24, 100_000),
                "x: uint8 (100000,) takes 100000 bytes, but 999* are there, expected as many"),
            archive(
                claim(stored, 20, 1_000_000),
                "x: the archive claims * bytes in 1000000 of a file of *, expected a size"));
    return Stream.concat(MEMBERS.lines().map(row -> member(row, types, header)), others);
  }

  /** Sets the type of the first block of the deflated data to one that does not exist. */
  private static byte[] corrupt(byte[] bytes) {
    byte[] corrupted = bytes.clone();
    int names = bytes[26] + bytes[28]; // the lengths of the member's name and extra field
    corrupted[30 + names] = 7;
    return corrupted;
  }

  /** Overwrites a 32-bit field of the only entry in the central directory. */
  private static byte[] claim(byte[] zip, int field, int value) {
    byte[] changed = zip.clone();
    String all = new String(zip, StandardCharsets.ISO_8859_1);
    int at = all.lastIndexOf("PK\1\2") + field;
    for (int i = 0; i < 4; i++) {
      changed[at + i] = (byte) (value >>> 8 * i);
    }
    return changed;
  }

  @ParameterizedTest
  @MethodSource("archives")
  void archivesAreRefused(Case bad) {
    refused(
        bad,
        file -> {
          try (Npz npz = Npz.open(file)) {
            return npz.read(npz.contains("x") || npz.names().size() < 2 ? "x" : npz.names().get(0));
          }
        });
  }

  static Stream<Case> idxFiles() {
    byte[] sound = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 2, 3, 4, 5};
    return Stream.of(
        idx(new byte[0], "an empty file, expected an IDX file"),
        idx(text("hello"), "not an IDX file (wrong first bytes), expected two zeros"),
        idx(new byte[] {0, 0}, "not an IDX file (wrong first bytes), expected two zeros"),
        idx(new byte[] {0, 0, 7, 1}, "IDX type 0x07, expected 08, 09, 0b, 0c, 0d or 0e"),
        idx(new byte[] {0, 0, 8, 0}, "0 dimensions, expected between 1 and 32"),
        idx(new byte[] {0, 0, 8, 99}, "99 dimensions, expected between 1 and 32"),
        idx(Arrays.copyOf(sound, 9), "the IDX header is cut off, expected 2 sizes"),
        idx(
            Arrays.copyOf(sound, 17),
            "uint8 (2, 3) takes 6 bytes, but 5 are there, expected as many (cut off or damaged?)"),
        idx(
            Arrays.copyOf(sound, 19),
            "uint8 (2, 3) takes 6 bytes, but 7 are there, expected as many (cut off or damaged?)"),
        idx(
            new byte[] {0, 0, 14, 2, -1, -1, -1, -1, 0, 0, 0, 1},
            "the sizes are too large, expected at most 2147483639 elements"),
        idx(
            new byte[] {0, 0, 14, 2, 0, 1, 0, 0, 0, 0, 32, 0},
            "float64 (65536, 8192) takes 4294967296 bytes, but 0 are there, expected as many"),
        new Case(
            "a.gz", new byte[] {0x1f, (byte) 0x8b, 8}, "cannot be read (*), expected an undamaged"),
        new Case(
            "a.gz",
            gzip(Arrays.copyOf(sound, 15)),
            "the data ends after 3 bytes, expected 6 (cut off?)"),
        new Case(
            "a.gz",
            gzip(Arrays.copyOf(sound, 20)),
            "more data than the 6 bytes of uint8 (2, 3), expected no more"),
        new Case(
            "a.gz",
            gzip(new byte[] {0, 0, 8, 1, 0, 1, 0, 0}),
            "uint8 (65536,) takes 65536 bytes, but at most * are there, expected as many"),
        new Case(
            "a.gz",
            Arrays.copyOf(gzip(sound), gzip(sound).length - 3),
            "cannot be read (*), expected an undamaged file"));
  }

  @ParameterizedTest
  @MethodSource("idxFiles")
  void idxFilesAreRefused(Case bad) {
    refused(bad, Idx::read);
  }

  /** The name of a table, its text with escapes, and the message. */
  private static final String TABLES =
      """
      a.csv | a,b\\n1,2\\"\\n | line 2: a quote inside a field without quotes, expected field 2 in quotes, and each quote in it twice (a comma separates fields)
      a.tsv | a\\tb\\n5\\" pipe\\t2\\n | line 2: a quote inside a field without quotes, expected field 1 in quotes, and each quote in it twice (a tab separates fields)
      a.csv | a,b\\n\\"1\\"x,2\\n | line 2: text after a closing quote, expected a comma or the end of the line
      a.csv | a;b\\n\\"1\\" \\"x\\";2\\n | line 2: text after a closing quote, expected a semicolon or the end of the line
      a.csv | a,b\\n1,2\\n3,\\"4\\n5,6\\n7,8\\n | line 3: a quote that is never closed, expected a second quote before the file ends
      a.csv | a,b\\n1,2\\n3,\\"4\\"\\" | line 3: a quote that is never closed, expected a second quote before the file ends
      a.csv | a,b\\n1,\u0081\\n | byte 7 (line 2) is neither UTF-8 nor Windows-1252, as Excel writes, expected a table in
      a.csv | \u008d,b\\n | byte 1 (line 1) is neither UTF-8 nor Windows-1252
      a.csv | \u00ef\u00bb\u00bfa,\u00e9 | byte 6 (line 1) is not UTF-8, unlike the text before it
      a.csv | a,\u00ed\u00a0\u0090\\n | byte 5 (line 1) is neither UTF-8 nor Windows-1252
      a.csv | a,b\\n\u00c3\u00a9,1\\n\u00e9,2\\n | byte 10 (line 3) is not UTF-8, unlike the text before it, expected a single encoding
      a.csv | a,b\\n1,2\\0\\n | byte 8 (line 2) is zero, which text does not have, expected a table in UTF-8 (this
      a.csv | a,\\"b\\n\\0\\"\\n | byte 6 (line 2) is zero, which text does not have
      """;

  private static Case table(String row) {
    String[] cells = row.split(" \\| ");
    return new Case(cells[0], text(cells[1].translateEscapes()), cells[2]);
  }

  static Stream<Case> tables() {
    byte[] sound = text("a,b\n1,2\n3,4\n");
    byte[] late = text("a,b\n" + "1,2\n".repeat(20_000) + "\"\n\r\n\u0081\",3\n");
    Stream<Case> others =
        Stream.of(
            csv(new byte[0], "an empty file, expected a CSV file"),
            new Case("a.csv.gz", gzip(new byte[0]), "an empty file, expected a CSV file"),
            csv(
                text("a|b\r\r\"1\"\"\" x|2\r"),
                "line 3: text after a closing quote, expected a vertical bar or the end of the line"),
            csv(late, "byte 80009 (line 20004) is neither UTF-8 nor Windows-1252"),
            new Case("a.csv.gz", gzip(late), "byte 80009 (line 20004) is neither UTF-8 nor"),
            csv(
                "a,b\n1,2\n".getBytes(StandardCharsets.UTF_16),
                "text in UTF-16 by its first bytes, expected a table in UTF-8 (iconv -f UTF-16 -t UTF-8 FILE converts it)"),
            csv(
                "\ufeffa,b\n".getBytes(StandardCharsets.UTF_16LE),
                "text in UTF-16 by its first bytes, expected a table in UTF-8"),
            csv(
                "a,b\n".getBytes(StandardCharsets.UTF_16BE),
                "text in UTF-16 by its first bytes, expected a table in UTF-8"),
            new Case(
                "a.csv.gz",
                gzip("a,b\n".getBytes(StandardCharsets.UTF_16LE)),
                "text in UTF-16 by its first bytes, expected a table in UTF-8"),
            csv(
                "\ufeffa,b\n".getBytes(Charset.forName("UTF-32LE")),
                "text in UTF-32 by its first bytes, expected a table in UTF-8 (iconv -f UTF-32 -t UTF"),
            csv(
                "\ufeffa,b\n".getBytes(Charset.forName("UTF-32BE")),
                "text in UTF-32 by its first bytes, expected a table in UTF-8"),
            csv(new byte[] {0}, "byte 1 (line 1) is zero, which text does not have"),
            new Case(
                "a.csv.gz",
                Arrays.copyOf(gzip(sound), gzip(sound).length - 3),
                "cannot be read (the gzip data is cut off), expected an undamaged file"),
            new Case(
                "a.csv.gz",
                replaced(gzip(sound), gzip(sound).length - 5),
                "cannot be read (the gzip data is damaged: another checksum than its content), expec"),
            new Case(
                "a.csv.gz",
                replaced(gzip(sound), 10),
                "cannot be read (the gzip data is damaged: *), expected an undamaged file"));
    return Stream.concat(TABLES.lines().map(FormatErrorsTest::table), others);
  }

  private static byte[] replaced(byte[] bytes, int place) {
    bytes[place] ^= 0x55;
    return bytes;
  }

  /** A quote that is not closed must not swallow the rest of a large file. */
  @Test
  void recordsWithoutEndAreRefused() {
    String[][] cases = {
      {"a,b\n1,\"", "line 2: a record of more than 67108864 bytes, expected the closing quote"},
      {"a,b\n1,", "line 2: a record of more than 67108864 bytes, expected the end of the line"}
    };
    for (String[] bad : cases) {
      InputStream in =
          new SequenceInputStream(new ByteArrayInputStream(text(bad[0])), new Endless((byte) 'x'));
      checkStream(in, bad[1]);
    }
    checkStream(
        new Endless((byte) ','), "line 1: more than 262144 fields, expected at most this number");
  }

  private static void checkStream(InputStream in, String message) {
    unreadable(
        () -> {
          try (Csv csv = Csv.open(in, "stdin", CsvFormat.detect())) {
            while (csv.next()) {
              continue;
            }
          }
        },
        "stdin: " + message);
  }

  /** A stream that repeats one byte for ever. */
  private static final class Endless extends InputStream {
    private final byte value;

    Endless(byte value) {
      this.value = value;
    }

    @Override
    public int read() {
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      Arrays.fill(bytes, offset, offset + length, value);
      return length;
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void tablesAreRefused(Case bad) {
    refused(
        bad,
        file -> {
          try (Csv csv = Csv.open(file)) {
            while (csv.next()) {
              csv.number(0); // the text is never asked for
            }
          }
          return null;
        });
  }

  interface Reader {
    Object read(Path file) throws IOException;
  }

  private void refused(Case bad, Reader reader) {
    Path file = TestFiles.write(directory, bad.name(), bad.content());
    check(file, bad.message(), reader);
  }

  /** A star in the expected message matches any text, because the JDK's words differ by version. */
  private static void check(Path file, String message, Reader reader) {
    Class<? extends IOException> type =
        Files.exists(file) ? FormatException.class : NoSuchFileException.class;
    IOException e = assertThrows(type, () -> reader.read(file));
    String found = e.getMessage();
    assertTrue(found.startsWith(file + ": "), found);
    assertEquals(1, found.lines().count(), found);
    String behind = found.substring(file.toString().length() + 2);
    Function<String, String> quote = java.util.regex.Pattern::quote;
    String pattern =
        Stream.of(message.split("\\*", -1))
            .map(quote)
            .collect(java.util.stream.Collectors.joining(".*"));
    assertTrue(behind.matches(pattern + ".*"), () -> "found: " + behind + "\nexpected: " + message);
    assertTrue(behind.contains("expected"), behind);
  }

  @Test
  void whatIsNoFileIsRefused() throws IOException {
    Path missing = directory.resolve("missing.npz");
    Path empty = directory.resolve("empty");
    Files.createFile(empty);
    for (Reader reader : List.<Reader>of(Npz::open, Idx::read, Csv::open, FileKind::of)) {
      check(missing, "no such file, expected a", reader);
      check(empty, "an empty file, expected a", reader);
    }
    for (Reader reader : List.<Reader>of(Npz::open, Idx::read, Csv::open)) {
      check(directory, "a directory, expected a", reader);
    }
    check(directory, "a folder, expected a file: .npz", FileKind::of);
  }

  @Test
  void whatNumpyHoldsButWeDoNotIsRefusedByName() throws IOException {
    Path file = TestFiles.golden("refused.npz");
    try (Npz npz = Npz.open(file)) {
      assertEquals(6, npz.names().size());
      for (String name : npz.names()) {
        check(file, name + ": *, expected *", f -> npz.read(name));
        check(file, name + ": *, expected *", f -> npz.header(name));
      }
      check(file, "pickled: Python objects (a pickle), expected numbers", f -> npz.read("pickled"));
    }
  }

  /** The sizes agree with each other, as in a deflate bomb, but exceed the heap. */
  @Test
  void moreThanTheHeapHoldsIsRefused() {
    long size = 8L * 2_147_483_639;
    Assumptions.assumeTrue(Runtime.getRuntime().maxMemory() < size);
    byte[] start = npy("<f8", "(2147483639,)", 64);
    unreadable(
        () -> Npy.read(new ByteArrayInputStream(start), "a", start.length - 64 + size),
        "a: 17179869112 bytes of data, expected no more than the heap holds (see -Xmx)");
  }

  @Test
  void aMessageIsOneLineWhateverTheFileSays() {
    FormatException e =
        new FormatException("a\nb", "x\u001b[31m\u2028\ud800\u202e" + "y".repeat(5000));
    assertTrue(e.getMessage().startsWith("a?b: x?[31m???yyy"), e.getMessage());
    assertTrue(e.getMessage().length() < 1000 && e.getMessage().endsWith("y..."));
  }
}
