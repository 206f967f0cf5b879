package dev.lanewise.kernel;

/**
 * How a matrix product is cut into pieces: the tile that lives in registers, the blocks that live
 * in caches, and what is copied to make them contiguous. The names are those of Goto and van de
 * Geijn ("Anatomy of High-Performance Matrix Multiplication", 2008) and BLIS. No choice here can
 * change a bit of the result: every output stays one chain over k.
 *
 * @param vectors vectors of a panel's row; a panel has nr = vectors x lanes columns
 * @param mc rows of a block of A
 * @param kc most terms of the sums in one pass; between passes the sums wait in C
 * @param nc columns of a block of B, a multiple of nr
 * @param packA whether a block of A is copied: A^T into panels of mr rows, other rows side by side
 *     or, with 16 registers, in blocks of terms
 * @param packB whether a block of B is copied into panels of nr columns
 */
record GemmPlan(int vectors, int mc, int kc, int nc, boolean packA, boolean packB) {
  /**
   * A block of A, mc x kc, and a panel of B, kc x nr, take all of L2 with 4 vectors of 16 lanes,
   * but a second pass over C costs more than what of them comes from L3 (1024^3: 107 GFLOP/s, in
   * two passes 96; 2048^3 in one pass 103 to 109, in one of 6 x 3 tiles 101 to 106).
   */
  static final int KC = 2048;

  /**
   * For lanes narrower than 16: 512 x 2048 x 2048 on a Zen 3 0.90 of OpenBLAS on 17 and 0.92 on 25,
   * with 2048 terms 0.86 and 0.88, with 384 0.83 and 0.88; 1024^3 and less as with 2048.
   */
  static final int KC_NARROW_LANES = 1024;

  /**
   * 24, 48 and 96 differ by less than 1% at 1024^3; 60 is whole tiles of 4, 5 and 6 rows, and
   * leaves the rest of L2 to a long panel.
   */
  static final int MC = 60;

  /**
   * For tall tiles: whole ones, and with 2 MB of L2 a panel of B does not come as often from L3.
   */
  static final int MC_TALL = 132;

  /**
   * Of a panel of one vector, whose tiles have 6 and 12 rows. It is alone, so no cache has to hold
   * a block of A for the next.
   */
  static final int MC_NARROW = 48;

  /** Of A that stands in {@link Blocks}: whole tiles of 6 rows, and whole blocks of 8. */
  static final int MC_BLOCKS = 48;

  /** A packed block of B takes at most 8 MB, a share of L3. */
  private static final int PACKED_B = 2 << 20;

  /**
   * For lanes narrower than 16, 2 MB: a share of an L3 cache that others use, too (2048^3 on a busy
   * Zen 3, 17 and 25: 0.91 and 0.96 of OpenBLAS, with 8 MB 0.84 and 0.88, with 1 MB 0.87 and 0.90).
   */
  private static final int PACKED_B_NARROW_LANES = 1 << 19;

  /** Rows of the tallest tile that takes packed A. */
  static final int MR = 6;

  /**
   * Vectors of the widest panel for 32 vector registers, for C of just so many columns: 4 x 5 sums,
   * 5 of B and a broadcast.
   */
  static final int VECTORS_32 = 5;

  /** For 16 registers: 6 x 2 sums, 2 of B and a broadcast; 4 x 3 spills. */
  static final int VECTORS_16 = 2;

  /**
   * Rows of the tall tiles for a few columns of A, as the gradient of a narrow layer has them: 8 x
   * 3, with A where it stands (2304 x 16 x 100 on an Intel: turned 111 GFLOP/s, not turned 89).
   */
  private static final int FEW = 8;

  /** Rows that must share a packed block of B to pay for its copying. */
  static final int ROWS_PER_PACKED_B = 32;

  /** Columns that must share a packed block of A. */
  static final int COLUMNS_PER_PACKED_A = 192;

  /**
   * Columns that must share a copy of A in blocks of terms, more than two panels of two vectors (of
   * 8 lanes: 100 x 32 x 100 on a Zen 3 0.87 of what it is without), unless sums are long.
   */
  static final int COLUMNS_PER_BLOCKS = 33;

