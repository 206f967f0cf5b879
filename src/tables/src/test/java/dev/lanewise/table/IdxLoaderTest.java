package dev.lanewise.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Dataset;
import dev.lanewise.format.NdArray;
import dev.lanewise.source.Idx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** IDX files that belong together because of their names. */
class IdxLoaderTest {
  private static final int ROWS = 20;

  @TempDir Path directory;

  private Path images(String name) throws IOException {
    Path file = directory.resolve(name);
    Idx.write(file, NdArray.ofBytes(new byte[ROWS * 4], ROWS, 2, 2));
    return file;
  }

  private Path labels(String name) throws IOException {
    Path file = directory.resolve(name);
    Idx.write(file, NdArray.ofBytes(new byte[ROWS], ROWS));
    return file;
  }

  /** Some files are gzipped and others are not, as when a user has unpacked only a few. */
  @Test
  void labelsAndTestFilesAreFoundBesideTrainingImages() throws IOException {
    Path train = images("train-images-idx3-ubyte.gz");
    Path labels = labels("train-labels-idx1-ubyte");
    assertEquals(List.of(train, labels), Datasets.files(train));
    assertEquals(18, Datasets.load(train).train().rows());
    Path test = images("t10k-images-idx3-ubyte");
    Path testLabels = labels("t10k-labels-idx1-ubyte.gz");
    assertEquals(List.of(train, labels, test, testLabels), Datasets.files(train));
    Dataset data = Datasets.load(train);
    assertEquals(18, data.train().rows());
    assertEquals(ROWS, data.test().orElseThrow().rows());
    assertEquals(List.of(test, testLabels), Datasets.files(test));
    assertEquals(ROWS, Datasets.load(test).train().rows());
    Files.delete(testLabels);
    assertEquals(List.of(test), Datasets.files(test));
  }
}
