package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.files.RunFiles;
import dev.lanewise.files.RunRecord;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Mlp;
import dev.lanewise.recipe.Recipe;
import dev.lanewise.recipe.RecipeRun;
import dev.lanewise.table.Table;
import dev.lanewise.train.Checkpoint;
import dev.lanewise.train.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests commands on several networks that are trained side by side. */
class MembersCommandTest {
  private static final String OPTIONS =
      "--hidden 12 --batch-size 32 --members 3 --binned-members 1 --split-sizes 0.9,0,0.1 --epochs ";

  /** The same options, and four epochs. */
  private static final Recipe RECIPE =
      Recipe.TABLE
          .with("hidden", "12")
          .with("batchSize", 32)
          .with("members", 3)
          .with("binnedMembers", 1)
          .with("epochs", 4);

  @TempDir private Path directory;
  private Path data;

  @BeforeEach
  void write() throws IOException {
    data = Fixtures.rooms(directory);
  }

  private Path train(String name, String options) {
    Path out = directory.resolve(name);
    Run.line("train --data", data, OPTIONS + options, "--out", out).ok("Weights sha256");
    return out;
  }

  private static Model model(Path out) throws IOException {
    return Model.load(out.resolve(RunFiles.MODEL));
  }

  @Test
  void theCommandTrainsWhatTheRecipeTrains() throws IOException {
    Path out = train("run", "4");
    Model model = model(out);
    assertEquals(3, model.members().size());
    assertEquals(
        List.of(false, false, true),
        model.members().stream().map(member -> Model.of(member).bins().isPresent()).toList());
    Table table = Table.read(data);
    RecipeRun run = RECIPE.fit(table.divide(List.of(0.9, 0.0, 0.1), true, 0), 2);
    assertEquals(run.model().sha256(), model.sha256());
    for (int m = 0; m < 3; m++) { // each alone is the same network
      Model member = Model.of(run.members().get(m).model());
      assertEquals(member.sha256(), model.members().get(m).sha256());
    }
    History history = History.load(out.resolve(RunFiles.STATISTICS));
    assertEquals(3, history.members().size());
    for (int m = 0; m < 3; m++) {
      assertArrayEquals(
          run.members().get(m).history().validLoss(), history.members().get(m).validLoss());
    }
    assertArrayEquals(run.history().trainLoss(), history.trainLoss());
  }

  /**
   * The command line has its own names of options; the weights and each network are the recipe's.
   */
  @Test
  void groupsOfNetworksAreThoseOfTheRecipe() throws IOException {
    Path out = directory.resolve("groups");
    List<String> groups = List.of("--configurations", "2 eta=0.01 short-batch=keep; 3 dropout=0.2");
    Run.line("train --data", data, OPTIONS + "4", groups, "--out", out).ok("Weights sha256");
    Recipe recipe =
        RECIPE.with("configurations", "2 learningRate=0.01 dropShortBatch=false; 3 dropout=0.2");
    RecipeRun run = recipe.fit(Table.read(data).divide(List.of(0.9, 0.0, 0.1), true, 0), 2);
    Model model = model(out);
    assertEquals(run.model().sha256(), model.sha256());
    assertArrayEquals(new int[] {2, 2, 2, 3, 3, 3}, model.memberWeights());
    assertEquals(3, model.division().orElseThrow().round());
    Run.line("verify", out).ok("verified: same weights, same metrics");
    Run.line("evaluate --model", out, "--data", data).ok("Weights sha256 " + model.sha256());
    Path half = directory.resolve("half");
    String shorter = "2 --schedule-epochs 4 --checkpoint-every 1e-9";
    Run.line("train --data", data, OPTIONS + shorter, groups, "--out", half).ok("Weights");
    Run.line("train --resume --epochs 4 --out", half).ok("Weights sha256 " + model.sha256());
  }

  @Test
  void wrongGroupsOfNetworksAreRefused() {
    for (String groups : List.of("2 eta=-1", "2 speed=1", "two", "1 epochs=3", "1; 2 bins=4")) {
      List<String> words = List.of("--configurations", groups);
      Run.line("train --data", data, OPTIONS + "4", words)
          .misused("--configurations: '" + groups + "', expected");
    }
    Path one = directory.resolve("one");
    Run.line("train --data", data, "--hidden 4 --members 1 --epochs 1 --out", one).ok();
    for (List<String> more :
        List.of(List.of("--members", "2"), List.of("--configurations", "1;1"))) {
      Run.line("train --data", data, "--initial-model", one.resolve("nn_model.npz"), more)
          .misused(more.get(0) + ": not together with --initial-model, as one network goes on");
    }
  }

