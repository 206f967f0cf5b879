package dev.lanewise.cli;

import dev.lanewise.files.FileDigest;
import dev.lanewise.files.RunDirectory;
import dev.lanewise.files.RunFiles;
import dev.lanewise.files.RunLock;
import dev.lanewise.files.RunRecord;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Role;
import dev.lanewise.terminal.Usage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The directory of a search, with the record of its options and data. */
public final class SearchFiles implements Closeable {
  public static final String RECORD = "search.json";
  public static final String TRIALS = "trials.csv";
  public static final String PAGE = "search.html";
  public static final String WINNER = "winner.npz";

  /** The ensemble, if it is not the model that is kept. */
  public static final String ENSEMBLE = "ensemble.npz";

  private static final List<String> ALL = List.of(TRIALS, RECORD, PAGE, WINNER, ENSEMBLE);

  public final Path directory;
  private final Closeable lock;

  private SearchFiles(Path directory, Closeable lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /** Refuses a directory for a new search, before any work is done. */
  public static void check(Arguments arguments) throws IOException {
    RunDirectory.check(
        arguments,
        "a search already, expected another directory, --resume or --force",
        ALL.toArray(String[]::new));
  }

  /** Makes the directory of a new search, and removes the files of an earlier one. */
  public static SearchFiles create(Arguments arguments) throws IOException {
    RunDirectory made = RunDirectory.of(arguments);
    for (String name : ALL) { // the results first, so that they never seem to be of other options
      AtomicFile.removeAbandoned(made.path().resolve(name));
      RunFiles.remove(made.path().resolve(name));
    }
    return new SearchFiles(made.path(), made);
  }

  /** Opens the directory of a search to resume, and restores its options. */
  public static SearchFiles resume(Arguments arguments) throws IOException {
    Path directory = arguments.has("out") ? arguments.path("out") : RunDirectory.newest(RECORD);
    if (directory == null || !RunFiles.hasAny(directory, RECORD)) {
      throw Problem.failure(
          "%s: no %s to resume from, expected one that search left%s",
          directory == null ? "runs" : directory,
          RECORD,
          directory == null ? ", or --out DIR" : "");
    }
    RunRecord record = RunRecord.read(directory.resolve(RECORD));
    String version = record.text("version");
    if (!Usage.version().equals(version)) {
      throw Problem.failure(
          "%s: of Lanewise %s, expected %s, as another version may train other weights",
          record.file(), version, Usage.version());
    }
    List<String> given = new ArrayList<>();
    boolean isLonger = !arguments.own(Role.LENGTH::equals).isEmpty();
    for (Map.Entry<String, Object> option : record.object("given").entrySet()) {
      // A number of trials replaces a time.
      if (!isLonger || arguments.role(option.getKey()) != Role.LENGTH) {
        given.add(option.getKey() + "=" + option.getValue());
      }
    }
    arguments.restore(record.file(), given);
    for (RunRecord read : record.read()) {
      String option = read.text("option");
      record.requireSame(
          arguments.text(option),
          FileDigest.of(option, arguments.path(option)).sha256(),
          read.text("sha256"),
          "search without --resume begins anew");
    }
    return new SearchFiles(directory, RunLock.of(directory));
  }

  /** Returns the part of the record that is known before the first trial. */
  public static Json beginning(Arguments arguments) throws IOException {
    return new Json()
        .put("format", RunRecord.FORMAT)
        .put("version", Usage.version())
        .put("given", RunRecord.options(arguments.own(Role::isGiven)))
        .put("data", RunRecord.data(arguments));
  }

  public Path path(String name) {
    return directory.resolve(name);
  }

  /** Returns the names of the files that exist. */
  public List<String> names() {
    return ALL.stream().filter(name -> RunFiles.hasAny(directory, name)).toList();
  }

  public void record(Json record) throws IOException {
    RunDirectory.write(path(RECORD), RunRecord.text(record));
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
