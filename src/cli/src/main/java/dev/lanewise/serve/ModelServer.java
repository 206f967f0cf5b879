package dev.lanewise.serve;

import dev.lanewise.format.FormatException;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Usage;
import dev.lanewise.terminal.Words;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A server of predictions over HTTP: it knows the paths, and who may ask. Each connection has a
 * thread, so that slow clients do not delay other clients.
 */
public final class ModelServer implements AutoCloseable {
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";
  private static final int MOST_LISTED = 20; // paths
  private static final long TICK = 10; // milliseconds

  /** Milliseconds without a request after which the server stops waiting. */
  private static final long QUIET = 100;

  private static final long PATIENCE = 1000;

  public final PredictionService predictions;
  private final List<ModelSlot> slots;
  private final Map<String, Route> routes = new LinkedHashMap<>(); // routes by their paths
  private final boolean isWatched;
  private final Consumer<Throwable> log;
  private final ServerMetrics metrics = new ServerMetrics();
  private final Access access;
  private final HttpListener listener;
  private volatile boolean isStopping;
  private volatile boolean isLast; // new requests are refused with 503
  private volatile long newest; // nanoseconds, when the newest request came

  private interface Answering {
    void answer(ModelSlot slot, HttpRequest request, HttpAnswer answer) throws IOException;
  }

  /**
   * What is at a path.
   *
   * @param slot the model, if it is that of one
   * @param isPost whether it predicts for POST; else only GET and HEAD are allowed
   */
  private record Route(ModelSlot slot, boolean isPost, Answering answering) {}

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
  public ModelServer(
      List<ModelSlot> slots,
      boolean isWatched,
      InetSocketAddress address,
      PredictionService.Limits limits,
      Access access,
      Consumer<Throwable> log)
      throws IOException {
    this.slots = slots;
    this.isWatched = isWatched;
    this.access = access;
    this.log = log;
    predictions = new PredictionService(limits, () -> isStopping, this::relieve);
    route();
    listener = new HttpListener(address, HttpListener.MOST, limits.seconds(), this::handle);
    listener.tls = access.tls;
    listener.start();
  }

  private boolean relieve() {
    return listener.evictStalled();
  }

  private void route() {
    if (slots.size() == 1) {
      put("/", slots.get(0), false, this::card);
      put("/predict", slots.get(0), true, predictions::predict);
      put("/explain", slots.get(0), true, predictions::explain);
    } else {
      get(
          "/",
          () ->
              new Json().put("models", slots.stream().map(slot -> slot.model().card.about).toList())
                  + "\n");
    }
    put("/health", null, false, (slot, request, answer) -> health(answer));
    put("/metrics", null, false, (slot, request, answer) -> send(answer, 200, METRICS, metrics()));
    for (ModelSlot slot : slots) {
      put("/models/" + slot.name, slot, false, this::card);
      put("/models/" + slot.name + "/predict", slot, true, predictions::predict);
      put("/models/" + slot.name + "/explain", slot, true, predictions::explain);
    }
    get("/openapi.json", () -> OpenApi.of(slots, !access.tokens.isEmpty()));
    Json server = new Json().put("name", "lanewise").put("version", Usage.version());
    String about = server.put("extensions", List.of()) + "\n";
    get("/v2", () -> about);
    get("/v2/", () -> about); // as in the protocol's own OpenAPI document
    get("/v2/health/live", () -> "{\"live\":true}\n");
    put("/v2/health/ready", null, false, this::ready);
    for (ModelSlot slot : slots) {
      String path = "/v2/models/" + slot.name;
      get(path, () -> slot.model().tensors.metadata);
      put(path + "/ready", slot, false, this::ready);
      put(path + "/infer", slot, true, predictions::infer);
    }
  }

  private void put(String path, ModelSlot slot, boolean isPost, Answering answering) {
    routes.put(path, new Route(slot, isPost, answering));
  }

  private void get(String path, Supplier<String> json) {
    put(
        path,
        null,
        false,
        (slot, request, answer) -> send(answer, 200, HttpAnswer.JSON, json.get()));
  }

  /** Answers whether this server takes requests, as the Open Inference Protocol wants it. */
  private void ready(ModelSlot slot, HttpRequest request, HttpAnswer answer) throws IOException {
    boolean stops = isStopping;
    Json json = slot == null ? new Json().put("live", true) : new Json().put("name", slot.name);
    send(answer, stops ? 503 : 200, HttpAnswer.JSON, json.put("ready", !stops) + "\n");
  }

  public InetSocketAddress address() {
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
      long before = newest;
      HttpListener.pause(TICK);
      quiet = listener.requests().get() == 0 && newest == before ? quiet + TICK : 0;
    }
    return quiet >= QUIET;
  }

  public void handle(HttpRequest request, Problem problem, HttpAnswer answer) {
    long begin = System.nanoTime();
    newest = begin;
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
        refuse(
            answer,
            400,
            "body: cannot be read to its end, expected as many bytes as were announced");
      } catch (OutOfMemoryError e) {
        refuse(
            answer,
            503,
            "not enough memory at the moment, expected fewer requests or rows at once");
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
      if (route != null && route.isPost) {
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
      throw Problem.refusal(
          404, "no " + HttpRequest.tame(path) + " here, expected one of " + known);
    }
    boolean isPost = route.isPost;
    if (isPost ? !method.equals("POST") : !method.equals("GET") && !method.equals("HEAD")) {
      String expected = isPost ? "POST" : "GET, HEAD";
      answer.field("Allow", expected);
      throw Problem.refusal(405, HttpRequest.tame(method) + " " + path + ", expected " + expected);
    }
    if (isPost) {
      checkPost(request);
    }
    route.answering.answer(route.slot, request, answer);
  }

  private void health(HttpAnswer answer) throws IOException {
    boolean stops = isStopping;
    String status = stops ? "stopping" : "ok";
    send(answer, stops ? 503 : 200, HttpAnswer.JSON, new Json().put("status", status) + "\n");
  }

  /** Answers with a model's page, or for programs with its description. */
  private void card(ModelSlot slot, HttpRequest request, HttpAnswer answer) throws IOException {
    ModelCard card = slot.model().card;
    answer.field("Vary", "Accept");
    if (request.lower("Accept").contains("text/html")) {
      answer.field("Content-Security-Policy", ModelCard.POLICY);
      send(answer, 200, "text/html; charset=utf-8", card.page);
    } else {
      send(answer, 200, HttpAnswer.JSON, card.json);
    }
  }

  /** Answers {@code GET /metrics}. */
  public String metrics() {
    return metrics.text(
        slots,
        isWatched,
        Map.of(
            "requests gauge Requests that are under way.",
            listener.requests(),
            "queue gauge Requests that wait for earlier requests to be predicted.",
            predictions.waiting));
  }

  /** Refuses a request from the page of another server, or at the very end of this one. */
  private void checkPost(HttpRequest request) {
    String origin = request.field("Origin");
    if (origin != null && !access.acceptsOrigin(origin, request.authority())) {
      throw Problem.refusal(
          403,
          "Origin %s, expected the origin of this server (--host-name NAME adds another)"
              .formatted(HttpRequest.tame(origin)));
    }
    if (isLast) {
      throw Problem.refusal(503, "this server stops, expected requests to another server");
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
    send(answer, status, HttpAnswer.JSON, new Json().put("error", message) + "\n");
  }
}
