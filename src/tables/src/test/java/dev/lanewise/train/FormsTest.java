package dev.lanewise.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import dev.lanewise.kernel.math.CounterRandom;
import dev.lanewise.metrics.Evaluation;
import dev.lanewise.metrics.Evaluator;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Mlp;
import dev.lanewise.source.Idx;
import dev.lanewise.table.Datasets;
import dev.lanewise.table.DivisionOptions;
import dev.lanewise.table.LoadOptions;
import dev.lanewise.table.ScaleOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same rows give one digest as the course's .npz, Keras' .npz, IDX (plain and gzip) and CSV.
 */
class FormsTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 6;
  private static final int CLASSES = 4;

  // Files of Keras and IDX have 54 rows for training, the last tenth of which becomes validation.
  private static final int TRAIN = 49;
  private static final int VALID = 5;
  private static final int TEST = 6;
  private static final int ROWS = TRAIN + VALID + TEST;

  @TempDir Path directory;

  private final byte[] images = new byte[ROWS * HEIGHT * WIDTH];
  private final byte[] labels = new byte[ROWS];

  @Test
  void oneDigest() throws IOException {
    Random random = new Random(4);
    random.nextBytes(images);
    for (int i = 0; i < ROWS; i++) {
      labels[i] = (byte) (i < CLASSES ? i : random.nextInt(CLASSES));
    }
    String course = digest(course());
    assertEquals(course, digest(keras()), "Keras");
    assertEquals(course, digest(idx("")), "IDX");
    assertEquals(course, digest(idx(".gz")), "IDX, gzip");
    LoadOptions[] table = {
      DivisionOptions.defaults()
          .withSeed(9)
          .withSplitSizes(
              List.of((double) TRAIN / ROWS, (double) VALID / ROWS, (double) TEST / ROWS)),
      ScaleOptions.defaults().withScale(ScaleChoice.named("255"))
    };
    assertEquals(course, digest(csv(9), table), "CSV");
  }

  private static String digest(Path file, LoadOptions... options) throws IOException {
    Dataset data = Datasets.load(file, options);
    assertEquals(TRAIN, data.train().rows());
    assertEquals(VALID, data.validation().orElseThrow().rows());
    assertEquals(TEST, data.test().orElseThrow().rows());
    Mlp initial =
        Mlp.initial(Architecture.relu(HEIGHT * WIDTH, List.of(9), CLASSES), Initializer.HE, 1);
    TrainingRun run =
        Trainer.builder().epochs(7).batchSize(11).learningRate(0.1).build().fit(initial, data);
    Evaluation test = Evaluator.evaluate(run.model(), data.test().orElseThrow(), 1);
    // The digest also covers the validation and test rows.
    return run.model().sha256()
        + " "
        + Arrays.toString(run.history().validLoss())
        + " "
        + test.loss();
  }

  private NdArray images(int from, int count) {
    int size = HEIGHT * WIDTH;
    return NdArray.ofBytes(
        Arrays.copyOfRange(images, from * size, (from + count) * size), count, HEIGHT, WIDTH);
  }

  private NdArray labels(int from, int count) {
    return NdArray.ofBytes(Arrays.copyOfRange(labels, from, from + count), count);
  }

  private Path course() throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("inputs_train", images(0, TRAIN));
    arrays.put("target_train", labels(0, TRAIN));
    arrays.put("inputs_valid", images(TRAIN, VALID));
    arrays.put("target_valid", labels(TRAIN, VALID));
    arrays.put("inputs_test", images(TRAIN + VALID, TEST));
    arrays.put("target_test", labels(TRAIN + VALID, TEST));
    return write("course.npz", arrays);
  }

  private Path keras() throws IOException {
    Map<String, NdArray> arrays = new LinkedHashMap<>();
    arrays.put("x_train", images(0, TRAIN + VALID));
    arrays.put("y_train", labels(0, TRAIN + VALID));
    arrays.put("x_test", images(TRAIN + VALID, TEST));
    arrays.put("y_test", labels(TRAIN + VALID, TEST));
    return write("keras.npz", arrays);
  }

  private Path write(String name, Map<String, NdArray> arrays) throws IOException {
    Path file = directory.resolve(name);
    Npz.write(file, arrays);
    return file;
  }

  private Path idx(String suffix) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("idx" + suffix));
    Idx.write(folder.resolve("train-images-idx3-ubyte" + suffix), images(0, TRAIN + VALID));
    Idx.write(folder.resolve("train-labels-idx1-ubyte" + suffix), labels(0, TRAIN + VALID));
    Idx.write(folder.resolve("t10k-images-idx3-ubyte" + suffix), images(TRAIN + VALID, TEST));
    Idx.write(folder.resolve("t10k-labels-idx1-ubyte" + suffix), labels(TRAIN + VALID, TEST));
    return folder.resolve("train-images-idx3-ubyte" + suffix);
  }

  /** Writes a table whose rows are placed so that its shuffle puts them in order. */
  private Path csv(long seed) throws IOException {
    int[] order = new int[ROWS];
    CounterRandom.permutation(CounterRandom.key(seed, CounterRandom.SPLIT, 0), order);
    String[] lines = new String[ROWS];
    for (int i = 0; i < ROWS; i++) {
      StringBuilder line = new StringBuilder();
      for (int j = 0; j < HEIGHT * WIDTH; j++) {
        line.append(images[i * HEIGHT * WIDTH + j] & 0xFF).append(',');
      }
      lines[order[i]] = line.append(labels[i]).toString();
    }
    Path file = directory.resolve("table.csv");
    Files.writeString(file, String.join("\r\n", lines) + "\r\n", StandardCharsets.UTF_8);
    return file;
  }

  @Test
  void oneDigestForFourStorages() throws IOException {
    Set<String> digests = new LinkedHashSet<>();
    for (String name : List.of("same_float64", "same_deflated", "same_fortran", "same_onehot")) {
      Dataset data = Datasets.load(Resources.file(name + ".npz"));
      Mlp initial = Mlp.initial(Architecture.relu(42, List.of(7), 4), Initializer.HE, 2);
      TrainingRun run =
          Trainer.builder().epochs(9).batchSize(10).learningRate(0.1).build().fit(initial, data);
      assertEquals(37, data.train().rows());
      digests.add(run.model().sha256());
    }
    assertEquals(1, digests.size(), digests::toString);
  }
}
