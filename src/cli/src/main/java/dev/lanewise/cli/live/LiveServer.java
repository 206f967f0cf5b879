package dev.lanewise.cli.live;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.lanewise.cli.http.HostNames;
import dev.lanewise.cli.http.HttpAnswer;
import dev.lanewise.cli.http.HttpListener;
import dev.lanewise.cli.http.HttpRequest;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.Interruption;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.Result;
import dev.lanewise.report.LivePage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * Shows a training on a page for browsers of this machine, and perhaps lets them end it. Its
 * address has a secret, because other users of the machine and pages of other servers can connect,
 * too. Each event has all that is known, so that a browser that connects again misses nothing.
 */
public final class LiveServer implements AutoCloseable {
  private static final int MOST = 64; // connections
  private static final int SECONDS = 10; // a browser must take an event within these seconds
  public static final int TICK = 200; // milliseconds
  private static final long FASTEST = 500_000_000; // nanoseconds between drawings
  private static final int REST = 100; // times that of a drawing, so that the training is fast

  private final LiveSource run;
  private final String page;
  private final Interruption interruption; // null if browsers may not end the run
  private final HostNames names;
  private final String secret;
  private final HttpListener listener;
  private String drawn = "";
  private final long began = System.nanoTime();
  private long next = began; // drawing
  private volatile boolean isClosed;

  /** Starts a server at a port, or at any free one for 0, and prints its address. */
  public LiveServer(int port, LiveSource run, Interruption interruption, Output output) {
    this.run = run;
    this.interruption = interruption;
    page = LivePage.page(run.title(), interruption != null);
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    secret = HexFormat.of().formatHex(random);
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", port);
    names = new HostNames(address.getAddress(), "localhost", List.of());
    try {
      listener = new HttpListener(address, MOST, SECONDS, this::handle);
    } catch (IOException e) {
      throw Problem.failure("port %s: %s, expected a free port (0: any)", port, e.getMessage());
    }
    listener.start();
    String url = "http://127.0.0.1:%s/%s/".formatted(listener.address().getPort(), secret);
    // Also with --quiet, as nobody can guess the address.
    new Result("live", output).say("Live at {url}", "url", url).end();
  }

  /** Checks the option before anything is read. */
  public static void check(Arguments arguments) {
    if (arguments.has("live")) {
      arguments.integer("live", 0, 65535);
    }
  }

  /** Starts the server that --live asks for; returns null without this option. */
  public static LiveServer of(
      Arguments arguments, LiveSource run, Interruption interruption, Output output) {
    return arguments.has("live")
        ? new LiveServer(arguments.integer("live", 0, 65535), run, interruption, output)
        : null;
  }

  private void handle(HttpRequest request, Problem problem, HttpAnswer answer) throws IOException {
    String host = request.authority();
    String origin = request.field("Origin");
    String[] parts = (request.path() + " ").split("/"); // nothing, the secret, what is asked for
    byte[] known = secret.getBytes(US_ASCII);
    boolean isKnown =
        parts.length == 3 && MessageDigest.isEqual(known, parts[1].getBytes(US_ASCII));
    String asked = isKnown ? request.method() + ' ' + parts[2].strip() : "";
    answer.field("Cache-Control", "no-store");
    if (problem != null) {
      send(answer, problem.exitCode, problem.getMessage());
    } else if (host != null && !names.accept(host)) {
      send(answer, 421, "another Host, expected 127.0.0.1");
    } else if (origin != null && !names.acceptOrigin(origin, host)) {
      send(answer, 403, "Origin of another server, expected this page");
    } else if (asked.equals("GET ")) {
      answer.field("Content-Security-Policy", HttpAnswer.POLICY);
      answer.set(200, "text/html; charset=utf-8");
      answer.write(answer.text().append(page));
      answer.end();
    } else if (asked.equals("GET events")) {
      answer.set(200, "text/event-stream");
      stream(answer);
    } else if (asked.equals("POST stop") && interruption != null) {
      interruption.request();
      send(answer, 200, "stops");
    } else {
      send(answer, 404, "nothing here, expected the address that the program printed");
    }
  }

  private static void send(HttpAnswer answer, int status, String text) throws IOException {
    answer.set(status, "text/plain; charset=utf-8");
    answer.write(answer.text().append(text).append('\n'));
    answer.end();
  }

  /** Sends what is known and then what is new, with signs of life in between. */
  private void stream(HttpAnswer answer) throws IOException {
    String sent = "";
    boolean isReported = false;
    while (!isClosed) {
      String now = drawn();
      answer.push(now.equals(sent) ? ":\n\n" : now);
      sent = now;
      if (run.hasEnded() && !isReported) {
        answer.push(report());
        isReported = true;
      }
      HttpListener.pause(TICK);
    }
    answer.push(
        drawn()
            + (isReported ? "" : report())
            + (!run.hasEnded() ? "" : "event: end\ndata: end\n\n"));
    answer.end();
  }

  /**
   * Returns the event with the report, which the page then shows without the server; or nothing.
   */
  private String report() throws IOException {
    String report = run.hasEnded() ? run.report() : null;
    return report == null
        ? ""
        : "event: report\ndata: " + report.replace("\n", "\ndata: ") + "\n\n";
  }

  /** Returns the event with the part of the page that changes, for all browsers together. */
  private synchronized String drawn() throws IOException {
    if (isClosed || System.nanoTime() - next >= 0) {
      run.read();
      long start = System.nanoTime();
      drawn = "data: " + run.html().replace("\n", "\ndata: ") + "\n\n";
      long end = System.nanoTime();
      next = end + Math.max(FASTEST, Math.min(end - began, REST * (end - start)));
    }
    return drawn;
  }

  /** Sends browsers the end, and closes. */
  @Override
  public void close() {
    isClosed = true;
    listener.close();
  }
}
