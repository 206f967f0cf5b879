package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lanewise.files.RunRecord;
import dev.lanewise.model.Model;
import dev.lanewise.terminal.Interruption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The search of a directory, also after it is killed. The property -Dlanewise.kills=N asks for more
 * kills than a usual build makes.
 */
class SearchCommandTest {
  private static final int KILLS = Integer.getInteger("lanewise.kills", 1);
  private static final List<String> SAME =
      List.of("trials.csv", "nn_model.npz", "winner.npz", "nn_stats.npz");

  private static final String OPTIONS =
      "--hidden 8;12,8 --epochs 9 --batch-size 32 --activation selu,relu --eta 0.01..0.1 --trials 12";

  private static final String NOISY =
      "--members 3 --epochs 20 --batch-size 32 --hidden 8 --eta 0.1";

  @TempDir private Path directory;
  private Path data;

  @BeforeEach
  void write() throws IOException {
    data = Fixtures.rooms(directory);
  }

  private String[] words(String options, Path out) {
    return Run.words("search --data", data, options, "--out", out);
  }

  static void assertSame(Path expected, Path found) throws IOException {
    for (String name : SAME) {
      Fixtures.assertSame(expected.resolve(name), found.resolve(name));
    }
  }

  @Test
  void theWinnerAndTheEnsembleAreTrainings() throws IOException {
    Path out = directory.resolve("found");
    Run run = Run.of(words(OPTIONS, out));
    run.ok(
        "Searched: --hidden 8;12,8",
        "Searched: --eta 0.01..0.1",
        "Searched: --binned-members 0,1,3");
    run.says("of 12 has the smallest validation loss", "Ensemble of ", "search.html");
    assertEquals("", run.errors());
    Set<String> names = Fixtures.names(out);
    assertTrue(
        names.containsAll(Set.of("search.json", "search.html", "report.html")), names::toString);
    RunRecord record = RunRecord.read(out.resolve("search.json"));
    Map<String, Object> options = record.object("winner", "options");
    StringBuilder typed = new StringBuilder("--epochs 9 --batch-size 32");
    options.forEach((name, value) -> typed.append(" --" + name + " " + value));
    Path alone = directory.resolve("alone");
    Run.line("train --data", data, typed.toString(), "--out", alone).ok();
    String winner = Model.load(out.resolve("winner.npz")).sha256();
    assertEquals(Model.load(alone.resolve("nn_model.npz")).sha256(), winner);
    assertEquals(record.text("winner", "sha256"), winner); // the trial itself was that training
    assertEquals(
        record.text("ensemble", "sha256"), Model.load(out.resolve("nn_model.npz")).sha256());
    Run.line("verify", out).ok("verified: same weights");
    noFigureIsOfRowsThatTrialsSaw(run, out);
    Run.line("evaluate --model", out.resolve("winner.npz"), "--data", data).ok("Validation ");
    String page = Files.readString(out.resolve("search.html"));
    assertTrue(
        page.contains("ensemble of trials") && page.contains("No trial has seen the test rows"));
  }

  private Path noisy() throws IOException {
    List<String> lines = new ArrayList<>(List.of("a,b,kind"));
    for (int i = 0; i < 600; i++) {
      String kind = i * 7 % 13 + (i * i % 361 * i + 3 * i) % 19 > 15 ? "x" : "y";
      lines.add(i * 7 % 13 + "," + i * 5 % 17 + "," + kind);
    }
    return Files.write(directory.resolve("noisy.csv"), lines);
  }

  /**
   * The trials of the ensemble are groups of one training, with weights, folds and the same bits.
   */
  @Test
  void theEnsembleIsOneTrainingOfSeveralTrials() throws IOException {
    Path out = directory.resolve("several");
    Run run = Run.line("search --trials 8 --data", noisy(), NOISY, "--out", out).ok();
    Model ensemble = Model.load(out.resolve("nn_model.npz"));
    assertTrue(ensemble.members().size() > 3, run.out());
    assertEquals(3, ensemble.division().orElseThrow().round());
    Run.line("verify", out).ok("verified: same weights");
    run.says("On the 60 test rows, the ensemble has accuracy ", "the preset's own options have ");
    RunRecord record = RunRecord.read(out.resolve("search.json"));
    assertEquals(ensemble.sha256(), record.text("ensemble", "sha256"));
    assertEquals("accuracy", record.text("gain", "figure"));
    assertEquals("McNemar, mid-p", record.text("gain", "interval", "method"));
  }

