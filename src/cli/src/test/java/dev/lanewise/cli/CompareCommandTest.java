package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.files.RunRecord;
import dev.lanewise.model.Model;
import dev.lanewise.report.Page;
import dev.lanewise.report.RunComparison;
import dev.lanewise.terminal.PythonFormat;
import dev.lanewise.train.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the comparison of several runs on one page. */
class CompareCommandTest {
  @TempDir Path directory;
  private Path data;
  private Path page;

  @BeforeEach
  void makeData() throws IOException {
    data = Fixtures.data(directory.resolve("data.npz"));
    page = directory.resolve("page.html");
  }

  private String train(String name, String... options) {
    Path out = directory.resolve(name);
    Run.line("train --data", data, "--quiet --out", out, "--hidden 5 --init he", options);
    return out.toString();
  }

  private Run compare(List<String> runs, String... options) {
    return Run.line("compare", runs, "--out", page, options);
  }

  private List<Map<String, Object>> events(String... runs) {
    Run run = compare(List.of(runs), "--json").ok();
    List<Map<String, Object>> events = new ArrayList<>();
    run.lines().forEach(line -> events.add(JsonReader.object(line)));
    return events;
  }

  @Test
  void theFiguresOfTenRunsAreThoseOfTheirFiles() throws IOException {
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String eta = "0." + (i + 1);
      runs.add(train("run " + i, "--epochs", Integer.toString(2 + 3 * i), "--eta", eta));
    }
    Run run = compare(runs).ok("Saved in " + page + "\n");
    String html = Files.readString(page);
    assertFalse(html.contains("Look at this"));
    List<Map<String, Object>> events = events(runs.toArray(String[]::new));
    for (int i = 0; i < 10; i++) {
      Path directory = Path.of(runs.get(i));
      RunRecord record = RunRecord.of(directory);
      History history = History.load(directory.resolve("nn_stats.npz"));
      Map<String, Object> event = events.get(i);
      for (String split : List.of("train", "valid", "test")) {
        assertEquals(record.object("metrics", split), event.get(split));
        for (String value : List.of("ce", "acc")) {
          String shown = PythonFormat.fixed5(record.get(Double.class, "metrics", split, value));
          assertTrue(html.contains(shown), shown);
          assertTrue(run.lines().get(1 + i).contains(" " + shown), run.lines().get(1 + i));
        }
      }
      assertEquals((double) history.epochs(), event.get("epochs"));
      assertEquals((double) history.bestEpoch(), event.get("smallest_loss_epoch"));
      assertNull(event.get("best_epoch"));
      assertEquals(
          record.get(Double.class, "seconds_of_epochs"), (double) event.get("seconds"), 1e-9);
      assertEquals(
          30 * history.epochs() / (double) event.get("seconds"),
          (double) event.get("rows_per_second"),
          1e-6);
      assertEquals(43.0, event.get("parameters"));
      assertEquals(record.get(String.class, "weights", "final"), event.get("sha256"));
      Map<?, ?> settings = (Map<?, ?>) event.get("settings");
      assertEquals("0." + (i + 1), settings.get("eta"));
      assertEquals("he", settings.get("init"));
      assertTrue(html.contains("<bdi>0." + (i + 1) + "</bdi>"));
      double[] losses = history.validLoss();
      assertEquals(losses[0], Page.of(html).values("Validation loss", i, "y").get(0), 1e-3);
    }
    assertFalse(html.contains("<bdi>init</bdi>"), "no difference");
  }

  @Test
  void aRunWithoutRecordHasWhatItsModelKnows() throws IOException {
    String a = train("a", "--epochs", "4", "--eta", "0.5");
    String b = train("b", "--epochs", "5", "--eta", "0.25");
    Files.delete(Path.of(b, "run.json"));
    List<Map<String, Object>> events = events(a, b + "/nn_model.npz");
    assertEquals(b + " (without run.json)", events.get(1).get("run"));
    assertEquals(0.0, events.get(1).get("group"));
    assertEquals(5.0, events.get(1).get("epochs"));
    assertNull(events.get(1).get("valid"));
    assertNull(events.get(1).get("seconds"));
    assertEquals(Model.load(Path.of(b, "nn_model.npz")).sha256(), events.get(1).get("sha256"));
    Map<?, ?> first = (Map<?, ?>) events.get(0).get("settings");
    Map<?, ?> second = (Map<?, ?>) events.get(1).get("settings");
    for (Object name : first.keySet()) {
      if (!List.of("eta", "epochs").contains(name)) {
        assertEquals(first.get(name), second.get(name), name.toString());
      }
    }
    Files.delete(Path.of(b, "nn_stats.npz"));
    assertEquals(0.0, events(a, b).get(1).get("epochs"));
  }

  @Test
  void aRunThatDivergedStandsBesideTheOthers() throws IOException {
    String a = train("a", "--epochs", "4");
    String b = train("b", "--epochs", "4", "--eta", "1e30", "--optimizer", "momentum");
    assertFalse(Files.exists(Path.of(b, "nn_model.npz")));
    List<Map<String, Object>> events = events(a, b);
    assertEquals(b + " (diverged)", events.get(1).get("run"));
    assertEquals(0.0, events.get(1).get("group"));
    assertNull(events.get(1).get("sha256"));
    assertTrue(Files.readString(page).contains("<bdi>1e30</bdi>"));
  }

  @Test
  void theKeptEpochIsTheBest() throws IOException {
    String a = train("a", "--epochs", "9", "--patience", "20", "--eta", "0.5");
    double best = RunRecord.of(Path.of(a)).get(Double.class, "best_epoch");
    assertEquals(best, events(a, a).get(0).get("best_epoch"));
  }

  @Test
  void otherDataIsSaid() throws IOException {
    String a = train("a", "--epochs", "2");
    data = Fixtures.namedData(directory.resolve("named.npz"));
    String b = train("b", "--epochs", "2");
    data = Fixtures.text(directory.resolve("t.csv"), "x,y\n" + "1,2\n3,5\n2,4.5\n".repeat(9));
    String c = train("c", "--epochs", "2", "--seed", "1");
    String d = train("d", "--epochs", "2", "--seed", "2");
    List<Map<String, Object>> events = events(a, b, c, d);
    assertEquals(
        List.of(0.0, 1.0, 2.0, 2.0), events.stream().map(event -> event.get("group")).toList());
    assertEquals("cross entropy (softmax)", events.get(0).get("loss"));
    assertEquals("MSE of scaled targets, target y", events.get(2).get("loss"));
    compare(List.of(c, a, d))
        .ok()
        .warns(
            "lanewise: These runs have different kinds of loss",
            "#1 and #3 were divided in different ways",
            "targets of #1 and #3 were scaled by different");
    assertEquals(3, Files.readString(page).split("Look at this", -1).length - 1);
  }

  /** A loss of weighted rows cannot be compared with a loss of unweighted rows of the same file. */
  @Test
  void weightedRowsAreAnotherMeasure() throws IOException {
    String rows = "1,0.5,no\n3,2,yes\n2,1,no\n4,0.25,yes\n";
    data = Fixtures.text(directory.resolve("w.csv"), "x,w,class\n" + rows.repeat(9));
    String a = train("a", "--epochs", "2", "--weight-column", "w");
    String b = train("b", "--epochs", "2", "--ignore", "w");
    List<Map<String, Object>> events = events(a, b);
    assertEquals(List.of(0.0, 1.0), events.stream().map(event -> event.get("group")).toList());
    assertEquals(
        "cross entropy (softmax), target class, rows weighted by w", events.get(0).get("loss"));
  }

  /** A model that is trained further keeps the deviation by which its targets were scaled. */
  @Test
  void deviationsOfTargetsAreSaid() throws IOException {
    data = Fixtures.text(directory.resolve("a.csv"), "x,y\n" + "1,2\n3,5\n2,4.5\n".repeat(9));
    String a = train("a", "--epochs", "2", "--members", "1");
    data = Fixtures.text(directory.resolve("b.csv"), "x,y\n" + "1,2e3\n3,5\n2,4.5\n".repeat(9));
    String b = train("b", "--epochs", "2");
    Path out = directory.resolve("c");
    Run.line("train --data=%s --out=%s --epochs=2 --initial-model=%s/nn_model.npz", data, out, a);
    Run run = compare(List.of(b, out.toString())).ok();
    String said = "The targets of #1 and #2 were scaled by different deviations";
    run.warns(said);
    assertContains(Files.readString(page), said, "<bdi>" + RunComparison.DEVIATION + "</bdi>");
  }

  @Test
  void aResumedRunHasTheTimeOfAllItsEpochs() throws IOException {
    String a = train("a", "--epochs", "3");
    String b = train("b", "--epochs", "3", "--checkpoint-every", "1e-9");
    double before = RunRecord.of(Path.of(b)).get(Double.class, "seconds_of_epochs");
    Run.line("train --resume --out", b, "--epochs 4 --quiet").ok();
    assertTrue((double) events(a, b).get(1).get("seconds") > before);
  }

  @Test
  void nothingThatIsReadIsReplaced() throws IOException {
    String a = train("a", "--epochs", "2");
    for (String name : List.of("nn_model.npz", "nn_stats.npz", "run.json")) {
      Path file = Path.of(a, name);
      byte[] before = Files.readAllBytes(file);
      Run.of("compare", a, a, "--out", file.toString())
          .misusedWith(
              "--out: '%s', expected another file than %s, which is compared"
                  .formatted(file, file));
      assertArrayEquals(before, Files.readAllBytes(file));
    }
  }
}
