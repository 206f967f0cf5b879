package dev.lanewise.cli.http;

import java.io.IOException;
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
import javax.net.ssl.SSLSocketFactory;

/**
 * Accepts connections, each with a thread of its own. The thread sleeps in the kernel until its
 * client sends, so that a request wakes one thread only. (The JDK's HTTP server hands each request
 * from the thread of its selector to another one and back, reads heads on the threads of the
 * handlers, and allocates 24 KB for a request.) A slow client occupies a thread and some kilobytes
 * until its time is over. If there are too many connections, those that have waited longest are
 * closed.
 */
public final class HttpListener implements HttpConnection.Owner, AutoCloseable {
  /** Maximum number of connections. */
  public static final int MOST = 1000;

  private static final int BACKLOG = 1024;
  private static final int TICK = 100; // milliseconds

  public SSLSocketFactory tls; // set before the start
  private final HttpHandler handler;
  private final int most;
  private final long timeout; // nanoseconds
  private final ServerSocket server = new ServerSocket();
  private final AtomicInteger requests = new AtomicInteger(); // under way
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
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
  public HttpListener(InetSocketAddress address, int most, int seconds, HttpHandler handler)
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
          evict(HttpConnection::waits);
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
    while (connections.size() >= most && evict(HttpConnection::waits)) {
      continue; // waits for room
    }
    HttpConnection connection = new HttpConnection(this, socket);
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
  public boolean evict(Predicate<HttpConnection> which) {
    Optional<HttpConnection> oldest =
        connections.stream().filter(which).max(Comparator.comparingLong(HttpConnection::waited));
    oldest.ifPresent(HttpConnection::close);
    return oldest.isPresent();
  }

  private void closeOverdue(long now) {
    for (HttpConnection connection : connections) {
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

  @Override
  public SSLSocketFactory tls() {
    return tls;
  }

  @Override
  public HttpHandler handler() {
    return handler;
  }

  @Override
  public long deadline() {
    return System.nanoTime() + timeout;
  }

  @Override
  public boolean begin() {
    requests.incrementAndGet();
    if (isClosed) { // checked after counting, because close() sets the flag before it waits for the
      // count
      requests.decrementAndGet();
      return false;
    }
    return true;
  }

  @Override
  public void end() {
    requests.decrementAndGet();
  }

  @Override
  public void remove(HttpConnection connection) {
    connections.remove(connection);
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
    connections.forEach(HttpConnection::close);
    threads.shutdown();
  }
}
