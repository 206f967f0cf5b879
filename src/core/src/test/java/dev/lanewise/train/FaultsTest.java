package dev.lanewise.train;

import dev.lanewise.format.Faults;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tests saving models, checkpoints and statistics on disks that fail. */
@DisabledOnOs(OS.WINDOWS) // Windows cannot sync folders
class FaultsTest {
  @TempDir Path directory;

  @Test
  void checkpoints() throws IOException {
    Faults.test(directory, "checkpoint.npz", SealedCheckpointTest.CHECKPOINT::save);
  }

  @Test
  void models() throws IOException {
    Faults.test(directory, "model.npz", SealedCheckpointTest.CHECKPOINT.model()::save);
  }

  @Test
  void histories() throws IOException {
    Faults.test(directory, "stats.npz", SealedCheckpointTest.CHECKPOINT.history()::save);
  }
}
