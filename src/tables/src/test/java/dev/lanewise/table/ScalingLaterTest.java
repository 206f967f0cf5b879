package dev.lanewise.table;

import static dev.lanewise.Refusals.refusal;
import static dev.lanewise.data.DataFiles.labels;
import static dev.lanewise.data.DataFiles.npz;
import static dev.lanewise.data.DataFiles.rows;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.data.internal.RowRange;
import dev.lanewise.format.NdArray;
import dev.lanewise.format.Npy;
import dev.lanewise.format.internal.AtomicFile;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are scaled after they have become a data set. */
class ScalingLaterTest {
  private static final int ROWS = 40;
  private static final int FEATURES = 3;
  private static final List<ScaleChoice> CHOICES =
      List.of(
          ScaleChoice.auto(),
          ScaleChoice.standard(),
          ScaleChoice.minMax(),
          ScaleChoice.named("255"),
          ScaleChoice.fixed(Scaling.standardise(new double[] {1, 2, 3}, new double[] {0, 5, 6})));

  private static final ScaleOptions NONE = Options.UNSCALED;

  @TempDir Path directory;

  /** Returns numbers that are not floats and differ widely in scale. */
  private static double[][] numbers() {
    Random random = new Random(8);
    double[][] rows = new double[ROWS][FEATURES];
    for (double[] row : rows) {
      row[0] = random.nextGaussian(1e-3, 1e-5);
      row[1] = random.nextGaussian(0, 1e4);
      row[2] = random.nextDouble();
    }
    return rows;
  }

  private static int[] classes() {
    return new Random(9).ints(ROWS, 0, 4).toArray();
  }

  private static double[] flat(double[][] rows) {
    double[] flat = new double[ROWS * FEATURES];
    for (int r = 0; r < ROWS; r++) {
      System.arraycopy(rows[r], 0, flat, r * FEATURES, FEATURES);
    }
    return flat;
  }

  /** Loads the same numbers from a file of doubles. */
  private Dataset loaded(ScaleChoice choice) throws IOException {
    Path file =
        npz(
            directory,
            "inputs target",
            NdArray.of(flat(numbers()), ROWS, FEATURES),
            NdArray.of(classes(), ROWS));
    return Datasets.load(file, ScaleOptions.defaults().withScale(choice));
  }

  @Test
  void doublesAreScaledAsThoseOfAFile() throws IOException {
    for (ScaleChoice choice : CHOICES) {
      Dataset expected = loaded(choice);
      Dataset data = Dataset.of(Rows.of(numbers(), classes())).withScaling(choice);
      assertEquals(expected.scaling(), data.scaling());
      assertArrayEquals(rows(expected.train()), rows(data.train()));
    }
    // If the numbers were first rounded to floats, the scaling would differ.
    float[][] floats = new float[ROWS][FEATURES];
    for (int r = 0; r < ROWS; r++) {
      for (int j = 0; j < FEATURES; j++) {
        floats[r][j] = (float) numbers()[r][j];
      }
    }
    Dataset rounded = Dataset.of(Rows.of(floats, classes())).withScaling(ScaleChoice.standard());
    assertFalse(loaded(ScaleChoice.standard()).scaling().equals(rounded.scaling()));
    float[] scaled = rows(rounded.train());
    for (int i = 0; i < scaled.length; i++) {
      int j = i % FEATURES;
      assertEquals(rounded.scaling().scale(floats[i / FEATURES][j], j), scaled[i]);
    }
  }

  /** Rows keep their digits, whatever operations come before the scaling. */
  @Test
  void rowsKeepTheirDigitsUntilTheyAreScaled() {
    List<UnaryOperator<Rows>> ways =
        List.of(
            split -> split.shuffled(1),
            split -> split.divide(0.5, true).get(1),
            split -> split.divide(0.5, false).get(1),
            split -> RowRange.concatenation(List.of(split.slice(20, 20), split.slice(0, 20))),
            split -> split.withRowWeights(new float[ROWS]),
            split -> Dataset.of(split, split).all().orElseThrow().slice(ROWS, ROWS));
    Scaling scaling = Scaling.standardise(new double[] {1e-3, 0, 0.5}, new double[] {1e-9, 1, 1});
    Rows raw = Rows.of(numbers(), classes());
    for (UnaryOperator<Rows> way : ways) {
      Rows scaledBefore = way.apply(raw.withScaling(scaling));
      Rows scaledBehind = way.apply(raw).withScaling(scaling);
      assertArrayEquals(rows(scaledBefore), rows(scaledBehind));
      assertArrayEquals(labels(scaledBefore), labels(scaledBehind));
    }
    float[] fromDoubles = rows(raw.withScaling(scaling));
    for (int i = 0; i < fromDoubles.length; i++) {
      float expected = scaling.scale(numbers()[i / FEATURES][i % FEATURES], i % FEATURES);
      assertEquals(expected, fromDoubles[i]);
    }
  }

