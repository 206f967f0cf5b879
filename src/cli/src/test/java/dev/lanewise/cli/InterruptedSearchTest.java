package dev.lanewise.cli;

import static dev.lanewise.Texts.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.files.RunRecord;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a search leaves when it is interrupted at a certain trial. */
class InterruptedSearchTest {
  private static final String OPTIONS =
      "--hidden 8;12,8 --epochs 9 --batch-size 32 --eta 0.01..0.1 --threads 1";

  @TempDir private Path directory;
  private Path data;

  @BeforeEach
  void write() throws IOException {
    data = Fixtures.rooms(directory);
  }

  /** A search in this JVM that is interrupted as soon as it prints a text for the n-th time. */
  private static final class Interrupted {
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final boolean wasRequested;
    private final boolean isRequested;

    Interrupted(String event, int times, boolean isJson, String... words) throws Exception {
      Interruption[] at = new Interruption[1];
      PrintStream out =
          new PrintStream(text, true, StandardCharsets.UTF_8) {
            @Override
            public void write(byte[] bytes, int from, int count) {
              super.write(bytes, from, count);
              String now = text.toString(StandardCharsets.UTF_8);
              if (at[0] != null && now.split(event, -1).length - 1 == times) {
                at[0].request();
                at[0] = null;
              }
            }
          };
      Output output = new Output(out, out, false, isJson);
      Interruption interruption = new Interruption(output);
      at[0] = interruption;
      try (SearchCommand command = new SearchCommand()) {
        command.prepare();
        command.run(new Arguments(Usage.of("search"), List.of(words)), output, interruption);
        output.finish();
        isRequested = interruption.requested();
      } finally {
        interruption.close();
      }
      wasRequested = interruption.wasRequested();
    }

    String text() {
      return text.toString(StandardCharsets.UTF_8);
    }
  }

  private Path whole(int trials) {
    Path out = directory.resolve("whole" + trials);
    Run.line("search", data, OPTIONS, "--trials", trials, "--out", out).ok();
    return out;
  }

  /** A search that is ended after some trials is a search of so many trials, and goes on. */
  @Test
  void finishedTrialsGiveTheBestEnsembleOfThem() throws Exception {
    Path out = directory.resolve("out");
    String event = "\"event\":\"trial\"";
    Interrupted run =
        new Interrupted(
            event, 3, true, Run.words("--data", data, OPTIONS, "--trials 7 --json --out", out));
    assertTrue(run.wasRequested && !run.isRequested, run.text());
    SearchCommandTest.assertSame(whole(3), out);
    RunRecord record = RunRecord.read(out.resolve("search.json"));
    assertEquals(3, record.number("trials", 0));
    assertEquals(true, record.members().get("interrupted"));
    assertTrue(run.text().contains("\"interval\":{\"low\":"), run.text());
    assertTrue(Files.readString(out.resolve("search.html")).contains("Trial "));
    Run.line("verify", out).ok("verified: same weights");

    // The best of the first three trials are trained again, also if the search is ended again.
    Interrupted again =
        new Interrupted(event, 2, true, Run.words("--resume --json --threads 1 --out", out));
    assertTrue(again.wasRequested, again.text());
    SearchCommandTest.assertSame(whole(5), out);
    Run.line("search --resume --out", out).ok("of 7 has the smallest").omits("Interrupted");
    SearchCommandTest.assertSame(whole(7), out);
    assertEquals(false, RunRecord.read(out.resolve("search.json")).members().get("interrupted"));
  }

  @Test
  void theProgressHasTheBestLossItsIntervalAndTheTimeLeft() throws Exception {
    Path out = directory.resolve("out");
    String[] words = Run.words("--data", data, OPTIONS, "--trials 7 --progress on --out", out);
    Interrupted run = new Interrupted("Trial 3 of 7", 1, false, words);
    String line = "Trial 3 of 7, best loss \\d\\.\\d{5} \\(\\d\\.\\d{5} to \\d\\.\\d{5}\\)";
    String rest = " of trial [123], \\d+:\\d\\d left";
    assertTrue(run.text().replace('\r', '\n').lines().anyMatch(l -> l.matches(line + rest + " *")));
    assertContains(
        run.text(), "; search --resume --out " + out + " goes on", "Interrupted after trial ");
    assertTrue(Files.exists(out.resolve("search.html")));
  }

  /** A request while the ensemble is trained ends that training. */
  @Test
  void aRequestDuringTheLastTrainingEndsIt() throws Exception {
    Path out = directory.resolve("out");
    String[] words = Run.words("--data", data, OPTIONS, "--trials 3 --out", out);
    Interrupted run = new Interrupted("Trains the selected trials", 1, false, words);
    assertTrue(run.wasRequested && run.isRequested, run.text());
    assertTrue(run.text().contains("Interrupted after trial 3; search --resume"), run.text());
    assertFalse(Files.exists(out.resolve("search.html")));
    Run.line("search --resume --out", out).ok("of 3 has the smallest");
    SearchCommandTest.assertSame(whole(3), out);
  }

  /** Without a finished trial there is nothing to select from. */
  @Test
  void aSearchThatEndsBeforeItsFirstTrialLeavesNoModel() throws Exception {
    Path out = directory.resolve("out");
    String longer = OPTIONS.replace("--epochs 9", "--epochs 900000 --patience 0 --best none");
    String[] words = Run.words("--data", data, longer, "--trials 3 --out", out);
    Interrupted run = new Interrupted("Searched: ", 1, false, words);
    String text = "Interrupted after trial 0, before any was trained as a whole; search --resume";
    assertTrue(run.text().contains(text), run.text());
    assertFalse(Files.exists(out.resolve("nn_model.npz")));
    assertTrue(Files.exists(out.resolve("search.json")));
  }
}
