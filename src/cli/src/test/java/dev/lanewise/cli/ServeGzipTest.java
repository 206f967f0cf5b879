package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests bodies and answers of {@code serve} that are compressed. */
class ServeGzipTest {
  private static final String GZIP = "Content-Encoding: gzip";
  private static final String ACCEPT = "Accept-Encoding: gzip, deflate";
  private static final String CSV = "Content-Type: text/csv";

  private static Served served;

  @BeforeAll
  static void serve() {
    served =
        new Served(Model.of(Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.HE, 1)));
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static byte[] zipped(String... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String part : parts) {
      try (GZIPOutputStream zip = new GZIPOutputStream(all)) {
        zip.write(part.getBytes(UTF_8));
      }
    }
    return all.toByteArray();
  }

  private static String rows(int count) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      rows.append(i == 0 ? "[[" : ",[").append(i).append(",").append(i * 0.37 % 1).append(']');
    }
    return rows.append(']').toString();
  }

  @Test
  void compressedBodiesAreReadAsOthers() throws IOException {
    try (RawHttp http = served.connect()) {
      for (int count : new int[] {1, 10, 300, 3000}) {
        String body = rows(count);
        String expected = http.post(body).body();
        assertEquals(expected, http.post(zipped(body), GZIP).body());
        String half = body.substring(0, body.length() / 2);
        byte[] two = zipped(half, "", body.substring(half.length()));
        assertEquals(expected, http.post(two, "Content-Encoding: x-gzip").body());
        http.send("POST /predict HTTP/1.1\r\nHost: localhost\r\n" + GZIP + "\r\n");
        http.send("Transfer-Encoding: chunked\r\n\r\n");
        for (int at = 0; at < two.length; at += 7) {
          byte[] chunk = Arrays.copyOfRange(two, at, Math.min(at + 7, two.length));
          http.send(Integer.toHexString(chunk.length) + "\r\n").send(chunk).send("\r\n");
        }
        http.send("0\r\n\r\n");
        assertEquals(expected, http.receive().body());
        String csv = body.replace("],[", "\n").replaceAll("[\\[\\]]", "") + "\n";
        assertEquals(http.post(csv, CSV).body(), http.post(zipped(csv), CSV, GZIP).body());
      }
    }
  }

  @Test
  void damagedAndUnknownCompressionsAreRefused() throws IOException {
    byte[] good = zipped("[1,2]");
    byte[] wrongSum = good.clone();
    wrongSum[good.length - 7] ^= 1;
    byte[] wrongData = good.clone();
    wrongData[12] ^= 0x55;
    for (byte[] wrong : List.of("[1,2]".getBytes(UTF_8), wrongSum, wrongData)) {
      try (RawHttp http = served.connect()) {
        RawHttp.Response response = http.post(wrong, GZIP);
        assertEquals(400, response.status());
        assertTrue(response.error().startsWith("body: "), response.error());
        assertEquals(200, http.post(good, GZIP).status(), "the connection stays usable");
      }
    }
    for (byte[] cut : List.of(Arrays.copyOf(good, good.length - 3), new byte[0])) {
      try (RawHttp http = served.connect()) {
        assertEquals(
            "body: cannot be read to its end, expected as many bytes as were announced",
            http.post(cut, GZIP).error());
      }
    }
    try (RawHttp http = served.connect()) {
      http.post(good, "Content-Encoding: br")
          .refused(415, "Content-Encoding br, expected gzip or none");
      assertEquals(400, http.post(good, GZIP, GZIP).status(), "compressed twice");
    }
  }

  @Test
  void aBombIsRefused() throws IOException {
    byte[] bomb = zipped(" ".repeat(60_000_000)); // a thousandth of that
    assertTrue(bomb.length < 80_000, "the compressed body itself is not too long");
    try (RawHttp http = served.connect()) {
      RawHttp.Response response = http.post(bomb, GZIP);
      assertEquals(413, response.status());
      assertTrue(response.error().startsWith("body: more than 100000 bytes"), response.error());
      byte[] exact = zipped("[1,2]" + " ".repeat(99_995));
      assertEquals(200, served.connect().post(exact, GZIP).status());
    }
  }

  /** The gzip stream of the JDK calls itself for each of them, and overflows the stack. */
  @Test
  void emptyMembersBeforeABodyAreRead() throws IOException {
    byte[] good = zipped("[1,2]");
    byte[] none = zipped("");
    byte[] many = new byte[400_000 / none.length * none.length + good.length];
    for (int at = 0; at + good.length < many.length; at += none.length) {
      System.arraycopy(none, 0, many, at, none.length);
    }
    System.arraycopy(good, 0, many, many.length - good.length, good.length);
    Model model = Model.of(Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.HE, 1));
    try (Served larger = new Served(model, 2, 8, 1_000_000);
        RawHttp http = larger.connect()) {
      assertEquals(http.post(good, GZIP).body(), http.post(many, GZIP).body());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | true", "GZip | true", "br, gzip;q=0.5 | true", "x-gzip | true",
        "deflate,gzip | true", "gzip ; q=1.0, br | true", "gzip;q=0.001 | true", "gzip;q=0 | false",
        "gzip; q=0.000 | false", "deflate | false", "identity | false", "* | false",
        "gzipped | false", "br;q=1, gzip;q=0.0 | false"
      })
  void answersAreCompressedWhereThatIsAccepted(String accepted, boolean isZipped)
      throws IOException {
    try (RawHttp http = served.connect()) {
      RawHttp.Response response = http.post(rows(50), "Accept-Encoding: " + accepted);
      assertEquals(isZipped ? "gzip" : null, response.headers().get("content-encoding"));
      assertEquals("Accept, Accept-Encoding", response.headers().get("vary"));
      assertEquals(http.post(rows(50)).body(), response.body());
    }
  }

  @Test
  void answersOfAllLengthsAndKindsAreTheSame() throws IOException {
    try (RawHttp http = served.connect()) {
      for (String type : List.of("application/json", "text/csv")) {
        for (int count : new int[] {1, 300, 3000}) {
          RawHttp.Response plain = http.post(rows(count), "Accept: " + type);
          RawHttp.Response zipped = http.post(rows(count), "Accept: " + type, ACCEPT);
          assertEquals(plain.body(), zipped.body());
          boolean isLong = plain.body().length() > 1024;
          assertEquals(isLong ? "gzip" : null, zipped.headers().get("content-encoding"));
          assertEquals(type.equals("text/csv"), plain.body().startsWith("index"));
        }
      }
      for (String path : List.of("/", "/health", "/metrics", "/nothing")) {
        RawHttp.Response plain = http.get(path, "Accept: text/html");
        RawHttp.Response zipped = http.get(path, "Accept: text/html", ACCEPT);
        String encoding = zipped.headers().get("content-encoding");
        assertEquals(path.equals("/") ? "gzip" : null, encoding);
        if (!path.equals("/metrics")) { // which counts these requests
          assertEquals(plain.body(), zipped.body());
        }
        http.send(RawHttp.request("HEAD", path, null, "Accept: text/html", ACCEPT));
        RawHttp.Response head = http.receive(true);
        assertEquals(encoding, head.headers().get("content-encoding"));
        assertEquals(zipped.headers().get("vary"), head.headers().get("vary"));
      }
    }
  }
}
