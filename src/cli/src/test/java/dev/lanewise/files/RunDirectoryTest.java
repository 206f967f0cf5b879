package dev.lanewise.files;

import static dev.lanewise.Refusals.rejects;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.cli.Fixtures;
import dev.lanewise.cli.Run;
import dev.lanewise.format.FaultyFileSystem;
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.terminal.Arguments;
import dev.lanewise.terminal.Output;
import dev.lanewise.terminal.Problem;
import dev.lanewise.terminal.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tests which run may write to a directory, and which files are left in it. */
class RunDirectoryTest {
  private static final String LOCK = ".lanewise.lock";

  @TempDir Path directory;

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Mlp model() {
    return Mlp.initial(Architecture.relu(1, List.of(), 2), Initializer.HE, 0);
  }

  private static void assertInUse(Path out) {
    Problem problem = assertThrows(Problem.class, () -> RunDirectory.of(out, true));
    assertTrue(problem.getMessage().startsWith(out + ": another run of train"), "" + problem);
  }

  /** Prepares the directory and returns the messages about it. */
  private static String prepare(RunDirectory files, Loss loss) throws IOException {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    files.prepare(loss, 1, new Output(stream, stream, false, false));
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void thatNothingKeepsOthersOutIsSaid() throws IOException {
    FaultyFileSystem system = new FaultyFileSystem(directory);
    Path out = system.at(directory.resolve("out"));
    try (RunDirectory files = RunDirectory.of(out, false)) {
      assertEquals("", prepare(files, Loss.SOFTMAX));
    }
    system.locks = false;
    try (RunDirectory files = RunDirectory.of(out, false)) {
      assertEquals(
          "lanewise: "
              + out
              + ": its file system has no locks: make sure that no other program writes there meanwhile\n",
          prepare(files, Loss.SOFTMAX));
      assertEquals(List.of(LOCK), names(directory.resolve("out")));
    }
    assertFalse(Files.exists(directory.resolve("out")));
  }

  /** A refused run must not release the lock of its process by closing the lock file. */
  @Test
  void oneRunOfAJvmAtATimeAndNoneOfAnother() throws Exception {
    Path out = directory.resolve("out");
    try (RunDirectory first = RunDirectory.of(out, false)) {
      for (int times = 0; times < 3; times++) {
        assertInUse(out);
        assertInUse(directory.resolve("out/../out"));
      }
      assertEquals(List.of(LOCK), names(out));
      Path data = Fixtures.data(directory.resolve("data.npz"));
      Run.in(directory, "train", "--data", data.toString(), "--out=out", "--epochs=1")
          .failedWith(
              "out: another run of train writes to it, wait until it ends or choose another --out DIR");
      first.model(Model.of(model()));
    }
    assertEquals(List.of("nn_model.npz"), names(out));
    RunDirectory.of(out, true).close();
    assertEquals(List.of("nn_model.npz"), names(out));
  }

  @Test
  void whatWasMadeForNothingGoes() throws IOException {
    Path out = directory.resolve("a/out");
    RunDirectory.of(out, false).close();
    assertFalse(Files.exists(out));
    Files.createDirectory(out);
    RunDirectory.of(out, false).close();
    assertTrue(Files.exists(out), "it belongs to the user");
    RunDirectory.check(new Arguments(Usage.of("train"), List.of("--out=" + out.resolve("x"))));
    assertFalse(Files.exists(out.resolve("x")));
    assertEquals(List.of(), names(out));
  }

  @Test
  void aLockFileThatAKilledRunLeftKeepsNobodyOut() throws IOException {
    Files.write(directory.resolve(LOCK), new byte[3]);
    try (RunDirectory files = RunDirectory.of(directory, false)) {
      assertInUse(directory);
      assertEquals("", prepare(files, Loss.SOFTMAX));
    }
    assertEquals(List.of(), names(directory));
  }

  /** A directory that is created again is locked as well. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aDirectoryThatIsRemovedIsMadeAgain() throws IOException {
    Path out = directory.resolve("b/out");
    RunDirectory files = RunDirectory.of(out, false);
    files.model(Model.of(model()));
    for (Path file : List.of(out.resolve(LOCK), out.resolve("nn_model.npz"), out)) {
      Files.delete(file);
    }
    Files.delete(out.getParent());
    files.model(Model.of(model()));
    assertEquals(List.of(LOCK, "nn_model.npz"), names(out));
    assertInUse(out);

    // Another process has created a directory of that name.
    Files.move(out, directory.resolve("away"));
    Files.createDirectory(out);
    Files.write(out.resolve(LOCK), new byte[1]);
    files.model(Model.of(model()));
    assertInUse(out);
    files.close();
    assertEquals(List.of("nn_model.npz"), names(out));
    RunDirectory.of(out, true).close();
  }

  /**
   * If the directory cannot be created again, writing fails with an ordinary error of the disk, and
   * a later write may succeed.
   */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatCannotBeMadeAgainIsAnErrorOfTheDisk() throws IOException {
    Path out = directory.resolve("b/out");
    try (RunDirectory files = RunDirectory.of(out, false)) {
      Files.delete(out.resolve(LOCK));
      Files.delete(out);
      Files.delete(out.getParent());
      Files.createFile(out.getParent());
      for (int times = 0; times < 2; times++) {
        rejects(IOException.class, () -> files.model(Model.of(model())), out + ": cannot be ");
      }
      Files.delete(out.getParent());
      files.model(Model.of(model()));
      assertEquals(List.of(LOCK, "nn_model.npz"), names(out));
    }
  }

  @Test
  void whatAKilledRunLeftIsRemovedAndNothingElse() throws IOException {
    Path out = Files.createDirectory(directory.resolve("out"));
    String random = "-0123456789abcdef.tmp";
    for (String name : RunFiles.ALL) {
      String hash = Integer.toHexString(name.hashCode());
      Files.createFile(out.resolve(".lanewise-" + hash + random));
    }
    Files.createFile(out.resolve(".lanewise-1" + random)); // a running predict may need it
    Files.createFile(out.resolve(RunFiles.GROWING)); // of an earlier version
    try (RunDirectory files = RunDirectory.of(out, false)) {
      assertEquals(RunFiles.ALL.size() + 3, names(out).size());
      prepare(files, Loss.MSE);
      assertEquals(List.of(".lanewise-1" + random, LOCK), names(out));
    }
  }
}
