package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.OwnJvm;
import dev.lanewise.model.Model;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Problem;
import dev.lanewise.train.History;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the program as users start it: in a JVM of its own and in a directory of theirs. */
class ProcessTest {
  /** A number of epochs so large that the training never ends by itself. */
  private static final String FOR_EVER = "1000000000";

  @TempDir Path directory;

  @BeforeEach
  void makeData() throws IOException {
    Files.createDirectory(directory.resolve("data"));
    Fixtures.data(directory.resolve("data/digits.npz")); // the default place in a clone
  }

  /** Trains on the same rows in this JVM. */
  private Run here(String options) {
    Path runs = directory.resolve("runs/1");
    return Run.line(options, "--data", directory.resolve("data/digits.npz"), "--force --out", runs);
  }

  @DisabledOnOs(OS.WINDOWS)
  @ParameterizedTest
  @CsvSource({"MODULE_PATH, INT", "CLASS_PATH, TERM"})
  void interruptedTrainingKeepsWhatThereIs(Run.Launch launch, String signal) throws Exception {
    assumeFalse(isIgnored(signal), "background jobs of a shell ignore the signal");
    Run.Started started =
        Run.start(launch, directory, List.of(), "train", "--json", "--epochs", FOR_EVER);
    Path model = directory.resolve("runs/1/nn_model.npz");
    started.await(() -> Files.size(started.out()) > 0); // before the first step
    int millis = ThreadLocalRandom.current().nextInt(300);
    Thread.sleep(millis);
    started.signal(signal);
    Run run = started.end();

    String moment = "after " + millis + " ms: ";
    assertEquals(Interruption.EXIT_CODE, run.code(), moment + run.err());
    run.warns("lanewise: interrupted: finishing");
    List<String> lines = run.lines();
    Map<String, Object> last = JsonReader.object(lines.get(lines.size() - 1));
    assertEquals("interrupted", last.get("event"), moment);
    assertEquals(Model.load(model).sha256(), last.get("sha256"));
    // The lines before the last are the start and the epochs.
    assertEquals(
        lines.size() - 2, History.load(directory.resolve("runs/1/nn_stats.npz")).epochs(), moment);
    assertEquals(lines, Files.readAllLines(directory.resolve("runs/1/log.jsonl")));
    try (Stream<Path> files = Files.list(directory.resolve("runs/1"))) {
      assertTrue(files.noneMatch(file -> file.toString().endsWith(".tmp")));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void interruptAtTheStartLeavesNothing() throws Exception {
    assumeFalse(isIgnored("INT"), "background jobs of a shell ignore the signal");
    Run.Started started = Run.start(directory, "train", "--epochs", FOR_EVER);
    started.signal("INT");
    Run run = started.end();
    assertEquals(Interruption.EXIT_CODE, run.code());
    assertEquals("", run.out());
    assertFalse(Files.exists(directory.resolve("runs")));
  }

  /**
   * Returns whether this JVM ignores a signal; the programs that it starts then ignore it as well.
   */
  static boolean isIgnored(String signal) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    String mask =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring(7).strip())
            .findFirst()
            .orElse("0");
    int number = signal.equals("INT") ? 2 : 15;
    return (Long.parseUnsignedLong(mask, 16) >> (number - 1) & 1) != 0;
  }

  @Test
  void redirectedOutputHasNoControlCharacters() throws Exception {
    Run run = Run.in(directory, "train", "--epochs", "3", "--verbose").ok();
    assertTrue(run.out().chars().allMatch(c -> c == '\n' || c >= 32 && c < 127), run.out());
    assertTrue(run.err().isEmpty() || run.err().startsWith("lanewise: scalar kernels"), run.err());
  }

  @Test
  void runsAreNumberedAndTheNewestModelIsTaken() throws Exception {
    for (String name : List.of("7", "12", "013", "notes")) { // a failed run leaves such a folder
      Files.createDirectories(directory.resolve("runs").resolve(name));
    }
    Run.Started a = Run.start(directory, "train", "--quiet", "--epochs", "9", "--seed", "1");
    Run.Started b = Run.start(directory, "train", "--quiet", "--epochs", "9", "--seed", "2");
    assertEquals(0, a.end().code());
    assertEquals(0, b.end().code());
    String thirteen = Model.load(directory.resolve("runs/13/nn_model.npz")).sha256();
    String fourteen = Model.load(directory.resolve("runs/14/nn_model.npz")).sha256();
    assertNotEquals(thirteen, fourteen);

    Run.in(directory, "evaluate", "--quiet").says("Weights sha256 " + fourteen + "\n");
  }

