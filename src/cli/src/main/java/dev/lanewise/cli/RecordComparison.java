package dev.lanewise.cli;

import dev.lanewise.files.RecordDifference;
import dev.lanewise.files.RunFiles;
import dev.lanewise.files.RunRecord;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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

  private static final List<String> OF_THE_END =
      List.of("outcome", "epochs", "steps", "best_epoch", "metrics", "weights.final", "files");

  private static final String MEMBERS = "members";

  private final RunRecord record;
  private final int networks; // their number
  private final int last; // number of epochs that are trained again; 0: all

  RecordComparison(RunRecord record, int networks, int last) {
    this.record = record;
    this.networks = networks;
    this.last = last;
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
    names.addAll(last > 0 ? OF_THE_END : List.of());
    for (String option : Role.options(Role::isFree)) {
      names.add("given." + option);
      names.add("options." + option);
    }
    names.add("options that were given as they are by default");
    names.add("which epochs weights.after_epochs and norms have");
    names.addAll(last > 0 ? List.of("later epochs") : List.of());
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
    if (last == 0) {
      return members;
    }
    if (networks > 1 && members.containsKey(MEMBERS)) {
      List<Map<String, Object>> each = new ArrayList<>();
      for (RunRecord network : of.networks(networks)) {
        each.add(beginning(network.object()));
      }
      members.put(MEMBERS, each);
      members.remove("weights"); // only the final ones
    }
    return beginning(members);
  }

  /** Returns the members that are known when the first epochs were trained again. */
  private Map<String, Object> beginning(Map<String, Object> members) {
    members.keySet().removeAll(OF_THE_END);
    members.computeIfPresent("norms", (name, norms) -> first(norms));
    if (members.get("weights") instanceof Map<?, ?> weights) {
      Map<Object, Object> known = new LinkedHashMap<>(weights);
      known.computeIfPresent("after_epochs", (name, digests) -> first(digests));
      known.remove("final");
      members.put("weights", known);
    }
    return members;
  }

  /** Returns the members of the first epochs of an object with numbers of epochs. */
  private Object first(Object all) {
    if (!(all instanceof Map<?, ?> map)) {
      return all; // no record of train
    }
    Map<Object, Object> some = new LinkedHashMap<>(map);
    some.keySet().removeIf(epoch -> Arguments.integer("" + epoch) > last);
    return some;
  }
}
