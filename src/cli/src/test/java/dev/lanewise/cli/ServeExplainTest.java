package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanewise.files.RunFiles;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.report.BrowserTest;
import dev.lanewise.report.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that {@code serve} says why, and that its page shows this and takes files. */
class ServeExplainTest {
  private static final String EVIL = "<img src=x onerror=touched=1>";
  private static final String ROW = "{\"age\":31,\"<i>where</i>\":\"place 1\"}";
  private static Path data;
  private static Path run;
  private static Model model;

  @TempDir static Path directory;

  @BeforeAll
  static void train() throws IOException {
    StringBuilder text = new StringBuilder("age,<i>where</i>,kind\n");
    for (int i = 0; i < 90; i++) {
      text.append(20 + i % 40).append(",place ").append(i % 3).append(',');
      text.append(i % 40 > 12 + 3 * (i % 3) ? EVIL : "R & D").append('\n');
    }
    data = Files.writeString(directory.resolve("t.csv"), text);
    run = directory.resolve("run");
    Run.line("train", data, "--target kind --preset table-fast --epochs 9 --out", run).ok();
    model = Model.load(run.resolve(RunFiles.MODEL));
  }

  @Test
  void theServerExplainsAsTheCommand() throws IOException {
    Run explained = Run.line("explain", run, data, "--rows 11 --json").ok(); // 31, place 2
    Map<String, Object> expected =
        explained.objects().stream()
            .filter(event -> "explanation".equals(event.get("event")))
            .findFirst()
            .orElseThrow();
    try (Served served = new Served(model);
        RawHttp http = served.connect()) {
      assertEquals(true, http.get("/").json().get("explains"));
      Map<String, Object> found = http.postTo("/explain", ROW.replace("place 1", "place 2")).json();
      for (String name : List.of("class", "base", "prediction", "sum", "remainder", "effort")) {
        assertEquals(expected.get(name), found.get(name), name);
      }
      List<?> columns = (List<?>) found.get("columns");
      List<?> all = (List<?>) expected.get("columns");
      assertEquals(2, columns.size());
      for (int c = 0; c < 2; c++) {
        for (String name : List.of("column", "contribution")) {
          assertEquals(((Map<?, ?>) all.get(c)).get(name), ((Map<?, ?>) columns.get(c)).get(name));
        }
      }
    }
  }

  @Test
  void oneRowIsExplainedAtATime() throws Exception {
    try (Served served = new Served(model, 2, 1, 100_000);
        RawHttp http = served.connect();
        RawHttp other = served.connect()) {
      assertEquals(
          "body: 2 rows, expected one to explain",
          http.postTo("/explain", "[" + ROW + "," + ROW + "]").error());
      assertTrue(http.postTo("/explain", "{\"age\":31}").error().startsWith("body: row 0: no co"));
      http.postTo("/explain", "age", "Content-Type: text/csv")
          .refused(415, "Content-Type text/csv, expected a row in JSON");
      served.server.predictions.explaining.acquire(); // by an explanation that takes long
      CompletableFuture<RawHttp.Response> waits =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return other.postTo("/explain", ROW);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      while (!served.server.metrics().contains("lanewise_queue 1")) {
        Thread.sleep(5);
      }
      assertEquals(503, http.postTo("/explain", ROW).status(), "the queue is full");
      assertEquals(200, http.post(ROW).status(), "predictions go on");
      assertFalse(waits.isDone());
      served.server.predictions.explaining.release();
      assertEquals(200, waits.get(20, TimeUnit.SECONDS).status());
    }
  }

  @Test
  void modelsThatKeepNothingExplainNothing() throws IOException {
    for (Model nothing :
        List.of(ServeTest.table(directory), ServeModelsTest.numbers(1).withLoss(Loss.MSE))) {
      try (Served served = new Served(nothing);
          RawHttp http = served.connect()) {
        assertEquals(false, http.get("/").json().get("explains"));
        assertFalse(http.get("/openapi.json").body().contains("/explain"));
        RawHttp.Response refused = http.postTo("/explain", "[1,2]");
        assertEquals(404, refused.status());
        assertTrue(refused.error().startsWith("the model keeps nothing of its training rows"));
      }
    }
  }

  /** Passes a request on to a server; a page gets a script that gives it a file. */
  private static void pass(HttpExchange asked, InetSocketAddress to) throws IOException {
    String script =
        "predictFile(new File(['age,<i>where</i>,more\\n31,place 2,\\n32,place 1,\\n'],'a.csv')).then(()=>predictFile.done=1)";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + to.getPort() + asked.getRequestURI()))
            .method(
                asked.getRequestMethod(),
                HttpRequest.BodyPublishers.ofByteArray(asked.getRequestBody().readAllBytes()));
    for (String name : List.of("Content-Type", "Accept")) {
      String value = asked.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
      String body =
          answer
              .body()
              .replace("</script>\n</body>", "</script><script>" + script + "</script></body>");
      for (String name : List.of("Content-Type", "Content-Security-Policy", "Lanewise-Notes")) {
        answer
            .headers()
            .firstValue(name)
            .map(value -> value.replace("script-src ", "script-src " + Page.hash(script) + " "))
            .ifPresent(value -> asked.getResponseHeaders().set(name, value));
      }
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      asked.sendResponseHeaders(answer.statusCode(), bytes.length);
      asked.getResponseBody().write(bytes);
      asked.close();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void thePageSaysWhyAndTakesAFile() throws IOException, InterruptedException {
    Assumptions.assumeTrue(BrowserTest.browser() != null, "no chromium or chrome on the PATH");
    HttpServer between =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try (Served served = new Served(model)) {
      between.createContext("/", asked -> pass(asked, served.server.address()));
      between.start();
      String url = "http://127.0.0.1:" + between.getAddress().getPort() + "/";
      String seen = BrowserTest.seen(directory, "--virtual-time-budget=20000", url);
      String why = seen.substring(seen.indexOf("id=\"from\""), seen.indexOf("id=\"curl\""));
      assertTrue(why.contains("at the base value, "), why);
      assertEquals(2, why.split("<li>", -1).length - 1, why);
      assertContains(
          why,
          "<span>&lt;i&gt;where&lt;/i&gt; = place 0</span>",
          "In percentage points. Contributions ");
      String file = seen.substring(seen.indexOf("id=\"told\""), seen.indexOf("</main>"));
      assertContains(
          file,
          "2 rows predicted: ",
          "download=\"a-predicted.csv\"",
          "<th>p_" + EVIL.replace("<", "&lt;").replace(">", "&gt;"));
      assertEquals(3, file.split("<tr>", -1).length - 1, file);
      assertTrue(
          file.contains("<small>"), "the note about the column that is passed over: " + file);
      assertFalse(seen.contains("<img"), "markup in names is text");
    } finally {
      between.stop(0);
    }
  }
}
