package dev.lanewise.kernel;

import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.kernel.gemm.Workspace;
import dev.lanewise.kernel.math.ColumnSums;
import dev.lanewise.kernel.math.GradientNorm;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.Nonlinearity.Formula;
import dev.lanewise.kernel.math.OutputBatch;
import dev.lanewise.kernel.math.SoftmaxRows;
import dev.lanewise.kernel.math.VectorActivation;
import dev.lanewise.kernel.math.VectorFeatures;
import dev.lanewise.kernel.math.VectorSoftmax;
import dev.lanewise.kernel.simd.KernelWarmUp;
import dev.lanewise.kernel.simd.KernelWarmUps;
import dev.lanewise.kernel.simd.Lanes;
import dev.lanewise.kernel.simd.Operators;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * The kernels on the Vector API. Each is used once it is compiled, and has given the bits of the
 * scalar kernel. Until then, and for the elements at the end of a range that do not fill a vector,
 * the scalar kernel computes the same bits. Vectors are only held in local variables of one method;
 * in a field, an array, a parameter or a lambda, each would be an object.
 */
final class VectorKernels implements KernelSet {
  private static final int L = Lanes.LENGTH;

  /** Length of the longest range that is warmed up. */
  private static final int MOST = KernelWarmUp.MUCH * L;

  /** Vectors of a range that is compared: no multiple of the times that C2 unrolls its loops. */
  private static final int VECTORS = KernelWarmUp.MUCH - 1;

  private static final int LENGTH = VECTORS * L;

  /** Number of short rows whose softmax is compared; the last vector of rows is not full. */
  private static final int ROWS = 2 * L + 1;

  static {
    Operators.resolve();
  }

  private final ScalarKernels scalar = new ScalarKernels();
  private final KernelWarmUps warmUps;
  private final Map<Formula, KernelWarmUp> activations = new EnumMap<>(Formula.class);
  private final KernelWarmUp gradients;
  private final KernelWarmUp probabilities;
  private final KernelWarmUp longRows;
  private final KernelWarmUp columnSums;
  private final KernelWarmUp pixels;
  private final KernelWarmUp quotients;
  private final KernelWarmUp standardised;

  /** Makes the kernels. */
  VectorKernels(KernelWarmUps warmUps) {
    this.warmUps = warmUps;
    Gemm.warmUp(warmUps);
    // All warm-ups work on the same arrays, because they need no results.
    float[] rows = new float[SoftmaxRows.SCRATCH];
    float[] a = new float[5 * MOST];
    float[] b = new float[KernelSet.rowScratch(5 * MOST)];
    OutputBatch little = new OutputBatch(L, KernelWarmUp.LITTLE, a, b, true);
    OutputBatch much = new OutputBatch(L, KernelWarmUp.MUCH, a, b, true);
    IntConsumer largest = n -> SoftmaxRows.subtractLargest(L, n, 0, rows);
    IntConsumer exponentials = n -> VectorActivation.exp(n * L, rows);
    IntConsumer sums = n -> SoftmaxRows.sum(L, n, 0, rows);
    gradients =
        ranges(
            "softmax with cross entropy",
            78,
            (kernels, x) -> crossEntropy(kernels, VECTORS, x),
            largest,
            exponentials,
            sums,
            n ->
                SoftmaxRows.gradient(
                    n > KernelWarmUp.LITTLE ? much : little, 0, n > 0 ? L : 0, 1, rows));
    warmUps.want(gradients); // every classifier uses it in training
    probabilities =
        ranges(
            "softmax",
            86,
            (kernels, x) -> softmax(kernels, VECTORS, x),
            largest,
            exponentials,
            sums,
            n -> SoftmaxRows.probabilities(n > 0 ? L : 0, n, a, 0, rows));
    longRows =
        ranges(
            "softmax of long rows",
            40,
            (kernels, x) -> {
              crossEntropy(kernels, LENGTH - 3, x);
              softmax(kernels, LENGTH - 3, x);
            },
            n -> VectorSoftmax.exponentials(n * L, a, 0, b),
            n -> VectorSoftmax.divide(n * L, b),
            n -> VectorSoftmax.gradient(n * L, 0, 1, 1, b));
    columnSums =
        ranges(
            "column sums",
            15,
            (kernels, x) -> kernels.columnSums(VECTORS, 5 * L + 1, x[0], 0, 5 * L + 1, x[1], 0),
            n -> ColumnSums.vectors(n, n > 0 ? 5 * L : 0, a, 0, 5 * L, b, 0));
    byte[] bytes = new byte[MOST];
    double[] doubles = new double[MOST];
    for (int i = 0; i < MOST; i++) {
      bytes[i] = (byte) i;
      doubles[i] = i + 1 / 3d;
    }
    pixels =
        ranges(
            "pixels",
            20,
            (kernels, x) -> kernels.bytesToFloats(LENGTH, bytes, 0, 255, x[0], 0),
            n -> VectorFeatures.pixels(n * L, bytes, 0, a, 0));
    quotients =
        ranges(
            "quotients of bytes",
            20,
            (kernels, x) -> kernels.bytesToFloats(LENGTH, bytes, 0, 3, x[0], 0),
            n -> VectorFeatures.quotients(n * L, bytes, 0, 3, a, 0));
    standardised =
        ranges(
            "standardised features",
            10,
            (kernels, x) -> kernels.standardise(LENGTH, x[0], 0, doubles, doubles, x[1], 0),
            n -> VectorFeatures.standardise(n * L, a, 0, doubles, doubles, b, 0));
    for (Nonlinearity function : Nonlinearity.passes()) { // another parameter has the same code
      activations.put(
          function.formula(),
          ranges(
              function.formula(),
              120,
              (kernels, x) -> {
                kernels.activation(function, 0, LENGTH, x[0], x[1], rows);
                kernels.activationBackward(function, 0, LENGTH, x[0], x[2], rows);
              },
              n -> VectorActivation.activate(function, 0, n * L, a, b, rows),
              n -> VectorActivation.backward(function, 0, n * L, a, b, rows)));
    }
  }

