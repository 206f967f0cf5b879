package dev.lanewise.cli;

import dev.lanewise.nn.Loss;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The names of the files that a training leaves, and how those of a run are removed. */
final class RunFiles {
  static final String MODEL = "nn_model.npz";
  static final String STATISTICS = "nn_stats.npz";
  static final String CHECKPOINT = "checkpoint.npz";
  static final String PREVIOUS = "checkpoint_previous.npz";
  static final String UNCERTAIN = "uncertain.svg";
  static final String LOG = "log.jsonl";
  static final String RECORD = "run.json";
  static final String REPORT = "report.html";

  private static final String CROSS_ENTROPY = "cross_entropy.svg";
  private static final String ACCURACY = "accuracy.svg";
  private static final String LOSS = "loss.svg";
  static final String R2 = "r2.svg";

  /** Whatever the loss. */
  static final List<String> ALL =
      List.of(
          MODEL,
          STATISTICS,
          CHECKPOINT,
          PREVIOUS,
          UNCERTAIN,
          LOG,
          RECORD,
          REPORT,
          CROSS_ENTROPY,
          ACCURACY,
          LOSS,
          R2);

  /** Those of which the record of a run has digests. */
  static final List<String> DIGESTED = List.of(MODEL, STATISTICS, LOG);

  private RunFiles() {}

  /** The curves of a loss. */
  static String lossCurves(Loss loss) {
    return loss.isRegression() ? LOSS : CROSS_ENTROPY;
  }

  /** The curves of what there is beside a loss. */
  static String accuracyCurves(Loss loss) {
    return loss.isRegression() ? R2 : ACCURACY;
  }

  /** Whether a run of a loss leaves a file, but for the picture of the least certain rows. */
  static boolean isOf(Loss loss, String name) {
    boolean isCurve = ALL.indexOf(name) >= ALL.indexOf(CROSS_ENTROPY);
    return !isCurve || name.equals(lossCurves(loss)) || name.equals(accuracyCurves(loss));
  }

  /** The model file that is meant, as such or by the directory of its run. */
  static Path model(Path given) {
    return Files.isDirectory(given) ? given.resolve(MODEL) : given;
  }

  /** Whether a directory holds one of some files. */
  static boolean holds(Path directory, String... names) {
    boolean holds = false;
    for (String name : names) {
      holds |= Files.exists(directory.resolve(name));
    }
    return holds;
  }

  /** What is wrong, in words. */
  static String reason(IOException e) {
    if (e instanceof FileSystemException f) {
      return f.getReason() == null
          ? e.getClass().getSimpleName() + " " + f.getFile()
          : f.getReason();
    }
    return e.getMessage();
  }

  /** Removes all files of a run but one. */
  static void removeRun(Path directory, String but) throws IOException {
    for (String name : ALL) {
      if (!name.equals(but)) {
        remove(directory.resolve(name));
      }
    }
  }

  /** Removes a file that belongs to a run which is replaced, if there is one. */
  static void remove(Path file) throws IOException {
    try {
      Files.deleteIfExists(file);
    } catch (FileSystemException e) {
      String problem =
          "cannot be removed (" + reason(e) + "), expected to be allowed to replace it";
      throw new FileSystemException(file.toString(), null, problem);
    }
  }
}
