package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.serve.TensorRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests the Open Inference Protocol, version 2, over REST. What answers must contain is from
 * specification/protocol/inference_rest.md of kserve/open-inference-protocol.
 */
class ServeTensorsTest {
  private static final String INFER = "/v2/models/model/infer";

  private static Served served;

  @BeforeAll
  static void serve(@TempDir Path directory) throws IOException {
    served = new Served(ServeTest.table(directory));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static String body(String age, String more) {
    return ("{%s\"inputs\":[{\"name\":\"colour\",\"shape\":[2,1],\"datatype\":\"BYTES\","
            + "\"data\":[[\"red\"],[\"RED\"]]},{\"name\":\"age\",%s},{\"name\":\"day\",\"shape\":[2],"
            + "\"data\":[\"2024-05-06\",\"2024-05-06\"],\"datatype\":\"BYTES\",\"parameters\":{\"content_type\":\"str\"}}]}")
        .formatted(more, age.replace('\'', '"'));
  }

  private static final String AGE = "'shape':[2],'datatype':'INT32','data':[40,null]";

  @Test
  void healthAndMetadataAreThoseOfTheProtocol() throws IOException {
    try (RawHttp http = served.connect()) {
      for (String path : List.of("/v2", "/v2/")) {
        Map<String, Object> server = http.get(path).json();
        assertEquals(List.of("name", "version", "extensions"), List.copyOf(server.keySet()));
        assertEquals(List.of(), server.get("extensions"));
      }
      assertEquals(true, http.get("/v2/health/live").json().get("live"));
      assertEquals(true, http.get("/v2/health/ready").json().get("ready"));
      assertEquals(
          Map.of("name", "model", "ready", true), http.get("/v2/models/model/ready").json());
      Map<String, Object> model = http.get("/v2/models/model").json();
      assertEquals("model", model.get("name"));
      assertEquals("lanewise", model.get("platform"));
      assertEquals(
          "[{name=age, datatype=FP64, shape=[-1.0]}, {name=colour, datatype=BYTES, shape=[-1.0]}, {name=day, datatype=BYTES, shape=[-1.0]}]",
          model.get("inputs").toString());
      assertContains(
          model.get("outputs").toString(), "{name=probabilities, datatype=FP32, shape=[-1.0, 2.0]");
      assertEquals(404, http.get("/v2/models/other").status());
      assertTrue(http.get("/v2/models/other/ready").error().startsWith("no /v2/models/other"));
      assertEquals(405, http.get(INFER).status());
    }
  }

  @Test
  void outputsAreThoseAskedForAndTheIdComesBack() throws IOException {
    try (RawHttp http = served.connect()) {
      Map<String, Object> all = http.postTo(INFER, body(AGE, "")).json();
      assertFalse(all.containsKey("id"));
      assertEquals("model", all.get("model_name"));
      String notes = ((Map<?, ?>) all.get("parameters")).get("notes").toString();
      assertTrue(notes.startsWith("Column colour: 1 of 2 values are unknown"), notes);
      List<?> outputs = (List<?>) all.get("outputs");
      String asked =
          "\"id\":\"42\",\"parameters\":{\"binary_data_output\":true},\"outputs\":[{\"name\":\"probabilities\",\"parameters\":{\"binary_data\":false}}],";
      Map<String, Object> one = http.postTo(INFER, body(AGE, asked)).json();
      assertEquals("42", one.get("id"));
      assertEquals(List.of(outputs.get(1)), one.get("outputs"));
      Map<?, ?> tensor = (Map<?, ?>) outputs.get(1);
      assertEquals("[2.0, 2.0] FP32", tensor.get("shape") + " " + tensor.get("datatype"));
      assertEquals(4, ((List<?>) tensor.get("data")).size());
      RawHttp.Response refused =
          http.postTo(INFER, body(AGE, "\"outputs\":[{\"name\":\"label\"}],"))
              .refused(400, "body: output label, expected one of predicted, probabilities");
      refused = http.postTo(INFER, body(AGE, ""), "Inference-Header-Content-Length: 9");
      assertEquals(400, refused.status());
      assertTrue(refused.error().contains("binary_data=False"));
    }
  }

  /** Sends the first request of the standard's own examples to a model with other inputs. */
  @Test
  void theExampleOfTheStandardIsReadAndRefusedForItsNames() throws IOException {
    String example =
        "{\"id\":\"42\",\"inputs\":[{\"name\":\"input0\",\"shape\":[2,2],\"datatype\":\"UINT32\","
            + "\"data\":[1,2,3,4]}],\"outputs\":[{\"name\":\"probabilities\"}]}";
    Model two =
        Model.of(
            Mlp.initial(
                dev.lanewise.nn.Architecture.relu(2, List.of(3), 2),
                dev.lanewise.nn.Initializer.HE,
                1));
    try (Served other = new Served(two);
        RawHttp http = other.connect()) {
      assertEquals(
          "body: inputs input0, expected those of the model: input",
          http.postTo(INFER, example).error());
      String whole =
          example.replace(
              "]}],",
              "]},{\"name\":\"input1\",\"shape\":[3],\"datatype\":\"BOOL\",\"data\":[true]}],");
      http.postTo(INFER, whole)
          .refused(400, "body: inputs input0, input1, expected those of the model: input");
      Map<String, Object> answer =
          http.postTo(INFER, example.replace("input0", TensorRequest.INPUT)).json();
      List<?> rows = (List<?>) http.post("[[1,2],[3,4]]").json().get("predictions");
      Map<?, ?> tensor = (Map<?, ?>) ((List<?>) answer.get("outputs")).get(0);
      List<Object> expected = new java.util.ArrayList<>();
      rows.forEach(
          row -> expected.addAll(((Map<?, ?>) ((Map<?, ?>) row).get("probabilities")).values()));
      assertEquals(expected, tensor.get("data"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INT8   | -128 127 0 -0 null         | -129 128 1000 0.5 1e1 true \"1\"",
        "INT16  | -32768 32767               | -32769 32768",
        "INT32  | -2147483648 2147483647     | -2147483649 2147483648",
        "INT64  | -9223372036854775808 9223372036854775807 | -9223372036854775809 9223372036854775808 1000000000000000000000",
        "UINT8  | 0 255                      | -5 -1 256",
        "UINT16 | 65535                      | 65536",
        "UINT32 | 4294967295                 | 4294967296",
        "UINT64 | 18446744073709551615       | 18446744073709551616 -1",
        "FP16   | 65504 -65519.9             | 65520 -1e5 true \"1\"",
        "FP32   | 3.4028235e38 -3.4028235e38 1e-50 | 1e39 -3.4028236e38",
        "FP64   | 1.7976931348623157e308 1e-999 | true \"1\"",
        "BOOL   | null                       | 0 1 \"true\"",
        "BYTES  | \"1\" \"\\u0031\" null     | 1 true",
      })
  void valuesAreOfTheirDatatype(String type, String good, String wrong) throws IOException {
    try (RawHttp http = served.connect()) {
      String age = "'shape':[2],'datatype':'" + type + "','data':[%s,null]";
      for (String value : good.split(" +")) {
        RawHttp.Response response = http.postTo(INFER, body(age.formatted(value), ""));
        assertEquals(200, response.status(), response.body());
      }
      for (String value : wrong.split(" +")) {
        assertEquals(
            "body: input age has %s at 0, expected values of its datatype %s, or null"
                .formatted(value, type),
            http.postTo(INFER, body(age.formatted(value), "")).error());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'shape':[1],'datatype':'FP64','data':[1]          | input colour has the shape [2, 1] and 2 values, expected [1] or [1, 1]",
        "'shape':[2,2],'datatype':'FP64','data':[1,2]      | input age has the shape [2, 2] and 2 values, expected [2] or [2, 1]",
        "'shape':[2.5],'datatype':'FP64','data':[1,2]      | input age has the shape [2.5] and 2 values, expected [2] or [2, 1]",
        "'shape':[4294967298],'datatype':'FP64','data':[1,2]      | input age has the shape [4294967298] and 2 values, expected [2] or [2, 1]",
        "'shape':[2],'data':[1,2]                          | input age has the datatype null, expected one of BOOL, BYTES, FP16, FP32, FP64, INT16, INT32, INT64, INT8, UINT16, UINT32, UINT64, UINT8",
        "'shape':[2],'datatype':'FLOAT','data':[1,2]       | input age has the datatype FLOAT, expected one of BOOL, BYTES, FP16, FP32, FP64, INT16, INT32, INT64, INT8, UINT16, UINT32, UINT64, UINT8",
        "'shape':[3],'datatype':'FP64','data':[1,2]        | input age has the shape [3] and 2 values, expected [2] or [2, 1]",
        "'shape':[2,1],'datatype':'FP64','data':[[1,2]]    | input age is nested as [1, 2], expected its shape [2, 1]",
        "'shape':[2],'datatype':'FP64','data':[[1],[2]]    | input age is nested as [2, 1], expected its shape [2]",
        "'shape':[2],'datatype':'FP64','data':[[1,2],[3]]  | input age is nested with rows of different lengths",
        "'shape':[2],'datatype':'FP64','data':['1',2]      | input age has \"1\" at 0, expected values of its datatype FP64, or null",
        "'shape':[2],'datatype':'BYTES','data':['x',null]  | row 0, column age is \"x\", expected a finite number (null if the value is missing)",
        "'shape':[2],'datatype':'BOOL','data':[true,false] | row 0, column age is \"true\", expected a finite number (null if the value is missing)",
        "'shape':[2],'datatype':'INT64','data':[0.5,0]     | input age has 0.5 at 0, expected values of its datatype INT64, or null",
        "'shape':[2],'datatype':'FP7','data':[1,2]         | input age has the datatype FP7, expected one of BOOL, BYTES, FP16, FP32, FP64, INT16, INT32, INT64, INT8, UINT16, UINT32, UINT64, UINT8",
        "'shape':[2],'datatype':'INT8','data':[null,1000]  | input age has 1000 at 1, expected values of its datatype INT8, or null",
        "'shape':[2,1],'datatype':'FP64','data':[1,[2]]    | input age has values beside arrays",
        "'shape':[2,1,1,1,1,1,1,1,1],'datatype':'FP64','data':[1,2] | a shape has more than 8 dimensions, expected one or two",
        "'shape':[2],'datatype':'FP64','data':[1,2],'data':[3,4] | line 1, byte 145 is one of two members data, expected each name once",
      })
  void whatIsWrongInTensorsIsSaid(String age, String error) throws IOException {
    try (RawHttp http = served.connect()) {
      http.postTo(INFER, body(age, "")).refused(400, "body: " + error);
      String twice = body(AGE, "").replace("\"colour\"", "\"age\"");
      assertEquals(
          "body: tensor age is there twice, expected once", http.postTo(INFER, twice).error());
      String more = body(AGE, "").replace("[{", "[{\"name\":\"x\"},{\"name\":\"kind\"},{");
      assertEquals(
          "body: inputs x, kind, colour, age, day, expected those of the model: age, colour, day",
          http.postTo(INFER, more).error());
      assertTrue(http.postTo(INFER, "{}").error().startsWith("body: inputs "));
    }
  }
}
