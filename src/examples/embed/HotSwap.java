import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanewise.model.Model;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Serves the model in args[0], of a table, on the port args[1]; another model may replace it. */
class HotSwap {
  /** A model, which all threads share. A request ends with the model that it began with. */
  record Served(Model model, FileTime time) {
    static Served of(Path file) throws IOException {
      FileTime time = Files.getLastModifiedTime(file);
      Model model = Model.load(file); // refuses a file that is damaged or half copied
      return new Served(model, time);
    }
  }

  static final AtomicReference<Served> SERVED = new AtomicReference<>();
  static volatile String problem = "";

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    SERVED.set(Served.of(file));
    Executors.newSingleThreadScheduledExecutor()
        .scheduleWithFixedDelay(() -> swap(file), 200, 200, TimeUnit.MILLISECONDS);
    InetAddress here = InetAddress.getLoopbackAddress();
    int port = Integer.parseInt(args[1]);
    HttpServer server = HttpServer.create(new InetSocketAddress(here, port), 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/health", e -> answer(e, 200, SERVED.get().model().checksum() + problem));
    server.createContext("/predict", HotSwap::predict);
    server.start();
    System.out.println(server.getAddress().getPort());
  }

  /** Takes up a new file once it is whole; until then, the old model serves. */
  static void swap(Path file) {
    try {
      if (!Files.getLastModifiedTime(file).equals(SERVED.get().time())) {
        SERVED.set(Served.of(file));
      }
      problem = "";
    } catch (IOException | RuntimeException e) {
      problem = ", not replaced: " + e.getMessage();
    }
  }

  /** Answers a request such as {@code /predict?size=30&kind=flat}. */
  static void predict(HttpExchange exchange) throws IOException {
    try {
      Map<String, String> row =
          Stream.of(exchange.getRequestURI().getRawQuery().split("&"))
              .map(pair -> URLDecoder.decode(pair, StandardCharsets.UTF_8).split("=", 2))
              .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
      answer(exchange, 200, SERVED.get().model().predict(row).byName(0).toString());
    } catch (RuntimeException e) { // the message of an IllegalArgumentException names the column
      answer(exchange, 400, String.valueOf(e.getMessage()));
    }
  }

  static void answer(HttpExchange exchange, int status, String text) throws IOException {
    String host = exchange.getRequestHeaders().getFirst("Host");
    boolean isOurs = host != null && host.matches("(localhost|127\\.0\\.0\\.1)(:[0-9]+)?");
    byte[] bytes = (isOurs ? text : "").getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(isOurs ? status : 421, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
