package dev.lanewise.kernel;

import dev.lanewise.kernel.Rehearsals.Kind;
import java.util.Arrays;

/**
 * The vector kernels, each from the moment on at which it is compiled; until then the scalar twin
 * serves, whose bits are the same. Interpreted vectors would take a thousand times as long and fill
 * the heap.
 *
 * <p>A product has three tiers. The second, {@link NarrowGemm}, is ready after a fifth of a second,
 * the third, {@link VectorGemm}, takes over when a job turns out to be a long one: it has twenty
 * tiles for C2 to compile, which cost more than they save in a second of small products.
 *
 * <p>A switch can happen at any call: packed matrices stand as {@link VectorKernels} has them, and
 * workspaces are large enough for all.
 */
final class TieredKernels implements Kernels {
  /** Multiply-adds of the narrow tile, half a second, after which the third tier pays. */
  private static final long LONG_JOB = 1L << 34;

  /** How many times as long the scalar kernels take for one. */
  private static final int SCALAR_COST = 8;

  /** Products on compiled tiles after which nobody asks any more: it costs 10 ns a product. */
  private static final int CALLS_TO_SETTLE = 1 << 16;

  private static final Kind[] GRADIENT = {
    Kind.ROWS_LARGEST, Kind.ROWS_EXP, Kind.ROWS_SUM, Kind.ROWS_GRADIENT
  };

  private static final Kind[] PROBABILITIES = {
    Kind.ROWS_LARGEST, Kind.ROWS_EXP, Kind.ROWS_SUM, Kind.ROWS_PROBABILITIES
  };

  private final VectorKernels vectors = new VectorKernels();
  private final ScalarKernels scalar = new ScalarKernels();
  private final Rehearsals rehearsals = new Rehearsals(vectors);
  private boolean settled;
  private int calls;
  private long spent; // unguarded: what two threads lose of it does not matter

  Rehearsals rehearsals() {
    return rehearsals;
  }

  /** Declares the job a long one, or a new one. */
  void setLongJob(boolean longJob) {
    spent = longJob ? LONG_JOB : 0;
  }

  private Kernels of(Kind kind, long work) {
    return rehearsals.isReady(kind, work) ? vectors : scalar;
  }

  @Override
  public void gemm(
      Orientation orientation,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      float[] c,
      int cOffset,
      int ldc,
      Initial initial,
      float[] bias,
      int biasOffset,
      Epilogue epilogue,
      float[] mask,
      int maskOffset,
      int ldmask,
      float[] workspace) {
    if (spent >= LONG_JOB
        && (settled || tilesAreReady(orientation, m, n, k, lda, ldb, initial, epilogue))) {
      vectors.gemm(
          orientation,
          m,
          n,
          k,
          a,
          aOffset,
          lda,
          b,
          bOffset,
          ldb,
          c,
          cOffset,
          ldc,
          initial,
          bias,
          biasOffset,
          epilogue,
          mask,
          maskOffset,
          ldmask,
          workspace);
    } else {
      early(
          orientation,
          m,
          n,
          k,
          a,
          aOffset,
          lda,
          b,
          bOffset,
          ldb,
          c,
          cOffset,
          ldc,
          initial,
          bias,
          biasOffset,
          epilogue,
          mask,
          maskOffset,
          ldmask,
          workspace);
    }
  }

  /**
   * On the first two tiers. Of a large product the scalar kernels compute half the rows, and half
   * of those, for the second may be ready before the rest.
   */
  private void early(
      Orientation orientation,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      float[] c,
      int cOffset,
      int ldc,
      Initial initial,
      float[] bias,
      int biasOffset,
      Epilogue epilogue,
      float[] mask,
      int maskOffset,
      int ldmask,
      float[] workspace) {
    long work = (long) m * n * k;
    if (lda >= 0
        && NarrowGemm.serves(orientation, m, initial, epilogue)
        && rehearsals.isReady(
            orientation == Orientation.TN ? Kind.NARROW_COLUMNS : Kind.NARROW_ROWS, work)) {
      spent += work;
      NarrowGemm.gemm(
          orientation,
          m,
          n,
          k,
          a,
          aOffset,
          lda,
          b,
          bOffset,
          ldb,
          c,
          cOffset,
          ldc,
          initial,
          bias,
          biasOffset,
          epilogue,
          workspace,
          rehearsals);
      if (epilogue == Epilogue.RELU_MASK) {
        reluBackward(m, n, c, cOffset, ldc, mask, maskOffset, ldmask);
      }
    } else if (lda >= 0 && work > NarrowGemm.LOAN && m >= 2 * NarrowGemm.ROWS) {
      int half = m / (2 * NarrowGemm.ROWS) * NarrowGemm.ROWS;
      int from = orientation == Orientation.TN ? half : half * lda;
      early(
          orientation,
          half,
          n,
          k,
          a,
          aOffset,
          lda,
          b,
          bOffset,
          ldb,
          c,
          cOffset,
          ldc,
          initial,
          bias,
          biasOffset,
          epilogue,
          mask,
          maskOffset,
          ldmask,
          workspace);
      early(
          orientation,
          m - half,
          n,
          k,
          a,
          aOffset + from,
          lda,
          b,
          bOffset,
          ldb,
          c,
          cOffset + half * ldc,
          ldc,
          initial,
          bias,
          biasOffset,
          epilogue,
          mask,
          maskOffset + half * ldmask,
          ldmask,
          workspace);
    } else {
      spent += SCALAR_COST * work;
      scalarGemm(
          orientation,
          m,
          n,
          k,
          a,
          aOffset,
          lda,
          b,
          bOffset,
          ldb,
          c,
          cOffset,
          ldc,
          initial,
          bias,
          biasOffset,
          epilogue,
          mask,
          maskOffset,
          ldmask,
          workspace);
    }
  }

