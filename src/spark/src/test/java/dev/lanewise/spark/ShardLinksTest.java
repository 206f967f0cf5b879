package dev.lanewise.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.train.internal.Subtree;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Connects the tasks of a training in shards as threads, and to others that do not belong to it.
 */
final class ShardLinksTest {
  private static final String HOST = "127.0.0.1";
  private static final byte[] SECRET = {3, 1, 4, 1, 5};

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<ShardLinks> open = new ArrayList<>();

  @AfterEach
  void end() {
    open.forEach(ShardLinks::close);
    threads.shutdownNow();
  }

  private ShardLinks links(int rank, byte[] secret, int seconds) throws IOException {
    ShardLinks links = new ShardLinks(HOST, rank, secret, seconds);
    open.add(links);
    return links;
  }

  private static InetSocketAddress address(ShardLinks links) {
    return new InetSocketAddress(HOST, links.port());
  }

  private static <T> T result(Future<T> future) throws Exception {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception thrown ? thrown : e;
    }
  }

  private interface Work<T> {
    T of(ShardLinks links, int rank) throws Exception;
  }

  /** Connects some tasks, and lets each of them work. */
  private <T> List<T> together(int tasks, Work<T> work) throws Exception {
    List<ShardLinks> all = new ArrayList<>();
    for (int r = 0; r < tasks; r++) {
      all.add(links(r, SECRET, 20));
    }
    List<InetSocketAddress> addresses = all.stream().map(ShardLinksTest::address).toList();
    List<Future<T>> running = new ArrayList<>();
    for (int r = 0; r < tasks; r++) {
      int rank = r;
      Callable<T> task =
          () -> {
            all.get(rank).connect(addresses);
            T result = work.of(all.get(rank), rank);
            all.get(rank).finish();
            return result;
          };
      running.add(threads.submit(task));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> each : running) {
      results.add(result(each));
    }
    return results;
  }

  private static ShardPeers peers(ShardLinks links, int rank, int shards) {
    return new ShardPeers(rank, shards, 1000, "rows", links, null, kept -> {});
  }

  private static float[] numbers(int seed, int length) {
    Random random = new Random(seed);
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = random.nextFloat() - 0.5f;
    }
    return numbers;
  }

  /** Adds neighbours until one is left. */
  private static float[] tree(List<float[]> leaves) {
    List<float[]> level = leaves;
    while (level.size() > 1) {
      List<float[]> next = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        float[] sum = level.get(i).clone();
        Subtree.add(level.get(i + 1), 0, sum.length, sum);
        next.add(sum);
      }
      level = next;
    }
    return level.get(0);
  }

  /** Takes steps of a training; returns the number of bytes that each task sends in a step. */
  private List<Long> steps(int tasks, int shards, int length, int steps) throws Exception {
    List<float[]> leaves = new ArrayList<>();
    double[] losses = new double[2 * shards];
    for (int s = 0; s < shards; s++) {
      leaves.add(numbers(s, length));
      losses[2 * s] = s;
      losses[2 * s + 1] = -s;
    }
    float[] expected = tree(leaves);
    return together(
        tasks,
        (links, rank) -> {
          ShardPeers peers = peers(links, rank, shards);
          int first = peers.firstShard();
          int end = peers.endShard();
          for (int step = 1; step <= steps; step++) {
            float[][] own =
                Subtree.of(first, end).stream()
                    .map(t -> leaves.subList(t.shard(), t.shard() + (1 << t.height())))
                    .map(of -> tree(of).clone())
                    .toArray(float[][]::new);
            double[] tallies = Arrays.copyOfRange(losses, 2 * first, 2 * end);
            assertArrayEquals(losses, peers.exchange(own, length, tallies));
            assertArrayEquals(expected, own[0]);
            assertEquals(2 * step, links.rounds(), "two messages to each other task");
          }
          return links.bytesSent() / steps;
        });
  }

  /** Also with fewer parameters than tasks. */
  @Test
  void sumsAreThoseOfTheTree() throws Exception {
    for (int tasks = 1; tasks <= 4; tasks++) {
      for (int shards : new int[] {4, 8, 64}) {
        steps(tasks, shards, 3, 2);
        steps(tasks, shards, 1000, 3);
      }
    }
  }

  /** In floats per parameter, beside the losses of the shards. */
  @Test
  void trafficIsThatOfThePage() throws Exception {
    int length = 12_000;
    double[][] expected = {{1, 1}, {8 / 3.0, 4, 8 / 3.0}, {1.5, 1.5, 1.5, 1.5}};
    for (int tasks = 2; tasks <= 4; tasks++) {
      List<Long> sent = steps(tasks, 64, length, 1);
      for (int rank = 0; rank < tasks; rank++) {
        int own = ShardPeers.cut(rank + 1, tasks, 64) - ShardPeers.cut(rank, tasks, 64);
        double losses = 2.0 * Double.BYTES * own * (tasks - 1);
        double perParameter = (sent.get(rank) - losses) / Float.BYTES / length;
        assertEquals(expected[tasks - 2][rank], perParameter, 1e-9, rank + " of " + tasks);
      }
    }
  }

  @Test
  void allAgreeOrNone() throws Exception {
    assertEquals(List.of(true, true), together(2, (l, r) -> peers(l, r, 4).all(true)));
    for (int no = 0; no < 3; no++) {
      int rank = no;
      List<Boolean> found = together(3, (l, r) -> peers(l, r, 4).all(r != rank));
      assertEquals(List.of(false, false, false), found);
    }
  }

  /** Others may connect to the port, say anything or nothing, and change nothing. */
  @Test
  void foreignConnectionsAreClosed() throws Exception {
    ShardLinks first = links(0, SECRET, 20);
    ShardLinks second = links(1, SECRET, 20);
    List<InetSocketAddress> addresses = List.of(address(first), address(second));
    byte[] page =
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n0123456789012345678901234567890".getBytes();
    Random random = new Random(2);
    List<Socket> foreign = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Socket socket = new Socket(HOST, first.port());
      byte[] content = i % 2 == 0 ? page : new byte[1 + random.nextInt(90)];
      if (i % 2 > 0) {
        random.nextBytes(content);
      }
      socket.getOutputStream().write(content);
      socket.close();
      foreign.add(socket);
    }
    Future<?> connected = threads.submit(() -> connect(first, addresses));
    second.connect(addresses);
    assertEquals(null, result(connected));
  }

  private static Void connect(ShardLinks links, List<InetSocketAddress> addresses)
      throws IOException {
    links.connect(addresses);
    return null;
  }

  @Test
  void aTaskWithAnotherSecretIsNotTaken() throws Exception {
    ShardLinks first = links(0, SECRET, 2);
    ShardLinks other = links(1, new byte[] {2, 7}, 2);
    List<InetSocketAddress> addresses = List.of(address(first), address(other));
    Future<?> refused = threads.submit(() -> connect(other, addresses));
    IOException silent = assertThrows(IOException.class, () -> first.connect(addresses));
    assertEquals("executor task 2 of 2 (127.0.0.1) has not answered", silent.getMessage());
    assertThrows(IOException.class, () -> result(refused));
  }

  /** A program that knows the secret, in place of the second of two tasks. */
  private static final class Raw implements AutoCloseable {
    final Socket socket;
    final DataInputStream in;
    final DataOutputStream out;

    Raw(ShardLinks first) throws IOException, GeneralSecurityException {
      socket = new Socket(HOST, first.port());
      socket.setSoTimeout(600_000);
      in = new DataInputStream(socket.getInputStream());
      out = new DataOutputStream(socket.getOutputStream());
      byte[] asked = in.readNBytes(16);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
      mac.update(asked);
      mac.update(new byte[] {0, 1});
      out.writeInt(1);
      out.write(new byte[16]);
      out.write(mac.doFinal());
      assertEquals(32, in.readNBytes(32).length);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private Raw raw(ShardLinks first) throws Exception {
    List<InetSocketAddress> addresses =
        List.of(address(first), new InetSocketAddress(HOST, first.port()));
    Future<?> connected = threads.submit(() -> connect(first, addresses));
    Raw raw = new Raw(first);
    result(connected);
    return raw;
  }

  @Test
  void aSilentTaskIsNamedWithinTheLimit() throws Exception {
    ShardLinks first = links(0, SECRET, 1);
    try (Raw raw = raw(first)) {
      UncheckedIOException thrown =
          assertThrows(UncheckedIOException.class, () -> peers(first, 0, 4).all(true));
      String said = "executor task 2 of 2 (127.0.0.1) has not answered";
      assertEquals(said, thrown.getCause().getMessage());
      while (raw.in.read() >= 0) {
        // reads what was sent until the connection ends
      }
    }
  }

  /** A task that computes for longer than the limit shows that it is alive. */
  @Test
  void aBusyTaskIsAwaited() throws Exception {
    ShardLinks first = links(0, SECRET, 1);
    ShardLinks second = links(1, SECRET, 1);
    List<InetSocketAddress> addresses = List.of(address(first), address(second));
    Future<?> connected = threads.submit(() -> connect(first, addresses));
    second.connect(addresses);
    result(connected);
    Future<Boolean> waits = threads.submit(() -> peers(first, 0, 4).all(true));
    Thread.sleep(3000);
    assertTrue(peers(second, 1, 4).all(true));
    assertTrue(result(waits));
  }

  /** What differs from the expected message ends the training at once; other values are numbers. */
  @Test
  void mutatedMessagesAreRefused() throws Exception {
    int frames = Integer.getInteger("lanewise.frames", 300);
    Random random = new Random(9);
    for (int i = 0; i < frames; i++) {
      ShardLinks first = links(0, SECRET, 20);
      try (Raw raw = raw(first)) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream frame = new DataOutputStream(bytes);
        frame.writeInt(1);
        frame.writeInt(1);
        frame.write(1);
        byte[] content = bytes.toByteArray();
        int bit = random.nextInt(64);
        content[bit / 8] ^= (byte) (1 << bit % 8);
        int kept = random.nextInt(10) == 0 ? random.nextInt(content.length) : content.length;
        raw.out.write(content, 0, kept);
        raw.socket.shutdownOutput();
        UncheckedIOException thrown =
            assertThrows(UncheckedIOException.class, () -> peers(first, 0, 4).all(true));
        String said = thrown.getCause().getMessage();
        assertTrue(said.contains("executor task 2 of 2 (127.0.0.1)"), said);
      }
      open.remove(first);
    }
  }
}
