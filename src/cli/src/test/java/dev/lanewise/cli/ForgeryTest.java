package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.files.FileDigest;
import dev.lanewise.files.RunRecord;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.ModelFile;
import dev.lanewise.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that no forged record is confirmed: each change of a record is refused, or the answer
 * itself names it among what was not compared. Honest runs of all kinds are confirmed. With {@code
 * -Dlanewise.forgeries=500} there are that many forgeries, and two fifths as many honest runs.
 */
class ForgeryTest {
  private static final int FORGERIES = Integer.getInteger("lanewise.forgeries", 30);
  private static final int HONEST = FORGERIES * 2 / 5;

  /** Groups of options for tables; those of one group exclude each other. */
  private static final String[][] OF_TABLES = {
    {"--preset table-fast", "--preset table-best", "--members 2 --binned-members 1", "--members 1"},
    {
      "--target area",
      "--target area --loss mae",
      "--target age --loss pinball-0.7",
      "--target kind"
    },
    {"--group kind", "--order age", "--split-sizes 0.5,0.3,0.2", "--all-rows"},
    {"--coverage 0.2", "--calibration-fraction 0.2"},
    {"--ignore age", "--categorical age", "--min-count 3"},
    {"--patience 2", "--best loss"}
  };

  /** Parts of a record of epochs that the clock has chosen; the first one always has them. */
  private static final Pattern OF_SOME_EPOCHS =
      Pattern.compile(".*(weights\\.after_epochs|norms)\\.(?!1\\b)\\d+(?:\\[0\\])?");

  private static final String WHICH = "which epochs ";

  @TempDir private Path directory;
  private final Map<Path, List<String>> second = new LinkedHashMap<>(); // what was forged in it
  private Path arrays;
  private Path table;

  @BeforeEach
  void makeData() throws IOException {
    arrays = Fixtures.data(directory.resolve("data.npz"));
    table = Fixtures.rooms(directory);
  }

  private Path run(String name, Path data, String options) {
    Path out = directory.resolve(name);
    Run.line("train --force --data", data, options.strip(), "--out", out).ok();
    return out;
  }

  /** Two runs that differ in their seed, so that parts of one can be replayed in the other. */
  private List<Path> twins(String name, Path data, String options) {
    return List.of(
        run(name, data, options + " --seed 1"), run("twin", data, options + " --seed 2"));
  }

  private static Map<String, Object> read(Path run, String name) throws IOException {
    Map<String, Object> members = RunRecord.read(run.resolve(name)).object();
    members.remove("sha256");
    return Forger.copy(members);
  }

  /**
   * Returns a forged copy of a record, and adds the names of what has changed in one or two places,
   * none of which is a part of the other, as a second change could undo the first.
   */
  private static Map<String, Object> forged(
      Map<String, Object> honest, Forger forger, int times, List<String> names) {
    Map<String, Object> forged = Forger.copy(honest);
    while (names.isEmpty()) {
      names.addAll(forger.change(forged));
    }
    for (int done = 1; done < times; ) {
      Map<String, Object> again = Forger.copy(forged);
      List<String> more = forger.change(again);
      boolean apart =
          more.stream()
              .noneMatch(
                  one ->
                      names.stream()
                          .anyMatch(other -> one.startsWith(other) || other.startsWith(one)));
      if (!more.isEmpty() && apart) {
        forged = again;
        names.addAll(more);
        done++;
      }
    }
    for (String some : Forger.names(honest)) { // a digest may be left out, and says nothing then
      Matcher part = OF_SOME_EPOCHS.matcher(some);
      if (part.matches() && !Forger.has(forged, some)) {
        names.replaceAll(name -> some.startsWith(name) ? WHICH + part.group(1) : name);
      }
    }
    return forged;
  }

  /** Requires that a command refuses what was forged, or says that it did not compare it. */
  private static void requireHonest(List<String> forged, Run run) {
    if (run.code() != 0) {
      assertTrue(run.errors().contains("expected"), run.err());
      assertEquals(1, run.errors().lines().count(), run.err());
      return;
    }
    Map<String, Object> answer = run.json();
    for (String name : forged) {
      assertTrue(
          isNamed(name, (List<?>) answer.get("not_compared")),
          () -> "confirmed: " + forged + "\n" + run.out());
    }
  }

  /**
   * Returns whether a name, or what it is a part of, is on a list; also the same of each network.
   */
  private static boolean isNamed(String name, List<?> notCompared) {
    String ofNetwork = name.replaceFirst("^members\\[\\d+\\]\\.", "");
    for (Object not : notCompared) {
      for (String of : List.of(name, ofNetwork)) {
        if ((of + ".").startsWith(not + ".")
            || of.startsWith(not + "[")
            || of.startsWith(WHICH) && not.toString().contains(of.substring(WHICH.length()))) {
          return true;
        }
      }
    }
    return false;
  }

