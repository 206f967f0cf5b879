package dev.lanewise.kernel.gemm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.Matrix.Values;
import dev.lanewise.kernel.simd.KernelWarmUps;
import dev.lanewise.kernel.simd.Lanes;
import org.junit.jupiter.api.BeforeEach;
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

  private static void check(Orientation orientation, int m, int n, int k) {
    Product product =
        new Product(orientation, m, n, k, Initial.BIAS, Epilogue.NONE, Values.PLAIN, m + n + k);
    Workspace workspace = new Workspace();
    Gemm gemm = new Gemm(orientation, m, n, k, workspace, new KernelWarmUps(false));
    product.check(orientation + " " + m + " x " + n + " x " + k, gemm, workspace);
  }
}
