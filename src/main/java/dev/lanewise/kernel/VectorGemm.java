package dev.lanewise.kernel;

/**
 * The matrix product in register tiles: vectors run along the columns of C, a broadcast element of
 * A along its rows, so no sum is ever reordered.
 *
 * <p>Loops from outside in, as in BLIS: blocks of nc columns, of kc terms, of mc rows; within them
 * panels of nr columns, whose tiles are {@link MicroKernels}. A panel whose last vector is not full
 * works in a scratch panel, from which the columns that exist are copied, because masked accesses
 * are slow or box on most machines.
 */
final class VectorGemm {
  private static final int L = Lanes.LENGTH;

  static final int VECTORS = Lanes.REGISTERS >= 32 ? GemmPlan.VECTORS_32 : GemmPlan.VECTORS_16;

  /**
   * Whether packed A stands term by term, as A^T does, and not in rows. With 16 registers C2 of JDK
   * 17 and 21 loads from six rows ahead and spills (AVX2, 512^3 and 1024^3: 36 to 43 GFLOP/s, term
   * by term 97 to 105); that of 25 does so with the terms (46) and not with the rows (100).
   */
  static final boolean TERMWISE = Lanes.REGISTERS < 32 && Runtime.version().feature() < 25;

  private static final GemmPlan[][] PLANS = GemmPlan.all(VECTORS, L);

  /** Values of B from which on it pays to turn others instead: 16 x 64 x 64 loses a tenth. */
  private static final int TURNED_LEAST = 1 << 14;

  /** Columns of the widest panel that may need a scratch panel. */
  private static final int NR_MOST = GemmPlan.VECTORS_32 * 16;

  static final float[] ZEROS = new float[InPlaceGemm.MOST_VECTORS * 16];

  private VectorGemm() {}

  static GemmPlan plan(Orientation orientation, int m, int n, int k, int lda, int ldb) {
    return GemmPlan.of(PLANS, VECTORS, L, TERMWISE, orientation, m, n, k, lda, ldb);
  }

  /** Columns of the panels of a k x n matrix, when it is packed. */
  static int panelColumns(int n) {
    return GemmPlan.vectors(n, VECTORS, L) * L;
  }

  /** Where column j of a packed matrix starts. */
  static int packedOffset(int n, int k, int j) {
    int nr = panelColumns(n);
    return j / nr * nr * k + j % nr;
  }

  /** The distance of the rows of the panel that holds column j of a packed matrix. */
  static int packedStep(int n, int k, int j) {
    int nr = panelColumns(n);
    return (Math.min(nr, n - j / nr * nr) + L - 1) / L * L;
  }

  static int workspace(Orientation orientation, int m, int n, int k) {
    // A transposed product has m columns and n rows.
    boolean turned = orientation != Orientation.NN;
    long most = turned ? Math.max(m, n) : n;
    long depth = Math.min(k, GemmPlan.KC);
    long packedB = Math.min(depth * most, GemmPlan.PACKED_B) + depth * NR_MOST;
    long rows = Math.min(turned ? Math.max(m, n) : m, GemmPlan.MC);
    // The padded end of the bias, a square to transpose in, the scratch panel and its mask; then
    // the panels of B and of A.
    return Math.toIntExact(
        Math.max(
            InPlaceGemm.WORKSPACE,
            NR_MOST
                + VectorTranspose.SCRATCH
                + 2 * rows * NR_MOST
                + packedB
                + (depth + GemmPlan.ROW_PADDING) * rows
                + VectorPacking.SLACK));
  }

