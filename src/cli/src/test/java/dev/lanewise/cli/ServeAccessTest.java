package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.OwnJvm;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.serve.Access;
import dev.lanewise.serve.ModelSlot;
import dev.lanewise.serve.Outputs;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Usage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests tokens and TLS of {@code serve}. */
class ServeAccessTest {
  private static final String ROW = "[1,2]";
  private static final Model MODEL =
      Model.of(Mlp.initial(Architecture.relu(2, List.of(3), 2), Initializer.HE, 1));

  /** An address that cannot be had, so that a server that should not start ends. */
  private static final String NOWHERE = "--host=192.0.2.1";

  private static final String TOKEN = "abcDEF012345-._~xyz";
  private static final String OTHER = "x/9+0123456789ABCDEF";

  @TempDir private static Path directory;

  /** Makes certificates and keys of both kinds with the tool of the JDK. */
  @BeforeAll
  static void make() throws Exception {
    for (String kind : List.of("RSA", "EC")) {
      Path store = directory.resolve(kind + ".p12");
      String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
      String options =
          "-genkeypair -alias a -dname CN=%s -ext san=dns:localhost,ip:127.0.0.1 -keyalg "
              + kind
              + " -storepass secret -keystore ";
      List<String> command =
          new ArrayList<>(List.of((tool + " " + options.formatted(kind)).split(" ")));
      command.add(store.toString());
      OwnJvm.end(OwnJvm.start(new ProcessBuilder(command).redirectErrorStream(true))).with(0);
      KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
      byte[] key = keys.getKey("a", "secret".toCharArray()).getEncoded();
      pem(kind + ".crt", "CERTIFICATE", keys.getCertificate("a").getEncoded());
      pem(kind + ".key", "PRIVATE KEY", key);
      pem(kind + "-1.key", kind + " PRIVATE KEY", key);
    }
    pem("encrypted.key", "ENCRYPTED PRIVATE KEY", new byte[9]);
    pem("cut.crt", "CERTIFICATE", new byte[9]);
    pem("cut.key", "PRIVATE KEY", new byte[9]);
    Files.writeString(
        directory.resolve("two.crt"),
        Files.readString(directory.resolve("RSA.crt"))
            + Files.readString(directory.resolve("EC.crt")));
    Files.writeString(directory.resolve("text"), "hello\n");
    MODEL.save(directory.resolve("model.npz"));
  }

