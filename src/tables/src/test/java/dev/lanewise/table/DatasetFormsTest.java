package dev.lanewise.table;

import static dev.lanewise.data.DataFiles.golden;
import static dev.lanewise.data.DataFiles.labels;
import static dev.lanewise.data.DataFiles.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same images in every form (see make_data.py beside the files) give the same data. */
class DatasetFormsTest {

  private static void check(Rows split, int first, int count) {
    assertEquals(count, split.rows());
    assertEquals(20, split.features());
    float[] expected = new float[count * 20];
    int[] classes = new int[count];
    for (int r = 0; r < count; r++) {
      int i = first + r;
      for (int j = 0; j < 20; j++) {
        expected[r * 20 + j] = (float) ((37 * i + 11 * j + i * j) % 256 / 255.0);
      }
      classes[r] = i % 3;
      assertEquals(i % 3, split.label(r));
    }
    assertArrayEquals(expected, rows(split));
    assertArrayEquals(classes, labels(split));
    assertTrue(DataFiles.keepsBytes(split));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "float64.npz", "bytes_deflated.npz", "fortran_big.npz", "images_one_hot.npz",
        "int16_column.npz", "half.npz", "keras.npz", "train-images-idx3-ubyte"
      })
  void identicalBatches(String file) throws IOException {
    Dataset data = Datasets.load(golden(file));
    check(data.train(), 0, 18);
    check(data.validation().orElseThrow(), 18, 2);
    check(data.test().orElseThrow(), 20, 4);
    check(data.all().orElseThrow(), 0, 24);
    assertEquals(3, data.classes());
    assertEquals(20, data.features());
    assertEquals(Scaling.divide(255), data.scaling());
    assertEquals(List.of(), data.classNames());
  }

  @ParameterizedTest
  @CsvSource({
    "float64.npz, ''",
    "images_one_hot.npz, '4,5'",
    "half.npz, '2,2,5'",
    "keras.npz, '4,5'",
    "train-images-idx3-ubyte, '4,5'"
  })
  void keepsTheShapeOfARow(String file, String shape) throws IOException {
    String found =
        String.join(
            ",",
            java.util.Arrays.stream(Datasets.load(golden(file)).inputShape())
                .mapToObj(Integer::toString)
                .toList());
    assertEquals(shape, found);
  }

  @Test
  void aFileWithoutSplitsIsOneSplit() throws IOException {
    Dataset data = Datasets.load(golden("one_split.npz"));
    check(data.train(), 0, 18);
    assertEquals(Optional.empty(), data.validation());
    assertEquals(Optional.empty(), data.test());
    check(data.all().orElseThrow(), 0, 18);
    assertEquals(List.of("a", "b", "\u00e7"), data.classNames());
    Dataset test = Datasets.load(golden("t10k-images-idx3-ubyte"));
    check(test.train(), 20, 4);
    assertEquals(Optional.empty(), test.validation());
  }
}
