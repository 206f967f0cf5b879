package dev.lanewise.kernel;

/**
 * How a matrix product is cut into pieces: the tile that lives in registers, the blocks that live
 * in caches, and what is copied to make them contiguous. The names are those of Goto and van de
 * Geijn ("Anatomy of High-Performance Matrix Multiplication", 2008) and BLIS. No choice here can
 * change a bit of the result: every output stays one chain over k.
 *
 * @param mr rows of a tile
 * @param vectors vectors of a tile's row; a tile has nr = vectors x lanes columns
 * @param mc rows of a block of A
 * @param kc length of the sums in one pass; between passes the sums wait in C
 * @param nc columns of a block of B, a multiple of nr
 * @param packA whether a block of A is copied into panels of mr rows
 * @param packB whether a block of B is copied into panels of nr columns
 */
record GemmPlan(int mr, int vectors, int mc, int kc, int nc, boolean packA, boolean packB) {
  /** A block of A, mc x kc, and a panel of B, kc x nr, take 288 KB: a good half of a 512 KB L2. */
  static final int KC = 384;

  static final int MC = 144;

  /** A packed block of B takes at most 3 MB, a share of L3. */
  static final int NC = 2016;

  /** Rows that must share a packed block of B to pay for its copying. */
  static final int ROWS_PER_PACKED_B = 32;

  /** Columns that must share a packed block of A. */
  static final int COLUMNS_PER_PACKED_A = 192;

  /** Rows of A this many floats apart fall into one set of the L1 cache. */
  static final int ALIASING_STRIDE = 1024;

  /** The plan without and with a packed A and B: [packA][packB], all there are for a machine. */
  static GemmPlan[][] all(Tile tile, int lanes) {
    GemmPlan[][] plans = new GemmPlan[2][2];
    int nr = tile.vectors * lanes;
    int mc = MC / tile.rows * tile.rows;
    for (int i = 0; i < 4; i++) {
      plans[i / 2][i % 2] =
          new GemmPlan(tile.rows, tile.vectors, mc, KC, NC / nr * nr, i / 2 == 1, i % 2 == 1);
    }
    return plans;
  }

  /** Chooses one of {@link #all}; makes none, for a call of gemm allocates nothing. */
  static GemmPlan of(
      GemmPlan[][] all, int lanes, Orientation orientation, int m, int n, int k, int lda) {
    GemmPlan any = all[0][0];
    boolean packB =
        orientation == Orientation.NT || (m >= ROWS_PER_PACKED_B && n > any.vectors * lanes);
    boolean aliased = lda % ALIASING_STRIDE == 0;
    boolean packA = n >= COLUMNS_PER_PACKED_A && m >= any.mr && (aliased || m >= 2 * MC);
    return all[packA ? 1 : 0][packB ? 1 : 0];
  }

  /** Rows of the next tile, of so many that are left: heights for which there is a micro-kernel. */
  int height(int left) {
    if (left >= mr) {
      return mr;
    }
    return left >= 4 ? 4 : left >= 2 ? 2 : 1;
  }

  /**
   * The largest register tile of a machine.
   *
   * @param rows rows of C
   * @param vectors vectors of a row of C
   */
  record Tile(int rows, int vectors) {
    /**
     * 18 sums, 3 vectors of B and a broadcast: for 32 vector registers. 8 x 3 is no faster (105
     * against 108 GFLOP/s in L1 on 17, 96 against 108 on 25) and too large for C1 with an epilogue.
     */
    static final Tile REGISTERS_32 = new Tile(6, 3);

    /** 12 sums, 2 vectors of B and a broadcast: for 16; 4 x 3 spills. */
    static final Tile REGISTERS_16 = new Tile(6, 2);
  }
}