  /** Terms for which two panels will do: a busy neighbour takes less of them (1.24, else 1.01). */
  static final int LONG_SUMS = 256;

  /**
   * Terms from which on such blocks pay (on 17 and 25, 100 x 80 x 16 1.15 and 0.98 of what it is
   * without, 100 x 96 x 32 1.07 and 0.95, 100 x 200 x 32 1.48 and 1.01). With a constant step of A
   * a tile of theirs begins slowly (on 21 100 x 80 x 16 0.89 of OpenBLAS, without 1.19).
   */
  static final int TERMS_OF_BLOCKS = C2.CONSTANT_STEP ? 64 : C2.FENCES ? 32 : 16;

  /**
   * Floats between copied rows of A beyond their own: rows 512 apart would share two places of each
   * 4 KB way of an L1 cache.
   */
  static final int ROW_PADDING = 16;

  /** Rows of A this many floats apart fall into one set of the L1 cache. */
  static final int ALIASING_STRIDE = 1024;

  /** Where the plans for an A that stands in {@link Blocks} begin. */
  private static final int IN_BLOCKS = 4;

  /**
   * All plans of a machine, by vectors, and then without and with a packed A and B; the last two
   * are for an A that stands in {@link Blocks}.
   */
  static GemmPlan[][] all(int mostVectors, int lanes, boolean tall) {
    GemmPlan[][] plans = new GemmPlan[mostVectors + 1][];
    for (int vectors = 1; vectors <= mostVectors; vectors++) {
      plans[vectors] = packings(vectors, kc(lanes), lanes, tall);
    }
    return plans;
  }

  /** Most rows of a block of A. */
  static int mc(boolean tall) {
    return tall ? MC_TALL : MC;
  }

  /** Most terms of the sums in one pass, {@link #kc}. */
  static int kc(int lanes) {
    return lanes == 16 ? KC : KC_NARROW_LANES;
  }

  /**
   * The terms of each pass over sums of length k but the last: passes of one length, nearly, and of
   * whole blocks of terms.
   */
  int depth(int k) {
    int passes = (k + kc - 1) / kc;
    return passes <= 1 ? k : whole((k + passes - 1) / passes, MicroKernels.BLOCK);
  }

  /** A number of terms and, where the last turn of so many is not full, those that fill it. */
  static int whole(int terms, int turn) {
    return (terms + turn - 1) / turn * turn;
  }

  /** Most values of a packed block of B. */
  static int packedB(int lanes) {
    return lanes == 16 ? PACKED_B : PACKED_B_NARROW_LANES;
  }

  /**
   * The columns of each block of n but the last: whole panels, and blocks of one width, nearly.
   * Where terms are few, narrow lanes have more columns.
   */
  int width(int n, int k, int lanes) {
    int nr = vectors * lanes;
    int terms = whole(Math.max(1, depth(k)), MicroKernels.BLOCK);
    int most = lanes == 16 ? nc : packedB(lanes) / terms / nr * nr;
    int blocks = (n + most - 1) / most;
    return blocks <= 1 ? most : ((n + blocks - 1) / blocks + nr - 1) / nr * nr;
  }

  /**
   * Whether the first layer of a network is sooner done with its inputs in {@link Blocks}. A layer
   * of one vector has tiles of its own; a wide one copies A for tiles that are taller, which so
   * many columns pay for (an epoch on a Zen 3, 17 and 25: 2304-16-80-7 1.13 and 1.11 times as fast
   * in blocks, 784-64-10 1.01, 784-512-512-10 0.99 and 0.98).
   */
  static boolean takesBlocks(int m, int n, int k, int lanes) {
    return m >= MR && n > lanes && n < COLUMNS_PER_PACKED_A && k >= 2 * Blocks.LENGTH;
  }

