package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.Schema;
import dev.lanewise.serve.HttpListener;
import dev.lanewise.serve.PredictionService;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.ReadOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests {@code serve} as a client sees it. */
public class ServeTest {
  private static final String CSV = "Content-Type: text/csv";
  private static final String ROW = "{\"age\":40,\"colour\":\"red\",\"day\":\"2024-05-06\"}";

  private static Model table;
  private static Served served;

  /** Returns a model of a table with gaps in one column only. */
  public static Model table(Path directory) throws IOException {
    StringBuilder text = new StringBuilder("id,age,colour,day,kind\n");
    for (int i = 0; i < 60; i++) {
      text.append("no").append(i).append(',').append(i % 7 == 0 ? "" : "" + (20 + i));
      text.append(i % 3 == 0 ? ",red" : i % 3 == 1 ? ",dark blue" : ",\"<g>\"");
      text.append(",2024-0").append(1 + i % 9).append("-11,").append(i % 2 == 0 ? "yes" : "no");
      text.append('\n');
    }
    Path file = Files.writeString(directory.resolve("table.csv"), text);
    ReadOptions options = ReadOptions.defaults().withIgnored(List.of("id"));
    Dataset data = Datasets.load(file, options);
    Architecture layers = Architecture.relu(data.features(), List.of(5), data.classes());
    return Model.of(
            Mlp.initial(layers, Initializer.HE, 1)
                .withScaling(data.scaling())
                .withClassNames(data.classNames()))
        .withSchema(Schema.of(data).orElseThrow());
  }

