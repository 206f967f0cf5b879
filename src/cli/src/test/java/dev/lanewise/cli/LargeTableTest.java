package dev.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.internal.Remedy;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.LoadOptions;
import dev.lanewise.table.ReadOptions;
import dev.lanewise.table.ScaleOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests tables larger than memory: training in a process of its own, the kept file and the
 * messages.
 */
class LargeTableTest {
  @TempDir Path directory;

  @AfterEach
  void useUsualMemory() {
    System.clearProperty("lanewise.memory");
  }

  private Run train(String heap, String... more) throws Exception {
    return Run.start(
            Run.Launch.CLASS_PATH,
            directory,
            List.of(heap),
            Run.words(
                "train --data large.csv --epochs 1 --hidden 8 --seed 3 --out run --force", more))
        .end();
  }

  @Test
  void trainsInAHeapThatDoesNotHoldIt() throws Exception {
    int columns = 60;
    StringBuilder text = new StringBuilder();
    Random random = new Random(1);
    for (int row = 0; row < 52_000; row++) { // 25 MB of cells
      for (int c = 0; c < columns; c++) {
        text.append(random.nextInt(90) / 10.0).append(',');
      }
      text.append(random.nextBoolean() ? "yes\n" : "no\n");
    }
    Files.writeString(directory.resolve("large.csv"), text);
    Run first = train("-Xmx24m").ok("\nLarger than memory: the encoded rows are in large.csv.");
    Run second = train("-Xmx24m").says("\nRows as large.csv.lanewise has them");
    Files.delete(directory.resolve("large.csv.lanewise"));
    Run usual = train("-Xmx512m");
    assertTrue(!usual.out().contains("arger than memory"), usual.out());
    List<String> sums = new ArrayList<>();
    for (Run run : List.of(first, second, usual)) {
      run.lines().stream().filter(line -> line.startsWith("Weights sha256")).forEach(sums::add);
    }
    assertEquals(List.of(sums.get(0), sums.get(0), sums.get(0)), sums);
  }

  private Path some() throws IOException {
    StringBuilder text = new StringBuilder("bytes,word,number,class\n");
    for (int row = 0; row < 1000; row++) {
      text.append(row * 7 % 256).append(',').append("abc".charAt(row * 5 % 3)).append(',');
      text.append(row / 8.0).append(',').append(row % 2).append('\n');
    }
    return Files.writeString(directory.resolve("some.csv"), text);
  }

  /** Each row takes three bytes for the word, one for the whole number and four for the float. */
  @Test
  void aByteAValueWhereThatIsExact() throws IOException {
    Path table = some();
    ScaleOptions options = ScaleOptions.defaults().withScale(ScaleChoice.named("none"));
    assertEquals(8000, kept(table, options));
    assertEquals(4000, kept(table, options, ReadOptions.defaults().withIgnored(List.of("number"))));
    assertEquals(
        3000, kept(table, options, ReadOptions.defaults().withIgnored(List.of("number", "bytes"))));
  }

  /**
   * Returns how many bytes the rows take in the kept file; its last 16 bytes say where they end.
   */
  private long kept(Path table, LoadOptions... options) throws IOException {
    System.setProperty("lanewise.memory", "0");
    Dataset data = Datasets.load(table, options);
    System.clearProperty("lanewise.memory");
    Path file = directory.resolve("some.csv.lanewise");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    long size = bytes.getLong(bytes.limit() - 16);
    assertEquals(data.toString(), Datasets.load(table, options).toString());
    Files.delete(file);
    Dataset usual = Datasets.load(table, options);
    float[] expected = new float[usual.features()];
    float[] found = new float[usual.features()];
    for (int row = 0; row < usual.train().rows(); row++) {
      usual.train().copyRows(null, row, 1, expected, 0);
      data.train().copyRows(null, row, 1, found, 0);
      Assertions.assertArrayEquals(expected, found);
    }
    return size;
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
    assertTrue(e.getMessage().startsWith(noFolder.resolve("some.csv.lanewise") + ": cannot be"));
    assertTrue(
        e.getMessage().endsWith(" (" + Remedy.CACHE.with() + ": in another folder)"),
        e.getMessage());
  }

  /** A folder is named as the user spelled it, and it is found again. */
  @Test
  void aFolderMayHaveAnyName() throws IOException {
    Path table = some();
    Path folder = directory.resolve("nosuch/../x/y");
    System.setProperty("lanewise.memory", "0");
    ReadOptions options = ReadOptions.defaults().withCache(folder);
    for (String word : new String[] {"arger than memory: the encoded rows are in ", "Rows as "}) {
      String note = Datasets.load(table, options).notes().toString();
      assertTrue(note.contains(word + folder.resolve("some.csv.lanewise")), note);
    }
    assertTrue(Files.exists(directory.resolve("x/y/some.csv.lanewise")));
  }

  @Test
  void memoryIsANumberOfBytes() throws IOException {
    String file = some().toString();
    System.setProperty("lanewise.memory", "1g");
    Run run = Run.line("train --data", file, "--epochs 1");
    assertEquals("lanewise: -Dlanewise.memory=1g, expected a number of bytes\n", run.err());
  }
}
