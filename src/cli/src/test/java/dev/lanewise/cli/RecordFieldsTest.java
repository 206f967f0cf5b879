package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.files.RunRecord;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Removes, nulls and changes every field of a record, and seals the record anew. {@code verify}
 * must refuse the record and name the field, or list the field as not compared.
 */
class RecordFieldsTest {
  /** The fields that are refused after any change of them or of a value within them. */
  private static final Set<String> REFUSED =
      Set.of(
          ("format outcome epochs steps best_epoch loss metrics given options data"
                  + " schema_sha256 train_rows weights norms files")
              .split(" "));

  /** The fields that are listed as not compared; options are also listed within {@code given}. */
  private static final Set<String> NOT_COMPARED =
      Set.of(
          "jar_sha256",
          "machine",
          "kernels",
          "threads",
          "started",
          "ended",
          "seconds_of_epochs",
          "seconds_of_digests",
          "options.cache",
          "options.out",
          "options.force",
          "options.resume",
          "options.trust",
          "options.checkpoint-every",
          "options.verbose");

  @TempDir Path directory;
  private Path out;
  private Map<String, Object> members; // the fields of the record as it was written
  private final List<String> wrong = new ArrayList<>(); // the faults that the test found
  private final Set<String> passed = new TreeSet<>(); // fields that may be changed
  private boolean isShort; // fields are only removed and nulled, and those of the machine are not

  private void trained(int code, String options) throws IOException {
    out = directory.resolve("out");
    Run run = Run.line("train --out", out, "--force", options);
    assertEquals(code, run.code(), run.err());
    members = new LinkedHashMap<>(RunRecord.of(out).members());
    members.remove("sha256");
  }