  @Test
  void everyCommandTakesTheModel() throws IOException {
    Path out = train("run", "3");
    Path file = out.resolve(RunFiles.MODEL);
    String sha256 = model(out).sha256();
    Run.line("evaluate --model", out).ok("Weights sha256 " + sha256);
    Run.line("inspect", file).ok("member 1 affine 1", "member 3 bins", sha256);
    Path predictions = directory.resolve("p.csv");
    Run.line("predict --data", data, "--model", out, "--out", predictions).ok("Saved 150");
    assertEquals(151, Files.readAllLines(predictions).size());
    Run.line("uncertain --model", out).ok();
    Run.line("report", out, "--out", directory.resolve("r.html")).ok();
    assertTrue(Files.readString(directory.resolve("r.html")).contains("3 networks"));
    Run.line("verify", out).ok("verified: same weights, same metrics");
  }

  @Test
  void theRecordHasAnEntryForEachMember() throws IOException {
    Path out = train("run", "3");
    RunRecord record = RunRecord.of(out);
    List<RunRecord> members = record.networks(3);
    Model model = model(out);
    for (int m = 0; m < 3; m++) {
      assertEquals(model.members().get(m).sha256(), members.get(m).text("weights", "final"));
      assertEquals(3, members.get(m).number("epochs", -1));
    }
    assertEquals(model.sha256(), record.text("weights", "final"));
    Run run =
        Run.line("train --data", data, OPTIONS + "2 --json --out", directory.resolve("json")).ok();
    List<Object> of =
        run.lines().stream()
            .map(JsonReader::object)
            .filter(event -> event.get("event").equals("epoch"))
            .map(event -> event.get("member"))
            .sorted()
            .toList();
    assertEquals(List.of(1.0, 1.0, 2.0, 2.0, 3.0, 3.0), of);
  }

  @Test
  void aResumedRunEndsLikeOneThatWasNotInterrupted() throws IOException {
    Path whole = train("whole", "6 --schedule-epochs 6");
    Path out = train("run", "3 --schedule-epochs 6 --checkpoint-every 1e-9");
    assertTrue(Files.exists(out.resolve("checkpoint_3.npz")));
    Files.delete(out.resolve("checkpoint_2.npz")); // this member begins anew
    Files.delete(out.resolve("checkpoint_2_previous.npz"));
    Run.line("train --resume --out", out, "--epochs 6").ok("Resumed from");
    assertEquals(model(whole), model(out));
    Fixtures.assertSame(whole.resolve(RunFiles.STATISTICS), out.resolve(RunFiles.STATISTICS));
    Run.line("train --data", data, OPTIONS + "1 --force --out", out).ok();
    assertFalse(Files.exists(out.resolve("checkpoint_3.npz")));
  }

  /** Writes the checkpoint of a run as a version without some options would have written it. */
  private static void forget(Path out, String options) throws IOException {
    for (String name : List.of("checkpoint.npz", "checkpoint_2.npz", "checkpoint_3.npz")) {
      Path file = out.resolve(name);
      Checkpoint checkpoint = Checkpoint.load(file);
      List<String> notes = new ArrayList<>(checkpoint.notes());
      assertTrue(notes.removeIf(note -> note.matches(options + "=.*")), notes.toString());
      checkpoint.withNotes(notes).save(file);
    }
  }

  /** Earlier versions had three networks for few rows, too. */
  @Test
  void anEarlierRunOnFewRowsGoesOnWithItsNetworks() throws IOException {
    String options = "--members 3 --hidden 5 --schedule-epochs 4 --out";
    Path whole = directory.resolve("whole");
    Run.line("train --epochs 4 --data", data, options, whole).ok();
    Path out = directory.resolve("earlier");
    Run.line("train --epochs 2 --checkpoint-every 1e-9 --data", data, options, out).ok();
    forget(out, "members");
    Run.line("train --resume --epochs 4 --out", out).ok("Resumed from");
    assertEquals(3, model(out).members().size());
    assertEquals(model(whole).sha256(), model(out).sha256());
  }

  @Test
  void anEarlierRunOfTableBestIsRefused() throws IOException {
    Path out = directory.resolve("earlier");
    String options = "--preset table-best --hidden 5 --epochs 2 --checkpoint-every 1e-9 --out";
    Run.line("train --data", data, options, out).ok();
    forget(out, "configurations");
    Run.line("train --resume --epochs 3 --out", out)
        .failed("checkpoint.npz: preset table-best of another version of Lanewise");
  }

