package dev.lanewise.serve;

import dev.lanewise.terminal.Problem;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Accepts connections, each with a thread of its own. The thread sleeps in the kernel until its
 * client sends, so that a request wakes one thread only. (The JDK's HTTP server hands each request
 * from the thread of its selector to another one and back, reads heads on the threads of the
 * handlers, and allocates 24 KB for a request.) A slow client occupies a thread and some kilobytes
 * until its time is over. If there are too many connections, those that have waited longest are
 * closed.
 */
public final class HttpListener implements AutoCloseable {
  /** Answers the requests of a server. */
  public interface Handler {
    /**
     * Answers a request whose head has been read.
     *
     * @param problem what is wrong with the head, or null
     */
    void handle(HttpRequest request, Problem problem, HttpAnswer answer) throws IOException;
  }

  /** Maximum number of connections. */
  public static final int MOST = 1000;

  private static final int BACKLOG = 1024;
  private static final int TICK = 100; // milliseconds

  /** Maximum bytes to skip so that the client reads its answer. */
  private static final long DRAIN = 1 << 26;

  /**
   * Bytes of answers in the kernel. Without a limit, the kernel takes megabytes for each client
   * that does not read, and the server is busy with filling them.
   */
  private static final int SEND = 1 << 17;

  /** Nanoseconds after which a client that reads nothing of its answer holds up other clients. */
  private static final long STALL = 1_000_000_000;

  private static final int IDLE_SECONDS = 30; // without a request

  public SSLSocketFactory tls; // set before the start
  private final Handler handler;
  private final int most;
  private final long timeout; // nanoseconds
  private final ServerSocket server = new ServerSocket();
  private final AtomicInteger requests = new AtomicInteger(); // under way
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          HttpListener::thread);
  private volatile boolean isClosed;

  /**
   * Binds an address.
   *
   * @param most maximum number of connections
   * @param seconds time in which a client must send a request, or receive its answer
   * @throws IOException if the address is not available
   */
  public HttpListener(InetSocketAddress address, int most, int seconds, Handler handler)
      throws IOException {
    this.handler = handler;
    this.most = most;
    timeout = TimeUnit.SECONDS.toNanos(seconds);
    try {
      server.setSoTimeout(TICK);
      server.bind(address, BACKLOG);
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  public void start() {
    thread(this::accept).start();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "lanewise-serve");
    thread.setDaemon(true);
    return thread;
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** Returns the number of requests that have begun and are not answered yet. */
  public AtomicInteger requests() {
    return requests;
  }

  private void accept() {
    long looked = System.nanoTime();
    while (!isClosed) {
      try {
        admit(server.accept());
      } catch (SocketTimeoutException e) {
        // Time to look for connections that take too long.
      } catch (IOException | OutOfMemoryError e) { // such as too many open files
        if (!isClosed) {
          evict(Connection::waits);
          pause(TICK);
        }
      }
      if (System.nanoTime() - looked > TimeUnit.MILLISECONDS.toNanos(TICK)) {
        looked = System.nanoTime();
        closeOverdue(looked);
      }
    }
  }

  private void admit(Socket socket) throws IOException {
    while (connections.size() >= most && evict(Connection::waits)) {
      continue; // waits for room
    }
    Connection connection = new Connection(socket);
    connections.add(connection);
    try {
      if (connections.size() > most) {
        throw new RejectedExecutionException();
      }
      threads.execute(connection);
    } catch (RejectedExecutionException | OutOfMemoryError e) { // no thread is free
      connection.close();
    }
  }

  /**
   * Closes the connection of some that has waited longest for its client; returns false if there is
   * none. So clients that do not read their answers cannot keep other clients out.
   */
  private boolean evict(Predicate<Connection> which) {
    Optional<Connection> oldest =
        connections.stream().filter(which).max(Comparator.comparingLong(Connection::waited));
    oldest.ifPresent(Connection::close);
    return oldest.isPresent();
  }

  /** Ends an answer that its client does not take; returns false if there is none. */
  public boolean evictStalled() {
    return evict(Connection::isStalled);
  }

  private void closeOverdue(long now) {
    for (Connection connection : connections) {
      if (connection.isOverdue(now)) {
        connection.close();
      }
    }
  }

  public static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the deadline for a request or an answer that begins now. */
  private long limit() {
    return System.nanoTime() + timeout;
  }

  /** Counts a new request; returns false if the server is closing. */
  private boolean begin() {
    requests.incrementAndGet();
    if (isClosed) { // checked after counting, because close() sets the flag before it waits for the
      // count
      requests.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Accepts no more requests, and closes all connections after the current ones are answered. */
  @Override
  public void close() {
    isClosed = true;
    try {
      server.close();
    } catch (IOException e) {
      // It is closed then.
    }
    while (requests.get() > 0) { // each of them ends, because clients have a time limit
      closeOverdue(System.nanoTime());
      pause(TICK);
    }
    connections.forEach(Connection::close);
    threads.shutdown();
  }

  /** A connection: its requests are answered one after the other. */
  private final class Connection implements Runnable, AutoCloseable {
    private enum Phase {
      /** Waits for the client to send a request. */
      READ,
      /** Waits for the handler without a limit. */
      HANDLE,
      /** Waits for the client to receive an answer. */
      WRITE
    }

    private final Socket socket;
    private Socket peer; // the socket, or TLS on it
    private volatile long deadline = idleDeadline();
    private volatile Phase phase = Phase.READ;
    private volatile long since = System.nanoTime(); // when the phase began, or a piece was taken

    Connection(Socket socket) {
      this.socket = socket;
      peer = socket;
    }

    @Override
    public void run() {
      try {
        socket.setTcpNoDelay(true); // else a short answer may wait 40 ms for the client
        socket.setSendBufferSize(SEND);
        if (tls != null) {
          shakeHands();
        }
        OutputStream out = pieces(peer.getOutputStream());
        HttpRequest request = new HttpRequest(peer.getInputStream(), out, this::handles);
        request.waits = isNew -> awaitClient(isNew ? limit() : deadline);
        HttpAnswer answer = new HttpAnswer(request, out, this::writes);
        while (request.await() && begin() && answer(request, answer)) {
          continue; // with the next request
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
      awaitClient(limit());
      SSLSocket secure = (SSLSocket) tls.createSocket(socket, null, true);
      secure.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      secure.startHandshake();
      // This ends renegotiation, which TLS 1.2 allows.
      secure.setEnabledProtocols(new String[] {"TLSv1.3"});
      peer = secure;
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
        awaitClient(limit());
        answer.reset();
        Problem problem = null;
        try {
          request.readHead();
        } catch (Problem e) {
          problem = e;
          answer.close(true);
        }
        handler.handle(request, problem, answer);
      } finally {
        awaitClient(idleDeadline());
        requests.decrementAndGet();
      }
      if (!answer.closes()) {
        request.skip();
        return true;
      }
      if (!request.hasEnded()) {
        awaitClient(limit());
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
      deadline = limit();
      since = System.nanoTime();
      phase = Phase.WRITE;
    }

    /** Returns whether it waits for the client, which may be slow or gone. */
    boolean waits() {
      return phase != Phase.HANDLE;
    }

    /**
     * Returns whether the client does not read its answer, so that other answers may take its
     * memory.
     */
    boolean isStalled() {
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
      connections.remove(this);
      try {
        socket.close();
      } catch (IOException e) {
        // It is closed then.
      }
    }
  }
}
