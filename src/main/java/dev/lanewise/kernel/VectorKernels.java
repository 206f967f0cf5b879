package dev.lanewise.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels on the Vector API. Vectors live only in the locals of one method: in a field, an
 * array, a parameter or a lambda each would be an object. What is left over at the end of a row is
 * done by the scalar twin, which gives the same bits.
 */
final class VectorKernels implements Kernels {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  static {
    Operators.resolve();
  }

  private final ScalarKernels scalar = new ScalarKernels();

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
    if (lda < 0 && !BlockedGemm.takesBlocks(orientation, epilogue)) {
      Blocks.gemm(
          this,
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
    boolean masked =
        !VectorGemm.gemm(
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
    if (!masked) {
      reluBackward(m, n, c, cOffset, ldc, mask, maskOffset, ldmask);
    }
  }

  @Override
  public int gemmWorkspace(Orientation orientation, int m, int n, int k) {
    return VectorGemm.workspace(orientation, m, n, k);
  }

  @Override
  public void pack(
      int n, int k, float[] b, int bOffset, int ldb, float[] packed, int packedOffset) {
    VectorPacking.columns(
        0, n, k, k, b, bOffset, ldb, packed, packedOffset, PackedPanels.columns(n));
  }

  @Override
  public long packedLength(int n, int k) {
    int nr = PackedPanels.columns(n);
    return ((long) n + nr - 1) / nr * nr * k;
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
    if (ldg == columns && ldo == columns && rows > 1) {
      // One long row: loops over a few vectors take twice the time.
      reluBackward(1, rows * columns, gradient, gradientOffset, ldg, output, outputOffset, ldo);
      return;
    }
    if (columns == 0) {
      return;
    }
    int whole = columns / L * L;
    FloatVector zero = FloatVector.zero(S);
    for (int i = 0; i < rows; i++) {
      int g = gradientOffset + i * ldg;
      int o = outputOffset + i * ldo;
      for (int j = 0; j < whole; j += L) {
        FloatVector active = FloatVector.fromArray(S, output, o + j);
        zero.blend(
                FloatVector.fromArray(S, gradient, g + j), active.compare(VectorOperators.GT, zero))
            .intoArray(gradient, g + j);
      }
    }
    scalar.reluBackward(
        rows,
        columns - whole,
        gradient,
        gradientOffset + whole,
        ldg,
        output,
        outputOffset + whole,
        ldo);
  }

  @Override
  public void activation(
      Nonlinearity function,
      int offset,
      int length,
      float[] sums,
      float[] outputs,
      float[] scratch) {
    int end = offset + length / L * L;
    VectorActivation.activate(function, offset, end, sums, outputs, scratch);
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
    int end = offset + length / L * L;
    VectorActivation.backward(function, offset, end, kept, gradient, scratch);
    scalar.activationBackward(function, end, offset + length - end, kept, gradient, scratch);
  }

  @Override
  public void columnSums(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] sums, int sumsOffset) {
    if (columns == 0) {
      return;
    }
    int j = 0;
    // Four sums at a time: one alone would wait for the latency of its additions.
    for (; j + 4 * L <= columns; j += 4 * L) {
      FloatVector s0 = FloatVector.zero(S);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      for (int i = 0, row = xOffset + j; i < rows; i++, row += ldx) {
        s0 = s0.add(FloatVector.fromArray(S, x, row));
        s1 = s1.add(FloatVector.fromArray(S, x, row + L));
        s2 = s2.add(FloatVector.fromArray(S, x, row + 2 * L));
        s3 = s3.add(FloatVector.fromArray(S, x, row + 3 * L));
      }
      s0.intoArray(sums, sumsOffset + j);
      s1.intoArray(sums, sumsOffset + j + L);
      s2.intoArray(sums, sumsOffset + j + 2 * L);
      s3.intoArray(sums, sumsOffset + j + 3 * L);
    }
    for (; j + L <= columns; j += L) {
      FloatVector s = FloatVector.zero(S);
      for (int i = 0, row = xOffset + j; i < rows; i++, row += ldx) {
        s = s.add(FloatVector.fromArray(S, x, row));
      }
      s.intoArray(sums, sumsOffset + j);
    }
    scalar.columnSums(rows, columns - j, x, xOffset + j, ldx, sums, sumsOffset + j);
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
    int i = 0;
    for (int n; (n = SoftmaxRows.together(rows - i, columns)) > 0; i += n) {
      SoftmaxRows.exponentials(n, columns, logits, logitsOffset + i * ldl, ldl, scratch);
      int p = probabilitiesOffset + i * ldp;
      SoftmaxRows.probabilities(n, columns, probabilities, p, ldp, scratch);
    }
    if (columns <= SoftmaxRows.COLUMNS) { // a row by itself is too short for vectors
      scalar.softmax(
          rows - i,
          columns,
          logits,
          logitsOffset + i * ldl,
          ldl,
          probabilities,
          probabilitiesOffset + i * ldp,
          ldp,
          scratch);
      return;
    }
    for (; i < rows; i++) {
      VectorSoftmax.exponentials(columns, logits, logitsOffset + i * ldl, scratch);
      VectorSoftmax.divide(columns, scratch);
      System.arraycopy(scratch, 0, probabilities, probabilitiesOffset + i * ldp, columns);
    }
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
    int i = 0;
    for (int n; (n = SoftmaxRows.together(rows - i, columns)) > 0; i += n) {
      int x = logitsOffset + i * ldl;
      int label = labelsOffset + i;
      SoftmaxRows.exponentials(n, columns, logits, x, ldl, scratch);
      SoftmaxRows.losses(
          n,
          columns,
          logits,
          x,
          ldl,
          labels,
          label,
          losses,
          lossesOffset + i,
          predicted,
          predictedOffset + i,
          scratch);
      int g = gradientOffset + i * ldg;
      SoftmaxRows.gradient(n, columns, labels, label, divisor, gradient, g, ldg, scratch);
    }
    if (columns <= SoftmaxRows.COLUMNS) {
      scalar.softmaxCrossEntropy(
          rows - i,
          columns,
          logits,
          logitsOffset + i * ldl,
          ldl,
          labels,
          labelsOffset + i,
          divisor,
          gradient,
          gradientOffset + i * ldg,
          ldg,
          losses,
          lossesOffset + i,
          predicted,
          predictedOffset + i,
          scratch);
      return;
    }
    for (; i < rows; i++) {
      int x = logitsOffset + i * ldl;
      int label = labels[labelsOffset + i];
      float max = VectorSoftmax.exponentials(columns, logits, x, scratch);
      float sum = VectorSoftmax.sum(columns, scratch);
      losses[lossesOffset + i] = Elementary.log(sum) - (logits[x + label] - max);
      predicted[predictedOffset + i] = ScalarKernels.argmax(columns, logits, x);
      VectorSoftmax.gradient(columns, label, sum, divisor, scratch);
      System.arraycopy(scratch, 0, gradient, gradientOffset + i * ldg, columns);
    }
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
    int done = VectorFeatures.BYTES ? length / L * L : 0;
    if (done > 0 && divisor == 255) {
      VectorFeatures.pixels(
          rows, done, bytes, bytesOffset, ldb, order, orderOffset, floats, floatsOffset, ldf);
    } else if (done > 0) {
      VectorFeatures.quotients(
          rows,
          done,
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
    if (done < length) {
      scalar.bytesToFloats(
          rows,
          length - done,
          bytes,
          bytesOffset + done,
          ldb,
          order,
          orderOffset,
          divisor,
          floats,
          floatsOffset + done,
          ldf);
    }
  }

  @Override
  public void standardise(
      int length, float[] x, int xOffset, double[] mean, double[] divisor, float[] y, int yOffset) {
    int done = VectorFeatures.standardise(length, x, xOffset, mean, divisor, y, yOffset);
    ScalarKernels.standardise(done, length, x, xOffset, mean, divisor, y, yOffset);
  }

  @Override
  public boolean takesBlocks(int m, int n, int k) {
    return GemmPlan.takesBlocks(m, n, k, L) && BlockedGemm.TAKES_BLOCKS;
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
    int done = 0;
    if (VectorFeatures.BYTES && VectorFeatures.writesBlocks(rows) && divisor == 255) {
      VectorFeatures.pixelsToBlocks(
          rows, length, bytes, bytesOffset, ldb, order, orderOffset, blocks, blocksOffset, step);
      done = length / Blocks.LENGTH * Blocks.LENGTH;
    }
    scalar.bytesToBlocks(
        rows,
        length - done,
        bytes,
        bytesOffset + done,
        ldb,
        order,
        orderOffset,
        divisor,
        blocks,
        blocksOffset + Blocks.place(0, done, -step),
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
    int done = 0;
    if (VectorFeatures.writesBlocks(rows)) {
      VectorFeatures.floatsToBlocks(
          rows, length, x, xOffset, ldx, order, orderOffset, blocks, blocksOffset, step);
      done = length / Blocks.LENGTH * Blocks.LENGTH;
    }
    scalar.floatsToBlocks(
        rows,
        length - done,
        x,
        xOffset + done,
        ldx,
        order,
        orderOffset,
        blocks,
        blocksOffset + Blocks.place(0, done, -step),
        step);
  }
}
