package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.internal.Shapes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NdArrayTest {

  @Test
  void ownsWhatItIsGivenExceptBytes() {
    float[] floats = {1, 2};
    NdArray array = NdArray.of(floats, 2);
    floats[0] = 9;
    array.toFloats()[1] = 9;
    array.shape()[0] = 9;
    assertArrayEquals(new float[] {1, 2}, array.toFloats());
    assertEquals(2, array.dimension(0));
    byte[] bytes = {-1, 3};
    assertSame(bytes, NdArray.ofBytes(bytes, 1, 2).toBytes());
    assertEquals(255, NdArray.ofBytes(bytes, 2).longAt(0));
  }

  /** An array backed by a part of an array of floats is equal to a copy, and is written like it. */
  @Test
  void floatsInTheirPlaceAreAsACopy() throws IOException {
    float[] floats = new float[70_000]; // more than a block of the writer
    for (int i = 0; i < floats.length; i++) {
      floats[i] = i * 0.37f - 900;
    }
    floats[5] = Float.intBitsToFloat(0x7fc01234);
    floats[6] = -0f;
    int rows = 34_000;
    NdArray part = NdArray.ofFloats(floats, 3, rows, 2);
    NdArray copy = NdArray.of(Arrays.copyOfRange(floats, 3, 3 + 2 * rows), rows, 2);
    assertEquals(copy, part);
    assertEquals(part, copy);
    assertEquals(copy.hashCode(), part.hashCode());
    assertArrayEquals(copy.toFloats(), part.toFloats());
    assertArrayEquals(copy.toDoubles(), part.toDoubles());
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    ByteArrayOutputStream actual = new ByteArrayOutputStream();
    Npy.write(expected, copy);
    Npy.write(actual, part);
    assertArrayEquals(expected.toByteArray(), actual.toByteArray());
    floats[6] = 0; // an equal number with another sign bit
    assertNotEquals(copy, part);
    assertThrows(IndexOutOfBoundsException.class, () -> NdArray.ofFloats(floats, 3, floats.length));
    assertThrows(IndexOutOfBoundsException.class, () -> NdArray.ofFloats(floats, 0, -1));
  }

  @Test
  void aShapeMustHoldTheValues() {
    var e = assertThrows(IllegalArgumentException.class, () -> NdArray.of(new float[5], 2, 3));
    assertEquals("5 values, expected as many as the shape (2, 3) has", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> NdArray.of(new long[6], -2, -3));
    assertThrows(IllegalArgumentException.class, () -> NdArray.of(new int[0], 1 << 16, 1 << 16));
    assertThrows(IllegalArgumentException.class, () -> NdArray.ofStrings(List.of("a"), 2));
    assertEquals(0, NdArray.of(new int[0], 1 << 30, 1 << 30, 0).length());
  }

  @Test
  void integersAreExactOrRefused() {
    NdArray longs = NdArray.of(new long[] {Long.MAX_VALUE, Long.MIN_VALUE}, 2);
    assertEquals(Long.MAX_VALUE, longs.longAt(0));
    NdArray doubles = NdArray.of(new double[] {3, 0.5, 0x1p63, -0x1p63, Double.NaN}, 5);
    assertEquals(3, doubles.longAt(0));
    assertEquals(Long.MIN_VALUE, doubles.longAt(3));
    for (int i : new int[] {1, 2, 4}) {
      assertThrows(ArithmeticException.class, () -> doubles.longAt(i));
    }
    long[] unsigned = {-1L, 1L << 63 | 1025, 5};
    NdArray wide = new NdArray(ElementType.UINT64, new int[] {3}, unsigned, 1);
    assertThrows(ArithmeticException.class, () -> wide.longAt(0));
    assertEquals(0x1p64, wide.doubleAt(0));
    // The number is just above the middle between two doubles. Rounding half of it would round
    // down.
    assertEquals(0x1p63 + 2048, wide.doubleAt(1));
    assertEquals(5, wide.longAt(2));
  }

  @Test
  void blocksAgreeWithSingleElements() {
    for (ElementType type : ElementType.values()) {
      if (type == ElementType.UNICODE) {
        continue;
      }
      Object storage =
          switch (type.bytes()) {
            case 1 -> new byte[] {0, 1, -1, 127};
            case 2 -> new short[] {0, 1, -1, 32000};
            case 4 -> new int[] {0, 1, -5, Float.floatToRawIntBits(9.5f)};
            default -> new long[] {0, 1, -5, Double.doubleToRawLongBits(9.5)};
          };
      NdArray array = new NdArray(type, new int[] {4}, storage, 1);
      assertEquals(type.name().startsWith("FLOAT"), type.isFloatingPoint());
      assertEquals(!type.isFloatingPoint(), type.isInteger(), type.toString());
      double[] out = new double[5];
      array.copyDoubles(1, out, 2, 3);
      assertArrayEquals(
          new double[] {0, 0, array.doubleAt(1), array.doubleAt(2), array.doubleAt(3)},
          out,
          type.toString());
      assertThrows(IndexOutOfBoundsException.class, () -> array.copyDoubles(2, out, 0, 3));
    }
  }

  @Test
  void stringsAreNoNumbers() {
    NdArray strings = NdArray.ofStrings(List.of("ab", "c"), 2);
    assertThrows(IllegalStateException.class, () -> strings.doubleAt(0));
    assertThrows(IllegalStateException.class, strings::toFloats);
    assertThrows(IllegalStateException.class, strings::toBytes);
    assertThrows(IndexOutOfBoundsException.class, () -> strings.stringAt(2));
    assertThrows(IllegalStateException.class, () -> NdArray.of(new int[1], 1).stringAt(0));
  }

  @Test
  void comparesTypeShapeAndBits() {
    assertEquals(NdArray.of(new float[] {Float.NaN}, 1), NdArray.of(new float[] {Float.NaN}, 1));
    assertNotEquals(NdArray.of(new float[] {0f}, 1), NdArray.of(new float[] {-0f}, 1));
    assertNotEquals(NdArray.of(new float[] {1}, 1), NdArray.of(new float[] {1}, 1, 1));
    assertNotEquals(NdArray.of(new float[] {1}, 1), NdArray.of(new double[] {1}, 1));
  }

  @Test
  void asManyElementsAsFit() {
    assertEquals(6, Shapes.length(6L, 2, 3));
    assertEquals(6, Shapes.length(7L, 2, 3));
    assertEquals(-1, Shapes.length(5L, 2, 3));
    assertEquals(0, Shapes.length(5L, 2, 3, 0));
    assertEquals(1, Shapes.length(5L));
    assertEquals(-1, Shapes.length(5L, 2, -1));
    assertEquals(-1, Shapes.length(Integer.MAX_VALUE, 1 << 16, 1 << 15));
    assertEquals(0, NdArray.ofFloats(new float[3], 2, 0).length());
  }

  @Test
  void namesThatEveryFileCanHold() {
    NdArray.checkNames("names", Arrays.asList("a", "b", "\u00e9 \ud83d\ude42", ""));
    NdArray.checkNames("names", Set.of("a", "b"));
    for (String[] wrong :
        new String[][] {
          {"a", "b", "a"}, {"\0a"}, {"a", "b\0"}, {"\ud83d"}, {"x", "\ude42\ud83d"}, {"a", null}
        }) {
      List<String> names = Arrays.asList(wrong);
      var e =
          assertThrows(IllegalArgumentException.class, () -> NdArray.checkNames("names", names));
      String problem = wrong.length == 3 ? "twice" : names.contains(null) ? "null" : "has the char";
      assertTrue(e.getMessage().startsWith("names: ") && e.getMessage().contains(problem));
    }
  }

  /** The checksum is that of the bytes that numpy's {@code tobytes} gives. */
  @Test
  void theChecksumIsThatOfTheElements() throws Exception {
    byte[] bytes = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0x80};
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    assertEquals(HexFormat.of().formatHex(digest), NdArray.of(new float[] {1, -0f}, 2).sha256());
    assertNotEquals(
        NdArray.of(new float[] {1}, 1).hashCode(), NdArray.of(new float[] {2}, 1).hashCode());
  }

  /** Tests arrays larger than the blocks in which they are read, in both byte orders. */
  @Test
  void largeArraysComeBackAndTheirCutIsTold() throws IOException {
    int count = 70_001;
    for (ElementType type :
        new ElementType[] {
          ElementType.INT16, ElementType.INT32, ElementType.FLOAT32, ElementType.INT64
        }) {
      int size = type.bytes();
      ByteBuffer bytes = ByteBuffer.allocate(count * size);
      for (int i = 0; i < bytes.capacity(); i++) {
        bytes.put((byte) (i * 31 + i / 251));
      }
      byte[] data = bytes.array();
      for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
        Object values = Elements.read(new ByteArrayInputStream(data), size, order, count, "a");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new NdArray(type, new int[] {count}, values, 1).write(out, order);
        assertArrayEquals(data, out.toByteArray());
        if (type == ElementType.FLOAT32) {
          float[] floats = new float[count + 2];
          Elements.readFloats(new ByteArrayInputStream(data), order, count, floats, 2, "a");
          out.reset();
          NdArray.ofFloats(floats, 2, count).write(out, order);
          assertArrayEquals(data, out.toByteArray());
        }
        int cut = data.length - 1;
        var e =
            assertThrows(
                FormatException.class,
                () ->
                    Elements.read(new ByteArrayInputStream(data, 0, cut), size, order, count, "a"));
        assertEquals(
            "a: the data ends after " + cut + " bytes, expected " + data.length + " (cut off?)",
            e.getMessage());
      }
    }
  }

  /** Computes the value of a half by the definition in IEEE 754. */
  static double reference(short bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double magnitude =
        exponent == 31
            ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
            : exponent == 0
                ? Math.scalb(fraction, -24)
                : Math.scalb(1024 + fraction, exponent - 25);
    return bits < 0 ? -magnitude : magnitude;
  }

  @Test
  void everyHalf() {
    short[] all = new short[1 << 16];
    for (int i = 0; i < all.length; i++) {
      all[i] = (short) i;
    }
    NdArray halves = new NdArray(ElementType.FLOAT16, new int[] {all.length}, all, 1);
    for (int i = 0; i < all.length; i++) {
      assertEquals(reference(all[i]), halves.doubleAt(i), "0x" + Integer.toHexString(i));
    }
  }
}
