package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.OwnJvm;
import dev.lanewise.terminal.Interruption;
import dev.lanewise.terminal.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the places of results: unusable ones are refused before any work, and no two runs share
 * one.
 */
class RunPlacesTest {
  @TempDir Path directory;
  private Path data;
  private Path out;

  @BeforeEach
  void makeData() throws IOException {
    data = Fixtures.data(directory.resolve("data.npz"));
    out = directory.resolve("out");
  }

  private String[] words(Path out, String... options) {
    return Run.words("train --data=" + data, "--out=" + out, "--batch-size=8 --verbose", options);
  }

  private Run train(Path out, String... options) {
    List<String> words = new ArrayList<>(Arrays.asList(options));
    words.add("--epochs=2");
    return Run.of(words(out, words.toArray(String[]::new)));
  }

  private static void assertRefused(Run run, String message) {
    assertEquals(Problem.FAILED, run.code(), run.err());
    run.warns("lanewise: " + message);
    assertEquals(1, run.errors().lines().count(), run.err());
    run.omits("Epoch");
  }

  /** Runs a system program, which may be missing or forbidden, and returns whether it succeeded. */
  private static boolean system(String... command) throws InterruptedException {
    try {
      return OwnJvm.end(OwnJvm.start(new ProcessBuilder(command))).code() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** A run has its directory to itself until its process is dead, even if the process is killed. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void twoRunsDoNotShareADirectory() throws Exception {
    Run.Started first =
        Run.start(
            directory, words(out, "--epochs=1000000000", "--checkpoint-every=0.1", "--quiet"));
    try {
      first.await(() -> Files.exists(out.resolve("checkpoint.npz")));
      Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("out"));
      for (Path name : List.of(out, link, directory.resolve("out/../out/."))) {
        assertRefused(train(name, "--force"), name + ": another run of train writes to it, wait");
      }
      assertRefused(train(out), out + ": another run of train writes to it, wait");
      assertRefused(Run.line("train --resume --out", out), out + ": another run of train writes");
      assertTrue(first.process().isAlive());
    } finally {
      first.kill();
    }
    Files.writeString(out.resolve("mine.tmp"), "mine");
    train(out, "--force").ok();
    Set<String> names = Fixtures.names(out);
    assertTrue(names.remove("mine.tmp"));
    assertEquals(Fixtures.FILES, names);
  }

  @Test
  void aDirectoryWithTheNameOfAFileIsFoundFirst() throws IOException {
    for (String name : Fixtures.FILES) {
      Path folder = directory.resolve("with_" + name);
      Files.createDirectories(folder.resolve(name));
      assertRefused(
          train(folder, "--force"), folder.resolve(name) + ": a directory, expected the name of");
      assertEquals(Set.of(name), Fixtures.names(folder));
    }
    // A directory with the name of an earlier version's picture is not in the way.
    Files.createDirectories(out.resolve("loss.svg"));
    train(out).ok();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void linksToNowhereAreFoundFirst() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("no/such"));
    assertRefused(train(link), link + ": a link to nothing, expected a directory or a new name");
    assertRefused(
        train(link.resolve("x")),
        link.resolve("x") + ": cannot be made (" + link + " is not a dir");
    Files.createDirectory(out);
    Path model = out.resolve("nn_model.npz");
    Files.createSymbolicLink(model, Path.of("no/such"));
    assertRefused(train(out), model + ": " + out.resolve("no") + " does not exist, expected a");
    Files.createDirectory(out.resolve("no")); // now the link leads to a free name
    train(out).ok();
    assertTrue(Files.isSymbolicLink(model) && Files.isRegularFile(out.resolve("no/such")));
  }

