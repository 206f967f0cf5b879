package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedFilesTest {
  @TempDir Path directory;

  /** The order does not depend on when files were made or on how the system lists them. */
  @Test
  void filesOfAWildcardAreInTheOrderOfTheirNames() throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 10; i < 40; i++) {
      files.add(directory.resolve(i + ".csv"));
    }
    List<Path> shuffled = new ArrayList<>(files);
    Collections.shuffle(shuffled, new Random(1));
    for (Path file : shuffled) {
      Files.writeString(file, "1,a\n2,b\n");
    }
    Files.writeString(directory.resolve("10.txt"), "1,a\n");
    assertEquals(files, Datasets.files(directory.resolve("*.csv")));
    assertEquals(files.subList(0, 10), Datasets.files(directory.resolve("1*.csv")));
    assertEquals(60, Datasets.load(directory.resolve("*.csv")).all().orElseThrow().rows());
  }
}