  @Test
  void outsideACloneTheDefaultsAreExplained() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Run train =
        Run.in(elsewhere, "train")
            .failedWith(
                "data/digits.npz: no such file here, expected --data FILE (only a clone of"
                    + " Lanewise holds the default)");
    Run.in(elsewhere, "evaluate")
        .failedWith(
            "runs: no model in runs/N here, expected a model that train left, or --model FILE");
    assertFalse(Files.exists(elsewhere.resolve("runs")));
  }

  @ParameterizedTest
  @CsvSource({
    "kernels=fast, expected auto",
    "kernels=, expected auto",
    "threads=2, expected auto or fixed"
  })
  void wrongPropertiesAreExplained(String property, String expected) throws Exception {
    Run run =
        Run.start(Run.Launch.MODULE_PATH, directory, List.of("-Dlanewise." + property), "train")
            .end()
            .misused("lanewise: -Dlanewise." + property, expected);
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void scalarKernelsAreHintedAtOnceAndGiveTheSameBits() throws Exception {
    Run run =
        Run.start(
                Run.Launch.CLASS_PATH,
                directory,
                List.of("-Dlanewise.kernels=scalar"),
                "train",
                "--epochs",
                "5",
                "--quiet")
            .end();
    assertEquals("", run.err()); // the user asked for scalar kernels
    assertEquals(run.out(), here("train --epochs 5 --quiet").out());
  }

  /** With another compiler, such as Graal's, the Vector API may run as plain Java. */
  @Test
  void anotherCompilerThanC2GetsScalarKernels() throws Exception {
    List<String> words =
        List.of(
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:+EnableJVMCI",
            "-XX:TieredStopAtLevel=4",
            "--add-modules",
            "jdk.incubator.vector");
    Run run = Run.start(Run.Launch.CLASS_PATH, directory, words, "info").end();
    assumeTrue(run.code() == 0, "a JVM without the interface of compilers: " + run.err());
    assertTrue(run.out().matches("(?s).*[Kk]ernels +scalar.*"), run.out());
    run.says("the JVM's compiler may be another than C2");
  }

  @Test
  void hugeDataThatDoesNotFitIsAnErrorInOneLine() throws Exception {
    Run run =
        Run.start(
                Run.Launch.CLASS_PATH,
                directory,
                List.of("-Xmx32m"),
                "train",
                "--hidden",
                "2000,2000",
                "--epochs",
                "1")
            .end()
            .failed();
    List<String> errors =
        run.err().lines().filter(line -> !line.contains("scalar kernels")).toList();
    assertEquals(1, errors.size(), run.err());
    String heap = "lanewise: not enough memory: the heap may have 3[0-2] MiB"; // by the collector
    String advice = "columns or classes in the data, or a smaller --hidden or --batch-size";
    assertTrue(errors.get(0).matches(heap + ".*" + advice), run.err());
    assertFalse(Files.exists(directory.resolve("runs/1")), "an empty directory was left");
  }

  @ParameterizedTest
  @ValueSource(strings = {"info", "train --help"})
  void lostOutputIsAnError(String typed) throws Exception {
    assumeTrue(Files.isWritable(Path.of("/dev/full")));
    List<String> command = Run.Launch.CLASS_PATH.command(List.of());
    command.addAll(List.of(typed.split(" ")));
    File err = directory.resolve("err").toFile();
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(new File("/dev/full"));
    assertEquals(Problem.FAILED, OwnJvm.start(builder.redirectError(err)).waitFor());
    assertTrue(Files.readString(err.toPath()).contains("lanewise: stdout: cannot be written"));
  }

  @Test
  void numpyReadsModelAndStatistics() throws Exception {
    Run run = here("train --epochs 4 --quiet");
    String script =
        String.join(
            "\n",
            "import hashlib, numpy, os, sys",
            "os.chdir(sys.argv[1])",
            "m = numpy.load('runs/1/nn_model.npz', allow_pickle=False)",
            "w = [m[k + str(i)] for i in (1, 2, 3) for k in 'Wb']",
            "assert [a.shape for a in w] == [(4, 16), (16,), (16, 80), (80,), (80, 3), (3,)]",
            "assert all(a.dtype == numpy.float32 for a in w)",
            "s = numpy.load('runs/1/nn_stats.npz', allow_pickle=False)",
            "for k in ('train_ce', 'valid_ce', 'train_acc', 'valid_acc', 'train_ce_mean'):",
            "    assert s[k].shape == (4, 2) and s[k].dtype == numpy.float64, k",
            "    assert list(s[k][:, 0]) == [0, 1, 2, 3], k",
            "[m[k] for k in m.files]",
            "print(hashlib.sha256(b''.join(a.astype('<f4').tobytes() for a in w)).hexdigest())");
    String said = OwnJvm.python("-c", script, directory.toString()).with(0).strip();
    run.says("Weights sha256 " + said + "\n");
  }
}
