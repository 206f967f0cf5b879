package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {
  @TempDir Path directory;

  private static Map<String, NdArray> arrays() {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("W1", NdArray.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    arrays.put("a/b", NdArray.of(new double[100_000], 1000, 100));
    arrays.put("c", NdArray.of(new int[0], 0, 4));
    arrays.put("d", NdArray.of(new long[] {-1}));
    arrays.put("\u00e9", NdArray.ofStrings(List.of("happy", "\ud83d\ude00"), 2));
    arrays.put("bytes", NdArray.ofBytes(new byte[] {-1, 0, 1}, 3));
    return arrays;
  }

  @Test
  void comesBack() throws IOException {
    Path file = directory.resolve("a.npz");
    Map<String, NdArray> arrays = arrays();
    Npz.write(file, arrays);
    try (Npz npz = Npz.open(file)) {
      assertEquals(List.copyOf(arrays.keySet()), npz.names());
      assertTrue(npz.contains("W1"));
      assertFalse(npz.contains("W1.npy"));
      for (String name : npz.names()) {
        assertEquals(arrays.get(name), npz.read(name), name);
        assertEquals(arrays.get(name).type(), npz.header(name).type());
        assertArrayEquals(
            arrays.get(name).shape(), npz.header(name).shape().stream().mapToInt(i -> i).toArray());
      }
    }
  }

  @Test
  void floatsOfSeveralArraysComeInOne() throws IOException {
    Path file = directory.resolve("a.npz");
    float nan = Float.intBitsToFloat(0x7fc12345);
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("floats", NdArray.of(new float[] {1, -0f, nan}, 3));
    arrays.put("doubles", NdArray.of(new double[] {0.1, 1e300}, 2, 1));
    arrays.put("none", NdArray.of(new float[0], 0, 4));
    arrays.put("large", NdArray.of(new float[100_000], 100_000));
    arrays.put("scalar", NdArray.of(new long[] {7}));
    arrays.put("strings", NdArray.ofStrings(List.of("a"), 1));
    Npz.write(file, arrays);
    try (Npz npz = Npz.open(file)) {
      float[] floats = npz.readFloats(List.of("doubles", "none", "floats", "scalar"));
      float[] expected = {0.1f, Float.POSITIVE_INFINITY, 1, -0f, nan, 7};
      assertEquals(NdArray.of(expected, 6), NdArray.of(floats, 6)); // bit by bit
      assertEquals(100_000, npz.readFloats(List.of("large")).length);
      assertEquals(0, npz.readFloats(List.of()).length);
      assertThrows(FormatException.class, () -> npz.readFloats(List.of("floats", "other")));
      assertThrows(FormatException.class, () -> npz.readFloats(List.of("strings")));
    }
  }

  /**
   * Column-major and big-endian floats are read too, and those with a wrong checksum are refused.
   */
  @Test
  void floatsOfOtherOrdersAndDamagedOnes() throws IOException {
    byte[] data = new byte[24];
    for (int i = 0; i < 6; i++) {
      ByteBuffer.wrap(data).putFloat(4 * i, i);
    }
    String header = "{'descr': '>f4', 'fortran_order': %s, 'shape': (2, 3)}";
    for (boolean fortran : new boolean[] {false, true}) {
      byte[] npy = TestFiles.npy(1, header.formatted(fortran ? "True" : "False"), data);
      byte[] zip = TestFiles.zip("x.npy", npy, false);
      Path file = TestFiles.write(directory, fortran + ".npz", zip);
      try (Npz npz = Npz.open(file)) {
        float[] expected =
            fortran ? new float[] {0, 2, 4, 1, 3, 5} : new float[] {0, 1, 2, 3, 4, 5};
        assertArrayEquals(expected, npz.readFloats(List.of("x")));
      }
      int last = new String(zip, StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002") - 1;
      while (zip[last] != (byte) 0xA0) { // the last byte of 5f that is not 0
        last--;
      }
      zip[last]++;
      TestFiles.write(directory, "damaged.npz", zip);
      try (Npz npz = Npz.open(directory.resolve("damaged.npz"))) {
        var e = assertThrows(FormatException.class, () -> npz.readFloats(List.of("x")));
        assertTrue(e.getMessage().contains("checksum"), e.getMessage());
      }
    }
  }

  @Test
  void isStoredAndDated1980() throws IOException {
    Path file = directory.resolve("a.npz");
    Npz.write(file, arrays());
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertEquals(6, zip.size());
      zip.stream()
          .forEach(
              entry -> {
                assertEquals(ZipEntry.STORED, entry.getMethod());
                assertEquals(LocalDate.of(1980, 1, 1), entry.getTimeLocal().toLocalDate());
                assertEquals(null, entry.getExtra());
              });
    }
  }

  @Test
  void sameArraysGiveSameBytesInEveryTimeZone() throws IOException {
    Path file = directory.resolve("a.npz");
    Npz.write(file, arrays());
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      Npz.write(directory.resolve("b.npz"), arrays());
    } finally {
      TimeZone.setDefault(before);
    }
    assertEquals(-1, Files.mismatch(file, directory.resolve("b.npz")));
  }

  @Test
  void replacesWhatWasThere() throws IOException {
    Path file = directory.resolve("a.npz");
    Npz.write(file, arrays());
    Npz.write(file, Map.of("x", NdArray.of(new float[] {1}, 1)));
    try (Npz npz = Npz.open(file)) {
      assertEquals(List.of("x"), npz.names());
    }
  }

  /** The surplus byte may be 0, and the directory of the archive may be the only wrong part. */
  @Test
  void bytesBehindAnArrayAreRefused(@TempDir Path folder) throws IOException {
    byte[] array = TestFiles.npy("|u1", "(3,)", 3);
    for (byte surplus : new byte[] {0, 1}) {
      byte[] longer = Arrays.copyOf(array, array.length + 1);
      longer[array.length] = surplus;
      byte[] archive = TestFiles.zip("x.npy", longer, true);
      ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
      int record = bytes.getInt(archive.length - 22 + 16);
      bytes.putInt(record + 24, array.length);
      try (Npz npz = Npz.open(TestFiles.write(folder, "a.npz", archive))) {
        var e = assertThrows(FormatException.class, () -> npz.read("x"));
        assertTrue(
            e.getMessage()
                .endsWith(
                    "x: more data than the %s bytes that the archive lists, expected no more"
                        .formatted(array.length)),
            e.getMessage());
      }
    }
  }
}
