package dev.lanewise;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** Files that are stored for tests in the package of a class. */
public final class Stored {
  private Stored() {}

  public static Path file(Class<?> beside, String name) {
    try {
      return Path.of(Objects.requireNonNull(beside.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
