package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.lanewise.files.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests numbers of epochs that follow from a time or from the rows. */
class BudgetTest {
  @TempDir Path directory;
  private Path data;
  private Path out;

  @BeforeEach
  void makeData() throws IOException {
    data = Fixtures.data(directory.resolve("data.npz"));
    out = directory.resolve("out");
  }

  private Run train(Path place, String options) {
    return Run.line("train --data", data, "--out", place, options).ok();
  }

  private static int epochs(Path run) throws IOException {
    return Integer.parseInt(RunRecord.of(run).text("options", "epochs"));
  }

  private static void assertSame(Path expected, Path found) throws IOException {
    for (String file : new String[] {"nn_model.npz", "nn_stats.npz"}) {
      Fixtures.assertSame(expected.resolve(file), found.resolve(file));
    }
  }

  /** The time is recorded as the epochs that it became, with which all is repeated and resumed. */
  @Test
  void timeIsRecordedAsEpochs() throws IOException {
    Run run = train(out, "--time=0.02s --schedule cosine-log --checkpoint-every=1e-9");
    int epochs = epochs(out);
    run.says("Time 0.02s: " + epochs + " epochs", " parameters; " + epochs + " epochs, ");
    String begin = Files.readAllLines(out.resolve("log.jsonl")).get(0);
    Map<?, ?> options = (Map<?, ?>) JsonReader.object(begin).get("options");
    assertEquals("0.02s", options.get("time"));
    assertEquals((double) epochs, options.get("epochs"));
    RunRecord record = RunRecord.of(out);
    assertEquals("" + epochs, record.text("given", "epochs"));
    assertNull(record.text("given", "time")); // which the command in the report has
    assertEquals("0.02s", record.text("options", "time"));
    assertEquals("" + epochs, record.text("options", "schedule-epochs"));
    Path again = directory.resolve("again");
    train(again, "--schedule cosine-log --epochs " + epochs);
    assertSame(again, out);
    Run.line("verify", out).ok("verified: same weights, same metrics");

    // A resumed run takes the epochs that are asked for, and no clock.
    int longer = epochs + 2;
    Run.line("train --resume --out", out, "--epochs", "" + longer).ok().omits("Time 0.02s");
    Path whole = directory.resolve("whole");
    train(whole, "--schedule cosine-log --schedule-epochs " + epochs + " --epochs " + longer);
    assertSame(whole, out);
  }

  @ParameterizedTest
  @CsvSource({
    "--time=10m --epochs=5, --epochs: not together with --time",
    "--time=10, --time: '10'",
    "--time=0s, --time: '0s'",
    "--time=s, --time: 's'",
    "--time=-1m, --time: '-1m'",
    "--time=1d, --time: '1d'",
    "--time=NaNs, --time: 'NaNs'",
    "--time=1e99h, --time: '1e99h'",
    "--epochs=automatic, --epochs: 'automatic'",
  })
  void wrongUse(String options, String error) {
    Run.line("train --data", data, options.split(" ")).misused(error);
  }

  /** A patience of 0 changes nothing, nor needs validation rows. */
  @Test
  void noPatience() throws IOException {
    train(out, "--epochs=3 --best=none --patience=0");
    Path plain = directory.resolve("plain");
    train(plain, "--epochs=3");
    Fixtures.assertSame(plain.resolve("nn_stats.npz"), out.resolve("nn_stats.npz"));
  }

  @Test
  void timeIsNotOfResumedRuns() {
    train(out, "--epochs=1 --checkpoint-every=1e-9");
    Run.line("train --resume --out", out, "--time=1s").misused("--time: not together with");
  }

  /** Values that depend on the rows are printed and recorded as numbers. */
  @ParameterizedTest
  @ValueSource(strings = {"--hidden=none", "--hidden=2 --preset=table"})
  void valuesByRows(String options) throws IOException {
    train(out, options + " --epochs=auto --patience=auto").says(" parameters; 256 epochs, ");
    assertEquals(256, epochs(out));
    assertEquals("256", RunRecord.of(out).text("given", "epochs"));
    assertEquals("200", RunRecord.of(out).text("options", "patience"));
    Run.line("verify", out).ok("verified: same weights, same metrics");
  }
}