  /** The product; gives whether its mask is yet to be applied. */
  static boolean gemm(
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
    // A matrix of one row or one column is its own transpose.
    if (orientation == Orientation.NT && ((k == 1 && ldb == 1) || n == 1)) {
      orientation = Orientation.NN;
      ldb = n == 1 ? 1 : n;
    }
    if (orientation == Orientation.TN && k == 1) {
      orientation = Orientation.NN;
      lda = 1;
    }
    if (orientation == Orientation.NN && n == 1 && ldb == 1) {
      MatrixVector.gemv(
          m,
          k,
          a,
          aOffset,
          lda,
          b,
          bOffset,
          c,
          cOffset,
          ldc,
          initial,
          bias,
          biasOffset,
          0,
          epilogue,
          mask,
          maskOffset,
          ldmask,
          workspace);
    } else if (orientation == Orientation.NT && m == 1) {
      MatrixVector.gemv(
          n,
          k,
          b,
          bOffset,
          ldb,
          a,
          aOffset,
          c,
          cOffset,
          1,
          initial,
          bias,
          biasOffset,
          1,
          epilogue,
          mask,
          maskOffset,
          1,
          workspace);
    } else if (InPlaceGemm.servesPacked(m, k, ldb, initial, epilogue)) {
      InPlaceGemm.packed(
          m,
          n,
          k,
          a,
          aOffset,
          lda,
          b,
          bOffset,
          c,
          cOffset,
          ldc,
          initial,
          bias,
          biasOffset,
          epilogue,
          workspace);
    } else if (RowPairs.serves(orientation, m, n, k, initial)) {
      RowPairs.gemm(
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
          workspace);
      return epilogue == Epilogue.RELU_MASK;
    } else if (InPlaceGemm.serves(orientation, m, k, ldb, initial, epilogue)) {
      InPlaceGemm.gemm(
          orientation == Orientation.TN,
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
          workspace);
    } else if (narrow(orientation, m, n, k, initial, epilogue)) {
      // C^T = B^T A: what was op(A) is now B, row-major as it stands, and B is A transposed.
      blocks(
          Orientation.TN,
          n,
          m,
          k,
          b,
          bOffset,
          ldb,
          a,
          aOffset,
          lda,
          c,
          cOffset,
          ldc,
          true,
          Initial.ZERO,
          null,
          0,
          Epilogue.NONE,
          null,
          0,
          0,
          workspace);
    } else if (turnsLess(orientation, m, n, k, initial, epilogue)) {
      // C^T = B A^T: B is read in rows as it stands, and A, which is small, transposed.
      blocks(
          Orientation.NT,
          n,
          m,
          k,
          b,
          bOffset,
          ldb,
          a,
          aOffset,
          lda,
          c,
          cOffset,
          ldc,
          true,
          Initial.ZERO,
          null,
          0,
          Epilogue.NONE,
          null,
          0,
          0,
          workspace);
      return epilogue == Epilogue.RELU_MASK;
    } else {
      boolean apart =
          epilogue == Epilogue.RELU_MASK
              && termwise(orientation, plan(orientation, m, n, k, lda, ldb));
      Epilogue within = apart ? Epilogue.NONE : epilogue;
      blocks(
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
          false,
          initial,
          bias,
          biasOffset,
          within,
          mask,
          maskOffset,
          ldmask,
          workspace);
      return apart;
    }
    return false;
  }

  /** Whether A is read term by term, which tiles with a mask do not. */
  private static boolean termwise(Orientation orientation, GemmPlan plan) {
    return orientation == Orientation.TN || (plan.packA() && TERMWISE);
  }

  /**
   * Whether the gradient of a narrow layer's weights is computed transposed. Its columns fill one
   * vector at most, and 7 of them less than half: 80 x 7 x 100 ran at 23 GFLOP/s. X^T, though,
   * stands ready along its rows, so dY^T X fills the tiles and only the result has to be turned: 61
   * to 63.
   */
  static boolean narrow(
      Orientation orientation, int m, int n, int k, Initial initial, Epilogue epilogue) {
    return orientation == Orientation.TN
        && n <= L
        && m >= 3 * L
        && k <= GemmPlan.KC
        && initial == Initial.ZERO
        && epilogue == Epilogue.NONE;
  }