  /** Scales logits, so that few of their exponentials are tiny, and returns a number of rows. */
  private static int rows(int columns, float[] logits) {
    GradientNorm.scale(1f / 16, logits, 0, logits.length);
    return columns > SoftmaxRows.COLUMNS ? 1 : ROWS;
  }

  private static void softmax(KernelSet kernels, int columns, float[][] x) {
    float[] scratch = new float[KernelSet.rowScratch(columns)];
    kernels.softmax(rows(columns, x[0]), columns, x[0], 0, x[3], 0, scratch);
  }

  private static void crossEntropy(KernelSet kernels, int columns, float[][] x) {
    int rows = rows(columns, x[0]);
    OutputBatch batch = new OutputBatch(rows, columns, x[0], x[1], true);
    for (int i = 0; i < rows; i++) {
      batch.labels[i] = (i + 1) % columns;
    }
    kernels.softmaxCrossEntropy(batch, 0, rows, 3, new float[KernelSet.rowScratch(columns)]);
    for (int i = 0; i < rows; i++) {
      x[2][2 * i] = batch.losses[i];
      x[2][2 * i + 1] = batch.predicted[i];
    }
  }

  /**
   * Returns the warm-up of calls for a range; operations are counted per vector. It compares what
   * the use writes with the scalar kernels and with vector kernels without warm-ups, which call the
   * compiled code.
   */
  private KernelWarmUp ranges(
      Object key, int operations, BiConsumer<KernelSet, float[][]> use, IntConsumer... calls) {
    return warmUps.warmUp(
        key,
        operations * KernelWarmUp.LITTLE,
        1,
        () ->
            (times, terms) -> {
              for (int i = 0; i < times; i++) {
                for (IntConsumer call : calls) {
                  call.accept(Math.max(0, terms));
                }
              }
            },
        KernelWarmUp.MUCH * (5 * L + 1),
        (vector, x) ->
            use.accept(vector ? new VectorKernels(new KernelWarmUps(false)) : scalar, x));
  }

  @Override
  public void warmUp(boolean stay, BooleanSupplier goOn) {
    warmUps.run(stay, goOn);
  }

  @Override
  public void expect(long work) {
    warmUps.expect(work);
  }

  @Override
  public Gemm gemm(Orientation orientation, int m, int n, int k, Workspace workspace) {
    return new Gemm(orientation, m, n, k, workspace, warmUps);
  }

  @Override
  public PackedMatrix pack(int n, int k, float[] b, int bOffset) {
    return Gemm.panels(n, k, b, bOffset);
  }