  /** Where the ensemble is not better by more than chance, the model is that of train. */
  @Test
  void theModelOfThePresetIsKeptWithoutAGain() throws IOException {
    Path out = directory.resolve("kept");
    Run run = Run.line("search --trials 2 --data", noisy(), NOISY, "--out", out).ok();
    run.says("Kept: the preset's own options; the ensemble, in ensemble.npz, is not better by ");
    run.says("preset, trial 1  ", "winner, trial ", "ensemble of trials  ", ", ensemble.npz");
    run.says("train's is of other epochs or has a temperature");
    Path alone = directory.resolve("alone");
    Run.line("train --data", noisy(), NOISY, "--out", alone).ok();
    Fixtures.assertSame(alone.resolve("nn_model.npz"), out.resolve("nn_model.npz"));
    Run.line("verify", out).ok("verified: same weights");
    RunRecord record = RunRecord.of(out);
    assertEquals(RunRecord.of(alone).object("given").keySet(), record.object("given").keySet());
    String ensemble = Model.load(out.resolve("ensemble.npz")).sha256();
    RunRecord search = RunRecord.read(out.resolve("search.json"));
    assertEquals(ensemble, search.text("ensemble", "sha256"));
    assertEquals("preset", search.text("kept", "model"));
    String page = Files.readString(out.resolve("search.html"));
    assertTrue(page.contains("Kept: the preset") && page.contains("preset, trial 1"), page);
    Run.line("search --trials 1 --force --data", noisy(), NOISY, "--out", out).ok();
    assertFalse(Files.exists(out.resolve("ensemble.npz")));
  }

  /** Rows of a group say less than as many independent rows, so that the interval counts groups. */
  @Test
  void theGainOverThePresetCountsGroupsOfRows() throws IOException {
    List<String> lines = new ArrayList<>(List.of("group,a,kind"));
    for (int i = 0; i < 600; i++) {
      lines.add("g" + i / 6 + "," + i * 7 % 13 + "," + (i * 7 % 13 + i / 6 % 5 > 8 ? "x" : "y"));
    }
    Path grouped = Files.write(directory.resolve("grouped.csv"), lines);
    Path out = directory.resolve("gain");
    String options =
        "--group group --epochs 12 --trials 6 --hidden 8 --preset table-fast --eta 0.1";
    Run run = Run.line("search --data", grouped, options, "--out", out).ok();
    run.says("test rows, the ensemble has accuracy ");
    String method = RunRecord.read(out.resolve("search.json")).text("gain", "interval", "method");
    assertTrue(method.endsWith(", by groups"), method);
  }

  private void noFigureIsOfRowsThatTrialsSaw(Run search, Path out) throws IOException {
    String says = "Validation none, as a search compared its trials on these rows";
    search.says(says + "; no trial saw the test rows", "CE: Train ", " Validation - Test 0.");
    search.says("by which it was chosen: --hidden=");
    Run.line("evaluate", out).ok(says, " Validation - Test 0.");
    assertNull(Run.line("evaluate", out, "--json").ok().json(0).get("valid"));
    RunRecord record = RunRecord.of(out);
    assertNull(((Map<?, ?>) record.members().get("metrics")).get("valid"));
    assertTrue(record.text("metrics", "validation").startsWith("none, as a search compared"));
    assertTrue(Files.readString(out.resolve("report.html")).contains("won a search"));
    Run.line("compare", out, out, "--out", directory.resolve("c.html"))
        .ok("#1: validation none, as a search compared its trials on these rows.");
  }

  /** Validation rows on which trials were compared have no interval, also with the last epoch. */
  @Test
  void rowsThatChoseTheWinnerHaveNoInterval() throws IOException {
    Path out = directory.resolve("found");
    Run.of(words("--hidden 8;6 --epochs 3 --trials 2 --valid-fraction 0.2 --best none", out)).ok();
    Run.line("evaluate", out, "--split valid")
        .ok("No 95% intervals: a search compared its trials on these rows");
    Run.line("evaluate", out, "--split test").ok("95% interval ");
    Run.line("cover", out, "--split valid --out", directory.resolve("c.npz"))
        .failed("the best epoch was chosen by these rows");
  }

  /** Trials keep their best epoch by the measure that train takes for the winner. */
  @ParameterizedTest
  @ValueSource(strings = {"--best balanced", "--best f1 --patience 3", "--best auc --patience 2,4"})
  void trialsHaveTheBestEpochOfTrain(String best) throws IOException {
    Path out = directory.resolve("found");
    Run.of(words("--hidden 8;6 --epochs 20 --batch-size 16 --eta 0.1 --trials 4 " + best, out))
        .ok();
    assertEquals(
        RunRecord.read(out.resolve("search.json")).text("winner", "sha256"),
        Model.load(out.resolve("winner.npz")).sha256());
  }

  @Test
  void aKilledSearchEndsWithTheSameBytes() throws Exception {
    Path whole = directory.resolve("whole");
    Run.of(words(OPTIONS + " --threads 1", whole)).ok();
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int kills = 0;
    for (int search = 0; kills < KILLS; search++) {
      Path out = directory.resolve("killed" + search);
      int threads = 1 + random.nextInt(3);
      Run.Started run = Run.start(directory, words(OPTIONS + " --threads " + threads, out));
      for (int times = 0; times < 5 && kills < KILLS; times++) {
        run.await(() -> Files.exists(out.resolve("search.json")));
        Thread.sleep(random.nextInt(times == 0 ? 700 : 1500));
        run.kill();
        kills++;
        run.end();
        run =
            Run.start(
                directory,
                "search",
                "--resume",
                "--out",
                out.toString(),
                "--threads",
                1 + random.nextInt(3) + "");
      }
      run.end().ok();
      assertSame(whole, out);
    }
  }

