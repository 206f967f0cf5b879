package dev.lanewise.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.Faults;
import dev.lanewise.format.FaultyFileSystem;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.format.internal.SealedNpz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files that this package writes to disks that fail. */
@DisabledOnOs(OS.WINDOWS) // folders cannot be synced there
class FaultsTest {
  @TempDir Path directory;

  private static NdArray array() {
    return NdArray.of(new double[40_000], 200, 200); // more than a buffer
  }

  @Test
  void text() throws IOException {
    Faults.test(directory, "a.txt", file -> AtomicFile.write(file, out -> out.write(new byte[99])));
  }

  @Test
  void archives() throws IOException {
    Map<String, NdArray> arrays = Map.of("a", array());
    Faults.test(directory, "a.npz", file -> Npz.write(file, arrays));
  }

  @Test
  void sealedArchives() throws IOException {
    Map<String, NdArray> arrays = Map.of("a", NdArray.ofStrings(List.of("x", "yz"), 2));
    Faults.test(directory, "a.npz", file -> SealedNpz.write(file, arrays));
  }

  @Test
  void idx() throws IOException {
    Faults.test(directory, "a.idx", file -> Idx.write(file, array()));
  }

  @Test
  void idxInGzip() throws IOException {
    Faults.test(directory, "b.idx.gz", file -> Idx.write(file, array()));
  }

  @Test
  void anInterruptDoesNotKeepAnythingFromTheDisk() throws IOException {
    FaultyFileSystem files = new FaultyFileSystem(directory);
    Path file = files.at(directory.resolve("a"));
    AtomicFile.write(file, out -> Thread.currentThread().interrupt());
    assertTrue(Thread.interrupted());
    assertEquals(2, files.synced(), "the file and its folder");
  }

  /** The test helper detects writers that ignore failures. */
  @Test
  void carelessWritersFail() {
    assertThrows(
        AssertionError.class,
        () -> Faults.test(directory, "a", file -> Files.write(file, new byte[1 << 17])));
    assertThrows(
        AssertionError.class,
        () ->
            Faults.test(
                directory,
                "b",
                file -> {
                  Path beside = file.resolveSibling("beside");
                  Files.write(beside, new byte[1 << 17]);
                  Files.move(beside, file);
                }));
  }
}
