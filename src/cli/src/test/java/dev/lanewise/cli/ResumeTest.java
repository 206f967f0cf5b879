package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lanewise.model.Model;
import dev.lanewise.terminal.Interruption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests runs that are interrupted and resumed. */
class ResumeTest {
  private static final Path DIGITS = Path.of("data", "digits.npz").toAbsolutePath();

  @TempDir Path directory;

  /** Returns a training of some seconds, most of which come after its first checkpoint. */
  private static String[] train(String options, String... more) {
    return Run.words(
        "train --data", DIGITS, "--epochs 500 --checkpoint-every 0.02 --json", options, more);
  }

  private Run.Started start(String... words) throws IOException {
    return Run.start(directory, words);
  }

  private static void sleep(int millis) throws InterruptedException {
    Thread.sleep(ThreadLocalRandom.current().nextInt(millis));
  }

  private static void assertSame(Path whole, Path resumed) throws IOException {
    assertEquals(
        Model.load(whole.resolve("nn_model.npz")).sha256(),
        Model.load(resumed.resolve("nn_model.npz")).sha256());
    for (String file :
        List.of("nn_model.npz", "nn_stats.npz", "accuracy.svg", "cross_entropy.svg")) {
      Fixtures.assertSame(whole.resolve(file), resumed.resolve(file));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void interruptedAndResumed() throws Exception {
    String options = "--no-shuffle --optimizer nesterov --eta 0.003";
    assumeFalse(ProcessTest.isIgnored("INT"), "background jobs ignore the signal");
    Path whole = directory.resolve("whole");
    Run.of(train(options, "--out", whole.toString())).ok();
    Run.Started started = start(train(options));
    started.await(() -> Files.size(started.out()) > 0);
    sleep(300);
    started.signal("INT");
    Run interrupted = started.end();
    assertEquals(Interruption.EXIT_CODE, interrupted.code(), interrupted.err());
    List<String> lines = interrupted.lines();
    Map<String, Object> end = JsonReader.object(lines.get(lines.size() - 1));
    assertTrue(end.get("files").toString().contains("checkpoint.npz"), end.toString());
    Run resumed = start("train", "--resume", "--json").end(); // the newest run
    assertEquals(0, resumed.code(), resumed.err());
    Map<String, Object> begin = resumed.json(0);
    Map<?, ?> position = (Map<?, ?>) begin.get("resumed");
    double step = (Double) position.get("step");
    assertEquals(((Double) end.get("step") + 1) % 13, step % 13, begin.toString());
    assertEquals(500.0, ((Map<?, ?>) begin.get("options")).get("epochs"));
    assertSame(whole, directory.resolve("runs/1"));
  }

  /** Trains three epochs, with a checkpoint after the second at the latest. */
  private Path some(String... more) {
    Path out = directory.resolve("some");
    Run.line("train --data", DIGITS, "--epochs 3 --checkpoint-every 1e-9 --out", out, more)
        .ok("checkpoint.npz");
    return out;
  }

  @Test
  void moreEpochsMakeTheRunLonger() throws IOException {
    Path out = some("--seed", "5");
    Run.line("train --resume --out", out, "--epochs 6").ok("Resumed from " + out);
    Path six = directory.resolve("six");
    Run.line("train --data", DIGITS, "--epochs 6 --seed 5 --out", six);
    assertSame(six, out);
    Run.line("train --resume --out", out, "--epochs 2")
        .failedWith(
            out.resolve("checkpoint.npz")
                + ": a checkpoint of 6 epochs, expected at most the requested 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--seed 5", "--valid-fraction 0.2", "--stratified", "--scale minmax",
        "--scale-targets standard", "--eta 0.01", "--verbose", "--force",
        "--initial-model m.npz", "--checkpoint-every 0"
      })
  void otherOptionsAreRefusedByName(String option) {
    Path out = some();
    Run run = Run.line("train --resume --out", out, option).misused();
    String name = option.split(" ")[0];
    run.warns("lanewise: " + name + ": not together with --resume");
    assertEquals(1, run.err().lines().count());
  }

  /** The options that divide and scale data are part of the run. */
  @Test
  void dividedAndScaledDataIsResumedAsItWas() throws IOException {
    Path data =
        Fixtures.npz(directory.resolve("one.npz"), "x y", Fixtures.inputs(40), Fixtures.labels(40));
    Path out = directory.resolve("divided");
    Path whole = directory.resolve("whole");
    List<String> words = new ArrayList<>(List.of("train", "--data", data.toString()));
    words.addAll(List.of("--valid-fraction", "0.3", "--stratified", "--scale", "minmax"));
    for (Path to : List.of(whole, out)) {
      List<String> all = new ArrayList<>(words);
      all.addAll(List.of("--epochs", to == out ? "2" : "5", "--out", to.toString()));
      all.addAll(List.of("--checkpoint-every", "1e-9"));
      Run.of(all.toArray(String[]::new)).ok(": train 28, valid 12 rows; ", "scaling minmax");
    }
    Run resumed = Run.line("train --resume --out", out, "--epochs 5").ok();
    Fixtures.assertSame(whole.resolve("nn_model.npz"), out.resolve("nn_model.npz"));
    String model = "--model=" + out.resolve("nn_model.npz");
    Run.line("evaluate", model, "--data=" + data, "--split=valid --valid-fraction=0.3 --stratified")
        .ok(resumed.out().replaceAll("(?s).*\\nCE: ", "CE: ").replaceAll("(?s)Saved.*", ""));
  }

  /** A run that starts anew does not use the checkpoint of the old run. */
  @Test
  void aRunThatIsReplacedCannotBeResumed() {
    Path out = some();
    String[] again = {"train", "--data", DIGITS.toString(), "--epochs", "1", "--out", "" + out};
    Run.of(again).failed();
    assertTrue(out.resolve("nn_model.npz").toFile().delete());
    Run.of(again)
        .failedWith(
            out
                + ": holds checkpoint.npz already, expected another directory, --resume or --force");
    String[] forced = Arrays.copyOf(again, again.length + 1);
    forced[again.length] = "--force";
    Run.of(forced).ok();
    assertFalse(Files.exists(out.resolve("checkpoint.npz")));
    assertFalse(Files.exists(out.resolve("checkpoint_previous.npz")));
  }

  @Test
  void whatCannotBeResumedIsNamed() throws IOException {
    Path out = some();
    Path file = out.resolve("checkpoint.npz");
    Files.delete(out.resolve("checkpoint_previous.npz"));
    Files.copy(out.resolve("nn_model.npz"), file, StandardCopyOption.REPLACE_EXISTING);
    Run.line("train --resume --out", out)
        .failedWith(file + ": not a checkpoint, expected a checkpoint that a training left");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 500));
    Run.line("train --resume --out", out)
        .failed("lanewise: " + file + ": a damaged or cut off zip");
  }

