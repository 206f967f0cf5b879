package dev.lanewise.kernel;

import static jdk.incubator.vector.VectorOperators.LT;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies blocks of operands to where the register tiles read them one after another. Whole vectors
 * are copied wherever the array allows it, even where fewer values are wanted: what stands behind
 * them is written over by the next copy, or lies in lanes whose sums nobody keeps.
 */
final class VectorPacking {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int L = Lanes.LENGTH;

  /** The numbers of lanes. */
  private static final float[] LANES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

  /** Columns of A^T that are copied side by side: five panels, half a block of A. */
  private static final int SIDE_BY_SIDE = 5 * GemmPlan.MR;

  /** Terms of a panel that the last vector before it may reach. */
  private static final int SPILLED = 2;

  private VectorPacking() {}

  /** Floats behind packed A that copies of whole vectors may write. */
  static final int SLACK = 16;

  /** Of so many rows from an offset on, how many have so many floats before the array ends. */
  static int within(int length, int offset, int ld, int rows, int floats) {
    int last = length - floats - offset;
    return last < 0 ? 0 : Math.min(rows, last / ld + 1);
  }

  /** Copies columns [from, columns) of B into panels of nr columns and of so many rows. */
  static void columns(
      int from,
      int columns,
      int depth,
      int panelDepth,
      float[] b,
      int bOffset,
      int ldb,
      float[] panels,
      int panelsOffset,
      int nr) {
    for (int j = from; j < columns; j += nr) {
      int width = Math.min(nr, columns - j);
      int panel = panelsOffset + (j - from) * panelDepth;
      int step = (width + L - 1) / L * L;
      if (width == 4 * L) {
        copy4(depth, b, bOffset + j, ldb, panels, panel);
      } else if (width == 3 * L) {
        copy3(depth, b, bOffset + j, ldb, panels, panel);
      } else if (nr == 2 * L && columns - j >= 4 * nr) {
        copy2x4(depth, b, bOffset + j, ldb, panels, panel, panelDepth * nr);
        j += 3 * nr;
      } else if (width == 2 * L) {
        copy2(depth, b, bOffset + j, ldb, panels, panel);
      } else {
        for (int v = 0; v < width; v += L) {
          copy(depth, Math.min(L, width - v), b, bOffset + j + v, ldb, panels, panel + v, step);
        }
      }
    }
  }

  private static void copy4(int depth, float[] b, int bOffset, int ldb, float[] to, int toOffset) {
    for (int p = 0; p < depth; p++) {
      FloatVector v0 = FloatVector.fromArray(S, b, bOffset + p * ldb);
      FloatVector v1 = FloatVector.fromArray(S, b, bOffset + p * ldb + L);
      FloatVector v2 = FloatVector.fromArray(S, b, bOffset + p * ldb + 2 * L);
      FloatVector v3 = FloatVector.fromArray(S, b, bOffset + p * ldb + 3 * L);
      v0.intoArray(to, toOffset + p * (4 * L));
      v1.intoArray(to, toOffset + p * (4 * L) + L);
      v2.intoArray(to, toOffset + p * (4 * L) + 2 * L);
      v3.intoArray(to, toOffset + p * (4 * L) + 3 * L);
    }
  }

  private static void copy3(int depth, float[] b, int bOffset, int ldb, float[] to, int toOffset) {
    for (int p = 0; p < depth; p++) {
      FloatVector v0 = FloatVector.fromArray(S, b, bOffset + p * ldb);
      FloatVector v1 = FloatVector.fromArray(S, b, bOffset + p * ldb + L);
      FloatVector v2 = FloatVector.fromArray(S, b, bOffset + p * ldb + 2 * L);
      v0.intoArray(to, toOffset + p * (3 * L));
      v1.intoArray(to, toOffset + p * (3 * L) + L);
      v2.intoArray(to, toOffset + p * (3 * L) + 2 * L);
    }
  }

