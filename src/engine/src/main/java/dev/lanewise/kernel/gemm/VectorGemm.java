package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.simd.KernelWarmUp;
import dev.lanewise.kernel.simd.KernelWarmUps;
import dev.lanewise.kernel.simd.Lanes;

/**
 * A product of one shape in register tiles. The lanes of a vector are columns of C, and an element
 * of A is broadcast to them, so no sum is ever reordered. The loops are those of BLIS, from outside
 * in: blocks of nc columns, of kc terms, of mc rows, and panels of nr columns, whose tiles are in
 * {@link MicroKernels}. A panel whose last vector is not full is computed in the workspace, from
 * which the existing columns are copied, because masked stores are slow on most machines.
 */
final class VectorGemm {
  private static final int L = Lanes.LENGTH;
  private static final float[] ZEROS = new float[Plan.MOST_VECTORS * L];

  private final Operands g;
  private final int rowsOfC;
  private final int terms;
  private final boolean zero; // whether the sums start at 0
  private final Plan plan;
  private final KernelWarmUp warmUp; // null for the product of a warm-up

  // The sizes of the product that is computed, which may be the transposed one.
  private final int m;
  private final int n;
  private final int k;
  private final int placeOfA; // start of packed A in the workspace

  /** Plans the product that is set in g. */
  VectorGemm(Operands g, KernelWarmUps warmUps) {
    this(g, Plan.of(g), warmUps);
  }

  /** Makes the product with a given plan. It is not warmed up if warmUps is null. */
  VectorGemm(Operands g, Plan plan, KernelWarmUps warmUps) {
    this.g = g;
    this.plan = plan;
    rowsOfC = g.m;
    terms = g.k;
    zero = g.beginAtZero();
    m = plan.swapped() ? g.n : g.m;
    n = plan.swapped() ? g.m : g.n;
    k = g.k;
    int nr = plan.vectors() * L;
    int columns = Math.min((n + nr - 1) / nr * nr, plan.nc());
    placeOfA = Plan.B + columns * Math.max(0, Math.min(k, plan.kc()));
    warmUp = warmUps == null ? null : sample().warmUp(warmUps);
  }

  /** Returns the required floats of workspace. */
  private int workspace() {
    int depth = Math.max(0, Math.min(k, plan.kc()));
    return placeOfA + (plan.packA() ? Math.min(m, 2 * Plan.MC) * depth : 0) + Plan.SLACK;
  }

  /** Returns whether this was planned for the shape and initial value that are set. */
  boolean serves(Operands other) {
    return other.m == rowsOfC && other.k == terms && zero == other.beginAtZero();
  }

  KernelWarmUp warmUp() {
    return warmUp;
  }

  /** Returns whether the vector code is compiled. */
  boolean isReady(long work) {
    return warmUp.isReady(work);
  }

  /** Computes C without the epilogue. */
  void multiply(float[] w) {
    int nr = plan.vectors() * L;
    for (int jc = 0; jc < n; jc += plan.nc()) {
      int columns = Math.min(plan.nc(), n - jc);
      int pc = 0;
      do {
        int depth = Math.min(plan.kc(), k - pc);
        if (plan.packB()) {
          packB(jc, columns, pc, depth, w);
        }
        for (int ic = 0, rows; ic < m; ic += rows) {
          rows = m - ic < 2 * Plan.MC ? m - ic : Plan.MC;
          if (plan.packA()) {
            Packing.tiles(
                plan.vectors(), rows, depth, g.a, g.aOffset + pc * g.lda + ic, g.lda, w, placeOfA);
          }
          for (int jr = jc; jr < jc + columns; jr += nr) {
            panel(ic, rows, jr, pc, depth, w);
          }
        }
        pc += depth;
      } while (pc < k);
    }
  }

  private void packB(int jc, int columns, int pc, int depth, float[] w) {
    float[] b = plan.swapped() ? g.a : g.b;
    int bOffset = plan.swapped() ? g.aOffset : g.bOffset;
    int nr = plan.vectors() * L;
    if (g.orientation == Orientation.NT) {
      int ldb = plan.swapped() ? g.lda : k;
      Packing.transposed(columns, depth, b, bOffset + jc * ldb + pc, ldb, w, Plan.B, nr);
    } else {
      int ldb = plan.swapped() ? g.lda : n;
      Packing.columns(columns, depth, b, bOffset + pc * ldb + jc, ldb, w, Plan.B, nr);
    }
  }

