package dev.lanewise.table;

import static dev.lanewise.Refusals.unreadable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.data.DataFiles;
import dev.lanewise.data.Dataset;
import dev.lanewise.data.Rows;
import dev.lanewise.data.ScaleChoice;
import dev.lanewise.format.FormatException;
import dev.lanewise.format.NdArray;
import dev.lanewise.nn.Loss;
import dev.lanewise.nn.Scaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets that are numbers. */
class TargetsTest {
  private static final ScaleOptions NUMBERS =
      Options.UNSCALED.withTargetScale(ScaleChoice.named("none")).withLoss(Loss.MSE);

  private static final NdArray X = NdArray.of(new float[] {1, 2, 3}, 3, 1);

  @TempDir Path directory;

  private Dataset npz(NdArray targets, Loss loss) throws IOException {
    Path file = DataFiles.npz(directory, "inputs_train target_train", X, targets);
    return Datasets.load(file, NUMBERS.withLoss(loss));
  }

  private static float[] targets(Rows split, int... order) {
    float[] all = new float[split.rows() * split.outputs()];
    split.copyTargets(order.length == 0 ? null : order, 0, split.rows(), all, 0);
    return all;
  }

  @Test
  void arraysOfAnyWidth() throws IOException {
    double[] values = {0.5, -1, 1e-3, 7, 1e9, 0};
    Dataset two = npz(NdArray.of(values, 3, 2), Loss.HUBER);
    assertFalse(two.hasClasses());
    assertEquals(2, two.classes());
    assertEquals(2, two.train().outputs());
    assertArrayEquals(new float[] {0.5f, -1, 1e-3f, 7, 1e9f, 0}, targets(two.train()));
    assertArrayEquals(new float[] {1e9f, 0, 0.5f, -1, 1e-3f, 7}, targets(two.train(), 2, 0, 1));
    assertArrayEquals(new float[] {1e-3f, 7}, targets(two.train().slice(1, 1)));
    assertThrows(IllegalStateException.class, () -> two.train().label(0));
    Dataset one = npz(NdArray.of(new long[] {3, -4, 500}, 3), Loss.MSE);
    assertEquals(1, one.classes());
    assertArrayEquals(new float[] {3, -4, 500}, targets(one.train()));
    Dataset flags = npz(NdArray.ofBytes(new byte[] {1, 1, 0, 0, 1, 0}, 3, 2), Loss.SIGMOID);
    assertArrayEquals(new float[] {1, 1, 0, 0, 1, 0}, targets(flags.train()));
    assertTrue(npz(NdArray.of(new long[] {3, 0, 5}, 3), Loss.SOFTMAX).hasClasses());
  }

  @Test
  void splitsAreJoined() throws IOException {
    NdArray t = NdArray.of(new double[] {1, 2, 3}, 3);
    Path file =
        DataFiles.npz(directory, "inputs_train target_train inputs_test target_test", X, t, X, t);
    Dataset data = Datasets.load(file, NUMBERS);
    assertArrayEquals(new float[] {1, 2, 3, 1, 2, 3}, targets(data.all().orElseThrow()));
  }

  private void assertRefused(NdArray targets, Loss loss, String expected) {
    unreadable(() -> npz(targets, loss), expected);
  }

  @Test
  void wrongArraysAreRefused() {
    NdArray nan = NdArray.of(new double[] {1, 2, 3, 4, Double.NaN, 6}, 3, 2);
    assertRefused(nan, Loss.MSE, "target_train: row 2 has the target NaN, expected a finite float");
    NdArray large = NdArray.of(new double[] {1, 1e39, 3}, 3);
    assertRefused(large, Loss.HUBER, "row 1 has the target 1.0E39, expected a finite float");
    NdArray two = NdArray.of(new long[] {0, 1, 2}, 3);
    assertRefused(two, Loss.SIGMOID, "row 2 has the target 2.0, expected a number from 0 to 1");
    assertRefused(NdArray.of(new double[4], 4), Loss.MSE, "expected 3 rows");
    assertRefused(NdArray.of(new double[3], 3, 1, 1), Loss.MSE, "expected N or N x K");
  }

  @Test
  void tables() throws IOException {
    Path file = Files.writeString(directory.resolve("data.csv"), "a,y\n1,0.5\n2,-3\n3,1e2\n");
    Rows split = Datasets.load(file, NUMBERS, Options.WHOLE).train();
    float[] x = DataFiles.rows(split);
    float[] y = targets(split);
    for (int r = 0; r < 3; r++) { // the rows are shuffled
      assertEquals(x[r] == 1 ? 0.5f : x[r] == 2 ? -3 : 100, y[r]);
    }
    Files.writeString(file, "a,y\n1,0.5\n2,high\n");
    unreadable(
        () -> Datasets.load(file, NUMBERS, Options.WHOLE),
        "line 3, column y has the target \"high\", expected a number, as loss mse takes");
  }

