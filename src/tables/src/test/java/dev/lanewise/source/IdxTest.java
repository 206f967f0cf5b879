package dev.lanewise.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.TestFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  @TempDir Path directory;

  @Test
  void readsTheDocumentedBytes() throws IOException {
    byte[] bytes = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 2, (byte) 255, 4, 5};
    NdArray array = Idx.read(TestFiles.write(directory, "a-idx2-ubyte", bytes));
    assertEquals("uint8 (2, 3)", array.toString());
    assertArrayEquals(new double[] {0, 1, 2, 255, 4, 5}, array.toDoubles());
    byte[] shorts = {0, 0, 0x0b, 1, 0, 0, 0, 2, 1, 2, -1, -1};
    array = Idx.read(TestFiles.write(directory, "b", shorts));
    assertArrayEquals(new double[] {258, -1}, array.toDoubles());
  }

  @Test
  void everyTypeComesBackPlainAndCompressed() throws IOException {
    NdArray[] arrays = {
      NdArray.ofBytes(new byte[] {1, -1}, 2, 1),
      TestFiles.array(ElementType.INT8, new byte[] {1, -1}, new int[] {2}),
      TestFiles.array(ElementType.INT16, new short[] {1, -300}, new int[] {2}),
      NdArray.of(new int[] {1, -70000}, 1, 2, 1),
      NdArray.of(new float[] {1.5f, Float.NaN}, 2),
      NdArray.of(new double[100_000], 100, 1000)
    };
    for (NdArray array : arrays) {
      for (String name : new String[] {"a", "a.gz"}) {
        Idx.write(directory.resolve(name), array);
        assertEquals(array, Idx.read(directory.resolve(name)), name);
      }
    }
    assertEquals(0x1f, Files.readAllBytes(directory.resolve("a.gz"))[0]);
    assertEquals(FileKind.IDX, FileKind.of(directory.resolve("a")));
    assertEquals(FileKind.GZIP, FileKind.of(directory.resolve("a.gz")));
  }

  @Test
  void readsGzipOfSeveralMembers() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] bytes = {0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9};
    for (int from : new int[] {0, 5}) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
        gzip.write(bytes, from, from == 0 ? 5 : 6);
      }
    }
    NdArray array = Idx.read(TestFiles.write(directory, "a.gz", out.toByteArray()));
    assertArrayEquals(new double[] {7, 8, 9}, array.toDoubles());
  }

  @Test
  void refusesTypesThatTheFormatLacks() {
    Path file = directory.resolve("a");
    assertThrows(
        IllegalArgumentException.class, () -> Idx.write(file, NdArray.of(new long[] {1}, 1)));
    assertThrows(IllegalArgumentException.class, () -> Idx.write(file, NdArray.of(new int[1])));
  }

  @Test
  void typesByTheirCodes() {
    for (int code = -1; code < 256; code++) {
      ElementType type = Idx.type(code);
      assertEquals(code >= 8 && code <= 14 && code != 10, type != null, "code " + code);
    }
  }

  @Test
  void asManyDimensionsAsThereMayBeAndNoElements() throws IOException {
    for (NdArray array :
        new NdArray[] {
          NdArray.of(new int[] {7}, ones(32)),
          NdArray.of(new int[] {7}, 1),
          NdArray.of(new int[0], 0, 3)
        }) {
      Path file = directory.resolve("a");
      Idx.write(file, array);
      assertEquals(array, Idx.read(file));
    }
    NdArray more = NdArray.of(new int[] {7}, ones(33));
    assertThrows(IllegalArgumentException.class, () -> Idx.write(directory.resolve("b"), more));
  }

  private static int[] ones(int rank) {
    int[] shape = new int[rank];
    Arrays.fill(shape, 1);
    return shape;
  }
}
