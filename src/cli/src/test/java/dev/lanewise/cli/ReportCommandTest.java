package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.files.RunFiles;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.report.Page;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code report} and the page that {@code train} leaves. */
class ReportCommandTest {
  @TempDir Path directory;
  private Path data;
  private Path run;
  private Path model;
  private Path page;

  @BeforeEach
  void write() throws IOException {
    data = Fixtures.data(directory.resolve("data.npz"));
    run = directory.resolve("run");
    model = run.resolve(RunFiles.MODEL);
    page = directory.resolve("page.html");
  }

  private Run train(String... more) {
    return Run.line("train --data=" + data, "--out=" + run, "--hidden=4", more);
  }

  private void trained(String... more) {
    train(more).ok();
  }

  private Run report(String of, String... more) {
    List<String> words = new ArrayList<>(List.of("report", of));
    words.addAll(Arrays.asList(more));
    if (words.stream().noneMatch(word -> word.startsWith("--out"))) {
      words.add("--out=" + page);
    }
    return Run.of(words.toArray(String[]::new));
  }

  private Page reported(String of, String... more) throws IOException {
    report(of, more).ok();
    return Page.of(Files.readString(page));
  }

  /** The report of the run described the rows of its test file, so that file is read again. */
  @Test
  void theTestFileOfARunIsReadAgain() throws IOException {
    data = Files.writeString(directory.resolve("d.csv"), "x,y\n" + "1,a\n2,b\n3,a\n".repeat(9));
    String rows = "x,y\n" + "1,a\n2,b\n".repeat(4);
    Path test = Files.writeString(directory.resolve("t.csv"), rows);
    trained("--test-data=" + test, "--epochs=2");
    report(run.toString()).ok("test 8 rows");
    Files.delete(page);
    Files.writeString(test, rows + "3,b\n");
    refused(report(run.toString()), Problem.FAILED, "t.csv: changed: sha256 ");
  }

  private void refused(Run refused, int code, String... parts) {
    assertEquals(code, refused.code(), refused.err());
    List<String> lines = refused.errors().lines().toList();
    assertEquals(1, lines.size(), refused.err());
    for (String part : parts) {
      assertTrue(lines.get(0).contains(part), lines.get(0));
    }
    assertEquals("", refused.out());
    assertFalse(Files.exists(page), "no page is left");
  }

  private void refused(Run refused, String... parts) {
    refused(refused, Problem.FAILED, parts);
  }

  /** The page that train leaves and the page that report makes of the same run agree. */
  @Test
  void sameAsThatOfTraining() throws IOException {
    trained("--epochs=10", "--best=loss", "--threads=1");
    String left = Files.readString(run.resolve(RunFiles.REPORT));
    Page made = reported(run.toString(), "--threads=1");
    Page ofTraining = Page.of(left);
    assertEquals(ofTraining.captions(), made.captions());
    assertEquals(timeless(left), timeless(made.html()));
    assertTrue(made.text().contains("The same again"), made.text());
    String command = made.one("pre").text();
    assertTrue(command.startsWith("lanewise train --data="), command);
    assertEquals("10", made.fact("Epochs"));
  }

  private static String timeless(String html) {
    return html.replaceAll("<dt>Training (time|rows a second)</dt>.*\n", "");
  }

  @Test
  void whatIsSaid() throws IOException {
    trained("--epochs=2");
    report(model.toString()).says("\nSaved in " + page + "\n");
    Run quiet = report(model.toString(), "--quiet");
    assertEquals("", quiet.out() + quiet.errors());
    Run json = report(model.toString(), "--json");
    assertEquals(1, json.lines().size());
    Map<String, Object> event = json.json(0);
    assertEquals("report", event.get("event"));
    assertEquals(page.toString(), event.get("file"));
    assertEquals("test", event.get("split"));
    assertEquals(6.0, event.get("rows"));
  }

  @Test
  void dataThatIsGone() throws IOException {
    trained("--epochs=1");
    Files.move(data, directory.resolve("moved.npz"));
    refused(report(run.toString()), data + ": no such file", "--data FILE");
    assertContains(
        reported(run.toString(), "--data=" + directory.resolve("moved.npz")).text(), "moved.npz");
  }

