package dev.lanewise.spark;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Connections of a task to the other tasks of a training in shards. Each pair of tasks has one.
 * Both ends prove that they know the secret of the training. A message has a number and a length,
 * which the reader knows before, and anything else ends the training. Every wait has a limit: a
 * task that computes for long sends signs of life, so a silent one is lost.
 *
 * <p>The first problem closes all connections, so that all tasks end.
 */
final class ShardLinks implements Closeable {
  private static final int NONCE = 16;
  private static final String MAC = "HmacSHA256";
  private static final int BACKLOG = 64;

  /** Number of a message without content, by which a task shows that it is alive. */
  private static final int ALIVE = -1;

  /** Milliseconds within which a new connection must prove itself. */
  private static final int PROOF = 5000;

  private static final byte[] END = {};

  private final int rank;
  private final byte[] secret;
  private final int limit; // of a wait, in milliseconds
  private final ServerSocket server;
  private Link[] links; // by rank; null at the own one
  private String[] names;
  private int sent; // number of messages to each other task
  private int received;
  private long bytes;

  /**
   * Listens for the other tasks.
   *
   * @param secret of the training, which all tasks have
   * @param seconds limit of a wait
   */
  ShardLinks(String host, int rank, byte[] secret, long seconds) throws IOException {
    this.rank = rank;
    this.secret = secret;
    this.limit = (int) Math.min(Integer.MAX_VALUE, seconds * 1000);
    this.server = new ServerSocket(0, BACKLOG, InetAddress.getByName(host));
  }

  int port() {
    return server.getLocalPort();
  }

  /** Returns the number of bytes of the messages that this task has sent. */
  long bytesSent() {
    return bytes;
  }

  /** Returns how many messages each other task has got; it waits for one after the other. */
  int rounds() {
    return sent;
  }

  int count() {
    return links.length;
  }

