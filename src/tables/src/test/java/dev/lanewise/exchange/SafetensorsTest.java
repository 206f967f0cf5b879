package dev.lanewise.exchange;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Headers that are valid, and headers that are not. */
class SafetensorsTest {
  private static Safetensors read(String header, int data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + data).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    for (int i = 0; i < data; i++) {
      file.put((byte) (i + 1));
    }
    return read(file.array());
  }

  private static Safetensors read(byte[] content) throws IOException {
    return Safetensors.read(new ByteArrayInputStream(content), "f");
  }

  static Stream<Arguments> wrong() {
    String t = "'t':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}";
    return Stream.of(
        arguments("{}", 1, "1 bytes of data, expected 0"),
        arguments("{" + t + "}", 9, "9 bytes of data, expected 8"),
        arguments("{" + t + "}", 7, "7 bytes of data, expected 8"),
        arguments("{" + t + "," + t + "}", 8, "two members t"),
        arguments("{" + t + ",}", 8, "is }, expected a text in double quotes"),
        arguments("{" + t + "}x", 8, "is x, expected nothing after the value"),
        arguments("{" + t, 8, "is the end, expected a comma or }"),
        arguments("[" + t + "]", 8, "is [, expected {"),
        arguments("{" + t + "," + t.replace("'t'", "'u'") + "}", 8, "u begins at byte 0 of the"),
        arguments("{" + t.replace("0,8", "8,16") + "}", 16, "t begins at byte 8 of the data"),
        arguments(
            "{" + t.replace("0,8", "9000000000000000,9000000000000008") + "}", 8, "t begins at"),
        arguments("{" + t.replace("0,8", "0,4") + "}", 4, "expected as many bytes as it needs"),
        arguments("{" + t.replace("0,8", "8,0") + "}", 8, "expected as many bytes as it needs"),
        arguments("{" + t.replace("0,8", "0,8,9") + "}", 8, "a list with 9.0 as number 2"),
        arguments("{" + t.replace("0,8", "-8,0") + "}", 8, "a list with -8.0 as number 0"),
        arguments("{" + t.replace("[2]", "[02]") + "}", 8, "expected a number such as"),
        arguments("{" + t.replace("[2]", "[2.5]") + "}", 8, "a list with 2.5 as number 0"),
        arguments(
            "{" + t.replace("[2]", "[4294967298]") + "}", 8, "expected as many bytes as it needs"),
        arguments("{" + t.replace("[2]", "[99999999999999999999]") + "}", 8, "a list with 1.0E20"),
        arguments("{" + t.replace("F32", "I32") + "}", 8, "t is I32, expected F32, F16, BF16"),
        arguments("{" + t.replace("dtype", "type") + "}", 8, "a tensor's member type"),
        arguments("{'t':{'dtype':'F32','shape':[2]}}", 8, "without dtype, shape or two"),
        arguments("{'__metadata__':{'a':1}}", 0, "is 1, expected a text in double quotes"),
        arguments("{'__metadata__':{'a':'b','a':'c'}}", 0, "two members a"),
        arguments("{'__metadata__':{},'__metadata__':{}}", 0, "two members __metadata__"),
        arguments("{'a\\x':1}", 0, "four hexadecimal digits after"),
        arguments("{'a\\u12x4':1}", 0, "four hexadecimal digits after"),
        arguments("{'a\n':1}", 0, "expected a closing quote"));
  }

  @ParameterizedTest
  @MethodSource
  void wrong(String header, int data, String message) {
    unreadable(() -> read(header.replace('\'', '"'), data), "f: ", message);
  }

  @Test
  void lengthsOfHeadersAreChecked() {
    for (byte[] content : List.of(new byte[7], new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{'})) {
      assertThrows(FormatException.class, () -> read(content));
    }
    byte[] huge = new byte[16];
    huge[7] = (byte) 0x80;
    assertThrows(FormatException.class, () -> read(huge));
  }

  @Test
  void blanksEscapesAndEmptyTensorsAreSound() throws IOException {
    Safetensors read =
        read(
            " {\n"
                + "\"\\u00e4\\n"
                + "\\\"\" : {\"shape\":[ 0 , 3 ],\"dtype\":\"F64\", \"data_offsets\":[0,0] } ,\"s\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[0,2]}}   ",
            2);
    assertEquals(List.of("ä\n\"", "s"), List.copyOf(read.tensors().keySet()));
    assertEquals(Float.intBitsToFloat(0x02010000), read.tensors().get("s").doubleAt(0));
  }

  @Test
  void aFileOfNoTensorsIsSound() throws IOException {
    assertEquals(new Safetensors(Map.of(), Map.of()), read("{}", 0));
  }

  /** Tensors keep the order of the header, and empty ones take no space between others. */
  @Test
  void tensorsLieInAnyOrder() throws IOException {
    String header =
        """
        {"b": {"dtype": "F16", "shape": [1], "data_offsets": [2, 4]},
         "none": {"dtype": "F16", "shape": [0], "data_offsets": [2, 2]},
         "a": {"dtype": "F16", "shape": [1], "data_offsets": [0, 2]}}
        """;
    Map<String, NdArray> tensors = read(header, 4).tensors();
    assertEquals(List.of("b", "none", "a"), List.copyOf(tensors.keySet()));
    assertEquals(0, tensors.get("none").length());
    assertTrue(tensors.get("a").doubleAt(0) < tensors.get("b").doubleAt(0)); // 0x0201, 0x0403
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Map<String, NdArray> tensors = new LinkedHashMap<>();
    tensors.put("a\"\\\u0001ä\ud800", NdArray.of(new float[] {1, Float.NaN, -0f}, 3, 1));
    tensors.put("b", NdArray.of(new float[] {Float.MIN_VALUE}));
    Safetensors written = new Safetensors(tensors, Map.of("k", "v\n"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    written.write(out);
    assertEquals(0, (out.size() - 16) % 8);
    assertEquals(written, read(out.toByteArray()));
  }
}
