package dev.lanewise.bench;

import ai.onnxruntime.OrtException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.source.JsonScanner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * A minimal server of a model on the JDK's HTTP server. A request is an array of numbers, and the
 * answer is an array of probabilities. {@code ServePeer IMPL NETWORK} prints its port and runs
 * until it is stopped; {@code ServePeer save NETWORK FILE} saves the same model for {@code lanewise
 * serve}.
 */
final class ServePeer {
  private static final int THREADS = 8;

  private final Inference.Model model;
  private final int inputs;
  private final int outputs;
  private final ThreadLocal<Caller> callers = ThreadLocal.withInitial(this::caller);
  private final LongAdder nanos = new LongAdder(); // spent in the model

  /** The state of a thread. */
  private record Caller(Inference inference, float[] features, float[] probabilities) {}

  private ServePeer(String impl, Mlp mlp) throws OrtException {
    model = Inference.of(impl, mlp);
    inputs = mlp.architecture().inputs();
    outputs = mlp.architecture().outputs();
  }

  private Caller caller() {
    try {
      return new Caller(model.inference(1), new float[inputs], new float[outputs]);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void main(String[] args) throws IOException, OrtException {
    Mlp mlp = Mlp.initial(Workload.network(args[1]), Initializer.HE, 0);
    if (args[0].equals("save")) {
      mlp.save(Path.of(args[2]));
      return;
    }
    System.setProperty("sun.net.httpserver.nodelay", "true");
    ServePeer peer = new ServePeer(args[0], mlp);
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(any, 0);
    server.setExecutor(Executors.newFixedThreadPool(THREADS));
    server.createContext("/predict", peer::predict);
    server.createContext(
        "/metrics",
        exchange ->
            answer(exchange, "lanewise_model_seconds_total " + peer.nanos.sum() / 1e9 + "\n"));
    server.start();
    System.out.println("{\"port\":" + server.getAddress().getPort() + "}");
  }

  private void predict(HttpExchange exchange) throws IOException {
    Caller caller = callers.get();
    byte[] body = exchange.getRequestBody().readAllBytes();
    JsonScanner json = new JsonScanner(body, body.length, "body");
    json.begin('[');
    for (int i = 0; json.more(); i++) {
      caller.features[i] = (float) json.number();
    }
    json.finish();
    long begin = System.nanoTime();
    try {
      caller.inference.predict(caller.features, caller.probabilities);
    } catch (OrtException e) {
      throw new IOException(e);
    }
    nanos.add(System.nanoTime() - begin);
    StringBuilder text = new StringBuilder("{\"probabilities\":[");
    for (int c = 0; c < outputs; c++) {
      text.append(c == 0 ? "" : ",").append(caller.probabilities[c]);
    }
    answer(exchange, text.append("]}\n").toString());
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
