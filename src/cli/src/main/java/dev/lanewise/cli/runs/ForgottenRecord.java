package dev.lanewise.cli.runs;

import dev.lanewise.cli.options.Arguments;
import dev.lanewise.cli.options.DataOptions;
import dev.lanewise.cli.print.Json;
import dev.lanewise.cli.print.Problem;
import dev.lanewise.format.FormatException;
import dev.lanewise.table.TableOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The record of what {@code forget} removed, which it leaves beside the new run. */
public final class ForgottenRecord {
  public static final String PROMISE =
      "The weights, and the bytes of the model file, are those that the command gives: training"
          + " from"
          + " scratch on the remaining rows. This record supports evidence of that; it does not"
          + " show"
          + " who wrote it.";

  public static final String ROW_DIGEST =
      "SHA-256 of the bytes of the salt, then the bytes of the row in its file without the end of"
          + " the line";

  /** Members about the old run and its rows, which nobody who has only the new run can compare. */
  private static final List<String> COPIED = List.of("version", "run", "salt", "old_model");

  public static final String SEARCHED = "options_of_search";

  private static final List<String> NOT_COMPARED =
      List.of(
          "forgotten.version",
          "forgotten.run",
          "forgotten.removed.file",
          "forgotten.removed.row_digests",
          "forgotten.salt",
          "forgotten.data.old_sha256",
          "forgotten.old_model",
          "forgotten.options_of_search");

  private final RunRecord found;
  private final RunRecord run;

  private ForgottenRecord(RunRecord found, RunRecord run) {
    this.found = found;
    this.run = run;
  }

  /**
   * Compares the record beside a run with the run, and counts the rows that remain.
   *
   * @param own the options of the run, with the current places of its files
   * @return the names of what is not compared; none if nothing was forgotten
   * @throws Problem if a member is another than forget would record
   */
  public static List<String> compare(Path directory, RunRecord run, Arguments own)
      throws IOException {
    Path file = directory.resolve(RunFiles.FORGOTTEN);
    if (Files.notExists(file)) {
      return List.of();
    }
    ForgottenRecord record = new ForgottenRecord(RunRecord.read(file), run);
    Map<String, Object> found = record.found.object();
    found.remove("sha256"); // it was compared when the record was read
    RecordDifference first = RecordDifference.of("", found, record.expected(own));
    if (first != null && first.isMissing()) {
      throw first.missing(file, "forget");
    } else if (first != null) {
      throw Problem.failure(
          "%s: %s is %s, expected %s as %s and the remaining rows say",
          file,
          first.name(),
          RecordDifference.brief(first.recorded()),
          RecordDifference.brief(first.again()),
          run.file());
    }
    return NOT_COMPARED;
  }

  /** Returns the members that the run and the remaining rows give, and copies of the others. */
  private Map<String, Object> expected(Arguments own) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("format", (double) RunRecord.FORMAT);
    members.put("row_digest", ROW_DIGEST);
    List<Object> data = new ArrayList<>();
    List<Object> removed = new ArrayList<>();
    for (RunRecord read : run.read()) {
      String option = read.text("option");
      RunRecord of = part("data", data.size());
      Object old = of.text("old_sha256");
      Map<String, Object> file = new LinkedHashMap<>();
      file.put("option", option);
      file.put("old_sha256", required("data.old_sha256", old));
      file.put("new", read.text("file"));
      file.put("new_sha256", read.text("sha256"));
      data.add(file);
      if (!read.text("sha256").equals(old)) {
        removed.add(removed(option, part("removed", removed.size()), own));
      }
    }
    members.put("data", data);
    members.put("removed", removed);
    members.put("new_model", model(run).members);
    members.put("command", command(run));
    members.put("promise", PROMISE);
    for (String name : COPIED) {
      members.put(name, required(name, found.members().get(name)));
    }
    Object searched = found.members().get(SEARCHED);
    if (searched != null) {
      members.put(SEARCHED, searched);
    }
    return members;
  }

  /** Returns what the record must say of the rows of a file, with the digests that it has. */
  private Map<String, Object> removed(String option, RunRecord of, Arguments own)
      throws IOException {
    List<?> digests = of.get(List.class, "row_digests");
    for (Object digest : required("removed.row_digests", digests)) {
      if (!("" + digest).matches("[0-9a-f]{64}")) {
        throw new FormatException(
            of.file().toString(), "row_digests has %s, expected 64 hexadecimal digits", digest);
      }
    }
    TableOptions how = DataOptions.table(own).withHeader(ForgottenRows.header(own));
    ForgottenRows rest = new ForgottenRows(option, own.path(option), how, null, new BitSet());
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("option", option);
    members.put("file", required("removed.file", of.text("file")));
    members.put("rows_before", (double) rest.rows() + digests.size());
    members.put("rows_removed", (double) digests.size());
    members.put("row_digests", digests);
    return members;
  }

  /** Returns an element of a list of objects; one without members if there is none. */
  private RunRecord part(String name, int index) throws FormatException {
    List<?> parts = required(name, found.get(List.class, name));
    Map<String, Object> members = new LinkedHashMap<>();
    if (index < parts.size() && parts.get(index) instanceof Map<?, ?> map) {
      map.forEach((member, value) -> members.put("" + member, value));
    }
    return new RunRecord(found.file(), members);
  }

  private <T> T required(String name, T value) throws FormatException {
    if (value == null) {
      throw new FormatException(
          found.file().toString(), "no %s, expected a member that forget records", name);
    }
    return value;
  }

  public static Json model(RunRecord of) throws IOException {
    return new Json()
        .put("weights_sha256", of.text("weights", "final"))
        .put("file_sha256", of.text("files", RunFiles.MODEL));
  }

  /** Returns the command that trains the new model, for a shell. */
  public static String command(RunRecord trained) throws FormatException {
    return trained.command() + " --out=DIR";
  }
}
