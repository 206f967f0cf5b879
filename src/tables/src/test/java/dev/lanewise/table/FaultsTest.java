package dev.lanewise.table;

import static dev.lanewise.table.Options.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.Faults;
import dev.lanewise.format.FaultyFileSystem;
import dev.lanewise.format.FaultyFileSystem.Act;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tables that are kept in files on disks that fail. */
@DisabledOnOs(OS.WINDOWS) // folders cannot be synced there
class FaultsTest {
  @TempDir Path directory;

  @BeforeEach
  void keepNothingInMemory() {
    System.setProperty("lanewise.memory", "100");
  }

  @AfterEach
  void useUsualMemory() {
    System.clearProperty("lanewise.memory");
  }

  @Test
  void tablesLargerThanMemory() throws IOException {
    Path table = directory.resolve("a.csv");
    String text = table("x,y", 60, row -> List.of(row % 7, row % 3 == 0 ? "yes" : "no"));
    Files.writeString(table, text);
    FaultyFileSystem files = new FaultyFileSystem(directory);
    int faults = 0;
    for (int n = 0; ; n++) {
      files.failAt(n);
      IOException error = null;
      try {
        Dataset data = Datasets.load(files.at(table));
        assertEquals(
            60,
            data.train().rows()
                + data.validation().orElseThrow().rows()
                + data.test().orElseThrow().rows());
      } catch (IOException e) {
        error = e;
      }
      Act failed = files.hasFailed() ? files.done().get(n).act() : null;
      String what = failed + " at " + n + ": " + error + " " + files.done();
      if (error != null) {
        assertTrue(error.getMessage().startsWith(directory.toString()), what);
      }
      assertEquals(List.of("a.csv"), Faults.names(directory), what);
      if (failed == null) {
        assertNull(error, what);
        break;
      }
      assertEquals(failed == Act.SYNC_FOLDER, error == null, what); // some systems cannot do it
      faults++;
    }
    assertTrue(faults > 8, "" + faults);
  }
}
