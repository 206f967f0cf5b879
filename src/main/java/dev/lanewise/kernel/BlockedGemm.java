package dev.lanewise.kernel;

/**
 * The matrix product for operands of any size. Loops from outside in, as in BLIS: blocks of nc
 * columns, of kc terms, of mc rows; within them panels of nr columns, whose tiles are {@link
 * MicroKernels}. A panel whose last vector is not full works in a scratch panel, from which the
 * columns that exist are copied, because masked accesses are slow or box on most machines.
 */
final class BlockedGemm {
  private static final int L = Lanes.LENGTH;

  /**
   * Whether packed rows of A stand in blocks of terms, and not one after another. With 16 registers
   * none are left for the places of six rows.
   */
  static final boolean BLOCKS_OF_TERMS = Lanes.REGISTERS == 16;

  /** Whether A may stand in {@link Blocks} of any distance. */
  static final boolean TAKES_BLOCKS = BLOCKS_OF_TERMS && !C2.CONSTANT_STEP;

  private static final GemmPlan[][] PLANS = GemmPlan.all(PackedPanels.VECTORS, L, Lanes.TALL);

  /** Columns of the widest panel that may need a scratch panel. */
  private static final int NR_MOST = GemmPlan.VECTORS_32 * 16;

  static final float[] ZEROS = new float[InPlaceGemm.MOST_VECTORS * 16];

  /**
   * Where the workspace begins: panels whose vectors are aligned come sooner from L2 (128 x 512 x
   * 784 on an Intel: 111 GFLOP/s, so 124).
   */
  private static final int START = Aligned.START;

  private BlockedGemm() {}

  static GemmPlan plan(Orientation orientation, int m, int n, int k, int lda, int ldb) {
    return GemmPlan.of(
        PLANS,
        PackedPanels.VECTORS,
        L,
        BLOCKS_OF_TERMS,
        Lanes.TALL,
        orientation,
        m,
        n,
        k,
        lda,
        ldb);
  }

  /** Whether a product with A in blocks is one for here. */
  static boolean takesBlocks(Orientation orientation, Epilogue epilogue) {
    return TAKES_BLOCKS && orientation != Orientation.NT && epilogue != Epilogue.RELU_MASK;
  }

  /**
   * Whether a plan packs rows of A in blocks of terms. Their tiles have no masks: one pass over C
   * costs less than the last terms in other tiles (100 x 16 x 80 NT on a Zen 3, 17: 50 to 54
   * GFLOP/s).
   */
  private static boolean packsBlocks(GemmPlan plan, Orientation orientation) {
    return BLOCKS_OF_TERMS && plan.packA() && orientation != Orientation.TN;
  }

  /**
   * Of how many terms passes are made whole, where both operands are packed: those of a turn of the
   * tiles. What is added to them, -0 times 0, adds nothing. Terms left would take other tiles.
   */
  static int turn(GemmPlan plan, Orientation orientation) {
    if (!BLOCKS_OF_TERMS || !plan.packA() || !plan.packB()) {
      return 1;
    }
    return orientation == Orientation.TN ? MicroKernels.TERMS : MicroKernels.BLOCK;
  }

  /** Whether {@link #gemm} applies the mask of a product, and does not leave it to others. */
  static boolean masks(Orientation orientation, int m, int n, int k, int lda, int ldb) {
    return orientation != Orientation.TN
        && !packsBlocks(plan(orientation, m, n, k, lda, ldb), orientation);
  }

  static int workspace(Orientation orientation, int m, int n, int k) {
    // A transposed product has m columns and n rows.
    boolean turned = orientation != Orientation.NN;
    long columns = turned ? Math.max(m, n) : n;
    long depth = GemmPlan.whole(Math.min(k, GemmPlan.kc(L)), MicroKernels.BLOCK);
    long most = Math.min(turned ? Math.max(m, n) : m, GemmPlan.mc(Lanes.TALL));
    long rows = C2.CONSTANT_STEP ? Math.max(most, GemmPlan.MC) : most;
    // With tall tiles only A^T is copied, and else a block of B is one panel.
    boolean copiesA = !Lanes.TALL || orientation == Orientation.TN;
    long packedA = copiesA ? (depth + GemmPlan.ROW_PADDING) * rows : 0;
    long blocksB = copiesA ? Math.min(depth * columns, GemmPlan.packedB(L)) : 0;
    long packedB = blocksB + depth * NR_MOST;
    // The padded end of the bias, a square to transpose in, the scratch panel and its mask; then
    // the panels of B and of A.
    return Math.toIntExact(
        START
            + NR_MOST
            + VectorTranspose.SCRATCH
            + 2 * rows * NR_MOST
            + packedB
            + packedA
            + VectorPacking.SLACK);
  }