  /** This includes rows before the first row that a float would round. */
  @Test
  void wholeNumbersBeforeFractionsAreKept() {
    double[][] numbers = {{1, 2}, {3, 4}, {5, 0.1}, {6, 7}};
    Rows scaled = Rows.of(numbers, new int[4]).withScaling(Scaling.divide(0.1));
    float[] rows = rows(scaled);
    for (int i = 0; i < rows.length; i++) {
      assertEquals((float) (numbers[i / 2][i % 2] / 0.1), rows[i]);
    }
  }

  @Test
  void onlyTrainingRowsDecide() {
    Rows train = Rows.of(new float[][] {{1}, {3}}, new int[2]);
    Rows other = Rows.of(new float[][] {{7}}, new int[1]);
    Dataset data = Dataset.of(train, other, other).withScaling(ScaleChoice.standard());
    assertEquals(Scaling.standardise(new double[] {2}, new double[] {1}), data.scaling());
    assertArrayEquals(new float[] {-1, 1}, rows(data.train()));
    assertArrayEquals(new float[] {5}, rows(data.validation().orElseThrow()));
    assertArrayEquals(new float[] {5}, rows(data.test().orElseThrow()));
  }

  @Test
  void partsOfOneArrayKeepTheirTargetsAndWeights() {
    float[] weights = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      weights[i] = i + 1;
    }
    Rows split = Rows.of(numbers(), classes()).withRowWeights(weights);
    Dataset raw = Dataset.of(split).withValidation(0.25, false);
    Dataset data = raw.withScaling(ScaleChoice.standard());
    Rows validation = data.validation().orElseThrow();
    assertArrayEquals(labels(raw.validation().orElseThrow()), labels(validation));
    assertEquals(31, validation.weight(0));
    assertEquals(40, validation.weight(9));
    assertEquals(30, data.train().rows());
    assertEquals(40, data.all().orElseThrow().weight(39));
    double[][] targets = new double[ROWS][2];
    targets[39][1] = 7;
    Rows tail = Rows.of(numbers(), targets).slice(30, 10).withScaling(Scaling.divide(3));
    assertEquals(7, tail.target(9, 1));
  }

  @Test
  void bytesStayBytesAndFilesFiles() throws IOException {
    byte[] bytes = new byte[ROWS * FEATURES];
    new Random(2).nextBytes(bytes);
    NdArray array = NdArray.ofBytes(bytes, ROWS, FEATURES);
    NdArray target = NdArray.of(classes(), ROWS);
    Path file = npz(directory, "inputs target", array, target);
    Path x = directory.resolve("x.npy");
    Path t = directory.resolve("t.npy");
    AtomicFile.write(x, out -> Npy.write(out, array));
    AtomicFile.write(t, out -> Npy.write(out, target));
    for (ScaleChoice choice : CHOICES) {
      Dataset expected = Datasets.load(file, ScaleOptions.defaults().withScale(choice));
      Dataset read = Datasets.load(file, NONE).withScaling(choice);
      assertEquals(expected.scaling(), read.scaling());
      assertArrayEquals(rows(expected.train()), rows(read.train()));
      assertEquals(DataFiles.keepsBytes(expected.train()), DataFiles.keepsBytes(read.train()));
      Dataset before = Datasets.mapped(x, t, ScaleOptions.defaults().withScale(choice));
      Dataset behind = Datasets.mapped(x, t, NONE).withScaling(choice);
      assertFalse(behind.train().isInMemory());
      assertEquals(before.scaling(), behind.scaling());
      assertArrayEquals(rows(before.train()), rows(behind.train()));
      assertArrayEquals(
          rows(before.validation().orElseThrow()), rows(behind.validation().orElseThrow()));
    }
  }

  /** Dark pixels are bytes, but small whole numbers of another type are not. */
  @Test
  void theTypeInTheFileTellsBytes() throws IOException {
    int[] numbers = new Random(4).ints(ROWS * FEATURES, 0, 100).toArray();
    byte[] bytes = new byte[numbers.length];
    double[] doubles = new double[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      bytes[i] = (byte) numbers[i];
      doubles[i] = numbers[i];
    }
    NdArray target = NdArray.of(classes(), ROWS);
    Path t = directory.resolve("t.npy");
    AtomicFile.write(t, out -> Npy.write(out, target));
    for (boolean stored : new boolean[] {true, false}) {
      NdArray array =
          stored ? NdArray.ofBytes(bytes, ROWS, FEATURES) : NdArray.of(doubles, ROWS, FEATURES);
      Path x = directory.resolve("x.npy");
      AtomicFile.write(x, out -> Npy.write(out, array));
      Path file = npz(directory, "inputs target", array, target);
      String expected = stored ? "255" : "standard";
      assertEquals(expected, Datasets.load(file).scaling().name());
      Dataset read = Datasets.load(file, NONE);
      assertTrue(DataFiles.keepsBytes(read.train()));
      Rows split = read.train();
      List<Rows> halves = List.of(split.slice(20, 20), split.slice(0, 20));
      List<Dataset> all =
          List.of(
              read,
              Datasets.mapped(x, t, NONE),
              Dataset.of(split.shuffled(1)),
              Dataset.of(RowRange.concatenation(halves)));
      for (Dataset data : all) {
        assertEquals(expected, data.withScaling(ScaleChoice.auto()).scaling().name());
      }
    }
  }

  /** Whole numbers count as pixels unless their columns have names. */
  @Test
  void namesMakeATable() {
    Dataset data = Dataset.of(Rows.of(new float[][] {{1, 200}, {2, 100}}, new int[2]));
    assertEquals("255", data.withScaling(ScaleChoice.auto()).scaling().name());
    Dataset named = data.withFeatureNames(List.of("age", "height"));
    assertEquals("robust", named.withScaling(ScaleChoice.auto()).scaling().name());
    assertEquals(
        List.of("age", "height"),
        named
            .withClassNames(List.of("a", "b"))
            .withInputShape(2, 1)
            .withScaling(ScaleChoice.auto())
            .withValidation(0.5, false)
            .withClassesOf(List.of("b", "a"))
            .featureNames());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Dataset data = Dataset.of(Rows.of(numbers(), classes()));
    Dataset scaled = data.withScaling(ScaleChoice.standard());
    assertEquals(
        Options.remedies(
            "data: features that are already scaled standard, expected unscaled ones (of a file: {SCALE none})"),
        refusal(() -> scaled.withScaling(ScaleChoice.standard())));
    assertEquals(
        "data: rows that are scaled standard, expected unscaled rows, to which the scaling 255 is applied",
        refusal(() -> scaled.train().withScaling(Scaling.divide(255))));
    assertTrue(scaled.train() == scaled.train().withScaling(scaled.scaling()));
    Scaling two = Scaling.standardise(new double[2], new double[2]);
    assertEquals(
        "data: 3 features, expected 2 as the scaling has",
        refusal(() -> data.train().withScaling(two)));
    assertEquals(
        "data: rows of 3 features, expected 2 as the scaling (that of a model?) has",
        refusal(() -> data.withScaling(ScaleChoice.fixed(two))));
    Rows large = Rows.of(new double[][] {{1, 2}, {1, 1e30}}, new int[2]);
    Dataset named =
        Dataset.of(large.slice(0, 1), large.slice(1, 1)).withFeatureNames(List.of("age", "mass"));
    Scaling tiny = Scaling.divide(1e-30);
    assertEquals(
        "data: row 0, feature 1 (mass) is 1.0E30, expected a smaller number: after scaling (1.0E-30) it is not a finite float",
        refusal(() -> named.withScaling(ScaleChoice.fixed(tiny))));
  }

  /** Inputs that stand for categories are not changed. */
  @Test
  void inputsOfCategoriesAreNotScaled() throws IOException {
    StringBuilder text = new StringBuilder("size,colour,kind\n");
    for (int i = 0; i < ROWS; i++) {
      text.append(i * i).append(',').append(i % 3 == 0 ? "red" : "blue");
      text.append(',').append(i % 2 == 0 ? "a" : "b").append('\n');
    }
    Path file = Files.writeString(directory.resolve("data.csv"), text);
    Dataset raw = Datasets.load(file, NONE);
    float[] unscaled = rows(raw.train());
    for (String name : List.of("auto", "standard", "minmax", "255")) {
      ScaleChoice choice = ScaleChoice.named(name);
      Dataset expected = Datasets.load(file, ScaleOptions.defaults().withScale(choice));
      Dataset data = raw.withScaling(choice);
      assertEquals(expected.scaling(), data.scaling());
      float[] scaled = rows(data.train());
      assertArrayEquals(rows(expected.train()), scaled);
      for (int i = 1; i < scaled.length; i += 2) {
        assertEquals(unscaled[i], scaled[i], name);
      }
    }
  }

  @Test
  void aFeatureWithoutADeviationIsNamed() throws IOException {
    Path x = directory.resolve("x.npy");
    Path t = directory.resolve("t.npy");
    NdArray array = NdArray.of(new double[] {1, 1e200, 2, -1e200}, 2, 2);
    AtomicFile.write(x, out -> Npy.write(out, array));
    AtomicFile.write(t, out -> Npy.write(out, NdArray.of(new int[2], 2)));
    Dataset data = Datasets.mapped(x, t, NONE);
    Dataset named = data.withFeatureNames(List.of("age", "mass"));
    String expected =
        x
            + ": feature 1%s goes from -1.0E200 to 1.0E200, expected numbers whose squares are finite";
    assertEquals(expected.formatted(""), refusal(() -> data.withScaling(ScaleChoice.standard())));
    assertEquals(
        expected.formatted(" (mass)"), refusal(() -> named.withScaling(ScaleChoice.standard())));
  }
}