  private static Run verified(Path run) {
    return Run.line("verify --json", run);
  }

  /** Forges the records of a run, single and in pairs, and asks verify. */
  private void forgeRecords(List<Path> runs, int count, Random random) throws IOException {
    Path run = runs.get(0);
    Map<String, Object> honest = read(run, "run.json");
    verified(run).ok();
    Forger forger = new Forger(random, read(runs.get(1), "run.json"));
    for (int i = 0; i < count; i++) {
      List<String> names = new ArrayList<>();
      Map<String, Object> forged = forged(honest, forger, 1 + i % 2, names);
      Forger.write(run.resolve("run.json"), forged);
      requireHonest(names, verified(run));
      second.put(copy(run, "forged-" + second.size()), names);
    }
    Forger.write(run.resolve("run.json"), honest);
    second.put(copy(run, "honest-" + second.size()), List.of());
  }

  /** Copies what the second implementation reads of a run. */
  private Path copy(Path run, String name) throws IOException {
    Path folder = Files.createDirectory(directory.resolve(name));
    for (String file : List.of("run.json", "nn_model.npz", "nn_stats.npz", "log.jsonl")) {
      Files.copy(run.resolve(file), folder.resolve(file));
    }
    return folder;
  }

  private static String given(Path run) {
    try {
      return RunRecord.of(run).object("given") + "\n";
    } catch (IOException e) {
      return e.toString();
    }
  }

  /**
   * Asks the second implementation, in one process. A run that it confirms, and one that it does
   * not cover, is one with nothing forged, or with what its answer names only.
   */
  private void requireHonest(Map<Path, List<String>> runs) throws Exception {
    List<String> words = runs.keySet().stream().map(Path::toString).toList();
    String said = PythonVerifierTest.verifier(words);
    for (Map.Entry<Path, List<String>> run : runs.entrySet()) {
      Matcher end = Pattern.compile("(?m)^" + run.getKey() + ": exit (\\d)$").matcher(said);
      assertTrue(end.find(), said);
      String answer = said.substring(0, end.start());
      said = said.substring(end.end());
      if (end.group(1).equals("0")) {
        String last = answer.strip().substring(answer.strip().lastIndexOf('\n') + 1);
        assertTrue(last.startsWith("Not compared: "), answer);
        List<String> named = List.of(last.replaceFirst("Not compared: ", "").split(", "));
        for (String name : run.getValue()) {
          assertTrue(isNamed(name, named), () -> "confirmed: " + run.getValue() + "\n" + answer);
        }
      }
      boolean isHonest = run.getValue().isEmpty();
      assertTrue(
          end.group(1).matches(isHonest ? "[02]" : "[012]"),
          () -> given(run.getKey()) + answer + end.group());
    }
  }

  @Test
  void forgedRecordsAreRefused() throws Exception {
    Random random = new Random(FORGERIES);
    String options = "--hidden 5 --batch-size 8 --epochs 8 --best loss";
    forgeRecords(twins("arrays", arrays, options), FORGERIES * 3 / 5, random);
    options = "--hidden 5 --epochs 5 --batch-size 32 --members 3 --binned-members 1";
    forgeRecords(twins("table", table, options), FORGERIES / 5, random);
    requireHonest(second);
  }

  /** Files of another run whose digests the record has, so that only a training tells. */
  @Test
  void replayedFilesAreRefused() throws IOException {
    List<Path> runs = twins("arrays", arrays, "--hidden 5 --batch-size 8 --epochs 8");
    Map<String, Object> honest = read(runs.get(0), "run.json");
    Map<String, Object> other = read(runs.get(1), "run.json");
    for (String name : List.of("nn_model.npz", "nn_stats.npz")) {
      Path file = runs.get(0).resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      Files.copy(runs.get(1).resolve(name), file, StandardCopyOption.REPLACE_EXISTING);
      Map<String, Object> forged = honest;
      for (String of : List.of("files." + name, "weights.final")) {
        forged = Forger.with(forged, of, Forger.value(other, of));
      }
      Forger.write(runs.get(0).resolve("run.json"), forged);
      verified(runs.get(0)).failed("expected");
      Files.write(file, bytes);
    }
    Forger.write(runs.get(0).resolve("run.json"), honest);
    verified(runs.get(0)).ok();
  }