  private Path table() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("t"));
    for (int part = 1; part <= 2; part++) {
      StringBuilder text = new StringBuilder("a,b,c\n");
      for (int row = 0; row < 20; row++) {
        int x = (row * 7 + part) % 11;
        text.append(x / 2.0).append(',').append(row % 3).append(x > 5 ? ",yes\n" : ",no\n");
      }
      Files.writeString(folder.resolve("part-" + part + ".csv"), text);
    }
    return folder.resolve("part-*.csv");
  }

  /** Verifies a record in which one field has another value. */
  private void check(String field, Map<String, Object> record) throws IOException {
    Forger.write(out.resolve("run.json"), record);
    Run run = Run.line("verify", out, "--json --threads 1");
    String line = run.errors().strip();
    if (run.code() == 0) {
      Map<String, Object> event = run.json();
      boolean isListed = false;
      for (Object each : (List<?>) event.get("not_compared")) {
        isListed |= field.equals(each) || field.startsWith(each + ".");
      }
      passed.add(field);
      if (!isListed) {
        wrong.add(field + " passes: " + record);
      }
    } else {
      String[] names = field.split("[.\\[]");
      String last =
          names[names.length - 1].matches("[0-9]*]?") ? names[0] : names[names.length - 1];
      // A record without the words for a missing value is one of an earlier version, which knew
      // other words; the schema has them.
      boolean isNamed =
          line.matches(".*(" + last + "|" + names[0] + "|more|--).*")
              || field.equals("options.missing") && line.contains("schema_sha256");
      if (run.code() != Problem.FAILED
          || line.lines().count() != 1
          || !isNamed
          || !line.matches(".*(expected|works with).*")
          || line.contains("internal error")
          || run.out().contains("\"same\":true")) {
        wrong.add(field + ": " + run.code() + " " + line);
      }
    }
  }

  /** Checks that other commands never meet an internal error with such a record. */
  private void readByOthers(String field, Map<String, Object> record) throws IOException {
    Forger.write(out.resolve("run.json"), record);
    for (String command : List.of("report", "compare")) {
      Run run = Run.of(command, out.toString(), "--out", directory.resolve("p.html").toString());
      if (run.err().contains("internal error")) {
        wrong.add(command + " of " + field + ": " + run.err());
      }
    }
  }

  /**
   * Removes a value, nulls it and changes it, and then does the same with every value within it.
   */
  private void walk(String field, Object value, Change change) throws IOException {
    check(field, change.to(List.of()));
    List<Object> others = new ArrayList<>(isShort ? List.of() : changed(value));
    others.add(null);
    for (Object other : others) {
      boolean isSame = other == null ? value == null : other.equals(value);
      if (!isSame) {
        check(field, change.to(Collections.singletonList(other)));
      }
    }
    if (value instanceof Map<?, ?> map) {
      for (Object name : map.keySet()) {
        walk(field + "." + name, map.get(name), within(change, map, (String) name));
      }
    } else if (value instanceof List<?> list) {
      for (int i : IntStream.of(0, list.size() - 1).distinct().filter(i -> i >= 0).toArray()) {
        Change element =
            values -> {
              List<Object> changed = new ArrayList<>(list.subList(0, i));
              changed.addAll(values);
              changed.addAll(list.subList(i + 1, list.size()));
              return change.to(List.of(changed));
            };
        walk(field + "[" + i + "]", list.get(i), element);
      }
    }
  }

  /** Returns other values of the same type, and one of another type. */
  private static List<Object> changed(Object value) {
    List<Object> others = new ArrayList<>(List.of(value instanceof String ? 5.0 : "5"));
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> more = new LinkedHashMap<>(map);
      more.put("more", "1");
      others.addAll(List.of(Map.of(), more));
    } else if (value instanceof List<?> list) {
      List<Object> more = new ArrayList<>(list);
      more.add(list.isEmpty() ? "1" : list.get(0));
      others.addAll(List.of(List.of(), more));
    } else if (value instanceof String text) {
      others.add((text.startsWith("0") ? "1" : "0") + text.substring(Math.min(1, text.length())));
    } else if (value instanceof Double number) {
      others.add(Math.nextUp(number));
    }
    return others;
  }

  /** Makes the record in which a value is removed or replaced. */
  private interface Change {
    Map<String, Object> to(Collection<Object> values);
  }

  private static Change within(Change change, Map<?, ?> map, String name) {
    return values -> {
      Map<String, Object> changed = new LinkedHashMap<>();
      map.forEach((member, value) -> changed.put((String) member, value));
      changed.remove(name);
      values.forEach(value -> changed.put(name, value));
      return change.to(List.of(changed));
    };
  }

  @SuppressWarnings("unchecked")
  private void walkAll() throws IOException {
    Change all = values -> (Map<String, Object>) values.iterator().next();
    Set<String> names = new LinkedHashSet<>(members.keySet());
    names.removeIf(name -> isShort && name.equals("machine"));
    for (String name : names) {
      walk(name, members.get(name), within(all, members, name));
      if (!isShort || members.get("outcome").equals("diverged")) {
        readByOthers(name, within(all, members, name).to(Collections.singletonList(null)));
      }
    }
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put("accuracy", 1.0);
    check("accuracy", more);
    Forger.write(out.resolve("run.json"), members);
    Run.of("verify", out.toString()).ok();
    assertEquals(List.of(), wrong);
  }

  @Test
  void ofACompletedRun() throws IOException {
    trained(
        0,
        "--target c --members 1 --hidden 3 --epochs 2 --batch-size 9 --seed 7 --best loss"
            + " --checkpoint-every 99 --verbose --no-shuffle --missing none --data "
            + table());
    walkAll();
    Set<String> fields = new LinkedHashSet<>(members.keySet());
    Set<String> lists = new LinkedHashSet<>(REFUSED);
    NOT_COMPARED.stream().filter(field -> !field.contains(".")).forEach(lists::add);
    assertEquals(lists, fields, "each field is in one of the lists");
    Set<String> expected = new TreeSet<>();
    for (String field : NOT_COMPARED) {
      expected.add(field);
      expected.add(field.replace("options.", "given."));
    }
    passed.removeIf(field -> field.startsWith("machine."));
    assertTrue(expected.containsAll(passed), passed.toString());
    expected.removeIf(field -> field.matches(".*\\.(cache|resume|trust)|given\\.(out|force)"));
    assertEquals(expected, passed);
  }

  @Test
  void ofSeveralNetworks() throws IOException {
    trained(0, "--target c --members 2 --hidden none --epochs 1 --batch-size 9 --data " + table());
    isShort = true;
    walkAll();
  }

  @Test
  void ofAResumedRunOfNumbers() throws IOException {
    Path data = table();
    trained(
        0,
        "--target a --hidden none --preset course --epochs 1 --eta 0.001 --checkpoint-every 1e-9"
            + " --schedule cosine --data "
            + data);
    Run.line("train --resume --epochs 3 --out", out).ok();
    members = RunRecord.of(out).object();
    members.remove("sha256");
    isShort = true;
    walkAll();
  }

  @Test
  void ofARunThatDiverged() throws IOException {
    trained(
        Problem.FAILED,
        "--target c --hidden 2 --preset course --epochs 3 --eta 1e38 --seed 5 --data " + table());
    assertEquals("diverged", members.get("outcome"));
    isShort = true;
    walkAll();
  }
}