  /** The page never replaces a file that was read. */
  @Test
  void outThatIsRead() throws IOException {
    trained("--epochs=1");
    for (Path read :
        List.of(data, model, run.resolve(RunFiles.RECORD), run.resolve(RunFiles.STATISTICS))) {
      byte[] before = Files.readAllBytes(read);
      refused(report(run.toString(), "--out=" + read), Problem.USAGE, "--out: '", read.toString());
      assertArrayEquals(before, Files.readAllBytes(read));
    }
    Path link = Files.createSymbolicLink(directory.resolve("link.html"), data);
    refused(report(run.toString(), "--out=" + link), Problem.USAGE, "--out: '");
  }

  @Test
  void wrongUse() {
    refused(report(directory.resolve("none.npz").toString()), "none.npz: ", "no such file");
    refused(report(directory.toString()), RunFiles.MODEL);
    trained("--epochs=1");
    for (String failure :
        List.of(
            "--data=DIR/gone.npz gone.npz: no such file",
            "--out=DIR/no/page.html expected",
            "--out=DIR expected")) {
      String[] words = failure.replace("DIR", directory.toString()).split(" ", 2);
      refused(report(model.toString(), words[0]), words[1]);
    }
    refused(report(model.toString(), "--split=dev"), Problem.USAGE, "--split: 'dev'");
    refused(report(model.toString(), "--epochs=3"), Problem.USAGE, "--epochs: no such option");
  }

  @Test
  void splitThatIsNotThere() throws IOException {
    data = Fixtures.splits(directory.resolve("two.npz"), 30, 9);
    trained("--epochs=1");
    refused(report(run.toString()), "no split test, expected --split train, valid or all");
    assertTrue(reported(run.toString(), "--split=valid").lead().contains("of 9 valid"));
    assertTrue(reported(run.toString(), "--split=all").lead().contains("of 39 rows"));
  }

  /** A record or statistics of another model are not used for this one. */
  @Test
  void runOfAnotherModel() throws IOException {
    trained("--epochs=10");
    Path other = directory.resolve("other");
    Run.line("train --data=" + data, "--out=" + other, "--epochs=3 --seed=5").ok();
    byte[] statistics = Files.readAllBytes(run.resolve(RunFiles.STATISTICS));
    replaced(other, RunFiles.STATISTICS);
    report(run.toString()).ok().warns("nn_stats.npz is of another run: its curves are left out");
    assertFalse(Page.of(Files.readString(page)).text().contains("How the training went"));
    Files.write(run.resolve(RunFiles.STATISTICS), statistics);
    replaced(other, RunFiles.MODEL);
    report(run.toString(), "--data=" + data)
        .ok()
        .warns("run.json is of another model: its run is left out");
    Page without = Page.of(Files.readString(page));
    assertFalse(without.text().contains("How the training went"));
    assertEquals(List.of(), without.document().select("pre"));
  }