  @Override
  public void activation(
      Nonlinearity function, int offset, int length, float[] x, float[] y, float[] scratch) {
    int end = offset;
    if (activations.get(function.formula()).isReady(10L * length)) {
      end += length / L * L;
      VectorActivation.activate(function, offset, end, x, y, scratch);
    }
    scalar.activation(function, end, offset + length - end, x, y, scratch);
  }

  @Override
  public void activationBackward(
      Nonlinearity function, int offset, int length, float[] kept, float[] g, float[] scratch) {
    int end = offset;
    if (activations.get(function.formula()).isReady(10L * length)) {
      end += length / L * L;
      VectorActivation.backward(function, offset, end, kept, g, scratch);
    }
    scalar.activationBackward(function, end, offset + length - end, kept, g, scratch);
  }

  @Override
  public void columnSums(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] sums, int sumsOffset) {
    int done = 0;
    if (columnSums.isReady((long) rows * columns)) {
      done = ColumnSums.vectors(rows, columns, x, xOffset, ldx, sums, sumsOffset);
    }
    scalar.columnSums(rows, columns - done, x, xOffset + done, ldx, sums, sumsOffset + done);
  }

  /** Returns whether the code for softmax is ready: the code for long rows, or the given code. */
  private boolean isReady(int rows, int columns, KernelWarmUp shortRows) {
    long work = 20L * rows * columns;
    return columns > SoftmaxRows.COLUMNS
        ? longRows.isReady(work)
        : SoftmaxRows.together(rows, columns) > 0 && shortRows.isReady(work);
  }

  @Override
  public void softmax(
      int rows,
      int columns,
      float[] logits,
      int logitsOffset,
      float[] p,
      int pOffset,
      float[] scratch) {
    int i = 0;
    if (isReady(rows, columns, probabilities)) {
      for (int n; (n = SoftmaxRows.together(rows - i, columns)) > 0; i += n) {
        SoftmaxRows.exponentials(n, columns, logits, logitsOffset + i * columns, scratch);
        SoftmaxRows.probabilities(n, columns, p, pOffset + i * columns, scratch);
      }
      for (; i < rows && columns > SoftmaxRows.COLUMNS; i++) {
        VectorSoftmax.exponentials(columns, logits, logitsOffset + i * columns, scratch);
        VectorSoftmax.divide(columns, scratch);
        System.arraycopy(scratch, 0, p, pOffset + i * columns, columns);
      }
    }
    int done = i * columns; // a single short row is too short for vectors
    scalar.softmax(rows - i, columns, logits, logitsOffset + done, p, pOffset + done, scratch);
  }

  @Override
  public void softmaxCrossEntropy(
      OutputBatch batch, int from, int to, float divisor, float[] scratch) {
    int columns = batch.columns;
    int i = from;
    if (isReady(to - from, columns, gradients)) {
      for (int n; (n = SoftmaxRows.together(to - i, columns)) > 0; i += n) {
        SoftmaxRows.exponentials(n, columns, batch.outputs, i * columns, scratch);
        SoftmaxRows.losses(batch, i, n, scratch);
        SoftmaxRows.gradient(batch, i, n, divisor, scratch);
      }
      for (; i < to && columns > SoftmaxRows.COLUMNS; i++) {
        VectorSoftmax.crossEntropy(batch, i, divisor, scratch);
      }
    }
    scalar.softmaxCrossEntropy(batch, i, to, divisor, scratch);
  }

  @Override
  public void bytesToFloats(
      int length, byte[] bytes, int bytesOffset, float divisor, float[] floats, int floatsOffset) {
    int done = VectorFeatures.BYTES ? length / L * L : 0;
    if (done == 0 || !(divisor == 255 ? pixels : quotients).isReady(length)) {
      done = 0;
    } else if (divisor == 255) {
      VectorFeatures.pixels(done, bytes, bytesOffset, floats, floatsOffset);
    } else {
      VectorFeatures.quotients(done, bytes, bytesOffset, divisor, floats, floatsOffset);
    }
    scalar.bytesToFloats(
        length - done, bytes, bytesOffset + done, divisor, floats, floatsOffset + done);
  }

  @Override
  public void standardise(
      int length, float[] x, int xOffset, double[] mean, double[] divisor, float[] y, int yOffset) {
    int done =
        standardised.isReady(length)
            ? VectorFeatures.standardise(length, x, xOffset, mean, divisor, y, yOffset)
            : 0;
    ScalarKernels.standardise(done, length, x, xOffset, mean, divisor, y, yOffset);
  }
}