  @Test
  void whatCannotBeMadeIsFoundFirst() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertRefused(train(file), file + ": a file, expected a directory or a new name");
    Path below = file.resolve("a/b");
    assertRefused(
        train(below),
        below + ": cannot be made (" + file + " is not a directory that can be written to");
    Path proc = Path.of("/proc/self");
    assumeTrue(Files.isDirectory(proc), "there is no file system that refuses files");
    assertRefused(train(proc), proc + ": cannot be used (");
    assertRefused(train(proc.resolve("x")), proc.resolve("x") + ": cannot be ");
  }

  /** Even an administrator cannot write to an immutable directory. */
  @Test
  void anImmutableDirectoryIsFoundFirst() throws Exception {
    Files.createDirectory(out);
    assumeTrue(system("chattr", "+i", out.toString()), "not an administrator on Linux");
    try {
      assertRefused(train(out), out + ": cannot be used (");
      Path below = out.resolve("below");
      assertRefused(
          train(below),
          below + ": cannot be made (" + out + " is not a directory that can be written to");
    } finally {
      assertTrue(system("chattr", "-i", out.toString()));
    }
    train(out).ok();
    Path log = out.resolve("log.jsonl");
    assertTrue(system("chattr", "+i", log.toString()));
    try {
      assertRefused(train(out, "--force"), log + ": write-protected, expected a file that may be");
    } finally {
      assertTrue(system("chattr", "-i", log.toString()));
    }
  }

  @Test
  void aFullDiskIsFoundFirst() throws Exception {
    Files.createDirectory(out);
    boolean mounted = system("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", out.toString());
    assumeTrue(mounted, "not an administrator on Linux");
    try {
      for (Path folder : List.of(out, out.resolve("x"))) {
        Run run = train(folder, "--hidden=4000");
        assertRefused(run, folder + ": cannot be used (");
        run.warns(" bytes are free, the model has 128012), expected");
      }
      assertEquals(Set.of(), Fixtures.names(out));
      Files.write(out.resolve("filler"), new byte[64 << 10]);
      assertRefused(train(out), out + ": cannot be used (No space left on device), expected a");
      assertEquals(Set.of("filler"), Fixtures.names(out));
    } finally {
      assertTrue(system("umount", out.toString()));
    }
  }

  /** A directory is found again under the name that the user gave. */
  @Test
  void anyNameOfADirectoryIsOneEverywhere() throws IOException {
    Path odd = directory.resolve("nosuch/../x");
    train(odd, "--checkpoint-every=1e-9").ok("Saved in " + odd + ": ");
    Run.line("train --resume --epochs=3 --out=" + odd).ok();
    assertTrue(Files.exists(directory.resolve("x/nn_model.npz")));
    String model = "--model=" + odd.resolve("nn_model.npz");
    Run.of("evaluate", model, "--data=" + data).ok();
    Path missing = directory.resolve("missing.npz");
    Run.line("train --data=" + missing, "--out=" + directory + "/a/b").failed();
    assertFalse(Files.exists(directory.resolve("a")), "it was created before it was needed");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aDirectoryThatIsDeletedIsMadeAgain() throws Exception {
    assumeFalse(ProcessTest.isIgnored("TERM"));
    Run.Started started =
        Run.start(directory, words(out, "--epochs=1000000000", "--checkpoint-every=0.1", "--json"));
    Path checkpoint = out.resolve("checkpoint.npz");
    started.await(() -> Files.exists(checkpoint));
    // The directory is moved, because removing it could fail halfway while files are written.
    Files.move(out, directory.resolve("away"));
    started.await(() -> Files.exists(checkpoint));
    started.signal("TERM");
    Run run = started.end();
    assertEquals(Interruption.EXIT_CODE, run.code(), run.err());
    Set<String> names = Fixtures.names(out);
    Object files = run.json().get("files");
    Set<String> told = new TreeSet<>();
    ((List<?>) files).forEach(file -> told.add(Path.of("" + file).getFileName().toString()));
    assertEquals(told, names);
    assertTrue(names.containsAll(Set.of("nn_model.npz", "nn_stats.npz", "log.jsonl")), "" + names);
    assertFalse(names.contains(".lanewise.lock"));
  }

  private void assertReplacesNothing(Path read, String... words) throws IOException {
    byte[] before = Files.readAllBytes(read);
    Run.of(words).misused("lanewise: --out: '", "', expected another file than that of --");
    assertArrayEquals(before, Files.readAllBytes(read));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void predictionsDoNotReplaceWhatTheyAreMadeOf() throws Exception {
    Path table =
        Fixtures.text(directory.resolve("t-1.csv"), "a,b,y\n" + "1,2,u\n3,4,v\n".repeat(9));
    Run.line("train --data=" + table, "--epochs=2 --out=" + out).ok();
    Path model = out.resolve("nn_model.npz");
    Path link = Files.createSymbolicLink(directory.resolve("link.csv"), Path.of("t-1.csv"));
    String ofModel = "--model=" + model;
    String ofTable = "--data=" + table;
    for (Path same : List.of(table, link, out.resolve("../t-1.csv"))) {
      assertReplacesNothing(table, "predict", ofModel, ofTable, "--out=" + same);
    }
    assertReplacesNothing(table, "predict", ofModel, "--data=" + link, "--out=" + table);
    String all = "--data=" + directory.resolve("t-*.csv");
    assertReplacesNothing(table, "predict", ofModel, all, "--out=" + table);
    assertReplacesNothing(model, "predict", ofModel, ofTable, "--out=" + model);

    Path other = directory.resolve("scored.csv");
    for (int times = 0; times < 2; times++) { // an earlier result may be replaced
      Run.of("predict", ofModel, all, "--out=" + other).ok();
    }
    Path place = directory.resolve("nosuch/../p.npz");
    Run run = Run.of("predict", ofModel, ofTable, "--out=" + place);
    assertRefused(run, place + ": " + directory.resolve("nosuch/..") + " does not exist, expected");
    assertEquals("", run.out(), "the error comes before any row is shown");
  }
}