  private void replaced(Path other, String file) throws IOException {
    Files.copy(other.resolve(file), run.resolve(file), StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Changed data are refused, because their figures would appear beside the digest of the training
   * data.
   */
  @Test
  void dataThatChangedSince() throws IOException {
    trained("--epochs=2");
    byte[] rows = Files.readAllBytes(data);
    Npz.write(data, Map.of("inputs_train", NdArray.of(new float[8], 2, 4)));
    refused(report(run.toString()), "data.npz: changed: sha256 ", "--data FILE");
    Files.delete(data);
    refused(report(run.toString()), "data.npz: no such file", "--data FILE");
    Files.write(data, rows);
    assertTrue(reported(run.toString()).fact("Trained on").startsWith(data + ", sha256 "));
  }

  /** Statistics may lack a record, as those of the course's programs do. */
  @Test
  void statisticsOfTheCourse() throws IOException {
    trained("--epochs=6");
    Files.delete(run.resolve(RunFiles.RECORD));
    double[] values = new double[12];
    for (int i = 0; i < 6; i++) {
      values[2 * i] = i;
      values[2 * i + 1] = 1.0 / (i + 1);
    }
    NdArray array = NdArray.of(values, 6, 2);
    Path statistics = run.resolve(RunFiles.STATISTICS);
    Fixtures.npz(statistics, "train_ce valid_ce train_acc valid_acc", array, array, array, array);
    Page course = reported(run.toString(), "--data=" + data);
    assertTrue(course.text().contains("Training (last mini-batch)"), course.text());
    // Nothing tells any more from which epoch the model's weights are.
    assertFalse(course.text().contains("The network has the weights of"), course.text());
    Files.writeString(statistics, "damaged");
    Run refused =
        report(run.toString(), "--data=" + data, "--quiet").failed("nn_stats.npz: no zip archive");
    assertEquals(1, refused.errors().lines().count(), refused.err());
  }

  @Test
  void modelsOfOthers() throws IOException {
    trained("--epochs=4");
    for (String name : List.of("m.onnx", "m.safetensors")) {
      Path foreign = directory.resolve("elsewhere").resolve(name);
      Files.createDirectories(foreign.getParent());
      Run.of("convert", model.toString(), foreign.toString()).ok();
      Page of = reported(foreign.toString(), "--data=" + data);
      assertTrue(of.lead().contains("of 6 test rows"), of.lead());
      assertFalse(of.text().contains("How the training went"));
    }
  }

  /** The report of a resumed run covers all its epochs. */
  @Test
  void resumedRun() throws IOException {
    trained("--epochs=4", "--checkpoint-every=1e-9");
    Run.line("train --resume --out=" + run, "--epochs=9").ok();
    Page left = Page.of(Files.readString(run.resolve(RunFiles.REPORT)));
    assertEquals("9", left.fact("Epochs"));
    assertTrue(left.one("pre").text().contains(" --epochs=9"), left.one("pre").text());
  }

  /** The page of an earlier run is removed when another run in its directory diverges. */
  @Test
  void divergedRunLeavesNoPage() throws IOException {
    trained("--epochs=2");
    assertTrue(Files.exists(run.resolve(RunFiles.REPORT)));
    train("--epochs=50", "--eta=1e30", "--force").failed();
    assertFalse(Files.exists(run.resolve(RunFiles.REPORT)));
  }

  @Test
  void inputsInAFileOfTheirOwn() throws IOException {
    Path x = Fixtures.npy(directory.resolve("x.npy"), Fixtures.inputs(40));
    Path y = Fixtures.npy(directory.resolve("y.npy"), Fixtures.labels(40));
    data = x;
    trained("--targets=" + y, "--epochs=3");
    Page left = Page.of(Files.readString(run.resolve(RunFiles.REPORT)));
    assertTrue(left.lead().contains("of 4 valid"), left.lead());
    Page made = reported(run.toString(), "--data=" + x, "--targets=" + y, "--split=valid");
    assertEquals(left.lead(), made.lead());
    Files.delete(page);
    refused(
        report(run.toString(), "--data=" + x, "--targets=" + y, "--out=" + y),
        Problem.USAGE,
        "--out: '");
    assertTrue(reported(run.toString()).lead().contains("of 40 rows"));
    Files.delete(page);
    Fixtures.npy(y, NdArray.of(new int[40], 40));
    refused(report(run.toString()), "y.npy: changed");
  }

  @Test
  void picturesInColour() throws IOException {
    byte[] inputs = new byte[24 * 8 * 8 * 3];
    int[] target = new int[24];
    for (int i = 0; i < 24; i++) {
      target[i] = i % 2;
      for (int p = 0; p < 64; p++) {
        inputs[(i * 64 + p) * 3 + 2 * target[i]] = -1;
        inputs[(i * 64 + p) * 3 + 1] = (byte) (i * (1 + p));
      }
    }
    NdArray x = NdArray.ofBytes(inputs, 24, 8, 8, 3);
    NdArray y = NdArray.of(target, 24);
    data = directory.resolve("coloured.npz");
    Npz.write(data, Map.of("x_train", x, "y_train", y));
    trained("--epochs=3");
    Page left = Page.of(Files.readString(run.resolve(RunFiles.REPORT)));
    assertTrue(left.document().select("figure img").size() > 0);
    assertTrue(left.text().contains("8 x 8 x 3"), left.text());
    assertTrue(reported(run.toString(), "--split=valid").document().select("figure").size() > 0);
  }

  /** Reports on a table that is named by a pattern, and on a table in a single file. */
  @Test
  void tables() throws IOException {
    StringBuilder text = new StringBuilder("a,b,kind\n");
    for (int i = 0; i < 90; i++) {
      text.append(i % 7).append(',').append(i % 5).append(i % 7 < 3 ? ",low\n" : ",high\n");
    }
    Fixtures.text(directory.resolve("t-1.csv"), text.toString());
    Fixtures.text(directory.resolve("t-2.csv"), text.toString());
    data = directory.resolve("t-*.csv");
    trained("--epochs=3");
    Page left = Page.of(Files.readString(run.resolve(RunFiles.REPORT)));
    Page made = reported(run.toString());
    assertEquals(left.lead(), made.lead());
    assertTrue(made.lead().contains("test rows"), made.lead());
    Page one = reported(run.toString(), "--data=" + directory.resolve("t-2.csv"));
    assertTrue(one.lead().contains("of 90 rows"), one.lead());
  }
}
