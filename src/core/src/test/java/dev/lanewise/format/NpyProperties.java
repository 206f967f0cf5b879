package dev.lanewise.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.format.internal.Shapes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Any array is read, however its header is spelled. The test has its own simple encoder. */
class NpyProperties {

  @Provide
  Arbitrary<List<Integer>> shapes() {
    return Arbitraries.integers().between(0, 7).list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<ElementType> numbers() {
    return Arbitraries.of(ElementType.values()).filter(t -> t != ElementType.UNICODE);
  }

  @Property(tries = 500)
  void readsWhatAnyoneWrites(
      @ForAll("shapes") List<Integer> shape,
      @ForAll("numbers") ElementType type,
      @ForAll boolean big,
      @ForAll boolean fortran,
      @ForAll @IntRange(min = 1, max = 3) int version,
      @ForAll @IntRange(max = 3) int spelling,
      @ForAll long seed)
      throws IOException {
    int[] dimensions = shape.stream().mapToInt(i -> i).toArray();
    int length = (int) Shapes.length(dimensions);
    int size = type.bytes();
    byte[] rowMajor = new byte[length * size]; // big-endian
    new Random(seed).nextBytes(rowMajor);
    byte[] data = new byte[rowMajor.length];
    for (int i = 0; i < length; i++) {
      int to = fortran ? columnMajor(i, dimensions) : i;
      for (int b = 0; b < size; b++) {
        data[to * size + (big ? b : size - 1 - b)] = rowMajor[i * size + b];
      }
    }
    String order = big ? ">" : "<";
    if (size == 1) {
      order = List.of("|", "=", "", "<").get(spelling);
    } else if (spelling > 0 && big == (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN)) {
      order = List.of("=", "|", "").get(spelling - 1);
    }
    String header = header(order + type.code(), fortran, shape, spelling);
    byte[] file = TestFiles.npy(version, header, data);
    NdArray array = Npy.read(new ByteArrayInputStream(file), "a", file.length);
    assertEquals(type, array.type());
    assertArrayEquals(dimensions, array.shape());
    ByteBuffer expected = ByteBuffer.wrap(rowMajor);
    for (int i = 0; i < length; i++) {
      check(type, expected, array, i);
    }
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    Npy.write(again, array);
    assertEquals(
        array, Npy.read(new ByteArrayInputStream(again.toByteArray()), "again", again.size()));
  }

  private static void check(ElementType type, ByteBuffer expected, NdArray array, int i) {
    switch (type) {
      case BOOL -> assertEquals(expected.get(i) == 0 ? 0 : 1, array.longAt(i));
      case UINT8 -> assertEquals(Byte.toUnsignedLong(expected.get(i)), array.longAt(i));
      case INT8 -> assertEquals(expected.get(i), array.longAt(i));
      case UINT16 -> assertEquals(Short.toUnsignedLong(expected.getShort(2 * i)), array.longAt(i));
      case INT16 -> assertEquals(expected.getShort(2 * i), array.longAt(i));
      case UINT32 -> assertEquals(Integer.toUnsignedLong(expected.getInt(4 * i)), array.longAt(i));
      case INT32 -> assertEquals(expected.getInt(4 * i), array.longAt(i));
      case UINT64 ->
          assertEquals(
              new java.math.BigInteger(Long.toUnsignedString(expected.getLong(8 * i)))
                  .doubleValue(),
              array.doubleAt(i));
      case INT64 -> assertEquals(expected.getLong(8 * i), array.longAt(i));
      case FLOAT16 ->
          assertEquals(NdArrayTest.reference(expected.getShort(2 * i)), array.doubleAt(i));
      case FLOAT32 -> assertEquals(expected.getFloat(4 * i), array.doubleAt(i));
      case FLOAT64 -> assertEquals(expected.getDouble(8 * i), array.doubleAt(i));
      case UNICODE -> throw new AssertionError();
    }
  }

  /** Returns the dictionary of a header in the spelling of one of several programs. */
  private static String header(String descr, boolean fortran, List<Integer> shape, int spelling) {
    String order = fortran ? "True" : "False";
    String close = shape.size() == 1 ? ",)" : ")";
    String plain = shape.toString().replace("[", "(").replace("]", close);
    return switch (spelling) {
      case 0 ->
          "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }   \n".formatted(descr, order, plain);
      case 1 ->
          "{\"shape\":%s,\"fortran_order\":%s,\"descr\":\"%s\"}"
              .formatted(plain.replace(" ", ""), order, descr);
      case 2 ->
          " {\t'fortran_order' : %s ,'shape': %s , u'descr': u'%s',}\n\n"
              .formatted(order, plain.replaceAll("(\\d+)", "$1L"), descr);
      default ->
          "{'shape': %s,\n 'descr': '%s',\n 'fortran_order': %s}"
              .formatted(plain.replace("(", "[").replace(")", "]"), descr, order);
    };
  }

  private static int columnMajor(int rowMajor, int[] shape) {
    List<Integer> index = new ArrayList<>();
    int rest = rowMajor;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      index.add(0, rest % shape[axis]);
      rest /= shape[axis];
    }
    int place = 0;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      place = place * shape[axis] + index.get(axis);
    }
    return place;
  }

  @Property(tries = 200)
  void stringsComeBack(@ForAll List<String> strings) throws IOException {
    List<String> sound =
        strings.stream().map(s -> s.replaceAll("\0+$", "").replaceAll("\\p{Cs}", "?")).toList();
    NdArray array = NdArray.ofStrings(sound, sound.size());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Npy.write(out, array);
    NdArray back = Npy.read(new ByteArrayInputStream(out.toByteArray()), "s", out.size());
    for (int i = 0; i < sound.size(); i++) {
      assertEquals(sound.get(i), back.stringAt(i));
    }
  }

  /** Column-major arrays can be larger than the blocks in which they are transposed. */
  @Property(tries = 20)
  void turnsLargeArrays(
      @ForAll @IntRange(min = 1, max = 200) int rows,
      @ForAll @IntRange(min = 1, max = 200) int cols)
      throws IOException {
    ByteBuffer data = ByteBuffer.allocate(4 * rows * cols).order(ByteOrder.LITTLE_ENDIAN);
    for (int c = 0; c < cols; c++) {
      for (int r = 0; r < rows; r++) {
        data.putInt(r * 1000 + c);
      }
    }
    String header = header("<i4", true, List.of(rows, cols), 0);
    byte[] file = TestFiles.npy(1, header, data.array());
    NdArray array = Npy.read(new ByteArrayInputStream(file), "a", file.length);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        assertEquals(r * 1000 + c, array.longAt(r * cols + c));
      }
    }
  }
}
