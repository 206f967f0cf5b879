package dev.lanewise.cli;

import dev.lanewise.format.AtomicFile;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
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

  private final Path directory;
  private final List<Path> files = new ArrayList<>();

  /** Whether files of a run are there which this one replaces. */
  private boolean replaces;

  private final boolean resumed;

  private RunDirectory(Path directory, boolean resumed) {
    this.directory = directory;
    this.resumed = resumed;
  }

  /** Refuses a directory that may not be written to, before any work is done. */
  static void check(Path directory, boolean force) {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw Problem.failure(directory + ": a file, expected a directory or a new name");
    }
    for (String file : force ? new String[0] : new String[] {RunFiles.MODEL, RunFiles.CHECKPOINT}) {
      if (Files.exists(directory.resolve(file))) {
        String resume = file.equals(RunFiles.CHECKPOINT) ? ", --resume" : "";
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

  /**
   * Makes the directory that the user names, for a run from the start. What another run left there
   * stays until this one has something to put in its place, and then goes as a whole: a model and
   * statistics of two runs would be taken for those of one.
   */
  static RunDirectory of(Path directory) throws IOException {
    RunDirectory made = make(directory);
    made.replaces = RunFiles.isRun(directory);
    return made;
  }

  /** The directory of a run to go on with. */
  static RunDirectory resumed(Path checkpoint) {
    return new RunDirectory(checkpoint.getParent(), true);
  }

  private static RunDirectory make(Path directory) throws IOException {
    try {
      Files.createDirectories(directory);
    } catch (FileSystemException e) {
      String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      throw Problem.failure(
          directory + ": cannot be made (" + reason + "), expected a directory to write to");
    }
    return new RunDirectory(directory, false);
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
        Path made = Files.createDirectory(RUNS.resolve(Integer.toString(next)));
        return new RunDirectory(made, false);
      } catch (FileAlreadyExistsException e) {
        next++;
      }
    }
  }

  /** The model in runs/N of the highest N that holds one. */
  static Path newestModel() throws IOException {
    Path newest = newest(RunFiles.MODEL);
    if (newest == null) {
      throw Problem.failure(
          "runs: no model in runs/N here, expected one that train left, or --model FILE");
    }
    return newest;
  }

  /** The checkpoint in the directory that the user names. */
  static Path checkpointIn(Path directory) {
    Path file = directory.resolve(RunFiles.CHECKPOINT);
    if (!Files.exists(file)) {
      throw Problem.failure(
          directory
              + ": no "
              + RunFiles.CHECKPOINT
              + " to resume from, expected one that train left");
    }
    return file;
  }

  /** The checkpoint in runs/N of the highest N that holds one. */
  static Path newestCheckpoint() throws IOException {
    Path newest = newest(RunFiles.CHECKPOINT);
    if (newest == null) {
      throw Problem.failure(
          "runs: no "
              + RunFiles.CHECKPOINT
              + " in runs/N here, expected one that train left, or --out DIR");
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

  /**
   * Says that the first step of the run was taken: should it be killed before its own first
   * checkpoint, nobody shall resume the run that it replaces in its place.
   */
  void begin() throws IOException {
    if (replaces) {
      RunFiles.remove(directory.resolve(RunFiles.CHECKPOINT));
    }
  }

  void checkpoint(Checkpoint checkpoint) throws IOException {
    put(RunFiles.CHECKPOINT, checkpoint::save);
  }

  void model(Mlp model) throws IOException {
    put(RunFiles.MODEL, model::save);
    if (resumed) { // the picture shows what an earlier model was uncertain of
      RunFiles.remove(directory.resolve(RunFiles.UNCERTAIN));
    }
  }

  /** The statistics and the curves. */
  void history(History history, Mlp model) throws IOException {
    Loss loss = model.loss();
    put(RunFiles.STATISTICS, history::save);
    put(RunFiles.lossCurves(loss), file -> write(file, RunCurves.loss(history, model)));
    put(RunFiles.accuracyCurves(loss), file -> write(file, RunCurves.accuracy(history, loss)));
  }

  void uncertain(String svg) throws IOException {
    put(RunFiles.UNCERTAIN, file -> write(file, svg));
  }

  /** All that --json prints, whether it was asked for or not; the end also gets the files. */
  void log(Json start, History history, Json end) throws IOException {
    put(
        RunFiles.LOG,
        file ->
            AtomicFile.write(
                file,
                out -> {
                  StringBuilder text = new StringBuilder();
                  line(out, start, text);
                  for (EpochResult epoch : history.results()) { // there may be millions
                    line(out, TrainingMonitor.event(epoch), text);
                  }
                  line(out, end.put("files", files), text);
                }));
  }

  /** One line; the text is a buffer. */
  private static void line(OutputStream out, Json json, StringBuilder text) throws IOException {
    text.setLength(0);
    json.write(text);
    out.write(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Writes one of the files; with the first, those of a run that is replaced go. */
  private void put(String name, AtomicFile.IoConsumer<Path> content) throws IOException {
    Path file = directory.resolve(name);
    if (!files.contains(file)) {
      files.add(file);
    }
    content.accept(file);
    // Not before: if the disk is full, the run that is there is better than none.
    if (replaces) {
      RunFiles.removeRun(directory, name);
      replaces = false;
    }
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