  /** Draws options of a training on arrays or on a table. */
  private String drawn(Random random, boolean isTable) {
    StringBuilder options = new StringBuilder("--epochs " + (1 + random.nextInt(6)));
    for (String[] group : VerifyTest.GROUPS) {
      options.append(random.nextInt(4) == 0 ? " " + group[random.nextInt(group.length)] : "");
    }
    if (isTable || options.indexOf("--hidden none") >= 0) {
      options.setLength("--epochs N".length()); // some of those do not go with each other
    }
    options.append(options.indexOf("--hidden") < 0 ? " --hidden 5,4" : "");
    options.append(options.indexOf("--batch-size") < 0 ? " --batch-size 16" : "");
    for (String[] group : isTable ? OF_TABLES : new String[0][]) {
      options.append(random.nextInt(2) == 0 ? " " + group[random.nextInt(group.length)] : "");
    }
    return options + " --seed " + random.nextInt(99);
  }

  @Test
  void honestRunsAreConfirmed() throws Exception {
    Random random = new Random(HONEST);
    int refused = 0;
    for (int i = 0; i < HONEST; i++) {
      boolean isTable = i % 3 == 0;
      Path run = directory.resolve("run");
      String options = drawn(random, isTable);
      options += options.contains("--checkpoint-every") ? "" : " --checkpoint-every 1e-9";
      Run trained =
          Run.line("train --force --data", isTable ? table : arrays, options, "--out", run);
      if (trained.code() != 0) { // some options exclude each other
        refused++;
        i--;
        assertTrue(refused < HONEST, trained.err());
        continue;
      }
      if (i % 5 == 0 && Files.exists(run.resolve("checkpoint.npz"))) {
        Run.line("train --resume --epochs 8 --out", run).ok();
      }
      Run answer = verified(run);
      assertEquals(0, answer.code(), options + "\n" + answer.err());
      second.put(copy(run, "honest-" + i), List.of());
    }
    requireHonest(second);
  }

  /** The training ends by itself, so a run that its author cut short is found. */
  @Test
  void aRunThatWasCutShortIsFound() throws IOException {
    Path run = run("run", arrays, "--hidden 5 --batch-size 8 --epochs 20");
    Map<String, Object> members = read(run, "run.json");
    for (String options : List.of("given", "options")) {
      members = Forger.with(members, options + ".epochs", "60");
    }
    Path file = run.resolve("nn_model.npz");
    Model model = Model.load(file);
    List<String> lines = new ArrayList<>(model.training());
    lines.replaceAll(line -> line.replace("epochs=20", "epochs=60"));
    model.withTraining(lines).save(file);
    members = Forger.with(members, "files.nn_model.npz", FileDigest.one("", file).sha256());
    Forger.write(run.resolve("run.json"), members);
    verified(run).failed("differs from epoch 20 on: an epoch more than the run has");
  }

  /** A run that went on from a checkpoint with other weights differs from there on. */
  @Test
  void aForgedCheckpointIsFound() throws IOException {
    String options = "--hidden 5 --batch-size 8 --epochs 6 --checkpoint-every 1e-9";
    Path run = run("run", arrays, options);
    Path file = run.resolve("checkpoint.npz");
    Mlp network = Mlp.load(file);
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(file)) {
      for (String name : npz.names()) {
        if (name.matches("position|sums|history|settings|notes")) { // not of the network
          arrays.put(name, npz.read(name));
        }
      }
    }
    float[] parameters = network.parameters();
    parameters[7] = Math.nextUp(parameters[7]);
    ModelFile.write(network.withParameters(parameters), file, arrays);
    Run.line("train --resume --epochs 12 --out", run).ok();
    verified(run).failed("differs from epoch 6 on: ");
  }

  /** Options that earlier versions had are refused by name, with the way out. */
  @Test
  void aRunWithOptionsThatWentIsRefused() throws IOException {
    Path run = run("run", arrays, "--hidden 5 --epochs 2 --checkpoint-every 1e-9");
    Map<String, Object> members = read(run, "run.json");
    for (String option : List.of("provable", "keep-checkpoints", "familiar")) {
      Map<String, Object> forged = Forger.copy(members);
      for (String options : List.of("given", "options")) {
        Map<String, Object> more = new LinkedHashMap<>(Map.of(option, "3"));
        more.putAll(RunRecord.of(run).object(options));
        forged.put(options, more);
      }
      Forger.write(run.resolve("run.json"), forged);
      verified(run)
          .failed(
              "run.json: option --" + option + ", expected those of train in this version",
              "train again without it");
      Path file = run.resolve("checkpoint.npz");
      Checkpoint checkpoint = Checkpoint.load(file);
      List<String> notes = new ArrayList<>(List.of(option + "=3"));
      notes.addAll(checkpoint.notes());
      checkpoint.withNotes(notes).save(file);
      Run.line("train --resume --out", run)
          .failed(file + ": option --" + option, "train again without it");
    }
  }
}
