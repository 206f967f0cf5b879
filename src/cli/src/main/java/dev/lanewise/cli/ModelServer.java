package dev.lanewise.cli;

import dev.lanewise.format.FormatException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.ZipException;

/**
 * A server of predictions over HTTP: it knows the paths, and who may ask. Each connection has a
 * thread, so that slow clients do not delay others.
 */
final class ModelServer implements AutoCloseable {
  private static final int MOST_LISTED = 20; // paths
  static final String JSON = "application/json";
  private static final long TICK = 10; // milliseconds

  /** Milliseconds without a request after which the server stops waiting. */
  private static final long QUIET = 100;

  private static final long PATIENCE = 1000;

  final PredictionService predictions;
  private final List<ModelSlot> slots;
  private final Map<String, Route> routes = new LinkedHashMap<>(); // by path
  private final boolean isWatched;
  private final Consumer<Throwable> log;
  private final ServerMetrics metrics = new ServerMetrics();
  private final Access access;
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

  private interface Predicting {
    void predict(ModelSlot slot, HttpRequest request, HttpAnswer answer) throws IOException;
  }

  private interface Answering {
    void answer(HttpRequest request, HttpAnswer answer) throws IOException;
  }

  /**
   * What is at a path.
   *
   * @param slot the model whose predictions POST asks for; null where only GET and HEAD are allowed
   */
  private record Route(ModelSlot slot, Answering answering) {}

  /**
   * Starts a server.
   *
   * @param slots the models, with different names
   * @param isWatched whether other models may take their places
   * @param limits limits of requests
   * @param access who may send requests
   * @param log receives unexpected errors
   * @throws IOException if the address is not available
   */
  ModelServer(
      List<ModelSlot> slots,
      boolean isWatched,
      InetSocketAddress address,
      Limits limits,
      Access access,
      Consumer<Throwable> log)
      throws IOException {
    this.slots = slots;
    this.isWatched = isWatched;
    this.access = access;
    this.log = log;
    predictions = new PredictionService(limits, () -> isStopping);
    route();
    listener = new HttpListener(address, HttpListener.MOST, limits.seconds, this::handle);
    listener.tls = access.tls();
    listener.start();
  }

  private void route() {
    ModelSlot only = slots.size() == 1 ? slots.get(0) : null;
    get("/", only == null ? this::list : (request, answer) -> card(only, request, answer));
    if (only != null) {
      post("/predict", only, predictions::predict);
    }
    get("/health", (request, answer) -> health(answer));
    get(
        "/metrics",
        (request, answer) ->
            send(answer, 200, "text/plain; version=0.0.4; charset=utf-8", metrics()));
    for (ModelSlot slot : slots) {
      String path = "/models/" + slot.name;
      get(path, (request, answer) -> card(slot, request, answer));
      post(path + "/predict", slot, predictions::predict);
    }
    json("/openapi.json", () -> OpenApi.of(slots, !access.tokens().isEmpty()));
    Json server = new Json().put("name", "lanewise").put("version", Usage.version());
    server.put("extensions", List.of());
    json("/v2", () -> server + "\n");
    json("/v2/", () -> server + "\n"); // as in the protocol's own OpenAPI document
    get("/v2/health/live", (request, answer) -> send(answer, 200, JSON, "{\"live\":true}\n"));
    get("/v2/health/ready", (request, answer) -> ready(answer, new Json().put("live", true)));
    for (ModelSlot slot : slots) {
      String path = "/v2/models/" + slot.name;
      json(path, () -> slot.model().tensors.metadata);
      get(path + "/ready", (request, answer) -> ready(answer, new Json().put("name", slot.name)));
      post(path + "/infer", slot, predictions::infer);
    }
  }

  private void json(String path, Supplier<String> text) {
    get(path, (request, answer) -> send(answer, 200, JSON, text.get()));
  }

  /** Answers whether this server takes requests, as the Open Inference Protocol wants it. */
  private void ready(HttpAnswer answer, Json json) throws IOException {
    boolean stops = isStopping;
    send(answer, stops ? 503 : 200, JSON, json.put("ready", !stops) + "\n");
  }

