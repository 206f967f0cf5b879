package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests streams of rows, one a line, as a client of {@code serve} sees them. */
class ServeLinesTest {
  private static final String TYPE = "Content-Type: application/x-ndjson";
  private static final String HEAD =
      "POST /predict HTTP/1.1\r\nHost: localhost\r\n" + TYPE + "\r\nTransfer-Encoding: chunked\r\n";

  private static Model table;
  private static Served served;

  @BeforeAll
  static void serve(@TempDir Path directory) throws IOException {
    table = ServeTest.table(directory);
    served = new Served(table);
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static String row(int i) {
    String colour = i % 3 == 0 ? "\"red\"" : i % 3 == 1 ? "\"dark blue\"" : "\"<g>\"";
    String age = i % 11 == 0 ? "null" : "" + (i % 97 + i % 7 / 8.0);
    String day = "\"2024-0" + (1 + i % 9) + "-11\"";
    return i % 2 == 0
        ? "[" + age + "," + colour + "," + day + "]"
        : "{\"day\":" + day + ", \"age\":" + age + ",\"colour\":" + colour + "}";
  }

  private static String lines(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(row(i)).append(i % 5 == 0 ? "\r\n" : "\n");
    }
    return lines.toString();
  }

  /** Returns the rows of the usual answer to the same rows. */
  private static List<String> expected(RawHttp http, int count) throws IOException {
    List<String> rows = new ArrayList<>();
    for (int from = 0; from < count; from += 1000) {
      StringBuilder body = new StringBuilder("[");
      for (int i = from; i < Math.min(count, from + 1000); i++) {
        body.append(i == from ? "" : ",").append(row(i));
      }
      String answer = http.post(body + "]").body();
      String inner = answer.substring("{\"predictions\":[".length(), answer.lastIndexOf(']'));
      rows.addAll(List.of(inner.split(",\n")));
    }
    return rows;
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.getBytes(UTF_8).length) + "\r\n" + text + "\r\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-ndjson", "application/jsonl", "application/jsonlines"})
  void eachRowIsThatOfTheUsualAnswer(String type) throws IOException {
    try (RawHttp http = served.connect()) {
      for (int count : new int[] {1, 2, 257, 1500}) {
        RawHttp.Response response = http.post(lines(count), "Content-Type: " + type);
        assertEquals("application/x-ndjson", response.headers().get("content-type"));
        assertEquals(expected(http, count), response.body().lines().toList());
        assertEquals(response.body(), http.post(lines(count).stripTrailing(), TYPE).body());
      }
    }
  }

  @Test
  void eachLineIsAnsweredWhenItComes() throws IOException {
    try (RawHttp http = served.connect();
        RawHttp other = served.connect()) {
      List<String> expected = expected(other, 100);
      http.send(HEAD + "\r\n");
      for (int i = 0; i < 100; i++) {
        String line = row(i) + "\n";
        http.send(chunk(line.substring(0, 1 + i % 9))).send(chunk(line.substring(1 + i % 9)));
        if (i == 0) {
          assertEquals("HTTP/1.1 200 OK", http.line());
          while (!http.line().isEmpty()) {
            continue; // the head
          }
        }
        assertEquals(expected.get(i).length() + 1, Integer.parseInt(http.line(), 16));
        assertEquals(expected.get(i), http.line());
        assertEquals("", http.line());
      }
      http.send("0\r\n\r\n");
      assertEquals("0", http.line());
    }
  }

  /** The body is fifty times as long as the longest one that may be kept. */
  @Test
  void aLongStreamIsAnsweredWithinLittleMemory() throws Exception {
    int count = 100_000;
    try (Served other = new Served(table);
        RawHttp http = other.connect();
        RawHttp second = other.connect()) {
      Thread sender =
          new Thread(
              () -> {
                try {
                  http.send(HEAD + "\r\n");
                  for (int i = 0; i < count; i += 1000) {
                    String part = lines(1000);
                    http.send(chunk(part.substring(0, 77))).send(chunk(part.substring(77)));
                  }
                  http.send("0\r\n\r\n");
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      sender.start();
      List<String> answers = http.receive().body().lines().toList();
      sender.join();
      assertEquals(count, answers.size());
      List<String> expected = expected(second, 1000);
      for (int i = 0; i < count; i++) {
        assertEquals(expected.get(i % 1000), answers.get(i));
      }
      assertTrue(other.server.metrics().contains("lanewise_rows_total " + (count + 1000) + "\n"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1,\"red\"]          | has 2 values, expected 3: age, colour, day (or an object by these names)",
        "7                    | , byte 1 is 7, expected [",
        "[[1,2,null]]         | , column age is a list or an object, expected a number, a text, true, false or null",
        "[1,2,null],[1,2,null]| , byte 11 is a comma, expected",
        "{\"age\":\"old\"}    | , column age is \"old\", expected a finite number",
      })
  void aWrongLineIsSaidWithItsNumber(String line, String error) throws IOException {
    String start = error.startsWith(",") ? "" : " ";
    try (RawHttp http = served.connect()) {
      RawHttp.Response response = http.post(line + "\n", TYPE);
      assertEquals(400, response.status());
      assertTrue(response.error().startsWith("body: line 1" + start), response.error());
    }
    try (RawHttp http = served.connect()) {
      http.send(HEAD + "\r\n" + chunk(lines(70)));
      StringBuilder all = new StringBuilder();
      while (all.toString().split("\"predicted\"").length <= 70) {
        all.append(http.line()).append('\n');
      }
      http.send(chunk(row(1) + "\n" + line + "\n"));
      try {
        while (true) {
          all.append(http.line()).append('\n');
        }
      } catch (EOFException e) {
        String last = all.toString().lines().filter(text -> text.contains("error")).findAny().get();
        String said = (String) JsonReader.object(last).get("error");
        assertTrue(said.startsWith("body: line 72" + start), said);
        assertTrue(all.toString().endsWith("\n0\n\n"), "the answer is whole");
      }
    }
  }

  @Test
  void limitsAndNotes() throws IOException {
    try (RawHttp http = served.connect()) {
      http.post("[" + " ".repeat(150_000) + "1]\n", TYPE)
          .refused(413, "body: line 1 is longer than 100000 bytes");
    }
    try (RawHttp http = served.connect()) {
      assertEquals("body: no row, expected at least one row", http.post("", TYPE).error());
      String body = http.post(row(1) + "\n" + row(2).replace("<g>", "RED") + "\n", TYPE).body();
      assertTrue(!body.lines().findFirst().get().contains("notes"), body);
      assertTrue(
          body.endsWith(
              ",\"notes\":[\"Column colour: 1 of 2 values are unknown to the model, such as \\\"RED\\\" (it knows <g>, dark blue, red)\"]}\n"),
          body);
    }
  }
}
