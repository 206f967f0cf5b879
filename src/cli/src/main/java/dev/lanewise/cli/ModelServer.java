package dev.lanewise.cli;

import dev.lanewise.format.FormatException;
import dev.lanewise.table.ReadOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Answers predictions over HTTP. Each connection has a thread, so that slow clients do not delay
 * others. A request waits for a free scorer after its body was read; the number of scorers limits
 * how many requests are predicted at once.
 */
final class ModelServer implements AutoCloseable {
  static final String PREDICT = "/predict";

  private static final List<String> PATHS = List.of("/", PREDICT, "/health", "/metrics");
  private static final String JSON = "application/json";
  private static final String CSV = "text/csv; charset=utf-8";
  private static final Pattern CSV_TYPE = Pattern.compile("text/(csv|tab-separated-values)\\b.*");
  private static final Pattern CHARSET =
      Pattern.compile(".*charset *= *\"?(utf-8|us-ascii)\"?( *;.*)?");
  private static final int BLOCK = 1 << 13;
  private static final long TICK = 10; // milliseconds

  /** Milliseconds without a request after which the server stops waiting. */
  private static final long QUIET = 100;

  private static final long PATIENCE = 1000;

  /** Maximum characters of the notes in the head of an answer. */
  private static final int MOST_NOTES = 4000;

  private final Outputs outputs;
  private final AnswerJson json;
  private final ModelCard card;
  private final int mostBytes;
  private final int queue;
  private final Consumer<Throwable> log;
  private final ServerMetrics metrics = new ServerMetrics();
  private final AtomicInteger waiting = new AtomicInteger(); // for a scorer
  private final AtomicLong free = new AtomicLong(Runtime.getRuntime().maxMemory() / 4); // bytes
  private final HostNames names;
  private final HttpListener listener;
  private volatile boolean isStopping;
  private volatile boolean isLast; // new requests are refused with 503

  /**
   * The limits of a server.
   *
   * @param scorers number of requests that are predicted at once
   * @param queue number of requests that may wait
   * @param bytes maximum length of a body
   * @param seconds time in which a client must send a request, or receive its answer
   */
  record Limits(int scorers, int queue, int bytes, int seconds) {}

  final BlockingQueue<Scorer> scorers = new LinkedBlockingQueue<>();

  /**
   * Starts a server.
   *
   * @param outputs of the model with its scaling
   * @param options options for reading tables
   * @param limits limits of requests
   * @param names names by which clients may call the server
   * @param log receives unexpected errors
   * @throws IOException if the address is not available
   */
  ModelServer(
      Outputs outputs,
      ReadOptions options,
      InetSocketAddress address,
      Limits limits,
      HostNames names,
      Consumer<Throwable> log)
      throws IOException {
    this.outputs = outputs;
    json = new AnswerJson(outputs);
    mostBytes = limits.bytes;
    queue = limits.queue;
    this.names = names;
    this.log = log;
    int mostResults = Math.max(BLOCK, mostBytes / Float.BYTES);
    card = new ModelCard(outputs.model(), mostBytes, mostResults / outputs.count());
    for (int i = 0; i < limits.scorers; i++) {
      scorers.add(new Scorer(outputs, options, mostResults));
    }
    listener = new HttpListener(address, HttpListener.MOST, limits.seconds, this::handle);
    listener.start();
  }

  InetSocketAddress address() {
    return listener.address();
  }

  /**
   * Stops after all requests are answered. For at most a second, clients still get answers that
   * close their connections; for another second, new requests are refused with status 503.
   */
  @Override
  public void close() {
    isStopping = true;
    if (!awaitQuiet()) {
      isLast = true;
      awaitQuiet();
    }
    listener.close();
  }

  /** Waits until no request has arrived for a while; returns false if requests go on. */
  private boolean awaitQuiet() {
    long quiet = 0;
    for (long t = 0; t < PATIENCE && quiet < QUIET; t += TICK) {
      HttpListener.pause(TICK);
      quiet = listener.requests().get() == 0 ? quiet + TICK : 0;
    }
    return quiet >= QUIET;
  }

  void handle(HttpRequest request, Problem problem, HttpAnswer answer) {
    long begin = System.nanoTime();
    try {
      try {
        if (problem != null) {
          throw problem;
        }
        respond(request, answer);
      } catch (Problem e) {
        refuse(answer, e.exitCode, e.getMessage());
      } catch (FormatException e) {
        refuse(answer, 400, Words.of(e));
      } catch (IOException e) {
        answer.close(true); // where the next request begins is unknown
        refuse(answer, 400, "body: cannot be read to its end, expected as much as was announced");
      } catch (OutOfMemoryError e) {
        refuse(answer, 503, "not enough memory at the moment, expected fewer requests at once");
      } catch (RuntimeException | Error e) {
        log.accept(e);
        refuse(answer, 500, "internal error, which the log of the server describes");
      }
    } catch (IOException | RuntimeException e) {
      answer.close(true); // the client is gone
    } finally {
      String path = request.path();
      String known = PATHS.contains(path) ? path : "other";
      metrics.answered(known, answer.hasBegun() ? answer.status() : 0, System.nanoTime() - begin);
    }
  }

