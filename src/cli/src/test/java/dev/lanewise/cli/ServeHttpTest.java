package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.serve.Access;
import dev.lanewise.serve.HttpListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how {@code serve} speaks HTTP, and which clients it accepts. */
class ServeHttpTest {
  private static final String ROW = "[1,2]";
  private static final String HEAD =
      "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + ROW.length() + "\r\n";
  private static final String HOST = "Host: localhost\r\n";

  private static Served served;

  @BeforeAll
  static void serve() {
    served =
        new Served(Model.of(Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.HE, 1)));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @Test
  void halfRequestsHoldUpNobody() throws IOException {
    List<RawHttp> halves = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) { // half of them stop in the head, half in the body
        halves.add(served.connect().send(i % 2 == 0 ? HEAD : HEAD + "\r\n["));
      }
      try (RawHttp http = served.connect()) {
        assertEquals(200, http.get("/health").status());
        assertEquals(200, http.post(ROW).status());
      }
      for (int i = 0; i < halves.size(); i++) {
        RawHttp half = halves.get(i).send(i % 2 == 0 ? "\r\n" + ROW : ROW.substring(1));
        assertEquals(200, half.receive().status(), "a slow connection is not closed");
      }
    } finally {
      for (RawHttp half : halves) {
        half.close();
      }
    }
  }

  @Test
  void whoHasWaitedLongestGoesWhereThereAreTooMany() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpListener.Handler handler =
        (request, problem, answer) -> {
          answer.set(200, "text/plain");
          answer.end();
        };
    try (HttpListener listener = new HttpListener(any, 3, 30, handler)) {
      listener.start();
      try (RawHttp first = new RawHttp(listener.address());
          RawHttp second = new RawHttp(listener.address());
          RawHttp third = new RawHttp(listener.address())) {
        for (RawHttp each : List.of(first, third, second)) {
          assertEquals(200, each.get("/").status());
          while (listener.requests().get() > 0) {
            Thread.sleep(1); // until the connection is idle
          }
        }
        try (RawHttp fourth = new RawHttp(listener.address())) {
          assertEquals(200, fourth.get("/").status());
          assertTrue(first.isClosedByServer());
          assertEquals(200, second.get("/").status());
          assertEquals(200, third.get("/").status());
        }
      }
    }
  }

  @Test
  void whoDoesNotTakeItsAnswerIsLeft() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    CountDownLatch left = new CountDownLatch(1);
    HttpListener.Handler handler =
        (request, problem, answer) -> {
          answer.set(200, "text/plain");
          try {
            while (true) { // writes more than the buffers of both sides hold
              answer.write(new byte[1 << 20], 0, 1 << 20);
            }
          } finally {
            left.countDown();
          }
        };
    try (HttpListener listener = new HttpListener(any, 3, 1, handler)) {
      listener.start();
      try (RawHttp http = new RawHttp(listener.address())) {
        http.send(RawHttp.request("GET", "/", null));
        left.await();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200", "LOCALHOST:8080, 200", "localhost.:1, 200",
    "127.0.0.1, 200", "127.0.0.1:80, 200", "[::1], 200",
    "[::1]:8080, 200", "Test.example:443, 200", "evil.example, 421",
    "evil.example:8080, 421", "localhost.evil.example, 421", "127.0.0.1.evil.example, 421",
    "test.example.evil, 421", "192.168.0.1, 421"
  })
  void namesOfOthersAreRefused(String host, int status) throws IOException {
    for (String path : List.of("/", "/health", "/metrics", "/none")) {
      int expected = status == 200 && path.equals("/none") ? 404 : status;
      try (RawHttp http = served.connect()) {
        RawHttp.Response response =
            http.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").receive();
        assertEquals(expected, response.status(), path);
        if (status == 421) {
          assertEquals(
              "Host %s, expected localhost, 127.0.0.1, [::1], test.example (--host-name NAME adds another)"
                  .formatted(host),
              response.error());
        }
        // The host in the request line counts, not the one in the Host field.
        http.send("GET http://" + host + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertEquals(expected, http.receive().status());
      }
    }
  }

  @Test
  void atAnAddressForOthersNamesCountIfSomeAreGiven() throws IOException {
    InetAddress all = InetAddress.getByName("0.0.0.0");
    Access any = new Access(all, "0.0.0.0", List.of(), List.of(), null);
    assertTrue(any.accepts("models.example.org:8080") && any.accepts("10.0.0.7"));
    Access given = new Access(all, "0.0.0.0", List.of("Models.Example.org"), List.of(), null);
    assertTrue(given.accepts("models.example.org:8080") && given.accepts("localhost"));
    assertTrue(given.accepts("10.0.0.7:80") && given.accepts("[fd00::7]"), "an IP address");
    assertFalse(given.accepts("evil.example") || given.accepts("10.0.0.7.example"));
    InetAddress here = InetAddress.getLoopbackAddress();
    Access named = new Access(here, "my.host", List.of(), List.of(), null);
    assertTrue(named.accepts("my.host:1"));
    InetAddress six = InetAddress.getByName("::1");
    assertTrue(new Access(six, "::1", List.of(), List.of(), null).accepts("[::1]:80"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080, 200", "http://127.0.0.1:3000, 200", "https://test.example, 200",
    "https://evil.example, 403", "https://localhost.evil.example, 403", "null, 403"
  })
  void pagesOfOthersMayNotAsk(String origin, int status) throws IOException {
    try (RawHttp http = served.connect()) {
      RawHttp.Response response = http.post(ROW, "Origin: " + origin, "Content-Type: text/plain");
      assertEquals(status, response.status());
      if (status == 403) {
        assertEquals(
            "Origin "
                + origin
                + ", expected the origin of this server (--host-name NAME adds another)",
            response.error());
      }
    }
  }

  @Test
  void closingIsSaidWhereItIsAskedFor() throws IOException {
    try (RawHttp http = served.connect()) {
      assertNull(http.get("/health").headers().get("connection"));
      assertTrue(http.get("/health", "Connection: Close").closes());
      assertTrue(http.isClosedByServer());
    }
    try (RawHttp http = served.connect()) {
      assertTrue(http.post(ROW, "Connection: x, close").closes());
      assertTrue(http.isClosedByServer());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "GET mailto:x HTTP/1.1~H~~         | 400 | request: target mailto:x, expected a path such as /predict",
        "GET urn:a:b HTTP/1.1~H~~          | 400 | request: target urn:a:b, expected a path such as /predict",
        "GET * HTTP/1.1~H~~                | 400 | request: target *, expected a path such as /predict",
        "OPTIONS * HTTP/1.1~H~~            | 400 | request: target *, expected a path such as /predict",
        "CONNECT a:443 HTTP/1.1~H~~        | 400 | request: target a:443, expected a path such as /predict",
        "GET / HTTP/1.1~~                  | 400 | request: no Host, expected one",
        "GET / HTTP/1.1~H~H~~              | 400 | request: Host twice, expected once",
        "GET / HTTP/2.0~H~~                | 505 | request: version HTTP/2.0, expected HTTP/1.1",
        "GET / HTTP/1.0~H~~                | 505 | request: version HTTP/1.0, expected HTTP/1.1",
        "GET / HTTP/1.1 x~H~~              | 400 | request: no request line, expected a line such as GET / HTTP/1.1",
        "GET /~~                            | 400 | request: no request line, expected a line such as GET / HTTP/1.1",
        "G(T / HTTP/1.1~H~~                | 400 | request: no request line, expected a line such as GET / HTTP/1.1",
        "GET / HTTP/1.1~H~ folded: x~~     | 400 | request: a line of the head that is not a header field, expected a field such as Accept: text/csv",
        "GET / HTTP/1.1~H~Accept : x~~     | 400 | request: a line of the head that is not a header field, expected a field such as Accept: text/csv",
        "GET / HTTP/1.1~H~nothing~~        | 400 | request: a line of the head that is not a header field, expected a field such as Accept: text/csv",
        "GET / HTTP/1.1~H~Content-Length: -1~~  | 400 | request: Content-Length -1, expected a number",
        "GET / HTTP/1.1~H~Content-Length: +1~~  | 400 | request: Content-Length +1, expected a number",
        "GET / HTTP/1.1~H~Content-Length: 1~Content-Length: 1~~ | 400 | request: Content-Length twice, expected once",
        "GET / HTTP/1.1~H~Content-Length: 1~Transfer-Encoding: chunked~~ | 400 | request: Transfer-Encoding together with Content-Length, expected a single statement of the length",
        "GET / HTTP/1.1~H~Transfer-Encoding: gzip~~ | 400 | request: Transfer-Encoding gzip, expected chunked",
        "GET / HTTP/1.1~host: a@localhost~~ | 400 | request: Host a@localhost, expected a name or an address, and perhaps a port",
        "GET / HTTP/1.1~H~Expect: more~~   | 417 | request: Expect more, expected 100-continue",
      })
  void whatBreaksTheRulesIsAnswered(String request, int status, String error) throws IOException {
    String text = request.strip().replace("~H", "~" + HOST.strip()).replace("~", "\r\n");
    try (RawHttp http = served.connect()) {
      RawHttp.Response response = http.send(text).receive().refused(status, error);
      assertTrue(response.closes(), "the start of the next request is unknown");
    }
  }

  @Test
  void longTextsOfClientsAreCut() throws IOException {
    String a = "a".repeat(120);
    String cut = a + "... (20000 characters)";
    String word = "a".repeat(20_000);
    try (RawHttp http = served.connect()) {
      String encoding = "Content-Encoding %s, expected a body that is not compressed";
      http.post(ROW, "Content-Encoding: gzip").refused(415, encoding.formatted("gzip"));
      http.post(ROW, "Content-Encoding: " + word).refused(415, encoding.formatted(cut));
      http.post(ROW, "Content-Type: charset=" + word.substring(8))
          .refused(415, "Content-Type charset=" + cut.substring(8) + ", expected charset=utf-8");
      String none = http.get("/" + word.substring(1)).error();
      assertTrue(none.startsWith("no /" + cut.substring(1) + " here, expected one of /, "), none);
      http.send(RawHttp.request(word, "/", null))
          .receive()
          .refused(405, cut + " /, expected GET, HEAD");
      http.get("/", "Transfer-Encoding: " + word)
          .refused(400, "request: Transfer-Encoding " + cut + ", expected chunked");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\n", "GET / HTTP/1.1\r\nA: \0\r\n", "GET / HTTP/1.1\rA"})
  void otherBytesAreRefusedAtOnce(String head) throws IOException {
    try (RawHttp http = served.connect()) {
      RawHttp.Response response = http.send(head).receive();
      assertEquals(400, response.status());
      assertTrue(response.error().contains(" in the head, expected text"), response.error());
    }
  }

  @Test
  void headsAreOfBoundedLength() throws IOException {
    try (RawHttp http = served.connect()) {
      assertEquals(200, http.get("/", "X: " + "x".repeat(30_000)).status());
      assertEquals(200, http.get("/").status());
      RawHttp.Response response = http.get("/", "X: " + "x".repeat(40_000));
      assertEquals(431, response.status());
      assertTrue(response.closes());
    }
    try (RawHttp http = served.connect()) {
      assertEquals(
          431,
          http.send("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(101) + "\r\n").receive().status());
    }
    try (RawHttp http = served.connect()) {
      http.send("GET / HT").socket.shutdownOutput();
      assertEquals(
          "request: the end within the head, expected an empty line", http.receive().error());
    }
  }

  @Test
  void requestsThatCameTogetherAreAnsweredInTurn() throws IOException {
    String post = HEAD + "\r\n" + ROW;
    String get = "GET /health HTTP/1.1\r\n" + HOST + "\r\n";
    try (RawHttp http = served.connect()) {
      http.send(post + "\r\n" + get + post + get); // with a superfluous empty line
      assertTrue(http.receive().body().startsWith("{\"predictions\""));
      assertTrue(http.receive().body().startsWith("{\"status\""));
      assertTrue(http.receive().body().startsWith("{\"predictions\""));
      assertTrue(http.receive().body().startsWith("{\"status\""));
      for (byte b : post.getBytes(UTF_8)) { // sends each byte alone
        http.send(new byte[] {b});
      }
      assertEquals(200, http.receive().status());
    }
  }

  @Test
  void aBodyIsAskedForWhereTheClientWaits() throws IOException {
    String expect = "Expect: 100-continue\r\n";
    try (RawHttp http = served.connect()) {
      http.send(HEAD + expect + "\r\n");
      assertEquals("HTTP/1.1 100 Continue", http.line());
      assertEquals("", http.line());
      assertEquals(200, http.send(ROW).receive().status());
      http.send(HEAD.replace("/predict", "/none") + expect + "\r\n"); // refused before its body
      RawHttp.Response response = http.receive();
      assertEquals(404, response.status());
      assertTrue(response.closes());
    }
  }

  @Test
  void chunksAreReadStrictly() throws IOException {
    String head = "POST /predict HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
    try (RawHttp http = served.connect()) {
      http.send(head + "2;a=b\r\n[1\r\n3 ;c\r\n,2]\r\n0\r\nTrailer: x\r\n\r\n");
      assertEquals(200, http.receive().status());
      assertEquals(200, http.post(ROW).status(), "the connection stays usable");
    }
    for (String wrong :
        List.of("2\r\n[1,2]\r\n0\r\n\r\n", "5\n[1,2]\r\n", "-1\r\n", "\r\n", "0x5\r\n")) {
      try (RawHttp http = served.connect()) {
        RawHttp.Response response = http.send(head + wrong).receive();
        assertEquals(400, response.status());
        assertTrue(response.closes());
      }
    }
  }
}
