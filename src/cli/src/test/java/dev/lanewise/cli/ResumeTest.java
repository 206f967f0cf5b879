package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lanewise.nn.Mlp;
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

/** Runs that are interrupted, and resumed. */
class ResumeTest {
  private static final Path DIGITS = Path.of("data", "digits.npz").toAbsolutePath();

  @TempDir Path directory;

  /** A training of some seconds, most of which it spends past its first checkpoint. */
  private static String[] train(String options, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--data", DIGITS.toString()));
    words.addAll(List.of("--epochs", "1200", "--checkpoint-every", "0.02", "--json"));
    words.addAll(Arrays.asList(options.split(" ")));
    words.addAll(Arrays.asList(more));
    return words.toArray(String[]::new);
  }

  private Run.Started start(String... words) throws IOException {
    return Run.start(Run.Launch.CLASS_PATH, directory, List.of(), words);
  }

  private static void sleep(int millis) throws InterruptedException {
    Thread.sleep(ThreadLocalRandom.current().nextInt(millis));
  }

  private static void assertSame(Path whole, Path resumed) throws IOException {
    assertEquals(
        Mlp.load(whole.resolve("nn_model.npz")).sha256(),
        Mlp.load(resumed.resolve("nn_model.npz")).sha256());
    for (String file : List.of("nn_model.npz", "nn_stats.npz", "accuracy.svg", "uncertain.svg")) {
      assertArrayEquals(
          Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(resumed.resolve(file)), file);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void interruptedAndResumed() throws Exception {
    String options = "--no-shuffle --optimizer nesterov --eta 0.003";
    assumeFalse(ProcessTest.isIgnored("INT"), "as it is in jobs in the background");
    Path whole = directory.resolve("whole");
    assertEquals(0, Run.of(train(options, "--out", whole.toString())).code());
    Run.Started started = start(train(options));
    for (int i = 0; i < 3000 && Files.size(started.out()) == 0; i++) {
      Thread.sleep(10);
    }
    sleep(500);
    started.signal("INT");
    Run interrupted = started.end();
    assertEquals(Interruption.EXIT_CODE, interrupted.code(), interrupted.err());
    List<String> lines = interrupted.lines();
    Map<String, Object> end = JsonReader.object(lines.get(lines.size() - 1));
    assertTrue(end.get("files").toString().contains("checkpoint.npz"), end.toString());
    Run resumed = start("train", "--resume", "--json").end(); // the newest
    assertEquals(0, resumed.code(), resumed.err());
    Map<String, Object> begin = JsonReader.object(resumed.lines().get(0));
    Map<?, ?> position = (Map<?, ?>) begin.get("resumed");
    double step = (Double) position.get("step");
    assertEquals(((Double) end.get("step") + 1) % 13, step % 13, begin.toString());
    assertEquals(1200.0, ((Map<?, ?>) begin.get("options")).get("epochs"));
    assertSame(whole, directory.resolve("runs/1"));
  }

  /** Three epochs, with a checkpoint after the second at the latest. */
  private Path some(String... more) {
    Path out = directory.resolve("some");
    List<String> words = new ArrayList<>(List.of("train", "--data", DIGITS.toString()));
    words.addAll(List.of("--epochs", "3", "--checkpoint-every", "1e-9", "--out", out.toString()));
    words.addAll(Arrays.asList(more));
    Run run = Run.of(words.toArray(String[]::new));
    assertEquals(0, run.code(), run.err());
    assertTrue(run.out().contains("checkpoint.npz"), run.out());
    return out;
  }

  @Test
  void moreEpochsMakeTheRunLonger() throws IOException {
    Path out = some("--seed", "5");
    Run longer = Run.of("train", "--resume", "--out", out.toString(), "--epochs", "6");
    assertEquals(0, longer.code(), longer.err());
    assertTrue(longer.out().contains("Resumed from " + out), longer.out());
    Path six = directory.resolve("six");
    Run.of("train", "--data", DIGITS.toString(), "--epochs", "6", "--seed", "5", "--out", "" + six);
    assertSame(six, out);
    Run less = Run.of("train", "--resume", "--out", out.toString(), "--epochs", "2");
    assertEquals(Problem.FAILED, less.code());
    assertEquals(
        "lanewise: "
            + out.resolve("checkpoint.npz")
            + ": a checkpoint of 6 epochs, expected at most 2 as asked for",
        less.errors());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--seed 5",
        "--valid-fraction 0.2",
        "--stratified",
        "--scale minmax",
        "--scale-targets standard",
        "--eta 0.01",
        "--verbose",
        "--force",
        "--initial-model m.npz",
        "--checkpoint-every 0"
      })
  void otherOptionsAreRefusedByName(String option) {
    Path out = some();
    List<String> words = new ArrayList<>(List.of("train", "--resume", "--out", out.toString()));
    words.addAll(Arrays.asList(option.split(" ")));
    Run run = Run.of(words.toArray(String[]::new));
    assertEquals(Problem.USAGE, run.code());
    String name = option.split(" ")[0];
    assertTrue(run.err().startsWith("lanewise: " + name + ": not together with --resume"));
    assertEquals(1, run.err().lines().count());
  }

  /** The options that divide and scale data are part of the run. */
  @Test
  void dividedAndScaledDataIsResumedAsItWas() throws IOException {
    Path data =
        Fixtures.npz(
            directory.resolve("one.npz"), "x", Fixtures.inputs(40), "y", Fixtures.labels(40));
    Path out = directory.resolve("divided");
    Path whole = directory.resolve("whole");
    List<String> words = new ArrayList<>(List.of("train", "--data", data.toString()));
    words.addAll(List.of("--valid-fraction", "0.3", "--stratified", "--scale", "minmax"));
    for (Path to : List.of(whole, out)) {
      List<String> all = new ArrayList<>(words);
      all.addAll(List.of("--epochs", to == out ? "2" : "5", "--out", to.toString()));
      all.addAll(List.of("--checkpoint-every", "1e-9"));
      Run run = Run.of(all.toArray(String[]::new));
      assertEquals(0, run.code(), run.err());
      assertTrue(run.out().contains(": train 28, valid 12 rows; "), run.out());
      assertTrue(run.out().contains("scaling minmax"), run.out());
    }
    Run resumed = Run.of("train", "--resume", "--out", out.toString(), "--epochs", "5");
    assertEquals(0, resumed.code(), resumed.err());
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("nn_model.npz")),
        Files.readAllBytes(out.resolve("nn_model.npz")));
    String model = "--model=" + out.resolve("nn_model.npz");
    Run valid =
        Run.of(
            "evaluate",
            model,
            "--data=" + data,
            "--split=valid",
            "--valid-fraction=0.3",
            "--stratified");
    assertEquals(0, valid.code(), valid.err());
    assertTrue(
        valid
            .out()
            .endsWith(
                resumed.out().replaceAll("(?s).*\\nCE: ", "CE: ").replaceAll("(?s)Saved.*", "")));
  }

  /** A run that was begun anew has nothing to do with the checkpoint that was there. */
  @Test
  void aRunThatIsReplacedCannotBeResumed() {
    Path out = some();
    String[] again = {"train", "--data", DIGITS.toString(), "--epochs", "1", "--out", "" + out};
    assertEquals(Problem.FAILED, Run.of(again).code());
    assertTrue(out.resolve("nn_model.npz").toFile().delete());
    Run refused = Run.of(again);
    assertEquals(Problem.FAILED, refused.code());
    assertEquals(
        "lanewise: "
            + out
            + ": holds checkpoint.npz already, expected another directory, --resume or --force\n",
        refused.err());
    String[] forced = Arrays.copyOf(again, again.length + 1);
    forced[again.length] = "--force";
    assertEquals(0, Run.of(forced).code());
    assertFalse(Files.exists(out.resolve("checkpoint.npz")));
    assertFalse(Files.exists(out.resolve("checkpoint_previous.npz")));
  }

  @Test
  void whatCannotBeResumedIsNamed() throws IOException {
    Run missing = Run.of("train", "--resume", "--out", directory.toString());
    assertEquals(Problem.FAILED, missing.code());
    assertEquals(
        "lanewise: "
            + directory
            + ": no checkpoint.npz to resume from, expected one that train left\n",
        missing.err());
    Path out = some();
    Path file = out.resolve("checkpoint.npz");
    Files.delete(out.resolve("checkpoint_previous.npz"));
    Files.copy(out.resolve("nn_model.npz"), file, StandardCopyOption.REPLACE_EXISTING);
    Run foreign = Run.of("train", "--resume", "--out", out.toString());
    assertEquals(Problem.FAILED, foreign.code());
    assertEquals(
        "lanewise: " + file + ": no checkpoint, expected one that a training left\n",
        foreign.err());
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 500));
    Run corrupt = Run.of("train", "--resume", "--out", out.toString());
    assertEquals(Problem.FAILED, corrupt.code());
    assertTrue(corrupt.err().startsWith("lanewise: " + file + ": a damaged or cut off zip"));
  }

  @Test
  void otherDataIsRefused() throws IOException {
    Path data = Fixtures.data(directory.resolve("data.npz"));
    Path out = directory.resolve("out");
    String[] words = {
      "train", "--data", "" + data, "--epochs", "3", "--checkpoint-every", "1e-9", "--out", "" + out
    };
    assertEquals(0, Run.of(words).code());
    Fixtures.npz(data, "inputs_train", Fixtures.inputs(30), "target_train", Fixtures.labels(30));
    Run run = Run.of("train", "--resume", "--out", out.toString(), "--epochs", "9");
    assertEquals(Problem.FAILED, run.code());
    assertTrue(run.err().contains("checkpoint.npz: a checkpoint of data=30 rows of 4"), run.err());
  }

  /** No weight depends on them, but what the run says of its model. */
  @Test
  void otherTestRowsAreRefused() throws IOException {
    Path data = Fixtures.data(directory.resolve("data.npz"));
    byte[] rows = Files.readAllBytes(data);
    Path out = directory.resolve("out");
    String[] words = {
      "train", "--data", "" + data, "--epochs", "2", "--checkpoint-every", "1e-9", "--out", "" + out
    };
    assertEquals(0, Run.of(words).code());
    Object[] arrays = {
      "inputs_train", Fixtures.inputs(30), "target_train", Fixtures.labels(30),
      "inputs_valid", Fixtures.inputs(9), "target_valid", Fixtures.labels(9),
      "inputs_test", Fixtures.inputs(7), "target_test", Fixtures.labels(7)
    };
    for (int length : new int[] {arrays.length, arrays.length - 4}) {
      Fixtures.npz(data, Arrays.copyOf(arrays, length));
      Run run = Run.of("train", "--resume", "--out", out.toString(), "--epochs", "3");
      assertEquals(Problem.FAILED, run.code(), run.out());
      assertTrue(run.err().contains("checkpoint.npz: a checkpoint of data=30 rows"), run.err());
      assertTrue(run.err().contains(", test rows "), run.err());
    }
    Files.write(data, rows);
    assertEquals(0, Run.of("train", "--resume", "--out", "" + out, "--epochs", "3").code());
  }

  @Test
  void changedRowsOfATestFileAreRefused() throws IOException {
    Path data =
        Files.writeString(directory.resolve("d.csv"), "x,y\n1,a\n2,b\n3,a\n4,b\n".repeat(1));
    Path test = Files.writeString(directory.resolve("t.csv"), "x,y\n1,a\n2,b\n");
    String out = directory.resolve("out").toString();
    Run first =
        Run.of(
            ("train %s --test-data %s --epochs 2 --checkpoint-every 1e-9 --hidden 2 --out %s"
                    + " --split-sizes 1,0,0")
                .formatted(data, test, out)
                .split(" "));
    assertEquals(0, first.code(), first.err());
    Files.writeString(test, "x,y\n2,b\n1,a\n"); // in another order
    Run run = Run.of("train", "--resume", "--out", out, "--epochs", "3");
    assertEquals(Problem.FAILED, run.code(), run.out());
    assertTrue(run.err().contains("checkpoint.npz: a checkpoint of data="), run.err());
  }
}
