package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.Lanes;

/**
 * How a matrix product is cut into pieces: the tile that lives in registers, the blocks that live
 * in caches, and what is copied to make them contiguous. The names are those of Goto and van de
 * Geijn ("Anatomy of High-Performance Matrix Multiplication", 2008) and BLIS. It is decided once,
 * by the shape alone, and changes no bit of the result.
 *
 * @param swapped whether C^T = op(B)^T op(A)^T is computed in its place, and transposed
 * @param vectors vectors of a panel's row; a panel has nr = vectors x lanes columns
 * @param packA whether A^T is copied into panels, tile after tile; other A is read where it stands
 * @param packB whether B is copied into panels of nr columns
 * @param kc most terms of the sums in one pass; between passes the sums wait in C
 * @param nc columns of a block of B, whole panels
 */
record Plan(boolean swapped, int vectors, boolean packA, boolean packB, int kc, int nc) {
  private static final int L = Lanes.LENGTH;

  /** Vectors of the widest panel: as many sums as registers hold, with B and a broadcast. */
  static final int MOST_VECTORS = Lanes.REGISTERS == 32 ? 5 : 2;

  /** Vectors of the panels of a C that takes several. */
  private static final int VECTORS = Math.min(MOST_VECTORS, 4);

  /** Rows of a block of A: whole tiles of every height, a share of the L2 cache. */
  static final int MC = 120;

  /** Values of a panel of B, which stays in the L2 cache while rows of A go by. */
  private static final int PANEL = L == 16 ? 1 << 17 : 1 << 14;

  /** Values of a block of B that waits for all blocks of packed A: a share of the L3 cache. */
  private static final int BLOCK = 1 << 21;

  /** Rows of C that pay for a copy of B. */
  private static final int ROWS_PER_PACKED_B = 32;

  /** Columns of C that pay for a copy of A^T. */
  private static final int COLUMNS_PER_PACKED_A = 192;

  /**
   * The plan of a product, in which the row that fits first decides:
   *
   * <pre>
   * product                                        computed as     A          B
   * TN, C at most a vector wide, and long          C^T = B^T A     in place   see below
   * NT, copying B costs twice what A and C cost    C^T = B A^T     in place   packed
   * TN, C of many columns                          C = A^T B       packed     packed
   * any other                                      C = op(A) op(B) in place   see below
   * </pre>
   *
   * B is packed where it is transposed, where its rows do not end with a vector, and where many
   * rows of C share it; not where it stands as a panel already.
   */
  static Plan of(Gemm g) {
    boolean swapped =
        g.initial == Initial.ZERO
            && g.k <= PANEL / (MOST_VECTORS * L)
            && (g.orientation == Orientation.NT
                ? 4 * g.m >= 3 * L && (long) g.n * g.k >= Math.max(1 << 14, 2L * g.m * (g.n + g.k))
                : g.orientation == Orientation.TN && g.n <= L && g.m >= 3 * L);
    int m = swapped ? g.n : g.m;
    int n = swapped ? g.m : g.n;
    boolean columns = g.orientation == Orientation.TN;
    int vectors = g.packed != null ? g.packed.panel / L : vectors(n);
    if (columns && MOST_VECTORS > 3 && vectors == VECTORS && m % 8 == 0 && m <= 16) {
      vectors = 3; // the tile of 8 rows has no row left over
    }
    boolean packA = columns && !swapped && n >= COLUMNS_PER_PACKED_A && m >= 6;
    boolean inPlace = n % L == 0 && (m < ROWS_PER_PACKED_B || n == vectors * L) && !packA;
    boolean packB = g.packed == null && (g.orientation == Orientation.NT || !inPlace);
    int nr = vectors * L;
    int kc = PANEL / nr;
    if (g.k > kc) {
      int passes = (g.k + kc - 1) / kc;
      kc = (g.k + passes - 1) / passes; // of one length, nearly
    }
    return new Plan(swapped, vectors, packA, packB, kc, packA ? BLOCK / kc / nr * nr : nr);
  }

  /** Vectors of the panels of a matrix of n columns. */
  static int vectors(int n) {
    int vectors = (n + L - 1) / L;
    return vectors <= MOST_VECTORS ? vectors : VECTORS;
  }

  // Places in the workspace: a row of the bias, a panel of C, and packed B and A behind them.
  static final int BIAS = PackedMatrix.START;
  static final int C = BIAS + MOST_VECTORS * L;
  static final int B = C + 2 * MC * MOST_VECTORS * L;

  /** Floats of workspace for products that are no larger in any direction. */
  static int workspace(Orientation orientation, int m, int n, int k) {
    long panel = Math.min((long) k * MOST_VECTORS * L, PANEL + MOST_VECTORS * L);
    long b = panel;
    long a = 0;
    if (orientation == Orientation.TN && n >= COLUMNS_PER_PACKED_A) {
      long kc = Math.min(k, PANEL / L);
      b += Math.min((n + MOST_VECTORS * L) * kc, BLOCK);
      a = kc * Math.min(m, 2 * MC);
    }
    return Math.toIntExact(B + a + b + Packing.SLACK);
  }
}