  /**
   * Four panels at once: whole pages of B pass in fewer sweeps (128 x 512 x 784 on a Zen 3: copying
   * took a tenth of the product; 256 x 1024 x 1024 0.91 to 0.95 of OpenBLAS, two at once 0.90).
   */
  private static void copy2x4(
      int depth, float[] b, int bOffset, int ldb, float[] to, int toOffset, int next) {
    for (int p = 0; p < depth; p++) {
      FloatVector v0 = FloatVector.fromArray(S, b, bOffset + p * ldb + 0 * L);
      FloatVector v1 = FloatVector.fromArray(S, b, bOffset + p * ldb + 1 * L);
      FloatVector v2 = FloatVector.fromArray(S, b, bOffset + p * ldb + 2 * L);
      FloatVector v3 = FloatVector.fromArray(S, b, bOffset + p * ldb + 3 * L);
      FloatVector v4 = FloatVector.fromArray(S, b, bOffset + p * ldb + 4 * L);
      FloatVector v5 = FloatVector.fromArray(S, b, bOffset + p * ldb + 5 * L);
      FloatVector v6 = FloatVector.fromArray(S, b, bOffset + p * ldb + 6 * L);
      FloatVector v7 = FloatVector.fromArray(S, b, bOffset + p * ldb + 7 * L);
      v0.intoArray(to, toOffset + 0 * next + p * (2 * L) + 0 * L);
      v1.intoArray(to, toOffset + 0 * next + p * (2 * L) + 1 * L);
      v2.intoArray(to, toOffset + 1 * next + p * (2 * L) + 0 * L);
      v3.intoArray(to, toOffset + 1 * next + p * (2 * L) + 1 * L);
      v4.intoArray(to, toOffset + 2 * next + p * (2 * L) + 0 * L);
      v5.intoArray(to, toOffset + 2 * next + p * (2 * L) + 1 * L);
      v6.intoArray(to, toOffset + 3 * next + p * (2 * L) + 0 * L);
      v7.intoArray(to, toOffset + 3 * next + p * (2 * L) + 1 * L);
    }
  }

  private static void copy2(int depth, float[] b, int bOffset, int ldb, float[] to, int toOffset) {
    for (int p = 0; p < depth; p++) {
      FloatVector v0 = FloatVector.fromArray(S, b, bOffset + p * ldb);
      FloatVector v1 = FloatVector.fromArray(S, b, bOffset + p * ldb + L);
      v0.intoArray(to, toOffset + p * (2 * L));
      v1.intoArray(to, toOffset + p * (2 * L) + L);
    }
  }

  /** Copies width values, at most a vector, of each of so many rows. */
  private static void copy(
      int rows, int width, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    int whole = within(x.length, xOffset, ldx, rows, L);
    for (int i = 0; i < whole; i++) {
      FloatVector.fromArray(S, x, xOffset + i * ldx).intoArray(y, yOffset + i * ldy);
    }
    for (int i = whole; i < rows; i++) {
      System.arraycopy(x, xOffset + i * ldx, y, yOffset + i * ldy, width);
      Arrays.fill(y, yOffset + i * ldy + width, yOffset + i * ldy + L, 0);
    }
  }

  /** A call of everything that copies, for a rehearsal: see {@link Tiles}. */
  static void rehearse(int terms, float[] b, float[] to) {
    columns(0, 4 * L, terms, terms, b, 0, 1, to, 0, 4 * L);
    columns(0, 3 * L, terms, terms, b, 0, 1, to, 0, 3 * L);
    columns(0, 2 * L, terms, terms, b, 0, 1, to, 0, 2 * L);
    if (BlockedGemm.BLOCKS_OF_TERMS) {
      columns(0, 8 * L, terms, terms, b, 0, 1, to, 0, 2 * L);
      blocks(GemmPlan.MR, terms, b, 0, 1, to, 0);
      lastBlock(Math.max(terms, 0), 1, b, 0, 1, to, 0);
    }
    tiles(SIDE_BY_SIDE + GemmPlan.MR, terms, terms, b, 0, 1, to, 0);
    columns(0, L, terms, terms, b, 0, 1, to, 0, L);
    columns(
        0, 1, terms, terms, b, b.length - Math.max(terms, 0), 1, to, 0, L); // no vectors at the end
  }

