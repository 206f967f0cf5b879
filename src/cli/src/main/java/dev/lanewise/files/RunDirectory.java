package dev.lanewise.files;

import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Loss;
import dev.lanewise.report.TrainingCurves;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Result;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The directory of a training run: runs/1, runs/2, ..., or the one that the user names. */
public final class RunDirectory implements Closeable {
  private static final Path RUNS = Path.of("runs");

  private final Path directory;
  private final boolean resumed;
  private final List<Path> files = new ArrayList<>();
  private RunLock lock;

  private boolean isNew;

  /** Whether there are files of another run, which this one replaces. */
  private boolean replaces;

  /** Networks whose newest checkpoint is damaged, so that the next one replaces it. */
  private final Set<Integer> spoilt = new HashSet<>();

  private RunDirectory(Path directory, boolean isNew, boolean resumed) throws IOException {
    this.directory = directory;
    this.isNew = isNew;
    this.resumed = resumed;
    lock();
  }

  private void lock() throws IOException {
    try {
      lock = RunLock.of(directory);
    } catch (IOException e) {
      throw unusable(directory, RunFiles.reason(e));
    }
  }

  private static IOException unusable(Path directory, String reason) {
    String problem = "cannot be used (" + reason + "), expected a directory to write to";
    return new FileSystemException(directory.toString(), null, problem);
  }

  /** Creates a directory, and returns whether it did not exist. */
  private static boolean make(Path directory) throws IOException {
    try {
      return AtomicFile.makeDirectory(directory);
    } catch (IOException e) {
      throw unusable(directory, RunFiles.reason(e));
    }
  }

