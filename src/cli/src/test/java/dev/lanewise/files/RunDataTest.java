package dev.lanewise.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.Fixtures;
import dev.lanewise.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that use the model of a run also use the data files of that run. */
class RunDataTest {
  private static final List<String> COMMANDS =
      List.of("evaluate", "uncertain", "predict", "report");

  @TempDir Path directory;

  private Path table(String name, int rows, int first) throws IOException {
    StringBuilder text = new StringBuilder("a;b;class\n");
    for (int i = first; i < first + rows; i++) {
      text.append(i % 17).append(";").append(i % 5 + i * 0.001).append(";");
      text.append(i % 17 > 8 ? "high" : "low").append('\n');
    }
    return Files.writeString(directory.resolve(name), text);
  }

  private String trained(String... more) {
    Run done = Run.line("train --hidden=3 --epochs=3 --out=" + directory.resolve("run"), more).ok();
    return done.out().lines().filter(line -> line.matches("(CE|Acc).*|Weights.*")).toList() + "";
  }

  /** Runs a command on the run, with a file for its page. */
  private Run of(String command, String... more) {
    List<String> words =
        new ArrayList<>(List.of(command, directory.resolve("run").toString(), "--quiet"));
    words.addAll(List.of(more));
    if (command.equals("report")) {
      words.add("--out=" + directory.resolve("made.html"));
    }
    return Run.of(words.toArray(String[]::new));
  }

  @Test
  void rowsOfSeveralFiles() throws IOException {
    Path data = table("train.csv", 90, 0);
    Path test = table("test.csv", 20, 90);
    String scores = trained("--data=" + data, "--test-data=" + test);
    Run evaluated = of("evaluate").ok();
    assertEquals(
        scores,
        evaluated.out().lines().filter(line -> line.matches("(CE|Acc).*|Weights.*")).toList() + "");
    of("uncertain").ok();
    of("report", "--json").says("\"split\":\"test\",\"rows\":20");
    assertEquals(91, of("predict").out().lines().count());
    Run asked = Run.line("predict --model", directory.resolve("run"), "--data=" + test);
    assertEquals(asked.out(), of("predict", "--split=test").out());
    of("predict", "--split=all").misused("several files");
  }

  @Test
  void inputsAndTargetsApart() throws IOException {
    Path x = Fixtures.npy(directory.resolve("x.npy"), Fixtures.inputs(40));
    Path y = Fixtures.npy(directory.resolve("y.npy"), Fixtures.labels(40));
    trained("--data=" + x, "--targets=" + y);
    Run asked =
        Run.line("evaluate --quiet", directory.resolve("run"), "--data=" + x, "--targets=" + y)
            .ok();
    assertEquals(asked.out(), of("evaluate").out());
    of("predict").ok();
  }

  @Test
  void filesThatChangedOrAreGone() throws IOException {
    Path data = table("train.csv", 90, 0);
    Path test = table("test.csv", 20, 90);
    trained("--data=" + data, "--test-data=" + test);
    table("test.csv", 21, 90);
    for (String command : COMMANDS) {
      Run refused = of(command).failed(test + ": changed");
      assertEquals("", refused.out());
      of(command, "--data=" + data, "--split=train").ok();
    }
    Files.delete(test);
    for (String command : COMMANDS) {
      of(command).failed(test + ": no such file");
    }
  }

  /** A loss in the units of tiny targets is not shown as zero. */
  @Test
  void smallLosses() throws IOException {
    String text =
        Fixtures.table("a,b,y", 60, i -> List.of(i % 7 + 0.5, i % 5 - 0.25, (i % 11 - 5.5) * 1e-7));
    Path data = Files.writeString(directory.resolve("small.csv"), text);
    trained("--data=" + data, "--scale-targets=none", "--init=course", "--eta=1e-9");
    String run = directory.resolve("run").toString();
    Run evaluated = of("evaluate");
    assertTrue(
        evaluated.out().lines().anyMatch(line -> line.matches("loss \\(mse\\) .*e-.*")),
        evaluated.out());
    Run compared = Run.of("compare", run, run, "--out=" + directory.resolve("made.html"));
    assertTrue(!compared.out().contains(" 0.00000 "), compared.out());
  }
}
