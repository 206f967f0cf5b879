package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
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
}