  private boolean tilesAreReady(
      Orientation orientation,
      int m,
      int n,
      int k,
      int lda,
      int ldb,
      Initial initial,
      Epilogue epilogue) {
    if (!rehearsals.areReady(orientation, m, n, k, lda, ldb, initial, epilogue)) {
      calls = 0;
      return false;
    }
    settled = ++calls > CALLS_TO_SETTLE;
    return true;
  }

  /** The scalar product, panel by panel where B is packed. */
  private void scalarGemm(
      Orientation orientation,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      int ldb,
      float[] c,
      int cOffset,
      int ldc,
      Initial initial,
      float[] bias,
      int biasOffset,
      Epilogue epilogue,
      float[] mask,
      int maskOffset,
      int ldmask,
      float[] workspace) {
    if (!Kernels.isPacked(ldb)) {
      scalar.gemm(
          orientation,
          m,
          n,
          k,
          a,
          aOffset,
          lda,
          b,
          bOffset,
          ldb,
          c,
          cOffset,
          ldc,
          initial,
          bias,
          biasOffset,
          epilogue,
          mask,
          maskOffset,
          ldmask,
          workspace);
      return;
    }
    int panel = PackedPanels.columns(n);
    for (int j = 0; j < n; j += panel) {
      scalar.gemm(
          orientation,
          m,
          Math.min(panel, n - j),
          k,
          a,
          aOffset,
          lda,
          b,
          bOffset + PackedPanels.offset(n, k, j),
          PackedPanels.step(n, k, j),
          c,
          cOffset + j,
          ldc,
          initial,
          bias,
          biasOffset + j,
          epilogue,
          mask,
          maskOffset + j,
          ldmask,
          workspace);
    }
  }

  @Override
  public int gemmWorkspace(Orientation orientation, int m, int n, int k) {
    return Math.max(
        Math.max(vectors.gemmWorkspace(orientation, m, n, k), NarrowGemm.workspace(k)),
        scalar.gemmWorkspace(orientation, m, n, k));
  }

  @Override
  public void pack(
      int n, int k, float[] b, int bOffset, int ldb, float[] packed, int packedOffset) {
    // Copying is all that it is, and arraycopy needs no compiler.
    for (int j = 0, panel = PackedPanels.columns(n); j < n; j += panel) {
      int width = Math.min(panel, n - j);
      int step = PackedPanels.step(n, k, j);
      int to = packedOffset + PackedPanels.offset(n, k, j);
      for (int p = 0; p < k; p++, to += step) {
        System.arraycopy(b, bOffset + p * ldb + j, packed, to, width);
        Arrays.fill(packed, to + width, to + step, 0);
      }
    }
  }

  @Override
  public long packedLength(int n, int k) {
    return vectors.packedLength(n, k);
  }

  @Override
  public void reluBackward(
      int rows,
      int columns,
      float[] gradient,
      int gradientOffset,
      int ldg,
      float[] output,
      int outputOffset,
      int ldo) {
    of(Kind.RELU_BACKWARD, (long) rows * columns)
        .reluBackward(rows, columns, gradient, gradientOffset, ldg, output, outputOffset, ldo);
  }

  @Override
  public void activation(
      Nonlinearity function,
      int offset,
      int length,
      float[] sums,
      float[] outputs,
      float[] scratch) {
    of(Kind.of(function), 10L * length)
        .activation(function, offset, length, sums, outputs, scratch);
  }

