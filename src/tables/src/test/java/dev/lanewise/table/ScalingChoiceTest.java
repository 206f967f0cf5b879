package dev.lanewise.table;

import static dev.lanewise.Refusals.unreadable;
import static dev.lanewise.data.DataFiles.npz;
import static dev.lanewise.data.DataFiles.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingChoiceTest {
  private static final NdArray TWO = NdArray.of(new int[] {0, 1}, 2);

  @TempDir Path directory;

  private Dataset load(ScaleChoice choice, NdArray train, NdArray test) throws IOException {
    Path file =
        npz(directory, "inputs_train target_train inputs_test target_test", train, TWO, test, TWO);
    return Datasets.load(file, ScaleOptions.defaults().withScale(choice));
  }

  private Dataset load(ScaleChoice choice, NdArray train) throws IOException {
    return load(choice, train, train);
  }

  private static NdArray floats(double... values) {
    return NdArray.of(values, 2, values.length / 2);
  }

  @Test
  void wholeNumbersUpTo255WithOneAbove127AreBytes() throws IOException {
    ScaleChoice auto = ScaleChoice.auto();
    assertEquals("255", load(auto, floats(0, 128)).scaling().name());
    assertEquals("255", load(auto, floats(0, 255)).scaling().name());
    assertEquals("standard", load(auto, floats(0, 127)).scaling().name());
    assertEquals("standard", load(auto, floats(0, 256)).scaling().name());
    assertEquals("standard", load(auto, floats(-1, 200)).scaling().name());
    assertEquals("standard", load(auto, floats(0.5, 200)).scaling().name());
    NdArray dark = NdArray.ofBytes(new byte[] {0, 16}, 2, 1);
    assertEquals("255", load(auto, dark).scaling().name(), "stored as bytes");
    assertEquals("255", load(auto, NdArray.of(new long[] {0, 200}, 2, 1)).scaling().name());
  }

  @Test
  void onlyTrainingRowsDecide() throws IOException {
    Dataset data = load(ScaleChoice.auto(), floats(0, 200), floats(0.5, 1000));
    assertEquals("255", data.scaling().name());
    assertTrue(DataFiles.keepsBytes(data.train()));
    Rows test = data.test().orElseThrow();
    assertFalse(DataFiles.keepsBytes(test));
    assertArrayEquals(new float[] {(float) (0.5 / 255), (float) (1000 / 255.0)}, rows(test));
    data = load(ScaleChoice.auto(), floats(0, 10), floats(0, 200));
    assertEquals(Scaling.standardise(new double[] {5}, new double[] {5}), data.scaling());
    assertArrayEquals(new float[] {-1, 39}, rows(data.test().orElseThrow()));
  }

  @Test
  void theLastTenthOfKerasTrainingRowsDoesNotDecide() throws IOException {
    double[] values = new double[10];
    values[0] = 2;
    values[9] = 1e6;
    Path file =
        npz(directory, "x_train y_train", NdArray.of(values, 10, 1), NdArray.of(new int[10], 10));
    Dataset data = Datasets.load(file);
    Scaling scaling = data.scaling();
    assertEquals(2 / 9.0, scaling.first()[0]);
    assertEquals(9, data.train().rows());
    assertEquals(1, data.validation().orElseThrow().rows());
  }

  @Test
  void aTenthIsRoundedDown() throws IOException {
    for (int n : new int[] {1, 9, 10, 19, 20}) {
      NdArray x = NdArray.ofBytes(new byte[n], n, 1);
      Path file = npz(directory, "x_train y_train", x, NdArray.of(new int[n], n));
      Dataset data = Datasets.load(file);
      assertEquals(n - n / 10, data.train().rows());
      assertEquals(n / 10, data.validation().map(Rows::rows).orElse(0));
    }
  }

  @Test
  void namedValidationRowsAreTakenInsteadOfATenth() throws IOException {
    NdArray x = NdArray.ofBytes(new byte[20], 20, 1);
    NdArray y = NdArray.of(new int[20], 20);
    Path file = npz(directory, "x_train y_train x_val y_val", x, y, x, y);
    Dataset data = Datasets.load(file);
    assertEquals(20, data.train().rows());
    assertEquals(20, data.validation().orElseThrow().rows());
  }

  @Test
  void standardisesInDoubleAndLeavesConstantsFinite() throws IOException {
    NdArray x = floats(0.1, 1e9, 3, 0.1, 1e9 + 1, 7);
    Dataset data = load(ScaleChoice.standard(), x);
    Scaling scaling = data.scaling();
    assertArrayEquals(new double[] {0.1, 1e9 + 0.5, 5}, scaling.first());
    assertArrayEquals(new double[] {0, 0.5, 2}, scaling.second());
    assertArrayEquals(new float[] {0, -1, -1, 0, 1, 1}, rows(data.train()));
  }

  /**
   * The mean of three times 0.1 is not 0.1, but this rounding error is not a deviation to divide
   * by.
   */
  @Test
  void aConstantIsOneWhateverItsMeanRoundsTo() throws IOException {
    for (double tenth : new double[] {0.1, -0.1}) {
      NdArray x = NdArray.of(new double[] {tenth, tenth, tenth}, 3, 1);
      Dataset data = Datasets.load(npz(directory, "x y", x, NdArray.of(new int[3], 3)));
      assertEquals(Scaling.standardise(new double[] {tenth}, new double[1]), data.scaling());
      assertArrayEquals(new float[3], rows(data.train()));
    }
  }

  /** The medians and quartiles of an array, too, come from its training rows. */
  @Test
  void robustIsFittedOnTrainingRows() throws IOException {
    double[] numbers = {12, 0, 20, 1e6, 16, 4, 8, 1e6};
    double[] values = new double[16];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 2 == 0 ? numbers[i / 2] : -2 * numbers[i / 2];
    }
    NdArray x = NdArray.of(values, 8, 2);
    NdArray y = NdArray.of(new int[] {0, 0, 0, 0, 1, 1, 1, 1}, 8);
    Path file = npz(directory, "x y", x, y);
    LoadOptions[] robust = {
      DivisionOptions.defaults().withValidFraction(0.25),
      ScaleOptions.defaults().withScale(ScaleChoice.robust())
    };
    // Without row 3, the training rows have 0 4 8 12 16 20, whose quartiles are 5, 10 and 15.
    assertEquals(
        Scaling.robust(new double[] {10, -20}, new double[] {10, 20}),
        Datasets.load(
                file,
                Options.with(
                    robust,
                    DivisionOptions.defaults().withValidFraction(0.25).withStratified(true)))
            .scaling());
    assertEquals( // with row 3, the training rows have 0 4 12 16 20 1e6
        Scaling.robust(new double[] {14, -28}, new double[] {13, 26}),
        Datasets.load(file, robust).scaling());
  }

  private void assertRefused(String expected, ScaleChoice choice, NdArray train) {
    unreadable(() -> load(choice, train), "inputs_train: " + expected);
  }

  @Test
  void numbersWithoutAFiniteRangeAreRefused() throws IOException {
    NdArray wide = floats(3, 1.7e308, 4, -1.7e308);
    String range = "feature 1 goes from -1.7E308 to 1.7E308, expected a finite range";
    assertRefused(range, ScaleChoice.minMax(), wide);
    assertRefused(range, ScaleChoice.robust(), wide);
    NdArray nan = floats(1, 2, 3, Double.NaN);
    String finite = "row 1, feature 1 is NaN, expected a finite number";
    assertRefused(finite, ScaleChoice.minMax(), nan);
    assertRefused(finite, ScaleChoice.robust(), nan);
    Dataset all = load(ScaleChoice.minMax(), floats(Double.MAX_VALUE, 0));
    assertArrayEquals(new float[] {1, 0}, rows(all.train()));
  }

  @Test
  void minMaxIsFittedOnTrainingRowsAndClipsNothing() throws IOException {
    NdArray x = floats(0.1, 1e9, 3, 0.1, 1e9 + 1, 7);
    Dataset data = load(ScaleChoice.minMax(), x, floats(0.6, 1e9 + 0.5, -1, 0, 1e9, 11));
    Scaling scaling = data.scaling();
    assertArrayEquals(new double[] {0.1, 1e9, 3}, scaling.first());
    assertArrayEquals(new double[] {0.1, 1e9 + 1, 7}, scaling.second());
    assertArrayEquals(new float[] {0, 0, 0, 0, 1, 1}, rows(data.train()));
    Rows test = data.test().orElseThrow();
    assertArrayEquals(new float[] {0.5f, 0.5f, -1, -0.1f, 0, 2}, rows(test));
  }

  @Test
  void minMaxOfNegativeNumbers() throws IOException {
    Dataset data = load(ScaleChoice.minMax(), floats(-5, -3));
    assertEquals(Scaling.minMax(new double[] {-5}, new double[] {-3}), data.scaling());
    assertArrayEquals(new float[] {0, 1}, rows(data.train()));
  }

  @Test
  void noneTakesNumbersAsTheyAre() throws IOException {
    Dataset data = load(ScaleChoice.named("none"), floats(3, 200));
    assertTrue(DataFiles.keepsBytes(data.train()));
    assertArrayEquals(new float[] {3, 200}, rows(data.train()));
    data = load(ScaleChoice.named("none"), floats(-0.0, 0.1));
    assertArrayEquals(new float[] {-0f, 0.1f}, rows(data.train()));
  }

  @Test
  void forcedDivisionAppliesToAnything() throws IOException {
    Dataset data = load(ScaleChoice.named("255"), floats(-0.0, 1));
    assertEquals(Scaling.divide(255), data.scaling());
    assertArrayEquals(new float[] {-0f, (float) (1 / 255.0)}, rows(data.train()));
    assertFalse(DataFiles.keepsBytes(data.train()), "-0 is no byte");
  }

  @Test
  void aDivisorThatIsNoFloatGivesTheRightFloats() throws IOException {
    Dataset data = load(ScaleChoice.fixed(Scaling.divide(0.1)), floats(3, 200));
    assertArrayEquals(new float[] {(float) (3 / 0.1), (float) (200 / 0.1)}, rows(data.train()));
  }

  @Test
  void aModelsScalingMustFit() throws IOException {
    Scaling two = Scaling.standardise(new double[] {1, 2}, new double[] {1, 2});
    Dataset data = load(ScaleChoice.fixed(two), floats(1, 2, 3, 4));
    assertArrayEquals(new float[] {0, 0, 2, 1}, rows(data.train()));
    unreadable(
        () -> load(ScaleChoice.fixed(two), floats(1, 2, 3, 4, 5, 6)),
        "inputs_train: rows of 3 features, expected 2 as the scaling (that" + " of a model?) has");
  }

  @Test
  void optionsAreChecked() {
    DivisionOptions defaults = DivisionOptions.defaults();
    Class<IllegalArgumentException> bad = IllegalArgumentException.class;
    assertThrows(bad, () -> ScaleChoice.named("254"));
    for (double[] sizes :
        new double[][] {
          {}, {0.5}, {0, 1}, {1.5, -0.5}, {0.25, 0.25, 0.25, 0.25}, {Double.NaN, 1}
        }) {
      var list = java.util.Arrays.stream(sizes).boxed().toList();
      assertThrows(bad, () -> defaults.withSplitSizes(list), list.toString());
    }
    assertEquals(7, defaults.withSeed(7).seed.getAsLong());
    String twice = assertThrows(bad, () -> ResolvedOptions.of(defaults, defaults)).getMessage();
    assertEquals("data: 2 DivisionOptions, expected one", twice);
  }
}
