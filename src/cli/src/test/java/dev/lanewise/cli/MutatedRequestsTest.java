package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.Fuzzing;
import dev.lanewise.model.Model;
import dev.lanewise.serve.HttpAnswer;
import dev.lanewise.serve.HttpRequest;
import dev.lanewise.serve.ModelServer;
import dev.lanewise.serve.Outputs;
import dev.lanewise.serve.Scorer;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.terminal.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any request body is either predicted or refused, and the connection remains usable. */
class MutatedRequestsTest {
  private static final List<byte[]> JSON =
      List.of(
          bytes("{\"age\":40,\"colour\":\"red\",\"day\":\"2024-05-06\"}"),
          bytes("[[40,\"dark blue\",\"2024-05-06T12:30:00Z\"],\n [-1.5e3,null,null]]"),
          bytes("[1,\"\\u003cg\\u003e\",null]"),
          bytes(
              "[{\"colour\":true,\"x\":[{\"y\":{}}],\"age\":\"41\",\"day\":null},{\"day\":\"2024-01-01\",\"age\":0.25,\"colour\":\"\\ud83d\\ude00\"}]"));

  private static final List<byte[]> CSV =
      List.of(
          bytes("age,colour,day\n40,red,2024-05-06\n,\"<g>\",\n"),
          bytes("colour;age;x;day\r\n\"dark blue\";1,5;\"a \"\"b\"\"\";2024-05-06\r\n"));

  @TempDir Path directory;

  private Model model;

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
    Scorer scorer = new Scorer(Outputs.of(model), ReadOptions.defaults(), 100_000);
    for (boolean isCsv : new boolean[] {false, true}) {
      Fuzzing.<byte[]>run(
          isCsv ? "rows of CSV" : "rows of JSON",
          isCsv ? 3000 : 10_000,
          m -> m.mutate(m.oneOf(isCsv ? CSV : JSON)),
          body -> {
            try {
              return scorer.score(body, body.length, isCsv, 0).rows() >= 0;
            } catch (FormatException e) {
              assertTrue(e.getMessage().matches("body: .*, expected .*"), e.getMessage());
              return false;
            }
          });
    }
  }

  /**
   * Sends whole connections: each request is answered, and every error is one that the client sees.
   */
  @Test
  void heads() {
    String row = "{\"age\":40,\"colour\":\"red\",\"day\":\"2024-05-06\"}";
    String post = "POST /predict HTTP/1.1\r\nHost: localhost:80\r\n";
    List<byte[]> connections =
        List.of(
            bytes(
                post
                    + "Content-Type: text/json; charset=utf-8\r\nOrigin: http://localhost\r\n"
                    + "Content-Length: %s\r\n\r\n%s".formatted(row.length(), row)
                    + "GET http://127.0.0.1/metrics?x=%20 HTTP/1.1\r\nHost: [::1]\r\n\r\n"),
            bytes(
                post
                    + "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\n[1,\r\n"
                    + "b\r\n\"red\",null]\r\n0\r\nTrailer: 1\r\n\r\nHEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            bytes("\r\nGET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n"));
    try (Served served = new Served(model)) {
      Fuzzing.<byte[]>run(
          "requests over HTTP",
          5_000,
          m -> m.mutate(m.oneOf(connections)),
          connection -> isAnswered(served.server, connection));
    }
  }

  private static boolean isAnswered(ModelServer server, byte[] connection) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    HttpRequest request = new HttpRequest(new ByteArrayInputStream(connection), out, () -> {});
    HttpAnswer answer = new HttpAnswer(request, out, () -> {});
    boolean isGood = true;
    try {
      while (request.await() && !answer.closes()) {
        answer.reset();
        out.reset();
        Problem problem = null;
        try {
          request.readHead();
        } catch (Problem e) {
          assertTrue(e.getMessage().matches("request: .*, expected .*"), e.getMessage());
          problem = e;
          answer.close(true);
        }
        server.handle(request, problem, answer);
        assertTrue(
            out.toString(UTF_8).matches("(?s)(HTTP/1.1 100 .*\r\n\r\n)?HTTP/1.1 [1-5][0-9]{2} .*"));
        isGood &= answer.status() == 200;
        if (!answer.closes()) {
          request.skip();
        }
      }
      return isGood;
    } catch (IOException e) { // the connection may end within a body that is not checked
      return false;
    }
  }
}
