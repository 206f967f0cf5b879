package dev.lanewise.table;

import static dev.lanewise.Refusals.unreadable;
import static dev.lanewise.data.DataFiles.labels;
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
import dev.lanewise.model.Model;
import dev.lanewise.nn.Architecture;
import dev.lanewise.nn.Initializer;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Mlp;
import dev.lanewise.nn.Scaling;
import dev.lanewise.rows.Division;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Validation rows are taken from the training rows in each form of data. */
class DivisionTest {
  private static final ScaleOptions DEFAULTS = Options.UNSCALED;
  private static final DivisionOptions USUAL = DivisionOptions.defaults();

  @TempDir Path directory;

  /** Each row has its number as its feature, but the first has 0.5; the classes come in runs. */
  private static final NdArray X = NdArray.of(new double[] {0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 10, 1);

  private static final NdArray Y = NdArray.of(new int[] {0, 0, 0, 0, 0, 0, 1, 1, 1, 2}, 10);

  private static void assertSplit(Rows split, float... expected) {
    assertArrayEquals(expected, rows(split));
  }

  /** Writes a table of 40 rows, of which each fourth is of the rare class. */
  private Path quarters() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append(i).append(i % 4 == 0 ? ",rare\n" : ",usual\n");
    }
    return Files.writeString(directory.resolve("data.csv"), text);
  }

  @Test
  void courseLayout() throws IOException {
    Path file = npz(directory, "inputs_train target_train", X, Y);
    assertEquals(Optional.empty(), Datasets.load(file, DEFAULTS).validation());
    Dataset data = Datasets.load(file, DEFAULTS, USUAL.withValidFraction(0.3));
    assertSplit(data.train(), 0.5f, 1, 2, 3, 4, 5, 6);
    assertSplit(data.validation().orElseThrow(), 7, 8, 9);
    // The shares of 3 rows are 1.8, 0.9 and 0.3: class 0 gets one row, and the largest remainders
    // get two.
    data = Datasets.load(file, DEFAULTS, USUAL.withValidFraction(0.3).withStratified(true));
    assertSplit(data.train(), 0.5f, 1, 2, 3, 6, 7, 9);
    assertSplit(data.validation().orElseThrow(), 4, 5, 8);
    assertArrayEquals(new int[] {0, 0, 1}, labels(data.validation().orElseThrow()));
    assertEquals(3, data.classes());
  }

  @Test
  void kerasLayoutReplacesTheTenth() throws IOException {
    Path file = npz(directory, "x_train y_train x_test y_test", X, Y, X, Y);
    assertSplit(Datasets.load(file, DEFAULTS).validation().orElseThrow(), 9);
    Dataset data = Datasets.load(file, DEFAULTS, USUAL.withValidFraction(0.29));
    assertSplit(data.validation().orElseThrow(), 8, 9);
    assertEquals(10, data.test().orElseThrow().rows());
    data = Datasets.load(file, DEFAULTS, USUAL.withValidFraction(0));
    assertEquals(Optional.empty(), data.validation());
    assertEquals(10, data.train().rows());
    data = Datasets.load(file, DEFAULTS, USUAL.withStratified(true));
    assertSplit(data.validation().orElseThrow(), 5);
  }

  @Test
  void oneSplit() throws IOException {
    Path file = npz(directory, "x y", X, Y);
    Dataset data = Datasets.load(file, DEFAULTS, USUAL.withValidFraction(0.5).withStratified(true));
    assertSplit(data.validation().orElseThrow(), 3, 4, 5, 7, 8);
  }

  /**
   * Rows 8 and 9 do not affect the first scaling, nor rows 5 and 8 the second, as they are not for
   * training.
   */
  @Test
  void scalingIsFittedOnWhatIsLeft() throws IOException {
    Path file = npz(directory, "x y", X, Y);
    DivisionOptions fifth = USUAL.withValidFraction(0.2);
    Dataset data = Datasets.load(file, fifth, DEFAULTS.withScale(ScaleChoice.minMax()));
    assertEquals(Scaling.minMax(new double[] {0.5}, new double[] {7}), data.scaling());
    assertSplit(data.validation().orElseThrow(), (float) (7.5 / 6.5), (float) (8.5 / 6.5));
    ScaleOptions standard = DEFAULTS.withScale(ScaleChoice.standard());
    data =
        Datasets.load(
            file,
            fifth.withStratified(true),
            standard); // the shares are 1.2, 0.6 and 0.2: one row each of classes 0 and 1
    double[] mean = data.scaling().first();
    assertArrayEquals(new double[] {(0.5 + 1 + 2 + 3 + 4 + 6 + 7 + 9) / 8}, mean);
  }

  @Test
  void idx() throws IOException {
    byte[] images = new byte[16 + 10];
    byte[] targets = new byte[8 + 10];
    System.arraycopy(
        new byte[] {0, 0, 8, 3, 0, 0, 0, 10, 0, 0, 0, 1, 0, 0, 0, 1}, 0, images, 0, 16);
    System.arraycopy(new byte[] {0, 0, 8, 1, 0, 0, 0, 10}, 0, targets, 0, 8);
    for (int i = 0; i < 10; i++) {
      images[16 + i] = (byte) (100 + i);
      targets[8 + i] = (byte) (i % 2);
    }
    Path file = Files.write(directory.resolve("train-images-idx3-ubyte"), images);
    Files.write(directory.resolve("train-labels-idx1-ubyte"), targets);
    Dataset data = Datasets.load(file, DEFAULTS, USUAL.withValidFraction(0.3));
    assertSplit(data.validation().orElseThrow(), 107, 108, 109);
    data = Datasets.load(file, DEFAULTS, USUAL.withValidFraction(0.4).withStratified(true));
    assertSplit(data.validation().orElseThrow(), 106, 107, 108, 109);
    assertTrue(DataFiles.keepsBytes(data.train()));
  }

  @Test
  void csv() throws IOException {
    Path file = quarters();
    Dataset usual = Datasets.load(file, DEFAULTS);
    Dataset data = Datasets.load(file, DEFAULTS, USUAL.withValidFraction(0.25));
    assertArrayEquals(rows(usual.test().orElseThrow()), rows(data.test().orElseThrow()));
    assertArrayEquals(rows(usual.all().orElseThrow()), rows(data.all().orElseThrow()));
    assertEquals(27, data.train().rows());
    assertEquals(9, data.validation().orElseThrow().rows());
    List<Double> halves = List.of(0.5, 0.2, 0.3);
    data = Datasets.load(file, DEFAULTS, USUAL.withStratified(true).withSplitSizes(halves));
    int[] expected = {5, 2, 3};
    Rows[] parts = {data.train(), data.validation().orElseThrow(), data.test().orElseThrow()};
    for (int p = 0; p < 3; p++) {
      assertEquals(expected[p] * 4, parts[p].rows());
      long rare = Arrays.stream(labels(parts[p])).filter(label -> label == 0).count();
      assertEquals(expected[p], rare, "a quarter of the rows of each split");
    }
  }

  /** A model recognises its training rows and knows how they were divided. */
  @Test
  void theArrayThatAModelWasTrainedOn() throws IOException {
    Path file = npz(directory, "x y", X, Y);
    Dataset data = Datasets.load(file, DEFAULTS, USUAL.withValidFraction(0.3));
    Model model =
        Model.of(
                Mlp.initial(Architecture.relu(1, List.of(2), 3), Initializer.HE, 0)
                    .withScaling(data.scaling()))
            .withDivision(Division.of(data).orElseThrow());
    assertSplit(Datasets.load(file, model).validation().orElseThrow(), 7, 8, 9);
    DivisionOptions same = USUAL.withValidFraction(0.3).withStratified(false);
    assertSplit(Datasets.load(file, model, same).validation().orElseThrow(), 7, 8, 9);
    for (LoadOptions other : List.of(USUAL.withValidFraction(0.2), USUAL.withStratified(true))) {
      unreadable(
          () -> Datasets.load(file, model, other),
          "the training file, divided differently than in the model's training, expected ");
    }
    Model wide = Model.of(Mlp.initial(Architecture.relu(2, List.of(2), 3), Initializer.HE, 0));
    DivisionOptions stratified = USUAL.withStratified(true).withValidFraction(0.3);
    unreadable(
        () -> Datasets.load(file, wide, stratified),
        "x: rows of 1 features, expected 2 as the model takes");
  }

  /** If nothing is divided, there is nothing to stratify. */
  @Test
  void usualSizesAreStratifiedWhereTheyDivide() throws IOException {
    Path file = quarters();
    DivisionOptions usual = USUAL.withUsualDivision(List.of(0.8, 0.1, 0.1), true);
    DivisionOptions whole = usual.withSplitSizes(List.of(1.0));
    assertTrue(Division.of(Datasets.load(file, usual)).orElseThrow().stratified());
    assertFalse(Division.of(Datasets.load(file, whole)).orElseThrow().stratified());
    DivisionOptions quarter = whole.withValidFraction(0.25);
    assertTrue(Division.of(Datasets.load(file, quarter)).orElseThrow().stratified());
  }

  @Test
  void whatCannotBeDivided() throws IOException {
    DivisionOptions fifth = USUAL.withValidFraction(0.2);
    String own =
        "inputs_valid: validation rows in the file, expected none, as the training rows are";
    Path both = npz(directory, "inputs_train target_train inputs_valid target_valid", X, Y, X, Y);
    unreadable(() -> Datasets.load(both, fifth), own);
    unreadable(
        () -> Datasets.load(both, USUAL.withStratified(true)),
        "10 rows for training and nothing to stratify, expected a share for validation, or more rows");
    unreadable(() -> Datasets.load(both, fifth.withStratified(true)), own);
    Path one = npz(directory, "x y", X, Y);
    ScaleOptions numbers = DEFAULTS.withLoss(Loss.MSE);
    unreadable(
        () -> Datasets.load(one, fifth.withStratified(true), numbers),
        "y: targets that are numbers, expected classes to stratify by");
    for (double wrong : new double[] {-0.1, 1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class, () -> USUAL.withValidFraction(wrong), "" + wrong);
    }
  }

  @Test
  void dataFromMemory() {
    float[][] rows = {{0}, {1}, {2}, {3}, {4}, {5}};
    Dataset data =
        Dataset.of(Rows.of(rows, new int[] {0, 0, 0, 0, 1, 1})).withClassNames(List.of("a", "b"));
    Dataset divided = data.withValidation(0.5, true);
    assertSplit(divided.train(), 0, 1, 4);
    assertSplit(divided.validation().orElseThrow(), 2, 3, 5);
    assertEquals(List.of("a", "b"), divided.classNames());
    assertSplit(data.withValidation(0.5, false).train(), 0, 1, 2);
    Class<IllegalArgumentException> bad = IllegalArgumentException.class;
    assertThrows(bad, () -> divided.withValidation(0.5, true));
    assertThrows(bad, () -> data.withValidation(0.1, true));
    assertThrows(bad, () -> data.withValidation(1, false));
    Rows numbers = Rows.of(rows, new float[6][2]);
    assertThrows(IllegalStateException.class, () -> numbers.divide(0.5, true));
    Rows half = numbers.divide(0.5, false).get(1);
    assertEquals(2, half.outputs());
    float[][] targets = {{0, 1}, {2, 3}, {4, 5}};
    Rows shuffled = Rows.of(new float[][] {{0}, {1}, {2}}, targets).shuffled(3);
    float[] two = new float[2];
    for (int row = 0; row < 3; row++) {
      shuffled.copyTargets(null, row, 1, two, 0);
      assertArrayEquals(targets[(int) rows(shuffled)[row]], two);
    }
  }
}
