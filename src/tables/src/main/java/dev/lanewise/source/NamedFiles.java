package dev.lanewise.source;

import dev.lanewise.format.FormatException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the files that a name with a wildcard stands for. */
public final class NamedFiles {
  private NamedFiles() {}

  /** Returns the file, or if its name contains a *, the sorted files that match. */
  public static List<Path> named(Path file) throws IOException {
    String name = file.getFileName() == null ? "" : file.getFileName().toString();
    if (name.indexOf('*') < 0 || Files.exists(file)) {
      return List.of(file);
    }
    Path folder = file.getParent() == null ? Path.of("") : file.getParent();
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, name)) {
        for (Path entry : entries) {
          files.add(file.getParent() == null ? entry.getFileName() : entry);
        }
      }
    }
    if (files.isEmpty()) {
      throw new NoSuchFileException(
          file.toString(), null, "no such files, expected at least" + " one file");
    }
    files.sort(null);
    if (FileKind.of(files.get(0)) != FileKind.CSV) {
      throw new FormatException(
          file.toString(),
          "%s is not a table as text, expected tables: other files are read one at a time",
          files.get(0).getFileName());
    }
    return files;
  }
}
