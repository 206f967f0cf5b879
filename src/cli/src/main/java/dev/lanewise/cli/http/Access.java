package dev.lanewise.cli.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.SmallFile;
import dev.lanewise.cli.print.Output;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.format.internal.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;

/**
 * Who may send requests to a server, and how its connections are encrypted.
 *
 * @param names by which clients may call the server
 * @param tokens digests of the values of Authorization that clients must give; empty if they need
 *     none
 * @param tls encrypts connections; null if they are not encrypted
 */
public record Access(HostNames names, List<byte[]> tokens, SSLSocketFactory tls) {
  /** The paths that need no token, because those who ask whether a server lives have none. */
  private static final Set<String> OPEN = Set.of("/health", "/v2/health/live", "/v2/health/ready");

  private static final String BEARER = "Bearer ";

  /** Reads the files that the options name. */
  public static Access of(Arguments arguments, HostNames names, Output output) throws IOException {
    if (arguments.has("tls-cert") != arguments.has("tls-key")) {
      throw Problem.usage("--tls-cert FILE and --tls-key FILE: only one is given, expected both");
    }
    SSLSocketFactory tls = null;
    if (arguments.has("tls-key")) {
      Path chain = Path.of(arguments.text("tls-cert"));
      tls = TlsFiles.read(chain, Path.of(arguments.text("tls-key")), output);
    }
    List<byte[]> tokens = List.of();
    if (arguments.has("token-file")) {
      tokens = tokens(Path.of(arguments.text("token-file")));
    }
    return new Access(names, tokens, tls);
  }

  /** Reads tokens, one a line; empty lines and lines that begin with # are skipped. */
  private static List<byte[]> tokens(Path file) throws IOException {
    List<byte[]> tokens = new ArrayList<>();
    for (String line : SmallFile.text(file).lines().map(String::strip).toList()) {
      boolean isToken = !line.isEmpty() && !line.startsWith("#");
      if (isToken && !line.matches("[!-~]{16,}")) {
        throw Problem.failure(
            "--token-file: %s has a line of %s characters, expected tokens of at least 16 letters,"
                + " digits and signs of ASCII, as by openssl rand -hex 32",
            file, line.length());
      } else if (isToken) {
        tokens.add(digest(BEARER + line));
      }
    }
    if (tokens.isEmpty()) {
      throw Problem.failure("--token-file: %s has no token, expected one token per line", file);
    }
    return tokens;
  }

  private static byte[] digest(String token) {
    return Bytes.sha256().digest(token.getBytes(ISO_8859_1));
  }

  /** Prints what strangers on the network can do. */
  public void hintAtStrangers(String url, Output output) {
    String open = tls == null ? "no encryption (--tls-cert, --tls-key)" : "";
    if (tokens.isEmpty()) {
      output.hint(
          "anyone who reaches %s can send requests and see the inputs of the model: there is no"
              + " token (--token-file)%s",
          url, tls == null ? " and " + open : "");
    } else if (tls == null) {
      output.hint(
          "anyone on the way to %s can read requests and the token: there is %s", url, open);
    }
  }

  /**
   * Checks the name by which a client calls the server, and its token.
   *
   * @throws Problem with a status; it does not say what is wrong with a token
   */
  public void require(HttpRequest request, HttpAnswer answer) {
    String host = request.authority();
    if (!names.accept(host)) {
      throw Problem.refusal(421, "Host " + HttpRequest.tame(host) + ", expected " + names.text());
    }
    if (tokens.isEmpty() || OPEN.contains(request.path())) {
      return;
    }
    String field = request.field("Authorization");
    byte[] given = digest(field == null ? "" : field.replaceFirst("(?i)^bearer +", BEARER));
    boolean isKnown = false;
    for (byte[] token : tokens) { // all of them, so that the time tells nothing about them
      isKnown |= MessageDigest.isEqual(token, given);
    }
    if (!isKnown) {
      answer.field("WWW-Authenticate", BEARER.strip());
      throw Problem.refusal(401, "no access, expected Authorization: Bearer and a valid token");
    }
  }
}
