package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.ReadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests tables larger than memory: training in a process of its own, and the messages. */
class LargeTableTest {
  @TempDir Path directory;

  @AfterEach
  void useUsualMemory() {
    System.clearProperty("lanewise.memory");
  }

  private static String digest(Run run) {
    return run.lines().stream().filter(l -> l.startsWith("Weights sha256")).findFirst().orElse("");
  }

  @Test
  void trainsInAHeapThatDoesNotHoldIt() throws Exception {
    int columns = 60;
    StringBuilder text = new StringBuilder();
    Random random = new Random(1);
    for (int row = 0; row < 40_000; row++) { // 29 MB of cells and inputs
      for (int c = 0; c < columns; c++) {
        text.append(random.nextInt(90) / 10.0).append(',');
      }
      text.append(random.nextBoolean() ? "yes\n" : "no\n");
    }
    Path table = Files.writeString(directory.resolve("large.csv"), text);
    String[] words =
        Run.words(
            "train --epochs 1 --hidden 8 --seed 3 --force --data",
            table,
            "--out",
            directory.resolve("run"));
    Run spilled = Run.start(Run.Launch.CLASS_PATH, directory, List.of("-Xmx24m"), words).end();
    spilled.ok(
        "\nLarger than memory: the encoded rows are in a file beside " + table + " for this run");
    Run usual = Run.of(words).ok().omits("arger than memory");
    assertEquals(digest(usual), digest(spilled));
  }

  private Path some() throws IOException {
    StringBuilder text = new StringBuilder("bytes,word,number,class\n");
    for (int row = 0; row < 1000; row++) {
      text.append(row * 7 % 256).append(',').append("abc".charAt(row * 5 % 3)).append(',');
      text.append(row / 8.0).append(',').append(row % 2).append('\n');
    }
    return Files.writeString(directory.resolve("some.csv"), text);
  }

  @Test
  void aFolderThatCannotBeWrittenIsOneLine() throws IOException {
    Path table = some();
    Path noFolder = Files.writeString(directory.resolve("file"), "");
    System.setProperty("lanewise.memory", "0");
    FormatException e =
        Assertions.assertThrows(
            FormatException.class,
            () -> Datasets.load(table, ReadOptions.defaults().withCache(noFolder)));
    assertTrue(e.getMessage().startsWith(noFolder + ": "), e.getMessage());
    assertTrue(
        e.getMessage().endsWith(" (" + Remedy.CACHE.with() + ": in another folder)"),
        e.getMessage());
  }

  /** A folder is named as the user spelled it. */
  @Test
  void aFolderMayHaveAnyName() throws IOException {
    Path folder = directory.resolve("nosuch/../x/y");
    System.setProperty("lanewise.memory", "0");
    ReadOptions options = ReadOptions.defaults().withCache(folder);
    String note = Datasets.load(some(), options).notes().toString();
    assertTrue(
        note.contains("arger than memory: the encoded rows are in a file in " + folder), note);
    assertTrue(Files.exists(directory.resolve("x/y")));
  }

  @Test
  void memoryIsANumberOfBytes() throws IOException {
    String file = some().toString();
    System.setProperty("lanewise.memory", "1g");
    Run run = Run.line("train --data", file, "--epochs 1");
    assertEquals("lanewise: -Dlanewise.memory=1g, expected a number of bytes\n", run.err());
  }
}