  /**
   * Connects to all other tasks.
   *
   * @param addresses host and port of each task, by rank
   */
  void connect(List<InetSocketAddress> addresses) throws IOException {
    links = new Link[addresses.size()];
    names = new String[links.length];
    for (int r = 0; r < links.length; r++) {
      names[r] = "%s of %s (%s)".formatted(r + 1, links.length, addresses.get(r).getHostString());
    }
    long end = System.nanoTime() + limit * 1_000_000L;
    try {
      for (int other = 0; other < rank; other++) {
        Socket socket = new Socket();
        socket.connect(addresses.get(other), limit);
        socket.setSoTimeout(limit);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        byte[] asked = in.readNBytes(NONCE);
        byte[] own = nonce();
        out.writeInt(rank);
        out.write(own);
        out.write(proof(asked, rank));
        out.flush();
        if (!MessageDigest.isEqual(proof(own, other), in.readNBytes(proof(own, other).length))) {
          throw new IOException("the other end does not know the secret of the training");
        }
        links[other] = new Link(socket, in);
      }
      while (missing() >= 0) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new SocketTimeoutException();
        }
        server.setSoTimeout((int) left);
        accept(server.accept());
      }
    } catch (SocketTimeoutException e) {
      close();
      throw new IOException(silent(names[Math.max(0, missing())]), e);
    } catch (IOException e) {
      close();
      throw e;
    }
    server.close();
  }

  /** Returns the first task to which there is no connection; -1 if there is none. */
  private int missing() {
    for (int r = 0; r < links.length; r++) {
      if (r != rank && links[r] == null) {
        return r;
      }
    }
    return -1;
  }

  /** Takes a connection if its other end proves to be a task that is missing, or closes it. */
  private void accept(Socket socket) throws IOException {
    try {
      socket.setSoTimeout(Math.min(PROOF, limit));
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      byte[] own = nonce();
      out.write(own);
      out.flush();
      int other = in.readInt();
      byte[] asked = in.readNBytes(NONCE);
      byte[] expected = proof(own, other);
      boolean isMissing = other > rank && other < links.length && links[other] == null;
      if (isMissing && MessageDigest.isEqual(expected, in.readNBytes(expected.length))) {
        out.write(proof(asked, rank));
        out.flush();
        socket.setSoTimeout(limit);
        links[other] = new Link(socket, in);
        return;
      }
    } catch (IOException e) {
      // A foreign connection says nothing or nonsense; a task that fails here is missed later.
    }
    socket.close();
  }

  private static byte[] nonce() {
    byte[] nonce = new byte[NONCE];
    new SecureRandom().nextBytes(nonce);
    return nonce;
  }

  /** Returns what only a task that has the secret can answer to a nonce. */
  private byte[] proof(byte[] nonce, int from) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(secret, MAC));
      mac.update(nonce);
      mac.update(new byte[] {(byte) (from >> 8), (byte) from});
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String silent(String name) {
    return "executor task %s has not answered".formatted(name);
  }

  /** Begins the next message, which {@link #send} then sends to each other task. */
  void begin() {
    sent++;
  }

  /** Sends bytes to another task, which must not change before an answer to them. */
  void send(int other, byte[] content, int length) {
    bytes += length;
    links[other].queue.add(new Message(sent, content, length));
  }

  /** Expects the next message of each other task, which {@link #receive} then reads. */
  void await() {
    received++;
  }

  /** Reads the message of another task, of a length that is known. */
  void receive(int other, byte[] content, int length) {
    DataInputStream in = links[other].in;
    try {
      int number = in.readInt();
      int found = in.readInt();
      while (number == ALIVE && found == 0) {
        number = in.readInt();
        found = in.readInt();
      }
      if (number != received || found != length) {
        String problem = "executor task %s sent message %s of %s bytes, expected message %s of %s";
        throw new IOException(problem.formatted(names[other], number, found, received, length));
      }
      in.readFully(content, 0, length);
    } catch (SocketTimeoutException e) {
      close();
      throw new UncheckedIOException(new IOException(silent(names[other]), e));
    } catch (IOException e) {
      close();
      String reason = e.getMessage() == null ? "closed" : e.getMessage();
      String problem = "connection to executor task %s: %s".formatted(names[other], reason);
      throw new UncheckedIOException(new IOException(problem, e));
    }
  }

  /** Sends what is waiting, and closes all connections. */
  void finish() {
    for (Link link : links) {
      if (link != null) {
        link.queue.add(new Message(0, END, 0));
      }
    }
    for (Link link : links) {
      if (link != null) {
        link.join(limit);
      }
    }
    close();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      // It listens no more.
    }
    for (int r = 0; links != null && r < links.length; r++) {
      if (links[r] != null) {
        links[r].close();
      }
    }
  }

  private record Message(int number, byte[] content, int length) {}

  /** A connection to another task, and the thread that writes to it. */
  private final class Link {
    final BlockingQueue<Message> queue = new LinkedBlockingQueue<>();
    final DataInputStream in;
    private final Socket socket;
    private final Thread writer;

    Link(Socket socket, DataInputStream in) throws IOException {
      this.socket = socket;
      this.in = in;
      socket.setTcpNoDelay(true);
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
      writer = new Thread(() -> write(out), "lanewise-shards");
      writer.setDaemon(true);
      writer.start();
    }

    private void write(DataOutputStream out) {
      try {
        while (true) {
          Message next = queue.poll(limit / 4, TimeUnit.MILLISECONDS);
          if (next != null && next.content == END) {
            return;
          }
          out.writeInt(next == null ? ALIVE : next.number);
          out.writeInt(next == null ? 0 : next.length);
          if (next != null) {
            out.write(next.content, 0, next.length);
          }
          out.flush();
        }
      } catch (IOException | InterruptedException e) {
        ShardLinks.this.close();
      }
    }

    void join(int millis) {
      try {
        writer.join(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void close() {
      writer.interrupt();
      try {
        socket.close();
      } catch (IOException e) {
        // The other end notices.
      }
    }
  }
}
