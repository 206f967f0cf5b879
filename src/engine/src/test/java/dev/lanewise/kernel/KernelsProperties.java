package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.kernel.Matrix.Values;
import dev.lanewise.kernel.gemm.Epilogue;
import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Initial;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.Product;
import dev.lanewise.kernel.gemm.Workspace;
import dev.lanewise.kernel.math.Elementary;
import dev.lanewise.kernel.math.OutputBatch;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Scalar and vector kernels equal the naive reference bit for bit and change nothing else. */
class KernelsProperties {
  private static final List<KernelSet> TWINS = Twins.all();

  private static String name(KernelSet kernels) {
    return kernels.getClass().getSimpleName();
  }

  /** Checks all kernels, which may only change the cells of the result. */
  private static void check(Matrix before, Matrix expected, BiConsumer<KernelSet, Matrix> kernel) {
    for (KernelSet kernels : TWINS) {
      Matrix actual = before.copy();
      kernel.accept(kernels, actual);
      expected.assertSameBits(actual, name(kernels));
    }
  }

  /**
   * Draws sizes around one and two tiles, in rows and in vectors, and some beyond a cache block.
   */
  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.frequencyOf(
        Tuple.of(6, Arbitraries.integers().between(1, 18)),
        Tuple.of(4, Arbitraries.integers().between(19, 100)),
        Tuple.of(1, Arbitraries.integers().between(101, 420)),
        Tuple.of(1, Arbitraries.just(1)));
  }

  /** Draws few rows, or more rows than are computed together. */
  @Provide
  Arbitrary<Integer> rows() {
    return Arbitraries.frequencyOf(
        Tuple.of(3, Arbitraries.integers().between(1, 40)),
        Tuple.of(1, Arbitraries.integers().between(120, 170)));
  }

  @Provide
  Arbitrary<Integer> sums() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.just(0)),
        Tuple.of(8, Arbitraries.integers().between(1, 70)),
        Tuple.of(2, Arbitraries.integers().between(120, 900)));
  }

  @Property(tries = 1200, shrinking = ShrinkingMode.BOUNDED)
  void gemmEqualsTheNaiveChain(
      @ForAll Orientation orientation,
      @ForAll("sizes") int m,
      @ForAll("sizes") int n,
      @ForAll("sums") int k,
      @ForAll Initial initial,
      @ForAll Epilogue epilogue,
      @ForAll Values values,
      @ForAll long seed) {
    Product product = new Product(orientation, m, n, k, initial, epilogue, values, seed);
    for (KernelSet kernels : TWINS) {
      Workspace workspace = new Workspace();
      Gemm gemm = kernels.gemm(orientation, m, n, k, workspace);
      product.check(name(kernels), gemm, workspace);
      if (orientation == Orientation.NN) {
        product.check(name(kernels), gemm, workspace, product.packed(kernels));
      }
    }
  }

  /** A sum without terms is its initial value, and A and B may be empty. */
  @Example
  void sumsMayHaveNoTerms() {
    int[] sizes = {1, 7, 20, 33, 130, 200};
    for (int i = 0; i < 27 * 36; i += 5) {
      gemmEqualsTheNaiveChain(
          Orientation.values()[i % 3],
          sizes[i / 27 % 6],
          sizes[i / 162],
          0,
          Initial.values()[i / 3 % 3],
          Epilogue.values()[i / 9 % 3],
          Values.SPECIAL,
          i);
    }
  }

  /** Long sums take several passes, between which C holds them, in panels of every width. */
  @Property(tries = 60)
  void longSumsEqualTheNaiveChain(
      @ForAll Orientation orientation,
      @ForAll @IntRange(min = 1, max = 40) int m,
      @ForAll @IntRange(min = 1, max = 90) int n,
      @ForAll @IntRange(min = 1000, max = 5000) int k,
      @ForAll Initial initial,
      @ForAll Epilogue epilogue,
      @ForAll Values values,
      @ForAll long seed) {
    gemmEqualsTheNaiveChain(orientation, m, n, k, initial, epilogue, values, seed);
  }

  /** Each shape has its own plan and workspace, also if several shapes alternate. */
  @Property(tries = 200)
  void anObjectServesManyShapesInTurn(
      @ForAll Orientation orientation,
      @ForAll("sizes") int m,
      @ForAll("sizes") int n,
      @ForAll("sums") int k,
      @ForAll Values values,
      @ForAll long seed) {
    Random random = new Random(seed);
    Workspace workspace = new Workspace();
    Product[] products = new Product[4];
    for (int i = 0; i < products.length; i++) {
      products[i] =
          new Product(
              orientation,
              1 + random.nextInt(m),
              n,
              random.nextInt(k + 1),
              Initial.values()[random.nextInt(3)],
              Epilogue.values()[random.nextInt(3)],
              values,
              random.nextLong());
    }
    for (KernelSet kernels : TWINS) {
      Gemm gemm = kernels.gemm(orientation, m, n, k, workspace);
      kernels.gemm(Orientation.NN, 3, 5, 7, workspace); // needs less workspace
      for (int i = 0; i < 10; i++) {
        products[random.nextInt(products.length)].check(name(kernels), gemm, workspace);
      }
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
    check(
        before,
        expected,
        (kernels, y) ->
            kernels.columnSums(rows, columns, x.cells, x.offset, x.ld, y.cells, y.offset));
  }

  @Property(tries = 500)
  void softmaxCrossEntropyFollowsTheContract(
      @ForAll("rows") int rows,
      @ForAll("sizes") int columns,
      @ForAll Values values,
      @ForAll boolean inPlace,
      @ForAll long seed) {
    Random random = new Random(seed);
    int from = random.nextInt(3);
    int all = from + rows + random.nextInt(3);
    Matrix logits = batch(from, rows, columns, all, random, values);
    int[] labels = random.ints(all, 0, columns).toArray();
    Matrix before =
        inPlace ? logits.copy() : batch(from, rows, columns, all, random, values).fill(Float.NaN);
    Matrix expected = before.copy();
    float[] expectedLosses =
        NaiveKernels.softmaxCrossEntropy(
            logits, Arrays.copyOfRange(labels, from, from + rows), rows, expected);
    for (KernelSet kernels : TWINS) {
      Matrix actual = before.copy();
      Matrix read = inPlace ? actual : logits.copy();
      OutputBatch batch = new OutputBatch(all, columns, read.cells, actual.cells, true);
      System.arraycopy(labels, 0, batch.labels, 0, all);
      Arrays.fill(batch.losses, 7f);
      Arrays.fill(batch.predicted, 7);
      float[] scratch = new float[KernelSet.rowScratch(columns)];
      Arrays.fill(scratch, Float.NaN);
      kernels.softmaxCrossEntropy(batch, from, from + rows, rows, scratch);
      expected.assertSameBits(actual, name(kernels));
      for (int i = 0; i < all; i++) {
        boolean inside = i >= from && i < from + rows;
        float loss = inside ? expectedLosses[i - from] : 7f;
        assertEquals(loss, batch.losses[i], name(kernels));
        int predicted = inside ? argmax(logits, i - from, columns) : 7;
        assertEquals(predicted, batch.predicted[i], name(kernels));
      }
      assertArrayEquals(labels, batch.labels);
      if (!inPlace) {
        logits.assertSameBits(read, "logits");
      }
    }
  }

  /** Draws a part of a larger batch, whose other rows must not change. */
  private static Matrix batch(
      int from, int rows, int columns, int all, Random random, Values values) {
    int after = (all - from - rows) * columns;
    return new Matrix(from * columns, rows, columns, after, random, values);
  }

  @Property(tries = 250)
  void softmaxFollowsTheContract(
      @ForAll("rows") int rows,
      @ForAll("sizes") int columns,
      @ForAll Values values,
      @ForAll long seed) {
    Random random = new Random(seed);
    Matrix logits = batch(1, rows, columns, rows + 2, random, values);
    Matrix before = batch(2, rows, columns, rows + 3, random, values).fill(Float.NaN);
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
    float[] scratch = new float[KernelSet.rowScratch(columns)];
    int offset = logits.offset;
    check(
        before,
        expected,
        (kernels, y) ->
            kernels.softmax(rows, columns, logits.cells, offset, y.cells, y.offset, scratch));
  }

  @Property(tries = 300)
  void lossesStayFiniteForHugeLogits(
      @ForAll @IntRange(min = 2, max = 40) int columns, @ForAll long seed) {
    Random random = new Random(seed);
    Matrix logits = batch(0, 8, columns, 8, random, Values.PLAIN);
    int[] labels = random.ints(8, 0, columns).toArray();
    for (int i = 0; i < 8; i++) {
      for (int j = 0; j < columns; j++) {
        logits.set(i, j, (random.nextBoolean() ? 1e4f : -1e4f) + random.nextInt(3));
      }
    }
    for (KernelSet kernels : TWINS) {
      Matrix gradient = logits.copy();
      OutputBatch batch = new OutputBatch(8, columns, logits.cells, gradient.cells, true);
      System.arraycopy(labels, 0, batch.labels, 0, 8);
      float[] losses = batch.losses;
      kernels.softmaxCrossEntropy(batch, 0, 8, 8, new float[KernelSet.rowScratch(columns)]);
      for (int i = 0; i < 8; i++) {
        assertTrue(losses[i] >= 0 && losses[i] < 3e4, () -> Arrays.toString(losses));
        double sum = 0;
        for (int j = 0; j < columns; j++) {
          assertTrue(Math.abs(gradient.get(i, j)) <= 1f / 8, "gradient");
          sum += gradient.get(i, j);
        }
        assertEquals(0, sum, 1e-6, "the sum of a row of the gradient");
      }
    }
  }

  /** Returns the column of the first largest value of a row; -1 if all are NaN. */
  private static int argmax(Matrix x, int row, int columns) {
    return IntStream.range(0, columns)
        .filter(j -> !Float.isNaN(x.get(row, j)))
        .boxed()
        // Stream.max would return the last of equal values, and Float.compare distinguishes -0.
        .reduce((best, j) -> x.get(row, j) > x.get(row, best) ? j : best)
        .orElse(-1);
  }

  @Example
  void everyByteIsDividedAsInDouble() {
    bytesAreDividedAsInDouble(256, 1);
  }

  @Property(tries = 200)
  void bytesAreDividedAsInDouble(@ForAll("sizes") int length, @ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[5 + length + random.nextInt(3)];
    random.nextBytes(bytes);
    for (int j = 0; j < 256 && length == 256; j++) {
      bytes[5 + j] = (byte) j;
    }
    Matrix before = new Matrix(1, length, random, Values.PLAIN).fill(Float.NaN);
    for (float divisor : new float[] {255f, 1f, 16f, 3f}) {
      Matrix expected = before.copy();
      for (int j = 0; j < length; j++) {
        expected.set(0, j, (float) ((bytes[5 + j] & 0xFF) / (double) divisor));
      }
      check(
          before,
          expected,
          (kernels, y) -> kernels.bytesToFloats(length, bytes, 5, divisor, y.cells, y.offset));
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
    check(
        before,
        expected,
        (kernels, y) ->
            kernels.standardise(length, x.cells, x.offset, mean, divisor, y.cells, y.offset));
  }
}
