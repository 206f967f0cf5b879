package dev.lanewise.bench;

import com.sun.management.ThreadMXBean;
import com.sun.net.httpserver.HttpServer;
import com.sun.tools.attach.VirtualMachine;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Measures the slowest answers of {@code lanewise serve} for a row of 64 numbers, and of an empty
 * handler of the JDK's HTTP server: {@code ServeLatency [ROUNDS] [REQUESTS]}. Both servers are
 * separate processes, which receive requests alternately, round by round, over 1 and over 8
 * connections. It prints medians over the rounds, the bytes that the server allocates per request,
 * its garbage collections and resident memory, and the longest wait for {@code /health} while 500
 * connections have sent half a request each.
 */
final class ServeLatency {
  private static final int INPUTS = 64;
  private static final int STUCK = 500;
  private static final int HEALTH = 20;
  private static final int[] CONNECTIONS = {1, 8};

  private static final byte[] REQUEST = request();

  private ServeLatency() {}

  /** A server process and its measurements. */
  private static final class Server implements AutoCloseable {
    final String name;
    final Process process;
    final int port;
    final List<List<long[]>> rounds = List.of(new ArrayList<>(), new ArrayList<>()); // sorted

    Server(String name, List<String> arguments) throws IOException {
      this.name = name;
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
      String flags = System.getProperty("server.flags", ""); // such as -Xlog:gc
      command.addAll(Arrays.stream(flags.split(" ")).filter(f -> !f.isBlank()).toList());
      command.addAll(arguments);
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedInputStream out = new BufferedInputStream(process.getInputStream());
      String line = line(out);
      while (!line.contains("\"port\":")) {
        line = line(out);
      }
      port = Integer.parseInt(line.replaceAll(".*\"port\":([0-9]+).*", "$1"));
    }

    /** Returns the median over the rounds, in milliseconds. */
    double millis(int connections, double quantile) {
      double[] found =
          rounds.get(connections).stream()
              .mapToDouble(nanos -> nanos[(int) (nanos.length * quantile)] / 1e6)
              .sorted()
              .toArray();
      return found[found.length / 2];
    }

    long residentBytes() throws IOException {
      Path status = Path.of("/proc", Long.toString(process.pid()), "status");
      return Files.exists(status)
          ? Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
              .sum()
          : -1;
    }

    /** Returns the voluntary and involuntary context switches of the server's threads. */
    double[] switches() throws IOException {
      double[] switches = new double[2];
      Path tasks = Path.of("/proc", Long.toString(process.pid()), "task");
      if (Files.exists(tasks)) {
        try (Stream<Path> all = Files.list(tasks)) {
          for (Path task : all.toList()) {
            for (String line : Files.readAllLines(task.resolve("status"))) {
              int which = line.startsWith("voluntary_ctxt") ? 0 : 1;
              if (line.contains("voluntary_ctxt")) {
                switches[which] += Long.parseLong(line.replaceAll("[^0-9]", ""));
              }
            }
          }
        }
      }
      return switches;
    }

    @Override
    public void close() {
      process.destroy();
      process.onExit().join();
    }
  }

  /** Observes the memory of a server over JMX. */
  private static final class Watch implements AutoCloseable {
    private final JMXConnector connector;
    private final ThreadMXBean threads;
    private final List<GarbageCollectorMXBean> collectors;

    Watch(Server server) throws Exception {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(server.process.pid()));
      connector =
          JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
      machine.detach();
      MBeanServerConnection beans = connector.getMBeanServerConnection();
      threads = ManagementFactory.getPlatformMXBean(beans, ThreadMXBean.class);
      collectors = ManagementFactory.getPlatformMXBeans(beans, GarbageCollectorMXBean.class);
    }

    /** Returns the bytes that live threads have allocated, without the threads of JMX. */
    long allocated() {
      long bytes = 0;
      long[] ids = threads.getAllThreadIds();
      long[] allocated = threads.getThreadAllocatedBytes(ids);
      java.lang.management.ThreadInfo[] infos = threads.getThreadInfo(ids);
      for (int i = 0; i < ids.length; i++) {
        boolean isOther = infos[i] == null || infos[i].getThreadName().matches("(RMI|JMX).*");
        bytes += isOther ? 0 : Math.max(0, allocated[i]);
      }
      return bytes;
    }

    String collections() {
      long count = 0;
      long millis = 0;
      for (GarbageCollectorMXBean collector : collectors) {
        count += collector.getCollectionCount();
        millis += collector.getCollectionTime();
      }
      return count + " in " + millis + " ms";
    }