  /** Refuses a directory of the user that cannot be written to, before any work is done. */
  public static void check(Arguments arguments) throws IOException {
    boolean force = arguments.has("force");
    if (!arguments.has("out")) {
      if (force) {
        throw Problem.usage("--force: names no directory, expected --out DIR, too");
      }
      return;
    }
    Path directory = arguments.path("out");
    Path there = directory;
    while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      there = there.toAbsolutePath().getParent();
    }
    if (Files.isDirectory(directory)) {
      of(directory, force).close();
    } else if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      String found =
          !there.equals(directory)
              ? "cannot be made (" + there + " is not a directory that can be written to)"
              : Files.exists(directory) ? "a file" : "a link to nothing";
      throw Problem.failure(directory + ": " + found + ", expected a directory or a new name");
    }
  }

  /**
   * Refuses a directory of the user as {@link #check(Arguments)} does, and if it holds one of some
   * files, unless they may be replaced.
   *
   * @param holds what these files are, and what is expected in their place
   */
  public static void check(Arguments arguments, String holds, String... files) throws IOException {
    check(arguments);
    if (arguments.has("out")
        && !arguments.has("force")
        && RunFiles.hasAny(arguments.path("out"), files)) {
      throw Problem.failure("%s: holds %s", arguments.path("out"), holds);
    }
  }

  /** Makes the directory that the user names, or the next one, for a run from the start. */
  public static RunDirectory of(Arguments arguments) throws IOException {
    return arguments.has("out") ? of(arguments.path("out"), arguments.has("force")) : next();
  }

  /**
   * Makes the directory that the user names, for a run from the start. The files of another run
   * stay until this run writes its first file. Then they are removed together, because files of two
   * runs would look like files of one run.
   *
   * @param force whether an existing run may be replaced
   */
  public static RunDirectory of(Path directory, boolean force) throws IOException {
    RunDirectory made = new RunDirectory(directory, make(directory), false);
    for (String file : List.of(RunFiles.MODEL, RunFiles.CHECKPOINT, RunFiles.PREVIOUS)) {
      if (!force && Files.exists(directory.resolve(file))) {
        made.close();
        throw Problem.failure(
            "%s: holds %s already, expected another directory%s or --force",
            directory, file, file.equals(RunFiles.MODEL) ? "" : ", --resume");
      }
    }
    made.replaces =
        RunFiles.hasAny(
            directory,
            RunFiles.MODEL,
            RunFiles.STATISTICS, // pictures alone may belong to something else
            RunFiles.CHECKPOINT,
            RunFiles.PREVIOUS);
    return made;
  }

  /** Returns the directory of a run to resume, which the user names, or the newest. */
  public static RunDirectory resumed(Arguments arguments) throws IOException {
    if (arguments.has("out")) {
      return resumed(arguments.path("out"));
    }
    Path newest = newest(RunFiles.CHECKPOINT, RunFiles.PREVIOUS);
    if (newest == null) {
      throw Problem.failure(
          "runs: no %s in runs/N here, expected a run that train left, or --out DIR",
          RunFiles.CHECKPOINT);
    }
    return new RunDirectory(newest, false, true);
  }

  /** Returns the directory of a run to resume. */
  public static RunDirectory resumed(Path directory) throws IOException {
    if (!RunFiles.hasAny(directory, RunFiles.CHECKPOINT, RunFiles.PREVIOUS)) {
      throw Problem.failure(
          "%s: no %s to resume from, expected the file that train leaves",
          directory, RunFiles.CHECKPOINT);
    }
    return new RunDirectory(directory, false, true);
  }

  /** Creates runs/N with the next free number; two programs at once get different numbers. */
  static RunDirectory next() throws IOException {
    int next = 1 + runs().stream().mapToInt(RunDirectory::number).max().orElse(0);
    while (!make(RUNS.resolve(Integer.toString(next)))) {
      next++;
    }
    return new RunDirectory(RUNS.resolve(Integer.toString(next)), true, false);
  }

  /**
   * Returns the model file: the one that an option names, perhaps by the directory of its run, or
   * else the newest.
   */
  public static Path modelFile(Arguments arguments) throws IOException {
    if (!arguments.hasFile() && !arguments.has("model")) {
      return newestModel();
    }
    return RunFiles.model(arguments.hasFile() ? arguments.file(0) : arguments.path("model"));
  }

  /** Returns the model in runs/N of the highest N that holds one. */
  public static Path newestModel() throws IOException {
    Path newest = newest(RunFiles.MODEL);
    if (newest == null) {
      throw Problem.failure(
          "runs: no model in runs/N here, expected a model that train left, or --model FILE");
    }
    return newest.resolve(RunFiles.MODEL);
  }

  /** Returns runs/N of the highest N that holds one of these files; null if there is none. */
  public static Path newest(String... files) throws IOException {
    return runs().stream()
        .filter(run -> RunFiles.hasAny(run, files))
        .max(Comparator.comparingInt(RunDirectory::number))
        .orElse(null);
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

  public Path path() {
    return directory;
  }

  /** Returns the checkpoint of a network, from 0. */
  public Path checkpoint(int member) {
    return directory.resolve(RunFiles.checkpoint(member));
  }

  /** Returns the checkpoint before the last one, which is damaged; null if none is kept. */
  public Path previousCheckpoint(int member) {
    spoilt.add(member);
    Path previous = directory.resolve(RunFiles.previous(member));
    return Files.exists(previous) ? previous : null;
  }

  /**
   * Checks before the first step, as far as possible, that all files can be written, and removes
   * partial files of a killed run.
   *
   * @param parameters the parameters of the model
   */
  public void prepare(Loss loss, long parameters, Output output) throws IOException {
    if (lock.isShared) {
      output.hint(
          directory
              + ": its file system has no locks: make sure that no other program writes"
              + " there meanwhile");
    }
    for (String name : RunFiles.ALL) {
      Path file = directory.resolve(name);
      AtomicFile.removeAbandoned(file);
      if (RunFiles.isOf(loss, name)) {
        AtomicFile.requireWritable(file);
      }
    }
    RunFiles.remove(directory.resolve(RunFiles.GROWING));
    long room = directory.toFile().getUsableSpace(); // 0 if the file system does not tell
    long size = Float.BYTES * parameters;
    if (room > 0 && room < size) {
      throw unusable(directory, room + " bytes are free, the model has " + size);
    }
  }

  /**
   * Marks that the run has begun. If it is killed before its first checkpoint, the run that it
   * replaces must not be resumed in its place.
   */
  public synchronized void begin() throws IOException {
    for (String name : replaces ? RunFiles.checkpoints(directory) : List.<String>of()) {
      RunFiles.remove(directory.resolve(name));
    }
  }

  /**
   * Writes a checkpoint of a network, from 0. Networks that are trained side by side take turns.
   */
  public synchronized void checkpoint(Checkpoint checkpoint, int member) throws IOException {
    Path previous = directory.resolve(RunFiles.previous(member));
    put(
        RunFiles.checkpoint(member),
        file -> {
          if (Files.exists(file) && !spoilt.contains(member)) {
            AtomicFile.writeAndKeep(file, previous, checkpoint::save);
          } else {
            checkpoint.save(file);
          }
        });
    spoilt.remove(member);
    if (Files.exists(previous) && !files.contains(previous)) {
      files.add(previous);
    }
    files.sort(Comparator.naturalOrder()); // sorted by name, as networks write in any order
  }

  public void model(Model model) throws IOException {
    put(RunFiles.MODEL, model::save);
    if (resumed) { // these are about an earlier model
      RunFiles.remove(directory.resolve(RunFiles.RECORD));
      RunFiles.remove(directory.resolve(RunFiles.REPORT));
      for (String name : RunFiles.OF_EARLIER_VERSIONS) {
        RunFiles.remove(directory.resolve(name));
      }
    }
  }

  /** Writes the statistics and, of classes, the curves. */
  public void history(History history, Model model) throws IOException {
    put(RunFiles.STATISTICS, history::save);
    if (RunFiles.isOf(model.loss(), RunFiles.ACCURACY)) {
      text(RunFiles.CROSS_ENTROPY, TrainingCurves.loss(history, model).svg());
      text(RunFiles.ACCURACY, TrainingCurves.accuracy(history, model).svg());
    }
  }

  /** Writes a text file of the run. */
  public void text(String name, String content) throws IOException {
    put(name, file -> write(file, content));
  }

  /** Writes the record of the run with the digests of the files written before. */
  public RunRecord record(Json record) throws IOException {
    Json written = new Json();
    for (String name : RunFiles.DIGESTED) {
      Path file = directory.resolve(name);
      if (files.contains(file)) {
        written.put(name, FileDigest.one(name, file).sha256());
      }
    }
    record.put("files", written);
    text(RunFiles.RECORD, RunRecord.text(record));
    return RunRecord.of(directory);
  }

  /**
   * Writes the log, which has the lines that --json prints.
   *
   * @param end last event, to which the files are added
   * @param later names of files that will be written after the log
   */
  public void log(Result start, History history, Result end, List<String> later)
      throws IOException {
    for (String name : later) {
      files.add(directory.resolve(name));
    }
    put(
        RunFiles.LOG,
        file ->
            AtomicFile.write(
                file,
                out -> {
                  StringBuilder text = new StringBuilder();
                  line(out, start.event(), text);
                  List<History> members = history.members();
                  for (int m = 0; m < members.size(); m++) {
                    int member = members.size() == 1 ? -1 : m;
                    for (EpochResult epoch : members.get(m).results()) { // may be millions
                      line(out, event(epoch, member), text);
                    }
                  }
                  line(out, end.put("files", files).event(), text);
                }));
  }

  /** Returns the event of an epoch of a network, from 0, or of the only one, -1. */
  public static Json event(EpochResult result, int member) {
    Json event = Json.event("epoch");
    if (member >= 0) {
      event.put("member", member + 1);
    }
    return event
        .put("epoch", result.epoch())
        .put("train_ce", result.trainLoss())
        .put("train_acc", result.trainScore())
        .put("train_ce_mean", result.trainLossMean())
        .put("train_acc_mean", result.trainScoreMean())
        .put("valid_ce", result.validLoss())
        .put("valid_acc", result.validScore())
        .put("eta", result.learningRate())
        .put("seconds", result.seconds());
  }

  /** Writes one line by means of a buffer. */
  private static void line(OutputStream out, Json json, StringBuilder text) throws IOException {
    text.setLength(0);
    json.write(text);
    out.write(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Writes one of the files; the first one removes the files of a replaced run. */
  private void put(String name, AtomicFile.IoConsumer<Path> content) throws IOException {
    Path file = directory.resolve(name);
    if (!lock.isHeld()) { // the directory was removed, but the run goes on
      lock.close();
      isNew |= make(directory);
      lock();
      files.removeIf(Files::notExists);
    }
    if (!files.contains(file)) {
      files.add(file);
    }
    content.accept(file);
    // Only now: on a full disk, the old run is better than none.
    if (replaces) {
      RunFiles.removeRun(directory, name);
      replaces = false;
    }
  }

  public static void write(Path file, String text) throws IOException {
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Releases the lock, and removes the directory if this run created it and left nothing. */
  @Override
  public void close() {
    lock.close();
    if (isNew) {
      try {
        Files.delete(directory);
      } catch (IOException e) {
        // Not empty.
      }
    }
  }

  public String describe() {
    String names =
        files.stream().map(file -> file.getFileName().toString()).collect(Collectors.joining(", "));
    return "Saved in " + directory + (names.isEmpty() ? "" : ": " + names);
  }
}
