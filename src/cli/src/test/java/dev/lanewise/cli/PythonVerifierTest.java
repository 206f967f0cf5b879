package dev.lanewise.cli;

import static java.util.regex.Pattern.MULTILINE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.OwnJvm;
import dev.lanewise.files.FileDigest;
import dev.lanewise.files.RunRecord;
import dev.lanewise.model.Calibration;
import dev.lanewise.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The verifier in Python confirms honest runs and refuses forged ones, whose records are sealed
 * again. It needs a Python that has numpy.
 */
class PythonVerifierTest {
  private static final Path PROGRAM =
      OwnJvm.ROOT.resolve(Path.of("src", "verifier", "lanewise_verifier.py"));

  /** Members of a record that the verifier does not compare. */
  private static final Set<String> LISTED =
      Set.of(
          ("loss schema_sha256 norms jar_sha256 machine kernels threads started ended seconds_of_epochs seconds_of_digests")
              .split(" "));

  @TempDir Path directory;
  private final List<String> runs = new ArrayList<>(); // folders

  private String table(String name, String header, String... lines) throws IOException {
    return table(60, name, header, lines);
  }

  private String table(int rows, String name, String header, String... lines) throws IOException {
    StringBuilder text = new StringBuilder(header + "\n");
    for (int row = 0; row < rows; row++) {
      text.append((row * 7 % 11) / 2.0).append(',').append(lines[row % lines.length]);
      text.append('\n');
    }
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private Path trained(String options, String... more) {
    Path out = directory.resolve("run" + runs.size());
    Run.line("train --hidden 5 --out", out, options, more).ok();
    runs.add(out.toString());
    return out;
  }

  /** Runs the verifier with words, and returns what it prints, with its exit code at the end. */
  static String verifier(List<String> words) throws Exception {
    List<String> command = new ArrayList<>(words);
    command.add(0, PROGRAM.toString());
    OwnJvm.Ended ended = OwnJvm.python(command.toArray(String[]::new));
    return ended.printed() + "exit " + ended.code();
  }

  /** Verifies all runs in one process, of which only the first ones are honest. */
  private void verified(int honest) throws Exception {
    String said = verifier(runs);
    for (int run = 0; run < runs.size(); run++) {
      String code = run < honest ? "0" : "[12]";
      assertTrue(
          Pattern.compile("^" + Pattern.quote(runs.get(run)) + ": exit " + code + "$", MULTILINE)
              .matcher(said)
              .find(),
          runs.get(run) + "\n" + said);
    }
  }

  private void confirmed() throws Exception {
    verified(runs.size());
  }

  /** Copies a run, changes its record or its files, and seals the record again. */
  private void forged(Path run, String what, Forgery forgery) throws IOException {
    Path folder = Files.createDirectory(directory.resolve(what.replace(' ', '_')));
    for (String name : List.of("run.json", "nn_model.npz", "nn_stats.npz", "log.jsonl")) {
      Files.copy(run.resolve(name), folder.resolve(name));
    }
    Map<String, Object> record = new LinkedHashMap<>(RunRecord.of(run).members());
    record.remove("sha256");
    forgery.change(folder, record);
    Forger.write(folder.resolve("run.json"), record);
    runs.add(folder.toString());
  }

  /** Changes the folder of a run, or its record before it is sealed. */
  private interface Forgery {
    void change(Path folder, Map<String, Object> record) throws IOException;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> within(Map<String, Object> record, Object... names) {
    Object found = record;
    for (Object name : names) {
      found =
          name instanceof Integer i
              ? ((List<?>) found).get(i)
              : ((Map<String, Object>) found).get(name);
    }
    return (Map<String, Object>) found;
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Map<String, Object> record, String name) {
    return (List<Object>) record.get(name);
  }

  /** Says of both the given options and those in use that an option was another. */
  private static Forgery option(String name, String given, String used) {
    return (folder, record) -> {
      within(record, "given").put(name, given);
      within(record, "options").put(name, used);
    };
  }

  private static Forgery used(String name, String value) {
    return (folder, record) -> within(record, "options").put(name, value);
  }

  private static void takeFile(Path from, Path folder, Map<String, Object> record, String name)
      throws IOException {
    Files.copy(from.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    within(record, "files").put(name, FileDigest.one(name, folder.resolve(name)).sha256());
  }

  @Test
  void wordsMakeAColumnACategoryWhoseNumbersHaveTheirDigits() throws Exception {
    trained("--epochs 2 --data " + table("c.csv", "a,c,y", "01,u", "1,v", "x,u", "x,v", "1,u"));
    trained("--epochs 2 --data " + table("t.csv", "a,y", "01", "1", "2", "02", "1", "1", "1"));
    confirmed();
  }

  @Test
  void optionsHaveTheDefaultsOfTheProgram() throws Exception {
    String data = "--epochs 2 --data " + table("d.csv", "a,b,y", "9,u", "9.0,v", "3,u", "4,u");
    trained("--optimizer rmsprop --eta 0.001 " + data);
    trained("--best none --valid-fraction 0.2 " + data);
    trained("--missing 9 " + data);
    confirmed();
  }

  /** The metrics of the records are those of probabilities that undo weights of classes. */
  @Test
  void metricsUndoWeightsOfClasses() throws Exception {
    String data = "--epochs 2 --data " + table("w.csv", "a,b,y", "9,u", "9.0,v", "3,u", "4,u");
    trained("--class-weights balanced " + data);
    trained("--balanced --class-weights 1,3 --members 1 " + data);
    Path run = trained("--class-weights 1,3 --preset course " + data);
    trained("--preset course " + data); // whose metrics are others
    forged(
        run,
        "metrics with weights",
        (f, r) -> within(r, "metrics").put("test", within(r, "metrics").get("train")));
    verified(4);
  }

  /** The metrics of the records are those of calibrated probabilities. */
  @Test
  void temperaturesAreFoundAgain() throws Exception {
    String file = table(160, "t.csv", "a,b,y", "9,u", "9.5,v", "3,u", "4,u", "5,w", "8,v", "2,w");
    String data = "--epochs 4 --data " + file;
    List<Path> all =
        List.of(
            trained("--preset table --members 6 " + data),
            trained("--preset table-fast " + data),
            trained("--preset image --temperature validation --valid-fraction 0.2 " + data),
            trained("--preset table --class-weights balanced " + data),
            trained("--preset table --balanced --class-weights 1,3,2 " + data),
            trained("--preset course --temperature validation --valid-fraction 0.2 " + data));
    List<Boolean> found = new ArrayList<>();
    for (Path run : all) {
      found.add(model(run).calibration().isPresent());
    }
    assertEquals(List.of(true, true, false, true, true, true), found, "few rows deny one");
    trained("--preset table --temperature none " + data);
    Path run = all.get(1);
    forged(run, "another temperature", calibrated(Optional.of(Calibration.temperature(1.5))));
    forged(run, "no temperature", calibrated(Optional.empty()));
    forged(
        run,
        "an option that is left out",
        (folder, record) -> within(record, "options").remove("temperature"));
    forged(run, "metric of classes", (f, r) -> within(r, "metrics", "test").put("ce", 0.5));
    verified(7);
  }

  @Test
  void shardsAreTrainedAgain() throws Exception {
    String classes =
        table(700, "c.csv", "a,b,y", "9,u", "9.5,v", "3,u", "4,u", "5,w", "8,v", "2,w");
    String numbers = table(700, "n.csv", "a,b,y", "9,0.5", "9.5,2.25", "3,-1.5", "8,1.75", "4,0");
    String options = "--epochs 3 --batch-size 257 --shards 4 --data ";
    Path run = trained(options + classes + " --dropout 0.2 --clip-norm 0.1 --members 2");
    trained(options + numbers + " --preset table --weight-column b");
    trained(options + numbers + " --preset course --no-shuffle --optimizer adamw");
    trained("--epochs 2 --shards 1 --data " + classes);
    trained("--epochs 2 --batch-size -1 --shards 8 --preset course --data " + classes);
    forged(run, "another number of shards", option("shards", "2", "2"));
    forged(run, "no shards", (f, r) -> within(r, "given").remove("shards"));
    forged(run, "too many shards", option("shards", "8", "8"));
    verified(5);
  }

  @Test
  void weightsOfGroupsAreSelectedAgain() throws Exception {
    String groups = "5 eta=0.001; 3 hidden=8; 2 eta=1e-6";
    String classes = table(600, "c.csv", "a,b,y", "9,u", "9.5,v", "3,u", "4,u");
    String numbers = table(600, "n.csv", "a,b,y", "9,0.5", "9.5,2.25", "3,-1.5", "8,1.75", "4,0");
    String options = "--epochs 3 --valid-fraction 0.5 --group-weights greedy --data ";
    Path run = null;
    for (String data : List.of(classes, numbers)) {
      run = trained(options + data + " --members 2", "--configurations", groups);
      int[] weights = model(run).memberWeights();
      assertTrue(weights[2] > weights[4], Arrays.toString(weights));
    }
    trained("--epochs 3 --preset table-best --balanced --class-weights 1,3 --data " + classes);
    forged(run, "given weights", option("group-weights", "given", "given"));
    forged(
        run, "other weights", (f, r) -> save(Model.of(model(f).members(), 2, 2, 3, 3, 1, 1), f, r));
    verified(3);
  }

  private static Model model(Path run) throws IOException {
    return Model.load(run.resolve("nn_model.npz"));
  }

  private static Forgery calibrated(Optional<Calibration> calibration) {
    return (folder, record) -> save(model(folder).withCalibration(calibration), folder, record);
  }

  private static void save(Model model, Path folder, Map<String, Object> record)
      throws IOException {
    Path file = folder.resolve("nn_model.npz");
    model.save(file);
    within(record, "files").put("nn_model.npz", FileDigest.one("", file).sha256());
  }

  @Test
  void severalNetworksAreAllTrained() throws Exception {
    String data = "--data " + table("s.csv", "a,b,y", "9,u", "9.0,v", "3,u", "4,u");
    Path run = trained("--members 3 --epochs 2 " + data);
    Path other = trained("--members 3 --epochs 2 --seed 1 " + data);
    trained("--epochs 2 " + data, "--configurations", "2 hidden=8 batch-size=2; 4 dropout=0.5");
    String zeros = "0".repeat(64);
    forged(
        run,
        "no networks",
        (folder, record) -> {
          record.put("members", List.of());
          within(record, "weights").put("final", zeros);
        });
    forged(
        run,
        "one network of three",
        (folder, record) -> list(record, "members").subList(1, 3).clear());
    forged(run, "zero digests", (f, r) -> within(r, "members", 2, "weights").put("final", zeros));
    forged(run, "a network twice", (f, r) -> list(r, "members").set(1, list(r, "members").get(0)));
    forged(
        run,
        "a network of another run",
        (f, r) -> list(r, "members").set(0, within(RunRecord.of(other).members(), "members", 0)));
    forged(run, "states", (f, r) -> within(r, "members", 1).put("states", List.of()));
    forged(
        run,
        "best epoch",
        (f, r) -> within(r, "members", 0).merge("best_epoch", 1.0, (a, b) -> null));
    forged(run, "rows", (f, r) -> within(r, "members", 2).put("train_rows", 42));
    forged(run, "metric of several", (f, r) -> within(r, "metrics", "test").put("ce", 0.5));
    forged(run, "metric out of fold", (f, r) -> within(r, "metrics", "valid").put("acc", 0.5));
    forged(run, "no epochs", (f, r) -> within(r, "members", 0, "weights", "after_epochs").clear());
    forged(run, "another model", (f, r) -> takeFile(other, f, r, "nn_model.npz"));
    forged(run, "other statistics", (f, r) -> takeFile(other, f, r, "nn_stats.npz"));
    forged(run, "another log", (f, r) -> takeFile(other, f, r, "log.jsonl"));
    forged(run, "weights of networks", (f, r) -> save(Model.of(model(f).members(), 1, 2, 1), f, r));
    forged(
        run,
        "a model with another digest",
        (f, r) ->
            Files.copy(
                other.resolve("nn_model.npz"),
                f.resolve("nn_model.npz"),
                StandardCopyOption.REPLACE_EXISTING));
    verified(3);
  }

  @Test
  void filesAreThoseThatWereTrained() throws Exception {
    String one = table("one.csv", "a,b,y", "9,u", "9.0,v", "3,u", "4,u");
    String other = table("other.csv", "a,b,y", "1,v", "9.0,v", "3,u", "4,u");
    Path run = trained("--preset table-fast --epochs 2 --data " + one);
    Map<String, Object> of = FileDigest.of(Path.of(other)).json().members;
    Object sha256 = of.get("sha256");
    forged(
        run,
        "the digest of another file",
        (f, r) -> within(r, "data", 0).putAll(Map.of("sha256", sha256, "files", List.of())));
    forged(run, "no files", (f, r) -> within(r, "data", 0).put("files", List.of()));
    forged(
        run,
        "two entries",
        (folder, record) -> {
          Map<String, Object> more = new LinkedHashMap<>(within(record, "data", 0));
          more.putAll(of);
          list(record, "data").add(0, more);
        });
    forged(
        run,
        "a file of another name",
        (folder, record) -> {
          Map<String, Object> part = new LinkedHashMap<>(of);
          part.put("file", "other.csv");
          String lines = sha256 + "  other.csv\n";
          within(record, "data", 0)
              .putAll(
                  Map.of(
                      "files",
                      List.of(part),
                      "size",
                      of.get("size"),
                      "sha256",
                      FileDigest.sha256(lines)));
        });
    forged(run, "another path", (f, r) -> within(r, "data", 0).put("file", one + "/../one.csv"));
    forged(run, "another size", (f, r) -> within(r, "data", 0).put("size", 5));
    forged(run, "no data", (f, r) -> list(r, "data").clear());
    forged(
        run,
        "a file that is not read",
        (folder, record) -> {
          Map<String, Object> more = new LinkedHashMap<>(within(record, "data", 0));
          more.put("option", "targets");
          list(record, "data").add(more);
          option("targets", one, one).change(folder, record);
        });
    verified(1);
  }

  @Test
  void optionsAreThoseOfTheTraining() throws Exception {
    Path data = Fixtures.data(directory.resolve("data.npz"));
    Path run = trained("--epochs 3 --patience 9 --data " + data);
    for (String forgery :
        List.of("seed 1", "weight-decay 0.1", "scale minmax", "class-weights 1,2,3", "eta 0.5")) {
      String[] words = forgery.split(" ");
      forged(run, "only used " + words[0], used(words[0], words[1]));
      forged(run, "given " + words[0], option(words[0], words[1], words[1]));
    }
    forged(run, "an unknown option", option("warp", "9", "9"));
    forged(run, "an unknown option in use", used("warp", "9"));
    forged(run, "an unknown value", option("dropout-schedule", "steep", "steep"));
    forged(run, "an option of no use", option("momentum", "0.5", "0.5"));
    forged(run, "an option of tables", option("min-count", "5", "5"));
    forged(run, "an option of classes", option("balanced", "", "no"));
    forged(run, "options removed", (f, r) -> within(r, "options").remove("eta"));
    forged(run, "null options", (f, r) -> r.put("options", null));
    forged(run, "an option as a number", (f, r) -> within(r, "given").put("epochs", 3));
    forged(run, "epochs cut", (f, r) -> r.put("epochs", 2));
    forged(run, "epochs of a boolean", (f, r) -> r.put("steps", false));
    forged(run, "outcome", (f, r) -> r.put("outcome", "stopped_early"));
    forged(run, "diverged", (f, r) -> r.put("outcome", "diverged"));
    forged(run, "another member", (f, r) -> r.put("verified", true));
    forged(run, "no metrics", (f, r) -> within(r, "metrics").put("train", null));
    forged(run, "no result", (f, r) -> within(r, "weights").put("final", null));
    forged(
        run,
        "capitals",
        (f, r) ->
            within(r, "weights")
                .computeIfPresent("initial", (n, v) -> ("" + v).toUpperCase(Locale.ROOT)));
    verified(1);
  }

  @Test
  void theRecordIsSealedJson() throws Exception {
    Path run = trained("--epochs 1 --data " + Fixtures.data(directory.resolve("data.npz")));
    String text = Files.readString(run.resolve("run.json"));
    for (String change : List.of("{\n", "completed", "\"steps\": 0", "\n}\n")) {
      forged(run, "changed " + runs.size(), (folder, record) -> {});
      Path file = Path.of(runs.get(runs.size() - 1), "run.json");
      String more =
          change.equals("{\n")
              ? "{\n  \"format\": 2,\n"
              : change.equals("completed")
                  ? "stopped"
                  : change.equals("\n}\n") ? change + " " : "\"steps\": NaN";
      String changed = text.replace(change, more);
      int seal = changed.indexOf("  \"sha256\": \"");
      boolean isSealed = !change.equals("completed") && !change.equals("\n}\n");
      String sealed =
          changed.substring(0, seal)
              + "  \"sha256\": \""
              + FileDigest.sha256(changed.substring(0, seal))
              + "\"\n}\n";
      Files.writeString(file, isSealed ? sealed : changed);
    }
    verified(1);
  }

  @Test
  void theLastLineListsWhatWasNotCompared() throws Exception {
    Path run = trained("--epochs 3 --data " + Fixtures.data(directory.resolve("data.npz")));
    String whole = verifier(List.of(run.toString()));
    // Of the epochs before the last, a record has those whose digests cost too little to count.
    assertTrue(whole.matches("(?s).*\n[345] digests agree\nNot compared: [^\n]+\nexit 0"), whole);
    String part = verifier(List.of(run.toString(), "--epochs", "2"));
    assertTrue(
        part.matches(
            "(?s).*agree, in the first 2 epochs only\nNot compared: outcome, [^\n]+\nexit 0"),
        part);
    for (String name : RunRecord.of(run).members().keySet()) {
      boolean isListed = whole.matches("(?s).*[:,] " + name + ",.*");
      assertEquals(LISTED.contains(name), isListed, name);
    }
  }
}