  @Test
  void otherDataIsRefused() throws IOException {
    Path data = Fixtures.data(directory.resolve("data.npz"));
    Path out = directory.resolve("out");
    String[] words = {
      "train", "--data", "" + data, "--epochs", "3", "--checkpoint-every", "1e-9", "--out", "" + out
    };
    Run.of(words).ok();
    Fixtures.splits(data, 30);
    Run.line("train --resume --out", out, "--epochs 9")
        .failed("checkpoint.npz: a checkpoint of data=30 rows of 4");
  }

  /** Test rows do not affect the weights, but they affect what the run says about its model. */
  @Test
  void otherTestRowsAreRefused() throws IOException {
    Path data = Fixtures.data(directory.resolve("data.npz"));
    byte[] rows = Files.readAllBytes(data);
    Path out = directory.resolve("out");
    String[] words = {
      "train", "--data", "" + data, "--epochs", "2", "--checkpoint-every", "1e-9", "--out", "" + out
    };
    Run.of(words).ok();
    for (int test : new int[] {7, 0}) {
      Fixtures.splits(data, 30, 9, test);
      Run.line("train --resume --out", out, "--epochs 3")
          .failed("checkpoint.npz: a checkpoint of data=30 rows", ", test rows ");
    }
    Files.write(data, rows);
    Run.line("train --resume --out", out, "--epochs 3").ok();
  }

  @Test
  void changedRowsOfATestFileAreRefused() throws IOException {
    Path data =
        Files.writeString(directory.resolve("d.csv"), "x,y\n1,a\n2,b\n3,a\n4,b\n5,a\n6,b\n");
    Path test = Files.writeString(directory.resolve("t.csv"), "x,y\n1,a\n2,b\n");
    String out = directory.resolve("out").toString();
    Run.of(
            ("train %s --test-data %s --epochs 2 --checkpoint-every 1e-9 --hidden 2 --out %s --split-sizes 1,0,0")
                .formatted(data, test, out)
                .split(" "))
        .ok();
    Files.writeString(test, "x,y\n2,b\n1,a\n"); // the same rows in another order
    Run.line("train --resume --out", out, "--epochs 3")
        .failed("checkpoint.npz: member 1 of 6: a checkpoint of data=");
  }
}
