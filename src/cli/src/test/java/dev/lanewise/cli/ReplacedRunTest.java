package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.lanewise.files.RunDirectory;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Problem;
import dev.lanewise.train.EpochResult;
import dev.lanewise.train.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tests which files of a run remain when another run uses its directory. */
class ReplacedRunTest {
  private static final Set<String> OF_CLASSES =
      Set.of(
          "nn_model.npz",
          "nn_stats.npz",
          "cross_entropy.svg",
          "accuracy.svg",
          "report.html",
          "run.json",
          "log.jsonl",
          "checkpoint.npz",
          "checkpoint_previous.npz");

  @TempDir Path directory;
  private Path classes;
  private Path numbers;
  private Path out;

  @BeforeEach
  void makeData() throws IOException {
    classes = Fixtures.data(directory.resolve("classes.npz"));
    numbers =
        Fixtures.text(directory.resolve("numbers.csv"), "a,y\n" + "1,3\n2,5\n3,7\n4,9\n".repeat(9));
    out = directory.resolve("out");
  }

  private Run train(Path data, String... options) {
    return Run.line(
        "train --data=" + data, "--out=" + out, "--hidden=5 --batch-size=8 --epochs=3", options);
  }

  private void trainClasses() throws IOException {
    train(classes, "--checkpoint-every=1e-9").ok();
    assertEquals(OF_CLASSES, names());
  }

  private Set<String> names() throws IOException {
    return contents().keySet();
  }

