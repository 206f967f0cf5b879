package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.files.RunDirectory;
import dev.lanewise.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the checkpoint before the last, which is used if the last is damaged. */
class KeptCheckpointTest {
  @TempDir Path directory;
  private Path data;
  private Path out;
  private Path newest;
  private Path previous;

  @BeforeEach
  void train() throws IOException {
    data = Fixtures.data(directory.resolve("data.npz"));
    out = directory.resolve("out");
    newest = out.resolve("checkpoint.npz");
    previous = out.resolve("checkpoint_previous.npz");
    train(out, "--epochs=4", "--checkpoint-every=1e-9")
        .ok("checkpoint.npz, checkpoint_previous.npz, ");
  }

  private Run train(Path to, String... options) {
    return Run.line(
        "train --data=%s --out=%s --hidden=5 --batch-size=8 --optimizer=adam", data, to, options);
  }

  private Run resume() {
    return Run.line("train --resume --out=" + out, "--epochs=7");
  }

  @Test
  void itIsOneEpochOlder() throws IOException {
    Checkpoint last = Checkpoint.load(newest);
    Checkpoint before = Checkpoint.load(previous);
    assertEquals(last.epoch() - 1, before.epoch());
    assertNotEquals(last.model().sha256(), before.model().sha256());
  }

  private static void damage(Path file, String how) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    switch (how) {
      case "cut off" -> Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
      case "one bit" -> Files.write(file, bytes);
      case "empty" -> Files.write(file, new byte[0]);
      case "zeros" -> Files.write(file, new byte[bytes.length]);
      case "another file" ->
          Files.write(file, Files.readAllBytes(file.resolveSibling("nn_model.npz")));
      default -> Files.delete(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut off", "one bit", "empty", "zeros", "another file", "gone"})
  void itIsTakenIfTheNewestIsDamaged(String how) throws IOException {
    damage(newest, how);
    train(out, "--epochs=4").failed(": holds ");
    int epoch = Checkpoint.load(previous).epoch();
    Run run = resume().ok().warns("lanewise: " + newest + ": ", "; going on from " + previous);
    assertEquals(1, run.errors().lines().count(), run.err());
    run.says("Resumed from " + previous + " in epoch " + epoch);
    Path whole = directory.resolve("whole");
    train(whole, "--epochs=7").ok();
    Fixtures.assertSame(whole.resolve("nn_model.npz"), out.resolve("nn_model.npz"));
    // The damaged checkpoint was not kept, so there are two good ones again.
    assertEquals(Checkpoint.load(newest).epoch() - 1, Checkpoint.load(previous).epoch());
  }

  /** After a resume, the first checkpoint replaces the damaged checkpoint, not the good one. */
  @Test
  void theDamagedOneIsNotKept() throws IOException {
    damage(newest, "cut off");
    byte[] good = Files.readAllBytes(previous);
    Checkpoint another = Checkpoint.load(previous).copy();
    try (RunDirectory files = RunDirectory.resumed(out)) {
      assertEquals(previous, files.previousCheckpoint(0));
      files.checkpoint(another, 0);
      assertArrayEquals(good, Files.readAllBytes(previous));
      assertEquals(another.epoch(), Checkpoint.load(newest).epoch());
      files.checkpoint(another, 0);
      assertEquals(another.epoch(), Checkpoint.load(previous).epoch());
    }
  }

  @Test
  void ifBothAreDamagedBothAreNamed() throws IOException {
    damage(newest, "one bit");
    damage(previous, "cut off");
    Run run = resume().failed();
    List<String> errors = run.errors().lines().toList();
    assertEquals(2, errors.size(), run.err());
    assertTrue(errors.get(0).startsWith("lanewise: " + newest + ": "), run.err());
    assertTrue(errors.get(1).startsWith("lanewise: " + previous + ": "), run.err());
    Files.delete(previous);
    run = resume().failed();
    assertEquals(errors.get(0).replaceFirst("; going on.*", ""), run.errors());
  }

  @Test
  void oneAloneIsARunToo() throws IOException {
    for (Path file : List.of(newest, out.resolve("nn_model.npz"))) {
      Files.delete(file);
    }
    Run refused = train(out, "--epochs=1");
    assertEquals(
        "lanewise: "
            + out
            + ": holds checkpoint_previous.npz already, expected another directory, --resume or --force",
        refused.errors());
    train(out, "--epochs=1", "--force").ok();
    assertTrue(Files.notExists(previous));
  }
}