  private void respond(HttpRequest request, HttpAnswer answer) throws IOException {
    if (request.authority() != null && !names.accept(request.authority())) {
      throw Problem.refusal(
          421, "Host " + HttpRequest.tame(request.authority()) + ", expected " + names.text());
    }
    String path = request.path();
    String method = request.method();
    if (!PATHS.contains(path)) {
      throw Problem.refusal(
          404, "no " + path + " here, expected one of " + String.join(", ", PATHS));
    }
    boolean isPredict = path.equals(PREDICT);
    if (isPredict ? !method.equals("POST") : !method.equals("GET") && !method.equals("HEAD")) {
      String expected = isPredict ? "POST" : "GET, HEAD";
      answer.field("Allow", expected);
      throw Problem.refusal(405, method + " " + path + ", expected " + expected);
    }
    switch (path) {
      case PREDICT -> predict(request, answer);
      case "/health" -> {
        boolean stops = isStopping;
        String status = stops ? "stopping" : "ok";
        send(answer, stops ? 503 : 200, JSON, new Json().put("status", status) + "\n");
      }
      case "/metrics" -> send(answer, 200, "text/plain; version=0.0.4; charset=utf-8", metrics());
      default -> {
        answer.field("Vary", "Accept");
        if (request.lower("Accept").contains("text/html")) {
          answer.field("Content-Security-Policy", ModelCard.POLICY);
          send(answer, 200, "text/html; charset=utf-8", card.page);
        } else {
          send(answer, 200, JSON, card.json);
        }
      }
    }
  }

  /** Answers {@code GET /metrics}. */
  String metrics() {
    return metrics.text(
        card.sha256,
        Map.of(
            "requests gauge Requests that are under way.",
            listener.requests(),
            "queue gauge Requests that wait for others to be predicted.",
            waiting));
  }

  private void predict(HttpRequest request, HttpAnswer answer) throws IOException {
    String origin = request.field("Origin");
    if (origin != null && !names.acceptOrigin(origin, request.authority())) {
      throw Problem.refusal(
          403,
          "Origin %s, expected a page of this server (--host-name NAME adds another)"
              .formatted(HttpRequest.tame(origin)));
    }
    String type = request.lower("Content-Type");
    String encoding = request.lower("Content-Encoding");
    if (!encoding.isEmpty() && !encoding.equals("identity")) {
      throw Problem.refusal(415, "Content-Encoding " + encoding + ", expected none");
    }
    if (type.contains("charset") && !CHARSET.matcher(type).matches()) {
      throw Problem.refusal(415, "Content-Type " + type + ", expected charset=utf-8");
    }
    if (isLast) {
      throw Problem.refusal(503, "this server stops, expected another one to be asked");
    }
    boolean isCsv = type.startsWith("text/") && CSV_TYPE.matcher(type).matches();
    String accepted = request.lower("Accept");
    boolean wantsCsv = accepted.contains("text/csv") || isCsv && !accepted.contains(JSON);
    AtomicLong taken = new AtomicLong();
    try {
      Scorer.Scored scored = scored(request, isCsv, taken);
      begin(answer, 200, wantsCsv ? CSV : JSON);
      if (!wantsCsv) {
        json.write(scored, answer);
      } else {
        if (!scored.notes.isEmpty()) {
          answer.field("Lanewise-Notes", HttpRequest.tame(brief(scored.notes)));
        }
        Predictions lines = CsvPredictions.to(answer);
        lines.begin(outputs, 0, null);
        for (int row = 0; row < scored.rows; row++) {
          int from = row * outputs.count();
          lines.row(
              row,
              new String[0],
              scored.results,
              from,
              scored.label(row),
              scored.familiar(row),
              null);
        }
        lines.end();
      }
      answer.end();
    } finally {
      free.addAndGet(taken.get());
    }
  }

  /** Joins notes, and cuts them to a length that clients accept in a head. */
  static String brief(List<String> notes) {
    String text = String.join("; ", notes);
    return text.length() <= MOST_NOTES
        ? text
        : text.substring(0, MOST_NOTES) + "... (" + notes.size() + " notes in all)";
  }

  private Scorer.Scored scored(HttpRequest request, boolean isCsv, AtomicLong taken)
      throws IOException {
    long length = request.announced();
    byte[] body = request.room();
    if (length > body.length) {
      body = new byte[(int) Math.min(length, BLOCK << 3)];
      take(taken, body.length);
    }
    int count = 0;
    while (length <= mostBytes && count <= mostBytes) {
      int more = request.read(body, count, body.length - count);
      if (more < 0) {
        break;
      }
      count += more;
      if (count == body.length && count <= mostBytes && !request.hasEnded()) {
        take(taken, body.length);
        body = Arrays.copyOf(body, 2 * body.length);
      }
    }
    if (length > mostBytes || count > mostBytes) {
      throw Problem.refusal(
          413,
          "body: more than %s bytes, expected at most so many: send fewer rows at once"
              .formatted(mostBytes));
    }
    Scorer scorer = scorer();
    try {
      long begin = System.nanoTime();
      Scorer.Scored scored = scorer.score(body, count, isCsv);
      take(taken, (long) Double.BYTES * scored.results.length);
      metrics.scored(scored, System.nanoTime() - begin);
      return scored;
    } finally {
      scorers.add(scorer);
    }
  }

  /** Waits for a free scorer, in order of arrival. */
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

  /** Reserves bytes of the common budget for the body or the results of a request. */
  private void take(AtomicLong taken, long bytes) {
    taken.addAndGet(bytes);
    if (free.addAndGet(-bytes) < 0) {
      throw Problem.refusal(
          503, "the memory for bodies is in use, expected fewer requests at once");
    }
  }

  private void begin(HttpAnswer answer, int status, String type) {
    answer.set(status, type);
    answer.close(isStopping);
  }

  private void send(HttpAnswer answer, int status, String type, String text) throws IOException {
    begin(answer, status, type);
    answer.write(answer.text().append(text));
    answer.end();
  }

  private void refuse(HttpAnswer answer, int status, String message) throws IOException {
    if (answer.hasBegun()) {
      throw new IOException("cannot be taken back");
    }
    if (status == 503) {
      answer.field("Retry-After", "1");
    }
    answer.clear();
    send(answer, status, JSON, new Json().put("error", message) + "\n");
  }
}
