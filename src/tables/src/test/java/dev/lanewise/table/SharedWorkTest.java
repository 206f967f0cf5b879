package dev.lanewise.table;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads that share the work on a large table change neither its data set nor its errors. */
class SharedWorkTest {
  private static final int ROWS = 27_001;
  private static final int COLUMNS = 9; // without the target

  @TempDir Path directory;
  private final List<String> lines = new ArrayList<>();

  @BeforeEach
  void write() {
    Random random = new Random(3);
    for (int i = 0; i < ROWS; i++) {
      StringBuilder line = new StringBuilder();
      for (int j = 0; j < COLUMNS; j++) {
        line.append(random.nextInt(50) == 0 ? "" : random.nextInt(1 + 900 * j) / 8.0).append(',');
      }
      lines.add(line.append(random.nextInt(3)).toString());
    }
  }

  private Dataset load(int threads, String scale) throws IOException {
    Path file = Files.write(directory.resolve("t.csv"), lines);
    return Datasets.load(
        file,
        ReadOptions.defaults().withThreads(threads),
        ScaleOptions.defaults().withScale(ScaleChoice.named(scale)));
  }

  private static float[] inputs(Rows split) {
    float[] inputs = new float[split.rows() * split.features()];
    split.copyRows(IntStream.range(0, split.rows()).toArray(), 0, split.rows(), inputs, 0);
    return inputs;
  }

  @Test
  void oneDataSet() throws IOException {
    for (String scale : List.of("robust", "standard")) {
      Dataset one = load(1, scale);
      for (int threads : new int[] {2, 3}) {
        Dataset several = load(threads, scale);
        assertArrayEquals(inputs(one.all().orElseThrow()), inputs(several.all().orElseThrow()));
        assertArrayEquals(inputs(one.train()), inputs(several.train()));
      }
    }
  }

  @Test
  void oneError() throws IOException {
    lines.set(26_000, "1,1,1e300,1,1,1,1,1,1,0");
    lines.set(300, "1,1,1,1,1e200,1,1,1,1,0");
    lines.set(299, "1,1e300,1,1,1,1,1,1,1,0");
    String expected = assertThrows(FormatException.class, () -> load(1, "255")).getMessage();
    for (int threads : new int[] {2, 3}) {
      unreadable(() -> load(threads, "255"), expected);
    }
  }
}
