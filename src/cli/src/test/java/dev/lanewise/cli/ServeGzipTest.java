package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests answers of {@code serve} that are compressed. */
class ServeGzipTest {
  private static final String ACCEPT = "Accept-Encoding: gzip, deflate";

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

  private static String rows(int count) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      rows.append(i == 0 ? "[[" : ",[").append(i).append(",").append(i * 0.37 % 1).append(']');
    }
    return rows.append(']').toString();
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