  /**
   * The six plans for panels of so many vectors. With tall tiles and A where it stands a block of B
   * is one panel, which is still in L2 when it has been copied and all rows have passed (on an
   * Intel 64 x 512 x 784: 118 GFLOP/s in blocks of all columns, so 140; 256 x 512 x 784 146, 152).
   */
  private static GemmPlan[] packings(int vectors, int kc, int lanes, boolean tall) {
    GemmPlan[] plans = new GemmPlan[6];
    int nr = vectors * lanes;
    for (int i = 0; i < 6; i++) {
      boolean packA = i / 2 == 1;
      int mc = i >= IN_BLOCKS ? MC_BLOCKS : vectors == 1 ? MC_NARROW : mc(tall);
      int nc = tall && !packA ? nr : packedB(lanes) / kc / nr * nr;
      plans[i] = new GemmPlan(vectors, mc, kc, nc, packA, i % 2 == 1);
    }
    return plans;
  }

  /**
   * Chooses one of {@link #all}; makes none, for a call of gemm allocates nothing. With {@code
   * blocks}, for 16 registers, packed rows of A stand in blocks of terms; {@code tall} is {@link
   * Lanes#TALL}.
   */
  static GemmPlan of(
      GemmPlan[][] all,
      int mostVectors,
      int lanes,
      boolean blocks,
      boolean tall,
      Orientation orientation,
      int m,
      int n,
      int k,
      int lda,
      int ldb) {
    boolean nt = orientation == Orientation.NT;
    boolean packed = Kernels.isPacked(ldb);
    int vectors = vectors(n, mostVectors, lanes, tall);
    boolean few =
        tall && orientation == Orientation.TN && vectors == 4 && (m == FEW || m == 2 * FEW);
    if (few) {
      vectors = 3;
    }
    boolean panel = packed || (n == ldb && n == vectors * lanes);
    if (lda < 0) {
      return all[vectors][panel ? IN_BLOCKS : IN_BLOCKS + 1];
    }
    boolean packB = nt || (m >= ROWS_PER_PACKED_B && !panel);
    boolean packA;
    if (blocks) {
      // The tiles of packed A take packed B.
      packA =
          (packB || panel)
              && m >= MR
              && (orientation == Orientation.TN ? n >= COLUMNS_PER_PACKED_A : paysForBlocks(n, k));
    } else {
      boolean aliased = lda % ALIASING_STRIDE == 0;
      // Tall tiles take rows of A where they stand: on an Intel 128 x 512 x 784 148 GFLOP/s, of
      // copied ones 131, 512^3 154 and 150, 128 x 512 x 1024 145 and 129.
      boolean copiesRows = !tall && (aliased || m >= 2 * MC);
      packA =
          n >= COLUMNS_PER_PACKED_A
              && m >= MR
              && !few
              && (orientation == Orientation.TN || copiesRows);
    }
    return all[vectors][(packA ? 2 : 0) + (packB ? 1 : 0)];
  }

  /** Whether copying A in blocks of terms pays; terms that fill the last block count as lost. */
  private static boolean paysForBlocks(int n, int k) {
    int lost = (MicroKernels.BLOCK - k % MicroKernels.BLOCK) % MicroKernels.BLOCK;
    return k + lost >= TERMS_OF_BLOCKS
        && lost * 8 <= k
        && (n >= COLUMNS_PER_BLOCKS || (n > COLUMNS_PER_BLOCKS / 2 && k >= LONG_SUMS));
  }

  /**
   * Vectors of the panels of a k x n matrix: 4 where they divide it well, whose tiles load least
   * (512^3: 109 GFLOP/s, with 3 104), and 3 where 4 would leave a last panel of one vector. Tall
   * ones do better with that (on an Intel 100 x 144 x 784: 145 GFLOP/s, with 3 122).
   */
  static int vectors(int n, int mostVectors, int lanes, boolean tall) {
    int count = (n + lanes - 1) / lanes;
    if (count <= mostVectors) {
      return count;
    }
    boolean four = tall || (count % 4 != 1 && (count % 4 == 0 || count % 3 != 0));
    return Math.min(mostVectors, four ? 4 : 3);
  }
}
