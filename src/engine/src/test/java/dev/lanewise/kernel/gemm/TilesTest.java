package dev.lanewise.kernel.gemm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.Matrix.Values;
import dev.lanewise.kernel.simd.Lanes;
import dev.lanewise.kernel.simd.WarmUps;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * Checks each register tile, with numbers of terms that are not a multiple of the unrolled loop.
 */
class TilesTest {
  private static final int[] TERMS = {1, 7, 13, 15};

  @BeforeEach
  void vectors() {
    assumeTrue(KernelChoice.current().vector(), "the tiles are those of the vector kernels");
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NT")
  void everyTileTakesEveryTerm(Orientation orientation) {
    for (int vectors = 1; vectors <= Plan.MOST_VECTORS; vectors++) {
      for (int m = 1; m <= 8; m++) {
        for (int k : TERMS) {
          check(orientation, m, vectors * Lanes.LENGTH, k);
        }
      }
    }
  }

  /** Checks the tiles that read packed rows of A, also in several blocks. */
  @Test
  void everyTileOfPackedRowsTakesEveryTerm() {
    for (int m : new int[] {1, 6, 7, 8, 9, 13, 16, 2 * Plan.MC + 3}) {
      for (int vectors = 1; vectors <= 2 * Plan.MOST_VECTORS; vectors++) {
        int n = vectors * Lanes.LENGTH;
        Product product = product(Orientation.TN, m, n, 15);
        int panel = Plan.vectors(n);
        Plan plan = new Plan(false, panel, true, true, 8, panel * Lanes.LENGTH);
        Workspace workspace = new Workspace();
        Gemm gemm = new Gemm(Orientation.TN, m, n, 15, workspace, new WarmUps(false));
        gemm.b(product.b.cells, product.b.offset);
        workspace.require(Plan.B + 8 * (panel * Lanes.LENGTH + 2 * Plan.MC) + Packing.SLACK);
        Runnable way = () -> new VectorGemm(gemm.operands, plan, null).multiply(workspace.floats());
        product.check(m + " x " + n + ", packed", gemm, workspace, way);
      }
    }
  }

  private static Product product(Orientation orientation, int m, int n, int k) {
    return new Product(orientation, m, n, k, Initial.BIAS, Epilogue.NONE, Values.PLAIN, m + n + k);
  }

  private static void check(Orientation orientation, int m, int n, int k) {
    Product product = product(orientation, m, n, k);
    Workspace workspace = new Workspace();
    Gemm gemm = new Gemm(orientation, m, n, k, workspace, new WarmUps(false));
    product.check(orientation + " " + m + " x " + n + " x " + k, gemm, workspace);
  }
}