  /** Has the rows of the panels behind depth be 0. */
  static void pad(
      int columns, int depth, int panelDepth, float[] panels, int panelsOffset, int nr) {
    for (int j = 0; j < columns && depth < panelDepth; j += nr) {
      int step = (Math.min(nr, columns - j) + L - 1) / L * L;
      int panel = panelsOffset + j * panelDepth;
      Arrays.fill(panels, panel + depth * step, panel + panelDepth * step, 0);
    }
  }

  /** Copies B^T into panels of nr columns: rows of b become columns of the panels. */
  static void transposed(
      int columns,
      int depth,
      int panelDepth,
      float[] b,
      int bOffset,
      int ldb,
      float[] panels,
      int panelsOffset,
      int nr,
      int squares) {
    for (int j = 0; j < columns; j += nr) {
      int width = Math.min(nr, columns - j);
      VectorTranspose.transpose(
          width,
          depth,
          b,
          bOffset + j * ldb,
          ldb,
          panels,
          panelsOffset + j * panelDepth,
          (width + L - 1) / L * L,
          panels,
          squares);
    }
  }

  /** Copies rows of A side by side, at a distance that spreads them over the sets of a cache. */
  static void rows(
      int rows,
      int depth,
      float[] a,
      int aOffset,
      int lda,
      float[] block,
      int blockOffset,
      int ldBlock) {
    // Rows of no terms may begin behind the end of A.
    for (int i = 0; i < rows && depth > 0; i++) {
      System.arraycopy(a, aOffset + i * lda, block, blockOffset + i * ldBlock, depth);
    }
  }

  /** Floats from one block of terms of packed A to the next. */
  static int blockStep(int rows) {
    return MicroKernels.BLOCK * (C2.CONSTANT_STEP ? GemmPlan.MC : rows);
  }

  /**
   * Copies rows of A into blocks of terms: of each block the rows side by side. The last one is
   * filled with -0, which adds nothing to any sum where B has 0. Row by row, for four at a time, as
   * {@link VectorFeatures} has it, gain nothing where blocks stay in a cache (1024^3: 0.97 of
   * OpenBLAS, four at a time 0.94).
   */
  static void blocks(
      int rows, int depth, float[] a, int aOffset, int lda, float[] blocks, int blocksOffset) {
    int block = MicroKernels.BLOCK;
    int step = blockStep(rows);
    int whole = depth / block * block;
    for (int i = 0; i < rows; i++) {
      int from = aOffset + i * lda;
      int to = blocksOffset + i * block;
      for (int p = 0; p < whole; p += block) {
        for (int v = 0; v < block; v += L) {
          FloatVector.fromArray(S, a, from + p + v).intoArray(blocks, to + v);
        }
        to += step;
      }
    }
    if (whole < depth) {
      int to = blocksOffset + whole / block * step;
      lastBlock(rows, depth - whole, a, aOffset + whole, lda, blocks, to);
    }
  }

  /** A block of so many terms: where the array goes on, whole vectors, of which some are kept. */
  private static void lastBlock(
      int rows, int terms, float[] a, int aOffset, int lda, float[] blocks, int blocksOffset) {
    int block = MicroKernels.BLOCK;
    int inside = within(a.length, aOffset, lda, rows, block);
    FloatVector rest = FloatVector.broadcast(S, -0f);
    for (int v = 0; v < block; v += L) {
      VectorMask<Float> kept = FloatVector.fromArray(S, LANES, v).compare(LT, terms);
      for (int i = 0; i < inside; i++) {
        rest.blend(FloatVector.fromArray(S, a, aOffset + i * lda + v), kept)
            .intoArray(blocks, blocksOffset + i * block + v);
      }
    }
    for (int i = inside; i < rows; i++) {
      int to = blocksOffset + i * block;
      System.arraycopy(a, aOffset + i * lda, blocks, to, terms);
      Arrays.fill(blocks, to + terms, to + block, -0f);
    }
  }