  /** Returns the names of the files with the hashes of their contents. */
  private Map<String, Integer> contents() throws IOException {
    Map<String, Integer> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  @Test
  void aRunOfAnotherLossLeavesNothingOfTheFirst() throws IOException {
    trainClasses();
    Files.writeString(out.resolve("notes.txt"), "mine");
    for (String earlier : List.of("uncertain.svg", "loss.svg", "r2.svg")) {
      Files.writeString(out.resolve(earlier), "a file of an earlier version");
    }
    Run run = train(numbers, "--loss=mse", "--force").ok();
    Set<String> ofNumbers =
        Set.of("nn_model.npz", "nn_stats.npz", "run.json", "report.html", "log.jsonl");
    Set<String> found = names();
    assertTrue(found.remove("notes.txt"), "it belongs to no run");
    assertEquals(ofNumbers, found);
    run.says(": nn_model.npz, nn_stats.npz, run.json, report.html, log.jsonl\n");

    trainClassesAgain();
    found = names();
    assertTrue(found.remove("notes.txt"));
    assertEquals(OF_CLASSES, found);
  }

  private void trainClassesAgain() {
    train(classes, "--checkpoint-every=1e-9", "--force").ok();
  }

  @Test
  void aRunThatDivergesTakesTheModelAway() throws IOException {
    trainClasses();
    Run run = train(classes, "--eta=1e30", "--force").failed("training diverged");
    assertEquals(
        Set.of("nn_stats.npz", "cross_entropy.svg", "accuracy.svg", "run.json", "log.jsonl"),
        names());
    String log = Files.readString(out.resolve("log.jsonl"));
    assertTrue(log.contains("\"event\":\"diverged\""), log);

    // There is no model, so --force is not needed; the pictures still count as files of a run.
    run = train(numbers, "--preset=course", "--loss=huber", "--eta=1e30");
    run.warns("training diverged");
    assertEquals(Set.of("nn_stats.npz", "run.json", "log.jsonl"), names());
  }

  @Test
  void whatFailsBeforeItsFirstStepTakesNothingAway() throws IOException {
    trainClasses();
    Map<String, Integer> before = contents();
    Path bad = Fixtures.text(directory.resolve("bad.csv"), "a,y\n1,x\n2");
    train(bad, "--force").failed();
    train(directory.resolve("missing.npz"), "--force").failed();
    assertEquals(Problem.USAGE, train(classes, "--force", "--eta=0").code());
    train(classes).failed();
    assertEquals(before, contents());
  }

  /** Checks the files at each moment at which a run may be killed. */
  @Test
  void filesGoWhenThereAreOthers() throws IOException {
    trainClasses();
    Map<String, Integer> before = contents();
    RunDirectory files = RunDirectory.of(out, true);
    before.put(".lanewise.lock", Arrays.hashCode(new byte[1])); // exists while it is open
    assertEquals(before, contents());
    files.begin();
    before.remove("checkpoint.npz");
    before.remove("checkpoint_previous.npz");
    assertEquals(before, contents());
    EpochResult epoch = new EpochResult(0, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 0.5);
    Architecture architecture = Architecture.relu(1, List.of(), 1);
    Model model = Model.of(Mlp.initial(architecture, Initializer.HE, 0).withLoss(Loss.MSE));
    files.history(new History(List.of(epoch)), model);
    assertEquals(Set.of(".lanewise.lock", "nn_stats.npz"), names());
    assertNotEquals(before.get("nn_stats.npz"), contents().get("nn_stats.npz"));
    files.model(model);
    files.close();
    assertEquals(Set.of("nn_stats.npz", "nn_model.npz"), names());
  }

  @Test
  void aFileThatCannotBeWrittenTakesNothingAway() throws IOException {
    trainClasses();
    Map<String, Integer> before = contents();
    Files.delete(out.resolve("nn_model.npz"));
    Files.createDirectory(out.resolve("nn_model.npz"));
    RunDirectory files = RunDirectory.of(out, true);
    Model model = Model.of(Mlp.initial(Architecture.relu(1, List.of(), 1), Initializer.HE, 0));
    assertThrows(IOException.class, () -> files.model(model));
    files.close();
    Files.delete(out.resolve("nn_model.npz"));
    before.remove("nn_model.npz");
    assertEquals(before, contents());
  }

  /** Pictures that do not belong to a run may have the same names. */
  @Test
  void picturesAloneAreNoRun() throws IOException {
    Files.createDirectory(out);
    Files.writeString(out.resolve("accuracy.svg"), "mine");
    Files.writeString(out.resolve("uncertain.svg"), "mine");
    train(numbers, "--loss=mse").ok();
    assertTrue(names().containsAll(List.of("accuracy.svg", "uncertain.svg")));
    Path other = directory.resolve("other");
    Files.createDirectory(other);
    Files.writeString(other.resolve("loss.svg"), "mine");
    out = other;
    train(classes).ok();
    assertEquals("mine", Files.readString(other.resolve("loss.svg")));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void anInterruptedRunReplacesTheOther() throws Exception {
    assumeFalse(ProcessTest.isIgnored("INT"), "background jobs ignore the signal");
    trainClasses();
    String before = Model.load(out.resolve("nn_model.npz")).sha256();
    String[] words = {
      "train", "--data=" + classes, "--out=" + out, "--epochs=1000000000", "--json", "--force"
    };
    Run.Started started = Run.start(directory, words);
    started.await(() -> Files.size(started.out()) > 0); // before the first step
    started.signal("INT");
    Run run = started.end();
    assertEquals(Interruption.EXIT_CODE, run.code(), run.err());
    Map<String, Object> end = run.json();
    Set<String> files =
        ((List<?>) end.get("files"))
            .stream()
                .map(file -> Path.of((String) file).getFileName().toString())
                .collect(Collectors.toSet());
    assertEquals(files, names());
    assertTrue(files.contains("checkpoint.npz"));
    String after = Model.load(out.resolve("nn_model.npz")).sha256();
    assertEquals(end.get("sha256"), after);
    assertNotEquals(before, after);
  }

  /** The picture and report of a resumed run are removed together with the model that they show. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aRunThatGoesOnAndIsInterruptedHasNothingAboutItsOldModel() throws Exception {
    assumeFalse(ProcessTest.isIgnored("INT"), "background jobs ignore the signal");
    trainClasses();
    String[] words = {"train", "--resume", "--out=" + out, "--epochs=1000000000", "--json"};
    Run.Started started = Run.start(directory, words);
    started.await(() -> Files.size(started.out()) > 0);
    started.signal("INT");
    assertEquals(Interruption.EXIT_CODE, started.end().code());
    Set<String> expected = OF_CLASSES.stream().collect(Collectors.toSet());
    expected.remove("report.html");
    assertEquals(expected, names());
  }
}