  /**
   * C = epilogue(initial + op(A) op(B)), or with {@code turned} its transpose, block by block. A
   * mask is for A in rows: see {@link #masks}.
   */
  static void gemm(
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
    int nr = plan.vectors() * L;
    int kc = plan.depth(k);
    // Element (i, p) of op(A) stands at aOffset + i * aRow + p * aStep, or as MicroKernels has it.
    boolean tn = orientation == Orientation.TN;
    boolean blocks = lda < 0;
    int aRow = tn ? (blocks ? lda : 1) : (blocks ? Blocks.LENGTH : lda);
    int aStep = tn ? (blocks ? Blocks.LENGTH : lda) : (blocks ? lda : 1);
    boolean transposedB = orientation == Orientation.NT;
    int squares = START + NR_MOST;
    int scratch = squares + VectorTranspose.SCRATCH;
    int scratchMask = scratch + Math.min(m, plan.mc()) * nr;
    int panelsB = scratchMask + Math.min(m, plan.mc()) * nr;
    int nc = plan.width(n, k, L);
    boolean packsBlocks = packsBlocks(plan, orientation);
    int turn = turn(plan, orientation);
    int panelsA = panelsB + GemmPlan.whole(kc, turn) * Math.min((n + nr - 1) / nr * nr, nc);
    boolean ready = Kernels.isPacked(ldb);
    boolean backwards = ldb == Kernels.PACKED_BACKWARDS;
    float[] panelsFrom = workspace;
    int direct = direct(m, n, nr, ldc, turned, epilogue, ldmask);

    for (int done = 0; done < n; done += nc) {
      int jc = backwards ? (n - 1 - done) / nc * nc : done;
      int columns = Math.min(nc, n - jc);
      int pc = 0;
      do {
        int depth = Math.min(kc, k - pc);
        int terms = GemmPlan.whole(depth, turn);
        Initial from = pc == 0 ? initial : Initial.RESULT;
        Epilogue to = pc + depth == k ? epilogue : Epilogue.NONE;
        int packedFrom =
            plan.packB() || ready ? 0 : columns / L * L == columns ? columns : columns / nr * nr;
        if (ready) {
          panelsFrom = b;
        } else if (transposedB) {
          VectorPacking.transposed(
              columns,
              depth,
              terms,
              b,
              bOffset + jc * ldb + pc,
              ldb,
              workspace,
              panelsB,
              nr,
              squares);
        } else {
          VectorPacking.columns(
              packedFrom,
              columns,
              depth,
              terms,
              b,
              bOffset + pc * ldb + jc,
              ldb,
              workspace,
              panelsB,
              nr);
        }
        if (terms > depth) {
          VectorPacking.pad(columns, depth, terms, workspace, panelsB, nr);
        }
        for (int ic = 0; ic < m; ic += plan.mc()) {
          int rows = Math.min(plan.mc(), m - ic);
          float[] aFrom = a;
          int aBlock = aOffset + place(ic, aRow) + place(pc, aStep);
          int aBlockRow = aRow;
          int aBlockStep = aStep;
          if (plan.packA()) {
            aFrom = workspace;
            if (tn) {
              aBlockRow = 0;
              VectorPacking.tiles(rows, depth, terms, a, aBlock, lda, workspace, panelsA);
            } else if (packsBlocks) {
              aBlockRow = MicroKernels.BLOCK;
              aBlockStep = -VectorPacking.blockStep(rows);
              VectorPacking.blocks(rows, depth, a, aBlock, lda, workspace, panelsA);
            } else {
              aBlockRow = depth + GemmPlan.ROW_PADDING;
              VectorPacking.rows(rows, depth, a, aBlock, lda, workspace, panelsA, aBlockRow);
            }
            aBlock = panelsA;
          }
          for (int passed = 0; passed < columns; passed += nr) {
            int jr = backwards ? (columns - 1 - passed) / nr * nr : passed;
            boolean packed = jr >= packedFrom;
            int width = Math.min(nr, (packed ? columns : packedFrom) - jr);
            int vectors = (width + L - 1) / L;
            boolean whole = width == vectors * L && !turned;
            float[] bFrom = packed ? panelsFrom : b;
            int bPanel =
                !packed
                    ? bOffset + pc * ldb + jc + jr
                    : ready
                        ? bOffset + (jc + jr) * k + pc * vectors * L
                        : panelsB + (jr - packedFrom) * terms;
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
            if (aBlockRow < 0 && head < rows) {
              head -= head % Blocks.LENGTH; // the rest begins with a block
            }
            if (head > 0) {
              MicroKernels.panel(
                  vectors,
                  to,
                  head,
                  terms,
                  aFrom,
                  aBlock,
                  aBlockRow,
                  aBlockStep,
                  bFrom,
                  bPanel,
                  bStep,
                  z,
                  zPanel,
                  zRow,
                  c,
                  cPanel,
                  ldc,
                  mask,
                  maskPanel,
                  ldmask);
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
              int aRest = aBlock + (aBlockRow == 0 ? head * terms : place(head, aBlockRow));
              MicroKernels.panel(
                  vectors,
                  to,
                  rest,
                  terms,
                  aFrom,
                  aRest,
                  aBlockRow,
                  aBlockStep,
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

  /** Where a row or a term of A begins, of blocks the first of one. */
  private static int place(int number, int stride) {
    return stride < 0 ? number / Blocks.LENGTH * -stride : number * stride;
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