  @BeforeAll
  static void serve(@TempDir Path directory) throws IOException {
    table = table(directory);
    served = new Served(table);
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @Test
  void aRowGivesClassAndProbabilitiesByName() throws IOException {
    try (RawHttp http = served.connect()) {
      Map<String, Object> answer = http.post(ROW).json();
      Map<?, ?> row = (Map<?, ?>) ((List<?>) answer.get("predictions")).get(0);
      float[] expected = new float[2];
      table
          .tablePredictor()
          .set("age", 40)
          .set("colour", "red")
          .set("day", "2024-05-06")
          .predict(expected);
      Map<?, ?> probabilities = (Map<?, ?>) row.get("probabilities");
      assertEquals(List.of("no", "yes"), List.copyOf(probabilities.keySet()));
      assertEquals(expected[0], ((Double) probabilities.get("no")).floatValue());
      assertEquals(expected[1], ((Double) probabilities.get("yes")).floatValue());
      assertEquals(expected[1] > expected[0] ? "yes" : "no", row.get("predicted"));
      assertFalse(answer.containsKey("notes"));
    }
  }

  @Test
  void columnsThatTheModelDoesNotKnowArePassedOver() throws IOException {
    String note = "Columns passed over, as the model does not know them: size, \u00fc";
    try (RawHttp http = served.connect()) {
      // There is no note about unused columns of the training file.
      String row = ROW.replace("{", "{\"size\":[{}],\"\u00fc\":1,\"id\":2,\"kind\":null,");
      assertEquals(List.of(note), http.post(row).json().get("notes"));
      String csv = "kind,size,\u00fc,age,colour,day\nyes,1,2,40,red,2024-05-06\n";
      RawHttp.Response lines = http.post(csv, CSV);
      assertEquals(note.replace('\u00fc', '?'), lines.headers().get("lanewise-notes"));
      assertTrue(lines.body().startsWith("index,predicted,p_no,p_yes\n0,"), lines.body());
      assertEquals(
          List.of(note), http.post(csv, CSV, "Accept: application/json").json().get("notes"));
    }
  }

  @Test
  void notesInAHeadAreFew() {
    assertEquals("a; b", PredictionService.brief(List.of("a", "b")));
    String cut = PredictionService.brief(List.of("2".repeat(3999), "c", "d"));
    assertEquals("2".repeat(3999) + ";... (3 notes in all)", cut);
  }

  @Test
  void whatTrainingHadNotIsSaidAndCounted() throws IOException {
    try (Served other = new Served(table);
        RawHttp http = other.connect()) {
      assertFalse(http.post("[null,\"red\",\"2024-05-06\"]").json().containsKey("notes"));
      String upper = ROW.replace("red", "RED");
      List<String> unknown =
          List.of(
              "Column colour: 1 of 1 values are unknown to the model, such as \"RED\" (it knows <g>, dark blue, red)");
      assertEquals(unknown, http.post(upper).json().get("notes"));
      List<String> gap =
          List.of(
              "Column day: 1 of 2 rows have no value, where all training rows had one (the median of the training rows replaces it)");
      assertEquals(gap, http.post("[[40,\"red\",null]," + ROW + "]").json().get("notes"));
      assertFalse(http.post(ROW).json().containsKey("notes"), "no notes of earlier requests");
      String csv = "age,colour,day\n40,RED,\n41,RED,2024-05-06\n";
      assertEquals(
          2,
          ((List<?>) http.post(csv, CSV, "Accept: application/json").json().get("notes")).size());
      assertContains(http.get("/metrics").body(), "\nlanewise_unseen_values_total 5\n");
    }
  }

  @Test
  void whatSeemsToBeScaledAlreadyIsSaidAsOfFiles() throws IOException {
    Model bytes =
        Model.of(
            Mlp.initial(Architecture.relu(3, List.of(2), 2), Initializer.HE, 1)
                .withScaling(Scaling.divide(255)));
    try (Served other = new Served(bytes);
        RawHttp http = other.connect()) {
      Object notes = http.post("0,0.5,1\n", CSV, "Accept: application/json").json().get("notes");
      assertTrue(notes.toString().contains("before scaling 255 divides them"), "" + notes);
      assertEquals(notes, http.post("[0,0.5,1]").json().get("notes"));
      assertFalse(http.post("[[0,0.5,1],[0,200,1]]").json().containsKey("notes"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "                            | line 1, byte 1 is the end, expected a value (CSV needs Content-Type: text/csv)",
        "age,colour                  | line 1, byte 1 is a, expected a value (CSV needs Content-Type: text/csv)",
        "7                           | neither an object nor an array, expected a row or an array of rows",
        "[]                          | no row, expected at least one",
        "[[]]                        | row 0 has 0 values, expected 3: age, colour, day (or an object by these names)",
        "[1]                         | row 0 has 1 value, expected 3: age, colour, day (or an object by these names)",
        "[[1,2,\"2024-01-01\"],[1,2,null,4]]| row 1 has 4 values, expected 3: age, colour, day (or an object by these names)",
        "{}                          | row 0: no column age, colour, day, expected the columns of the model: found none (null stands for a missing value)",
        "{\"colour\":null,\"x\":1}   | row 0: no column age, day, expected the columns of the model: found colour, x (null stands for a missing value)",
        "{\"age\":1,\"age\":2}       | row 0, column age is there twice, expected each column once",
        "{\"day\":null,\"age\":1,\"age\":2} | line 1, byte 21 is one of two members age, expected each name once",
        "{\"x\":1,\"x\":2}           | line 1, byte 8 is one of two members x, expected each name once",
        "{\"x\":[{\"y\":1,\"y\":2}]}   | line 1, byte 14 is one of two members y, expected each name once",
        "{\"age\":\"old\"}           | row 0, column age is \"old\", expected a finite number (null if the value is missing)",
        "[[1,2,null],[true,2,null]]  | row 1, column age is \"true\", expected a finite number (null if the value is missing)",
        "{\"day\":\"Monday\"}        | row 0, column day is \"Monday\", expected a date such as 2024-05-31 or 2024-05-31T12:30:00, as in training (null if the value is missing)",
        "{\"age\":[1]}               | row 0, column age is a list or an object, expected a number, a text, true, false or null",
        "{\"age\":1e999}             | line 1, byte 8 is a number outside the range of double, expected a smaller one",
        "{\"age\":01}                | line 1, byte 8 is 0, expected a number such as 0.5 or -1e3",
        "{\"age\":NaN}               | line 1, byte 8 is N, expected a value",
        "{\"age\" 1}                 | line 1, byte 8 is 1, expected :",
        "[[1,2,null]                 | line 1, byte 12 is the end, expected a comma or ]",
        "[1,2,null] x                | line 1, byte 12 is x, expected nothing after the value",
        "[1,{},2]                    | row 0, column colour is a list or an object, expected a number, a text, true, false or null",
        "[[1,2,null],7]              | line 1, byte 13 is 7, expected [",
      })
  void whatIsWrongInJsonIsSaid(String body, String error) throws IOException {
    try (RawHttp http = served.connect()) {
      http.post(body == null ? "" : body).refused(400, "body: " + error);
      assertEquals(200, http.post(ROW).status(), "the connection stays usable");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                          | an empty file, expected a CSV file",
        "age;colour                  | no column day, expected the columns of the model: found age, colour",
        "age,colour,day/x,red,       | line 2, column age is \"x\", expected a finite number (--missing-also \"x\" if it means a missing value)",
        "age,colour,day/1,red        | line 2 has 2 columns, expected 3 as in the lines before",
        "age,colour,day/\"1,red,     | line 2: a quote that is never closed, expected a second quote before the file ends",
      })
  void whatIsWrongInCsvIsSaidAsOfFiles(String body, String error) throws IOException {
    try (RawHttp http = served.connect()) {
      http.post(body.replace('/', '\n'), CSV).refused(400, "body: " + error);
    }
  }

  @Test
  void otherTextsAreRefused() throws IOException {
    try (RawHttp http = served.connect()) {
      assertEquals(
          "body: line 1, byte 3 is not UTF-8, expected JSON in UTF-8",
          http.post(new byte[] {'[', '"', (byte) 0xfc, '"', ']'}).error());
      assertEquals(415, http.post(ROW, "Content-Encoding: br").status());
      assertEquals(415, http.post(ROW, "Content-Type: text/csv; charset=latin1").status());
      assertEquals(200, http.post(ROW, "Content-Type: text/json; charset=\"UTF-8\"").status());
    }
  }

  @Test
  void brokenFramesAreAnswered() throws IOException {
    String post = "POST /predict HTTP/1.1\r\nHost: localhost\r\n";
    try (RawHttp http = served.connect()) {
      http.send(post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n");
      RawHttp.Response response = http.receive();
      assertEquals(400, response.status());
      assertTrue(response.error().contains("a chunk without a size"), response.error());
    }
    try (RawHttp http = served.connect()) {
      http.send(post + "Content-Length: 100\r\n\r\n" + ROW).socket.shutdownOutput();
      assertEquals(400, http.receive().status());
    }
    try (RawHttp http = served.connect()) {
      http.send(post + "Transfer-Encoding: chunked\r\n\r\n");
      http.send(Integer.toHexString(ROW.length()) + "\r\n" + ROW + "\r\n0\r\n\r\n");
      assertEquals(200, http.receive().status());
    }
  }

  @Test
  void otherPathsAndMethods() throws IOException {
    try (RawHttp http = served.connect()) {
      RawHttp.Response response =
          http.get("/nothing")
              .refused(
                  404,
                  "no /nothing here, expected one of /, /predict, /explain, /health, /metrics, /models/model,"
                      + " /models/model/predict, /models/model/explain, /openapi.json, /v2, /v2/, /v2/health/live, /v2/health/ready,"
                      + " /v2/models/model, /v2/models/model/ready, /v2/models/model/infer");
      response = http.get("/predict");
      assertEquals(405, response.status());
      assertEquals("POST", response.headers().get("allow"));
      response =
          http.send(RawHttp.request("DELETE", "/", null))
              .receive()
              .refused(405, "DELETE /, expected GET, HEAD");
      http.send(RawHttp.request("HEAD", "/", null));
      assertEquals(200, http.receive(true).status());
      http.send(RawHttp.request("HEAD", "/nothing", null));
      assertEquals(404, http.receive(true).status());
    }
    try (RawHttp http = served.connect()) { // a HEAD answer with a body would spoil the next
      assertEquals("{\"status\":\"ok\"}\n", http.get("/health").body());
    }
  }

  @Test
  void whatTheModelExpects() throws IOException {
    try (RawHttp http = served.connect()) {
      Map<String, Object> card = http.get("/").json();
      assertEquals("class", card.get("gives"));
      assertEquals(List.of("no", "yes"), card.get("names"));
      assertEquals(List.of("kind"), card.get("target"));
      assertEquals(table.sha256(), card.get("sha256"));
      List<?> columns = (List<?>) card.get("columns");
      Map<?, ?> age = (Map<?, ?>) columns.get(0);
      assertEquals("age", age.get("name"));
      assertEquals("number", age.get("kind"));
      assertEquals(true, age.get("missing"));
      assertTrue((Double) age.get("typical") > 20);
      Map<?, ?> colour = (Map<?, ?>) columns.get(1);
      assertEquals(List.of("<g>", "dark blue", "red"), colour.get("categories"));
      assertTrue(((Map<?, ?>) columns.get(2)).get("typical").toString().startsWith("2024-0"));

      RawHttp.Response page = http.get("/", "Accept: text/html,*/*;q=0.8");
      assertTrue(page.headers().get("content-type").startsWith("text/html"));
      assertTrue(page.headers().get("content-security-policy").contains("default-src 'none'"));
      assertEquals("Accept", page.headers().get("vary"));
      assertTrue(page.body().contains("{\"name\":\"colour\""), page.body());
      assertTrue(page.body().contains("\\u003cg>"), "markup in a name is escaped");
      assertFalse(page.body().matches("(?s).*(https?:|//[a-z]+\\.|{{).*".replace("{{", "\\{\\{")));
    }
  }

  @Test
  void numbersAndLabelsHaveTheNamesOfTheirColumns() throws IOException {
    Model three = Model.of(Mlp.initial(Architecture.relu(3, List.of(2), 2), Initializer.HE, 1));
    Model numbers = three.withLoss(Loss.MSE).withClassNames(List.of("price", "a \"b\""));
    try (Served other = new Served(numbers);
        RawHttp http = other.connect()) {
      assertTrue(
          http.post("[1,2,3]")
              .body()
              .matches(
                  "\\{\"predictions\":\\[\\{\"outputs\":\\{\"price\":[-.0-9]+,\"a \\\\\"b\\\\\"\":[-.0-9]+}}]}\n"));
      assertTrue(http.post("[1,2,3]", "Accept: text/csv").body().startsWith("index,y_price,"));
      assertEquals("outputs", http.get("/").json().get("gives"));
      assertEquals(
          "body: row 0 is an object, expected an array of 3 values, as the columns of the model have no names",
          http.post("{\"#0\":1}").error());
      assertEquals("body: row 0 has 2 values, expected 3", http.post("[1,2]").error());
      assertEquals(
          "body: row 0, column #1 is empty, expected a finite number: a model without a schema does not replace missing values",
          http.post("[1,null,2]").error());
      assertEquals(
          "body: row 1, column #2 is 1.0E300, expected a smaller number: after scaling (none) it is not a finite float",
          http.post("[[1,2,3],[1,2,1e300]]").error());
      List<String> errors = new ArrayList<>();
      for (int signs = 0; signs < 8; signs++) { // some signs give sums beyond floats
        String row = "[%s3e38,%s3e38,%s3e38]";
        row = row.formatted((Object[]) Integer.toBinaryString(8 + signs).substring(1).split(""));
        row = row.replaceAll("0(?=3)", "-").replaceAll("1(?=3)", "");
        RawHttp.Response response = http.post("[[1,2,3],[1,2,3]," + row + "]");
        if (response.status() == 400) {
          errors.add(response.error());
        }
      }
      String error = "body: row 2, output [01] is (NaN|-?Infinity), expected a finite number .*";
      assertTrue(!errors.isEmpty() && errors.get(0).matches(error), errors.toString());
    }
    try (Served other = new Served(three.withLoss(Loss.SIGMOID));
        RawHttp http = other.connect()) {
      assertTrue(
          http.post("[1,2,3]").body().startsWith("{\"predictions\":[{\"probabilities\":{\"0\":"));
    }
    try (Served other = new Served(three);
        RawHttp http = other.connect()) { // classes without names are shown as numbers
      assertTrue(
          http.post("[1,2,3]").body().matches("\\{\"predictions\":\\[\\{\"predicted\":[01],.*\n"));
    }
  }

  @Test
  void longAnswersComeInPieces() throws IOException {
    String row = "[1,2,3],";
    Model model = Model.of(Mlp.initial(Architecture.relu(3, List.of(2), 5), Initializer.HE, 1));
    try (Served other = new Served(model);
        RawHttp http = other.connect()) {
      String body = "[" + row.repeat(5000).replaceFirst(",$", "]");
      RawHttp.Response response = http.post(body);
      assertEquals("chunked", response.headers().get("transfer-encoding"));
      List<?> predictions = (List<?>) response.json().get("predictions");
      assertEquals(5000, predictions.size());
      assertEquals(predictions.get(0), predictions.get(4999));

      response =
          http.post("[" + row.repeat(5001).replaceFirst(",$", "]"))
              .refused(
                  413,
                  "body: more than 5000 rows, expected at most this number in a request to this model");
      assertEquals(5000.0, http.get("/").json().get("most_rows"));
    }
  }

  @Test
  void bodiesThatAreTooLongAreRefused() throws IOException {
    byte[] exact = (ROW + " ".repeat(100_000 - ROW.length())).getBytes(UTF_8);
    try (RawHttp http = served.connect()) {
      assertEquals(200, http.post(exact).status());
    }
    try (RawHttp http = served.connect()) { // sends all before it reads the answer
      RawHttp.Response response =
          http.post(new byte[30_000_000])
              .refused(
                  413,
                  "body: more than 100000 bytes, expected at most this number: send fewer rows at once");
      assertTrue(response.closes());
    }
    try (RawHttp http = served.connect()) {
      http.send("POST /predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 40; i++) {
        http.send("8000\r\n" + " ".repeat(0x8000) + "\r\n");
      }
      http.send("0\r\n\r\n");
      assertEquals(413, http.receive().status());
    }
    try (RawHttp http = served.connect()) {
      http.send(
          "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000000000000\r\n\r\n");
      assertEquals(413, http.receive().status());
    }
  }

  @Test
  void aQueueThatIsFullSendsAway() throws Exception {
    try (Served other = new Served(table, 1, 2, 100_000);
        RawHttp first = other.connect();
        RawHttp second = other.connect();
        RawHttp third = other.connect()) {
      other.server.predictions.turns.acquire(); // as if a request were being predicted
      byte[] request = RawHttp.request("POST", "/predict", ROW.getBytes(UTF_8));
      first.send(request);
      second.send(request);
      String line = "\nlanewise_queue ";
      while (!third.get("/metrics").body().contains(line + "2\n")) {
        Thread.sleep(1);
      }
      RawHttp.Response response = third.post(ROW);
      assertEquals(503, response.status());
      assertEquals("1", response.headers().get("retry-after"));
      assertEquals("2 requests are waiting, expected fewer requests at once", response.error());
      other.server.predictions.turns.release();
      assertEquals(200, first.receive().status());
      assertEquals(200, second.receive().status());
      assertEquals(200, third.post(ROW).status());
      assertTrue(third.get("/metrics").body().contains(line + "0\n"));
    }
  }

  @Test
  void connectionsThatBreakHarmNobody() throws IOException {
    byte[] request = RawHttp.request("POST", "/predict", ROW.getBytes(UTF_8));
    for (int length : new int[] {0, 1, 20, 60, request.length - 1, request.length}) {
      RawHttp broken = served.connect();
      broken.send(Arrays.copyOf(request, length));
      broken.socket.setSoLinger(true, 0); // closes with a reset
      broken.close();
      try (RawHttp half = served.connect();
          RawHttp http = served.connect()) {
        half.send(Arrays.copyOf(request, length));
        assertEquals(200, http.post(ROW).status()); // although another request is incomplete
      }
    }
  }

  @Test
  void metricsCount() throws Exception {
    try (Served other = new Served(table);
        RawHttp http = other.connect()) {
      assertEquals(200, http.post("[" + ROW + "," + ROW + "]").status());
      assertEquals(200, http.post(ROW).status());
      assertEquals(400, http.post("").status());
      RawHttp.Response response;
      do { // the counts appear after the answer is sent
        Thread.sleep(1);
        response = http.get("/metrics");
      } while (!response.body().contains("lanewise_request_seconds_count 3")
          || !response.body().contains("lanewise_requests 1\n"));
      assertEquals(
          "text/plain; version=0.0.4; charset=utf-8", response.headers().get("content-type"));
      String text = response.body();
      for (String line :
          List.of(
              "lanewise_requests_total{path=\"/predict\",code=\"200\"} 2",
              "lanewise_requests_total{path=\"/predict\",code=\"400\"} 1",
              "lanewise_rows_total 3",
              "lanewise_request_seconds_count 3",
              "lanewise_request_seconds_bucket{le=\"+Inf\"} 3",
              "lanewise_requests 1",
              "# TYPE lanewise_request_seconds histogram")) {
        assertTrue(text.contains(line + "\n"), line + " in " + text);
      }
      String sample = "lanewise_\\w+(\\{\\w+=\"[^\"]*\"(,\\w+=\"[^\"]*\")*})? [-+.0-9E]+";
      text.lines().forEach(line -> assertTrue(line.matches("# (HELP|TYPE) .*|" + sample), line));
    }
  }

  /**
   * Clients send requests continuously, and each request that the server has accepted is answered.
   * A client that connects at the very moment at which the server stops listening is not accepted,
   * and sees its connection break.
   */
  @Test
  void nothingIsLostWhenItStops() throws Exception {
    Served other = new Served(table, 2, 50, 100_000);
    AtomicInteger answered = new AtomicInteger();
    List<AssertionError> wrong = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch busy = new CountDownLatch(200);
    List<Thread> clients = new ArrayList<>();
    for (int c = 0; c < 8; c++) {
      Thread client =
          new Thread(
              () -> {
                boolean goesOn = true;
                while (goesOn) {
                  try (RawHttp http = other.connect()) {
                    RawHttp.Response response;
                    do {
                      response = http.post(ROW);
                      answered.incrementAndGet();
                      busy.countDown();
                      HttpListener.pause(20); // so at most moments no request is under way
                      goesOn = response.status() == 200;
                      assertTrue(goesOn || response.status() == 503 && response.closes());
                    } while (!response.closes());
                  } catch (IOException e) {
                    goesOn = false; // the server no longer listens
                  } catch (AssertionError e) {
                    goesOn = false;
                    wrong.add(e);
                  }
                }
              });
      clients.add(client);
      client.start();
    }
    busy.await();
    other.close();
    for (Thread client : clients) {
      client.join();
    }
    assertEquals(List.of(), wrong);
    Pattern count = Pattern.compile("requests_total\\{path=\"/predict\",code=\"\\d+\"} (\\d+)");
    int taken =
        count
            .matcher(other.server.metrics())
            .results()
            .mapToInt(line -> Integer.parseInt(line.group(1)))
            .sum();
    assertEquals(taken, answered.get(), "all accepted requests are answered");
    assertTrue(taken >= 200);
    assertTrue(other.server.metrics().contains("code=\"503\""), "it waited for its clients");
  }

  @Test
  void whatWaitsIsAnsweredBeforeItStops() throws Exception {
    Served other = new Served(table, 1, 2, 100_000);
    Thread stop = new Thread(other::close);
    try (RawHttp http = other.connect();
        RawHttp idle = other.connect()) {
      other.server.predictions.turns.acquire();
      http.send(RawHttp.request("POST", "/predict", ROW.getBytes(UTF_8)));
      assertEquals(200, idle.get("/health").status());
      stop.start();
      RawHttp.Response health;
      do {
        Thread.sleep(1);
        try (RawHttp again = other.connect()) {
          health = again.get("/health");
        }
      } while (health.status() == 200);
      assertEquals("stopping", health.json().get("status"));
      assertTrue(health.closes());
      other.server.predictions.turns.release();
      RawHttp.Response response = http.receive();
      assertEquals(200, response.status());
      assertTrue(response.closes());
      assertTrue(idle.isClosedByServer());
    }
    stop.join();
    assertEquals(List.of(), other.problems);
  }

  @Test
  void wrongOptionsAreRefused(@TempDir Path directory) throws IOException {
    String model = "--model=" + directory.resolve("model.npz");
    table.save(directory.resolve("model.npz"));
    int port = served.server.address().getPort();
    Run.of("serve", model, "--port", "" + port)
        .failed(
            "--port: " + port + " of 127.0.0.1 is not available (",
            "expected a free port (0: any)");
    Run.line("serve", model, "--port 70000").misused();
    Run.line("serve", model, "--scale 255").misused("a model that does not store a scaling");
    for (String names : List.of("a.example:80", "http://a.example", "a.example,", "a b")) {
      Run.of("serve", model, "--host-name", names)
          .misused("--host-name: '" + names + "', expected names");
    }
    Run.of("serve", model, "--host", "no such host")
        .warns("--host: 'no such host', expected a name or an address");
  }

  /** Runs the server as users do: in a process of its own, which a signal ends. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aSignalEndsTheProcess(@TempDir Path directory) throws Exception {
    assumeFalse(ProcessTest.isIgnored("TERM"), "some jobs ignore the signal");
    table.save(directory.resolve("model.npz"));
    Run.Started started =
        Run.start(
            Run.Launch.CLASS_PATH,
            directory,
            List.of("--limit-modules", "java.base"), // serve needs no other module
            "serve",
            "--model=model.npz",
            "--port=0",
            "--json",
            "--timeout=1");
    try {
      started.await(() -> Files.readString(started.out()).endsWith("\n"));
      Map<String, Object> said = JsonReader.object(Files.readString(started.out()).strip());
      InetSocketAddress address =
          new InetSocketAddress("127.0.0.1", ((Double) said.get("port")).intValue());
      assertEquals("http://127.0.0.1:" + address.getPort() + "/", said.get("url"));
      assertEquals(table.sha256(), said.get("sha256"));
      try (RawHttp slow = new RawHttp(address);
          RawHttp http = new RawHttp(address)) {
        slow.send("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n[");
        assertEquals(200, http.post(ROW).status());
        assertTrue(slow.isClosedByServer(), "closed after a second or two");
      }
      started.signal("TERM");
      Run run = started.end();
      assertEquals(0, run.code(), run.err());
      run.says("{\"event\":\"stopped\"}\n");
      assertFalse(run.err().contains("error"), run.err());
    } finally {
      started.process().destroyForcibly();
    }
  }
}
