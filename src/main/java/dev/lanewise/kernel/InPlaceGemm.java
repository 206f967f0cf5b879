package dev.lanewise.kernel;

/**
 * Products whose operands are read where they stand. What a copy of B costs, few rows do not pay
 * back, and a product of some hundred operations is done before a plan is made; with long vectors
 * many rows do not miss it either.
 *
 * <p>The last vectors of a row of C end where the row ends and overlap those before them, whose
 * values they compute again: no operand is read and no result written beyond its end. Only rows
 * shorter than a vector are read and written beyond theirs, into the next row, which is written
 * after; what has nothing behind it goes through the workspace.
 */
final class InPlaceGemm {
  private static final int L = Lanes.LENGTH;

  /** Rows from which on a copy of B may pay. */
  static final int ROWS = GemmPlan.ROWS_PER_PACKED_B;

  /** Rows so few that pairs of them are not worth it. */
  private static final int FEW_ROWS = 8;

  /** Terms too few to pay for a copy of B in any case. */
  private static final int FEW_TERMS = 4;

  /** Terms of a pass: B is read in order, and no cache has to hold it. */
  private static final int MOST_TERMS = GemmPlan.KC;

  /**
   * Vectors of the widest panel by rows of C: whole lines of B, read in order, and as many sums as
   * registers hold. 2 x 191 x 1479 runs at 37 GFLOP/s with 4 vectors.
   */
  private static final int[] WIDEST =
      Lanes.REGISTERS >= 32 ? new int[] {0, 8, 8, 6, 5, 4} : new int[] {0, 8, 4, 2};

  /**
   * Values of A that is read in rows beyond which it pays to copy B: 128 x 512 x 784 108 GFLOP/s,
   * with copies 107; 256 x 1000 x 512 104 and 103, 256 x 1000 x 784 97 and 100.
   */
  private static final int MOST_ROWS = 1 << 17;

  /**
   * Of A that is read in columns, as many as an L3 cache has room for: 784 x 512 x 128 112 GFLOP/s,
   * with copies 107; 1024 x 512 x 1024 104 and 103.
   */
  private static final int MOST_COLUMNS = 1 << 20;

  private InPlaceGemm() {}

  /** Vectors of the widest panel of all. */
  static final int MOST_VECTORS = 8;

  /** Whether a product is one for here. */
  static boolean serves(
      Orientation orientation, int m, int n, int k, int ldb, Initial initial, Epilogue epilogue) {
    return orientation != Orientation.NT
        && (m < ROWS || k < FEW_TERMS || copiesTooMuch(orientation, m, n, k, ldb))
        && k <= MOST_TERMS
        && !Kernels.isPacked(ldb)
        && initial != Initial.RESULT
        && epilogue != Epilogue.RELU_MASK;
  }

  /**
   * Whether many rows, too, do better without copies. A panel of B whose rows are far from each
   * other is read from the L2 cache as fast as it is needed, unless these fall into few of its
   * sets, and while tiles go down the rows of A, from which they have to come again for each panel,
   * too. Where the last panels would overlap much, and where B stands as a panel, it is no use; nor
   * with shorter vectors, whose panels have a cache line a row (AVX2, 784 x 512 x 128: 81 GFLOP/s,
   * with copies 102), nor with tall tiles, for which B then comes too slowly (128 x 512 x 784 on an
   * Intel: a tile alone 108 GFLOP/s, and of copies 137).
   */
  private static boolean copiesTooMuch(Orientation orientation, int m, int n, int k, int ldb) {
    boolean wide = n % L == 0 || n > 4 * L;
    boolean panel = n == ldb && n == PackedPanels.columns(n);
    boolean aliased = ldb % GemmPlan.ALIASING_STRIDE == 0;
    long values = (long) m * k;
    return L == 16
        && !Lanes.TALL
        && wide
        && !panel
        && (orientation == Orientation.TN
            ? values <= MOST_COLUMNS && k <= (aliased ? MOST_TERMS / 4 : MOST_TERMS / 2)
            : values <= MOST_ROWS && k <= MOST_TERMS / 2 && !aliased);
  }

  /**
   * Whether B is packed, and the product one for here: a plan would cost more than it saves, and
   * more than one pass no less (a row through 2304-16-80-7 2.86 us, in one pass 2.80).
   */
  static boolean servesPacked(int m, int ldb, Initial initial, Epilogue epilogue) {
    return Kernels.isPacked(ldb)
        && m < FEW_ROWS
        && initial != Initial.RESULT
        && epilogue != Epilogue.RELU_MASK;
  }

  /** Floats of workspace: the bias, rows of C and the last rows of B, of a vector each. */
  static final int WORKSPACE = 16 + ROWS * 16 + 16 * 16;

  /** Vectors of the widest panel, for A in rows or in columns. */
  static int widest(int m, boolean columns) {
    int widest = WIDEST[Math.min(m, WIDEST.length - 1)];
    return columns ? Math.min(widest, PackedPanels.VECTORS) : widest;
  }

