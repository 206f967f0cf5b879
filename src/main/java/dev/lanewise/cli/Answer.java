package dev.lanewise.cli;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** The body of an answer: a short one is sent as a whole, a longer one in pieces. */
final class Answer extends OutputStream {
  private static final int SHORT = 1 << 15;

  private final HttpExchange exchange;
  private final int status;
  private final boolean isHead;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream(512);
  private OutputStream out; // once it has begun

  Answer(HttpExchange exchange, int status) {
    this.exchange = exchange;
    this.status = status;
    isHead = exchange.getRequestMethod().equals("HEAD");
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    if (out != null) {
      out.write(bytes, from, count);
      return;
    }
    held.write(bytes, from, count);
    if (held.size() > SHORT && !isHead) {
      begin(0);
    }
  }

  private void begin(long length) throws IOException {
    exchange.sendResponseHeaders(status, length);
    out = exchange.getResponseBody();
    if (length >= 0) {
      held.writeTo(out);
    }
  }

  /** Sends what there is; the exchange stays open. */
  @Override
  public void flush() throws IOException {
    if (out == null) {
      if (isHead) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(held.size()));
      }
      begin(isHead || held.size() == 0 ? -1 : held.size());
    }
    out.flush();
  }

  @Override
  public void close() throws IOException {
    flush();
    out.close();
  }
}