  /** Computes rows of C from row ic on, in the panel that begins with column jr. */
  private void panel(int ic, int rows, int jr, int pc, int depth, float[] w) {
    int width = Math.min(plan.vectors() * L, n - jr);
    int vectors = (width + L - 1) / L;
    boolean whole = width == vectors * L && !plan.swapped();

    float[] b;
    int bAt;
    int bStep = vectors * L;
    if (plan.packB()) {
      b = w;
      bAt = Plan.B + jr % plan.nc() * depth;
    } else if (g.packed != null) {
      b = g.packed.values;
      bAt = g.packed.offset(jr) + pc * bStep;
    } else {
      b = plan.swapped() ? g.a : g.b;
      bStep = plan.swapped() ? g.lda : n;
      bAt = (plan.swapped() ? g.aOffset : g.bOffset) + pc * bStep + jr;
    }

    float[] c = whole ? g.c : w;
    int cRow = whole ? n : vectors * L;
    int cAt = whole ? g.cOffset + ic * n + jr : Plan.C;

    boolean adds = pc > 0 || g.adds;
    float[] z = ZEROS;
    int zAt = 0;
    int zRow = 0;
    if (adds) {
      z = c;
      zAt = cAt;
      zRow = cRow;
      if (!whole) {
        copy(rows, width, g.c, g.cOffset + ic * n + jr, n, w, cAt, cRow);
      }
    } else if (g.bias != null) {
      z = whole ? g.bias : w;
      zAt = whole ? g.biasOffset + jr : Plan.BIAS;
      if (!whole) {
        System.arraycopy(g.bias, g.biasOffset + jr, w, zAt, width);
      }
    }

    float[] a = plan.swapped() ? g.b : g.a;
    int aOffset = plan.swapped() ? g.bOffset : g.aOffset;
    // The last panel may use other tiles than those that A is packed for.
    if (plan.packA() && tallest(vectors) == tallest(plan.vectors())) {
      MicroKernels.columns(
          vectors, rows, false, depth, w, placeOfA, 0, b, bAt, bStep, z, zAt, zRow, c, cAt, cRow);
    } else if (g.orientation == Orientation.TN) {
      int lda = plan.swapped() ? m : g.lda;
      int aAt = aOffset + pc * lda + ic;
      MicroKernels.columns(
          vectors, rows, !adds, depth, a, aAt, lda, b, bAt, bStep, z, zAt, zRow, c, cAt, cRow);
    } else {
      int lda = plan.swapped() ? k : g.lda;
      int aAt = aOffset + ic * lda + pc;
      MicroKernels.rows(
          vectors, rows, !adds, depth, a, aAt, lda, b, bAt, bStep, z, zAt, zRow, c, cAt, cRow);
    }

    if (plan.swapped()) {
      Transpose.transpose(rows, width, w, cAt, cRow, g.c, g.cOffset + jr * m + ic, m);
    } else if (!whole) {
      copy(rows, width, w, cAt, cRow, g.c, g.cOffset + ic * n + jr, n);
    }
  }

