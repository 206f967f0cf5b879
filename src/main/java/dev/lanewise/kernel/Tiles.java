package dev.lanewise.kernel;

import dev.lanewise.kernel.Rehearsal.Work;
import java.util.function.IntPredicate;

/**
 * Which register tiles a product of {@link VectorGemm} uses, by number, and how to rehearse one. It
 * may err: a tile that was forgotten is interpreted for a while.
 */
final class Tiles {
  private static final int L = Lanes.LENGTH;

  // A tile's number: its vectors, whether it masks, its kind, and its height.
  private static final int HEIGHTS = 16;
  private static final int ROWS = 0;
  private static final int STRIDED = 1;
  private static final int COLUMNS = 2;
  private static final int COLUMNS_PANEL = 3;
  private static final int PACKED_COLUMNS = 4;
  private static final int BLOCK_COLUMNS = 5;
  private static final int BLOCK_ROWS = 6;
  private static final int ROWS_BY_TERMS = 7;
  private static final int KINDS = 8;
  private static final int PAIRS = (InPlaceGemm.MOST_VECTORS + 1) * 2 * KINDS * HEIGHTS;
  private static final int SQUARE = PAIRS + 1;
  private static final int TURNED = PAIRS + 2;

  /** What copies operands to panels. */
  private static final int COPIES = PAIRS + 3;

  /** Panels of few terms: behind it, by terms and vectors. */
  private static final int THIN = PAIRS + 4;

  private static final int THIN_VECTORS = MicroKernels.MOST_THIN + 1;

  /** How many numbers there may be. */
  static final int COUNT = THIN + MicroKernels.THIN.length * THIN_VECTORS;

  private static final int[][][] TABLES = {
    MicroKernels.ROWS,
    MicroKernels.STRIDED,
    MicroKernels.COLUMNS,
    MicroKernels.COLUMNS_PANEL,
    MicroKernels.PACKED_COLUMNS,
    MicroKernels.BLOCK_COLUMNS,
    MicroKernels.BLOCK_ROWS,
    MicroKernels.ROWS_BY_TERMS
  };

  private static final boolean FEW_REGISTERS = Lanes.REGISTERS == 16;

  private static final int STRIDED_TALLEST = FEW_REGISTERS ? HEIGHTS : 4;

  /** Vectors of tall tiles. */
  private static final int TALL_VECTORS = 4;

  /**
   * Terms of a rehearsed tile. C2 unrolls a loop no further than the turns that it has seen: from 2
   * terms it makes loops that take a tenth longer.
   */
  private static final int K = 16;

  /**
   * For panels of four vectors, which wide layers have (784-512-512-10, 14 epochs each in turn on a
   * Zen 4, 17: 379 ms, so 367; with 32 for all 373, and 2304-16-80-7 6.95 in place of 6.8; tall
   * ones on an Intel 312 ms with 32, 295 with 96, 128 and 192). The C2 of 25 makes the same of 64
   * terms (285 ms with 64 and 96, 295 with 48), for less garbage.
   */
  private static final int K_WIDE = Lanes.TALL ? (C2.FEWER_TURNS ? 64 : 96) : 32;

  private static final int LITTLE = 2;

  /**
   * Multiply-adds by which a tile is told from C1's code that calls operations which C2 has
   * compiled one by one. Two of a tile of one sum did not take it the limit, in one of some twenty
   * processes, which then had 130 MB of garbage.
   */
  private static final int TELLING = 24;

  /**
   * Terms by which pairs of rows are told from code that stores their sums by way of the heap,
   * which takes 20 times as long; of two it took no longer than the limit.
   */
  private static final int PAIRS_LITTLE = 32;

  /** Terms beyond whole turns: the tile that brings such has no number of its own. */
  private static final int LEFT = 3;

