package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.serve.HttpListener;
import dev.lanewise.serve.Outputs;
import dev.lanewise.serve.PredictionService;
import dev.lanewise.terminal.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that no client of {@code serve} holds memory, time or places that others need. */
class ServeLimitsTest {
  private static final String ROW = "[1,2]";
  private static final String LINES = "Content-Type: application/x-ndjson\r\n";
  private static final String POST = "POST /predict HTTP/1.1\r\nHost: localhost\r\n";
  private static final long MOST_WAIT = 20_000_000_000L; // nanoseconds

  private final List<RawHttp> clients = new ArrayList<>();

  private static Served served(int outputs, int bytes, int seconds, long memory) {
    Model model =
        Model.of(Mlp.initial(Architecture.relu(2, List.of(3), outputs), Initializer.HE, 1));
    return new Served(
        List.of(Served.slot(null, Outputs.of(model), bytes)),
        new PredictionService.Limits(2, 8, bytes, seconds, memory),
        Served.access(List.of(), null));
  }

  private RawHttp connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(1 << 12); // so that an answer that is not read fills it soon
    socket.connect(address);
    clients.add(new RawHttp(socket));
    return clients.get(clients.size() - 1);
  }

  @AfterEach
  void close() throws IOException {
    for (RawHttp client : clients) {
      client.close();
    }
  }

  private static void await(BooleanSupplier what, String name) throws Exception {
    long end = System.nanoTime() + MOST_WAIT;
    while (!what.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, name);
      Thread.sleep(5);
    }
  }

  /** Sends single bytes on each connection until the server has closed it. */
  private static void trickle(Map<RawHttp, String> slow) throws Exception {
    await(
        () -> {
          slow.entrySet().removeIf(each -> !isSent(each.getKey(), each.getValue()));
          return slow.isEmpty();
        },
        "what does not end is left");
  }

  private static boolean isSent(RawHttp http, String bytes) {
    try {
      http.send(bytes);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A line has the time of a request, however its bytes come, and then its memory is free. */
  @Test
  void aLineThatTricklesIsLeft() throws Exception {
    try (Served served = served(2, 400_000, 1, 1_100_000)) {
      Map<RawHttp, String> slow = new LinkedHashMap<>();
      for (String trickle : List.of(" ", "\t", "1", " ")) {
        String head = POST + LINES + "Content-Length: 1000000\r\n\r\n";
        RawHttp http = connect(served.server.address()).send(head + ROW + "\n[");
        slow.put(http.send(" ".repeat(150_000)), trickle);
      }
      await(() -> served.server.predictions.free.get() < 100_000, "the memory is in use");
      trickle(slow);
      await(() -> served.server.predictions.free.get() == 1_100_000, "its memory is free");
    }
  }

  /** Each part of a request has the time of the whole, however its bytes come. */
  @Test
  void aRequestThatTricklesIsLeft() throws Exception {
    try (Served served = served(2, 400_000, 1, 1_000_000)) {
      Map<RawHttp, String> slow = new LinkedHashMap<>();
      for (String begin :
          List.of(
              "GET / HTTP/1.1\r\nX: ",
              POST + "Content-Length: 9000\r\n\r\n[",
              POST + "Transfer-Encoding: chunked\r\n\r\n1;x",
              POST + "Transfer-Encoding: chunked\r\n\r\n0\r\nX:")) {
        slow.put(connect(served.server.address()).send(begin), "1");
      }
      trickle(slow);
    }
  }

  @Test
  void aLongLineLeavesItsMemoryToOthers() throws Exception {
    try (Served served = served(2, 400_000, 30, 1_000_000);
        RawHttp http = served.connect()) {
      http.send(POST + LINES + "Content-Length: 1000000\r\n\r\n");
      http.send(" ".repeat(300_000));
      await(() -> served.server.predictions.free.get() < 700_000, "the line takes memory");
      http.send(ROW + "\n");
      await(() -> served.server.predictions.free.get() > 900_000, "it is answered");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", LINES})
  void memoryIsReservedForWhatHasCome(String type) throws Exception {
    try (Served served = served(2, 90_000, 30, 1_000_000)) {
      for (int i = 0; i < 50; i++) {
        connect(served.server.address()).send(POST + type + "Content-Length: 90000\r\n\r\n[");
      }
      await(() -> served.server.metrics().contains("lanewise_requests 50\n"), "50 requests");
      Thread.sleep(50); // until they wait for their bodies
      assertEquals(1_000_000, served.server.predictions.free.get());
      clients.forEach(RawHttp::abort);
    }
  }

  /** Each request that may be sent can succeed, or is told why it never will. */
  @Test
  void aLoneRequestIsNotToldToTryAgain() throws Exception {
    for (long memory : new long[] {4_000_000, 1_000_000}) {
      try (Served served = served(2, 400_000, 30, memory);
          RawHttp http = served.connect()) {
        String tensors =
            "{\"inputs\":[{\"name\":\"input\",\"datatype\":\"INT8\",\"shape\":[49000,2],\"data\":[%s1]}]}"
                .formatted("1,".repeat(97_999));
        String rows = "[" + (ROW + ",").repeat(49_000) + ROW + "]";
        for (boolean areTensors : new boolean[] {true, false}) {
          RawHttp.Response response =
              http.postTo(
                  areTensors ? "/v2/models/model/infer" : "/predict", areTensors ? tensors : rows);
          assertEquals(memory > 2_000_000 ? 200 : 413, response.status(), response.body());
          if (memory < 2_000_000) {
            assertEquals(
                "body: more than the 1000000 bytes of memory for bodies, expected fewer rows at once, or a server with more memory (java -Xmx)",
                response.error());
          }
        }
        await(() -> served.server.predictions.free.get() == memory, "all memory is free again");
      }
    }
  }

  @Test
  void whoDoesNotReadMakesRoomForOthers() throws Exception {
    CountDownLatch full = new CountDownLatch(200);
    LongAdder written = new LongAdder();
    HttpListener.Handler handler =
        (request, problem, answer) -> {
          answer.set(200, "text/plain");
          if (request.path().equals("/all")) {
            full.countDown();
            while (true) { // writes more than the buffers of both sides hold
              answer.write(new byte[1 << 16], 0, 1 << 16);
              written.add(1 << 16);
            }
          }
          answer.end();
        };
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (HttpListener listener = new HttpListener(any, 200, 60, handler)) {
      listener.start();
      for (int i = 0; i < 200; i++) {
        connect(listener.address()).send(RawHttp.request("GET", "/all", null));
      }
      full.await();
      for (long before = -1; before < written.sum(); Thread.sleep(100)) {
        before = written.sum(); // until none can write
      }
      assertTrue(written.sum() < 200L << 20, written.sum() + " bytes for clients that do not read");
      for (int i = 0; i < 20; i++) {
        try (RawHttp http = new RawHttp(listener.address())) {
          http.socket.setSoTimeout(30_000); // half the time that the others have
          assertEquals(200, http.get("/").status());
        }
      }
      clients.forEach(RawHttp::abort);
    }
  }

  @Test
  void whoDoesNotReadLeavesItsMemoryToOthers() throws Exception {
    try (Served served = served(10, 4_000_000, 60, 20_000_000)) {
      String rows = "[" + (ROW + ",").repeat(39_999) + ROW + "]"; // their answer has 8 MB
      for (int i = 0; i < 9 && served.server.predictions.free.get() > 8_000_000; i++) {
        RawHttp http = connect(served.server.address());
        http.send(POST + "Content-Length: " + rows.length() + "\r\n\r\n" + rows);
        http.line(); // the answer has begun
      }
      Thread.sleep(1_500); // the time in which a client that reads takes something
      try (RawHttp http = served.connect()) {
        http.socket.setSoTimeout(30_000); // half the time that the others have
        assertEquals(200, http.post(rows.getBytes(UTF_8)).status());
      }
      clients.forEach(RawHttp::abort);
    }
  }

  @Test
  void anErrorIsALineOfTheLog() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Output output =
        new Output(
            new PrintStream(OutputStream.nullOutputStream()), new PrintStream(err), true, false);
    try {
      endless(0);
    } catch (StackOverflowError e) {
      ServeCommand.log(e, output);
    }
    String log = err.toString(UTF_8);
    assertTrue(log.startsWith("lanewise: internal error, please report it: java.lang.StackOver"));
    assertTrue(log.contains("ServeLimitsTest.endless("), log);
    assertTrue(log.lines().count() == 1 && log.length() < 4_000, log);
  }

  private static int endless(int depth) {
    return endless(depth + 1) + 1;
  }
}
