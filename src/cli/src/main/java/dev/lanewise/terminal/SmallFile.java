package dev.lanewise.terminal;

import dev.lanewise.format.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files of text that are small, such as keys and tokens. */
public final class SmallFile {
  private static final int MOST = 1 << 20; // bytes

  private SmallFile() {}

  /** Reads a small file of ASCII, and refuses a larger one, whose end would be lost. */
  public static String text(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST + 1);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    if (bytes.length > MOST) {
      throw new FormatException(
          file.toString(), "%s bytes, expected at most %s", Files.size(file), MOST);
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  public static FormatException unreadable(Path file, IOException e) {
    String found = Files.exists(file) ? "cannot be read" : "no such file";
    return new FormatException(file.toString(), found + ", expected a file to read", e);
  }
}
