package dev.lanewise.format;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.internal.SealedNpz;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedNpzTest {
  /** The first and last characters of each length in UTF-8. */
  private static final String EDGES =
      "\u0001\u007f\u0080\u07ff\u0800\uffff\ud800\udc00\udbff\udfff";

  @TempDir Path directory;

  private static Map<String, NdArray> arrays() {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("a", NdArray.of(new float[] {1, -0f}, 2, 1));
    arrays.put("\u00e9", NdArray.ofStrings(List.of("", "x\u20ac" + EDGES, "\ud83d\ude42"), 3));
    arrays.put("n", NdArray.of(new long[] {-1}));
    arrays.put("none", NdArray.of(new double[0], 0, 7));
    arrays.put("bytes", NdArray.ofBytes(new byte[] {-1, 0}, 2));
    return arrays;
  }

  /** Collects the bytes of the checksum exactly as {@link SealedNpz} describes them. */
  private static final class Described {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void number(long number) {
      bytes.writeBytes(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array());
    }

    void text(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      number(utf8.length);
      bytes.writeBytes(utf8);
    }

    void head(String name, String type, int... shape) {
      text(name);
      text(type);
      number(shape.length);
      for (int dimension : shape) {
        number(dimension);
      }
    }
  }

  @Test
  void theChecksumIsAsDescribed() throws Exception {
    Described described = new Described();
    described.head("a", "float32", 2, 1);
    described.bytes.writeBytes(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0x80});
    described.head("\u00e9", "unicode", 3);
    described.text("");
    described.text("x\u20ac" + EDGES);
    described.text("\ud83d\ude42");
    described.head("n", "int64");
    described.number(-1);
    described.head("none", "float64", 0, 7);
    described.head("bytes", "uint8", 2);
    described.bytes.writeBytes(new byte[] {-1, 0});
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    String expected = HexFormat.of().formatHex(sha256.digest(described.bytes.toByteArray()));
    assertEquals(expected, SealedNpz.sha256(arrays()));
  }

  /** Java's own encoder would turn either half of a pair into a question mark. */
  @Test
  void halvesOfPairsAreToldApart() {
    NdArray one = NdArray.ofStrings(List.of("\ud83d"), 1);
    NdArray other = NdArray.ofStrings(List.of("\ude42"), 1);
    assertNotEquals(SealedNpz.sha256(Map.of("x", one)), SealedNpz.sha256(Map.of("x", other)));
    assertNotEquals(
        SealedNpz.sha256(Map.of("\ud83d", one)), SealedNpz.sha256(Map.of("\ude42", one)));
  }

  @Test
  void comesBack() throws IOException {
    Path file = directory.resolve("a.npz");
    SealedNpz.write(file, arrays());
    SealedNpz closed;
    try (SealedNpz npz = SealedNpz.open(file, false)) {
      closed = npz;
      assertEquals(file.toString(), npz.file());
      assertEquals(OptionalInt.of(1), npz.format());
      assertEquals(List.of("a", "\u00e9", "n", "none", "bytes", "lanewise"), npz.names());
      assertEquals(arrays().get("n"), npz.read("n"));
      assertEquals(2, npz.readFloats(List.of("a")).length);
      npz.refuseAdded(Pattern.compile(".*").asMatchPredicate());
      npz.verify(); // verifies arrays that were read and others
      assertEquals(Optional.empty(), npz.trusted());
      assertTrue(npz.contains("n"));
    }
    assertThrows(IllegalStateException.class, () -> closed.read("n"));
    try (SealedNpz npz = SealedNpz.open(Files.newInputStream(file), "b", false)) {
      assertEquals("b", npz.file());
      assertEquals(new Npz.Header(ElementType.FLOAT32, List.of(2, 1)), npz.header("a"));
      npz.verify();
    }
  }

  /** Arrays are read one after the other into floats, although some are stored as doubles. */
  @Test
  void numbersThatAreReadTogetherAreVerified() throws IOException {
    Path file = directory.resolve("a.npz");
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("a", NdArray.of(new float[] {1, 2}, 2));
    arrays.put("b", NdArray.of(new double[] {0.1, 4}, 2));
    arrays.put("c", NdArray.of(new float[] {5, 6, 7}, 3));
    SealedNpz.write(file, arrays);
    try (SealedNpz npz = SealedNpz.open(file, false)) {
      assertArrayEquals(
          new float[] {1, 2, 0.1f, 4, 5, 6, 7}, npz.readFloats(List.of("a", "b", "c")));
      npz.verify();
    }
  }

  /**
   * The arrays that numpy wrote cover every type, both byte orders and both orders of dimensions.
   */
  @Test
  void arraysInOtherOrdersHaveTheSameChecksumWhetherTheyAreReadOrNot() throws IOException {
    for (String golden : List.of("stored.npz", "strings.npz", "shapes.npz")) {
      Map<String, NdArray> arrays = new LinkedHashMap<>();
      Path file = directory.resolve(golden);
      try (Npz npz = Npz.open(TestFiles.golden(golden));
          ZipFile zip = new ZipFile(TestFiles.golden(golden).toFile());
          ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
        for (String name : npz.names()) {
          arrays.put(name, npz.read(name));
          out.putNextEntry(new ZipEntry(name + ".npy"));
          zip.getInputStream(zip.getEntry(name + ".npy")).transferTo(out);
        }
        out.putNextEntry(new ZipEntry("lanewise.npy"));
        Npy.write(out, SealedNpz.statement(arrays));
      }
      for (boolean read : new boolean[] {false, true}) {
        try (SealedNpz npz = SealedNpz.open(file, false)) {
          for (String name : read ? npz.names() : List.<String>of()) {
            npz.read(name);
          }
          npz.verify();
        }
      }
    }
  }

  @Test
  void anArrayThatIsGoneIsFound() throws IOException {
    Path file = directory.resolve("a.npz");
    SealedNpz.write(file, arrays());
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(file)) {
      arrays.put("lanewise", npz.read("lanewise"));
    }
    arrays.put("a", arrays().get("a"));
    Npz.write(file, arrays);
    var e = assertThrows(FormatException.class, () -> SealedNpz.open(file, false));
    assertTrue(e.getMessage().contains(": no array \u00e9, which it was written"), e.getMessage());
    try (SealedNpz npz = SealedNpz.open(file, true)) {
      assertEquals(Optional.of("which lacks \u00e9"), npz.trusted());
    }
  }

  @Test
  void ofManyArraysTheFirstAreNamed() throws IOException {
    for (int count : new int[] {5, 6, 7, 8}) {
      Map<String, NdArray> arrays = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        arrays.put("a" + i, NdArray.of(new float[] {i}, 1));
      }
      Path file = directory.resolve("many.npz");
      SealedNpz.write(file, arrays);
      try (Npz npz = Npz.open(file)) {
        arrays.put("lanewise", npz.read("lanewise"));
      }
      arrays.put("a1", NdArray.of(new float[] {9}, 1));
      Npz.write(file, arrays);
      try (SealedNpz npz = SealedNpz.open(file, false)) {
        String names =
            List.of("a0", "a1", "a2", "a3", "a4", "a5").subList(0, Math.min(count, 6)) + "";
        String some =
            names.substring(1, names.length() - 1)
                + (count > 6 ? " and " + (count - 6) + " more" : "");
        unreadable(npz::verify, "... of " + some + ", its checksum is");
      }
    }
  }

  private Path changed(String name, NdArray array) throws IOException {
    Path file = directory.resolve("a.npz");
    SealedNpz.write(file, arrays());
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(file)) {
      for (String each : npz.names()) {
        arrays.put(each, npz.read(each));
      }
    }
    arrays.put(name, array);
    Npz.write(file, arrays);
    return file;
  }

  /** A changed array is found whether or not it was read before, and by either method. */
  @Test
  void whatWasChangedIsFound() throws IOException {
    for (String name : List.of("a", "\u00e9", "n", "none", "bytes")) {
      for (NdArray array :
          List.of(NdArray.of(new float[] {1, 0}, 2, 1), NdArray.of(new double[] {1, -0.0}, 2))) {
        Path file = changed(name, array);
        for (int way = 0; way < 3; way++) {
          try (SealedNpz npz = SealedNpz.open(file, false)) {
            if (way == 1) {
              npz.read(name);
            } else if (way == 2) {
              npz.readFloats(List.of(name));
            }
            var e = assertThrows(FormatException.class, npz::verify);
            assertTrue(e.getMessage().startsWith(file + ": changed since it was"), e.getMessage());
          }
        }
        try (SealedNpz npz = SealedNpz.open(file, true)) {
          assertEquals(Optional.empty(), npz.trusted());
          npz.verify();
          assertEquals(Optional.of("whose values differ from its checksum"), npz.trusted());
        }
      }
    }
  }

  @Test
  void whatWasAddedIsFoundIfItMeansSomething() throws IOException {
    Path file = changed("added", NdArray.of(new double[] {1}));
    try (SealedNpz npz = SealedNpz.open(file, false)) {
      npz.verify();
      npz.refuseAdded(Pattern.compile("add").asMatchPredicate());
      var e =
          assertThrows(
              FormatException.class,
              () -> npz.refuseAdded(Pattern.compile("add.*|a").asMatchPredicate()));
      assertTrue(e.getMessage().contains(": array added was added since"), e.getMessage());
    }
    try (SealedNpz npz = SealedNpz.open(file, true)) {
      npz.refuseAdded(Pattern.compile("add.*|a").asMatchPredicate());
      assertEquals(Optional.of("whose array added is not in its checksum"), npz.trusted());
    }
  }

  @Test
  void aStatementThatNamesAnArrayTwiceIsNone() throws IOException {
    String sha256 = "sha256 " + "0".repeat(64);
    NdArray twice = NdArray.ofStrings(List.of("format 1", sha256, "a", "a"), 4);
    Path file = changed("lanewise", twice);
    assertThrows(FormatException.class, () -> SealedNpz.open(file, false));
    try (SealedNpz npz = SealedNpz.open(file, true)) {
      assertEquals(Optional.of("whose array lanewise has no checksum"), npz.trusted());
      assertEquals(OptionalInt.empty(), npz.format());
    }
  }

  @Test
  void withoutAStatementNothingIsRefused() throws IOException {
    Path file = directory.resolve("a.npz");
    Npz.write(file, arrays());
    try (SealedNpz npz = SealedNpz.open(file, false)) {
      npz.refuseAdded(Pattern.compile(".*").asMatchPredicate());
      npz.verify();
      assertEquals(OptionalInt.empty(), npz.format());
      assertFalse(npz.contains("lanewise"));
    }
  }

  @Test
  void theNameOfTheStatementIsTaken() {
    Path file = directory.resolve("a.npz");
    Map<String, NdArray> arrays = Map.of("lanewise", NdArray.of(new double[] {1}));
    assertThrows(IllegalArgumentException.class, () -> SealedNpz.write(file, arrays));
  }

  @Test
  void largeArraysHaveTheSameChecksumWhetherTheyAreReadOrNot() throws IOException {
    Path file = directory.resolve("large.npz");
    float[] floats = new float[300_001];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = i * 0.5f;
    }
    SealedNpz.write(file, Map.of("large", NdArray.ofFloats(floats, 0, floats.length)));
    for (boolean read : new boolean[] {false, true}) {
      try (SealedNpz npz = SealedNpz.open(file, false)) {
        if (read) {
          npz.readFloats(List.of("large"));
        }
        npz.verify();
      }
    }
  }

  @Test
  void aChecksumMayBeOfNothing() throws IOException {
    Path file = directory.resolve("none.npz");
    SealedNpz.write(file, Map.of());
    try (SealedNpz npz = SealedNpz.open(file, false)) {
      assertEquals(OptionalInt.of(1), npz.format());
      npz.verify();
    }
  }

  @Test
  void aLaterFormatIsRefusedAlsoWhereItIsTrusted() throws IOException {
    Path file = changed("lanewise", NdArray.ofStrings(List.of("format 3", "?"), 2));
    for (boolean trusting : new boolean[] {false, true}) {
      var e = assertThrows(FormatException.class, () -> SealedNpz.open(file, trusting));
      assertEquals(
          file + ": format 3, expected at most 2: written by a later Lanewise", e.getMessage());
    }
  }
}
