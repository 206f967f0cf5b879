package dev.lanewise.table;

import static dev.lanewise.Refusals.rejects;
import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of rows in .npz files, and after operations on data sets. */
class RowWeightsTest {
  @TempDir Path directory;

  private static NdArray x(int rows) {
    return NdArray.of(new float[2 * rows], rows, 2);
  }

  private static NdArray t(int rows) {
    return NdArray.of(new int[rows], rows);
  }

  private static float[] weights(Rows split) {
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
            "inputs_train target_train weights_train inputs_valid target_valid inputs_test target_test weights_test",
            x(3),
            t(3),
            NdArray.of(new double[] {1, 0, 2.5}, 3, 1),
            x(1),
            t(1),
            x(2),
            t(2),
            NdArray.of(new int[] {7, 0}, 2));
    Dataset data = Datasets.load(file);
    assertArrayEquals(new float[] {1, 0, 2.5f}, weights(data.train()));
    assertFalse(data.validation().orElseThrow().hasWeights());
    assertArrayEquals(new float[] {7, 0}, weights(data.test().orElseThrow()));
    Rows all = data.withClassesOf(List.of("0")).all().orElseThrow();
    assertArrayEquals(new float[] {1, 0, 2.5f, 1, 7, 0}, weights(all));
  }

  @Test
  void whatIsNoWeightIsRefused() throws IOException {
    Rows rows = Rows.of(new float[3][1], new int[3]);
    for (float wrong : new float[] {-1, -Float.MIN_VALUE, Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] weights = {1, 0, wrong};
      rejects(
          () -> rows.withRowWeights(weights),
          "data: row 2 has weight " + wrong + ", expected a finite number, not below 0");
      for (String split : List.of("train", "valid", "test")) {
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        for (String part : List.of("train", "valid", "test")) {
          arrays.put("inputs_" + part, x(3));
          arrays.put("target_" + part, t(3));
          arrays.put("weights_" + part, NdArray.of(part.equals(split) ? weights : new float[3], 3));
        }
        Path file = directory.resolve("weights.npz");
        Npz.write(file, arrays);
        unreadable(
            () -> Datasets.load(file),
            "%s: weights_%s: row 2 has the weight %s, expected a finite float, not below 0"
                .formatted(file, split, (double) wrong));
      }
    }
    rejects(
        () -> rows.withRowWeights(new float[2]), "data: 2 weights, expected 3 as there are rows");
    assertArrayEquals(
        new float[] {0, -0f, Float.MAX_VALUE},
        weights(rows.withRowWeights(new float[] {0, -0f, Float.MAX_VALUE})));
  }

  @Test
  void kerasLayoutAndOneSplit() throws IOException {
    float[] some = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    Path file =
        DataFiles.npz(directory, "x_train y_train w_train", x(10), t(10), NdArray.of(some, 10));
    Dataset data = Datasets.load(file);
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, weights(data.train()));
    assertArrayEquals(new float[] {10}, weights(data.validation().orElseThrow()));
    for (String[] names : new String[][] {{"x", "y", "w"}, {"inputs", "target", "weights"}}) {
      file =
          DataFiles.npz(
              directory,
              names[0] + " " + names[1] + " " + names[2],
              x(10),
              t(10),
              NdArray.of(some, 10));
      assertArrayEquals(some, weights(Datasets.load(file).train()));
    }
    file = DataFiles.npz(directory, "x y", x(10), t(10));
    assertFalse(Datasets.load(file).all().orElseThrow().hasWeights());
    assertTrue(data.all().orElseThrow().hasWeights());
    assertEquals(10, data.all().orElseThrow().weight(9));
  }

  /** Checks each row's weight, which the row's feature determines. */
  private static void assertWeightsFollow(Rows split) {
    assertTrue(split.hasWeights());
    float[] features = new float[1];
    for (int row = 0; row < split.rows(); row++) {
      split.copyRows(null, row, 1, features, 0);
      assertEquals(features[0] / 4, split.weight(row));
    }
  }

  @Test
  void rowsThatAreDividedClassByClassKeepTheirs() throws IOException {
    double[] features = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    float[] weights = new float[10];
    for (int row = 0; row < 10; row++) {
      weights[row] = (float) features[row] / 4;
    }
    int[] classes = {0, 0, 0, 0, 0, 0, 1, 1, 1, 2};
    NdArray t = NdArray.of(classes, 10);
    LoadOptions[] options = {
      DivisionOptions.defaults().withValidFraction(0.3).withStratified(true), Options.UNSCALED
    };
    // Whole numbers stay bytes and others become floats, so rows are moved in two ways.
    for (double fraction : new double[] {0, 0.5}) {
      features[0] = 1 + fraction;
      weights[0] = (float) features[0] / 4;
      NdArray x = NdArray.of(features, 10, 1);
      NdArray w = NdArray.of(weights, 10);
      Dataset data =
          Datasets.load(DataFiles.npz(directory, "x_train y_train w_train", x, t, w), options);
      Rows valid = data.validation().orElseThrow();
      assertEquals(fraction == 0, DataFiles.keepsBytes(valid));
      assertArrayEquals(new float[] {5 / 4f, 6 / 4f, 9 / 4f}, weights(valid));
      assertWeightsFollow(data.train());
      assertWeightsFollow(valid);
      assertWeightsFollow(data.all().orElseThrow());
      assertWeightsFollow(data.all().orElseThrow().shuffled(7));
      Dataset again = Dataset.of(data.train(), Optional.empty(), Optional.of(valid));
      again = again.withValidation(0.5, true);
      assertEquals(3, again.validation().orElseThrow().rows());
      assertWeightsFollow(again.validation().orElseThrow());
      assertWeightsFollow(again.all().orElseThrow());
    }
  }

  @Test
  void rowsOfATableKeepTheirs() throws IOException {
    StringBuilder text = new StringBuilder("x,w,kind\n");
    for (int row = 1; row <= 40; row++) {
      text.append(row).append(',').append(row / 4.0).append(row % 4 == 0 ? ",rare\n" : ",usual\n");
    }
    LoadOptions[] options = {
      ReadOptions.defaults().withWeight("w"),
      Options.shares(0.7, 0.0, 0.3).withValidFraction(0.25).withStratified(true),
      Options.UNSCALED
    };
    Path file = directory.resolve("t.csv");
    Files.writeString(file, text);
    Dataset data = Datasets.load(file, options);
    for (Rows split :
        List.of(data.train(), data.validation().orElseThrow(), data.test().orElseThrow())) {
      assertWeightsFollow(split);
      int rare = 0;
      for (int row = 0; row < split.rows(); row++) {
        rare += split.label(row) == 0 ? 1 : 0;
      }
      assertEquals(split.rows() / 4.0, rare, 1);
    }
    assertEquals(7, data.validation().orElseThrow().rows());
  }

  /** As floats, such weights would be 0 or infinite, or would lose digits. */
  @Test
  void weightsThatNoFloatHoldsAreRefused() throws IOException {
    for (double weight : new double[] {1e-300, 1e-40, 1e300, -1e-300, Double.NaN}) {
      Path file =
          DataFiles.npz(directory, "x y w", x(2), t(2), NdArray.of(new double[] {1, weight}, 2));
      unreadable(() -> Datasets.load(file), "row 1 has the weight " + weight);
    }
    for (double weight : new double[] {0, Float.MIN_NORMAL, Float.MAX_VALUE}) {
      Path file =
          DataFiles.npz(directory, "x y w", x(2), t(2), NdArray.of(new double[] {1, weight}, 2));
      assertEquals((float) weight, Datasets.load(file).train().weight(1));
    }
  }
}
