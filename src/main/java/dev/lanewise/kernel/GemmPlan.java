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

  static GemmPlan of(Orientation orientation, int m, int n, int k, int lda, Tile tile, int lanes) {
    int nr = tile.vectors * lanes;
    boolean transposedB = orientation == Orientation.NT;
    boolean packB = transposedB || (m >= ROWS_PER_PACKED_B && n > nr);
    boolean aliased = lda % ALIASING_STRIDE == 0;
    boolean packA = n >= COLUMNS_PER_PACKED_A && m >= tile.rows && (aliased || m >= 2 * MC);
    int nc = Math.max(nr, NC / nr * nr);
    return new GemmPlan(tile.rows, tile.vectors, MC / tile.rows * tile.rows, KC, nc, packA, packB);
  }

  int nr(int lanes) {
    return vectors * lanes;
  }

  /**
   * The largest register tile of a machine.
   *
   * @param rows rows of C
   * @param vectors vectors of a row of C
   */
  record Tile(int rows, int vectors) {
    /** 24 sums, 3 vectors of B and a broadcast: for 32 vector registers. */
    static final Tile REGISTERS_32 = new Tile(8, 3);

    /** 12 sums, 2 vectors of B and a broadcast: for 16; 4 x 3 spills. */
    static final Tile REGISTERS_16 = new Tile(6, 2);
  }
}
