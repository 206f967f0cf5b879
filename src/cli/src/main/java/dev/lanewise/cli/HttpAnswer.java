package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/**
 * The answers of one connection, one after the other: a short one is sent as a whole with its head,
 * a longer one in pieces. Buffers are used again for the next answer.
 */
final class HttpAnswer extends OutputStream {
  private static final int SHORT = 1 << 15;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static volatile Moment moment = new Moment(0, "");

  private final OutputStream out;
  private final HttpRequest request;
  private final Runnable begins;
  private final Bytes held = new Bytes(); // of the body
  private final Bytes sent = new Bytes(); // at once
  private final StringBuilder fields = new StringBuilder();
  private final StringBuilder head = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private String type;
  private int status;
  private boolean closes;
  private boolean hasBegun;
  private boolean isChunked;

  private record Moment(long second, String date) {}

  /** A buffer that grows, and is used again after its bytes are sent. */
  private static final class Bytes {
    private byte[] bytes = new byte[1 << 9];
    private int size;

    void add(byte[] more, int from, int count) {
      ensure(count);
      System.arraycopy(more, from, bytes, size, count);
      size += count;
    }

    void add(CharSequence text) {
      int length = text.length();
      ensure(length);
      for (int i = 0; i < length; i++) {
        char c = text.charAt(i);
        if (c >= 0x80) {
          byte[] rest = text.subSequence(i, length).toString().getBytes(UTF_8);
          add(rest, 0, rest.length);
          return;
        }
        bytes[size++] = (byte) c; // copies nothing
      }
    }

    private void ensure(int count) {
      if (size + count > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(size + count, 2 * bytes.length));
      }
    }
  }

  /**
   * For a connection.
   *
   * @param begins is run when an answer begins to be sent
   */
  HttpAnswer(HttpRequest request, OutputStream out, Runnable begins) {
    this.request = request;
    this.out = out;
    this.begins = begins;
  }

  /** Starts a new answer. */
  void reset() {
    fields.setLength(0);
    clear();
    sent.size = 0;
    type = "application/json";
    status = 0;
    closes = false;
    hasBegun = false;
    isChunked = false;
  }

  /** Sets the status, 0 as long as there is none, and what the body is. */
  void set(int newStatus, String newType) {
    status = newStatus;
    type = newType;
  }

  int status() {
    return status;
  }

  /** Adds a field of printable ASCII. */
  void field(String name, String value) {
    fields.append(name).append(": ").append(value).append("\r\n");
  }

  void close(boolean isLast) {
    closes |= isLast;
  }

  boolean closes() {
    return closes;
  }

  boolean hasBegun() {
    return hasBegun;
  }

  void clear() {
    held.size = 0;
  }

  /** An empty text to put a part of the body together, the same for each answer. */
  StringBuilder text() {
    text.setLength(0);
    return text;
  }

  /** Writes a text and empties it. */
  void write(StringBuilder characters) throws IOException {
    held.add(characters);
    characters.setLength(0);
    sendIfLong();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    held.add(bytes, from, count);
    sendIfLong();
  }

  private void sendIfLong() throws IOException {
    if (held.size > SHORT && !request.method().equals("HEAD")) {
      if (!hasBegun) {
        isChunked = !request.isOld();
        closes |= request.isOld(); // which knows no other end of such an answer
        begin(isChunked ? "Transfer-Encoding: chunked\r\n" : "");
      }
      send();
    }
  }

  /** Writes the head before the next bytes. */
  private void begin(String length) {
    begins.run();
    hasBegun = true;
    closes |= request.wantsClose() || !request.canGoOn();
    head.setLength(0);
    head.append("HTTP/1.1 ").append(status).append(' ').append(reason(status));
    head.append("\r\nDate: ").append(date()).append("\r\nContent-Type: ").append(type);
    head.append("\r\nX-Content-Type-Options: nosniff\r\n").append(fields).append(length);
    if (closes) {
      head.append("Connection: close\r\n");
    } else if (request.isOld()) {
      head.append("Connection: keep-alive\r\n");
    }
    head.append("\r\n");
    sent.add(head);
  }

  private void send() throws IOException {
    boolean isPiece = isChunked && held.size > 0;
    if (isPiece) {
      sent.add(Integer.toHexString(held.size) + "\r\n");
    }
    if (!request.method().equals("HEAD")) {
      sent.add(held.bytes, 0, held.size);
    }
    if (isPiece) {
      sent.add("\r\n");
    }
    held.size = 0;
    out.write(sent.bytes, 0, sent.size);
    sent.size = 0;
  }

  void end() throws IOException {
    if (!hasBegun) {
      begin("Content-Length: " + held.size + "\r\n");
    } else if (isChunked) {
      send();
      isChunked = false;
      sent.add("0\r\n\r\n");
    }
    send();
  }

  private static String date() {
    long second = System.currentTimeMillis() / 1000;
    Moment last = moment;
    if (last.second != second) {
      last = new Moment(second, DATE.format(Instant.ofEpochSecond(second)));
      moment = last;
    }
    return last.date;
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 413 -> "Content Too Large";
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
