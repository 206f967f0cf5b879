package dev.lanewise.cli.http;

import dev.lanewise.cli.print.Problem;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A connection: its requests are answered one after the other. */
public final class HttpConnection implements Runnable, AutoCloseable {
  private static final long DRAIN =
      1 << 26; // maximum bytes to skip so that the client reads its answer

  /**
   * Bytes of answers in the kernel. Without a limit, the kernel takes megabytes for each client
   * that does not read, and the server is busy with filling them.
   */
  private static final int SEND = 1 << 17;

  /** Nanoseconds after which a client that reads nothing of its answer holds up other clients. */
  private static final long STALL = 1_000_000_000;

  private static final int IDLE_SECONDS = 30; // without a request

  /** What a connection asks of the listener that accepted it. */
  interface Owner {
    /** Returns what encrypts connections; null if nothing does. */
    SSLSocketFactory tls();

    HttpHandler handler();

    /** Returns the deadline for a request or an answer that begins now. */
    long deadline();

    /** Counts a new request; returns false if the server is closing. */
    boolean begin();

    /** Ends a request. */
    void end();

    /** Forgets a connection that is closed. */
    void remove(HttpConnection connection);
  }

  private enum Phase {
    /** Waits for the client to send a request. */
    READ,
    /** Waits for the handler without a limit. */
    HANDLE,
    /** Waits for the client to receive an answer. */
    WRITE
  }

  private final Owner listener;
  private final Socket socket;
  private Socket peer; // the socket, or TLS on it
  private volatile long deadline = idleDeadline();
  private volatile Phase phase = Phase.READ;
  private volatile long since = System.nanoTime(); // when the phase began, or a piece was taken

  HttpConnection(Owner listener, Socket socket) {
    this.listener = listener;
    this.socket = socket;
    peer = socket;
  }

  @Override
  public void run() {
    try {
      socket.setTcpNoDelay(true); // else a short answer may wait 40 ms for the client
      socket.setSendBufferSize(SEND);
      if (listener.tls() != null) {
        shakeHands();
      }
      OutputStream out = pieces(peer.getOutputStream());
      HttpRequest request = new HttpRequest(peer.getInputStream(), out, this::handles);
      request.waits = isNew -> awaitClient(isNew ? listener.deadline() : deadline);
      HttpAnswer answer = new HttpAnswer(request, out, this::writes);
      boolean goesOn = true;
      while (goesOn && request.await()) {
        goesOn = listener.begin() && answer(request, answer);
      }
      peer.close(); // TLS then says that nothing is cut off
    } catch (IOException | OutOfMemoryError e) {
      // The client is gone, or there is no memory for an answer.
    } finally {
      close();
    }
  }

  /** Returns when an idle connection is closed. */
  private static long idleDeadline() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
  }

  private void shakeHands() throws IOException {
    awaitClient(listener.deadline());
    SSLSocket tls = (SSLSocket) listener.tls().createSocket(socket, null, true);
    tls.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    tls.startHandshake();
    tls.setEnabledProtocols(new String[] {"TLSv1.3"}); // ends renegotiation, which TLS 1.2 allows
    peer = tls;
    awaitClient(idleDeadline());
  }

  /** Notes when the client takes a piece of an answer. */
  private OutputStream pieces(OutputStream to) {
    return new FilterOutputStream(to) {
      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
        since = System.nanoTime();
      }
    };
  }

  /** Answers a request; returns false if the connection then ends. */
  private boolean answer(HttpRequest request, HttpAnswer answer) throws IOException {
    try {
      awaitClient(listener.deadline());
      answer.reset();
      Problem problem = null;
      try {
        request.readHead();
      } catch (Problem e) {
        problem = e;
        answer.close(true);
      }
      listener.handler().handle(request, problem, answer);
    } finally {
      awaitClient(idleDeadline());
      listener.end();
    }
    if (!answer.closes()) {
      request.skip();
      return true;
    }
    if (!request.hasEnded()) {
      awaitClient(listener.deadline());
      peer.shutdownOutput();
      request.drain(socket.getInputStream(), DRAIN);
    }
    return false;
  }

  /** Waits for the client with a time limit. */
  private void awaitClient(long until) {
    deadline = until;
    since = System.nanoTime();
    phase = Phase.READ;
  }

  private void handles() {
    phase = Phase.HANDLE;
  }

  private void writes() {
    deadline = listener.deadline();
    since = System.nanoTime();
    phase = Phase.WRITE;
  }

  /** Returns whether it waits for the client, which may be slow or gone. */
  boolean waits() {
    return phase != Phase.HANDLE;
  }

  /**
   * Returns whether the client does not read its answer, so that other answers may take its memory.
   */
  public boolean isStalled() {
    return phase == Phase.WRITE && waited() > STALL;
  }

  /** Returns the nanoseconds since the client did something. */
  long waited() {
    return System.nanoTime() - since;
  }

  boolean isOverdue(long now) {
    return phase != Phase.HANDLE && now - deadline > 0;
  }

  /** Closes the socket, even while a thread reads or writes, for which TLS would wait. */
  @Override
  public void close() {
    listener.remove(this);
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed then.
    }
  }
}