  private void get(String path, Answering answering) {
    routes.put(path, new Route(null, answering));
  }

  private void post(String path, ModelSlot slot, Predicting predicting) {
    routes.put(
        path, new Route(slot, (request, answer) -> predicting.predict(slot, request, answer)));
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
      } catch (ZipException e) {
        refuse(answer, 400, "body: damaged (" + e.getMessage() + "), expected gzip as announced");
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
      Route route = routes.get(request.path());
      metrics.answered(
          route == null ? "other" : request.path(), answer.hasBegun() ? answer.status() : 0);
      if (route != null && route.slot != null) {
        route.slot.answered(System.nanoTime() - begin);
      }
    }
  }

  private void respond(HttpRequest request, HttpAnswer answer) throws IOException {
    access.require(request, answer);
    String path = request.path();
    String method = request.method();
    Route route = routes.get(path);
    if (route == null) {
      String known = routes.keySet().stream().limit(MOST_LISTED).collect(Collectors.joining(", "));
      throw Problem.refusal(404, "no " + path + " here, expected one of " + known);
    }
    boolean isPost = route.slot != null;
    if (isPost ? !method.equals("POST") : !method.equals("GET") && !method.equals("HEAD")) {
      String expected = isPost ? "POST" : "GET, HEAD";
      answer.field("Allow", expected);
      throw Problem.refusal(405, method + " " + path + ", expected " + expected);
    }
    if (isPost) {
      checkPost(request);
    }
    route.answering.answer(request, answer);
  }

  private void health(HttpAnswer answer) throws IOException {
    boolean stops = isStopping;
    String status = stops ? "stopping" : "ok";
    send(answer, stops ? 503 : 200, JSON, new Json().put("status", status) + "\n");
  }

  /** Answers with a model's page, or for programs with its description. */
  private void card(ModelSlot slot, HttpRequest request, HttpAnswer answer) throws IOException {
    ModelCard card = slot.model().card;
    page(request, answer, card.page, card.json);
  }

  /** Answers with the names of several models. */
  private void list(HttpRequest request, HttpAnswer answer) throws IOException {
    List<Json> models = new ArrayList<>();
    StringBuilder page = new StringBuilder("<!doctype html><title>Lanewise</title><h1>Models</h1>");
    for (ModelSlot slot : slots) {
      String path = "models/" + slot.name;
      page.append("<p><a href=\"%s\">%s</a>".formatted(path, slot.name));
      models.add(
          new Json()
              .put("name", slot.name)
              .put("path", "/" + path)
              .put("sha256", slot.model().card.sha256));
    }
    page(request, answer, page + "\n", new Json().put("models", models) + "\n");
  }

  private void page(HttpRequest request, HttpAnswer answer, String page, String json)
      throws IOException {
    answer.vary("Accept");
    if (request.lower("Accept").contains("text/html")) {
      answer.field("Content-Security-Policy", ModelCard.POLICY);
      send(answer, 200, "text/html; charset=utf-8", page);
    } else {
      send(answer, 200, JSON, json);
    }
  }

  /** Answers {@code GET /metrics}. */
  String metrics() {
    return metrics.text(
        slots,
        isWatched,
        Map.of(
            "requests gauge Requests that are under way.",
            listener.requests(),
            "queue gauge Requests that wait for others to be predicted.",
            predictions.waiting));
  }

  /** Refuses a request from the page of another server, or at the very end of this one. */
  private void checkPost(HttpRequest request) {
    String origin = request.field("Origin");
    if (origin != null && !access.names().acceptOrigin(origin, request.authority())) {
      throw Problem.refusal(
          403,
          "Origin %s, expected a page of this server (--host-name NAME adds another)"
              .formatted(HttpRequest.tame(origin)));
    }
    if (isLast) {
      throw Problem.refusal(503, "this server stops, expected another one to be asked");
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
