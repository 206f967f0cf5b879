package dev.lanewise.source;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanewise.format.ElementType;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.TestFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that stay in their file and are read from a map of it. */
class MappedNpyTest {
  @TempDir Path directory;

  private Path file(String descr, boolean fortran, String shape, byte[] data) {
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n"
            .formatted(descr, fortran ? "True" : "False", shape);
    return TestFiles.write(directory, "x.npy", TestFiles.npy(1, header, data));
  }

  /** The 7 rows of 6 bytes are mapped in buffers of 1, 2, 3 and all rows. */
  @ParameterizedTest
  @ValueSource(ints = {6, 11, 12, 17, 18, 41, 42, Integer.MAX_VALUE})
  void everyRowIsFoundInItsMap(int mostBytes) throws IOException {
    byte[] data = new byte[42];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (200 + i);
    }
    MappedNpy array = MappedNpy.open(file("|u1", false, "(7, 2, 3)", data), mostBytes);
    assertEquals("uint8 (7, 2, 3)", array.toString());
    assertArrayEquals(new int[] {7, 2, 3}, array.shape());
    assertEquals(7, array.rows());
    assertEquals(6, array.rowLength());
    for (int row = 0; row < 7; row++) {
      assertTrue(array.bytes(row).capacity() <= Math.min(42, mostBytes));
      for (int j = 0; j < 6; j++) {
        assertEquals(data[6 * row + j], array.bytes(row).get(array.offset(row) + j));
      }
    }
    assertThrows(IndexOutOfBoundsException.class, () -> array.bytes(7));
    assertThrows(IndexOutOfBoundsException.class, () -> array.bytes(-1));
    assertTrue(array.bytes(0).isReadOnly());
  }

  @ParameterizedTest
  @ValueSource(strings = {"<f4", ">f4", "<f8", ">f8"})
  void bothByteOrders(String descr) throws IOException {
    boolean wide = descr.endsWith("8");
    ByteBuffer data = ByteBuffer.allocate(wide ? 16 : 8);
    data.order(descr.startsWith("<") ? ByteOrder.LITTLE_ENDIAN : data.order());
    for (double value : new double[] {Math.PI, -1e-9}) {
      if (wide) {
        data.putDouble(value);
      } else {
        data.putFloat((float) value);
      }
    }
    MappedNpy array = MappedNpy.open(file(descr, false, "(2, 1)", data.array()));
    assertEquals(wide ? ElementType.FLOAT64 : ElementType.FLOAT32, array.type());
    assertEquals(1, array.rowLength());
    ByteBuffer bytes = array.bytes(1);
    if (wide) {
      assertEquals(-1e-9, bytes.getDouble(array.offset(1)));
    } else {
      assertEquals(-1e-9f, bytes.getFloat(array.offset(1)));
    }
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("<f4", true, "(2, 3)", 24, "float32 (2, 3) in Fortran order, expected C order"),
        arguments("<i4", false, "(2, 3)", 24, "int32 (2, 3), expected uint8, float32 or float64"),
        arguments("<f2", false, "(2, 3)", 12, "float16 (2, 3), expected uint8, float32 or"),
        arguments("|b1", false, "(2, 3)", 6, "bool (2, 3), expected uint8, float32 or float64"),
        arguments("<U1", false, "(2, 3)", 24, "unicode (2, 3), expected uint8, float32 or"),
        arguments("|u1", false, "(6,)", 6, "uint8 (6,), expected N x D or N x h x w"),
        arguments("|u1", false, "(0, 6)", 0, "uint8 (0, 6), expected N x D or N x h x w, at"),
        arguments("|u1", false, "(6, 0)", 0, "uint8 (6, 0), expected N x D or N x h x w, at"),
        arguments("|u1", false, "(2, 3)", 5, "uint8 (2, 3) takes 6 bytes, but 5 are there"),
        arguments("<f8", false, "(2000000000, 3)", 5, "takes 48000000000 bytes, but 5 are there"),
        arguments(
            "|u1",
            false,
            "(2000000000, 2000000000)",
            5,
            "expected dimensions from 0 and at most 288230376151711744 elements"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatCannotBeMappedIsSaid(
      String descr, boolean fortran, String shape, int bytes, String message) {
    Path file = file(descr, fortran, shape, new byte[bytes]);
    unreadable(() -> MappedNpy.open(file), file + ": ", message, "expected");
  }

  @Test
  void rowsMustFitABuffer() {
    Path file = file("|u1", false, "(2, 9)", new byte[18]);
    assertEquals(
        file + ": uint8 (2, 9), expected rows below 2^31 bytes to be mapped into memory",
        assertThrows(FormatException.class, () -> MappedNpy.open(file, 8)).getMessage());
    Path none = directory.resolve("none.npy");
    var missing = assertThrows(NoSuchFileException.class, () -> MappedNpy.open(none));
    assertEquals(none + ": no such file, expected an npy array", missing.getMessage());
  }

  /** The file is a hole of 3 GB, which takes no space on the disk. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void moreThanABufferHolds() throws IOException {
    int rows = 3_000_001;
    byte[] start = TestFiles.npy("|u1", "(" + rows + ", 1000)", 0);
    Path file = directory.resolve("large.npy");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(start));
      for (int row : new int[] {2_147_482, 2_147_483, 2_147_484, rows - 1}) {
        ByteBuffer mark = ByteBuffer.wrap(new byte[] {(byte) (row % 100)});
        channel.write(mark, start.length + row * 1000L + 999);
      }
    }
    MappedNpy array = MappedNpy.open(file);
    assertEquals(rows, array.rows());
    for (int row : new int[] {2_147_482, 2_147_483, 2_147_484, rows - 1}) {
      assertEquals(row % 100, array.bytes(row).get(array.offset(row) + 999), "row " + row);
      assertEquals(0, array.bytes(row).get(array.offset(row)), "row " + row);
    }
  }
}
