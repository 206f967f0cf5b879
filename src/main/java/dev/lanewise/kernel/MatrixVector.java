package dev.lanewise.kernel;

/**
 * The product of a matrix and a vector, where each output is one chain along a row: layers of one
 * output, gradients of single rows. Vectors need a lane for each row of the matrix, so its values
 * are turned on the way (128 x 1 x 512 on JDK 25: 9 us); where that is slow, eight rows at a time
 * take scalar multiply-adds (12 us).
 */
final class MatrixVector {
  private static final int L = Lanes.LENGTH;

  /** Rows of a turn, and its terms. */
  private static final int TURNED = 16;

  /** JDK 17 makes shuffles and masks anew for each use: 0.28 ns a value, with scalars 0.19. */
  private static final boolean TURNS = L == TURNED && Runtime.version().feature() >= 21;

  private MatrixVector() {}

  /** Whether rows of a matrix are turned. */
  static boolean turns(int rows, int k) {
    return TURNS && rows >= TURNED && k >= TURNED;
  }

  /**
   * {@code c[i * cStep] = epilogue(initial + sum of x[i][p] y[p])} for the rows of X. What a bias
   * or a mask holds for an output stands at a step of its own.
   */
  static void gemv(
      int rows,
      int k,
      float[] x,
      int xOffset,
      int ldx,
      float[] y,
      int yOffset,
      float[] c,
      int cOffset,
      int cStep,
      Initial initial,
      float[] bias,
      int biasOffset,
      int biasStep,
      Epilogue epilogue,
      float[] mask,
      int maskOffset,
      int maskStep,
      float[] workspace) {
    for (int i = 0; i < rows; i++) {
      int at = cOffset + i * cStep;
      if (initial == Initial.ZERO) {
        c[at] = 0;
      } else if (initial == Initial.BIAS) {
        c[at] = bias[biasOffset + i * biasStep];
      }
    }
    int turned = turns(rows, k) ? rows / TURNED * TURNED : 0;
    for (int i = 0; i < turned; i += TURNED) {
      for (int lane = 0; lane < TURNED; lane++) {
        workspace[lane] = c[cOffset + (i + lane) * cStep];
      }
      MicroKernels.turned(k, x, xOffset + i * ldx, ldx, y, yOffset, workspace);
      for (int lane = 0; lane < TURNED; lane++) {
        c[cOffset + (i + lane) * cStep] = workspace[lane];
      }
    }
    for (int i = turned; i < rows; i += 8) {
      int last = Math.min(8, rows - i) - 1;
      eight(last, k, x, xOffset + i * ldx, ldx, y, yOffset, c, cOffset + i * cStep, cStep);
    }
    for (int i = 0; i < rows && epilogue != Epilogue.NONE; i++) {
      int at = cOffset + i * cStep;
      boolean off = epilogue == Epilogue.RELU ? c[at] < 0 : !(mask[maskOffset + i * maskStep] > 0);
      if (off) {
        c[at] = 0;
      }
    }
  }

  /**
   * Eight rows, or the last of them several times, two terms at a time. C2 adds up the place of a
   * row anew for each step of a loop, but four terms wait for each other, one step as long as its
   * multiply-adds need (112 terms, 17 and 25: 0.23 and 0.21 ns a value, two 0.19 and 0.17; one term
   * 0.23 and 0.20; 37 terms 0.28, 0.33 and 0.24, 0.22; ten rows and more spill).
   */
  private static void eight(
      int last,
      int k,
      float[] x,
      int xOffset,
      int ldx,
      float[] y,
      int yOffset,
      float[] c,
      int cOffset,
      int cStep) {
    int x1 = xOffset + Math.min(1, last) * ldx;
    int x2 = xOffset + Math.min(2, last) * ldx;
    int x3 = xOffset + Math.min(3, last) * ldx;
    int x4 = xOffset + Math.min(4, last) * ldx;
    int x5 = xOffset + Math.min(5, last) * ldx;
    int x6 = xOffset + Math.min(6, last) * ldx;
    int x7 = xOffset + Math.min(7, last) * ldx;
    int c1 = cOffset + Math.min(1, last) * cStep;
    int c2 = cOffset + Math.min(2, last) * cStep;
    int c3 = cOffset + Math.min(3, last) * cStep;
    int c4 = cOffset + Math.min(4, last) * cStep;
    int c5 = cOffset + Math.min(5, last) * cStep;
    int c6 = cOffset + Math.min(6, last) * cStep;
    int c7 = cOffset + Math.min(7, last) * cStep;
    float s0 = c[cOffset];
    float s1 = c[c1];
    float s2 = c[c2];
    float s3 = c[c3];
    float s4 = c[c4];
    float s5 = c[c5];
    float s6 = c[c6];
    float s7 = c[c7];
    // Not p + 2 <= k: C2 leaves the bounds checks in such a loop.
    int twos = k & -2;
    for (int p = 0; p < twos; p += 2) {
      float y0 = y[yOffset + p];
      float y1 = y[yOffset + p + 1];
      s0 = Math.fma(x[xOffset + p], y0, s0);
      s0 = Math.fma(x[xOffset + p + 1], y1, s0);
      s1 = Math.fma(x[x1 + p], y0, s1);
      s1 = Math.fma(x[x1 + p + 1], y1, s1);
      s2 = Math.fma(x[x2 + p], y0, s2);
      s2 = Math.fma(x[x2 + p + 1], y1, s2);
      s3 = Math.fma(x[x3 + p], y0, s3);
      s3 = Math.fma(x[x3 + p + 1], y1, s3);
      s4 = Math.fma(x[x4 + p], y0, s4);
      s4 = Math.fma(x[x4 + p + 1], y1, s4);
      s5 = Math.fma(x[x5 + p], y0, s5);
      s5 = Math.fma(x[x5 + p + 1], y1, s5);
      s6 = Math.fma(x[x6 + p], y0, s6);
      s6 = Math.fma(x[x6 + p + 1], y1, s6);
      s7 = Math.fma(x[x7 + p], y0, s7);
      s7 = Math.fma(x[x7 + p + 1], y1, s7);
    }
    if (twos < k) {
      float t = y[yOffset + twos];
      s0 = Math.fma(x[xOffset + twos], t, s0);
      s1 = Math.fma(x[x1 + twos], t, s1);
      s2 = Math.fma(x[x2 + twos], t, s2);
      s3 = Math.fma(x[x3 + twos], t, s3);
      s4 = Math.fma(x[x4 + twos], t, s4);
      s5 = Math.fma(x[x5 + twos], t, s5);
      s6 = Math.fma(x[x6 + twos], t, s6);
      s7 = Math.fma(x[x7 + twos], t, s7);
    }
    c[cOffset] = s0;
    c[c1] = s1;
    c[c2] = s2;
    c[c3] = s3;
    c[c4] = s4;
    c[c5] = s5;
    c[c6] = s6;
    c[c7] = s7;
  }
}