  private final float[] a = new float[GemmPlan.MC * K + HEIGHTS * K_WIDE];
  private final float[] b = new float[K_WIDE * GemmPlan.VECTORS_32 * 16];
  private final float[] c = new float[HEIGHTS * InPlaceGemm.MOST_VECTORS * 16];
  private final float[] z = new float[c.length];
  private final IntPredicate isReady;

  /**
   * The tiles of a machine.
   *
   * @param isReady whether a tile is compiled, by number; whatever is asked for is needed
   */
  Tiles(IntPredicate isReady) {
    this.isReady = isReady;
  }

  /** Whether all tiles of a product are compiled. */
  boolean areReady(
      Orientation orientation,
      int m,
      int n,
      int k,
      int lda,
      int ldb,
      Initial initial,
      Epilogue epilogue) {
    Orientation simplest = VectorGemm.simplest(orientation, n, k, lda, ldb);
    if (simplest != orientation && orientation == Orientation.NT) {
      ldb = n;
    }
    switch (GemmMethod.of(simplest, m, n, k, lda, ldb, initial, epilogue)) {
      case MATRIX_VECTOR, VECTOR_MATRIX -> {
        return !MatrixVector.turns(Math.max(m, n), k) || isReady.test(TURNED);
      }
      case THIN -> {
        return thin(n, k, simplest == Orientation.NT);
      }
      case PACKED_ROWS -> {
        int nr = PackedPanels.columns(n);
        int rest = (n % nr + L - 1) / L;
        return (n < nr || panel(nr / L, false, Layout.IN_PLACE, false, m, k, true))
            & (rest == 0 || panel(rest, false, Layout.IN_PLACE, false, m, k, true));
      }
      case ROW_PAIRS, TURNED_PAIRS -> {
        return isReady.test(PAIRS);
      }
      case IN_PLACE -> {
        return inPlace(m, n, k, ldb, simplest == Orientation.TN);
      }
      case NARROW_GRADIENT, TURNED -> {
        return isReady.test(SQUARE)
            & isReady.test(COPIES)
            & blocks(simplest, n, m, k, ldb, lda, true, Epilogue.NONE);
      }
      case BLOCKS -> {
        return (simplest != Orientation.NT || isReady.test(SQUARE))
            & (simplest != Orientation.NT || k >= L || isReady.test(COPIES))
            & blocks(simplest, m, n, k, lda, ldb, false, epilogue);
      }
    }
    throw new AssertionError();
  }

  private boolean thin(int n, int k, boolean transposed) {
    int width = ThinGemm.block(n, transposed);
    boolean ready = true;
    for (int done = 0, vectors; done < width; done += vectors * L) {
      vectors = ThinGemm.vectors(k, width, done);
      ready &= isReady.test(THIN + k * THIN_VECTORS + vectors);
    }
    return ready;
  }

  private boolean inPlace(int m, int n, int k, int ldb, boolean columns) {
    if (n < L) {
      int last = (m - 1) % InPlaceGemm.ROWS + 1;
      int spilled = Math.min(last, (L - 1) / n);
      return (m <= InPlaceGemm.ROWS
              || panel(1, columns, Layout.IN_PLACE, false, InPlaceGemm.ROWS, k, ldb == L))
          & panel(1, columns, Layout.IN_PLACE, false, last - spilled, k, ldb == L)
          & panel(1, columns, Layout.IN_PLACE, false, spilled, k, ldb == L);
    }
    int widest = InPlaceGemm.widest(m, columns);
    boolean ready = true;
    for (int done = 0; done < n; ) {
      int vectors = Math.min(Math.min(widest, (n - done + L - 1) / L), n / L);
      ready &= panel(vectors, columns, Layout.IN_PLACE, false, m, k, ldb == vectors * L);
      done = Math.min(done, n - vectors * L) + vectors * L;
    }
    return ready;
  }