  @Override
  public void activationBackward(
      Nonlinearity function,
      int offset,
      int length,
      float[] kept,
      float[] gradient,
      float[] scratch) {
    of(Kind.of(function), 10L * length)
        .activationBackward(function, offset, length, kept, gradient, scratch);
  }

  @Override
  public void columnSums(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] sums, int sumsOffset) {
    of(Kind.COLUMN_SUMS, (long) rows * columns)
        .columnSums(rows, columns, x, xOffset, ldx, sums, sumsOffset);
  }

  /** The kernels for rows of so many columns: short ones are taken together, or one by one. */
  private Kernels ofRows(Kind[] together, Kind single, int rows, int columns) {
    long work = 20L * rows * columns;
    if (columns > SoftmaxRows.COLUMNS) {
      return of(single, work);
    }
    boolean ready = SoftmaxRows.together(rows, columns) > 0 && rehearsals.areReady(together, work);
    return ready ? vectors : scalar;
  }

  @Override
  public void softmax(
      int rows,
      int columns,
      float[] logits,
      int logitsOffset,
      int ldl,
      float[] probabilities,
      int probabilitiesOffset,
      int ldp,
      float[] scratch) {
    ofRows(PROBABILITIES, Kind.SOFTMAX, rows, columns)
        .softmax(
            rows,
            columns,
            logits,
            logitsOffset,
            ldl,
            probabilities,
            probabilitiesOffset,
            ldp,
            scratch);
  }

  @Override
  public void softmaxCrossEntropy(
      int rows,
      int columns,
      float[] logits,
      int logitsOffset,
      int ldl,
      int[] labels,
      int labelsOffset,
      float divisor,
      float[] gradient,
      int gradientOffset,
      int ldg,
      float[] losses,
      int lossesOffset,
      int[] predicted,
      int predictedOffset,
      float[] scratch) {
    ofRows(GRADIENT, Kind.CROSS_ENTROPY, rows, columns)
        .softmaxCrossEntropy(
            rows,
            columns,
            logits,
            logitsOffset,
            ldl,
            labels,
            labelsOffset,
            divisor,
            gradient,
            gradientOffset,
            ldg,
            losses,
            lossesOffset,
            predicted,
            predictedOffset,
            scratch);
  }

  @Override
  public void bytesToFloats(
      int rows,
      int length,
      byte[] bytes,
      int bytesOffset,
      int ldb,
      int[] order,
      int orderOffset,
      float divisor,
      float[] floats,
      int floatsOffset,
      int ldf) {
    of(divisor == 255 ? Kind.PIXELS : Kind.QUOTIENTS, (long) rows * length)
        .bytesToFloats(
            rows,
            length,
            bytes,
            bytesOffset,
            ldb,
            order,
            orderOffset,
            divisor,
            floats,
            floatsOffset,
            ldf);
  }

  @Override
  public void standardise(
      int length, float[] x, int xOffset, double[] mean, double[] divisor, float[] y, int yOffset) {
    of(Kind.STANDARDISE, length).standardise(length, x, xOffset, mean, divisor, y, yOffset);
  }

  @Override
  public boolean takesBlocks(int m, int n, int k) {
    if (spent < LONG_JOB || !vectors.takesBlocks(m, n, k)) {
      return false;
    }
    int lda = -Blocks.step(m);
    return rehearsals.isReady(Kind.BLOCKS, (long) m * k)
        & rehearsals.areReady(Orientation.NN, m, n, k, lda, n, Initial.BIAS, Epilogue.RELU)
        & rehearsals.areReady(Orientation.TN, k, n, m, lda, n, Initial.ZERO, Epilogue.NONE);
  }

  @Override
  public void bytesToBlocks(
      int rows,
      int length,
      byte[] bytes,
      int bytesOffset,
      int ldb,
      int[] order,
      int orderOffset,
      float divisor,
      float[] blocks,
      int blocksOffset,
      int step) {
    of(Kind.BLOCKS, (long) rows * length)
        .bytesToBlocks(
            rows,
            length,
            bytes,
            bytesOffset,
            ldb,
            order,
            orderOffset,
            divisor,
            blocks,
            blocksOffset,
            step);
  }

  @Override
  public void floatsToBlocks(
      int rows,
      int length,
      float[] x,
      int xOffset,
      int ldx,
      int[] order,
      int orderOffset,
      float[] blocks,
      int blocksOffset,
      int step) {
    of(Kind.BLOCKS, (long) rows * length)
        .floatsToBlocks(
            rows, length, x, xOffset, ldx, order, orderOffset, blocks, blocksOffset, step);
  }
}
