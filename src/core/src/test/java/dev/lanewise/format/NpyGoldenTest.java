package dev.lanewise.format;

import static dev.lanewise.format.TestFiles.golden;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads arrays that numpy wrote (with make_arrays.py, next to the files). */
class NpyGoldenTest {

  @ParameterizedTest
  @CsvSource({
    "b1, BOOL", "u1, UINT8", "i1, INT8", "u2, UINT16", "i2, INT16", "u4, UINT32",
    "i4, INT32", "u8, UINT64", "i8, INT64", "f2, FLOAT16", "f4, FLOAT32", "f8, FLOAT64"
  })
  void readsEveryTypeInEveryOrder(String code, ElementType type) throws IOException {
    for (String file : List.of("stored.npz", "deflated.npz")) {
      try (Npz npz = Npz.open(golden(file))) {
        assertEquals(48, npz.names().size());
        for (String order : List.of("little_", "big_")) {
          for (String layout : List.of("_C", "_F")) {
            String name = order + code + layout;
            NdArray array = npz.read(name);
            assertEquals(type, array.type(), name);
            assertArrayEquals(
                layout.equals("_C") ? new int[] {3, 4} : new int[] {2, 3, 2}, array.shape(), name);
            checkValues(type, array, name);
          }
        }
      }
    }
  }

