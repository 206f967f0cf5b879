package dev.lanewise.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The answers on one connection. A short answer is sent as a whole with its head, a longer one in
 * pieces. The next answer uses the same buffers.
 */
public final class HttpAnswer extends OutputStream {
  /** The media type of JSON. */
  public static final String JSON = "application/json";

  private static final int SHORT = 1 << 15;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final OutputStream out;
  private final HttpRequest request;
  private final Runnable begins;
  // the body until it is sent
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream(); // the next bytes to send
  private final StringBuilder fields = new StringBuilder();
  private final StringBuilder head = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private String type;
  private int status;
  private boolean closes;
  private boolean hasBegun;
  private boolean isChunked;

  /**
   * Makes the answers of a connection.
   *
   * @param begins runs when an answer begins to be sent
   */
  public HttpAnswer(HttpRequest request, OutputStream out, Runnable begins) {
    this.request = request;
    this.out = out;
    this.begins = begins;
  }

  /** Starts a new answer. */
  public void reset() {
    fields.setLength(0);
    clear();
    sent.reset();
    type = "application/json";
    status = 0;
    closes = false;
    hasBegun = false;
    isChunked = false;
  }

  /** Sets the status and the type of the body. */
  public void set(int newStatus, String newType) {
    status = newStatus;
    type = newType;
  }

  public int status() {
    return status;
  }

  /** Adds a field of printable ASCII. */
  public void field(String name, String value) {
    fields.append(name).append(": ").append(value).append("\r\n");
  }

  public void close(boolean isLast) {
    closes |= isLast;
  }

  public boolean closes() {
    return closes;
  }

  public boolean hasBegun() {
    return hasBegun;
  }

  public void clear() {
    held.reset();
  }

  /** Returns an empty buffer for a part of the body; each answer uses the same one. */
  public StringBuilder text() {
    text.setLength(0);
    return text;
  }

  /** Writes a text and empties it. */
  public void write(StringBuilder characters) throws IOException {
    write(characters.toString().getBytes(UTF_8));
    characters.setLength(0);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    for (int at = 0; at < count; at += SHORT) { // so that a long text takes no second memory
      held.write(bytes, from + at, Math.min(SHORT, count - at));
      if (held.size() > SHORT && !request.method().equals("HEAD")) {
        sendPiece();
      }
    }
  }

  private void sendPiece() throws IOException {
    if (!hasBegun) {
      isChunked = true;
      begin("Transfer-Encoding: chunked\r\n");
    }
    send();
  }

  /** Gives the client its time limit for what comes next. */
  public void awaitClient() {
    begins.run();
  }

  /** Sends what is held at once. From then on, the client has its time limit for the next piece. */
  public void push() throws IOException {
    begins.run();
    sendPiece();
  }

  /** Writes the head before the next bytes. */
  private void begin(String length) {
    begins.run();
    hasBegun = true;
    closes |= request.wantsClose() || !request.canGoOn();
    head.setLength(0);
    head.append("HTTP/1.1 ").append(status).append(' ').append(reason(status));
    head.append("\r\nDate: ")
        .append(DATE.format(Instant.now()))
        .append("\r\nContent-Type: ")
        .append(type);
    head.append("\r\nX-Content-Type-Options: nosniff\r\n").append(fields).append(length);
    head.append(closes ? "Connection: close\r\n\r\n" : "\r\n");
    send(head.toString());
  }

  private void send() throws IOException {
    boolean isPiece = isChunked && held.size() > 0;
    send(isPiece ? Integer.toHexString(held.size()) + "\r\n" : "");
    if (!request.method().equals("HEAD")) {
      held.writeTo(sent);
    }
    send(isPiece ? "\r\n" : "");
    held.reset();
    sent.writeTo(out);
    sent.reset();
  }

  private void send(String text) {
    sent.writeBytes(text.getBytes(UTF_8));
  }

  public void end() throws IOException {
    if (!hasBegun) {
      begin("Content-Length: " + held.size() + "\r\n");
    } else if (isChunked) {
      send();
      isChunked = false;
      send("0\r\n\r\n");
    }
    send();
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 417 -> "Expectation Failed";
      case 421 -> "Misdirected Request";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      case 505 -> "HTTP Version Not Supported";
      default -> "";
    };
  }
}
