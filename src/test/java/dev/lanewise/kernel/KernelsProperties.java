package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.Matrix.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/**
 * Every kernel of both twins equals the naive reference bit for bit, inside and around the result.
 */
class KernelsProperties {
  private static final List<Kernels> TWINS = Twins.all();

  private static List<Kernels> twins() {
    return TWINS;
  }

  private static String name(Kernels kernels) {
    return kernels.getClass().getSimpleName();
  }

  /** Sizes around 1 and 2 tiles, of rows and of vectors, and now and then beyond a cache block. */
  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(6, Arbitraries.integers().between(1, 18)),
        net.jqwik.api.Tuple.of(4, Arbitraries.integers().between(19, 100)),
        net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(101, 420)),
        net.jqwik.api.Tuple.of(1, Arbitraries.just(1)));
  }

  /** Few rows, and more than are computed together. */
  @Provide
  Arbitrary<Integer> rows() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(1, 40)),
        net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(120, 170)));
  }

  @Provide
  Arbitrary<Integer> sums() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(1, Arbitraries.just(0)),
        net.jqwik.api.Tuple.of(8, Arbitraries.integers().between(1, 70)),
        net.jqwik.api.Tuple.of(2, Arbitraries.integers().between(120, 900)));
  }

  @Property(tries = 2500, shrinking = ShrinkingMode.BOUNDED)
  void gemmEqualsTheNaiveChain(
      @ForAll Orientation orientation,
      @ForAll("sizes") int m,
      @ForAll("sizes") int n,
      @ForAll("sums") int k,
      @ForAll Initial initial,
      @ForAll Epilogue epilogue,
      @ForAll Values values,
      @ForAll long seed) {
    Random random = new Random(seed);
    Matrix a =
        orientation == Orientation.TN
            ? new Matrix(k, m, random, values)
            : new Matrix(m, k, random, values);
    Matrix b =
        orientation == Orientation.NT
            ? new Matrix(n, k, random, values)
            : new Matrix(k, n, random, values);
    Matrix bias = new Matrix(1, n, random, values);
    Matrix mask = new Matrix(m, n, random, values);
    Matrix before = new Matrix(m, n, random, values);
    if (initial != Initial.RESULT) {
      before.fill(Float.NaN);
    }
    Matrix expected = before.copy();
    NaiveKernels.gemm(orientation, a, b, expected, k, initial, bias, epilogue, mask);

    for (Kernels kernels : twins()) {
      Matrix actual = before.copy();
      float[] workspace = new float[kernels.gemmWorkspace(orientation, m, n, k)];
      Arrays.fill(workspace, Float.NaN);
      Matrix[] operands = {a.copy(), b.copy(), bias.copy(), mask.copy()};
      kernels.gemm(
          orientation,
          m,
          n,
          k,
          operands[0].cells,
          a.offset,
          a.ld,
          operands[1].cells,
          b.offset,
          b.ld,
          actual.cells,
          actual.offset,
          actual.ld,
          initial,
          operands[2].cells,
          bias.offset,
          epilogue,
          operands[3].cells,
          mask.offset,
          mask.ld,
          workspace);
      expected.assertSameBits(actual, name(kernels));
      int step = 8 * a.rows + random.nextInt(12);
      Matrix ofBlocks = before.copy();
      kernels.gemm(
          orientation,
          m,
          n,
          k,
          a.inBlocks(step),
          0,
          -step,
          operands[1].cells,
          b.offset,
          b.ld,
          ofBlocks.cells,
          ofBlocks.offset,
          ofBlocks.ld,
          initial,
          operands[2].cells,
          bias.offset,
          epilogue,
          operands[3].cells,
          mask.offset,
          mask.ld,
          workspace);
      expected.assertSameBits(ofBlocks, name(kernels) + ", A in blocks");
      if (orientation == Orientation.NN) {
        float[] packed = new float[3 + (int) kernels.packedLength(n, k)];
        kernels.pack(n, k, operands[1].cells, b.offset, b.ld, packed, 3);
        for (int stands : new int[] {Kernels.PACKED, Kernels.PACKED_BACKWARDS}) {
          Matrix again = before.copy();
          kernels.gemm(
              orientation,
              m,
              n,
              k,
              operands[0].cells,
              a.offset,
              a.ld,
              packed,
              3,
              stands,
              again.cells,
              again.offset,
              again.ld,
              initial,
              operands[2].cells,
              bias.offset,
              epilogue,
              operands[3].cells,
              mask.offset,
              mask.ld,
              workspace);
          expected.assertSameBits(again, name(kernels) + ", packed: " + stands);
        }
      }
      a.assertSameBits(operands[0], "A");
      b.assertSameBits(operands[1], "B");
      bias.assertSameBits(operands[2], "bias");
      mask.assertSameBits(operands[3], "mask");
    }
  }

  /** Such sums are their initial values, and A and B may be arrays of nothing. */
  @Example
  void sumsMayHaveNoTerms() {
    int[] sizes = {1, 7, 20, 33, 130, 200};
    for (Orientation orientation : Orientation.values()) {
      for (Initial initial : Initial.values()) {
        for (Epilogue epilogue : Epilogue.values()) {
          for (int m : sizes) {
            for (int n : sizes) {
              gemmEqualsTheNaiveChain(orientation, m, n, 0, initial, epilogue, Values.PLAIN, m * n);
            }
          }
        }
      }
    }
  }

  @Property(tries = 300)
  void workspaceGrowsWithEachArgument(
      @ForAll Orientation orientation,
      @ForAll @IntRange(min = 1, max = 5000) int m,
      @ForAll @IntRange(min = 1, max = 5000) int n,
      @ForAll @IntRange(min = 1, max = 5000) int k,
      @ForAll @IntRange(max = 300) int more) {
    for (Kernels kernels : twins()) {
      int size = kernels.gemmWorkspace(orientation, m, n, k);
      assertTrue(size <= kernels.gemmWorkspace(orientation, m + more, n, k));
      assertTrue(size <= kernels.gemmWorkspace(orientation, m, n + more, k));
      assertTrue(size <= kernels.gemmWorkspace(orientation, m, n, k + more));
    }
  }

  @Property(tries = 500)
  void reluBackwardSelects(
      @ForAll("sizes") int rows,
      @ForAll("sizes") int columns,
      @ForAll Values values,
      @ForAll long seed) {
    Random random = new Random(seed);
    Matrix gradient = new Matrix(rows, columns, random, values);
    Matrix output = new Matrix(rows, columns, random, values);
    Matrix expected = gradient.copy();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        expected.set(i, j, output.get(i, j) > 0 ? gradient.get(i, j) : 0f);
      }
    }
    for (Kernels kernels : twins()) {
      Matrix actual = gradient.copy();
      Matrix read = output.copy();
      kernels.reluBackward(
          rows, columns, actual.cells, actual.offset, actual.ld, read.cells, read.offset, read.ld);
      expected.assertSameBits(actual, name(kernels));
      output.assertSameBits(read, "output");
    }
  }

  @Property(tries = 500)
  void columnSumsRunOverTheRowsInOrder(
      @ForAll("sizes") int rows,
      @ForAll("sizes") int columns,
      @ForAll Values values,
      @ForAll long seed) {
    Random random = new Random(seed);
    Matrix x = new Matrix(rows, columns, random, values);
    Matrix before = new Matrix(1, columns, random, values).fill(Float.NaN);
    Matrix expected = before.copy();
    for (int j = 0; j < columns; j++) {
      float sum = 0;
      for (int i = 0; i < rows; i++) {
        sum += x.get(i, j);
      }
      expected.set(0, j, sum);
    }
    for (Kernels kernels : twins()) {
      Matrix actual = before.copy();
      kernels.columnSums(rows, columns, x.cells, x.offset, x.ld, actual.cells, actual.offset);
      expected.assertSameBits(actual, name(kernels));
    }
  }

  @Property(tries = 500)
  void softmaxCrossEntropyFollowsTheContract(
      @ForAll("rows") int rows,
      @ForAll("sizes") int columns,
      @ForAll Values values,
      @ForAll boolean inPlace,
      @ForAll long seed) {
    Random random = new Random(seed);
    Matrix logits = new Matrix(rows, columns, random, values);
    int[] labels = random.ints(rows + 3, 0, columns).toArray();
    Matrix before =
        inPlace ? logits.copy() : new Matrix(rows, columns, random, values).fill(Float.NaN);
    Matrix expected = before.copy();
    float[] expectedLosses =
        NaiveKernels.softmaxCrossEntropy(
            logits, Arrays.copyOfRange(labels, 2, 2 + rows), rows, expected);
    for (Kernels kernels : twins()) {
      Matrix actual = before.copy();
      Matrix read = inPlace ? actual : logits.copy();
      float[] losses = new float[rows + 4];
      Arrays.fill(losses, 7f);
      int[] predicted = new int[rows + 4];
      Arrays.fill(predicted, 7);
      float[] scratch = new float[Kernels.rowScratch(columns)];
      Arrays.fill(scratch, Float.NaN);
      kernels.softmaxCrossEntropy(
          rows,
          columns,
          read.cells,
          read.offset,
          read.ld,
          labels,
          2,
          rows,
          actual.cells,
          actual.offset,
          actual.ld,
          losses,
          1,
          predicted,
          2,
          scratch);
      expected.assertSameBits(actual, name(kernels));
      for (int i = 0; i < rows; i++) {
        assertEquals(expectedLosses[i], losses[1 + i], name(kernels));
        assertEquals(argmax(logits, i, columns), predicted[2 + i], name(kernels));
      }
      assertEquals(7f, losses[0]);
      assertEquals(7f, losses[rows + 1]);
      assertEquals(7, predicted[1]);
      assertEquals(7, predicted[rows + 2]);
      if (!inPlace) {
        logits.assertSameBits(read, "logits");
      }
    }
  }

  @Property(tries = 500)
  void softmaxFollowsTheContract(
      @ForAll("rows") int rows,
      @ForAll("sizes") int columns,
      @ForAll Values values,
      @ForAll long seed) {
    Random random = new Random(seed);
    Matrix logits = new Matrix(rows, columns, random, values);
    Matrix before = new Matrix(rows, columns, random, values).fill(Float.NaN);
    Matrix expected = before.copy();
    for (int i = 0; i < rows; i++) {
      float[] e = new float[columns];
      for (int j = 0; j < columns; j++) {
        e[j] = Elementary.exp(logits.get(i, j) - NaiveKernels.rowMax(logits, i));
      }
      for (int j = 0; j < columns; j++) {
        expected.set(i, j, e[j] / NaiveKernels.rowSum(e));
      }
    }
    for (Kernels kernels : twins()) {
      Matrix actual = before.copy();
      kernels.softmax(
          rows,
          columns,
          logits.cells,
          logits.offset,
          logits.ld,
          actual.cells,
          actual.offset,
          actual.ld,
          new float[Kernels.rowScratch(columns)]);
      expected.assertSameBits(actual, name(kernels));
    }
  }

  @Property(tries = 300)
  void lossesStayFiniteForHugeLogits(
      @ForAll @IntRange(min = 2, max = 40) int columns, @ForAll long seed) {
    Random random = new Random(seed);
    Matrix logits = new Matrix(8, columns, random, Values.PLAIN);
    int[] labels = random.ints(8, 0, columns).toArray();
    for (int i = 0; i < 8; i++) {
      for (int j = 0; j < columns; j++) {
        logits.set(i, j, (random.nextBoolean() ? 1e4f : -1e4f) + random.nextInt(3));
      }
    }
    for (Kernels kernels : twins()) {
      Matrix gradient = logits.copy();
      float[] losses = new float[8];
      kernels.softmaxCrossEntropy(
          8,
          columns,
          logits.cells,
          logits.offset,
          logits.ld,
          labels,
          0,
          8,
          gradient.cells,
          gradient.offset,
          gradient.ld,
          losses,
          0,
          new int[8],
          0,
          new float[Kernels.rowScratch(columns)]);
      for (int i = 0; i < 8; i++) {
        assertTrue(losses[i] >= 0 && losses[i] < 3e4, () -> Arrays.toString(losses));
        double sum = 0;
        for (int j = 0; j < columns; j++) {
          assertTrue(Math.abs(gradient.get(i, j)) <= 1f / 8, "gradient");
          sum += gradient.get(i, j);
        }
        assertEquals(0, sum, 1e-6, "a row of the gradient sums to nothing");
      }
    }
  }

  /** The first largest number of a row; -1 if there is none. */
  private static int argmax(Matrix x, int row, int columns) {
    return IntStream.range(0, columns)
        .filter(j -> !Float.isNaN(x.get(row, j)))
        .boxed()
        // Stream's max would take the last of equals, and Float.compare tells -0 from 0.
        .reduce((best, j) -> x.get(row, j) > x.get(row, best) ? j : best)
        .orElse(-1);
  }

  @Example
  void everyPixelIsTheQuotientInDouble() {
    byte[] bytes = new byte[256];
    float[] expected = new float[256];
    for (int x = 0; x < 256; x++) {
      bytes[x] = (byte) x;
      expected[x] = (float) (x / 255.0);
    }
    for (Kernels kernels : twins()) {
      float[] actual = new float[256];
      kernels.bytesToFloats(1, 256, bytes, 0, 0, null, 0, 255, actual, 0, 0);
      assertArrayEquals(expected, actual, name(kernels));
    }
  }

  @Property(tries = 200)
  void bytesAreDividedAsInDouble(
      @ForAll @IntRange(max = 6) int rows,
      @ForAll("sizes") int length,
      @ForAll boolean inOrder,
      @ForAll long seed) {
    Random random = new Random(seed);
    int from = random.nextInt(3);
    int[] order = inOrder ? null : random.ints(from + rows + 1, 0, from + rows + 1).toArray();
    int ldb = length + random.nextInt(9);
    byte[] bytes = new byte[5 + (from + rows) * ldb + length];
    random.nextBytes(bytes);
    Matrix before = new Matrix(rows, length, random, Values.PLAIN).fill(Float.NaN);
    for (float divisor : new float[] {255f, 1f, 16f}) {
      Matrix expected = before.copy();
      for (int i = 0; i < rows; i++) {
        int at = 5 + (inOrder ? from + i : order[from + i]) * ldb;
        for (int j = 0; j < length; j++) {
          expected.set(i, j, (float) ((bytes[at + j] & 0xFF) / (double) divisor));
        }
      }
      for (Kernels kernels : twins()) {
        Matrix actual = before.copy();
        kernels.bytesToFloats(
            rows,
            length,
            bytes,
            5,
            ldb,
            order,
            from,
            divisor,
            actual.cells,
            actual.offset,
            actual.ld);
        expected.assertSameBits(actual, name(kernels));
      }
    }
  }

  @Property(tries = 200)
  void featuresAreStandardisedInDouble(
      @ForAll("sizes") int length, @ForAll Values values, @ForAll long seed) {
    Random random = new Random(seed);
    Matrix x = new Matrix(1, length, random, values);
    double[] mean = random.doubles(length, -2, 2).toArray();
    double[] divisor = random.doubles(length, 0.1, 300).toArray();
    Matrix before = new Matrix(1, length, random, Values.PLAIN).fill(Float.NaN);
    Matrix expected = before.copy();
    for (int j = 0; j < length; j++) {
      expected.set(0, j, (float) ((x.get(0, j) - mean[j]) / divisor[j]));
    }
    for (Kernels kernels : twins()) {
      Matrix actual = before.copy();
      kernels.standardise(length, x.cells, x.offset, mean, divisor, actual.cells, actual.offset);
      expected.assertSameBits(actual, name(kernels));
    }
  }

  @Property(tries = 200)
  void rowsInAnyOrderComeToBlocks(
      @ForAll @IntRange(min = 1, max = 30) int rows,
      @ForAll("sizes") int columns,
      @ForAll boolean inOrder,
      @ForAll long seed) {
    Random random = new Random(seed);
    int from = random.nextInt(5);
    int[] order = inOrder ? null : random.ints(from + rows, 0, from + rows).toArray();
    Matrix x = new Matrix(from + rows, columns, random, Values.PLAIN);
    byte[] bytes = new byte[x.cells.length];
    random.nextBytes(bytes);
    int step = 8 * rows + random.nextInt(12);
    Matrix chosen = new Matrix(rows, columns, random, Values.PLAIN);
    for (float divisor : new float[] {0, 255, 16}) { // 0: the floats
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          int at = x.offset + (inOrder ? from + i : order[from + i]) * x.ld + j;
          float value =
              divisor == 0 ? x.cells[at] : (float) ((bytes[at] & 0xFF) / (double) divisor);
          chosen.set(i, j, value);
        }
      }
      float[] expected = chosen.inBlocks(step);
      for (Kernels kernels : twins()) {
        float[] actual = new float[expected.length + 3];
        Arrays.fill(actual, Float.NaN);
        if (divisor == 0) {
          kernels.floatsToBlocks(
              rows, columns, x.cells, x.offset, x.ld, order, from, actual, 3, step);
        } else {
          kernels.bytesToBlocks(
              rows, columns, bytes, x.offset, x.ld, order, from, divisor, actual, 3, step);
        }
        assertArrayEquals(
            expected, Arrays.copyOfRange(actual, 3, actual.length), name(kernels) + " " + divisor);
      }
    }
  }
}
