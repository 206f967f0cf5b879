package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanewise.data.LoadOptions;
import dev.lanewise.format.FormatException;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Answers predictions over HTTP. A thread of the pool takes a request from its first byte to the
 * last one of its answer; so that slow clients do not hold up others there are more threads than
 * scorers, for one of which a request waits once its body is there.
 */
final class ModelServer implements AutoCloseable {
  static final String PREDICT = "/predict";

  private static final List<String> PATHS = List.of("/", PREDICT, "/health", "/metrics");
  private static final String JSON = "application/json";
  private static final String CSV = "text/csv; charset=utf-8";
  private static final int BLOCK = 1 << 13;
  private static final int SPARE = 64; // threads for bodies that are still to come
  private static final long DRAIN = 1 << 26; // bytes that are read in vain, so that none is lost
  private static final long TICK = 10; // milliseconds

  /** Milliseconds without a request after which nobody is about to send one. */
  private static final long QUIET = 100;

  private static final long PATIENCE = 1000;

  private final Outputs outputs;
  private final AnswerJson json;
  private final ModelCard card;
  private final int mostBytes;
  private final int queue;
  private final Consumer<Throwable> log;
  private final ServerMetrics metrics = new ServerMetrics();
  private final AtomicInteger requests = new AtomicInteger(); // under way
  private final AtomicInteger waiting = new AtomicInteger(); // for a scorer
  private final AtomicLong free = new AtomicLong(Runtime.getRuntime().maxMemory() / 4); // bytes
  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private volatile boolean isStopping;
  private volatile boolean isLast; // only to be told to come again

  /** Those that no request has. */
  final BlockingQueue<Scorer> scorers = new LinkedBlockingQueue<>();

