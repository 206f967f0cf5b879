package dev.lanewise.exchange;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanewise.format.Budget;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.internal.Shapes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Contents that other programs write into ONNX files, and contents that are refused. */
class OnnxTest {
  private static final int INT8 = 3;
  private static final int UINT8 = 2;
  private static final int INT32 = 6;
  private static final int BFLOAT16 = 16;
  private static final int FLOAT16 = 10;

  private static final int FLOAT_DATA = 4;
  private static final int INT32_DATA = 5;
  private static final int INT64_DATA = 7;
  private static final int RAW = 9;
  private static final int DOUBLE_DATA = 10;

  private static Proto.Writer message() {
    return new Proto.Writer();
  }

  private static byte[] bytes(Proto.Writer... fields) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Proto.Writer field : fields) {
      field.writeTo(out);
    }
    return out.toByteArray();
  }

  /** Returns a field that contains a message of the given fields. */
  private static Proto.Writer message(int field, Proto.Writer... fields) throws IOException {
    byte[] content = bytes(fields);
    return message().raw(field, NdArray.ofBytes(content, content.length));
  }

  private static Onnx read(Proto.Writer... graph) throws IOException {
    return read(bytes(message(7, graph)));
  }

  private static Onnx read(byte[] content) throws FormatException {
    return Onnx.read(new ByteArrayInputStream(content), "f");
  }

  /** Returns a tensor named t of one dimension. */
  private static Proto.Writer tensor(int type, long length) {
    return message().text(8, "t").number(1, length).number(2, type);
  }

  private static NdArray read(int type, long length, Proto.Writer numbers) throws IOException {
    return read(message(5, tensor(type, length), numbers)).constants().get("t");
  }

  private static NdArray floats(float... values) {
    return NdArray.of(values, values.length);
  }

  private static NdArray unsigned(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return NdArray.ofBytes(bytes, bytes.length);
  }

  private static Proto.Writer numbers(int field, long... values) {
    Proto.Writer all = message();
    for (long value : values) {
      all.number(field, value);
    }
    return all;
  }

  static Stream<Arguments> sound() {
    NdArray doubles = NdArray.of(new double[] {1e300, -2}, 2);
    long large = 1L << 40;
    return Stream.of(
        arguments(Onnx.FLOAT, message().raw(RAW, floats(1.5f, -2)), 1.5, -2),
        arguments(Onnx.FLOAT, message().raw(FLOAT_DATA, floats(1.5f, -2)), 1.5, -2),
        arguments(
            Onnx.FLOAT,
            message().fixed(FLOAT_DATA, 0x3fc00000).fixed(FLOAT_DATA, 0xc0000000),
            1.5,
            -2),
        arguments(Onnx.DOUBLE, message().raw(RAW, doubles), 1e300, -2),
        arguments(Onnx.DOUBLE, message().raw(DOUBLE_DATA, doubles), 1e300, -2),
        arguments(Onnx.INT64, message().raw(RAW, NdArray.of(new long[] {large, -2}, 2)), large, -2),
        arguments(Onnx.INT64, numbers(INT64_DATA, large, -2), large, -2),
        arguments(Onnx.INT64, message().text(INT64_DATA, "\1\2"), 1, 2),
        arguments(INT32, message().raw(RAW, NdArray.of(new int[] {1 << 30, -2}, 2)), 1 << 30, -2),
        arguments(INT32, numbers(INT32_DATA, 1 << 30, -2), 1 << 30, -2),
        arguments(INT8, message().raw(RAW, unsigned(127, -2)), 127, -2),
        arguments(INT8, numbers(INT32_DATA, 127, -2), 127, -2),
        arguments(UINT8, message().raw(RAW, unsigned(127, 200)), 127, 200),
        arguments(UINT8, numbers(INT32_DATA, 127, 200), 127, 200),
        arguments(Onnx.BOOL, message().raw(RAW, unsigned(0, 1)), 0, 1),
        arguments(FLOAT16, message().raw(RAW, unsigned(0, 0x3e, 0, 0xc0)), 1.5, -2),
        arguments(FLOAT16, numbers(INT32_DATA, 0x3e00, 0xc000), 1.5, -2),
        arguments(BFLOAT16, numbers(INT32_DATA, 0x3fc0, 0xc000), 1.5, -2));
  }

  @ParameterizedTest
  @MethodSource
  void sound(int type, Proto.Writer numbers, double first, double second) throws IOException {
    NdArray read = read(type, 2, numbers);
    assertArrayEquals(new double[] {first, second}, read.toDoubles());
    assertEquals("(2,)", Shapes.text(read.shape()));
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "6", "7", "11"})
  void tensorsMayBeEmpty(int type) throws IOException {
    assertEquals("(0,)", Shapes.text(read(type, 0, message()).shape()));
  }

  static Stream<Arguments> wrong() {
    Proto.Writer raw = message().raw(RAW, floats(1, 2));
    return Stream.of(
        arguments(Onnx.FLOAT, 3, raw, "t of shape [3], expected numbers for that"),
        arguments(Onnx.FLOAT, 1, raw, "t of shape [1], expected numbers for that"),
        arguments(Onnx.FLOAT, 2, message(), "t of shape [2], expected numbers for that"),
        arguments(Onnx.FLOAT, -1, raw, "t of shape [-1], expected numbers for that"),
        arguments(Onnx.FLOAT, 1L << 40, raw, "t of shape [1073741824], expected numbers"),
        arguments(Onnx.FLOAT, 2, numbers(INT32_DATA, 1), "[2], expected numbers for that"),
        arguments(Onnx.FLOAT, 2, numbers(DOUBLE_DATA, 1), "[2], expected numbers for that"),
        arguments(Onnx.DOUBLE, 1, numbers(INT64_DATA, 1), "[1], expected numbers for that"),
        arguments(Onnx.INT64, 1, numbers(INT32_DATA, 1), "[1], expected numbers for that"),
        arguments(INT32, 1, numbers(INT64_DATA, 1), "[1], expected numbers for that"),
        arguments(FLOAT16, 4, numbers(INT32_DATA, 1), "[4], expected numbers for that"),
        arguments(
            Onnx.FLOAT,
            2,
            message().raw(FLOAT_DATA, floats(1, 2)).raw(RAW, floats(1, 2)),
            "[2], expected numbers"),
        arguments(
            Onnx.INT64, 2, numbers(INT32_DATA, 1).number(INT64_DATA, 1), "[2], expected numbers"),
        arguments(0, 2, message(), "t of type 0, expected numbers"),
        arguments(-1, 2, message(), "t of type -1, expected numbers"),
        arguments(Onnx.STRING, 2, message(), "t of type 8, expected numbers"),
        arguments(100, 2, message(), "t of type 100, expected numbers"),
        arguments(Onnx.FLOAT, 2, message().text(2, "x"), "bytes in field 2, expected a number"),
        arguments(Onnx.FLOAT, 2, message().number(8, 1), "number in field 8, expected bytes"),
        arguments(Onnx.FLOAT, 2, message().number(RAW, 1), "number in field 9, expected bytes"),
        arguments(Onnx.FLOAT, 2, message().text(FLOAT_DATA, "12345"), "goes beyond its message"),
        arguments(Onnx.FLOAT, 2, numbers(14, 1), "t outside the file, expected data inside"));
  }

  @ParameterizedTest
  @MethodSource
  void wrong(int type, long length, Proto.Writer numbers, String message) {
    unreadable(() -> read(type, length, numbers), "f: ", message);
  }

  /** onnx.save writes such tensors after onnx.load has loaded external data. */
  @Test
  void tensorsThatWereOutsideMaySayThatTheyAreInside() throws IOException {
    NdArray read = read(Onnx.FLOAT, 1, message().number(14, 0).raw(RAW, floats(3)));
    assertEquals(3, read.doubleAt(0));
  }

  @ParameterizedTest
  @CsvSource({
    "'', no graph",
    "3a05 00, goes beyond its message; expected ONNX (byte 2)",
    "3a02 0a03 0800, goes beyond its message; expected ONNX (byte 4)", // but within the file
    "3a01 8a 0801, goes beyond its message; expected ONNX (byte 3)",
    "3a04 0a02 1080 0800, goes beyond its message; expected ONNX (byte 6)",
    "3a05 0a03 150000 0000, goes beyond its message; expected ONNX (byte 5)",
    "3affffffffffffffffff01 00, goes beyond its message; expected ONNX (byte 11)",
    "3b00, a field of wire type 3; expected protocol buffers",
    "0880808080808080808080 01, a number of more than 64 bits; expected protocol buffers",
    "3801, a number in field 7; expected bytes",
    "3a04 0a02 1801, a number in field 3; expected bytes",
    "3a04 0a02 2200, operator  without an output; expected one",
    "3a02 7a00, sparse constants; expected dense constants",
  })
  void damagedFilesAreRefused(String hex, String problem) {
    byte[] content = HexFormat.of().parseHex(hex.replace(" ", ""));
    unreadable(() -> read(content), "f: ", problem.replace(';', ','));
  }

  @Test
  void tensorsThatAreThereTwiceAreRefused() {
    Proto.Writer empty = tensor(Onnx.FLOAT, 0);
    unreadable(
        () -> read(message(5, empty), message(5, empty)), "f: tensor t twice, expected it once");
  }

  private static Object attribute(Proto.Writer value) throws IOException {
    Proto.Writer node = message().text(2, "y").text(4, "Op").text(7, "x");
    Proto.Writer attribute = message(5, message().text(1, "a"), value);
    Onnx.Node read = read(message(1, node, attribute)).nodes().get(0);
    assertEquals("x.Op (node y)", read.where());
    return read.attributes().get("a");
  }

  @Test
  void attributesAreNumbersTextsAndTensors() throws IOException {
    assertEquals(1.5f, attribute(message().fixed(2, 0x3fc00000).number(20, 1)));
    assertEquals(-7L, attribute(message().number(3, -7).number(20, 2)));
    assertEquals("s", attribute(message().text(4, "s").number(20, 3)));
    NdArray tensor = NdArray.of(new float[] {3}, 1);
    assertEquals(tensor, attribute(message(5, tensor(1, 1), message().raw(RAW, tensor))));
    assertEquals(List.of(1f, 2f), attribute(message().raw(7, floats(1, 2)).number(20, 6)));
    assertEquals(List.of(1L, 0L), attribute(message().text(8, "\1\0").number(20, 7)));
    assertEquals(List.of("s", "t"), attribute(message().text(9, "s").text(9, "t").number(20, 8)));
    assertEquals(List.of(), attribute(message().number(20, 7)));
    assertEquals(List.of(), attribute(message()));
  }

  /** Programs that follow onnx.proto3 omit values of 0, so an omitted value is 0. */
  @Test
  void attributesOfZeroMayBeLeftOut() throws IOException {
    assertEquals(0f, attribute(message().number(20, 1)));
    assertEquals(0L, attribute(message().number(20, 2)));
    assertEquals("", attribute(message().number(20, 3)));
  }

  /** A byte of the file may become a number of a list and then a number of an array. */
  @Test
  void listsOfSmallNumbersUnfold() throws IOException {
    Proto.Writer ones = message().text(INT64_DATA, "\1".repeat(1000));
    assertEquals(1000, read(Onnx.INT64, 1000, ones).length());
    Budget budget = Budget.of(0);
    try {
      unreadable(() -> read(Onnx.INT64, 1000, ones), " bytes unfold to ");
    } finally {
      budget.close();
    }
  }

  /** Returns the domains of operators, with their versions, that a file declares. */
  private static Map<String, Long> operators(String operator) throws IOException {
    Onnx onnx =
        new Onnx(
            List.of(
                new Onnx.Node(operator, "a", List.of("x"), List.of("y"), Map.of()),
                new Onnx.Node("Relu", "b", List.of("y"), List.of("z"), Map.of())),
            Map.of(),
            List.of(new Onnx.Value("x", Onnx.FLOAT, 3)),
            List.of(new Onnx.Value("z", Onnx.FLOAT, 0)),
            Map.of("k", "v"),
            "");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    onnx.write(out);
    assertEquals(onnx, read(out.toByteArray()));
    Map<String, Long> versions = new LinkedHashMap<>();
    for (Proto set : new Proto(out.toByteArray(), "f").messages(8)) {
      versions.put(set.text(1), set.number(2));
    }
    return versions;
  }

  @Test
  void filesNameTheOperatorsThatTheyUse() throws IOException {
    assertEquals(Map.of("", 13L), operators("Neg"));
    assertEquals(Map.of("", 13L, "ai.onnx.ml", 3L), operators("OneHotEncoder"));
  }

  /** A value of one number per row has one dimension in the file, and other values have two. */
  @Test
  void outputsHaveTheDimensionsThatTheySay() throws IOException {
    for (int columns : new int[] {0, 1, 5}) {
      Onnx.Value value = new Onnx.Value("v", Onnx.INT64, columns);
      Onnx onnx = new Onnx(List.of(), Map.of(), List.of(value), List.of(), Map.of(), "");
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      onnx.write(out);
      String hex = HexFormat.of().formatHex(out.toByteArray());
      String vector = "12050a0312014e"; // the shape (N)
      assertEquals(columns == 0, hex.contains(vector), hex);
      assertEquals(List.of(value), read(out.toByteArray()).inputs());
    }
  }
}
