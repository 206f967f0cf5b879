import com.sun.net.httpserver.HttpServer;
import dev.lanewise.model.Model;
import dev.lanewise.model.TablePredictor;
import dev.lanewise.nn.Predictions;
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
 * A simple server, as a basis for your own: {@code curl 'localhost:8080/?age=42&sex=male'} returns
 * the probabilities of the classes. {@code lanewise serve} also supports JSON and CSV, many rows
 * per request, limits, metrics and a page.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp lanewise.jar ServeHttp.java model.npz 8080
 * </pre>
 */
final class ServeHttp {
  private ServeHttp() {}

  /**
   * Serves the model in args[0], which was trained on a table, on the port args[1]; 0 is any free
   * port.
   */
  public static void main(String[] args) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true"); // otherwise an answer may take 40 ms
    Model model = Model.load(Path.of(args[0]));
    ThreadLocal<TablePredictor> predictors = ThreadLocal.withInitial(model::tablePredictor);
    int port = Integer.parseInt(args[1]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext(
        "/",
        exchange -> {
          int status = 200;
          String answer;
          String host = exchange.getRequestHeaders().getFirst("Host");
          if (host == null || !host.matches("(localhost|127\\.0\\.0\\.1)(:[0-9]+)?")) {
            exchange.sendResponseHeaders(
                421, -1); // the request is from a web page of another name (DNS rebinding)
            exchange.close();
            return;
          }
          try {
            TablePredictor predictor = predictors.get(); // one per thread
            Predictions row = predictor.predict(columns(exchange.getRequestURI().getRawQuery()));
            StringBuilder text = new StringBuilder(); // probabilities or numeric predictions
            for (int c = 0; c < row.outputs(); c++) {
              text.append(model.className(c)).append(' ').append(row.value(0, c)).append('\n');
            }
            answer = text.toString();
          } catch (IllegalArgumentException e) { // the message names the column and the error
            status = 400;
            answer = e.getMessage();
          }
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    System.out.println("http://localhost:" + server.getAddress().getPort() + "/");
  }

  private static Map<String, String> columns(String query) {
    Map<String, String> columns = new HashMap<>();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      String[] parts = pair.split("=", 2);
      String value = parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
      columns.put(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), value);
    }
    return columns;
  }
}