    @Override
    public void close() throws IOException {
      connector.close();
    }
  }

  /** A connection that stays open. */
  private static final class Client implements AutoCloseable {
    final Socket socket;
    private final InputStream in;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(60_000);
      in = new BufferedInputStream(socket.getInputStream());
    }

    void ask(byte[] request) throws IOException {
      socket.getOutputStream().write(request);
      String status = line(in);
      if (!status.contains(" 200")) {
        throw new IOException(status);
      }
      int length = 0;
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        if (line.regionMatches(true, 0, "content-length: ", 0, 16)) {
          length = Integer.parseInt(line.substring(16));
        }
      }
      in.skipNBytes(length);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("empty")) {
      serveNothing();
      return;
    }
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
    int requests = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
    Path work = Files.createTempDirectory("lanewise-serve");
    Path model = work.resolve("model.npz");
    Mlp.initial(Architecture.relu(INPUTS, List.of(64, 64), 2), Initializer.HE, 0).save(model);
    String path = System.getProperty("java.class.path");
    String own = System.getProperty("serve.classes", path); // the class path of Lanewise
    List<String> serve =
        List.of("-cp", own, "dev.lanewise.cli.Main", "serve", "--model=" + model, "--port=0");
    List<String> quiet = new ArrayList<>(serve);
    quiet.addAll(List.of("--json", "--quiet"));
    List<String> empty = List.of("-cp", path, ServeLatency.class.getName(), "empty");
    try (Server ours = new Server("lanewise serve", quiet);
        Server theirs = new Server("empty handler", empty)) {
      measure(List.of(ours, theirs), rounds, requests);
      System.out.printf(
          Locale.ROOT,
          "/health under %d connections with half a request: at most %.0f ms%n",
          STUCK,
          health(ours));
    } finally {
      Files.delete(model);
      Files.delete(work);
    }
  }

  private static void measure(List<Server> servers, int rounds, int requests) throws Exception {
    for (int i = 0; i < 2; i++) { // compiles the methods
      for (Server server : servers) {
        ask(server, 8, 2 * requests);
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (Server server : servers) {
        for (int c = 0; c < CONNECTIONS.length; c++) {
          server.rounds.get(c).add(ask(server, CONNECTIONS[c], requests));
        }
      }
    }
    System.out.println("server, connections: p50 ms, p99 ms, p99.9 ms, longest ms");
    for (int c = 0; c < CONNECTIONS.length; c++) {
      for (Server server : servers) {
        System.out.printf(
            Locale.ROOT,
            "%s, %d: %.3f, %.3f, %.3f, %.3f%n",
            server.name,
            CONNECTIONS[c],
            server.millis(c, 0.5),
            server.millis(c, 0.99),
            server.millis(c, 0.999),
            server.millis(c, Math.nextDown(1.0)));
      }
      System.out.printf(
          Locale.ROOT,
          "p99 of lanewise serve / p99 of the empty handler, %d: %.2f%n",
          CONNECTIONS[c],
          servers.get(0).millis(c, 0.99) / servers.get(1).millis(c, 0.99));
    }
    for (Server server : servers) {
      memory(server, requests);
    }
  }

  private static void memory(Server server, int requests) throws Exception {
    Client[] clients = clients(server, 8);
    try (Watch watch = new Watch(server)) {
      ask(clients, 1000);
      long before = watch.allocated();
      double[] switched = server.switches();
      ask(clients, requests);
      double[] switches = server.switches();
      double bytes = (double) (watch.allocated() - before) / requests;
      System.out.printf(
          Locale.ROOT,
          "%s: %.0f bytes allocated, %.2f sleeps and %.2f preemptions per request, resident %d MB,"
              + " collections %s%n",
          server.name,
          bytes,
          (switches[0] - switched[0]) / requests,
          (switches[1] - switched[1]) / requests,
          server.residentBytes() >> 20,
          watch.collections());
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  /** Returns the longest wait for an answer over several new connections, in milliseconds. */
  private static double health(Server server) throws IOException, InterruptedException {
    byte[] head = "GET /health HTTP/1.1\r\nHost: localhost\r\n".getBytes();
    List<Socket> stuck = new ArrayList<>();
    try {
      for (int i = 0; i < STUCK; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port);
        stuck.add(socket);
        socket.getOutputStream().write(head);
      }
      Thread.sleep(200);
      byte[] whole = (new String(head) + "\r\n").getBytes();
      double longest = 0;
      for (int i = 0; i < HEALTH; i++) {
        long begin = System.nanoTime();
        try (Client client = new Client(server.port)) {
          client.ask(whole);
        }
        longest = Math.max(longest, (System.nanoTime() - begin) / 1e6);
      }
      return longest;
    } finally {
      for (Socket socket : stuck) {
        socket.close();
      }
    }
  }

  private static Client[] clients(Server server, int connections) throws IOException {
    Client[] clients = new Client[connections];
    for (int t = 0; t < connections; t++) {
      clients[t] = new Client(server.port);
    }
    return clients;
  }

  /** Returns the times of requests over new connections, sorted. */
  private static long[] ask(Server server, int connections, int count) throws Exception {
    Client[] clients = clients(server, connections);
    try {
      return ask(clients, count);
    } finally {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  /** Sends requests over open connections, each after the answer to the previous one. */
  private static long[] ask(Client[] clients, int count) throws InterruptedException {
    long[] nanos = new long[count];
    AtomicInteger next = new AtomicInteger();
    List<IOException> problems = new ArrayList<>();
    Thread[] threads = new Thread[clients.length];
    for (int t = 0; t < threads.length; t++) {
      Client client = clients[t];
      threads[t] =
          new Thread(
              () -> {
                try {
                  for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    long begin = System.nanoTime();
                    client.ask(REQUEST);
                    nanos[i] = System.nanoTime() - begin;
                  }
                } catch (IOException e) {
                  synchronized (problems) {
                    problems.add(e);
                  }
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!problems.isEmpty()) {
      throw new IllegalStateException(problems.size() + " connections failed", problems.get(0));
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static byte[] request() {
    StringBuilder body = new StringBuilder("[");
    for (int i = 0; i < INPUTS; i++) {
      body.append(i == 0 ? "" : ",").append((i * 37 % 101 - 50) / 25.0);
    }
    body.append(']');
    String head =
        "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: %s\r\n\r\n";
    return (head.formatted(body.length()) + body).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended after \"" + line + '"');
      } else if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Starts the JDK's server with a handler that reads the body and sends a fixed text. */
  private static void serveNothing() throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newFixedThreadPool(8));
    byte[] answer = "{\"predictions\":[]}\n".getBytes();
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    System.out.println("{\"port\":" + server.getAddress().getPort() + "}");
  }
}
