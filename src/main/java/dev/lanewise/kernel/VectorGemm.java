package dev.lanewise.kernel;

import java.util.Arrays;

/**
 * The matrix product in register tiles: vectors run along the columns of C, a broadcast element of
 * A along its rows, so no sum is ever reordered.
 *
 * <p>Loops from outside in, as in BLIS: blocks of nc columns, of kc terms, of mc rows; within them
 * panels of nr columns and tiles of mr rows. Tiles at the right edge work on whole vectors in a
 * scratch tile and copy the columns that exist, because masked accesses are slow or box on most
 * machines.
 */
final class VectorGemm {
  private static final int L = Lanes.LENGTH;

  private static final GemmPlan.Tile TILE =
      Lanes.REGISTERS >= 32 ? GemmPlan.Tile.REGISTERS_32 : GemmPlan.Tile.REGISTERS_16;

  private static final GemmPlan[][] PLANS = GemmPlan.all(TILE, L);

  private static final int NR_MOST = GemmPlan.Tile.REGISTERS_32.vectors() * 16;
  private static final int TILE_MOST = GemmPlan.Tile.REGISTERS_32.rows() * NR_MOST;
  private static final float[] ZEROS = new float[NR_MOST];

  private VectorGemm() {}

  static GemmPlan plan(Orientation orientation, int m, int n, int k, int lda) {
    return GemmPlan.of(PLANS, L, orientation, m, n, k, lda);
  }