  /** Asserts that an array has the twelve values of make_arrays.py. */
  private static void checkValues(ElementType type, NdArray array, String name) {
    for (int k = 0; k < 12; k++) {
      String place = name + " " + k;
      if (type == ElementType.BOOL) {
        assertEquals(k % 3 == 0 ? 1 : 0, array.longAt(k), place);
      } else if (type.isInteger()) {
        boolean signed = type.toString().startsWith("i");
        int bits = 8 * type.bytes() - (signed ? 1 : 0);
        BigInteger top = BigInteger.ONE.shiftLeft(bits);
        BigInteger expected =
            switch (k) {
              case 0 -> signed ? top.negate() : BigInteger.ZERO;
              case 1 -> top.subtract(BigInteger.ONE);
              default -> BigInteger.valueOf(k);
            };
        assertEquals(expected.doubleValue(), array.doubleAt(k), place);
        if (expected.bitLength() < 64) {
          assertEquals(expected.longValueExact(), array.longAt(k), place);
        }
      } else {
        double tiny =
            switch (type) {
              case FLOAT16 -> 0x1p-24;
              case FLOAT32 -> Float.MIN_VALUE;
              default -> Double.MIN_VALUE;
            };
        double[] odd = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, -0.0, tiny};
        assertEquals(k < 5 ? odd[k] : k + 0.5, array.doubleAt(k), place);
      }
    }
  }

  @Test
  void readsEveryShape() throws IOException {
    try (Npz npz = Npz.open(golden("shapes.npz"))) {
      assertEquals("float64 ()", npz.read("scalar").toString());
      assertEquals(2.5, npz.read("scalar").doubleAt(0));
      assertEquals("float64 (5,)", npz.read("vector").toString());
      assertEquals("float32 (0, 3)", npz.read("empty").toString());
      NdArray deep = npz.read("deep");
      assertEquals("int16 (1, 2, 3, 4)", deep.toString());
      assertEquals(23, deep.longAt(23));
      assertArrayEquals(new double[] {0, 3, 1, 4, 2, 5}, npz.read("transposed").toDoubles());
      assertEquals(List.of(3, 2), npz.header("transposed").shape());
      assertArrayEquals(new double[] {0, 1.5, 1, 2.5}, npz.read("pairs").toDoubles());
      assertEquals(new Npz.Header(ElementType.FLOAT64, List.of(2, 2)), npz.header("pairs"));
    }
  }

  @Test
  void readsStrings() throws IOException {
    try (Npz npz = Npz.open(golden("strings.npz"))) {
      NdArray names = npz.read("names");
      assertEquals("unicode (4,)", names.toString());
      assertEquals("anger", names.stringAt(0));
      assertEquals("", names.stringAt(1));
      assertEquals("\u00e9t\u00e9", names.stringAt(2));
      assertEquals("\ud83d\ude00!", names.stringAt(3));
      NdArray table = npz.read("table");
      assertEquals("ccc", table.stringAt(2));
      assertEquals("ee", table.stringAt(4));
      assertEquals("\u20ac\u20ac", npz.read("big").stringAt(1));
      assertEquals("alone", npz.read("one").stringAt(0));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b"})
  void readsAnArchiveWrittenToAPipe(String name) throws IOException {
    try (Npz npz = Npz.open(golden("piped.npz"))) {
      assertEquals(99.0 + name.charAt(0), npz.read(name).doubleAt(99));
    }
  }

  @Test
  void readsZip64() throws IOException {
    try (Npz npz = Npz.open(golden("zip64.npz"))) {
      assertEquals(49, npz.read("a").longAt(49));
    }
  }

  @Test
  void readsEveryVersionAndPassesOverOtherMembers() throws IOException {
    try (Npz npz = Npz.open(golden("versions.npz"))) {
      assertEquals(List.of("v1", "v2", "v3"), npz.names());
      for (String name : npz.names()) {
        assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, npz.read(name).toDoubles(), name);
      }
    }
  }

  /** An array that numpy wrote has the same bytes after it is read and written again. */
  @Test
  void writesTheBytesThatNumpyWrites() throws IOException {
    int compared = 0;
    for (String file : List.of("stored.npz", "shapes.npz", "strings.npz")) {
      try (Npz npz = Npz.open(golden(file));
          ZipFile zip = new ZipFile(golden(file).toFile())) {
        for (String name : npz.names()) {
          byte[] numpy = zip.getInputStream(zip.getEntry(name + ".npy")).readAllBytes();
          String header = new String(numpy, 0, 128, java.nio.charset.StandardCharsets.ISO_8859_1);
          if (header.contains("True") || header.contains("'>")) {
            continue; // Lanewise writes neither column-major nor big-endian
          }
          ByteArrayOutputStream ours = new ByteArrayOutputStream();
          NdArray array = npz.read(name);
          Npy.write(ours, array);
          assertArrayEquals(numpy, ours.toByteArray(), file + ": " + name);
          assertEquals(numpy.length, Npy.size(array), name);
          compared++;
        }
      }
    }
    assertEquals(15 + 5 + 2, compared); // b1, u1 and i1 exist in one byte order only
  }

  /** Like numpy, the header leaves room for the first dimension to grow, whatever its size is. */
  @ParameterizedTest
  @CsvSource({"1, 13, 128", "1, 14, 192", "100, 13, 128", "100, 14, 192"})
  void headersAreAsLongAsThoseOfNumpy(int first, int ones, int length) {
    int[] shape = new int[ones + 1];
    Arrays.fill(shape, 1);
    shape[0] = first;
    assertEquals(length + first, Npy.size(NdArray.ofBytes(new byte[first], shape)));
  }

  @Test
  void readsAFile(@TempDir Path directory) throws IOException {
    int[] shape = new int[64]; // the most dimensions that numpy allows
    Arrays.fill(shape, 1);
    NdArray array = NdArray.of(new double[] {5}, shape);
    Path file = directory.resolve("a.npy");
    try (OutputStream out = Files.newOutputStream(file)) {
      Npy.write(out, array);
    }
    assertEquals(array, Npy.read(file));
    String longest = "{'descr': '|u1', 'fortran_order': False, 'shape': ()}";
    longest += " ".repeat((1 << 16) - longest.length());
    Files.write(file, TestFiles.npy(2, longest, new byte[] {7}));
    assertEquals(7, Npy.read(file).longAt(0));
    Files.write(file, TestFiles.npy(2, longest + " ", new byte[] {7}));
    assertThrows(FormatException.class, () -> Npy.read(file));
  }
}