  private static void pem(String name, String label, byte[] bytes) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    String pem = "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    Files.writeString(directory.resolve(name), pem);
  }

  private static Access access(String... options) throws Exception {
    Arguments arguments = new Arguments(Usage.of("serve"), List.of(options));
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    InetAddress here = InetAddress.getLoopbackAddress();
    return Access.of(arguments, here, new Output(nowhere, nowhere, true, false));
  }

  private static Served served(String... options) throws Exception {
    List<ModelSlot> slots = List.of(Served.slot(null, Outputs.of(MODEL), 100_000));
    return new Served(slots, 2, 8, 100_000, access(options));
  }

  private static String tls(String kind, String option) {
    return "--tls-"
        + option
        + "="
        + directory.resolve(kind + (option.equals("key") ? ".key" : ".crt"));
  }

  @Test
  void onlyTokensOfTheFileAreAnswered() throws Exception {
    Path file = directory.resolve("tokens");
    Files.writeString(file, "# for the shop\n" + TOKEN + "\n\r\n  " + OTHER + " \r\n");
    List<String> wrong = new ArrayList<>(List.of("", "Bearer", "Bearer ", TOKEN, "Basic " + TOKEN));
    wrong.addAll(List.of("Bearer " + TOKEN + ", Bearer " + TOKEN, "Bearer # for the shop"));
    for (int i = 0; wrong.size() < 1000; i++) {
      int at = i % TOKEN.length();
      String other =
          TOKEN.substring(0, at) + (char) ('!' + i / TOKEN.length()) + TOKEN.substring(at + 1);
      wrong.add("Bearer " + (other.equals(TOKEN) ? TOKEN.substring(0, at) : other));
      wrong.add("Bearer " + (i % 2 == 0 ? TOKEN.substring(at + 1) : TOKEN + TOKEN.charAt(at)));
    }
    wrong.addAll(List.of("Bearer " + TOKEN.toUpperCase(), "Bearer " + TOKEN.toLowerCase()));
    try (Served served = served("--token-file=" + file);
        RawHttp http = served.connect()) {
      String path = "/";
      for (String each : wrong) {
        RawHttp.Response response = http.get(path, "Authorization: " + each);
        assertEquals(401, response.status(), each);
        assertEquals("Bearer", response.headers().get("www-authenticate"));
        assertEquals(
            "no access, expected Authorization: Bearer and a valid token", response.error());
        path = path.equals("/") ? "/metrics" : path.equals("/metrics") ? "/nothing" : "/";
      }
      assertEquals(401, http.post(ROW).status());
      assertEquals(200, http.get("/health").status());
      assertEquals(200, http.post(ROW, "Authorization: Bearer " + TOKEN).status());
      assertEquals(200, http.post(ROW, "authorization: bEARER  " + OTHER).status());
      String metrics = http.get("/metrics", "Authorization: Bearer " + OTHER).body();
      assertTrue(metrics.contains("{path=\"/predict\",code=\"401\"} 1\n"), metrics);
      String twice = "Authorization: Bearer " + TOKEN;
      assertEquals(400, http.get("/", twice, twice).status());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "# none         | has no token, expected one token per line",
        "0123456789abcde| has a line of 15 characters, expected tokens of at least 16 letters, digits and signs of ASCII, as by openssl rand -hex 32",
        "0123456789 abcdefgh| has a line of 19 characters, expected tokens of at least 16 letters, digits and signs of ASCII, as by openssl rand -hex 32",
      })
  void tokensThatAreTooWeakAreRefused(String text, String error) throws Exception {
    Path file = Files.writeString(directory.resolve("weak"), text);
    String[] words = {"serve", directory.resolve("model.npz").toString(), NOWHERE, "--token-file"};
    Run.line(words, file).failedWith("--token-file: " + file + " " + error);
    Run.line(words, directory.resolve("none")).failed("none: no such file, expected a file");
  }

  /** What is read of a file that is cut ends with a part of a token, which then is accepted. */
  @Test
  void aFileOfTokensThatIsTooLongIsRefused() throws Exception {
    byte[] bytes =
        (("# " + "x".repeat(93) + "\n").repeat(10_922) + TOKEN.repeat(9)).getBytes(UTF_8);
    assertTrue(bytes.length > 1 << 20, "the last token is cut at a mebibyte");
    Path file = Files.write(directory.resolve("long"), bytes);
    String[] words = {"serve", directory.resolve("model.npz").toString(), NOWHERE};
    String error = file + ": " + bytes.length + " bytes, expected at most 1048576\n";
    Run.line(words, "--token-file", file).failed(error);
    Run.line(words, "--tls-cert", file, tls("RSA", "key")).failed(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RSA  | RSA-1     | key: RSA-1.key has an RSA PRIVATE KEY, expected a PRIVATE KEY, as by openssl pkcs8 -topk8 -nocrypt -in RSA-1.key -out key.pem",
        "EC   | EC-1      | key: EC-1.key has an EC PRIVATE KEY, expected a PRIVATE KEY, as by openssl pkcs8 -topk8 -nocrypt -in EC-1.key -out key.pem",
        "RSA  | encrypted | key: encrypted.key has an ENCRYPTED PRIVATE KEY, expected",
        "RSA  | EC        | key: EC.key is not the key of the first certificate in RSA.crt",
        "EC   | RSA       | key: RSA.key is not the key of the first certificate in EC.crt",
        "RSA  | cut       | key: cut.key is not the key of the first certificate in RSA.crt",
        "cut  | RSA       | cert: cut.crt cannot be used (",
        "two  | RSA       | cert: two.crt cannot be used (Certificate chain is not valid), expected the certificate of this server first, then that of each issuer",
      })
  void wrongPemIsSaidInOneLine(String certificate, String key, String error) {
    Run run =
        Run.line(
                "serve %s",
                directory.resolve("model.npz"), NOWHERE, tls(certificate, "cert"), tls(key, "key"))
            .failed();
    String said = run.err().replace(directory + java.io.File.separator, "");
    assertTrue(said.startsWith("lanewise: --tls-" + error) && said.lines().count() == 1, said);
  }

  @Test
  void filesThatAreNoPemOrLackAreSaid() {
    String[] words = {"serve", directory.resolve("model.npz").toString(), NOWHERE};
    Run.line(words, "--tls-cert", directory.resolve("text"), tls("RSA", "key"))
        .failed("text cannot");
    Run.line(words, tls("RSA", "cert"), "--tls-key", directory.resolve("text"))
        .failed("text has no key, expected -----BEGIN PRIVATE KEY-----\n");
    Run.line(words, tls("none", "cert"), tls("RSA", "key")).failed("none.crt: no such file");
    Run.line(words, tls("RSA", "cert"))
        .misusedWith("--tls-cert FILE and --tls-key FILE: only one is given, expected both");
  }

  private static SSLContext trusting(String kind) throws Exception {
    KeyStore store =
        KeyStore.getInstance(directory.resolve(kind + ".p12").toFile(), "secret".toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("a", store.getCertificate("a"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC"})
  void aSelfMadeCertificateServes(String kind) throws Exception {
    try (Served served = served(tls(kind, "cert"), tls(kind, "key"))) {
      int port = served.server.address().getPort();
      HttpClient client = HttpClient.newBuilder().sslContext(trusting(kind)).build();
      java.net.http.HttpRequest request =
          java.net.http.HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/predict"))
              .POST(BodyPublishers.ofString(ROW))
              .build();
      String answer = client.send(request, BodyHandlers.ofString()).body();
      assertTrue(answer.startsWith("{\"predictions\":[{\"predicted\":"), answer);
      try (Socket silent = new Socket("localhost", port);
          RawHttp plain = served.connect()) {
        plain.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertEquals(answer, client.send(request, BodyHandlers.ofString()).body());
        assertFalse(silent.isClosed());
      }
      String file = directory.resolve(kind + ".crt").toString();
      ProcessBuilder curl =
          new ProcessBuilder("curl", "-s", "--cacert", file, "-d", ROW, request.uri().toString());
      try {
        assertEquals(answer, OwnJvm.end(OwnJvm.start(curl)).printed());
      } catch (IOException e) {
        // The system has no curl.
      }
    }
  }

  /** Another handshake on a connection costs the server more than the client. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void clientsMayNotNegotiateAnew(String version) throws Exception {
    try (Served served = served(tls("EC", "cert"), tls("EC", "key"))) {
      SSLSocket socket =
          (SSLSocket)
              trusting("EC")
                  .getSocketFactory()
                  .createSocket("localhost", served.server.address().getPort());
      socket.setEnabledProtocols(new String[] {version});
      try (RawHttp http = new RawHttp(socket)) {
        assertEquals(200, http.post(ROW).status());
        assertEquals(200, http.post(ROW).status(), "the connection stays usable");
        if (version.equals("TLSv1.2")) {
          socket.startHandshake();
          assertThrows(IOException.class, () -> http.post(ROW));
        } else {
          socket.startHandshake(); // new keys without a handshake
          assertEquals(200, http.post(ROW).status());
        }
      }
    }
  }

  /** A client that sends a long body first, and then looks for the answer, must find it. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aRefusalIsReadAlthoughTheBodyWasNot(String version) throws Exception {
    try (Served served = served(tls("EC", "cert"), tls("EC", "key"))) {
      for (int i = 0; i < 5; i++) {
        SSLSocket socket =
            (SSLSocket)
                trusting("EC")
                    .getSocketFactory()
                    .createSocket("localhost", served.server.address().getPort());
        socket.setEnabledProtocols(new String[] {version});
        try (RawHttp http = new RawHttp(socket)) {
          RawHttp.Response response = http.post(new byte[3_000_000]);
          assertEquals(413, response.status());
          assertTrue(response.closes() && http.isClosedByServer());
        }
      }
    }
  }
}
