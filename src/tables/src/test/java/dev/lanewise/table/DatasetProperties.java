package dev.lanewise.table;

import static dev.lanewise.data.DataFiles.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Numbers of every type are scaled as the scaling is defined. */
class DatasetProperties {
  private static Path directory;

  @BeforeContainer
  static void makeDirectory() throws IOException {
    directory = Files.createTempDirectory("data");
  }

  @AfterContainer
  static void deleteDirectory() throws IOException {
    Files.delete(directory.resolve("data.npz"));
    Files.delete(directory);
  }

  @Property(tries = 100)
  void theStoredTypeDoesNotMatter(
      @ForAll @IntRange(min = 1, max = 12) int n,
      @ForAll @IntRange(min = 1, max = 9) int d,
      @ForAll @IntRange(min = 1, max = 300) int largest,
      @ForAll boolean fractions,
      @ForAll @IntRange(max = 4) int choice,
      @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    double[] values = new double[n * d];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(largest + 1) + (fractions ? 0.25 * random.nextInt(4) : 0);
    }
    ScaleChoice scale =
        ScaleChoice.named(new String[] {"auto", "none", "255", "standard", "minmax"}[choice]);
    ScaleOptions options = ScaleOptions.defaults().withScale(scale);
    Dataset data = load(NdArray.of(values, n, d), n, options);
    Scaling scaling = data.scaling();
    float[] expected = new float[n * d];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = scaling.scale(values[i], i % d);
    }
    assertArrayEquals(expected, rows(data.train()));
    float[] floats = NdArray.of(values, n, d).toFloats();
    check(data, load(NdArray.of(floats, n, 1, d), n, options));
    if (!fractions) {
      int[] ints = IntStream.range(0, n * d).map(i -> (int) values[i]).toArray();
      check(data, load(NdArray.of(ints, n, d, 1), n, options));
      boolean bytes = IntStream.of(ints).allMatch(i -> i < 256);
      boolean bright = IntStream.of(ints).anyMatch(i -> i > 127);
      if (bytes && (choice > 0 || bright)) {
        byte[] raw = new byte[n * d];
        for (int i = 0; i < raw.length; i++) {
          raw[i] = (byte) ints[i];
        }
        check(data, load(NdArray.ofBytes(raw, n, d), n, options));
      }
    }
  }

  private static Dataset load(NdArray x, int n, LoadOptions... options) throws IOException {
    NdArray y = NdArray.of(new int[n], n);
    return Datasets.load(DataFiles.npz(directory, "x y", x, y), options);
  }

  private static void check(Dataset expected, Dataset found) {
    assertEquals(expected.scaling(), found.scaling());
    assertArrayEquals(rows(expected.train()), rows(found.train()));
  }
}