  /**
   * Copies a block of A^T into panels of mr rows and so many terms, term by term; the last one is
   * lower. Terms behind depth are -0.
   */
  static void tiles(
      int rows,
      int depth,
      int terms,
      float[] a,
      int aOffset,
      int lda,
      float[] panels,
      int panelsOffset) {
    int some = L >= GemmPlan.MR ? rows / SIDE_BY_SIDE * SIDE_BY_SIDE : 0;
    for (int i = 0; i < some; i += SIDE_BY_SIDE) {
      panelsOfA(depth, a, aOffset + i, lda, panels, panelsOffset + i * terms, GemmPlan.MR * terms);
    }
    for (int i = 0, height; i < rows; i += height) {
      height = Math.min(GemmPlan.MR, rows - i);
      int panel = panelsOffset + i * terms;
      if (i >= some) {
        columnsOfA(depth, height, a, aOffset + i, lda, panels, panel);
      }
      if (depth < terms) {
        Arrays.fill(panels, panel + depth * height, panel + terms * height, -0f);
      }
    }
  }

  /**
   * Five panels at once: of each term nearly whole lines of a cache, which would not wait there for
   * the next panel where rows are a power of 2 apart (on a Zen 3 in turn 512 x 512 x 128 70 to 73
   * GFLOP/s, an epoch of 784-512-512-10 1.00 to 1.03 times as fast).
   */
  private static void panelsOfA(
      int depth, float[] a, int aOffset, int lda, float[] panels, int panel, int next) {
    int mr = GemmPlan.MR;
    int whole = within(a.length, aOffset, lda, depth, 4 * mr + L);
    for (int p = 0; p < whole; p++) {
      FloatVector v0 = FloatVector.fromArray(S, a, aOffset + p * lda);
      FloatVector v1 = FloatVector.fromArray(S, a, aOffset + p * lda + mr);
      FloatVector v2 = FloatVector.fromArray(S, a, aOffset + p * lda + 2 * mr);
      FloatVector v3 = FloatVector.fromArray(S, a, aOffset + p * lda + 3 * mr);
      FloatVector v4 = FloatVector.fromArray(S, a, aOffset + p * lda + 4 * mr);
      v0.intoArray(panels, panel + p * mr);
      v1.intoArray(panels, panel + next + p * mr);
      v2.intoArray(panels, panel + 2 * next + p * mr);
      v3.intoArray(panels, panel + 3 * next + p * mr);
      v4.intoArray(panels, panel + 4 * next + p * mr);
    }
    // Of every panel its last vector has written over the first terms of the one behind it.
    for (int i = 0; i < SIDE_BY_SIDE; i += mr) {
      int to = panel + i / mr * next;
      for (int p = 0; p < Math.min(depth, SPILLED); p++) {
        System.arraycopy(a, aOffset + i + p * lda, panels, to + p * mr, mr);
      }
      for (int p = whole; p < depth; p++) {
        System.arraycopy(a, aOffset + i + p * lda, panels, to + p * mr, mr);
      }
    }
  }

  /** Copies height values that stand side by side, for each term. */
  private static void columnsOfA(
      int depth, int height, float[] a, int aOffset, int lda, float[] panels, int panel) {
    int vectors = (height + L - 1) / L;
    int whole = within(a.length, aOffset, lda, depth, vectors * L);
    for (int p = 0; p < whole; p++) {
      FloatVector.fromArray(S, a, aOffset + p * lda).intoArray(panels, panel + p * height);
      if (vectors == 2) {
        FloatVector.fromArray(S, a, aOffset + p * lda + L)
            .intoArray(panels, panel + p * height + L);
      }
    }
    for (int p = whole; p < depth; p++) {
      System.arraycopy(a, aOffset + p * lda, panels, panel + p * height, height);
    }
  }
}
