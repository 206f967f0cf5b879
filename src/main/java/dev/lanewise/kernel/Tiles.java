package dev.lanewise.kernel;

/**
 * Which register tiles a product of {@link VectorGemm} uses, as a set of bits, and how to rehearse
 * them. It may err: a tile that was forgotten is interpreted for a while.
 */
final class Tiles {
  private static final int L = Lanes.LENGTH;
  private static final int PAIRS = 36;
  private static final int SQUARE = 37;
  private static final int TURNED = 38;

  /** How many bits there may be. */
  static final int COUNT = 39;

  private static final int N = InPlaceGemm.MOST_VECTORS * 16;
  private static final int ROWS = 23;

  /** They have loops, which are in the profile more often. */
  private static final int PROFILING_CALLS = 40;

  private final float[] a = new float[ROWS * ROWS];
  private final float[] b = new float[2 * 16 * N];
  private final float[] c = new float[ROWS * N];
  private final float[] z = new float[ROWS * N];

  /** Panels of so many vectors: two kinds of A, with and without a mask. */
  private static int panel(int vectors, boolean columns, boolean mask) {
    return vectors * 4 + (columns ? 2 : 0) + (mask ? 1 : 0);
  }

  /** The tiles of a product. */
  static long of(
      Orientation orientation,
      int m,
      int n,
      int k,
      int lda,
      int ldb,
      Initial initial,
      Epilogue epilogue) {
    boolean nt = orientation == Orientation.NT;
    boolean tn = orientation == Orientation.TN && k > 1;
    if ((nt && m == 1) || (n == 1 && (nt || ldb == 1) && !tn)) {
      return MatrixVector.turns(Math.max(m, n), k) ? 1L << TURNED : 0;
    } else if (RowPairs.serves(orientation, m, n, k, initial)) {
      return 1L << PAIRS;
    } else if (InPlaceGemm.serves(orientation, m, k, ldb, initial, epilogue)) {
      int widest = InPlaceGemm.widest(m, tn);
      int vectors = Math.max(1, n / L);
      return panels(Math.min(widest, vectors), vectors % widest + 1, tn, false);
    }
    boolean turned =
        VectorGemm.narrow(orientation, m, n, k, initial, epilogue)
            || VectorGemm.turnsLess(orientation, m, n, k, initial, epilogue);
    int columns = turned ? m : n;
    GemmPlan plan =
        turned
            ? VectorGemm.plan(orientation, n, m, k, ldb, lda)
            : VectorGemm.plan(orientation, m, n, k, lda, ldb);
    boolean byColumns = tn || plan.packA() && VectorGemm.TERMWISE;
    boolean mask = epilogue == Epilogue.RELU_MASK && !byColumns && !turned;
    int nr = plan.vectors() * L;
    long tiles = panels(plan.vectors(), (columns % nr + L - 1) / L, byColumns, mask);
    return turned || nt ? tiles | 1L << SQUARE : tiles;
  }

  /** Panels of a width, and those that are left over, if any. */
  private static long panels(int vectors, int rest, boolean columns, boolean mask) {
    long tiles = 1L << panel(vectors, columns, mask);
    return rest > 0 ? tiles | 1L << panel(rest, columns, mask) : tiles;
  }

  /** The rehearsal of the tiles of a bit. */
  Rehearsal rehearsal(int bit) {
    if (bit == PAIRS) {
      return new Rehearsal(
          220,
          PROFILING_CALLS,
          (times, work) -> {
            for (int i = 0; i < times; i++) {
              MicroKernels.pairs(work ? 9 : -1, a, 8, 16, b, 0, z, c, 0, L, 0);
            }
          });
    } else if (bit == SQUARE) {
      return new Rehearsal(
          12 * L,
          PROFILING_CALLS,
          (times, work) -> {
            for (int i = 0; i < times; i++) {
              VectorTranspose.square(b, 0, work ? L : -1, c, 0, L);
            }
          });
    } else if (bit == TURNED) {
      return new Rehearsal(
          220,
          PROFILING_CALLS,
          (times, work) -> {
            for (int i = 0; i < times; i++) {
              MicroKernels.turned(work ? 2 * L : 0, b, 0, 2 * L, z, 0, c);
            }
          });
    }
    int vectors = bit / 4;
    boolean columns = (bit & 2) != 0;
    boolean mask = (bit & 1) != 0;
    return new Rehearsal(
        22 * 2 * 9 * vectors,
        PROFILING_CALLS,
        (times, work) -> {
          int width = vectors * L;
          for (int i = 0; i < times; i++) {
            // All heights, with B packed and as it stands.
            if (vectors > GemmPlan.VECTORS_32) {
              panel(vectors, 3, false, false, work, 3 * N / 2, 0);
              continue;
            }
            panel(vectors, vectors == 1 ? ROWS : 11, columns, mask, work, width, 0);
            panel(vectors, 9, columns, mask, work, width, width);
            panel(vectors, 2, columns, mask, work, width, 0);
            if (columns) {
              panel(vectors, 10, true, mask, work, width, 0);
              panel(vectors, 7, true, mask, work, width, 0);
            } else {
              panel(vectors, 7, false, mask, work, 2 * width, 0);
              panel(vectors, 7, false, mask, work, 2 * width, width);
            }
          }
        });
  }

  private void panel(
      int vectors, int rows, boolean columns, boolean mask, boolean work, int bStep, int zRow) {
    MicroKernels.panel(
        vectors,
        mask ? Epilogue.RELU_MASK : Epilogue.RELU,
        rows,
        work ? 2 : -1,
        a,
        0,
        columns ? 1 : 4,
        columns ? ROWS : 1,
        b,
        0,
        bStep,
        z,
        0,
        zRow,
        c,
        0,
        vectors * L,
        z,
        0,
        0);
  }
}
