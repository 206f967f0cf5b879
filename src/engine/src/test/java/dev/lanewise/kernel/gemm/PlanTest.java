package dev.lanewise.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.simd.KernelWarmUps;
import dev.lanewise.kernel.simd.Lanes;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the choices and the sizes of {@link Plan}. */
class PlanTest {
  private int lanes;
  private int lda = Plan.SAME_SETS;

  @BeforeEach
  void vectors() {
    assumeTrue(KernelChoice.current().vector(), "plans are those of the vector kernels");
    lanes = Lanes.LENGTH;
  }

  private Plan plan(Orientation orientation, int m, int n, int k, Initial initial) {
    Gemm gemm = new Gemm(orientation, m, n, k, new Workspace(), new KernelWarmUps(false));
    initial.in(gemm, new float[n], 0);
    gemm.operands.m = m;
    gemm.operands.k = k;
    gemm.operands.lda = lda;
    return Plan.of(gemm.operands);
  }

  private Plan plan(Orientation orientation, int m, int n, int k) {
    return plan(orientation, m, n, k, Initial.ZERO);
  }

  @Test
  void narrowGradientsOfWeightsAreComputedTransposed() {
    Plan plan = plan(Orientation.TN, 6 * lanes, lanes - 1, 100);
    assertTrue(plan.swapped());
    assertFalse(plan.packA());
    assertFalse(plan(Orientation.TN, 6 * lanes, lanes - 1, 100, Initial.RESULT).swapped());
    assertFalse(plan(Orientation.TN, 3 * lanes - 1, lanes - 1, 100).swapped());
    assertFalse(plan(Orientation.TN, 6 * lanes, lanes + 1, 100).swapped());
    assertFalse(
        plan(Orientation.TN, 6 * lanes, lanes - 1, 1 << 17).swapped(), "more than one pass");
  }

  @Test
  void gradientsOfInputsWithALargeBAreComputedTransposed() {
    Plan plan = plan(Orientation.NT, lanes, 512, 256);
    assertTrue(plan.swapped());
    assertFalse(plan.packA());
    assertTrue(plan.packB());
    assertFalse(plan(Orientation.NT, lanes, 512, 256, Initial.BIAS).swapped());
    assertFalse(plan(Orientation.NT, 512, 512, 256).swapped(), "A and C cost as much");
    assertFalse(plan(Orientation.NT, lanes, 20, 30).swapped(), "small");
    assertFalse(plan(Orientation.NT, 1, 512, 256).swapped(), "few rows");
  }

  @Test
  void gradientsOfWeightsPackBothIfRowsOfAFallIntoTheSameSets() {
    Plan plan = plan(Orientation.TN, 784, 512, 128);
    assertFalse(plan.swapped());
    assertTrue(plan.packA());
    assertTrue(plan.packB());
    assertTrue(plan.nc() > plan.vectors() * lanes, "several panels");
    assertFalse(plan(Orientation.TN, 784, 191, 128).packA());
    assertFalse(plan(Orientation.TN, 5, 512, 128).packA());
    assertFalse(plan(Orientation.NN, 784, 512, 128).packA());
    assertFalse(plan(Orientation.NT, 784, 512, 128).packA());
    lda = 784;
    assertFalse(plan(Orientation.TN, 784, 512, 128).packA());
  }

  @Test
  void anyOtherProductIsComputedAsItIs() {
    Plan plan = plan(Orientation.NN, 100, 80, 70);
    assertFalse(plan.swapped());
    assertFalse(plan.packA());
    assertEquals(plan.vectors() * lanes, plan.nc(), "one panel at a time");
  }

  @Test
  void bIsPackedIfItCannotBeReadInPlaceOrManyRowsShareIt() {
    int panel = Plan.vectors(8 * lanes) * lanes;
    assertTrue(plan(Orientation.NT, 100, 4 * lanes, 20).packB(), "transposed");
    assertTrue(plan(Orientation.NN, 4, 4 * lanes + 1, 20).packB(), "the last vector is not full");
    assertTrue(plan(Orientation.NN, 32, 2 * panel, 20).packB(), "many rows");
    assertFalse(plan(Orientation.NN, 31, 2 * panel, 20).packB(), "few rows");
    assertFalse(plan(Orientation.NN, 1000, lanes, 20).packB(), "already like a panel");
    Gemm gemm = new Gemm(Orientation.NN, 50, 7, 20, new Workspace(), new KernelWarmUps(false));
    gemm.operands.m = 50;
    gemm.operands.k = 20;
    gemm.b(Gemm.panels(7, 20, new float[140], 0));
    assertFalse(Plan.of(gemm.operands).packB(), "packed already");
  }

  /** All columns are in one panel if registers hold the sums; otherwise panels are narrower. */
  @Test
  void panelsAreAsWideAsRegistersAllow() {
    for (int vectors = 1; vectors <= Plan.MOST_VECTORS; vectors++) {
      assertEquals(vectors, Plan.vectors(vectors * lanes));
      assertEquals(vectors, Plan.vectors(vectors * lanes - lanes + 1));
    }
    assertEquals(Math.min(4, Plan.MOST_VECTORS), Plan.vectors(Plan.MOST_VECTORS * lanes + 1));
  }

  @Test
  void passesHaveEqualLengths() {
    for (int k : new int[] {0, 1, 1000, 10_000, 1 << 18}) {
      Plan plan = plan(Orientation.NN, 3, 1000, k);
      if (k > plan.kc()) {
        int passes = (k + plan.kc() - 1) / plan.kc();
        assertTrue(passes * plan.kc() - k < passes, plan::toString);
      }
      assertTrue(plan.kc() > 0);
    }
    assertTrue(plan(Orientation.NN, 3, 1000, 1 << 18).kc() < 1 << 17, "some passes");
  }

  @Test
  void workspaceGrowsWithEachSize() {
    Random random = new Random(3);
    for (int i = 0; i < 1000; i++) {
      Orientation orientation = Orientation.values()[i % 3];
      int m = 1 + random.nextInt(5000);
      int n = 1 + random.nextInt(5000);
      int k = random.nextInt(5000);
      int more = random.nextInt(300);
      int size = Plan.workspace(orientation, m, n, k);
      assertTrue(size <= Plan.workspace(orientation, m + more, n, k));
      assertTrue(size <= Plan.workspace(orientation, m, n + more, k));
      assertTrue(size <= Plan.workspace(orientation, m, n, k + more));
    }
  }
}
