package dev.lanewise.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.lanewise.format.internal.Message;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Words;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The requests on one connection (HTTP/1.1, RFC 9112). The parser is strict, so that a proxy before
 * this server always agrees where a request ends. The next request uses the same buffers.
 */
public final class HttpRequest extends InputStream {
  private static final int MOST_HEAD = 1 << 15; // bytes
  private static final int MOST_FIELDS = 100;
  private static final int MOST_LINE = 1000; // bytes, of a line between chunks
  private static final long SMALL = 1 << 16; // bytes of a body that are worth skipping
  // digits of a length; larger numbers are too large anyway
  private static final int MOST_DIGITS = 18;
  private static final int ROOM = 1 << 13;

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern NAME = Pattern.compile(TOKEN);
  private static final Pattern LINE =
      Pattern.compile("(" + TOKEN + ") (\\S+) (HTTP/[0-9](?:\\.[0-9])?)");

  /** An optional server, as in requests to a proxy, a path, and a query, which is ignored. */
  private static final Pattern TARGET =
      Pattern.compile("(?:(?i:https?)://([^/?#]*)|(?=/))(/[!\"$->@-~]*)?(?:\\?[!\"$-~]*)?");

  /** A name or an address, and perhaps a port. */
  private static final Pattern HOST =
      Pattern.compile("(?:[0-9A-Za-z._~!$&'()*+,;=%-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]*)?");

  /** The size of a chunk, and extensions, which are ignored. */
  private static final Pattern SIZE =
      Pattern.compile(
          "([0-9a-fA-F]{1,15})(?:[ \t]*;[ \t]*NAME(?:[ \t]*=[ \t]*(?:NAME|\"(?:[^\\\\\"]|\\\\.)*+\"))?)*"
              .replace("NAME", TOKEN));

