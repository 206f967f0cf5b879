package dev.lanewise.cli;

import dev.lanewise.files.RecordDifference;
import dev.lanewise.files.RunFiles;
import dev.lanewise.files.RunRecord;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Compares the record of a run with the record of the repeated training. A member is either
 * compared or on a list of those that are not, which {@code verify} prints; whatever is on neither
 * is refused.
 */
final class RecordComparison {
  /**
   * Members of a record that may differ on another machine, at another time or on other threads.
   */
  private static final List<String> NOT_COMPARED =
      List.of(
          ("jar_sha256 machine kernels threads started ended seconds_of_epochs seconds_of_digests")
              .split(" "));

  private final RunRecord record;

  RecordComparison(RunRecord record) {
    this.record = record;
  }

  /** Refuses a record without the members that are not compared, which every run records. */
  static void requireMembers(RunRecord record) {
    for (String name : NOT_COMPARED) {
      if (record.members().get(name) == null) {
        throw Problem.failure(
            "%s: no %s, expected a member that train records (it is not compared)",
            record.file(), name);
      }
    }
  }

  /** Returns the names of everything that is not compared. */
  List<String> notCompared() {
    List<String> names = new ArrayList<>(NOT_COMPARED);
    for (String option : Role.options(Role::isFree)) {
      names.add("given." + option);
      names.add("options." + option);
    }
    names.add("options that were given as they are by default");
    names.add("which epochs weights.after_epochs and norms have");
    names.addAll(
        List.of("the text of " + RunFiles.LOG, RunFiles.REPORT, "pictures", "checkpoints"));
    return names;
  }

  /**
   * Compares the records.
   *
   * @param isBeginning whether the other record has only what is known before the first step
   * @return the first difference of values, or null if there is none
   * @throws Problem if one of the records lacks a member, or an option has another value
   */
  RecordDifference compare(Json again, boolean isBeginning) throws IOException {
    byte[] text = again.toString().getBytes(StandardCharsets.UTF_8);
    RunRecord other = new RunRecord(record.file(), Map.of("", RunRecord.parsed(text, "")));
    Map<String, Object> found = compared(new RunRecord(record.file(), other.object("")));
    Map<String, Object> expected = compared(record);
    if (isBeginning) {
      expected.keySet().retainAll(found.keySet());
    }
    RecordDifference first = RecordDifference.of("", expected, found);
    String name = first == null ? "" : first.name();
    if (name.startsWith("options.")) { // another version may have other presets and defaults
      throw Problem.failure(
          "%s: --%s was %s, and is %s in this version of Lanewise, expected the same value"
              + " (version %s)",
          record.file(),
          name.substring(name.indexOf('.') + 1),
          first.recorded(),
          first.again(),
          record.get(Object.class, "machine", "version"));
    } else if (first != null && first.isMissing()) {
      throw first.missing(record.file());
    }
    return first;
  }

  /** Returns the members of a record that are compared. */
  private Map<String, Object> compared(RunRecord of) throws IOException {
    Map<String, Object> members = of.object();
    members.keySet().removeAll(NOT_COMPARED);
    members.remove("sha256"); // it was compared when the record was read
    for (String options : List.of("given", "options")) {
      Map<String, Object> compared = of.object(options);
      compared.keySet().removeIf(option -> !Role.isCompared(option)); // or by RestoredRun
      members.put(options, compared);
    }
    return members;
  }
}
