package dev.lanewise.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.format.NdArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of rows in .npz files, and through what is done with data sets. */
class RowWeightsTest {
  @TempDir Path directory;

  private static NdArray x(int rows) {
    return NdArray.of(new float[2 * rows], rows, 2);
  }

  private static NdArray t(int rows) {
    return NdArray.of(new int[rows], rows);
  }

  private static float[] weights(Split split) {
    float[] weights = new float[split.rows()];
    for (int row = 0; row < weights.length; row++) {
      weights[row] = split.weight(row);
    }
    return weights;
  }

  @Test
  void theCoursesLayout() throws IOException {
    Path file =
        DataFiles.npz(
            directory,
            "inputs_train",
            x(3),
            "target_train",
            t(3),
            "weights_train",
            NdArray.of(new double[] {1, 0, 2.5}, 3, 1),
            "inputs_valid",
            x(1),
            "target_valid",
            t(1),
            "inputs_test",
            x(2),
            "target_test",
            t(2),
            "weights_test",
            NdArray.of(new int[] {7, 0}, 2));
    Dataset data = Dataset.load(file);
    assertArrayEquals(new float[] {1, 0, 2.5f}, weights(data.train()));
    assertFalse(data.validation().orElseThrow().hasWeights());
    assertArrayEquals(new float[] {7, 0}, weights(data.test().orElseThrow()));
    Split all = data.withClassesOf(List.of("0")).all().orElseThrow();
    assertArrayEquals(new float[] {1, 0, 2.5f, 1, 7, 0}, weights(all));
  }

  @Test
  void kerasLayoutAndOneSplit() throws IOException {
    float[] some = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    Path file =
        DataFiles.npz(
            directory, "x_train", x(10), "y_train", t(10), "w_train", NdArray.of(some, 10));
    Dataset data = Dataset.load(file);
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, weights(data.train()));
    assertArrayEquals(new float[] {10}, weights(data.validation().orElseThrow()));
    for (String[] names : new String[][] {{"x", "y", "w"}, {"inputs", "target", "weights"}}) {
      file =
          DataFiles.npz(
              directory, names[0], x(10), names[1], t(10), names[2], NdArray.of(some, 10));
      assertArrayEquals(some, weights(Dataset.load(file).train()));
    }
    file = DataFiles.npz(directory, "x", x(10), "y", t(10));
    assertFalse(Dataset.load(file).all().orElseThrow().hasWeights());
    assertTrue(data.all().orElseThrow().hasWeights());
    assertEquals(10, data.all().orElseThrow().weight(9));
  }
}
