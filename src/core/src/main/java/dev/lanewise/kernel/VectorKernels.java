package dev.lanewise.kernel;

import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.PackedMatrix;
import dev.lanewise.kernel.gemm.Workspace;
import dev.lanewise.kernel.math.ColumnSums;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.OutputBatch;
import dev.lanewise.kernel.math.SoftmaxRows;
import dev.lanewise.kernel.math.VectorActivation;
import dev.lanewise.kernel.math.VectorFeatures;
import dev.lanewise.kernel.math.VectorSoftmax;
import dev.lanewise.kernel.simd.Lanes;
import dev.lanewise.kernel.simd.Operators;
import dev.lanewise.kernel.simd.Rehearsal;
import dev.lanewise.kernel.simd.WarmUp;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * The kernels on the Vector API. Each is used once it is compiled. Until then, and for the elements
 * at the end of a range that do not fill a vector, the scalar kernel computes the same bits.
 * Vectors are only held in local variables of one method; in a field, an array, a parameter or a
 * lambda, each would be an object.
 */
final class VectorKernels implements Kernels {
  private static final int L = Lanes.LENGTH;

  /** Length of the longest range that is rehearsed. */
  private static final int MOST = Rehearsal.MUCH * L;

  static {
    Operators.resolve();
  }

  private final ScalarKernels scalar = new ScalarKernels();
  private final WarmUp warmUp;
  private final Map<Nonlinearity, Rehearsal> activations = new EnumMap<>(Nonlinearity.class);
  private final Rehearsal largest;
  private final Rehearsal exponentials;
  private final Rehearsal sums;
  private final Rehearsal gradients;
  private final Rehearsal probabilities;
  private final Rehearsal longRows;
  private final Rehearsal columnSums;
  private final Rehearsal pixels;
  private final Rehearsal quotients;
  private final Rehearsal standardised;

  /** Makes the kernels. */
  VectorKernels(WarmUp warmUp) {
    this.warmUp = warmUp;
    Gemm.rehearse(warmUp);
    float[] rows = new float[SoftmaxRows.SCRATCH];
    OutputBatch little = batch(L, Rehearsal.LITTLE);
    OutputBatch much = batch(L, Rehearsal.MUCH);
    // The kernels that every classifier uses in training come first, without being asked for.
    largest = common("largest of rows", 8, n -> SoftmaxRows.subtractLargest(L, n, 0, rows));
    exponentials = common("exponentials", 50, n -> VectorActivation.exp(n * L, rows));
    sums = common("sums of rows", 8, n -> SoftmaxRows.sum(L, n, 0, rows));
    gradients =
        common(
            "gradient of rows",
            12,
            n ->
                SoftmaxRows.gradient(
                    n > Rehearsal.LITTLE ? much : little, 0, n > 0 ? L : 0, 1, rows));
    probabilities =
        ranges(
            "probabilities of rows",
            20,
            () -> {
              float[] p = new float[L * SoftmaxRows.COLUMNS];
              return n -> SoftmaxRows.probabilities(n > 0 ? L : 0, n, p, 0, rows);
            });
    longRows = ranges("long rows", 40, VectorKernels::longRows);
    columnSums =
        ranges(
            "column sums",
            15,
            () -> {
              float[] x = new float[Rehearsal.MUCH * 5 * L];
              float[] y = new float[5 * L];
              return n -> columnSums(n, n > 0 ? 5 * L : 0, x, y);
            });
    byte[] bytes = new byte[MOST];
    float[] floats = new float[MOST];
    pixels = ranges("pixels", 20, () -> n -> VectorFeatures.pixels(n * L, bytes, 0, floats, 0));
    quotients =
        ranges("quotients", 20, () -> n -> VectorFeatures.quotients(n * L, bytes, 0, 3, floats, 0));
    standardised =
        ranges(
            "standardised",
            10,
            () -> {
              float[] x = new float[MOST];
              double[] y = new double[MOST];
              return n -> VectorFeatures.standardise(n * L, x, 0, y, y, floats, 0);
            });
    for (Nonlinearity function : Nonlinearity.values()) {
      activations.put(function, ranges(function, 120, () -> activation(function)));
    }
  }

