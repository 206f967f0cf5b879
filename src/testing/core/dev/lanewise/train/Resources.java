package dev.lanewise.train;

import dev.lanewise.Stored;
import java.nio.file.Path;

/** Reads golden files. */
public final class Resources {
  private Resources() {}

  public static Path file(String name) {
    return Stored.file(Resources.class, name);
  }
}
