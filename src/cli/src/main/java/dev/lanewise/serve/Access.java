package dev.lanewise.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.lanewise.format.internal.Bytes;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.SmallFile;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;

/**
 * Who may send requests to a server, and how its connections are encrypted.
 *
 * <p>Clients call it by its names only. A web page can make its own name point to this machine (DNS
 * rebinding). The browser then treats the server as a part of that page and lets the page read its
 * answers, but {@code Host} still has the name of the page.
 */
public final class Access {
  private static final Pattern PORT = Pattern.compile(":[0-9]*$");
  private static final String ADDRESS = "[0-9]+(\\.[0-9]+){3}|\\[[0-9a-f:.]+]";

  /** The paths that need no token, because those who ask whether a server lives have none. */
  private static final Set<String> OPEN = Set.of("/health", "/v2/health/live", "/v2/health/ready");

  private static final String BEARER = "Bearer ";

  /** Digests of the values of Authorization that clients must give; empty if they need none. */
  public final List<byte[]> tokens;

  /** Encrypts connections; null if they are not encrypted. */
  public final SSLSocketFactory tls;

  private final Set<String> names = new LinkedHashSet<>();
  private final boolean takesAll;
  private final boolean takesAddresses; // no page can make an address point elsewhere

  /**
   * Makes the names of a server. A server for this machine alone has the names of this machine; one
   * for other machines accepts any name unless some are given.
   *
   * @param host the address as the user named it
   * @param given further names
   */
  public Access(
      InetAddress address,
      String host,
      List<String> given,
      List<byte[]> tokens,
      SSLSocketFactory tls) {
    names.addAll(List.of("localhost", "127.0.0.1", "[::1]"));
    takesAddresses = !address.isLoopbackAddress();
    takesAll = takesAddresses && given.isEmpty();
    names.add(host(host.contains(":") ? "[" + host + "]" : host));
    given.forEach(name -> names.add(host(name)));
    this.tokens = tokens;
    this.tls = tls;
  }

  /** Reads the files and names that the options name. */
  public static Access of(Arguments arguments, InetAddress address, Output output)
      throws IOException {
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
    List<String> names = List.of();
    if (arguments.has("host-name")) {
      names = List.of(arguments.text("host-name").split(",", -1));
      if (!names.stream().allMatch(name -> name.matches("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]"))) {
        throw arguments.wrong(
            "host-name", "names such as models.example.org, without a port, between commas");
      }
    }
    return new Access(address, arguments.text("host"), names, tokens, tls);
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
    if (!accepts(host)) {
      String known = String.join(", ", names) + " (--host-name NAME adds another)";
      throw Problem.refusal(421, "Host " + HttpRequest.tame(host) + ", expected " + known);
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

  /** Returns whether a host, perhaps with a port, is this server. */
  public boolean accepts(String authority) {
    String host = host(authority);
    return takesAll || names.contains(host) || takesAddresses && host.matches(ADDRESS);
  }

  /** Returns whether a page may send requests: it must come from this server. */
  public boolean acceptsOrigin(String origin, String authority) {
    String host = host(origin.replaceFirst("^[a-z]+://", ""));
    return host.equals(host(authority)) || names.contains(host);
  }

  /** Returns a host without its port, in lower case. */
  private static String host(String authority) {
    String host = PORT.matcher(authority).replaceFirst("");
    boolean isComplete = host.endsWith("."); // a full domain name may end with a dot
    return host.substring(0, host.length() - (isComplete ? 1 : 0)).toLowerCase(Locale.ROOT);
  }
}
