package dev.lanewise.cli;

import dev.lanewise.files.FileDigest;
import dev.lanewise.files.RecordDifference;
import dev.lanewise.files.RunRecord;
import dev.lanewise.format.FormatException;
import dev.lanewise.rows.internal.Cell;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Json;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Role;
import dev.lanewise.terminal.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The options of a run from its record, with which its training can be repeated. */
public final class RestoredRun {
  private final RunRecord record;
  // places of the files that were read, by options
  private final Map<String, String> places = new LinkedHashMap<>();
  private final Map<String, String> names = new LinkedHashMap<>(); // the same when it was read

  public RestoredRun(RunRecord record) {
    this.record = record;
  }

  /** Returns the files that the options of the run name, at their current places. */
  public List<Json> data(Arguments arguments) throws IOException {
    List<Json> all = new ArrayList<>();
    for (RunRecord read : record.read()) {
      String option = read.text("option");
      String name = read.text("file");
      String sha256 = read.text("sha256");
      if (!Role.READ.contains(option) || names.put(option, name) != null) {
        throw Problem.failure(
            "%s: data of option %s, expected each of %s at most once",
            record.file(), option, String.join(", ", Role.READ));
      }
      if (sha256 == null) {
        throw Problem.failure(
            "%s: no sha256 of %s (%s), expected one, as data are verified by it",
            record.file(), name, read.text("problem"));
      }
      Path place = Path.of(name);
      if (arguments.has("data")) {
        Path data = arguments.path("data");
        // Files next to the data may have moved with it.
        Path beside = data.resolveSibling(place.getFileName());
        boolean gone = Files.notExists(place) && Files.exists(beside);
        place = option.equals("data") ? data : gone ? beside : place;
      }
      String way =
          option.equals("data")
              ? "--data FILE says where the data is"
              : "of --" + option + ", which may also be beside --data FILE";
      if (Files.notExists(place) && place.toString().indexOf('*') < 0) {
        throw Problem.failure(
            "%s: no such file, expected the file that the run has read (%s)", place, way);
      }
      FileDigest found = FileDigest.of(option, place);
      if (!found.sha256().equals(sha256)) {
        requireParts(place, found, read.get(List.class, "files"));
        record.requireSame(place.toString(), found.sha256(), sha256, way);
      }
      places.put(option, place.toString());
      Json same = new Json().put("option", option);
      same.put(found.json().put("file", name));
      requireEqual(read, same);
      all.add(same);
    }
    requireNames(restored(record.object("given"), List.of()));
    return all;
  }

  /**
   * Refuses the record if its entry for a file differs from what train would record for this file.
   */
  private void requireEqual(RunRecord read, Json now) throws IOException {
    byte[] text = now.toString().getBytes(StandardCharsets.UTF_8);
    RecordDifference first =
        RecordDifference.of("data", read.members(), RunRecord.parsed(text, ""));
    if (first != null) {
      throw Problem.failure(
          "%s: %s of option %s is %s, expected %s as train records it",
          record.file(),
          first.name(),
          read.text("option"),
          RecordDifference.brief(first.recorded()),
          RecordDifference.brief(first.again()));
    }
  }

  /** Returns the options of the run with the current places of its files. */
  public Arguments options(Arguments arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of("--progress=" + arguments.text("progress")));
    if (arguments.has("threads")) {
      words.add("--threads=" + arguments.text("threads"));
    }
    Map<String, Object> given = record.object("given");
    given.keySet().removeIf(option -> !Role.isCompared(option));
    given.putAll(places);
    given.put("checkpoint-every", "0");
    given.put("trust", ""); // the digests of its files are compared instead
    return restored(given, words);
  }

  private Arguments restored(Map<String, Object> given, List<String> words) throws FormatException {
    List<String> lines = new ArrayList<>();
    given.forEach((name, value) -> lines.add(name + "=" + value));
    Arguments options = new Arguments(Usage.of("train"), words);
    options.restore(record.file(), lines);
    String missing = record.text("options", "missing"); // null in earlier versions
    if (missing == null || missing.equals(String.join(",", Cell.EARLIER_MISSING_STRINGS))) {
      options.preset("missing", missing);
    }
    return options;
  }

  /** Refuses options that name files without digests. */
  private void requireNames(Arguments options) throws IOException {
    for (String option : Role.READ) {
      String expected = names.get(option);
      for (String found : Arrays.asList(options.text(option), record.text("options", option))) {
        if (!Objects.equals(expected, found)) {
          throw Problem.failure(
              "%s: data has %s of --%s, expected %s as the options say",
              record.file(), expected, option, found);
        }
      }
    }
  }

  /** Names the first of several files that has changed. */
  private void requireParts(Path place, FileDigest found, List<?> parts) {
    if (parts == null || found.parts().isEmpty()) {
      return;
    }
    Map<Object, FileDigest> now = new HashMap<>();
    found.parts().forEach(part -> now.put(part.name(), part));
    for (Object part : parts) {
      Map<?, ?> expected = part instanceof Map<?, ?> map ? map : Map.of();
      FileDigest there = now.remove(expected.get("file"));
      String name = place + ": " + expected.get("file");
      if (there == null) {
        throw Problem.failure(
            name + ": no such file, expected the file as " + record.file() + " says");
      }
      record.requireSame(name, there.sha256(), "" + expected.get("sha256"), "as it was");
    }
    for (Object more : now.keySet()) {
      throw Problem.failure(
          place
              + ": "
              + more
              + ": a file that the run did not read, expected only the files that it read");
    }
  }
}
