package dev.lanewise.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The checks that every reader makes first. */
final class InputFile {
  private InputFile() {}

  /** The size of a file that is there, can be read and is not empty. */
  static long size(Path file, String expected) throws FormatException {
    String where = file.toString();
    if (Files.notExists(file)) {
      throw new FormatException(where, "no such file, expected " + expected);
    }
    if (Files.isDirectory(file)) {
      throw new FormatException(where, "a directory, expected " + expected);
    }
    if (!Files.isReadable(file)) {
      throw new FormatException(where, "cannot be read (permissions), expected " + expected);
    }
    if (!Files.isRegularFile(file)) { // a pipe could keep us waiting for ever
      throw new FormatException(where, "a pipe or device, expected " + expected);
    }
    try {
      long size = Files.size(file);
      if (size == 0) {
        throw new FormatException(where, "an empty file, expected " + expected);
      }
      return size;
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(where, e);
    }
  }

  /** What the platform says while reading becomes one line with the file's name. */
  static FormatException unreadable(String where, Exception e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new FormatException(where, "cannot be read (" + reason + "), expected a sound file", e);
  }
}
