package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lanewise.data.Dataset;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.rows.Schema;
import dev.lanewise.serve.HttpAnswer;
import dev.lanewise.serve.HttpRequest;
import dev.lanewise.serve.ModelServer;
import dev.lanewise.table.Datasets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Limits the bytes that a request allocates, because pauses of the garbage collector delay answers.
 */
class ServeAllocationTest {
  private static final int COLUMNS = 64;

  /**
   * Bytes for reading and predicting a row of 64 columns. After other tests in the same JVM, C2 may
   * leave a small object in some of the code, so that 8 KB are sometimes not enough.
   */
  private static final long MOST = 10 << 10;

  private static final int REQUESTS = 200;

  /** Returns a model of a table in which half of the columns are numbers and half are words. */
  private static Model model(Path directory) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < COLUMNS; c++) {
      text.append("column").append(c).append(',');
    }
    text.append("kind\n");
    for (int i = 0; i < 40; i++) {
      for (int c = 0; c < COLUMNS; c++) {
        text.append(c % 2 == 0 ? (i * 7 + c) % 31 / 4.0 + "" : (i + c) % 3 == 0 ? "a" : "b");
        text.append(',');
      }
      text.append(i % 2 == 0 ? "yes\n" : "no\n");
    }
    Path file = Files.writeString(directory.resolve("table.csv"), text);
    Dataset data = Datasets.load(file);
    return Model.of(
            Mlp.initial(Architecture.relu(data.features(), List.of(8), 2), Initializer.HE, 1)
                .withScaling(data.scaling())
                .withClassNames(data.classNames()))
        .withSchema(Schema.of(data).orElseThrow());
  }

  private static byte[] request(boolean isNamed, String type) {
    StringBuilder body = new StringBuilder(isNamed ? "{" : "[");
    for (int c = 0; c < COLUMNS; c++) {
      body.append(c == 0 ? "" : ",").append(isNamed ? "\"column" + c + "\":" : "");
      body.append(c % 2 == 0 ? c / 8.0 + "" : "\"a\"");
    }
    body.append(isNamed ? '}' : ']');
    return RawHttp.request("POST", "/predict", body.toString().getBytes(), "Content-Type: " + type);
  }

  /**
   * Returns how many bytes such a request allocates on this thread. At first they are many, as the
   * busy compiler has not compiled the code yet; so rounds of requests go on until they are few.
   */
  private static long bytes(ModelServer server, byte[] request) throws IOException {
    InputStream again =
        new InputStream() {
          private int at;

          @Override
          public int read() {
            throw new AssertionError();
          }

          @Override
          public int read(byte[] bytes, int from, int count) {
            at = at == request.length ? 0 : at;
            int more = Math.min(count, request.length - at);
            System.arraycopy(request, at, bytes, from, more);
            at += more;
            return more;
          }
        };
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    OutputStream out = OutputStream.nullOutputStream();
    HttpRequest http = new HttpRequest(again, out, () -> {});
    HttpAnswer answer = new HttpAnswer(http, out, () -> {});
    long least = Long.MAX_VALUE;
    long before = 0;
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    for (int i = 0; least > MOST * REQUESTS && System.nanoTime() < end; i++) {
      if (i % REQUESTS == 0) {
        long now = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        least = i == 0 ? least : Math.min(least, now - before);
        before = now;
      }
      http.await();
      answer.reset();
      http.readHead();
      server.handle(http, null, answer);
      assertTrue(answer.hasBegun() && answer.status() == 200, "status " + answer.status());
    }
    return least / REQUESTS;
  }

  @Test
  void aRowOf64TakesLittle(@TempDir Path directory) throws IOException {
    try (Served served = new Served(model(directory))) {
      for (boolean isNamed : new boolean[] {false, true}) {
        long bytes = bytes(served.server, request(isNamed, "application/json"));
        assertTrue(bytes <= MOST, bytes + " bytes, by names: " + isNamed);
      }
    }
  }
}
