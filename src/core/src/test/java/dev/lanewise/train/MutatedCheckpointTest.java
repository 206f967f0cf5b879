package dev.lanewise.train;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Split;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.Fuzzing;
import dev.lanewise.format.SealedNpz;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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
        5_000,
        m -> m.mutate(sound),
        bytes -> {
          SealedCheckpointTest.assertSame(SealedCheckpointTest.CHECKPOINT, load(bytes), "");
          return true;
        });
  }

  /** A checkpoint that loads can be resumed, or the trainer says which settings differ. */
  @Test
  void ofRepairedChecksums() {
    Split rows = Split.of(new float[][] {{0, 1}, {1, 0}, {1, 1}}, new int[] {0, 1, 1});
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
}
