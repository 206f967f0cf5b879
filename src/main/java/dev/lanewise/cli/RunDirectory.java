package dev.lanewise.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Where a training run leaves its files: runs/1, runs/2, ..., or what the user names. */
final class RunDirectory {
  static final String MODEL = "nn_model.npz";
  static final String STATISTICS = "nn_stats.npz";

  private static final String RUNS = "runs";

  /** Refuses a directory that may not be written to, before any work is done. */
  static void check(Path directory, boolean force) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw Problem.failure(directory + ": a file, expected a directory or a new name");
    }
    if (Files.exists(directory.resolve(MODEL)) && !force) {
      throw Problem.failure(
          directory + ": holds " + MODEL + " already, expected another directory or --force");
    }
  }

  /** Makes the directory that the user names. */
  static Path create(Path directory) throws IOException {
    try {
      return Files.createDirectories(directory);
    } catch (FileAlreadyExistsException e) {
      throw Problem.failure(e.getFile() + ": a file, expected a directory or a new name", e);
    } catch (FileSystemException e) {
      String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      throw Problem.failure(
          directory + ": cannot be made (" + reason + "), expected a directory to write to", e);
    }
  }

  /** Makes runs/N of the next number; of two programs at once each gets its own. */
  static Path createNext() throws IOException {
    Path runs = create(Path.of(RUNS));
    int next = numbers(runs).stream().findFirst().orElse(0);
    while (true) {
      next++;
      try {
        return Files.createDirectory(runs.resolve(Integer.toString(next)));
      } catch (FileAlreadyExistsException e) {
        continue;
      }
    }
  }

  /** The model in runs/N of the highest N that holds one. */
  static Optional<Path> newestModel() throws IOException {
    Path runs = Path.of(RUNS);
    return numbers(runs).stream()
        .map(n -> runs.resolve(Integer.toString(n)).resolve(MODEL))
        .filter(Files::exists)
        .findFirst();
  }

  /** The numbers of the runs, highest first. */
  private static List<Integer> numbers(Path runs) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    if (Files.isDirectory(runs)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(runs)) {
        for (Path entry : entries) {
          String name = entry.getFileName().toString();
          if (name.matches("[1-9][0-9]{0,8}")) {
            numbers.add(Integer.parseInt(name));
          }
        }
      }
    }
    numbers.sort(Comparator.reverseOrder());
    return numbers;
  }

  private RunDirectory() {}
}
