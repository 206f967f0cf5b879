package dev.lanewise.train;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** Reads golden files. */
public final class Resources {
  private Resources() {}

  public static Path file(String name) {
    URL url = Resources.class.getResource(name);
    if (url == null) {
      throw new AssertionError("no test file " + name);
    }
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
