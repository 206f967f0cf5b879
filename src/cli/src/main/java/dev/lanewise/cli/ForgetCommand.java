package dev.lanewise.cli;

import dev.lanewise.cli.inputs.DataSource;
import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.DataOptions;
import dev.lanewise.cli.options.Usage;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.cli.print.Result;
import dev.lanewise.cli.print.Shown;
import dev.lanewise.cli.runs.FileDigest;
import dev.lanewise.cli.runs.ForgottenRecord;
import dev.lanewise.cli.runs.ForgottenRows;
import dev.lanewise.cli.runs.RequestedRows;
import dev.lanewise.cli.runs.RunDirectory;
import dev.lanewise.cli.runs.RunFiles;
import dev.lanewise.cli.runs.RunLock;
import dev.lanewise.cli.runs.RunRecord;
import dev.lanewise.cli.training.RestoredRun;
import dev.lanewise.cli.training.SearchFiles;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.table.TableOptions;
import dev.lanewise.table.TableOptions.Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code forget}: trains a run again without some rows of its table. */
final class ForgetCommand extends TrainingCommand {
  /** The options of train that name tables. */
  private static final List<String> TABLES = List.of("data", "valid-data", "test-data");

  private static final Pattern REMAINING =
      Pattern.compile("remaining(_valid|_test)?\\.csv(\\.gz)?");
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})(?:-([0-9]{1,9}))?");
  private static final int SALT = 32; // bytes

  private Path out;
  private RunRecord record;
  private Arguments own; // arguments of train
  private Header header; // header of the table
  private final List<ForgottenRows> forgotten = new ArrayList<>(); // one for each table

  @Override
  void run() throws IOException {
    if (arguments.has("rows") == arguments.has("index")) {
      throw Problem.usage("forget: expected either --rows FILE or --index N,N-N,...");
    } else if (!arguments.has("out")) {
      throw Problem.usage("forget: no --out DIR, expected the directory of the new run");
    }
    record = RunRecord.of(arguments.file(0));
    record.requireOfThisVersion();
    out = arguments.path("out");
    String initial = record.text("given", "initial-model");
    if (initial != null) {
      throw Problem.failure(
          "%s: the training began from the model %s, which may know the rows, expected a run"
              + " that began from random weights",
          record.file(), initial);
    }
    RestoredRun restored = new RestoredRun(record);
    restored.data(arguments);
    own = restored.options(arguments);
    requireTable();
    requireOut();
    find();
    interruption.hold();
    boolean isMade = AtomicFile.makeDirectory(out);
    boolean isDone = false;
    try {
      isDone = train();
    } finally {
      if (!isDone) {
        clean(isMade);
      }
    }
  }

  /** Refuses data that is not one table as text. */
  private void requireTable() throws IOException {
    Path data = own.path("data");
    if (!DataSource.isTable(data)) {
      throw Problem.failure(
          "%s: not a table as text, expected a CSV file or the like (save other data without"
              + " the rows,"
              + " and train on that with the options of %s)",
          data, record.file());
    }
    for (String option : arguments.has("rows") ? TABLES : List.of("data")) {
      if (own.has(option) && Files.notExists(own.path(option))) { // a wildcard
        throw Problem.failure(
            "%s: several files, expected a single file (join them, and train on the joined file"
                + " first)",
            own.text(option));
      }
    }
  }

  /**
   * Refuses a directory for the new run with files that are not replaced, as they may have rows.
   */
  private void requireOut() throws IOException {
    RunDirectory.check(arguments);
    if (!Files.isDirectory(out)) {
      return;
    }
    List<Path> read = new ArrayList<>(List.of(record.file()));
    TABLES.stream().filter(own::has).forEach(option -> read.add(own.path(option)));
    if (arguments.has("rows")) {
      read.add(arguments.path("rows"));
    }
    for (Path file : read) {
      if (Files.exists(file) && Files.isSameFile(out, file.toAbsolutePath().getParent())) {
        throw arguments.wrong("out", "another directory than that of " + file);
      }
    }
    List<String> replaced = new ArrayList<>(RunFiles.ALL);
    replaced.addAll(RunFiles.checkpoints(out));
    for (String name : out.toFile().list()) {
      boolean isReplaced = replaced.contains(name) || REMAINING.matcher(name).matches();
      // Other hidden files of Lanewise may have rows: encoded ones, or a part of a file.
      if (!name.equals(RunLock.NAME) && !(isReplaced && arguments.has("force"))) {
        throw Problem.failure(
            "%s: holds %s, expected a new or empty directory%s",
            out, name, isReplaced ? " or --force" : ", as that file may have the rows");
      }
    }
  }

  /** Finds the rows to forget in all tables of the run. */
  private void find() throws IOException {
    Path data = own.path("data");
    header = ForgottenRows.header(own);
    TableOptions how = DataOptions.table(own).withHeader(header);
    if (arguments.has("index")) {
      forgotten.add(new ForgottenRows("data", data, how, null, numbers()));
    } else {
      RequestedRows requested = new RequestedRows(arguments.path("rows"), how);
      for (String option : TABLES) {
        if (own.has(option)) {
          forgotten.add(new ForgottenRows(option, own.path(option), how, requested, new BitSet()));
        }
      }
      List<String> files = forgotten.stream().map(rows -> rows.file.toString()).toList();
      requested.report(String.join(", ", files), output);
    }
    forgotten.removeIf(rows -> rows.count() == 0);
    forgotten.forEach(rows -> output.note("Forgets %s", rows));
  }

  /** Returns the numbers of --index. */
  private BitSet numbers() {
    BitSet numbers = new BitSet();
    for (String part : arguments.text("index").split(",", -1)) {
      Matcher range = RANGE.matcher(part);
      if (!range.matches()) {
        throw arguments.wrong("index", "numbers of rows from 0, such as 3,17,20-29");
      }
      int from = Integer.parseInt(range.group(1));
      int to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
      if (to < from) {
        throw arguments.wrong("index", "ranges from a smaller to a larger number, such as 20-29");
      }
      numbers.set(from, to + 1);
    }
    return numbers;
  }

  /** Trains on the remaining rows, and returns whether the new run is complete. */
  private boolean train() throws IOException {
    for (String name : out.toFile().list()) {
      if (name.equals(RunFiles.FORGOTTEN) || REMAINING.matcher(name).matches()) {
        RunFiles.remove(out.resolve(name)); // a file of an earlier run
      }
    }
    byte[] salt = new byte[SALT];
    new SecureRandom().nextBytes(salt);
    for (ForgottenRows rows : forgotten) {
      Path rest = out.resolve(rows.remaining());
      rows.write(rest, salt);
      own.fix(rows.option, rest.toString());
    }
    if (ForgottenRows.header(own) != header) {
      boolean hasHeader = header == Header.YES;
      throw Problem.failure(
          "%s: without the rows, the first line would %s, expected it as before (train with"
              + " --header"
              + " %s first)",
          arguments.file(0), hasHeader ? "be a row" : "name the columns", hasHeader ? "yes" : "no");
    }
    own.fix("out", out.toString());
    if (arguments.has("force")) {
      own.fix("force", "");
    }
    Object version = record.get(Object.class, "machine", "version");
    if (!Usage.version().equals(version)) {
      output.hint(
          "%s: of Lanewise %s; this is %s, whose presets may have other values",
          record.file(), version, Usage.version());
    }
    train(own);
    RunRecord trained = RunRecord.of(out);
    if (trained.text("outcome").equals("stopped")) {
      output.result("Interrupted: nothing is left in %s; forget begins again", out);
      return false;
    }
    Result manifest = manifest(trained, salt);
    RunDirectory.write(out.resolve(RunFiles.FORGOTTEN), RunRecord.text(manifest.values));
    output.result(
        manifest.values.in("forgotten: {removed}; ")
            + out.resolve(RunFiles.FORGOTTEN)
            + " says which files, and how to check it");
    manifest
        .note(
            "{run} and its data are as they were, with the rows; caches, predictions and"
                + " exports may"
                + " have them, too")
        .end();
    return true;
  }

  /** Returns the record of what was removed, and how to check it. */
  private Result manifest(RunRecord trained, byte[] salt) throws IOException {
    List<Json> data = new ArrayList<>();
    for (RunRecord before : record.read()) {
      for (RunRecord after : trained.read()) {
        if (after.text("option").equals(before.text("option"))) {
          data.add(
              new Json()
                  .put("option", before.text("option"))
                  .put("old_sha256", before.text("sha256"))
                  .put("new", after.text("file"))
                  .put("new_sha256", after.text("sha256")));
        }
      }
    }
    int count = forgotten.stream().mapToInt(ForgottenRows::count).sum();
    List<Json> removed = forgotten.stream().map(ForgottenRows::json).toList();
    Result manifest =
        new Result("forgotten", output)
            .put("format", RunRecord.FORMAT)
            .put("version", Usage.version())
            .put("run", arguments.file(0))
            .put("removed", new Shown(removed, count + (count == 1 ? " row" : " rows")))
            .put("salt", HexFormat.of().formatHex(salt))
            .put("row_digest", ForgottenRecord.ROW_DIGEST)
            .put("data", data)
            .put("old_model", ForgottenRecord.model(record))
            .put("new_model", ForgottenRecord.model(trained));
    Map<String, Object> searched = searched();
    if (!searched.isEmpty()) {
      String named = "--" + String.join(", --", searched.keySet());
      manifest.put(ForgottenRecord.SEARCHED, new Shown(new Json().put(searched), named));
      output.result(
          manifest.values.in("Not forgotten: {" + ForgottenRecord.SEARCHED + "}")
              + ", which a search on all rows chose; search again on "
              + own.text("data")
              + " to choose them without the rows");
    }
    return manifest
        .put("command", ForgottenRecord.command(trained))
        .put("promise", ForgottenRecord.PROMISE);
  }

  /**
   * Returns the options of the run that a search found, on rows of which some are forgotten now.
   */
  private Map<String, Object> searched() throws IOException {
    Path search = arguments.file(0).resolve(SearchFiles.RECORD);
    if (Files.exists(search)) {
      RunRecord found = RunRecord.read(search);
      String winner = found.text("winner", "sha256");
      if (Objects.equals(winner, record.text("weights", "final"))) { // else of another run
        return found.object("winner", "options");
      }
    }
    Path earlier = arguments.file(0).resolve(RunFiles.FORGOTTEN);
    return Files.exists(earlier)
        ? RunRecord.read(earlier).object(ForgottenRecord.SEARCHED)
        : Map.of();
  }

  /** Removes what a run that was refused or cut off has left; the files of an earlier one stay. */
  private void clean(boolean isMade) throws IOException {
    boolean hasRecord = Files.exists(out.resolve(RunFiles.RECORD));
    for (ForgottenRows rows : forgotten) {
      Path rest = out.resolve(rows.remaining());
      if (Files.exists(rest)) {
        String sha256 = FileDigest.of(rest).sha256();
        for (RunRecord read : hasRecord ? RunRecord.of(out).read() : List.<RunRecord>of()) {
          if (read.text("option").equals(rows.option) && sha256.equals(read.text("sha256"))) {
            RunFiles.removeRun(out, null);
          }
        }
        RunFiles.remove(rest);
      }
    }
    if (isMade) {
      Files.deleteIfExists(out);
    }
  }
}
