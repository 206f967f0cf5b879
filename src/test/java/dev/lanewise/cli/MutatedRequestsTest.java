package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.LoadOptions;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Fuzzing;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a body holds, it is predicted or refused, and the connection goes on. */
class MutatedRequestsTest {
  private static final List<byte[]> JSON =
      List.of(
          bytes("{\"age\":40,\"colour\":\"red\",\"day\":\"2024-05-06\"}"),
          bytes("[[40,\"dark blue\",\"2024-05-06T12:30:00Z\"],\n [-1.5e3,null,null]]"),
          bytes("[1,\"\\u003cg\\u003e\",null]"),
          bytes(
              "[{\"colour\":true,\"x\":[{\"y\":{}}],\"age\":\"41\",\"day\":null},"
                  + "{\"day\":\"2024-01-01\",\"age\":0.25,\"colour\":\"\\ud83d\\ude00\"}]"));

  private static final List<byte[]> CSV =
      List.of(
          bytes("age,colour,day\n40,red,2024-05-06\n,\"<g>\",\n"),
          bytes("colour;age;x;day\r\n\"dark blue\";1,5;\"a \"\"b\"\"\";2024-05-06\r\n"));

  @TempDir Path directory;

  private Mlp model;

  @BeforeEach
  void makeModel() throws IOException {
    model = ServeTest.table(directory);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void overHttp() throws IOException {
    try (Served served = new Served(model);
        RawHttp http = served.connect()) {
      for (boolean isCsv : new boolean[] {false, true}) {
        String type = isCsv ? "Content-Type: text/csv" : "Content-Type: application/json";
        Fuzzing.<byte[]>run(
            isCsv ? "requests of CSV" : "requests of JSON",
            1000,
            m -> m.mutate(m.oneOf(isCsv ? CSV : JSON)),
            body -> {
              RawHttp.Response response = http.post(body, type, "Accept: application/json");
              Map<String, Object> json = response.json();
              if (response.status() == 200) {
                return json.get("predictions") instanceof List<?>;
              }
              assertEquals(400, response.status(), response.body());
              assertTrue(response.error().matches("body: .*, expected .*"), response.body());
              return false;
            });
      }
    }
  }

  @Test
  void inMemory() {
    Scorer scorer = new Scorer(model, LoadOptions.forModel(model), 100_000);
    for (boolean isCsv : new boolean[] {false, true}) {
      Fuzzing.<byte[]>run(
          isCsv ? "rows of CSV" : "rows of JSON",
          isCsv ? 3000 : 10_000,
          m -> m.mutate(m.oneOf(isCsv ? CSV : JSON)),
          body -> {
            try {
              return scorer.score(body, body.length, isCsv).rows >= 0;
            } catch (FormatException e) {
              assertTrue(e.getMessage().matches("body: .*, expected .*"), e.getMessage());
              return false;
            }
          });
    }
  }
}
