package dev.lanewise.cli.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.Fixtures;
import dev.lanewise.cli.Forger;
import dev.lanewise.cli.Run;
import dev.lanewise.cli.runs.FileDigest;
import dev.lanewise.cli.runs.RunFiles;
import dev.lanewise.cli.runs.RunRecord;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.internal.ModelParts;
import dev.lanewise.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that verify --sample finds what was falsified in the links that it repeats. */
class SpotCheckTest {
  private static final int EPOCHS = 200;
  private static final int EVERY = 10;
  private static final int LINKS = EPOCHS / EVERY;

  @TempDir private Path directory;

  private Path run(String name, String options) {
    Path out = directory.resolve(name);
    Run.line("train --provable --keep-checkpoints", options, "--out", out).ok();
    return out;
  }

  private Path small(String name, String options) throws IOException {
    Path data = Fixtures.data(directory.resolve("data.npz"));
    return run(name, "10 --hidden 5 --batch-size 8 --data " + data + " " + options);
  }

  private static Run sampled(Path run, int count, int seed) {
    return Run.line("verify", run, "--json --sample", count, "--seed", seed);
  }

  /** Returns the arrays of a state that are not of its model. */
  private static Map<String, NdArray> rest(Path state) throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(state)) {
      for (String name : npz.names()) {
        if (name.matches("position|sums|history|optimizer_.|best|choice|settings|notes")) {
          arrays.put(name, npz.read(name));
        }
      }
    }
    return arrays;
  }

  private static void write(Path file, Mlp model, Map<String, NdArray> arrays) throws IOException {
    ModelParts.access().save(model, file, arrays);
  }

  /**
   * Makes a run of 200 epochs in one of which the rows are shuffled by another seed, with the state
   * and results of this epoch and the digest of the state. All other epochs follow by the rules.
   */
  private Path forged(int epoch) throws IOException {
    String options = "--checkpoint-every 1e-9 --epochs ";
    Path forged = small("forged", options + epoch);
    Path checkpoint = forged.resolve("checkpoint.npz");
    Path shuffled = directory.resolve("shuffled");
    Run.line(
            "train --seed 99 --epochs 1 --batch-size 8 --provable --keep-checkpoints 1 --data",
            directory.resolve("data.npz"),
            "--initial-model",
            checkpoint,
            "--out",
            shuffled)
        .ok();
    int epochs = epoch + 1;
    Run.line("train --resume --out", forged, "--epochs", epochs).ok();
    Map<String, NdArray> arrays = rest(checkpoint);
    Map<String, NdArray> other = rest(shuffled.resolve("kept_1_1.npz"));
    double[] history = arrays.get("history").toDoubles();
    other.get("history").copyDoubles(1, history, 9 * epoch + 1, 8);
    arrays.put("history", NdArray.of(history, epochs, 9));
    arrays.put("sums", other.get("sums"));
    Mlp model = Mlp.load(checkpoint);
    model = model.withParameters(Mlp.load(shuffled.resolve("nn_model.npz")).parameters());
    write(checkpoint, model, arrays);
    Checkpoint found = Checkpoint.load(checkpoint);
    List<String> notes = new ArrayList<>(found.notes());
    notes.removeIf(note -> note.startsWith("sha256 " + epochs + " "));
    int last = 0;
    for (int i = 0; i < notes.size(); i++) {
      last = notes.get(i).startsWith("state ") ? i : last;
    }
    notes.set(last, "state " + found.sha256());
    found = found.withNotes(notes);
    found.save(checkpoint);
    if (epochs % EVERY == 0) {
      found.save(forged.resolve(RunFiles.kept(0, epochs)));
    }
    Run.line("train --resume --out", forged, "--epochs", EPOCHS).ok();
    return forged;
  }

  /** A check finds the falsified epoch if, and only if, its link is among the repeated ones. */
  @ParameterizedTest
  @ValueSource(ints = {57, 139})
  void aFalsifiedEpochIsFoundInItsLink(int epoch) throws IOException {
    Path forged = forged(epoch);
    List<SpotCheck.Link> links = SpotCheck.links(List.of(EPOCHS), EVERY);
    int found = 0;
    for (int seed = 0; seed < 16; seed++) {
      List<SpotCheck.Link> picked = SpotCheck.pick(links, 8, seed);
      Run run = sampled(forged, 8, seed);
      if (picked.contains(links.get(epoch / EVERY))) {
        found++;
        run.failed(forged + ": differs from epoch " + epoch + " on: train loss ");
        assertEquals((double) epoch, run.json().get("epoch"));
      } else {
        assertEquals(80.0, run.ok().json().get("epochs"));
      }
    }
    assertTrue(found > 0 && found < 12, found + " of 16, expected about a third");
    Run.line("verify", forged).failed("differs from epoch " + epoch + " on: ");
  }

  @Test
  void aRunAsItWasIsConfirmedFromItsStates() throws IOException {
    Path out =
        run(
            "table",
            "2 --hidden 6 --members 3 --binned-members 1 --batch-size 32 --epochs 5 --data "
                + Fixtures.rooms(directory));
    assertTrue(Fixtures.names(out).containsAll(List.of("kept_1_2.npz", "kept_3_4.npz")));
    assertFalse(Fixtures.names(out).contains("kept_1_5.npz"));
    Run.line("verify", out, "--sample 9")
        .ok("Trained 9 of 9 links again, 15 of 15 epochs", "verified: same states");
    Run run = sampled(out, 6, 0).ok();
    assertEquals(9.0, run.json().get("epochs")); // 2 + 1 of each network
    sampled(out, 5, 0).misused("--sample: '5', expected at least 6");
    Run.line("verify", out, "--sample 6 --epochs 2").misused("--epochs: not together with");
    Run.line("verify", out, "--seed 2").misused("--seed: works with --sample only");
    Files.delete(out.resolve("kept_2_4.npz"));
    sampled(out, 6, 0).failed("kept_2_4.npz: no such file");
  }

  @Test
  void anotherStateIsRefused() throws IOException {
    Path out = small("out", "--epochs 40");
    Path state = out.resolve("kept_1_30.npz");
    sampled(out, 2, 0).ok();
    byte[] kept = Files.readAllBytes(state);
    Mlp network = Mlp.load(state);
    write(state, network.withInputShape(4), rest(state)); // another fact, the same weights
    sampled(out, 2, 0)
        .failed("differs from epoch 29 on: parts of the kept network are right: false");
    float[] parameters = network.parameters();
    parameters[7] = Math.nextUp(parameters[7]);
    Files.write(state, kept);
    write(state, network.withParameters(parameters), rest(state));
    sampled(out, 2, 0).failed("differs from epoch 29 on: sha256 of the kept state ");
    Files.copy(out.resolve("kept_1_20.npz"), state, StandardCopyOption.REPLACE_EXISTING);
    sampled(out, 2, 0)
        .failed("differs from epoch 29 on: position of the kept state: epoch 20, step 0, expected");
    kept[kept.length / 2] ^= 1;
    Files.write(state, kept);
    sampled(out, 2, 0).failed("kept_1_30.npz: ");
  }

  /** A model of other weights with a record that says so does not follow from the last state. */
  @Test
  void anotherModelIsFound() throws IOException {
    Path out = small("out", "--epochs 40");
    Path other = small("other", "--epochs 40 --seed 5");
    Map<String, Object> members = RunRecord.of(out).object();
    RunRecord record = RunRecord.of(other);
    members = Forger.with(members, "weights.final", record.text("weights", "final"));
    members = Forger.with(members, "files.nn_model.npz", record.text("files", "nn_model.npz"));
    Forger.write(out.resolve("run.json"), members);
    Files.copy(
        other.resolve("nn_model.npz"),
        out.resolve("nn_model.npz"),
        StandardCopyOption.REPLACE_EXISTING);
    sampled(out, 2, 0).failed("differs from epoch ", " on: weights"); // of epoch 39, or the last
  }

  /** A last link that begins from a state at the end would train nothing, and compare nothing. */
  @Test
  void aStateAtTheEndIsNoBeginningOfALink() throws IOException {
    Path out = small("out", "--epochs 60");
    Path state = out.resolve("kept_1_50.npz");
    Map<String, NdArray> arrays = rest(out.resolve("kept_1_60.npz"));
    double[] history = arrays.get("history").toDoubles();
    for (int e = 10; e < 60; e++) {
      history[9 * e + 2] = 1; // an accuracy that was never reached
    }
    arrays.put("history", NdArray.of(history, 60, 9));
    Mlp model = Mlp.load(out.resolve("nn_model.npz"));
    float[] weights = model.parameters();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 7 - 3;
    }
    write(state, Mlp.load(state).withParameters(weights), arrays);
    Checkpoint forged = Checkpoint.load(state);
    model.withParameters(weights).save(out.resolve("nn_model.npz"));
    forged.history().save(out.resolve("nn_stats.npz"));
    Map<String, Object> members = RunRecord.of(out).object();
    members = Forger.with(members, "states[49]", forged.sha256());
    members = Forger.with(members, "weights.final", model.withParameters(weights).sha256());
    for (String name : List.of("nn_model.npz", "nn_stats.npz")) {
      String sha256 = FileDigest.one("", out.resolve(name)).sha256();
      members = Forger.with(members, "files." + name, sha256);
    }
    Forger.write(out.resolve("run.json"), members);
    sampled(out, 2, 0)
        .failed("differs from epoch 49 on: position of the kept state: epoch 60, step 0, expected");
  }

  /** The training itself ends the last link, so a run that its author cut short is found. */
  @ParameterizedTest
  @ValueSource(strings = {"", "--sample 2", "--sample 9"})
  void aRunThatWasCutShortIsFound(String sample) throws IOException {
    Path out = small("out", "--epochs 20");
    Map<String, Object> members = RunRecord.of(out).object();
    for (String options : List.of("given", "options")) {
      members = Forger.with(members, options + ".epochs", "60");
    }
    Path file = out.resolve("nn_model.npz");
    Model model = Model.load(file);
    List<String> lines = new ArrayList<>(model.training());
    lines.replaceAll(line -> line.replace("epochs=20", "epochs=60"));
    model.withTraining(lines).save(file);
    members = Forger.with(members, "files.nn_model.npz", FileDigest.one("", file).sha256());
    Forger.write(out.resolve("run.json"), members);
    Run.line("verify", out, sample.isEmpty() ? List.of() : sample)
        .failed("differs from epoch 20 on: an epoch more than the run has");
  }

  /** Both forms of verify compare the same members, and refuse those that they do not know. */
  @Test
  void everyMemberIsComparedOrNamed() throws IOException {
    Path out = small("out", "--epochs 20 --best loss");
    Path file = out.resolve("run.json");
    Map<String, Object> members = RunRecord.of(out).object();
    for (String name :
        List.of(
            "outcome",
            "train_rows",
            "epochs",
            "steps",
            "best_epoch",
            "loss",
            "metrics.test.acc",
            "weights.initial",
            "weights.after_epochs.1",
            "weights.final",
            "norms.1[0]",
            "states[4]",
            "files.nn_stats.npz",
            "data[0].size")) {
      for (Map<String, Object> forged :
          List.of(
              Forger.with(members, name),
              Forger.with(members, name, null),
              Forger.without(members, name))) {
        Forger.write(file, forged);
        Run.line("verify", out).failed("expected");
        sampled(out, 2, 0).failed("expected");
      }
    }
    for (String name : List.of("jar_sha256", "machine", "threads", "ended")) {
      Forger.write(file, Forger.without(members, name));
      Run.line("verify", out)
          .failed(file + ": no " + name + ", expected a member that train records");
      sampled(out, 2, 0).failed(file + ": no " + name + ", expected a member that train records");
    }
    Forger.write(file, Forger.without(members, "states"));
    Run.line("verify", out).failed("run.json: no states, expected the digest of the state after");
    members.put("audited", "yes");
    Forger.write(file, members);
    Run.line("verify", out).failed("run.json: audited is yes, expected nothing of that name");
    sampled(out, 2, 0).failed("run.json: audited is yes, expected nothing of that name");
    members.remove("audited");
    Forger.write(file, members);
    assertEquals(
        Run.line("verify --json", out).ok().json().get("not_compared"),
        ((List<?>) sampled(out, 2, 0).ok().json().get("not_compared"))
            .stream().filter(not -> !not.toString().startsWith("epochs in other links")).toList());
  }

  @Test
  void aResumedRunHasTheSameStates() throws IOException {
    Path whole = small("whole", "--epochs 40 --optimizer adam --patience 30 --eta 0.001");
    Path cut =
        small(
            "cut",
            "--epochs 25 --optimizer adam --patience 30 --eta 0.001" + " --checkpoint-every 1e-9");
    Run.line("train --resume --out", cut, "--epochs 40").ok();
    assertEquals(
        RunRecord.of(whole).get(List.class, "states"), RunRecord.of(cut).get(List.class, "states"));
    sampled(cut, 4, 0).ok();
  }

  @Test
  void statesAreKeptOnlyWhereTheyCanBeUsed() throws IOException {
    Path data = Fixtures.data(directory.resolve("data.npz"));
    Path out = directory.resolve("out");
    Run.line("train --provable --keep-checkpoints 2 --epochs 4 --data", data, "--out", out)
        .ok("Keeps 2 states of about ");
    Run.line("train --provable --epochs 4 --force --data", data, "--out", out).ok();
    assertFalse(Fixtures.names(out).contains("kept_1_2.npz"), "those of the replaced run");
    sampled(out, 2, 0).failed("run.json: no kept states, expected a finished run of train");
  }

  @Test
  void linksCoverEveryEpochOnce() {
    List<SpotCheck.Link> links = SpotCheck.links(List.of(25, 3, 10, 0), 10);
    assertEquals(
        "0-10, 10-20, 20-25, 0-3, 0-10",
        String.join(", ", links.stream().map(l -> l.from() + "-" + l.to()).toList()));
    assertEquals(List.of(0, 0, 0, 1, 2), links.stream().map(SpotCheck.Link::network).toList());
    assertEquals(
        List.of(true, false, true, true, true), links.stream().map(SpotCheck.Link::isEnd).toList());
    assertEquals(links, SpotCheck.pick(links, 9, 0));
    assertEquals(4, SpotCheck.pick(links, 4, 0).size());
  }

  /** Of 20 links, five are repeated: both ends, and three of the 18 others. */
  @Test
  void eachLinkIsDrawnAsOftenAsProbabilitySays() {
    List<SpotCheck.Link> links = SpotCheck.links(List.of(EPOCHS), EVERY);
    int draws = 6000;
    int[] counts = new int[LINKS];
    for (int seed = 0; seed < draws; seed++) {
      for (SpotCheck.Link link : SpotCheck.pick(links, 5, seed)) {
        counts[link.number()]++;
      }
    }
    double p = 3.0 / 18;
    double deviation = Math.sqrt(draws * p * (1 - p));
    for (int l = 0; l < LINKS; l++) {
      if (l == 0 || l == LINKS - 1) {
        assertEquals(draws, counts[l]);
      } else {
        assertEquals(draws * p, counts[l], 4 * deviation, "link " + l);
      }
    }
  }
}