  @Test
  void anInterruptedSearchGoesOnWithMoreTrials() throws Exception {
    assumeFalse(ProcessTest.isIgnored("INT"), "background jobs ignore the signal");
    Path whole = directory.resolve("whole");
    String more = OPTIONS.replace("--trials 12", "--trials 7");
    Run.of(words(more, whole)).ok();
    Path out = directory.resolve("stopped");
    Run.Started run = Run.start(directory, words(more.replace("7", "1000"), out));
    run.await(() -> Files.exists(out.resolve("trials.csv")));
    run.signal("INT");
    Run end = run.end();
    assertEquals(Interruption.EXIT_CODE, end.code(), end.err());
    end.says("Interrupted after trial ", "search --resume --out " + out);
    List<String> lines = Files.readAllLines(out.resolve("trials.csv"));
    int done = lines.size() - 1;
    end.says("Ensemble of the networks of trials: ");
    Run.line("verify", out).ok("verified: same weights");
    if (done < 7) {
      Run.line("search --resume --trials 7 --out", out).ok("of 7 has");
      assertSame(whole, out);
      Run.line("search --resume --trials 3 --out", out)
          .failed("expected no more as in this search");
      Run.line("search --resume --trials 7 --out", out).ok();
      assertSame(whole, out);
    }
    assertEquals(
        Files.readAllLines(whole.resolve("trials.csv")).subList(0, Math.min(done, 7) + 1),
        lines.subList(0, Math.min(done, 7) + 1));
  }

  @Test
  void whatDoesNotBelongTogetherIsRefused() throws IOException {
    Path out = directory.resolve("found");
    String few = "--hidden 8;4 --epochs 2 --batch-size 64 --trials 2";
    Run.of(words(few, out)).ok();
    Run.of(words(few, out)).failed("holds nn_model.npz already, expected another directory");
    Files.delete(out.resolve("nn_model.npz"));
    Run.of(words(few, out)).failed("holds a search already, expected another directory, --resume");
    Run.line("search --resume --eta 1,2 --out", out)
        .misused("--eta: not together with --resume", "only --trials or --time may be another");
    String table = Files.readString(data);
    Files.writeString(data, table.replace("37,", "38,"));
    Run.line("search --resume --out", out).failed("rooms.csv: changed: sha256 ", "expected ");
    Files.writeString(data, table);
    Path trials = out.resolve("trials.csv");
    String lines = Files.readString(trials);
    Files.writeString(trials, lines.replace("\n2,1,", "\n3,1,"));
    Run.line("search --resume --out", out).failed("a result of trial 3 with");
    Files.writeString(trials, lines.replace("trial,", "number,"));
    Run.line("search --resume --out", out).failed("trials.csv: columns number,rung");
    Files.writeString(trials, lines);
    Path record = out.resolve("search.json");
    String found = Files.readString(record);
    Map<String, Object> halved = new LinkedHashMap<>(RunRecord.read(record).members());
    Map<String, Object> given = new LinkedHashMap<>(RunRecord.read(record).object("given"));
    given.put("halving", "");
    halved.put("given", given);
    Forger.write(record, halved);
    for (String options : List.of("--resume --out", "--resume --trials 9 --out")) {
      Run.line("search", options, out).failed("search.json: option --halving, expected those");
    }
    Files.writeString(record, found);
    Files.writeString(record, Files.readString(record).replace("\"preset\"", "\"preset \""));
    Run.line("search --resume --out", out).failed("search.json: changed since it was written");
    Run.of(words(few + " --force", out)).ok();
  }

  @Test
  void arraysAndNumbersAreSearched() throws IOException {
    Path digits = Path.of("data", "digits.npz").toAbsolutePath();
    Path out = directory.resolve("digits");
    Run run =
        Run.line(
            "search --data %s --eta 0.01..1 --hidden 16;8,8 --epochs 3 --trials 3 --json --out %s",
            digits, out);
    run.ok("{\"event\":\"trial\",\"trial\":3,", "{\"event\":\"searched\",\"trials\":3,");
    assertEquals(3, run.lines().stream().filter(l -> l.contains("\"event\":\"trial\"")).count());
    assertEquals(
        "trial,rung,epochs,hidden,eta,best_epoch,validation_loss,validation_accuracy,sha256",
        Files.readAllLines(out.resolve("trials.csv")).get(0));
    Path numbers = directory.resolve("numbers");
    Run.line("search", data, "--target area --epochs 3 --hidden 8;4 --time 0.01s --out", numbers)
        .ok("test_loss ", "test_r2  validation_loss  kept");
    RunRecord record = RunRecord.read(numbers.resolve("search.json"));
    assertTrue(record.number("trials", 0) >= 1);
    Run.line(
            "search --data %s --eta 1e9,1e10 --epochs 3 --trials 2 --out %s",
            digits, directory.resolve("no"))
        .failed("all 2 trials diverged, expected a finite loss; try a smaller --eta");
  }
}
