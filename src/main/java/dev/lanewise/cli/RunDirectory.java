package dev.lanewise.cli;

import dev.lanewise.format.AtomicFile;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.report.TrainingCurves;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where a training run leaves its files: runs/1, runs/2, ..., or what the user names. */
final class RunDirectory {
  private static final Path RUNS = Path.of("runs");
  private static final String MODEL = "nn_model.npz";
  private static final String CHECKPOINT = "checkpoint.npz";

  private final Path directory;
  private final List<Path> files = new ArrayList<>();

  private RunDirectory(Path directory) {
    this.directory = directory;
  }

  /** Refuses a directory that may not be written to, before any work is done. */
  static void check(Path directory, boolean force) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw Problem.failure(directory + ": a file, expected a directory or a new name");
    }
    for (String file : force ? new String[0] : new String[] {MODEL, CHECKPOINT}) {
      if (Files.exists(directory.resolve(file))) {
        String resume = file.equals(CHECKPOINT) ? ", --resume" : "";
        throw Problem.failure(
            directory
                + ": holds "
                + file
                + " already, expected another directory"
                + resume
                + " or --force");
      }
    }
  }

  /** Makes the directory that the user names, for a run from the start. */
  static RunDirectory of(Path directory) throws IOException {
    RunDirectory made = make(directory);
    // Of a run that is replaced: should this one be killed early, nobody shall resume that one.
    Files.deleteIfExists(directory.resolve(CHECKPOINT));
    return made;
  }

  /** The directory of a run to go on with. */
  static RunDirectory resumed(Path checkpoint) {
    return new RunDirectory(checkpoint.getParent());
  }

  private static RunDirectory make(Path directory) throws IOException {
    try {
      Files.createDirectories(directory);
    } catch (FileSystemException e) {
      String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      throw Problem.failure(
          directory + ": cannot be made (" + reason + "), expected a directory to write to");
    }
    return new RunDirectory(directory);
  }

  /** Makes runs/N of the next number; of two programs at once each gets its own. */
  static RunDirectory next() throws IOException {
    make(RUNS);
    int next = 1;
    for (Path run : runs()) {
      next = Math.max(next, number(run) + 1);
    }
    while (true) {
      try {
        return new RunDirectory(Files.createDirectory(RUNS.resolve(Integer.toString(next))));
      } catch (FileAlreadyExistsException e) {
        next++;
      }
    }
  }

  /** The model in runs/N of the highest N that holds one. */
  static Path newestModel() throws IOException {
    Path newest = newest(MODEL);
    if (newest == null) {
      throw Problem.failure(
          "runs: no model in runs/N here, expected one that train left, or --model FILE");
    }
    return newest;
  }

  /** The checkpoint in the directory that the user names. */
  static Path checkpointIn(Path directory) {
    Path file = directory.resolve(CHECKPOINT);
    if (!Files.exists(file)) {
      throw Problem.failure(
          directory + ": no " + CHECKPOINT + " to resume from, expected one that train left");
    }
    return file;
  }

  /** The checkpoint in runs/N of the highest N that holds one. */
  static Path newestCheckpoint() throws IOException {
    Path newest = newest(CHECKPOINT);
    if (newest == null) {
      throw Problem.failure(
          "runs: no " + CHECKPOINT + " in runs/N here, expected one that train left, or --out DIR");
    }
    return newest;
  }

  private static Path newest(String file) throws IOException {
    Path newest = null;
    for (Path run : runs()) {
      boolean newer = newest == null || number(run) > number(newest);
      newest = newer && Files.exists(run.resolve(file)) ? run : newest;
    }
    return newest == null ? null : newest.resolve(file);
  }

  private static List<Path> runs() throws IOException {
    List<Path> runs = new ArrayList<>();
    if (Files.isDirectory(RUNS)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(RUNS)) {
        for (Path entry : entries) {
          if (entry.getFileName().toString().matches("[1-9][0-9]{0,8}")) {
            runs.add(entry);
          }
        }
      }
    }
    return runs;
  }

  private static int number(Path run) {
    return Integer.parseInt(run.getFileName().toString());
  }

  void checkpoint(Checkpoint checkpoint) throws IOException {
    checkpoint.save(add(CHECKPOINT));
  }

  void model(Mlp model) throws IOException {
    model.save(add(MODEL));
  }

  /** The statistics, and the curves of loss and accuracy: of training, the means of each epoch. */
  void history(History history, Loss loss) throws IOException {
    history.save(add("nn_stats.npz"));
    double[] epochs = history.numbers();
    write(
        add("cross_entropy.svg"),
        loss.isRegression()
            ? TrainingCurves.lossSvg(
                "Loss", Scores.lossName(loss), epochs, history.trainLossMean(), history.validLoss())
            : TrainingCurves.crossEntropySvg(epochs, history.trainLossMean(), history.validLoss()));
    write(
        add("accuracy.svg"),
        loss.isRegression()
            ? TrainingCurves.r2Svg(epochs, history.trainAccuracyMean(), history.validAccuracy())
            : TrainingCurves.accuracySvg(
                epochs, history.trainAccuracyMean(), history.validAccuracy()));
  }

  void uncertain(String svg) throws IOException {
    write(add("uncertain.svg"), svg);
  }

  /** All that --json prints, whether it was asked for or not; the end also gets the files. */
  void log(Json start, History history, Json end) throws IOException {
    Path file = add("log.jsonl");
    AtomicFile.write(
        file,
        out -> {
          StringBuilder text = new StringBuilder();
          line(out, start, text);
          for (EpochResult epoch : history.results()) { // there may be millions
            line(out, TrainingMonitor.event(epoch), text);
          }
          line(out, end.put("files", files), text);
        });
  }

  /** One line; the text is a buffer. */
  private static void line(OutputStream out, Json json, StringBuilder text) throws IOException {
    text.setLength(0);
    json.write(text);
    out.write(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
  }

  private Path add(String name) {
    Path file = directory.resolve(name);
    if (!files.contains(file)) {
      files.add(file);
    }
    return file;
  }

  /** Writes a text as a whole. */
  static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Removes the directory if a run ended before it had anything to keep. */
  void discardIfEmpty() {
    try {
      Files.delete(directory);
    } catch (IOException e) {
      // Not empty, or not ours to remove.
    }
  }

  String describe() {
    StringBuilder line = new StringBuilder("Saved in ").append(directory);
    String separator = ": ";
    for (Path file : files) {
      line.append(separator).append(file.getFileName());
      separator = ", ";
    }
    return line.toString();
  }
}