  @Test
  void presetsAreThoseOfTheLibrary() throws IOException {
    Path best = directory.resolve("best");
    Run.line("train --data", data, "--preset table-best --hidden 6 --epochs 3 --out", best)
        .ok(
            "(out of fold, 81 of 135 rows, each by one network, after the epoch that was best for the others)");
    Recipe recipe = Recipe.TABLE_BEST.with("hidden", 6).with("epochs", 3);
    Model expected = recipe.fit(Table.read(data)).model();
    assertEquals(3 * recipe.groups(), model(best).members().size());
    assertEquals(expected, model(best).withTraining(List.of()).withFurtherFacts(Map.of()));
    Path fast = directory.resolve("fast");
    Run.line("train --data", data, "--preset table-fast --hidden 6 --epochs 3 --out", fast).ok();
    assertEquals(
        Recipe.TABLE_FAST.with("hidden", 6).with("epochs", 3).fit(Table.read(data)).model(),
        model(fast).withTraining(List.of()).withFurtherFacts(Map.of()));
  }

  /** The run records the groups, so that it is repeated whatever the preset becomes. */
  @Test
  void theTimeDecidesHowManyGroupsOfThePresetAreTrained() throws IOException {
    Path out = directory.resolve("quick");
    Run.line("train --data", data, "--preset table-best --hidden 6 --time 0.0001s --out", out)
        .ok("Time 0.0001s: 1 of " + Recipe.TABLE_BEST.groups() + " configurations");
    assertEquals(3, model(out).members().size());
    assertEquals("1 binned-members=3", RunRecord.of(out).text("given", "configurations"));
    assertEquals("6", RunRecord.of(out).text("given", "hidden"));
    Run.line("verify", out).ok("verified");
    Recipe recipe = Recipe.TABLE_BEST.with("hidden", 6).withGroups(1);
    Model expected = recipe.fit(Table.read(data)).model();
    assertEquals(expected, model(out).withTraining(List.of()).withFurtherFacts(Map.of()));
  }

  @Test
  void optionsOfTheUserReplaceThoseOfThePresetsGroups() throws IOException {
    Path out = directory.resolve("own");
    String options = "--preset table-best --hidden 6 --binned-members 0 --epochs 2 --out";
    Run.line("train --data", data, options, out).ok("The configurations weigh ");
    String groups = RunRecord.of(out).text("given", "configurations");
    assertEquals(Recipe.TABLE_BEST.groups(), groups.split(";").length);
    assertFalse(groups.contains("hidden") || groups.contains("binned-members"), groups);
    for (Mlp network : model(out).members()) {
      assertEquals(List.of(6), network.architecture().hidden());
      assertEquals(6, network.architecture().inputs());
    }
  }

  @Test
  void thePresetWithGroupsIsRefusedWhereItCannotBe() throws IOException {
    Run.line("search --data", data, "--preset table-best --trials 2 --epochs 2 --out", directory)
        .misused("--preset: 'table-best', expected a preset without groups of networks such as");
    Path out = directory.resolve("first");
    Run.line(
            "train %s --preset table --hidden 6 --epochs 2 --checkpoint-every 0.0001 --out %s",
            data, out)
        .ok();
  }

  @Test
  void wrongNumbersAreRefused() {
    Map<String, String> wrong =
        Map.of(
            "--members 0", "from 1 to 100",
            "--members x", "from 1 to 100",
            "--members 2 --binned-members 3", "from 0 to 2",
            "--bins -1", "from 0 to 1000");
    wrong.forEach(
        (options, message) ->
            Run.line("train --data", data, options + " --out", directory.resolve("no"))
                .misused(message));
  }

  @Test
  void aMemberThatDivergesIsNamed() {
    Run.line(
            "train --data %s",
            data,
            OPTIONS + "5 --preset course --optimizer sgd --eta 1e30 --out",
            directory.resolve("bad"))
        .failed("training diverged in member ");
  }

  /**
   * Networks side by side take the time by the clock, and the page speaks of one model at a time.
   */
  @Test
  void timesAndFiguresOfSeveralNetworksDoNotContradict() throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("a,b,kind\n");
    for (int i = 0; i < 400; i++) {
      text.append("%s,%s,k%s\n".formatted(random.nextInt(), random.nextInt(), random.nextInt(2)));
    }
    Path noise = Files.writeString(directory.resolve("noise.csv"), text);
    Path out = directory.resolve("noise");
    String options =
        "--members 4 --threads 4 --best none --patience 0 --epochs 100 --batch-size 32";
    Run.line("train", noise, "--preset table --hidden 64,64", options, "--out", out).ok();
    RunRecord record = RunRecord.of(out);
    Duration clock =
        Duration.between(
            Instant.parse(record.text("started")), Instant.parse(record.text("ended")));
    double seconds = record.get(Double.class, "seconds_of_epochs");
    assertTrue(seconds <= clock.toMillis() / 1e3 + 0.01, seconds + " s of " + clock);
    String page = Files.readString(out.resolve("report.html"));
    double others = 100 * record.get(Double.class, "metrics", "valid", "acc");
    assertContains(
        page,
        "(overfitting): each network alone has ",
        " for these while it trained, %.1f%% for 288 others, ".formatted(others));
  }
}