  /** The blocks of C, or of its transpose. */
  private boolean blocks(
      Orientation orientation,
      int m,
      int n,
      int k,
      int lda,
      int ldb,
      boolean turned,
      Epilogue epilogue) {
    GemmPlan plan = BlockedGemm.plan(orientation, m, n, k, lda, ldb);
    boolean columns = orientation == Orientation.TN;
    boolean mask =
        epilogue == Epilogue.RELU_MASK && BlockedGemm.masks(orientation, m, n, k, lda, ldb);
    Layout layout = lda < 0 ? Layout.BLOCKS : plan.packA() ? Layout.PACKED : Layout.IN_PLACE;
    boolean packed = plan.packB() || Kernels.isPacked(ldb) || orientation == Orientation.NT;
    boolean copiedB =
        orientation != Orientation.NT && !Kernels.isPacked(ldb) && (plan.packB() || n % L != 0);
    boolean copiedA = plan.packA() && (columns || FEW_REGISTERS);
    int nr = plan.vectors() * L;
    int rest = n % nr;
    int vectors = (rest + L - 1) / L;
    int last = (m - 1) % plan.mc() + 1;
    // Of a panel that is not whole, the last rows go by way of a scratch panel.
    int spilled = turned || n > nr || rest % L == 0 ? 0 : Math.min(last, (vectors * L - 1) / n);
    boolean ready = !(copiedA || copiedB) || isReady.test(COPIES);
    int bRow = packed ? Kernels.PACKED : ldb;
    int turn = BlockedGemm.turn(plan, orientation);
    int depth = plan.depth(k);
    int end = GemmPlan.whole(k == 0 ? 0 : (k - 1) % depth + 1, turn);
    if (depth >= k) {
      return ready & panels(plan, m, n, end, columns, layout, mask, spilled, bRow);
    }
    // Passes but the last have no mask, and those but the first spill no rows: all are copied.
    int terms = GemmPlan.whole(depth, turn);
    return ready
        & panels(plan, m, n, terms, columns, layout, false, spilled, bRow)
        & panels(plan, m, n, terms, columns, layout, false, 0, bRow)
        & panels(plan, m, n, end, columns, layout, mask, 0, bRow);
  }

  /** One pass over C; bRow is the distance of the rows of B, or says that they are packed. */
  private boolean panels(
      GemmPlan plan,
      int m,
      int n,
      int k,
      boolean columns,
      Layout layout,
      boolean mask,
      int spilled,
      int bRow) {
    int last = (m - 1) % plan.mc() + 1;
    return (m <= plan.mc() || rows(plan, plan.mc(), n, k, columns, layout, mask, bRow))
        & rows(plan, last - spilled, n, k, columns, layout, mask, bRow)
        & rows(plan, spilled, n, k, columns, layout, mask, bRow);
  }

  private boolean rows(
      GemmPlan plan,
      int rows,
      int n,
      int k,
      boolean columns,
      Layout layout,
      boolean mask,
      int bRow) {
    int nr = plan.vectors() * L;
    int vectors = (n % nr + L - 1) / L;
    boolean whole = bRow == Kernels.PACKED || bRow == nr;
    boolean narrow = bRow == Kernels.PACKED || n % L != 0 || bRow == vectors * L; // copied
    return (n < nr || panel(plan.vectors(), columns, layout, mask, rows, k, whole))
        & (vectors == 0 || panel(vectors, columns, layout, mask, rows, k, narrow));
  }

  /** How A stands. */
  private enum Layout {
    IN_PLACE,
    PACKED,
    BLOCKS
  }