  private static OutputBatch batch(int rows, int columns) {
    float[] outputs = new float[rows * columns];
    return new OutputBatch(rows, columns, outputs, new float[outputs.length], true);
  }

  private static IntConsumer longRows() {
    int columns = MOST;
    OutputBatch batch = batch(1, columns);
    float[] scratch = new float[Kernels.rowScratch(columns)];
    return n -> {
      VectorSoftmax.exponentials(n * L, batch.outputs, 0, scratch);
      VectorSoftmax.divide(n * L, scratch);
      VectorSoftmax.gradient(n * L, 0, 1, 1, scratch);
    };
  }

  private static IntConsumer activation(Nonlinearity function) {
    float[] x = new float[MOST];
    float[] y = new float[MOST];
    float[] scratch = new float[ACTIVATION_SCRATCH];
    return n -> {
      VectorActivation.activate(function, 0, n * L, x, y, scratch);
      VectorActivation.backward(function, 0, n * L, x, y, scratch);
    };
  }

  private Rehearsal common(Object key, int operations, IntConsumer call) {
    Rehearsal rehearsal = ranges(key, operations, () -> call);
    warmUp.want(rehearsal);
    return rehearsal;
  }

  /** Returns the rehearsal of calls for a range; operations are counted per vector. */
  private Rehearsal ranges(Object key, int operations, Supplier<IntConsumer> call) {
    return warmUp.rehearsal(
        key,
        operations * Rehearsal.LITTLE,
        1,
        () -> {
          IntConsumer range = call.get();
          return (times, work) -> {
            for (int i = 0; i < times; i++) {
              range.accept(work.vectors());
            }
          };
        });
  }

  @Override
  public void warmUp(boolean stay, BooleanSupplier goOn) {
    warmUp.run(stay, goOn);
  }

  @Override
  public boolean isCompiled() {
    return warmUp.isAnyReady();
  }

  @Override
  public Gemm gemm(Orientation orientation, int m, int n, int k, Workspace workspace) {
    return new Gemm(orientation, m, n, k, workspace, warmUp);
  }

  @Override
  public PackedMatrix pack(int n, int k, float[] b, int bOffset) {
    return PackedMatrix.ofPanels(n, k, b, bOffset);
  }

  @Override
  public void activation(
      Nonlinearity function,
      int offset,
      int length,
      float[] sums,
      float[] outputs,
      float[] scratch) {
    int end = offset;
    if (activations.get(function).isReady(10L * length)) {
      end += length / L * L;
      VectorActivation.activate(function, offset, end, sums, outputs, scratch);
    }
    scalar.activation(function, end, offset + length - end, sums, outputs, scratch);
  }

  @Override
  public void activationBackward(
      Nonlinearity function,
      int offset,
      int length,
      float[] kept,
      float[] gradient,
      float[] scratch) {
    int end = offset;
    if (activations.get(function).isReady(10L * length)) {
      end += length / L * L;
      VectorActivation.backward(function, offset, end, kept, gradient, scratch);
    }
    scalar.activationBackward(function, end, offset + length - end, kept, gradient, scratch);
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

  private static void columnSums(int rows, int columns, float[] x, float[] y) {
    ColumnSums.vectors(Math.max(rows, 0), columns, x, 0, columns, y, 0);
  }

  /**
   * Returns whether the code for softmax of these rows is compiled; {@code last} is its last part.
   */
  private boolean isReady(int rows, int columns, Rehearsal last) {
    long work = 20L * rows * columns;
    if (columns > SoftmaxRows.COLUMNS) {
      return longRows.isReady(work);
    }
    // Not &&, because every part has to be rehearsed.
    return SoftmaxRows.together(rows, columns) > 0
        && largest.isReady(work)
            & exponentials.isReady(work)
            & sums.isReady(work)
            & last.isReady(work);
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