  /** Fields that may occur once only: of two values, another program might use the other one. */
  private static final Set<String> ONCE =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "authorization",
          "content-encoding",
          "content-type");

  private final InputStream in;
  private final OutputStream out;
  public final Runnable ends;

  /** Runs before a stream waits for its client, with whether the client has its time anew. */
  public Consumer<Boolean> waits = isNew -> {};

  private byte[] buffer = new byte[1 << 12];
  private int from; // begin and end of the bytes that are not used yet
  private int to;
  private byte[] room;

  private String method;
  private String path;
  private String authority;
  private final Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private boolean isChunked;
  private boolean awaitsContinue;
  private long left; // bytes left of the body or of the current chunk
  private boolean hasEnded;

  /**
   * Makes the requests of a connection.
   *
   * @param ends runs when a request was read to its end
   */
  public HttpRequest(InputStream in, OutputStream out, Runnable ends) {
    this.in = in;
    this.out = out;
    this.ends = ends;
  }

  /** Waits for the first byte of a request; returns false at the end of the connection. */
  public boolean await() throws IOException {
    hasEnded = false;
    method = "";
    path = "";
    fields.clear();
    while (from < to || fill()) {
      if (buffer[from] != '\r' || to - from == 1 && !fill() || buffer[from + 1] != '\n') {
        return true;
      }
      from += 2; // some clients end a body with a line
    }
    return false;
  }

  /** Reads more into the buffer; returns false at the end. */
  private boolean fill() throws IOException {
    if (from == to) {
      from = 0;
      to = 0;
    } else if (to == buffer.length) {
      if (from > 0) {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
      } else {
        buffer = Arrays.copyOf(buffer, 2 * buffer.length);
      }
    }
    int more = in.read(buffer, to, buffer.length - to);
    to += Math.max(0, more);
    return more > 0;
  }

  /**
   * Reads a request up to its body.
   *
   * @throws Problem with a status if it breaks a rule
   */
  public void readHead() throws IOException {
    String head = lines("head", 414);
    int end = head.indexOf("\r\n");
    readLine(head.substring(0, end));
    readFields(head, end + 2, fields);
    String host = field("Host");
    if (authority == null) {
      authority = host;
    }
    if (host == null) {
      throw wrong("no Host, expected one");
    }
    checkHost(authority);
    if (host != authority) { // the same object where the target names no host
      checkHost(host);
    }
    frame();
  }

  private static void checkHost(String host) {
    if (!HOST.matcher(host).matches()) {
      throw wrong("Host %s, expected a name or an address, and perhaps a port", tame(host));
    }
  }

  /**
   * Reads lines up to an empty one, and returns them with their ends.
   *
   * @param status for a first line that is too long
   */
  private String lines(String where, int status) throws IOException {
    int last = 0;
    int next = endOfLine(0, MOST_HEAD, where, status);
    while (next - last > 2) {
      last = next;
      next = endOfLine(last, MOST_HEAD, where, 431);
    }
    String lines = new String(buffer, from, last, ISO_8859_1);
    from += next;
    return lines;
  }

  /**
   * Waits for the end of a line, and returns the offset after it.
   *
   * @param at offset of the line from the first unused byte
   * @param most maximum bytes up to its end
   * @param status for more bytes
   */
  private int endOfLine(int at, int most, String where, int status) throws IOException {
    byte last = 0;
    for (int end = at; ; end++) {
      if (end > most) {
        throw Problem.refusal(
            status,
            "request: a %s of more than %s bytes, expected at most this number",
            where,
            most);
      }
      if (end == to - from && !fill()) {
        throw wrong("the end within the %s, expected an empty line", where);
      }
      byte c = buffer[from + end];
      if ((c == '\n') != (last == '\r')
          || c >= 0 && c < ' ' && "\r\n\t".indexOf(c) < 0
          || c == 127) {
        throw wrong(
            "byte %s in the %s, expected text in lines that end with \\r\\n", c & 0xff, where);
      }
      if (c == '\n') {
        return end + 1;
      }
      last = c;
    }
  }

  private void readLine(String text) {
    Matcher line = LINE.matcher(text);
    if (!line.matches()) {
      throw wrong("no request line, expected a line such as GET / HTTP/1.1");
    }
    method = line.group(1);
    String version = line.group(3);
    // a later minor version is compatible
    if (!version.startsWith("HTTP/1.") || version.equals("HTTP/1.0")) {
      throw Problem.refusal(505, "request: version %s, expected HTTP/1.1", version);
    }
    Matcher target = TARGET.matcher(line.group(2));
    if (!target.matches()) {
      throw wrong("target %s, expected a path such as /predict", tame(line.group(2)));
    }
    authority = target.group(1);
    path = target.group(2) == null ? "/" : target.group(2);
  }

  /** Reads fields. Several lines with the same name become one field, a list. */
  private static void readFields(String lines, int from, Map<String, String> to) {
    int count = 0;
    int end;
    for (int at = from; at < lines.length(); at = end + 2) {
      end = lines.indexOf("\r\n", at);
      String line = lines.substring(at, end);
      int colon = line.indexOf(':');
      if (colon < 0 || !NAME.matcher(line.substring(0, colon)).matches()) {
        throw wrong(
            "a line of the head that is not a header field, expected a field such as"
                + " Accept: text/csv");
      }
      String name = line.substring(0, colon);
      String value = line.substring(colon + 1).trim();
      boolean isFirst = to.merge(name, value, (a, b) -> a + ", " + b) == value;
      if (!isFirst && ONCE.contains(name.toLowerCase(Locale.ROOT))) {
        throw wrong("%s twice, expected once", name);
      }
      if (++count > MOST_FIELDS) {
        throw Problem.refusal(
            431, "request: more than %s fields, expected at most this number", MOST_FIELDS);
      }
    }
  }

  /**
   * Reads the length of the body. Two lengths are refused, because another program might use the
   * other one.
   */
  private void frame() {
    String encoding = field("Transfer-Encoding");
    String length = field("Content-Length");
    isChunked = encoding != null;
    left = 0;
    if (isChunked && !encoding.equalsIgnoreCase("chunked")) {
      List<String> codings = list("Transfer-Encoding");
      int last = codings.size() - 1;
      // chunked comes last, and only once
      boolean isFramed = last > 0 && codings.indexOf("chunked") == last;
      throw Problem.refusal(
          isFramed ? 501 : 400,
          "request: Transfer-Encoding " + tame(encoding) + ", expected chunked");
    } else if (isChunked && length != null) {
      throw wrong(
          "Transfer-Encoding together with Content-Length, expected a single statement of the"
              + " length");
    } else if (length != null) {
      if (!length.matches("[0-9]+")) {
        throw wrong("Content-Length %s, expected a number", tame(length));
      }
      left = length.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(length);
    }
    if (!isChunked && left == 0) {
      end();
    }
    String expected = field("Expect");
    if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
      throw Problem.refusal(417, "request: Expect " + tame(expected) + ", expected 100-continue");
    }
    awaitsContinue = expected != null && !hasEnded && from == to;
  }

  /**
   * Returns the beginning of a text of a client, with question marks for unprintable characters.
   */
  public static String tame(String text) {
    return Words.of(Message.of("%s", text.replaceAll("[^ -~]", "?")));
  }

  private static Problem wrong(String problem, Object... parts) {
    return Problem.refusal(400, "request: " + problem.formatted(parts));
  }

  /**
   * Returns the value of a field, or null. The values of several lines with its name are joined by
   * commas.
   */
  public String field(String name) {
    return fields.get(name);
  }

  /** Returns the value of a field in lower case, or an empty text. */
  public String lower(String name) {
    String value = field(name);
    return value == null ? "" : value.toLowerCase(Locale.ROOT);
  }

  /** Returns the elements of a field that is a list, in lower case; empty ones do not count. */
  private List<String> list(String name) {
    return Arrays.stream(lower(name).split(","))
        .map(String::trim)
        .filter(element -> !element.isEmpty())
        .toList();
  }

  /** Returns the method; empty before the head is read. */
  public String method() {
    return method;
  }

  /** Returns the path of the target without the query. */
  public String path() {
    return path;
  }

  /** Returns the host that the client names, perhaps with a port. */
  public String authority() {
    return authority;
  }

  public boolean hasEnded() {
    return hasEnded;
  }

  /** Returns the announced length of the body. */
  public long announced() {
    return isChunked ? 0 : left;
  }

  public byte[] room() {
    if (room == null) {
      room = new byte[ROOM];
    }
    return room;
  }

  boolean wantsClose() {
    return list("Connection").contains("close");
  }

  /** Returns whether little of the body is left to skip before the next request. */
  boolean canGoOn() {
    return hasEnded || !isChunked && !awaitsContinue && left <= SMALL;
  }

  /** Skips the rest of the body. */
  public void skip() throws IOException {
    while (read(room(), 0, ROOM) >= 0) {
      continue; // until the end
    }
  }

  /**
   * Skips input until the client closes the connection; some clients read their answer only then.
   */
  void drain(InputStream socket, long most) throws IOException {
    int count = 0;
    for (long drained = 0; drained < most && count >= 0; drained += count) {
      count = socket.read(room(), 0, ROOM);
    }
  }

  /**
   * Reads from the body.
   *
   * @return the number of bytes, or -1 at the end
   * @throws IOException if the body ends early or a chunk is malformed
   */
  @Override
  public int read(byte[] bytes, int at, int most) throws IOException {
    if (awaitsContinue) {
      awaitsContinue = false;
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
    }
    if (!hasEnded && left == 0) {
      beginChunk();
    }
    if (hasEnded) {
      return -1;
    }
    int count = (int) Math.min(most, left);
    if (from < to) {
      count = Math.min(count, to - from);
      System.arraycopy(buffer, from, bytes, at, count);
      from += count;
    } else {
      count = in.read(bytes, at, count);
    }
    if (count < 0) {
      throw new EOFException();
    }
    left -= count;
    if (left == 0 && isChunked && !line().isEmpty()) {
      throw wrong("a chunk that is longer than its size");
    }
    if (left == 0 && !isChunked) {
      end();
    }
    return count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  private void end() {
    hasEnded = true;
    ends.run();
  }

  private void beginChunk() throws IOException {
    Matcher size = SIZE.matcher(line());
    if (!size.matches()) {
      throw wrong("a chunk without a size, expected hexadecimal digits");
    }
    left = Long.parseLong(size.group(1), 16);
    if (left == 0) {
      // The fields after the body are checked, and ignored.
      readFields(lines("trailer", 431), 0, new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
      end();
    }
  }

  /** Reads a line between chunks, without its end. */
  private String line() throws IOException {
    int length = endOfLine(0, MOST_LINE, "line between chunks", 400);
    String line = new String(buffer, from, length - 2, ISO_8859_1);
    from += length;
    return line;
  }
}
