package dev.lanewise.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests predictions of single rows over connections that stay open: {@code ServeLoad PORT
 * NETWORK CONNECTIONS REQUESTS}. It prints the requests per second, the median and the 99th
 * percentile of their times, and the model's time per request, as measured by the server.
 *
 * <p>If {@code REQUESTS} is 0, it sends requests until the server stops, and prints how many
 * requests were answered and how many got no complete answer.
 */
final class ServeLoad {
  private static final int BODIES = 64;

  private final int port;
  private final byte[][] requests = new byte[BODIES][];
  private final AtomicLong unanswered = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();

  private ServeLoad(int port, int inputs) {
    this.port = port;
    for (int i = 0; i < BODIES; i++) {
      float[] row = Operands.numbers(inputs, i);
      StringBuilder body = new StringBuilder("[");
      for (int j = 0; j < inputs; j++) {
        body.append(j == 0 ? "" : ",").append(String.format(Locale.ROOT, "%.4f", row[j]));
      }
      body.append(']');
      String head =
          "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Content-Length: %s\r\n\r\n";
      requests[i] = (head.formatted(body.length()) + body).getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /** A connection that stays open. */
  private final class Client implements AutoCloseable {
    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    private final InputStream in = new BufferedInputStream(socket.getInputStream());
    private boolean closes; // whether the last answer announced the end of the connection
    private String body;

    Client() throws IOException {
      socket.setTcpNoDelay(true);
    }

    int ask(byte[] request) throws IOException {
      socket.getOutputStream().write(request);
      int status = Integer.parseInt(line().split(" ")[1]);
      int length = 0;
      closes = false;
      for (String line = line(); !line.isEmpty(); line = line()) {
        String header = line.toLowerCase(Locale.ROOT);
        closes |= header.equals("connection: close");
        if (header.startsWith("content-length: ")) {
          length = Integer.parseInt(header.substring(16));
        }
      }
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new EOFException("the answer is incomplete");
      }
      body = new String(bytes, StandardCharsets.UTF_8);
      return status;
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("the connection ended before an answer");
        } else if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  public static void main(String[] args) throws Exception {
    ServeLoad load = new ServeLoad(Integer.parseInt(args[0]), Workload.network(args[1]).inputs());
    int connections = Integer.parseInt(args[2]);
    int requests = Integer.parseInt(args[3]);
    if (requests == 0) {
      load.untilTheEnd(connections);
    } else {
      load.run(connections, Math.max(1000, requests / 2));
      double before = load.modelSeconds();
      long begin = System.nanoTime();
      long[] nanos = load.run(connections, requests);
      double seconds = (System.nanoTime() - begin) / 1e9;
      double model = load.modelSeconds() - before;
      Arrays.sort(nanos);
      System.out.printf(
          Locale.ROOT,
          "%.0f %.3f %.3f %.1f%n",
          requests / seconds,
          nanos[requests / 2] / 1e6,
          nanos[(int) (requests * 0.99)] / 1e6,
          model / requests * 1e6);
    }
  }

  /** Returns the seconds that the server has spent in the model. */
  private double modelSeconds() throws IOException {
    try (Client client = new Client()) {
      client.ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
      String name = "lanewise_model_seconds_total ";
      String line = client.body.lines().filter(l -> l.startsWith(name)).findFirst().orElseThrow();
      return Double.parseDouble(line.substring(name.length()));
    }
  }

  /** Sends requests over some connections, and returns their times in nanoseconds. */
  private long[] run(int connections, int count) throws InterruptedException {
    long[] nanos = new long[count];
    AtomicInteger next = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    Thread[] threads = new Thread[connections];
    for (int t = 0; t < connections; t++) {
      threads[t] =
          new Thread(
              () -> {
                try (Client client = new Client()) {
                  for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    long begin = System.nanoTime();
                    failed.addAndGet(client.ask(requests[i % BODIES]) == 200 ? 0 : 1);
                    nanos[i] = System.nanoTime() - begin;
                  }
                } catch (IOException e) {
                  failed.incrementAndGet();
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (failed.get() > 0) {
      throw new IllegalStateException(failed + " requests failed");
    }
    return nanos;
  }

  /**
   * Sends requests until the server stops. When the server closes a connection, the client opens a
   * new one.
   */
  private void untilTheEnd(int connections) throws InterruptedException {
    Thread[] threads = new Thread[connections];
    for (int t = 0; t < connections; t++) {
      threads[t] = new Thread(this::untilTheEnd);
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println(answered + " " + unanswered);
  }

  private void untilTheEnd() {
    while (true) {
      Client client;
      try {
        client = new Client();
      } catch (IOException e) {
        return; // the server has stopped
      }
      try (client) {
        do {
          if (client.ask(requests[0]) == 503) {
            Thread.sleep(1000); // Retry-After: 1
          } else {
            answered.incrementAndGet();
          }
        } while (!client.closes);
      } catch (IOException e) {
        unanswered.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
