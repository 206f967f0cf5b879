package dev.lanewise.cli.http;

import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names by which clients may call a server. A web page can make its own name point to this
 * machine (DNS rebinding). The browser then treats the server as a part of that page and lets the
 * page read its answers, but {@code Host} still has the name of the page.
 */
public final class HostNames {
  private static final Pattern PORT = Pattern.compile(":[0-9]*$");
  private static final String ADDRESS = "[0-9]+(\\.[0-9]+){3}|\\[[0-9a-f:.]+]";

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
  public HostNames(InetAddress address, String host, List<String> given) {
    names.addAll(List.of("localhost", "127.0.0.1", "[::1]"));
    takesAddresses = !address.isLoopbackAddress();
    takesAll = takesAddresses && given.isEmpty();
    names.add(host(host.contains(":") ? "[" + host + "]" : host));
    given.forEach(name -> names.add(host(name)));
  }

  /** Returns whether a host, perhaps with a port, is this server. */
  public boolean accept(String authority) {
    String host = host(authority);
    return takesAll || names.contains(host) || takesAddresses && host.matches(ADDRESS);
  }

  /** Returns whether a page may send requests: it must come from this server. */
  public boolean acceptOrigin(String origin, String authority) {
    String host = host(origin.replaceFirst("^[a-z]+://", ""));
    return host.equals(host(authority)) || names.contains(host);
  }

  String text() {
    return String.join(", ", names) + " (--host-name NAME adds another)";
  }

  /** Returns a host without its port, in lower case. */
  static String host(String authority) {
    String host = PORT.matcher(authority).replaceFirst("");
    boolean isComplete = host.endsWith("."); // a full domain name may end with a dot
    return host.substring(0, host.length() - (isComplete ? 1 : 0)).toLowerCase(Locale.ROOT);
  }
}
