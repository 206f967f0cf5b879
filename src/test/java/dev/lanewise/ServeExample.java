package dev.lanewise;

import com.sun.net.httpserver.HttpServer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.TablePredictor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * A server of one's own to start from: {@code curl 'localhost:8080/predict?age=42&sex=male'}. What
 * {@code lanewise serve} does beyond it: JSON and CSV, many rows, limits, metrics, a page.
 */
final class ServeExample {
  private ServeExample() {}

  public static void main(String[] args) throws IOException {
    start(Path.of(args[0]), 8080);
  }

  static HttpServer start(Path file, int port) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true"); // else an answer may take 40 ms
    Mlp model = Mlp.load(file);
    ThreadLocal<TablePredictor> predictors = ThreadLocal.withInitial(model::tablePredictor);
    InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    HttpServer server = HttpServer.create(here, 0);
    server.setExecutor(Executors.newFixedThreadPool(4, ServeExample::daemon));
    server.createContext(
        "/predict",
        exchange -> {
          byte[] answer;
          int status = 200;
          try {
            TablePredictor predictor = predictors.get(); // one a thread
            columns(exchange.getRequestURI().getRawQuery()).forEach(predictor::set);
            answer = predictor.predictClass().getBytes(StandardCharsets.UTF_8);
          } catch (IllegalArgumentException
              | IllegalStateException e) { // says which column, and why
            answer = e.getMessage().getBytes(StandardCharsets.UTF_8);
            status = 400;
          }
          exchange.sendResponseHeaders(status, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static Map<String, String> columns(String query) {
    Map<String, String> columns = new HashMap<>();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      String[] parts = URLDecoder.decode(pair, StandardCharsets.UTF_8).split("=", 2);
      columns.put(parts[0], parts.length < 2 ? null : parts[1]);
    }
    return columns;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  }
}
