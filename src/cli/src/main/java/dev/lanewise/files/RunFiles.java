package dev.lanewise.files;

import dev.lanewise.nn.Loss;
import dev.lanewise.terminal.Words;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names and removes the files of a run. */
public final class RunFiles {
  public static final String MODEL = "nn_model.npz";
  public static final String STATISTICS = "nn_stats.npz";
  static final String CHECKPOINT = "checkpoint.npz";
  static final String PREVIOUS = "checkpoint_previous.npz";
  public static final String LOG = "log.jsonl";
  public static final String RECORD = "run.json";
  public static final String REPORT = "report.html";

  // Files of earlier versions, which must not survive beside another model.
  public static final String FORGOTTEN = "forgotten.json";
  static final List<String> OF_EARLIER_VERSIONS =
      List.of(FORGOTTEN, "receipt.json", "uncertain.svg", "loss.svg", "r2.svg");
  static final String GROWING = "log.jsonl.part"; // that a killed run left

  static final String CROSS_ENTROPY = "cross_entropy.svg";
  static final String ACCURACY = "accuracy.svg";

  /** The files of runs of all losses. */
  public static final List<String> ALL =
      Stream.concat(
              Stream.of(MODEL, STATISTICS, CHECKPOINT, PREVIOUS, LOG, RECORD, REPORT),
              Stream.concat(Stream.of(CROSS_ENTROPY, ACCURACY), OF_EARLIER_VERSIONS.stream()))
          .toList();

  /** Files whose digests are in the record of a run. */
  public static final List<String> DIGESTED = List.of(MODEL, STATISTICS, LOG);

  private static final Pattern CHECKPOINTS =
      Pattern.compile("checkpoint(?:_\\d+)?(?:_previous)?\\.npz|kept_\\d+_\\d+\\.npz");

  private RunFiles() {}

  /** Returns the name of the checkpoint of a network, from 0. */
  static String checkpoint(int member) {
    return member == 0 ? CHECKPOINT : "checkpoint_" + (member + 1) + ".npz";
  }

  /** Returns the name of the checkpoint before the last one of a network, from 0. */
  static String previous(int member) {
    return member == 0 ? PREVIOUS : "checkpoint_" + (member + 1) + "_previous.npz";
  }

  /** Returns the names of all checkpoints in a directory, also of those of earlier versions. */
  static List<String> checkpoints(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> CHECKPOINTS.matcher(name).matches())
          .toList();
    }
  }

  /** Returns whether a run with a loss may leave a file. */
  static boolean isOf(Loss loss, String name) {
    boolean isCurve = name.equals(CROSS_ENTROPY) || name.equals(ACCURACY);
    return isCurve ? !loss.task().hasNumbers() : !OF_EARLIER_VERSIONS.contains(name);
  }

  /** Returns the model file that is given by its own name or by the directory of its run. */
  public static Path model(Path given) {
    return Files.isDirectory(given) ? given.resolve(MODEL) : given;
  }

  public static boolean hasAny(Path directory, String... names) {
    return Stream.of(names).anyMatch(name -> Files.exists(directory.resolve(name)));
  }

  /** Returns the reason of an error in words. */
  public static String reason(IOException e) {
    if (e instanceof FileSystemException f) {
      return f.getReason() == null ? "no access to " + f.getFile() : f.getReason();
    }
    return Words.of(e);
  }

  static void removeRun(Path directory, String but) throws IOException {
    List<String> names = new ArrayList<>(checkpoints(directory));
    names.addAll(ALL);
    for (String name : names) {
      if (!name.equals(but)) {
        remove(directory.resolve(name));
      }
    }
  }

  /** Removes a file of a replaced run, if it exists. */
  public static void remove(Path file) throws IOException {
    try {
      Files.deleteIfExists(file);
    } catch (FileSystemException e) {
      String problem =
          "cannot be removed (" + reason(e) + "), expected a file that may be replaced";
      throw new FileSystemException(file.toString(), null, problem);
    }
  }
}