  @Test
  void fromMemory() {
    float[][] rows = {{1}, {2}};
    Rows split = Rows.of(rows, new float[][] {{1, 2}, {3, 4}});
    assertArrayEquals(new float[] {1, 2, 3, 4}, targets(split));
    Dataset data = Dataset.of(split, Optional.empty(), Optional.empty());
    assertEquals(2, data.classes());
    Class<IllegalArgumentException> bad = IllegalArgumentException.class;
    for (float[][] wrong :
        new float[][][] {{{1}}, {{1}, {1, 2}}, {{}, {}}, {{1}, {Float.NaN}}, {}}) {
      assertThrows(bad, () -> Rows.of(rows, wrong));
    }
    Optional<Rows> other = Optional.of(Rows.of(rows, new int[2]));
    assertThrows(bad, () -> Dataset.of(split, other, Optional.empty()));
  }

  @Test
  void standardisedOverTheTrainingRows() throws IOException {
    NdArray t = NdArray.of(new double[] {1000, 7, 2000, 7, 3000, 7}, 3, 2);
    NdArray other = NdArray.of(new double[] {1000.5, 8, 0, 7, 9000, 1}, 3, 2);
    Path file =
        DataFiles.npz(
            directory, "inputs_train target_train inputs_test target_test", X, t, X, other);
    Dataset data = Datasets.load(file, NUMBERS.withTargetScale(ScaleChoice.standard()));
    double deviation = Math.sqrt(2e6 / 3);
    Scaling scaling = Scaling.standardise(new double[] {2000, 7}, new double[] {deviation, 0});
    assertEquals(scaling, data.targetScaling());
    float one = (float) (1000 / deviation);
    assertArrayEquals(new float[] {-one, 0, 0, 0, one, 0}, targets(data.train()));
    Rows test = data.test().orElseThrow();
    assertEquals((float) (-999.5 / deviation), targets(test)[0]);
    assertEquals(1, targets(test)[1], "a constant target is only shifted");
    assertEquals(1000.5f, test.target(0, 0), "raw");
    assertEquals(9000f, test.slice(1, 2).target(1, 0), "raw");
    assertEquals(one, targets(data.train().slice(2, 1))[0]);
    assertEquals(one, targets(data.all().orElseThrow())[4]);
    assertEquals(9000f, data.all().orElseThrow().target(5, 0));
    Rows[] same = {
      data.train().shuffled(1), data.train().divide(0.4, false).get(0).withRowWeights(new float[2])
    };
    for (Rows split : same) {
      assertEquals(scaling.scale(split.target(1, 0), 0), targets(split)[2]);
    }
    // A scaling that is replaced has no effect.
    Rows range = data.train().withTargetScaling(Scaling.divide(1000));
    assertArrayEquals(new float[] {1, 0.007f, 2, 0.007f, 3, 0.007f}, targets(range));
    Dataset minMax = data.withTargetScaling(ScaleChoice.minMax());
    assertArrayEquals(new float[] {0, 0, 0.5f, 0, 1, 0}, targets(minMax.train()));
    assertEquals("none", Datasets.load(file, NUMBERS).targetScaling().name());
  }

  @Test
  void scalingsThatDoNotFit() throws IOException {
    NdArray t = NdArray.of(new double[] {1, 2, 3}, 3);
    Path file = DataFiles.npz(directory, "x y", X, t);
    Scaling two = Scaling.standardise(new double[2], new double[2]);
    ScaleOptions options = NUMBERS.withTargetScale(ScaleChoice.fixed(two));
    String message =
        assertThrows(FormatException.class, () -> Datasets.load(file, options)).getMessage();
    assertTrue(message.endsWith("targets of 1 numbers, expected 2 as their scaling has"));
    Class<IllegalArgumentException> bad = IllegalArgumentException.class;
    assertThrows(bad, () -> Datasets.load(file, options.withLoss(Loss.SOFTMAX)));
    Rows split = Rows.of(new float[][] {{1}, {2}}, new float[][] {{1}, {3e38f}});
    message = assertThrows(bad, () -> split.withTargetScaling(Scaling.divide(0.1))).getMessage();
    assertEquals(
        "data: a target of 3.0000000054977558E38, expected a smaller number: after scaling (0.1) it is not a finite float",
        message);
    Rows classes = Rows.of(new float[][] {{1}}, new int[1]);
    assertThrows(bad, () -> classes.withTargetScaling(Scaling.divide(2)));
    assertEquals(classes, classes.withTargetScaling(Scaling.none()));
    Optional<Rows> scaled = Optional.of(split.withTargetScaling(Scaling.divide(2)));
    assertThrows(bad, () -> Dataset.of(split, scaled, Optional.empty()));
    assertThrows(IndexOutOfBoundsException.class, () -> split.target(2, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> split.target(0, 1));
  }
}