  /**
   * Whether C^T = B A^T is computed in place of C = A B^T: where turning A and C is at most half
   * the work of turning B, as in the gradient of a wide layer's inputs (32 x 512 x 512: 65 and 103
   * GFLOP/s, 128 x 512 x 512 98 and 104). Fewer rows than most of a vector would leave lanes idle.
   */
  static boolean turnsLess(
      Orientation orientation, int m, int n, int k, Initial initial, Epilogue epilogue) {
    return orientation == Orientation.NT
        && 4 * m >= 3 * L
        && (long) n * k >= TURNED_LEAST
        && (long) n * k >= 2L * m * (n + k)
        && k <= GemmPlan.KC
        && initial == Initial.ZERO
        && epilogue != Epilogue.RELU;
  }

  /** C, or with {@code turned} C^T, block by block. */
  private static void blocks(
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
      boolean turned,
      Initial initial,
      float[] bias,
      int biasOffset,
      Epilogue epilogue,
      float[] mask,
      int maskOffset,
      int ldmask,
      float[] workspace) {
    GemmPlan plan = plan(orientation, m, n, k, lda, ldb);
    int nr = Math.min(plan.vectors(), VECTORS) * L;
    int kc = plan.depth(k);
    // Element (i, p) of op(A) stands at aOffset + i * aRow + p * aStep.
    boolean tn = orientation == Orientation.TN;
    boolean termwise = termwise(orientation, plan);
    int aRow = tn ? 1 : lda;
    int aStep = tn ? lda : 1;
    boolean transposedB = orientation == Orientation.NT;
    int squares = NR_MOST;
    int scratch = squares + VectorTranspose.SCRATCH;
    int scratchMask = scratch + Math.min(m, plan.mc()) * nr;
    int panelsB = scratchMask + Math.min(m, plan.mc()) * nr;
    int nc = plan.width(n, L);
    int panelsA = panelsB + kc * Math.min((n + nr - 1) / nr * nr, nc);
    boolean ready = ldb == Kernels.PACKED;
    float[] panelsFrom = workspace;
    int direct = direct(m, n, nr, ldc, turned, epilogue, ldmask);

    for (int jc = 0; jc < n; jc += nc) {
      int columns = Math.min(nc, n - jc);
      int pc = 0;
      do {
        int depth = Math.min(kc, k - pc);
        Initial from = pc == 0 ? initial : Initial.RESULT;
        Epilogue to = pc + depth == k ? epilogue : Epilogue.NONE;
        int packedFrom =
            plan.packB() || ready ? 0 : columns / L * L == columns ? columns : columns / nr * nr;
        if (ready) {
          panelsFrom = b;
        } else if (transposedB) {
          VectorPacking.transposed(
              columns, depth, b, bOffset + jc * ldb + pc, ldb, workspace, panelsB, nr, squares);
        } else {
          VectorPacking.columns(
              packedFrom, columns, depth, b, bOffset + pc * ldb + jc, ldb, workspace, panelsB, nr);
        }
        for (int ic = 0; ic < m; ic += plan.mc()) {
          int rows = Math.min(plan.mc(), m - ic);
          float[] aFrom = a;
          int aBlock = aOffset + ic * aRow + pc * aStep;
          int aBlockRow = aRow;
          if (plan.packA()) {
            aFrom = workspace;
            aBlockRow = termwise ? 0 : depth + GemmPlan.ROW_PADDING;
            if (termwise) {
              VectorPacking.tiles(tn, rows, depth, a, aBlock, lda, workspace, panelsA, squares);
            } else {
              VectorPacking.rows(rows, depth, a, aBlock, lda, workspace, panelsA, aBlockRow);
            }
            aBlock = panelsA;
          }
          for (int jr = 0, width; jr < columns; jr += width) {
            boolean packed = jr >= packedFrom;
            int left = (packed ? columns : packedFrom) - jr;
            int most = plan.vectors() * L;
            width = left >= most ? most : Math.min(nr, left);
            int vectors = (width + L - 1) / L;
            boolean whole = width == vectors * L && !turned;
            float[] bFrom = packed ? panelsFrom : b;
            int bPanel =
                !packed
                    ? bOffset + pc * ldb + jc + jr
                    : ready
                        ? bOffset + (jc + jr) * k + pc * vectors * L
                        : panelsB + (jr - packedFrom) * depth;
            int bStep = packed ? vectors * L : ldb;
            int cPanel = cOffset + ic * ldc + jc + jr;
            int maskPanel = maskOffset + ic * ldmask + jc + jr;
            float[] z = c;
            int zPanel = cPanel;
            int zRow = ldc;
            if (from == Initial.ZERO) {
              z = ZEROS;
              zPanel = 0;
              zRow = 0;
            } else if (from == Initial.BIAS) {
              z = bias;
              zPanel = biasOffset + jc + jr;
              zRow = 0;
              if (!whole) {
                System.arraycopy(bias, zPanel, workspace, 0, width);
                z = workspace;
                zPanel = 0;
              }
            }
            int head = whole ? rows : from == Initial.RESULT ? 0 : Math.min(rows, direct - ic);
            if (head > 0) {
              MicroKernels.panel(
                  vectors, to, head, depth, aFrom, aBlock, aBlockRow, aStep, bFrom, bPanel, bStep,
                  z, zPanel, zRow, c, cPanel, ldc, mask, maskPanel, ldmask);
            } else {
              head = 0;
            }
            if (head < rows) {
              int rest = rows - head;
              int cRest = cPanel + head * ldc;
              if (from == Initial.RESULT) {
                copy(rest, width, c, cRest, ldc, workspace, scratch, nr);
                z = workspace;
                zPanel = scratch;
                zRow = nr;
              }
              if (to == Epilogue.RELU_MASK) {
                copy(
                    rest,
                    width,
                    mask,
                    maskPanel + head * ldmask,
                    ldmask,
                    workspace,
                    scratchMask,
                    nr);
              }
              int aRest = aBlock + head * (aBlockRow == 0 ? depth : aBlockRow);
              MicroKernels.panel(
                  vectors,
                  to,
                  rest,
                  depth,
                  aFrom,
                  aRest,
                  aBlockRow,
                  aStep,
                  bFrom,
                  bPanel,
                  bStep,
                  z,
                  zPanel,
                  zRow,
                  workspace,
                  scratch,
                  nr,
                  workspace,
                  scratchMask,
                  nr);
              if (turned) {
                VectorTranspose.transpose(
                    rest,
                    width,
                    workspace,
                    scratch,
                    nr,
                    c,
                    cOffset + (jc + jr) * ldc + ic,
                    ldc,
                    workspace,
                    squares);
              } else {
                copy(rest, width, workspace, scratch, nr, c, cRest, ldc);
              }
            }
          }
        }
        pc += depth;
      } while (pc < k);
    }
  }

  /**
   * How many rows of a narrow C, at most one panel wide, may be stored as whole vectors although
   * fewer columns exist: what spills over is the start of the next rows, which are computed after
   * it. The last rows have nothing behind them.
   */
  private static int direct(
      int m, int n, int nr, int ldc, boolean turned, Epilogue epilogue, int ldmask) {
    if (turned || n > nr || ldc != n || (epilogue == Epilogue.RELU_MASK && ldmask < n)) {
      return 0;
    }
    int spilled = (n + L - 1) / L * L - n;
    return m - (spilled + n - 1) / n;
  }

  private static void copy(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    for (int i = 0; i < rows; i++) {
      if (columns > L) {
        System.arraycopy(x, xOffset + i * ldx, y, yOffset + i * ldy, columns);
      } else {
        for (int j = 0; j < columns; j++) {
          y[yOffset + i * ldy + j] = x[xOffset + i * ldx + j];
        }
      }
    }
  }
}