  static void gemm(
      boolean tn,
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
      float[] workspace) {
    int aRow = tn ? 1 : lda;
    int aStep = tn ? lda : 1;
    float[] z = initial == Initial.BIAS ? bias : BlockedGemm.ZEROS;
    int zOffset = initial == Initial.BIAS ? biasOffset : 0;
    if (n < L) {
      if (initial == Initial.BIAS) {
        System.arraycopy(bias, biasOffset, workspace, 0, n);
        z = workspace;
        zOffset = 0;
      }
      narrow(
          m, n, k, a, aOffset, aRow, aStep, b, bOffset, ldb, c, cOffset, ldc, z, zOffset, epilogue,
          workspace);
      return;
    }
    int widest = widest(m, aStep != 1);
    for (int done = 0; done < n; ) {
      int vectors = Math.min(widest, (n - done + L - 1) / L);
      if (vectors * L > n) {
        vectors--;
      }
      int j = Math.min(done, n - vectors * L);
      MicroKernels.panel(
          vectors,
          epilogue,
          m,
          k,
          a,
          aOffset,
          aRow,
          aStep,
          b,
          bOffset + j,
          ldb,
          z,
          initial == Initial.BIAS ? zOffset + j : 0,
          0,
          c,
          cOffset + j,
          ldc,
          null,
          0,
          0);
      done = j + vectors * L;
    }
  }

  /**
   * The product with B as {@link VectorKernels#pack} has it, panel by panel, perhaps the last one
   * first: see {@link Kernels#PACKED_BACKWARDS}.
   */
  static void packed(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int lda,
      float[] b,
      int bOffset,
      boolean backwards,
      float[] c,
      int cOffset,
      int ldc,
      Initial initial,
      float[] bias,
      int biasOffset,
      Epilogue epilogue,
      float[] workspace) {
    int panel = PackedPanels.columns(n);
    for (int done = 0; done < n; done += panel) {
      int j = backwards ? (n - 1 - done) / panel * panel : done;
      int width = Math.min(panel, n - j);
      int vectors = (width + L - 1) / L;
      int step = vectors * L;
      boolean whole = width == step;
      float[] z = BlockedGemm.ZEROS;
      int zOffset = 0;
      if (initial == Initial.BIAS) {
        z = bias;
        zOffset = biasOffset + j;
        if (!whole) {
          System.arraycopy(bias, zOffset, workspace, 0, width);
          z = workspace;
          zOffset = 0;
        }
      }
      MicroKernels.panel(
          vectors,
          epilogue,
          m,
          k,
          a,
          aOffset,
          lda,
          1,
          b,
          bOffset + j * k,
          step,
          z,
          zOffset,
          0,
          whole ? c : workspace,
          whole ? cOffset + j : step,
          whole ? ldc : step,
          null,
          0,
          0);
      for (int i = 0; i < m && !whole; i++) {
        System.arraycopy(workspace, step + i * step, c, cOffset + i * ldc + j, width);
      }
    }
  }

  /** Rows of C shorter than a vector, some at a time. */
  private static void narrow(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aStep,
      float[] b,
      int bOffset,
      int ldb,
      float[] c,
      int cOffset,
      int ldc,
      float[] z,
      int zOffset,
      Epilogue epilogue,
      float[] workspace) {
    int scratch = L;
    int rest = scratch + ROWS * L;
    // The last terms' rows of B have no whole vector before the array ends.
    int whole = k;
    while (whole > 0 && bOffset + (whole - 1) * ldb + L > b.length) {
      whole--;
    }
    for (int p = whole; p < k; p++) {
      for (int j = 0; j < n; j++) {
        workspace[rest + (p - whole) * L + j] = b[bOffset + p * ldb + j];
      }
    }
    int direct = direct(m, n, ldc);
    for (int i = 0; i < m; i += ROWS) {
      int rows = Math.min(ROWS, m - i);
      int at = aOffset + i * aRow;
      if (whole == k) {
        rows(
            rows,
            direct - i,
            n,
            k,
            a,
            at,
            aRow,
            aStep,
            b,
            bOffset,
            ldb,
            z,
            zOffset,
            0,
            c,
            cOffset + i * ldc,
            ldc,
            epilogue,
            workspace);
        continue;
      }
      if (whole > 0) {
        MicroKernels.panel(
            1,
            Epilogue.NONE,
            rows,
            whole,
            a,
            at,
            aRow,
            aStep,
            b,
            bOffset,
            ldb,
            z,
            zOffset,
            0,
            workspace,
            scratch,
            L,
            null,
            0,
            0);
      }
      rows(
          rows,
          direct - i,
          n,
          k - whole,
          a,
          at + whole * aStep,
          aRow,
          aStep,
          workspace,
          rest,
          L,
          whole > 0 ? workspace : z,
          whole > 0 ? scratch : zOffset,
          whole > 0 ? L : 0,
          c,
          cOffset + i * ldc,
          ldc,
          epilogue,
          workspace);
    }
  }

  /** The first rows straight to C, the others by way of the workspace. */
  private static void rows(
      int rows,
      int direct,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aStep,
      float[] b,
      int bOffset,
      int ldb,
      float[] z,
      int zOffset,
      int zRow,
      float[] c,
      int cOffset,
      int ldc,
      Epilogue epilogue,
      float[] workspace) {
    int head = Math.max(0, Math.min(rows, direct));
    if (head > 0) {
      MicroKernels.panel(
          1, epilogue, head, k, a, aOffset, aRow, aStep, b, bOffset, ldb, z, zOffset, zRow, c,
          cOffset, ldc, null, 0, 0);
    }
    if (head == rows) {
      return;
    }
    int scratch = L;
    MicroKernels.panel(
        1,
        epilogue,
        rows - head,
        k,
        a,
        aOffset + head * aRow,
        aRow,
        aStep,
        b,
        bOffset,
        ldb,
        z,
        zOffset + head * zRow,
        zRow,
        workspace,
        scratch,
        L,
        null,
        0,
        0);
    for (int i = head; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        c[cOffset + i * ldc + j] = workspace[scratch + (i - head) * L + j];
      }
    }
  }

  /** How many rows of C have enough behind them for the lanes that spill over: rows of C. */
  private static int direct(int m, int n, int ldc) {
    return ldc == n ? m - (L - 1) / n : 0;
  }
}
