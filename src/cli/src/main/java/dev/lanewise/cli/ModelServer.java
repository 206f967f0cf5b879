package dev.lanewise.cli;

import dev.lanewise.format.FormatException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A server of predictions over HTTP: it knows the paths, and who may ask. Each connection has a
 * thread, so that slow clients do not delay others.
 */
final class ModelServer implements AutoCloseable {
  static final String PREDICT = "/predict";

  private static final List<String> PATHS = List.of("/", PREDICT, "/health", "/metrics");
  static final String JSON = "application/json";
  private static final long TICK = 10; // milliseconds

  /** Milliseconds without a request after which the server stops waiting. */
  private static final long QUIET = 100;

  private static final long PATIENCE = 1000;

  final PredictionService predictions;
  private final ServedModel model;
  private final Consumer<Throwable> log;
  private final ServerMetrics metrics = new ServerMetrics();
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

  /**
   * Starts a server.
   *
   * @param limits limits of requests
   * @param names names by which clients may call the server
   * @param log receives unexpected errors
   * @throws IOException if the address is not available
   */
  ModelServer(
      ServedModel model,
      InetSocketAddress address,
      Limits limits,
      HostNames names,
      Consumer<Throwable> log)
      throws IOException {
    this.model = model;
    this.names = names;
    this.log = log;
    predictions = new PredictionService(limits, metrics, () -> isStopping);
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
          send(answer, 200, "text/html; charset=utf-8", model.card.page);
        } else {
          send(answer, 200, JSON, model.card.json);
        }
      }
    }
  }

  /** Answers {@code GET /metrics}. */
  String metrics() {
    return metrics.text(
        model.card.sha256,
        Map.of(
            "requests gauge Requests that are under way.",
            listener.requests(),
            "queue gauge Requests that wait for others to be predicted.",
            predictions.waiting));
  }

  private void predict(HttpRequest request, HttpAnswer answer) throws IOException {
    String origin = request.field("Origin");
    if (origin != null && !names.acceptOrigin(origin, request.authority())) {
      throw Problem.refusal(
          403,
          "Origin %s, expected a page of this server (--host-name NAME adds another)"
              .formatted(HttpRequest.tame(origin)));
    }
    if (isLast) {
      throw Problem.refusal(503, "this server stops, expected another one to be asked");
    }
    predictions.predict(model, request, answer);
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
