package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.Lanes;

/**
 * The division of a matrix product into a tile in registers and blocks in caches, and the copies
 * that make them contiguous. The names are those of Goto and van de Geijn ("Anatomy of
 * High-Performance Matrix Multiplication", 2008) and BLIS. The shape decides the plan, once, and
 * the plan changes no bit of the result.
 *
 * @param swapped whether C^T = op(B)^T op(A)^T is computed instead, and then transposed
 * @param vectors number of vectors in a row of a panel, which has nr = vectors x lanes columns
 * @param packA whether A^T is copied into panels, tile after tile; otherwise A is read in place
 * @param packB whether B is copied into panels of nr columns
 * @param kc largest number of terms in one pass; between passes C holds the sums
 * @param nc number of columns in a block of B, which consists of whole panels
 */
record Plan(boolean swapped, int vectors, boolean packA, boolean packB, int kc, int nc) {
  private static final int L = Lanes.LENGTH;

  /** Vectors of the widest panel: the registers hold its sums, a row of B and a broadcast value. */
  static final int MOST_VECTORS = Lanes.REGISTERS == 32 ? 5 : 2;

  /** Vectors of a panel where C needs more than one panel. */
  private static final int VECTORS = Math.min(MOST_VECTORS, 4);

  /** Whether C2 cannot keep the 6 x 2 tile for columns of A in 16 registers. */
  private static final boolean SPILLS_COLUMNS =
      Lanes.REGISTERS == 16 && Runtime.version().feature() >= 25;

  /** Rows of a block of A: whole tiles of every height, which fit into a part of the L2 cache. */
  static final int MC = 120;

  /** Values of a panel of B, which stays in the L2 cache while the rows of A are read. */
  private static final int PANEL = L == 16 ? 1 << 17 : 1 << 14;

  /** Values of a block of B, which stays in the L3 cache while the blocks of packed A are read. */
  private static final int BLOCK = 1 << 21;

  /** Minimum number of rows of C for which copying B pays off. */
  private static final int ROWS_PER_PACKED_B = 32;

  /**
   * A distance in floats between the rows of A: all terms of an element of C then fall into the
   * same few sets of a cache, and so do those of its multiples.
   */
  static final int SAME_SETS = 1024;

  /** Number of columns of C from which a copy of such an A^T pays. */
  private static final int COLUMNS_PER_PACKED_A = 192;

  /**
   * Returns the plan of a product. The first row that applies decides:
   *
   * <pre>
   * product                                        computed as     A          B
   * TN, C at most a vector wide, and long          C^T = B^T A     in place   see below
   * NT, copying B costs twice what A and C cost    C^T = B A^T     in place   packed
   * TN, C of many columns, rows of A in one set    C = A^T B       packed     packed
   * any other                                      C = op(A) op(B) in place   see below
   * </pre>
   *
   * B is packed if it is transposed, if its rows do not fill whole vectors, or if many rows of C
   * share it, but not if it already has the layout of a panel.
   */
  static Plan of(Operands g) {
    boolean swapped =
        g.beginAtZero()
            && g.k <= PANEL / (MOST_VECTORS * L)
            && (g.orientation == Orientation.NT
                ? 4 * g.m >= 3 * L && (long) g.n * g.k >= Math.max(1 << 14, 2L * g.m * (g.n + g.k))
                : g.orientation == Orientation.TN && g.n <= L && g.m >= 3 * L);
    int m = swapped ? g.n : g.m;
    int n = swapped ? g.m : g.n;
    boolean columns = g.orientation == Orientation.TN;
    int vectors = g.packed != null ? g.packed.panel / L : vectors(n);
    boolean packA =
        columns && !swapped && n >= COLUMNS_PER_PACKED_A && m >= 6 && g.lda % SAME_SETS == 0;
    boolean inPlace = n % L == 0 && (m < ROWS_PER_PACKED_B || n == vectors * L) && !packA;
    boolean packB = g.packed == null && (g.orientation == Orientation.NT || !inPlace);
    int nr = vectors * L;
    int kc = PANEL / nr;
    if (g.k > kc) {
      int passes = (g.k + kc - 1) / kc;
      kc = (g.k + passes - 1) / passes; // passes of nearly equal length
    }
    return new Plan(swapped, vectors, packA, packB, kc, packA ? BLOCK / kc / nr * nr : nr);
  }

  /** Returns the number of vectors in the panels of a matrix with n columns. */
  static int vectors(int n) {
    int vectors = (n + L - 1) / L;
    return vectors <= MOST_VECTORS ? vectors : VECTORS;
  }

  /** Returns the height of the tallest tile for rows or columns of A. */
  static int tallest(boolean columns, int vectors) {
    return vectors == 5 || columns && vectors == 2 && SPILLS_COLUMNS ? 4 : 6;
  }

  /** Floats after packed A that copies of whole vectors may overwrite. */
  static final int SLACK = 16;

  // Places in the workspace: a row of the bias, a panel of C, then packed B, then packed A.
  static final int BIAS = PackedMatrix.START;
  static final int C = BIAS + MOST_VECTORS * L;
  static final int B = C + 2 * MC * MOST_VECTORS * L;

  /** Returns the floats of workspace that suffice for products of at most this size. */
  static int workspace(Orientation orientation, int m, int n, int k) {
    long panel = Math.min((long) k * MOST_VECTORS * L, PANEL + MOST_VECTORS * L);
    long b = panel;
    long a = 0;
    if (orientation == Orientation.TN && n >= COLUMNS_PER_PACKED_A) {
      long kc = Math.min(k, PANEL / L);
      b += Math.min((n + MOST_VECTORS * L) * kc, BLOCK);
      a = kc * Math.min(m, 2 * MC);
    }
    return Math.toIntExact(B + a + b + SLACK);
  }
}
