package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.model.Model;
import dev.lanewise.train.Checkpoint;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills runs (SIGKILL) at random moments, some of them while they write a file, and resumes them
 * until they end. They must leave the same files as a run that was never interrupted, and no
 * others. The property -Dlanewise.kills=N asks for more kills than a usual build makes.
 */
class KillTest {
  private static final Path DIGITS = Path.of("data", "digits.npz").toAbsolutePath();
  private static final int KILLS = Integer.getInteger("lanewise.kills", 3);
  private static final int KILLS_A_RUN = 12;
  private static final int EPOCHS = KILLS > 3 ? 400 : 250;

  /** Two sets of options, which the runs use alternately. */
  private static final List<String> OPTIONS =
      List.of(
          "--optimizer adam --eta 0.001 --batch-size 70 --hidden 100,30 --dropout 0.1 --schedule cosine --warmup 5",
          "--optimizer sgd --batch-size 50 --best loss");

  @TempDir Path directory;

  private int kills;
  private int killsInWriting;

  private static String[] train(String options, String checkpointEvery, Path out) {
    return Run.words(
        "train --json --data %s --epochs %s --checkpoint-every %s --out %s",
        DIGITS, EPOCHS, checkpointEvery, out, options);
  }

  private Run.Started start(String... words) throws IOException {
    return Run.start(directory, words);
  }

  /**
   * Returns whether a file is partly written; an empty one may only test that files can be created.
   */
  private static boolean isWriting(Path folder) {
    File[] parts = folder.toFile().listFiles((in, name) -> name.endsWith(".tmp"));
    return parts != null && Arrays.stream(parts).anyMatch(part -> part.length() > 0);
  }

  /** Waits for a moment at which a checkpoint exists, or for the end of the process. */
  private static void await(Run.Started run, Path folder, boolean inWriting) throws Exception {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    Path checkpoint = folder.resolve("checkpoint.npz");
    run.await(() -> Files.size(run.out()) > 0 && Files.exists(checkpoint));
    long end = System.nanoTime() + random.nextInt(700) * 1_000_000L;
    run.await(() -> System.nanoTime() >= end);
    if (inWriting) {
      while (!isWriting(folder) && run.process().isAlive()) {
        Thread.onSpinWait();
      }
      Thread.sleep(0, random.nextInt(999_999));
    }
  }

  @Test
  void everyRunEndsAsIfItHadNotBeenKilled() throws Exception {
    for (int run = 0; kills < KILLS; run++) {
      String options = OPTIONS.get(run % OPTIONS.size());
      Path whole = directory.resolve("whole" + run % OPTIONS.size());
      if (!Files.exists(whole)) {
        Run.of(train(options, "0", whole)).ok();
      }
      Path killed = directory.resolve("killed" + run);
      Run last = killed(options, killed).ok();
      assertSame(whole, killed);
      assertEquals(Model.load(whole.resolve("nn_model.npz")).sha256(), last.json().get("sha256"));
    }
    String figures =
        "%s kills, %s of them while a file was written".formatted(kills, killsInWriting);
    if (KILLS > 3) {
      System.err.println(figures);
    }
    assertTrue(KILLS < 20 || killsInWriting > 0, figures);
  }

  /** Trains with kills and returns the last run. */
  private Run killed(String options, Path folder) throws Exception {
    Path checkpoint = folder.resolve("checkpoint.npz");
    Path previous = folder.resolve("checkpoint_previous.npz");
    Run.Started run = start(train(options, "0.05", folder));
    for (int times = 0; times < KILLS_A_RUN && kills < KILLS; times++) {
      await(run, folder, kills % 3 == 2);
      run.kill();
      if (run.process().exitValue() != 128 + 9) {
        break; // the run ended before it was killed
      }
      kills++;
      killsInWriting += isWriting(folder) ? 1 : 0;
      assertEquals("", run.end().errors());
      Checkpoint last = Checkpoint.load(checkpoint);
      if (Files.exists(previous)) {
        int before = Checkpoint.load(previous).epoch();
        assertTrue(before < last.epoch(), before + " is not before " + last.epoch());
      }
      run = start("train", "--resume", "--out", folder.toString(), "--threads", "1", "--json");
    }
    return run.end();
  }

  private static void assertSame(Path whole, Path killed) throws IOException {
    Set<String> names = Fixtures.names(killed);
    names.removeAll(Set.of("checkpoint.npz", "checkpoint_previous.npz"));
    assertEquals(Fixtures.FILES, names);
    for (String file :
        List.of("nn_model.npz", "nn_stats.npz", "accuracy.svg", "cross_entropy.svg")) {
      Fixtures.assertSame(whole.resolve(file), killed.resolve(file));
    }
    // The log has all epochs, including those of the killed runs.
    long epochs =
        Files.readAllLines(killed.resolve("log.jsonl")).stream()
            .filter(line -> line.contains("\"event\":\"epoch\""))
            .count();
    assertEquals(EPOCHS, epochs);
  }
}