  private static void copy(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        y[yOffset + i * ldy + j] = x[xOffset + i * ldx + j];
      }
    }
  }

  /** Cost of the loops around the tiles, in vector operations. */
  private static final int DRIVER = 60;

  /**
   * Number of terms in a call whose time shows whether the code is compiled. With this number of
   * tiles or more, a single one that keeps its vectors on the heap makes the call too slow.
   */
  private static final int LITTLE = 28;

  /** Terms for wide tiles: C2 does not unroll a loop beyond the iterations that it has seen. */
  private static final int MUCH = 64;

  /** Returns the smaller product whose calls get the same code compiled. */
  Sample sample() {
    int nr = plan.vectors() * L;
    int columns = n <= nr ? n : nr + n % nr;
    int tallest = tallest(plan.vectors());
    if (n > nr && n % nr != 0) {
      int narrow = tallest((n % nr + L - 1) / L);
      tallest *= tallest % narrow == 0 ? 1 : narrow % 4 == 0 ? 4 : narrow;
    }
    int rows = m < 2 * tallest ? m : tallest + m % tallest;
    int nc = plan.packA() ? 2 * nr : nr;
    return new Sample(
        g.orientation,
        rows,
        columns,
        g.packed != null,
        k > plan.kc() || g.adds,
        tallest(plan.vectors()),
        new Plan(plan.swapped(), plan.vectors(), plan.packA(), plan.packB(), MUCH, nc));
  }

  private int tallest(int vectors) {
    return Plan.tallest(g.orientation == Orientation.TN, vectors);
  }

  /**
   * A smaller product with the same plan, which uses every tile and every remainder of the
   * original. Products with equal samples need the same code.
   *
   * @param m number of rows of C, or of C^T if that is computed
   * @param n number of columns of that matrix
   * @param result whether C holds the initial sums, as it does between several passes
   */
  record Sample(
      Orientation orientation,
      int m,
      int n,
      boolean packed,
      boolean result,
      int tallest,
      Plan plan) {
    private KernelWarmUp warmUp(KernelWarmUps warmUps) {
      int sums = m * ((n + L - 1) / L);
      return warmUps.warmUp(
          this,
          DRIVER
              + sums * LITTLE / 2
              + (plan.packB() ? 4 * n : 0), // two multiply-adds take the time of one operation
          Math.max(1, m / tallest),
          this::calls,
          room(),
          this::run);
    }

    /** Returns a length that suffices for each of the arrays of a comparison. */
    int room() {
      return MUCH * (m + n + L) + m * n;
    }

    /** Makes products of this kind on their own arrays. */
    KernelWarmUp.Calls calls() {
      Workspace workspace = new Workspace();
      Operands sample = operands(new float[(m + n) * MUCH], new float[(m + n) * MUCH + L]);
      sample.c = new float[m * n];
      // By the terms of a call.
      VectorGemm[] products = new VectorGemm[1 + KernelWarmUp.MUCH - KernelWarmUp.AGAIN];
      for (int terms : KernelWarmUp.TERMS) {
        boolean isMuch = terms == KernelWarmUp.MUCH && plan.vectors() >= 3;
        sample.k = isMuch ? MUCH : terms > 0 ? LITTLE : terms;
        VectorGemm product = new VectorGemm(sample, plan, null);
        products[terms - KernelWarmUp.AGAIN] = product;
        workspace.require(product.workspace());
      }
      return (times, terms) -> {
        VectorGemm product = products[terms - KernelWarmUp.AGAIN];
        for (int i = 0; i < times; i++) {
          sample.adds = result && i % 2 == 1;
          product.multiply(workspace.floats());
        }
      };
    }

    /** Returns the operands of a product of this size, without C. */
    private Operands operands(float[] a, float[] b) {
      int columns = plan.swapped() ? m : n;
      Operands sample = new Operands(orientation, columns);
      sample.m = plan.swapped() ? n : m;
      sample.a = a;
      sample.lda = orientation == Orientation.TN ? sample.m : MUCH;
      sample.b = b;
      // Not Gemm.panels, because a matrix of so few columns might have a wider panel than the
      // original.
      int nr = plan.vectors() * L;
      sample.packed = packed ? PackedMatrix.of(columns, MUCH, b, 0, nr, L) : null;
      return sample;
    }

    /** Computes the product from each initial value that it may have. */
    void run(boolean vector, float[][] x) {
      Operands sample = operands(x[0], x[1]);
      sample.k = MUCH - 1; // not a multiple of the times that C2 unrolls the loop
      VectorGemm product = new VectorGemm(sample, plan, null);
      int scalar = ScalarGemm.workspace(sample.n);
      float[] w = new float[Math.max(product.workspace(), scalar)];
      for (int i = 0; i < 3; i++) { // sums that begin at 0, with a bias, and with C
        if (i == 0 || (i == 1 ? !plan.swapped() : result)) {
          sample.bias = i == 1 ? x[2] : null;
          sample.adds = i == 2;
          sample.c = x[3 + i];
          if (vector) {
            product.multiply(w);
          } else {
            new ScalarGemm(sample).multiply(w);
          }
        }
      }
    }
  }
}
