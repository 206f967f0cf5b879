package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.Forgeries;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Fuzzing;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.SealedNpz;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged checkpoint is refused or loads as the same checkpoint. */
class MutatedCheckpointTest {
  @TempDir Path directory;

  private byte[] sound;

  @BeforeEach
  void save() throws IOException {
    Path file = directory.resolve("checkpoint.npz");
    SealedCheckpointTest.CHECKPOINT.save(file);
    sound = Files.readAllBytes(file);
  }

  private static Checkpoint load(byte[] bytes) throws IOException {
    try (SealedNpz npz = SealedNpz.open(new ByteArrayInputStream(bytes), Fuzzing.NAME, false)) {
      return Checkpoint.load(npz);
    }
  }

  @Test
  void whatIsTakenIsTheSame() {
    Fuzzing.<byte[]>run(
        "checkpoint",
        2_000,
        m -> m.mutate(sound),
        bytes -> {
          SealedCheckpointTest.assertSame(SealedCheckpointTest.CHECKPOINT, load(bytes), "");
          return true;
        });
  }

  /** A checkpoint that loads can be resumed, or the trainer says which settings differ. */
  @Test
  void ofRepairedChecksums() {
    Rows rows = Rows.of(new float[][] {{0, 1}, {1, 0}, {1, 1}}, new int[] {0, 1, 1});
    Dataset data = Dataset.of(rows, Optional.of(rows), Optional.empty());
    Trainer trainer =
        Trainer.builder()
            .epochs(3)
            .batchSize(2)
            .optimizer(Optimizer.momentum(0.5))
            .patience(2)
            .build();
    Fuzzing.<byte[]>run(
        "checkpoint repaired",
        150, // each one also trains
        m -> m.mutateMembers(sound, m.below(8) > 0),
        bytes -> {
          Checkpoint checkpoint = load(bytes);
          try {
            trainer.resume(checkpoint, data);
          } catch (IllegalArgumentException e) {
            throw new FormatException(Fuzzing.NAME, e.getMessage(), e);
          }
          return true;
        });
  }

  /**
   * Somebody changes one array and computes the checksum anew: the checkpoint is refused by the
   * name of an array, or it is resumed to results that are numbers.
   */
  @Test
  void ofForgedArrays() throws IOException {
    Rows rows = Rows.of(new double[][] {{0, 1}, {1, 0}, {1, 1}}, new double[] {0, 1, 2});
    Dataset data = Dataset.of(rows, Optional.of(rows), Optional.empty());
    List<Checkpoint> taken = new ArrayList<>();
    Trainer trainer =
        Trainer.builder()
            .epochs(3)
            .batchSize(2)
            .optimizer(Optimizer.adam())
            .inputRate(2)
            .patience(2)
            .checkpointEvery(1e-9)
            .listener(new Listening().checkpoints(checkpoint -> taken.add(checkpoint.copy())))
            .build();
    trainer.fit(
        Mlp.initial(Architecture.relu(2, List.of(2), 1), Initializer.HE, 1).withLoss(Loss.MSE),
        data);
    Path file = directory.resolve("forged.npz");
    taken.get(1).save(file);
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    try (Npz npz = Npz.open(file)) {
      for (String name : npz.names()) {
        arrays.put(name, npz.read(name));
      }
    }
    arrays.remove("lanewise");
    Set<String> believed = new TreeSet<>();
    for (Forgeries.Forgery forgery : Forgeries.of(arrays, List.of())) {
      SealedNpz.write(file, forgery.arrays());
      try {
        TrainingRun run = trainer.resume(Checkpoint.load(file), data);
        for (EpochResult result : run.history().results()) {
          assertTrue(Double.isFinite(result.trainLoss()) && result.seconds() >= 0, "" + forgery);
        }
        believed.add(forgery.kind() + " " + forgery.array());
      } catch (FormatException e) {
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage().contains("a checkpoint "), e.getMessage());
      }
    }
    for (String name : arrays.keySet()) {
      if (arrays.get(name).type().isFloatingPoint() && !name.startsWith("optimizer_")) {
        assertFalse(believed.contains("n " + name) && !name.matches("sums|history"), name);
        assertFalse(believed.contains("i " + name) && !name.equals("history"), name);
      }
    }
    assertFalse(believed.contains("m optimizer_2"), "means of squares below 0");
  }
}
