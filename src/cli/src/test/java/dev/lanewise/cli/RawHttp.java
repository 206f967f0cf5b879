package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.terminal.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A connection on which a test can send any bytes. */
public final class RawHttp implements Closeable {
  final Socket socket;
  private final InputStream in;

  /** An answer; the names of its headers are in lower case. */
  public record Response(int status, Map<String, String> headers, String body) {
    boolean closes() {
      return "close".equalsIgnoreCase(headers.get("connection"));
    }

    public Map<String, Object> json() {
      return JsonReader.object(body.strip().replace("\n", ""));
    }

    /** Checks that the answer is an error with this status and message. */
    Response refused(int expected, String error) {
      assertEquals(error, error());
      assertEquals(expected, status);
      return this;
    }

    /** Returns the message of an error. */
    String error() {
      assertTrue(headers.get("content-type").startsWith("application/json"), toString());
      return (String) json().get("error");
    }
  }

  RawHttp(InetSocketAddress address) throws IOException {
    this(new Socket(address.getAddress(), address.getPort()));
  }

  RawHttp(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(600_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  RawHttp send(String bytes) throws IOException {
    return send(bytes.getBytes(UTF_8));
  }

  RawHttp send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  static byte[] request(String method, String path, byte[] body, String... headers) {
    StringBuilder head =
        new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    if (body != null) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
    all.writeBytes(body == null ? new byte[0] : body);
    return all.toByteArray();
  }

  public Response get(String path, String... headers) throws IOException {
    return send(request("GET", path, null, headers)).receive();
  }

  public Response post(byte[] body, String... headers) throws IOException {
    return send(request("POST", "/predict", body, headers)).receive();
  }

  public Response postTo(String path, String body, String... headers) throws IOException {
    return send(request("POST", path, body.getBytes(UTF_8), headers)).receive();
  }

  public Response post(String body, String... headers) throws IOException {
    return post(body.getBytes(UTF_8), headers);
  }

  /** Returns the tensor of an answer at /v2 to the first columns of rows of CSV, as texts. */
  List<?> tensor(String name, List<String> csv, int columns) throws IOException {
    String[] names = csv.get(0).split(",");
    List<Json> inputs = new ArrayList<>();
    for (int c = 0; c < columns; c++) {
      int column = c;
      List<String> texts = csv.stream().skip(1).map(line -> line.split(",", -1)[column]).toList();
      Json input = new Json().put("name", names[c]).put("shape", List.of(texts.size()));
      inputs.add(input.put("datatype", "BYTES").put("data", texts));
    }
    Response answer =
        postTo(
            "/v2/models/model/infer",
            new Json().put("inputs", inputs).toString(),
            "Content-Type: application/json");
    for (Object output : (List<?>) answer.json().getOrDefault("outputs", List.of())) {
      if (((Map<?, ?>) output).get("name").equals(name)) {
        return (List<?>) ((Map<?, ?>) output).get("data");
      }
    }
    throw new AssertionError("no output " + name + ": " + answer.body());
  }

  /** Reads a whole answer. */
  Response receive() throws IOException {
    return receive(false);
  }

  Response receive(boolean isHead) throws IOException {
    int status;
    Map<String, String> headers;
    do {
      status = Integer.parseInt(line().split(" ")[1]);
      headers = new LinkedHashMap<>();
      for (String line = line(); !line.isEmpty(); line = line()) {
        String[] parts = line.split(": ", 2);
        headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
      }
    } while (status == 100);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (isHead) {
      return new Response(status, headers, "");
    } else if ("chunked".equals(headers.get("transfer-encoding"))) {
      for (int size = -1; size != 0; ) {
        size = Integer.parseInt(line(), 16);
        body.writeBytes(bytes(size));
        line();
      }
    } else {
      body.writeBytes(bytes(Integer.parseInt(headers.get("content-length"))));
    }
    byte[] bytes = body.toByteArray();
    return new Response(status, headers, new String(bytes, UTF_8));
  }

  private byte[] bytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("an answer that breaks off");
    }
    return bytes;
  }

  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("no answer, or one that breaks off: " + line);
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }

  /** Waits for the server, and returns whether it closes the connection. */
  boolean isClosedByServer() throws IOException {
    try {
      return in.read() < 0;
    } catch (IOException e) {
      return !(e instanceof SocketTimeoutException); // the server reset the connection
    }
  }

  /** Closes the connection without waiting for what is under way. */
  void abort() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is closed then.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