  /** Tasks go to a thread that has nothing to do, else to a new one, and wait if there are all. */
  private static final class Pending extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }
  }

  /**
   * Begins to answer.
   *
   * @param model with its scaling
   * @param options how its tables are read
   * @param most requests that are predicted at once
   * @param queue requests that wait for them
   * @param mostBytes of a body
   * @param log takes what should not happen
   * @throws IOException if the address cannot be had
   */
  ModelServer(
      Mlp model,
      LoadOptions options,
      InetSocketAddress address,
      int most,
      int queue,
      int mostBytes,
      Consumer<Throwable> log)
      throws IOException {
    outputs = Outputs.of(model);
    json = new AnswerJson(outputs);
    this.mostBytes = mostBytes;
    this.queue = queue;
    this.log = log;
    int mostResults = Math.max(BLOCK, mostBytes / Float.BYTES);
    card = new ModelCard(model, mostBytes, mostResults / outputs.count());
    for (int i = 0; i < most; i++) {
      scorers.add(new Scorer(model, options, mostResults));
    }
    Pending pending = new Pending();
    threads =
        new ThreadPoolExecutor(
            0,
            most + queue + SPARE,
            10,
            TimeUnit.SECONDS,
            pending,
            task -> {
              Thread thread = new Thread(task, "lanewise-serve");
              thread.setDaemon(true);
              return thread;
            },
            (task, pool) -> pending.put(task));
    server = HttpServer.create(address, 0);
    server.setExecutor(
        task -> {
          requests.incrementAndGet();
          threads.execute(
              () -> {
                try {
                  task.run();
                } finally {
                  requests.decrementAndGet();
                }
              });
        });
    server.createContext("/", this::handle);
    server.start();
  }

  /**
   * Says how long clients may take, and what else holds for all servers of the JDK in this program,
   * where the user has not said it. Of use before the first server only.
   */
  static void setDefaults(int seconds) {
    Map<String, Object> defaults =
        Map.of(
            "sun.net.httpserver.maxReqTime",
            seconds,
            "sun.net.httpserver.maxRspTime",
            seconds,
            "sun.net.httpserver.nodelay", // else a short answer may wait 40 ms for the client
            true,
            "sun.net.httpserver.maxIdleConnections",
            1000,
            "jdk.httpserver.maxConnections",
            1000);
    defaults.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value.toString());
          }
        });
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  /**
   * Stops once all requests are answered. Clients are told to close their connections and get
   * answers as long as they come, at most a second; then for as long to come again later.
   */
  @Override
  public void close() {
    isStopping = true;
    if (!awaitQuiet()) {
      isLast = true;
      awaitQuiet();
    }
    while (requests.get() > 0) { // of which each has an end: clients may take so long only
      pause();
    }
    server.stop(1);
    threads.shutdown();
  }

  /** Waits until no request has come for a while; false if they do not end. */
  private boolean awaitQuiet() {
    long quiet = 0;
    for (long t = 0; t < PATIENCE && quiet < QUIET; t += TICK) {
      pause();
      quiet = requests.get() == 0 ? quiet + TICK : 0;
    }
    return quiet >= QUIET;
  }

  private static void pause() {
    try {
      Thread.sleep(TICK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(HttpExchange exchange) {
    long begin = System.nanoTime();
    String path = exchange.getRequestURI().getPath();
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    try {
      try {
        respond(exchange, path);
      } catch (Problem e) {
        refuse(exchange, e.exitCode(), e.getMessage());
      } catch (FormatException e) {
        refuse(exchange, 400, e.getMessage());
      } catch (IOException e) {
        refuse(exchange, 400, "body: cannot be read to its end, expected as much as was announced");
      } catch (OutOfMemoryError e) {
        refuse(exchange, 503, "not enough memory at the moment, expected fewer requests at once");
      } catch (RuntimeException | Error e) {
        log.accept(e);
        refuse(exchange, 500, "internal error, the server has written it down");
      }
    } catch (IOException | RuntimeException e) {
      // Nobody is there any more to be told.
    } finally {
      exchange.close();
      int status = Math.max(0, exchange.getResponseCode());
      metrics.answered(PATHS.contains(path) ? path : "other", status, System.nanoTime() - begin);
    }
  }

  private void respond(HttpExchange exchange, String path) throws IOException {
    String method = exchange.getRequestMethod();
    if (!PATHS.contains(path)) {
      throw Problem.refusal(
          404, "no " + path + " here, expected one of " + String.join(", ", PATHS));
    }
    String expected = path.equals(PREDICT) ? "POST" : "GET, HEAD";
    if (!List.of(expected.split(", ")).contains(method)) {
      exchange.getResponseHeaders().set("Allow", expected);
      throw Problem.refusal(405, method + " " + path + ", expected " + expected);
    }
    switch (path) {
      case PREDICT -> predict(exchange);
      case "/health" -> {
        boolean stops = isStopping;
        String status = stops ? "stopping" : "ok";
        send(exchange, stops ? 503 : 200, JSON, new Json().put("status", status) + "\n");
      }
      case "/metrics" -> send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics());
      default -> {
        exchange.getResponseHeaders().set("Vary", "Accept");
        if (accepts(exchange, "text/html")) {
          exchange.getResponseHeaders().set("Content-Security-Policy", ModelCard.POLICY);
          send(exchange, 200, "text/html; charset=utf-8", card.page());
        } else {
          send(exchange, 200, JSON, card.json());
        }
      }
    }
  }

  /** What {@code GET /metrics} says. */
  String metrics() {
    return metrics.text(
        card.sha256(),
        Map.of(
            "requests gauge Requests that are under way.",
            requests,
            "queue gauge Requests that wait for others to be predicted.",
            waiting));
  }

  private void predict(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String type = lower(headers, "Content-Type");
    String encoding = lower(headers, "Content-Encoding");
    if (!encoding.isEmpty() && !encoding.equals("identity")) {
      throw Problem.refusal(415, "Content-Encoding " + encoding + ", expected none");
    }
    if (type.contains("charset") && !type.matches(".*charset *= *\"?(utf-8|us-ascii)\"?( *;.*)?")) {
      throw Problem.refusal(415, "Content-Type " + type + ", expected charset=utf-8");
    }
    if (isLast) {
      throw Problem.refusal(503, "this server stops, expected another one to be asked");
    }
    boolean isCsv = type.matches("text/(csv|tab-separated-values)\\b.*");
    AtomicLong taken = new AtomicLong();
    try {
      Scorer.Scored scored = scored(exchange, isCsv, taken);
      boolean wantsCsv = accepts(exchange, "text/csv") || isCsv && !accepts(exchange, JSON);
      if (wantsCsv && !scored.notes.isEmpty()) {
        String notes = String.join("; ", scored.notes).replaceAll("[^ -~]", "?");
        exchange.getResponseHeaders().set("Lanewise-Notes", notes);
      }
      exchange.getResponseHeaders().set("Content-Type", wantsCsv ? CSV : JSON);
      try (Answer answer = answer(exchange, 200)) {
        if (wantsCsv) {
          Predictions lines = CsvPredictions.to(answer);
          lines.begin(outputs, 0, null);
          for (int row = 0; row < scored.rows; row++) {
            int from = row * outputs.count();
            lines.row(row, new String[0], scored.results, from, scored.label(row), null);
          }
          lines.end();
        } else {
          json.write(scored, answer);
        }
      }
    } finally {
      free.addAndGet(taken.get());
    }
  }

  private Scorer.Scored scored(HttpExchange exchange, boolean isCsv, AtomicLong taken)
      throws IOException {
    InputStream in = exchange.getRequestBody();
    String announced = exchange.getRequestHeaders().getFirst("Content-Length");
    long length = announced == null ? 0 : Long.parseLong(announced);
    byte[] body = new byte[(int) Math.min(Math.max(length, BLOCK), BLOCK << 3)];
    take(taken, body.length);
    int count = 0;
    while (length <= mostBytes && count <= mostBytes) {
      int more = in.read(body, count, body.length - count);
      if (more < 0) {
        break;
      }
      count += more;
      if (count == body.length && count <= mostBytes) {
        take(taken, body.length);
        body = Arrays.copyOf(body, 2 * body.length);
      }
    }
    if (length > mostBytes || count > mostBytes) {
      exchange.getResponseHeaders().set("Connection", "close");
      throw Problem.refusal(
          413,
          "body: more than %s bytes, expected at most so many: send fewer rows at once"
              .formatted(mostBytes));
    }
    Scorer scorer = scorer();
    try {
      long begin = System.nanoTime();
      Scorer.Scored scored = scorer.score(body, count, isCsv);
      take(taken, Float.BYTES * scored.results.length);
      metrics.scored(scored, System.nanoTime() - begin);
      return scored;
    } finally {
      scorers.add(scorer);
    }
  }

  /** The next scorer that is free, in the order in which it was asked for. */
  private Scorer scorer() {
    Scorer scorer = scorers.poll();
    if (scorer != null) {
      return scorer;
    }
    try {
      if (waiting.incrementAndGet() > queue) {
        throw Problem.refusal(503, queue + " requests are waiting, expected fewer at once");
      }
      return scorers.take();
    } catch (InterruptedException e) {
      throw Problem.refusal(503, "this server stops, expected another one to be asked");
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Takes bytes for the body or the results of a request, of those that all have together. */
  private void take(AtomicLong taken, long bytes) {
    taken.addAndGet(bytes);
    if (free.addAndGet(-bytes) < 0) {
      throw Problem.refusal(503, "other bodies fill the memory, expected fewer at once");
    }
  }

  private static String lower(Headers headers, String name) {
    String value = headers.getFirst(name);
    return value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
  }

  /** Whether a client names a type among those that it would like. */
  private static boolean accepts(HttpExchange exchange, String type) {
    return lower(exchange.getRequestHeaders(), "Accept").contains(type);
  }

  private Answer answer(HttpExchange exchange, int status) {
    if (isStopping) {
      exchange.getResponseHeaders().set("Connection", "close");
    }
    return new Answer(exchange, status);
  }

  private void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    try (Answer answer = answer(exchange, status)) {
      answer.write(text.getBytes(UTF_8));
    }
  }

  /**
   * Answers with an error. What is still to come of the body is read in vain: a client that finds
   * its connection closed while it sends may never look for an answer.
   */
  private void refuse(HttpExchange exchange, int status, String message) throws IOException {
    if (exchange.getResponseCode() >= 0) {
      return; // the answer has begun
    }
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", JSON);
    if (status == 503) {
      headers.set("Retry-After", "1");
    }
    try (Answer answer = answer(exchange, status)) {
      answer.write((new Json().put("error", message) + "\n").getBytes(UTF_8));
      answer.flush();
      InputStream in = exchange.getRequestBody();
      byte[] vain = new byte[BLOCK];
      long drained = 0;
      for (int n = 0; n >= 0 && drained < DRAIN; n = in.read(vain)) {
        drained += n;
      }
    }
  }
}
