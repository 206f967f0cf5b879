package dev.lanewise.cli;

import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The names by which clients may call a server. A web page can let its own name point to this
 * machine (DNS rebinding); the browser then takes the server for a part of that page, and lets the
 * page read all that it says. The name in {@code Host} is still that of the page.
 */
final class HostNames {
  private static final String ADDRESS = "[0-9]+(\\.[0-9]+){3}|\\[[0-9a-f:.]+]";

  private final Set<String> names = new LinkedHashSet<>();
  private final boolean takesAll;
  private final boolean takesAddresses; // which no page can let point elsewhere

  /**
   * For a server that listens at an address: those of this machine if it listens to this machine
   * alone, any if it listens to others and no name is given.
   *
   * @param host the address as the user named it
   * @param given further names
   */
  HostNames(InetAddress address, String host, List<String> given) {
    names.addAll(List.of("localhost", "127.0.0.1", "[::1]"));
    takesAddresses = !address.isLoopbackAddress();
    takesAll = takesAddresses && given.isEmpty();
    names.add(host(host.contains(":") ? "[" + host + "]" : host));
    given.forEach(name -> names.add(host(name)));
  }

  /** Whether a client that asks for a host, perhaps with a port, means this server. */
  boolean accept(String authority) {
    String host = host(authority);
    return takesAll || names.contains(host) || takesAddresses && host.matches(ADDRESS);
  }

  /** Whether a page may have its visitors ask: one of this server, whatever its name is here. */
  boolean acceptOrigin(String origin, String authority) {
    String host = host(origin.replaceFirst("^[a-z]+://", ""));
    return authority != null && host.equals(host(authority)) || names.contains(host);
  }

  String text() {
    return String.join(", ", names) + " (--host-name NAME adds another)";
  }

  /** Returns a host without its port, in lower case. */
  static String host(String authority) {
    int end = authority.length();
    while (end > 0 && authority.charAt(end - 1) >= '0' && authority.charAt(end - 1) <= '9') {
      end--;
    }
    end = end > 0 && authority.charAt(end - 1) == ':' ? end - 1 : authority.length();
    end -= end > 0 && authority.charAt(end - 1) == '.' ? 1 : 0; // of a name that is complete
    return authority.substring(0, end).toLowerCase(Locale.ROOT);
  }
}