  /** The tiles of a panel, as {@link MicroKernels} chooses them. */
  private boolean panel(
      int vectors, boolean columns, Layout layout, boolean mask, int rows, int k, boolean packed) {
    int tall = rows - rows % GemmPlan.MR;
    boolean packedA = layout == Layout.PACKED;
    if (columns && layout == Layout.BLOCKS) {
      int half = MicroKernels.BLOCK / 2;
      int left = rows % half;
      boolean turns = vectors == 2 && rows >= half;
      boolean rest = vectors != 2 || k % MicroKernels.TERMS != 0;
      return (!turns || heights(BLOCK_COLUMNS, vectors, false, half, HEIGHTS))
          & (!rest || heights(COLUMNS, vectors, false, Math.min(rows, half), half))
          & heights(COLUMNS, vectors, false, left, half);
    } else if (columns) {
      boolean turns = FEW_REGISTERS && packed && vectors == 2;
      boolean rest = turns && k % MicroKernels.TERMS != 0;
      boolean spills = FEW_REGISTERS && C2.SPILLS_COLUMNS && vectors == 2;
      boolean wide = packedA || (vectors > 1 && !Lanes.TALL);
      int tallest = spills ? 5 : wide ? GemmPlan.MR : HEIGHTS;
      return (!turns
              || heights(packedA ? PACKED_COLUMNS : COLUMNS_PANEL, vectors, false, tall, HEIGHTS))
          & (!rest || heights(COLUMNS, vectors, false, Math.min(tall, GemmPlan.MR), HEIGHTS))
          & heights(COLUMNS, vectors, false, turns ? rows - tall : rows, tallest);
    } else if (FEW_REGISTERS && layout != Layout.IN_PLACE) {
      boolean rest = k % MicroKernels.BLOCK != 0;
      return heights(BLOCK_ROWS, vectors, false, rows, HEIGHTS)
          & (!rest || heights(BLOCK_ROWS, STRIDED, vectors, false, rows, HEIGHTS));
    }
    int done = 0;
    boolean ready = true;
    if (Lanes.TALL && C2.TAKES_TURNS && !mask && vectors == 1 && packed) {
      int[] heights = MicroKernels.ROWS_BY_TERMS[1];
      done = rows - rows % heights[heights.length - 1];
      ready = heights(ROWS_BY_TERMS, 1, false, done, HEIGHTS);
    } else if (Lanes.TALL && !mask && vectors == TALL_VECTORS) {
      int tallest = MicroKernels.STRIDED[vectors][0];
      int end = MicroKernels.end(vectors, tallest, k, rows);
      done = end - end % tallest;
      ready = heights(STRIDED, vectors, false, done, HEIGHTS);
    }
    if (!packed || FEW_REGISTERS) {
      return ready & heights(STRIDED, vectors, mask, rows - done, STRIDED_TALLEST);
    }
    for (int height : MicroKernels.ROWS[vectors]) {
      int end = MicroKernels.end(vectors, height, k, rows);
      int tiles = Math.max(0, end - done) / height;
      ready &= heights(ROWS, vectors, mask, tiles * height, height);
      done += tiles * height;
    }
    int left = rows - done;
    return ready & heights(STRIDED, vectors, mask, left, left == 9 ? 3 : STRIDED_TALLEST);
  }

  private boolean heights(int kind, int vectors, boolean mask, int rows, int tallest) {
    return heights(kind, kind, vectors, mask, rows, tallest);
  }

  /** Tiles of a kind, of the heights that another has. */
  private boolean heights(int ofKind, int kind, int vectors, boolean mask, int rows, int tallest) {
    boolean ready = true;
    int left = rows;
    for (int height : TABLES[ofKind][vectors]) {
      if (left >= height && height <= tallest) {
        ready &= isReady.test(((vectors * 2 + (mask ? 1 : 0)) * KINDS + kind) * HEIGHTS + height);
        left %= height;
      }
    }
    return ready;
  }

  private static int terms(Work work) {
    return terms(work, LITTLE);
  }

  private static int terms(Work work, int little) {
    int nothing = work == Work.AGAIN ? MicroKernels.AGAIN : -1;
    return work == Work.MUCH ? K : work == Work.LITTLE ? little : nothing;
  }