  static int workspace(Orientation orientation, int m, int n, int k) {
    // The transposed product of a narrow one has m columns.
    long most = orientation == Orientation.TN ? Math.max(m, n) : n;
    long depth = Math.min(k, GemmPlan.KC);
    long columns = Math.min((most + NR_MOST - 1L) / NR_MOST * NR_MOST, GemmPlan.NC + NR_MOST);
    long rows = Math.min(m, GemmPlan.MC);
    // The scratch tile, its mask, the padded end of the bias; then the panels of B and of A.
    return Math.toIntExact(2L * TILE_MOST + NR_MOST + depth * columns + depth * rows);
  }

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
      Initial initial,
      float[] bias,
      int biasOffset,
      Epilogue epilogue,
      float[] mask,
      int maskOffset,
      int ldmask,
      float[] workspace) {
    if (narrow(orientation, m, n, k, initial, epilogue)) {
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
    } else {
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
          epilogue,
          mask,
          maskOffset,
          ldmask,
          workspace);
    }
  }

  /**
   * Whether the gradient of a narrow layer's weights is computed transposed. Its columns fill one
   * vector at most, and 7 of them less than half: 80 x 7 x 100 ran at 23 GFLOP/s. X^T, though,
   * stands ready along its rows, so dY^T X fills the tiles and only the result has to be turned:
   * 58.
   */
  private static boolean narrow(
      Orientation orientation, int m, int n, int k, Initial initial, Epilogue epilogue) {
    return orientation == Orientation.TN
        && n <= L
        && m >= NR_MOST
        && k <= GemmPlan.KC
        && initial == Initial.ZERO
        && epilogue == Epilogue.NONE;
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
    GemmPlan plan = plan(orientation, m, n, k, lda);
    int nr = plan.vectors() * L;
    // Element (i, p) of op(A) stands at aOffset + i * aRow + p * aStep.
    int aRow = orientation == Orientation.TN ? 1 : lda;
    int aStep = orientation == Orientation.TN ? lda : 1;
    boolean transposedB = orientation == Orientation.NT;
    int biasScratch = 2 * TILE_MOST;
    int panelsB = biasScratch + NR_MOST;
    int panelsA = panelsB + Math.min(k, plan.kc()) * Math.min((n + nr - 1) / nr * nr, plan.nc());

    for (int jc = 0; jc < n; jc += plan.nc()) {
      int columns = Math.min(plan.nc(), n - jc);
      int pc = 0;
      do {
        int depth = Math.min(plan.kc(), k - pc);
        Initial from = pc == 0 ? initial : Initial.RESULT;
        Epilogue to = pc + depth == k ? epilogue : Epilogue.NONE;
        int packedFrom =
            plan.packB() ? 0 : columns / L * L == columns ? columns : columns / nr * nr;
        if (transposedB) {
          packTransposed(columns, depth, b, bOffset + jc * ldb + pc, ldb, workspace, panelsB, nr);
        } else {
          pack(packedFrom, columns, depth, b, bOffset + pc * ldb + jc, ldb, workspace, panelsB, nr);
        }
        for (int ic = 0; ic < m; ic += plan.mc()) {
          int rows = Math.min(plan.mc(), m - ic);
          int aBlock = aOffset + ic * aRow + pc * aStep;
          if (plan.packA()) {
            packRows(rows, depth, a, aBlock, aRow, aStep, workspace, panelsA, plan);
          }
          for (int jr = 0; jr < columns; jr += nr) {
            int width = Math.min(nr, columns - jr);
            int vectors = (width + L - 1) / L;
            boolean packed = jr >= packedFrom;
            float[] bFrom = packed ? workspace : b;
            int bPanel =
                packed ? panelsB + (jr - packedFrom) * depth : bOffset + pc * ldb + jc + jr;
            int bStep = packed ? nr : ldb;
            boolean whole = width == vectors * L && !turned;
            float[] z = c;
            int zPanel = 0;
            int zRow = 0;
            if (from == Initial.ZERO) {
              z = ZEROS;
            } else if (from == Initial.BIAS) {
              z = bias;
              zPanel = biasOffset + jc + jr;
              if (!whole) {
                System.arraycopy(bias, zPanel, workspace, biasScratch, width);
                z = workspace;
                zPanel = biasScratch;
              }
            }
            for (int ir = 0, height; ir < rows; ir += height) {
              height = plan.height(rows - ir);
              float[] aFrom = a;
              int aTile = aBlock + ir * aRow;
              int aTileRow = aRow;
              int aTileStep = aStep;
              if (plan.packA()) {
                aFrom = workspace;
                aTile = panelsA + ir * depth;
                aTileRow = 1;
                aTileStep = height;
              }
              int cTile = cOffset + (ic + ir) * ldc + jc + jr;
              int maskTile = maskOffset + (ic + ir) * ldmask + jc + jr;
              if (whole) {
                if (from == Initial.RESULT) {
                  zPanel = cTile;
                  zRow = ldc;
                }
                MicroKernels.tile(
                    height, vectors, to, depth, aFrom, aTile, aTileRow, aTileStep, bFrom, bPanel,
                    bStep, z, zPanel, zRow, c, cTile, ldc, mask, maskTile, ldmask);
              } else {
                if (from == Initial.RESULT) {
                  copy(height, width, c, cTile, ldc, workspace, 0, nr);
                  z = workspace;
                  zPanel = 0;
                  zRow = nr;
                }
                if (to == Epilogue.RELU_MASK) {
                  copy(height, width, mask, maskTile, ldmask, workspace, TILE_MOST, nr);
                }
                MicroKernels.tile(
                    height, vectors, to, depth, aFrom, aTile, aTileRow, aTileStep, bFrom, bPanel,
                    bStep, z, zPanel, zRow, workspace, 0, nr, workspace, TILE_MOST, nr);
                if (turned) {
                  turn(height, width, workspace, nr, c, cOffset + (jc + jr) * ldc + ic + ir, ldc);
                } else {
                  copy(height, width, workspace, 0, nr, c, cTile, ldc);
                }
              }
            }
          }
        }
        pc += depth;
      } while (pc < k);
    }
  }

  /** Copies columns [from, columns) of B into panels of nr columns, the last one padded with 0. */
  private static void pack(
      int from,
      int columns,
      int depth,
      float[] b,
      int bOffset,
      int ldb,
      float[] panels,
      int panelsOffset,
      int nr) {
    int to = panelsOffset;
    for (int j = from; j < columns; j += nr) {
      int width = Math.min(nr, columns - j);
      for (int p = 0; p < depth; p++, to += nr) {
        System.arraycopy(b, bOffset + p * ldb + j, panels, to, width);
        if (width < nr) {
          Arrays.fill(panels, to + width, to + nr, 0);
        }
      }
    }
  }

  /** The same for B^T: rows of b become columns of the panels. */
  private static void packTransposed(
      int columns,
      int depth,
      float[] b,
      int bOffset,
      int ldb,
      float[] panels,
      int panelsOffset,
      int nr) {
    for (int j = 0; j < columns; j += nr) {
      int width = Math.min(nr, columns - j);
      int panel = panelsOffset + j * depth;
      // Sixteen terms at a time: the lines written stay in the cache until they are full.
      for (int p0 = 0; p0 < depth; p0 += 16) {
        int terms = Math.min(16, depth - p0);
        for (int i = 0; i < width; i++) {
          int row = bOffset + (j + i) * ldb + p0;
          int to = panel + p0 * nr + i;
          for (int p = 0; p < terms; p++) {
            panels[to + p * nr] = b[row + p];
          }
        }
        for (int p = p0; width < nr && p < p0 + terms; p++) {
          Arrays.fill(panels, panel + p * nr + width, panel + (p + 1) * nr, 0);
        }
      }
    }
  }

  /** Copies a block of op(A) into panels of mr rows, term by term; the last panel is lower. */
  private static void packRows(
      int rows,
      int depth,
      float[] a,
      int aOffset,
      int aRow,
      int aStep,
      float[] panels,
      int panelsOffset,
      GemmPlan plan) {
    for (int i = 0, height; i < rows; i += height) {
      height = plan.height(rows - i);
      int panel = panelsOffset + i * depth;
      if (aRow == 1) {
        for (int p = 0; p < depth; p++) {
          System.arraycopy(a, aOffset + i + p * aStep, panels, panel + p * height, height);
        }
      } else {
        for (int r = 0; r < height; r++) {
          int row = aOffset + (i + r) * aRow;
          int to = panel + r;
          for (int p = 0; p < depth; p++) {
            panels[to + p * height] = a[row + p];
          }
        }
      }
    }
  }

  /** Copies a tile of rows x columns from the scratch tile to columns x rows of y. */
  private static void turn(
      int rows, int columns, float[] tile, int nr, float[] y, int yOffset, int ldy) {
    for (int j = 0; j < columns; j++) {
      int to = yOffset + j * ldy;
      for (int i = 0; i < rows; i++) {
        y[to + i] = tile[i * nr + j];
      }
    }
  }

  private static void copy(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    for (int i = 0; i < rows; i++) {
      System.arraycopy(x, xOffset + i * ldx, y, yOffset + i * ldy, columns);
    }
  }
}