  /** The rehearsal of a tile. */
  Rehearsal rehearsal(int number) {
    if (number == PAIRS) {
      return new Rehearsal(
          150,
          (times, work) -> {
            for (int i = 0; i < times; i++) {
              RowPairs.rehearse(terms(work, PAIRS_LITTLE), a, b, z, c);
            }
          });
    } else if (number == SQUARE) {
      return new Rehearsal(
          12 * L, // half a square has 7 L; on the heap it takes 2 us, and this allows 1.2
          (times, work) -> {
            for (int i = 0; i < times; i++) {
              VectorTranspose.half(b, L / 2, work == Work.NOTHING ? -1 : L, c, 0, L);
            }
          });
    } else if (number == COPIES) {
      return new Rehearsal(
          40 * L,
          (times, work) -> {
            boolean nothing = work == Work.NOTHING;
            for (int i = 0; i < times; i++) {
              VectorPacking.rehearse(terms(work, MicroKernels.BLOCK), b, c);
              // By way of half a square and of a whole one.
              int columns = nothing ? 0 : (i & 1) == 0 ? 2 : L / 2 + 1;
              VectorTranspose.few(columns, a, 0, nothing ? -1 : 1, c, 0, L, c, L * L);
            }
          });
    } else if (number == TURNED) {
      return new Rehearsal(
          220,
          (times, work) -> {
            for (int i = 0; i < times; i++) {
              MicroKernels.turned(work == Work.NOTHING ? 0 : 2 * L, b, 0, 2 * L, z, 0, c);
            }
          });
    }
    if (number >= THIN) {
      return thin((number - THIN) / THIN_VECTORS, (number - THIN) % THIN_VECTORS);
    }
    int height = number % HEIGHTS;
    int kind = number / HEIGHTS % KINDS;
    boolean columns = kind == COLUMNS || kind == COLUMNS_PANEL;
    boolean mask = number / (HEIGHTS * KINDS) % 2 == 1;
    int vectors = number / (HEIGHTS * KINDS * 2);
    int width = vectors * L;
    boolean turns = kind >= COLUMNS_PANEL;
    boolean byTerms = kind == ROWS_BY_TERMS;
    int sums = height * vectors;
    int little = turns ? MicroKernels.BLOCK : Math.max(LITTLE, TELLING / sums);
    int apart = -VectorPacking.blockStep(HEIGHTS);
    int aRow = kind == PACKED_COLUMNS ? 0 : kind == BLOCK_COLUMNS ? apart : columns ? 1 : K_WIDE;
    int aStep = kind == BLOCK_ROWS ? apart : columns ? HEIGHTS : 1;
    int[] profiles = new int[1]; // those taken
    return new Rehearsal(
        sums * (2 * (turns ? little : LITTLE) + 4),
        (times, work) -> {
          // Without and with rows of initial values of their own; one a profile of a wide tile,
          // which makes half a megabyte of garbage.
          boolean one = vectors == 4 && work == Work.MUCH;
          int first = one ? profiles[0]++ % 2 : 0;
          for (int i = first; i < first + (one ? 1 : times); i++) {
            boolean other = i % 2 == 1;
            MicroKernels.panel(
                vectors,
                mask ? Epilogue.RELU_MASK : Epilogue.NONE,
                height,
                vectors == 4 && work == Work.MUCH
                    ? K_WIDE
                    : terms(work, little) + (byTerms && terms(work, little) > 0 ? LEFT : 0),
                a,
                0,
                aRow,
                aStep,
                b,
                0,
                kind == ROWS || turns ? width : 0,
                z,
                0,
                other ? width : 0,
                c,
                0,
                width,
                z,
                0,
                0);
          }
        });
  }

  private Rehearsal thin(int k, int vectors) {
    return new Rehearsal(
        vectors * (k + 1) + LITTLE * (k + vectors * (k + 3)),
        (times, work) -> {
          int rows = Math.max(0, terms(work));
          for (int i = 0; i < times; i++) {
            float[] mask = (i & 1) == 0 ? null : z;
            MicroKernels.thin(vectors, k, rows, a, 0, 1, 1, b, 0, 0, z, 0, c, 0, 0, 0, mask, 0, 0);
          }
        });
  }
}
