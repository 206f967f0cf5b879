package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GemmPlanTest {
  private static final GemmPlan[][] PLANS = GemmPlan.all(GemmPlan.VECTORS_32, 16, false);

  private static GemmPlan plan(Orientation orientation, int m, int n, int k) {
    int lda = orientation == Orientation.TN ? m : k;
    int ldb = orientation == Orientation.NT ? k : n;
    return GemmPlan.of(
        PLANS, GemmPlan.VECTORS_32, 16, false, false, orientation, m, n, k, lda, ldb);
  }

  /** Shapes of one network after another, on 32 registers of 16 lanes. */
  @ParameterizedTest(name = "{0} {1} x {2} x {3}: {4} vectors, pack A {5}, B {6}")
  @CsvSource({
    "NN, 100, 16, 2304, 1, false, false", // B is a panel as it stands
    "NN, 100, 80, 16, 5, false, false", // and so are 5 vectors
    "NN, 100, 7, 80, 1, false, true",
    "NN, 100, 20, 80, 2, false, true",
    "NN, 16, 512, 512, 4, false, false", // too few rows to pay for a copy of B
    "NN, 1, 512, 784, 4, false, false",
    "NN, 1, 16, 2304, 1, false, false",
    "NN, 512, 512, 512, 4, true, true",
    "NN, 512, 512, 1100, 4, true, true",
    "NN, 512, 144, 512, 3, false, true", // 4 would leave one vector
    "NN, 100, 64, 64, 4, false, false",
    "NN, 128, 512, 784, 4, true, true",
    "NN, 90, 512, 1024, 4, true, true", // rows of A in one set of the cache
    "NT, 100, 16, 80, 1, false, true",
    "NT, 1, 512, 512, 4, false, true",
    "NT, 512, 512, 512, 4, true, true",
    "TN, 784, 512, 128, 4, true, true",
    "TN, 16, 80, 100, 5, false, false",
    "TN, 80, 7, 100, 1, false, true",
    "TN, 16, 512, 100, 4, true, false"
  })
  void chosenByShape(
      Orientation orientation, int m, int n, int k, int vectors, boolean packA, boolean packB) {
    GemmPlan plan = plan(orientation, m, n, k);
    assertEquals(vectors, plan.vectors());
    assertEquals(packA, plan.packA(), "packs A");
    assertEquals(packB, plan.packB(), "packs B");
  }

  /**
   * Eight rows of three vectors for a few columns of A that are read where they stand, else four.
   */
  @ParameterizedTest
  @CsvSource({
    "TN, 16, 2304, 3, false",
    "TN, 8, 512, 3, false",
    "TN, 10, 512, 4, true",
    "TN, 16, 80, 5, false",
    "TN, 16, 32, 2, false",
    "TN, 17, 512, 4, true",
    "NN, 16, 512, 4, false", // rows where they stand
    "NN, 512, 512, 4, false",
    "NN, 512, 144, 4, false", // where 4 leave one vector, too
    "NN, 512, 336, 4, false",
    "NT, 512, 512, 4, false"
  })
  void tallTilesForFewColumns(Orientation orientation, int m, int n, int vectors, boolean packA) {
    int lda = orientation == Orientation.TN ? m : 512;
    GemmPlan plan =
        GemmPlan.of(
            GemmPlan.all(GemmPlan.VECTORS_32, 16, true),
            GemmPlan.VECTORS_32,
            16,
            false,
            true,
            orientation,
            m,
            n,
            512,
            lda,
            n + 1);
    assertEquals(vectors, plan.vectors());
    assertEquals(packA, plan.packA(), "packs A");
    assertEquals(!packA, plan.nc() == vectors * 16, "a panel at a time");
  }

  @Test
  void everyPlanThatIsMadeCanBeReached() {
    Set<GemmPlan> reached = new HashSet<>();
    for (Orientation orientation : Orientation.values()) {
      for (int m : new int[] {1, 8, 100, 600}) {
        for (int n : new int[] {1, 16, 30, 48, 64, 80, 200, 600}) {
          for (int k : new int[] {10, 1024, 1100}) {
            reached.add(plan(orientation, m, n, k));
          }
        }
      }
    }
    // Narrow outputs never pack A.
    assertEquals(2 + 2 + 4 + 4 + 2, reached.size());
    assertFalse(reached.contains(PLANS[1][2]));
  }

  @Test
  void blocksOfTermsPayEarlierThanCopiedRows() {
    GemmPlan[][] plans = GemmPlan.all(GemmPlan.VECTORS_16, 8, false);
    for (boolean blocks : new boolean[] {false, true}) {
      GemmPlan plan =
          GemmPlan.of(
              plans, GemmPlan.VECTORS_16, 8, blocks, false, Orientation.NN, 32, 512, 700, 700, 512);
      assertEquals(blocks, plan.packA());
      assertEquals(2, plan.vectors());
    }
  }

  /** Blocks of terms cost a copy of A, and the last one its terms that are none. */
  @ParameterizedTest
  @CsvSource({
    "64, 96, true",
    "64, 90, true", // six of 96
    "64, 33, false", // seven of 40
    "64, 12, false",
    "24, 96, false", // a panel and a half
    "24, 256, true",
    "16, 1000, false"
  })
  void blocksOfTermsMustPay(int n, int k, boolean packA) {
    GemmPlan[][] plans = GemmPlan.all(GemmPlan.VECTORS_16, 8, false);
    int ldb = n + 1; // no panel as it stands
    GemmPlan plan =
        GemmPlan.of(plans, GemmPlan.VECTORS_16, 8, true, false, Orientation.NN, 100, n, k, k, ldb);
    assertEquals(packA, plan.packA());
  }

  @Test
  void aThatStandsInBlocksIsNotCopied() {
    GemmPlan[][] plans = GemmPlan.all(GemmPlan.VECTORS_16, 8, false);
    for (Orientation orientation : new Orientation[] {Orientation.NN, Orientation.TN}) {
      for (int n : new int[] {8, 16, 40, 512}) {
        GemmPlan plan =
            GemmPlan.of(
                plans, GemmPlan.VECTORS_16, 8, true, false, orientation, 90, n, 70, -728, n);
        assertFalse(plan.packA());
        assertEquals(n > 16, plan.packB(), "packs B"); // else it is a panel as it stands
        assertEquals(0, plan.mc() % Blocks.LENGTH);
      }
    }
  }

  @Test
  void passesAreWholeBlocksOfTerms() {
    GemmPlan plan = GemmPlan.all(GemmPlan.VECTORS_16, 8, false)[2][3];
    assertEquals(1021, plan.depth(1021));
    assertEquals(1016, plan.depth(2025));
    assertEquals(1024, plan.depth(2041));
  }

  @Test
  void blocksAreWholePanels() {
    for (int lanes : new int[] {4, 8, 16}) {
      for (boolean tall : new boolean[] {false, true}) {
        for (GemmPlan[] plans : GemmPlan.all(GemmPlan.VECTORS_32, lanes, tall)) {
          for (GemmPlan plan : plans == null ? new GemmPlan[0] : plans) {
            assertEquals(0, plan.nc() % (plan.vectors() * lanes), plan.toString());
            assertEquals(0, plan.mc() % GemmPlan.MR, plan.toString());
          }
        }
      }
    }
  }

  /** The branches of the loops beyond the plan: each shape, against the naive chain. */
  @ParameterizedTest(name = "{0} {1} x {2} x {3}, {4}, {5}")
  @CsvSource({
    "NN, 50, 7, 30, BIAS, RELU", // whole vectors over the start of the next row
    "NN, 2, 7, 30, BIAS, RELU", // no row has enough behind it
    "NN, 51, 8, 37, ZERO, NONE", // pairs of rows, and an odd one
    "NN, 51, 8, 600, BIAS, RELU", // pairs in three passes
    "NT, 19, 5, 257, ZERO, RELU_MASK", // a second pass of one term, and fewer pairs at the end
    "NN, 9, 1, 5, BIAS, RELU", // no eight terms
    "NT, 51, 5, 37, ZERO, RELU_MASK",
    "NT, 9, 3, 70, ZERO, RELU_MASK",
    "NN, 40, 6, 20, BIAS, RELU_MASK",
    "NN, 50, 37, 30, ZERO, NONE",
    "NN, 50, 7, 2100, BIAS, RELU", // a second pass, through the scratch panel
    "NN, 50, 7, 30, RESULT, RELU_MASK",
    "NT, 50, 7, 30, ZERO, RELU_MASK",
    "NT, 50, 60, 7, ZERO, RELU_MASK", // squares to transpose that are not whole
    "NN, 300, 16, 2100, BIAS, RELU", // blocks of rows and of terms
    "NN, 300, 250, 2100, BIAS, RELU", // packed rows of A
    "NN, 300, 256, 600, BIAS, RELU",
    "NN, 20, 80, 2100, BIAS, RELU", // two passes with five vectors
    "NN, 8, 250, 1024, BIAS, RELU",
    "NN, 1, 300, 2100, BIAS, RELU", // a single row, too long for in place
    "NN, 12, 2100, 20, BIAS, NONE", // blocks of columns
    "NN, 40, 1000, 700, BIAS, RELU", // with narrow lanes, too
    "TN, 200, 1000, 700, ZERO, NONE",
    "NT, 12, 2100, 20, ZERO, RELU_MASK",
    "NN, 50, 37, 32, BIAS, RELU", // blocks of terms and whole turns, with 16 registers
    "NT, 50, 60, 30, ZERO, RELU_MASK", // terms left, which apply the mask
    "NT, 54, 60, 32, ZERO, RELU_MASK", // none left but for the mask
    "NN, 64, 60, 67, RESULT, NONE", // a block of few rows
    "TN, 80, 200, 103, BIAS, RELU", // terms left after turns of four
    "TN, 80, 16, 103, ZERO, NONE",
    "TN, 6, 192, 9, BIAS, RELU", // B where it stands, of which tiles of packed A know nothing
    "TN, 80, 7, 100, ZERO, NONE", // transposed product, turned back
    "TN, 80, 16, 100, ZERO, NONE",
    "TN, 80, 16, 2100, ZERO, NONE", // too long for that
    "TN, 80, 7, 100, BIAS, RELU",
    "TN, 80, 7, 100, RESULT, RELU_MASK",
    "TN, 80, 200, 100, ZERO, NONE", // packed tiles of A^T
    "TN, 15, 200, 600, BIAS, RELU",
    "TN, 1, 300, 40, ZERO, NONE",
    "NN, 2, 191, 60, BIAS, RELU", // few rows, in place: eight vectors, then four that overlap them
    "NN, 2, 112, 60, BIAS, NONE", // seven
    "NN, 3, 96, 60, ZERO, RELU",
    "NN, 5, 19, 60, BIAS, RELU", // two vectors would not fit
    "NN, 31, 40, 2048, ZERO, NONE",
    "NN, 1, 16, 2304, BIAS, RELU", // packed, few rows in one pass
    "NN, 5, 37, 2100, BIAS, NONE",
    "NN, 1, 7, 40, BIAS, RELU", // a row shorter than a vector
    "NN, 6, 3, 2, ZERO, NONE", // all of B goes through the workspace
    "NN, 70, 9, 3, BIAS, RELU", // some rows at a time
    "NN, 4, 90, 3, BIAS, RELU", // sums of few terms in place
    "NT, 40, 300, 3, ZERO, RELU_MASK", // of B^T two blocks
    "NT, 3, 57, 2, BIAS, RELU",
    "NT, 3, 57, 6, ZERO, RELU_MASK", // too few rows for so many terms
    "NN, 50, 300, 200, BIAS, RELU", // many rows in place
    "NN, 170, 80, 790, ZERO, NONE", // more, where copies pay
    "TN, 300, 250, 64, BIAS, RELU",
    "TN, 40, 70, 1030, ZERO, NONE", // too many terms for that
    "TN, 1030, 80, 1020, ZERO, NONE", // too large
    "TN, 5, 448, 13, ZERO, NONE",
    "TN, 4, 2, 43, BIAS, RELU",
    "TN, 60, 44, 1, BIAS, RELU", // one term: A^T is A
    "NT, 60, 44, 1, BIAS, RELU",
    "NT, 60, 44, 1, ZERO, RELU_MASK",
    "NT, 40, 1, 50, BIAS, RELU", // matrix and vector
    "NN, 29, 1, 37, RESULT, RELU_MASK",
    "NT, 1, 61, 37, BIAS, RELU",
    "NT, 1, 5, 3, ZERO, RELU_MASK",
    "NT, 1, 5, 3, RESULT, NONE",
    "NT, 12, 200, 150, ZERO, RELU_MASK", // B^T stays, A and C are turned
    "NT, 70, 520, 300, ZERO, NONE",
    "NT, 5, 39, 126, ZERO, RELU_MASK", // C^T by pairs of rows of B
    "NT, 8, 40, 300, ZERO, NONE",
    "NT, 2, 17, 96, ZERO, NONE",
    "NT, 5, 39, 126, BIAS, RELU", // but not with a bias
    "NT, 12, 200, 150, ZERO, RELU",
    "NT, 40, 2050, 20, ZERO, RELU_MASK",
    "NN, 34, 5400, 100, BIAS, RELU", // B in two blocks of columns or more
    "NT, 34, 12900, 41, ZERO, NONE",
    "TN, 34, 2100, 1029, ZERO, NONE",
    "NN, 37, 1, 50, BIAS, RELU", // turned on the way, with terms left over
    "NT, 1, 100, 64, BIAS, RELU_MASK",
    "NT, 1, 16, 16, ZERO, RELU"
  })
  void everyBranchGivesTheChain(
      Orientation orientation, int m, int n, int k, Initial initial, Epilogue epilogue) {
    assertChain(orientation, m, n, k, initial, epilogue);
  }

  /** Sums of few terms: each number of terms, by panels of each width, alone and overlapping. */
  @Test
  void everyPanelOfFewTermsGivesTheChain() {
    assumeTrue(KernelChoice.current().vector(), "the panels are those of the vector kernels");
    Set<Integer> reached = new HashSet<>();
    for (int k = 1; k < MicroKernels.THIN.length; k++) {
      for (int n : new int[] {1, 2, 3, 4, 5, 7}) {
        for (int rest : new int[] {0, 1, Lanes.LENGTH - 1}) {
          int columns = n * Lanes.LENGTH + rest;
          assertTrue(ThinGemm.serves(Orientation.NN, 33, columns, k, columns, Initial.BIAS));
          for (int done = 0, vectors; done < columns; done += vectors * Lanes.LENGTH) {
            vectors = ThinGemm.vectors(k, columns, done);
            done = Math.min(done, columns - vectors * Lanes.LENGTH);
            reached.add(8 * k + vectors);
          }
          assertChain(Orientation.NN, 33, columns, k, Initial.BIAS, Epilogue.RELU);
          assertChain(Orientation.TN, 33, columns, k, Initial.ZERO, Epilogue.NONE);
          assertChain(Orientation.NT, 33, columns, k, Initial.ZERO, Epilogue.RELU_MASK);
        }
      }
    }
    assertEquals(Arrays.stream(MicroKernels.THIN).mapToInt(v -> v.length).sum(), reached.size());
  }

  private static void assertChain(
      Orientation orientation, int m, int n, int k, Initial initial, Epilogue epilogue) {
    Random random = new Random(m * 31L + n);
    boolean tn = orientation == Orientation.TN;
    boolean nt = orientation == Orientation.NT;
    for (int gap : new int[] {0, 3}) {
      float[] a = array(random, (tn ? k : m) * ((tn ? m : k) + gap));
      float[] b = array(random, (nt ? n : k) * ((nt ? k : n) + gap));
      float[] bias = array(random, n);
      float[] mask = array(random, m * (n + gap));
      float[] c = array(random, m * (n + gap));
      float[] expected = c.clone();
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          int at = i * (n + gap) + j;
          float sum =
              switch (initial) {
                case ZERO -> 0f;
                case BIAS -> bias[j];
                case RESULT -> c[at];
              };
          for (int p = 0; p < k; p++) {
            float x = tn ? a[p * (m + gap) + i] : a[i * (k + gap) + p];
            float y = nt ? b[j * (k + gap) + p] : b[p * (n + gap) + j];
            sum = Math.fma(x, y, sum);
          }
          expected[at] =
              switch (epilogue) {
                case NONE -> sum;
                case RELU -> sum < 0 ? 0f : sum;
                case RELU_MASK -> mask[at] > 0 ? sum : 0f;
              };
        }
      }
      for (Kernels kernels : Twins.all()) {
        float[] result = c.clone();
        float[] workspace = new float[kernels.gemmWorkspace(orientation, m, n, k)];
        Arrays.fill(workspace, Float.NaN);
        kernels.gemm(
            orientation,
            m,
            n,
            k,
            a,
            0,
            (tn ? m : k) + gap,
            b,
            0,
            (nt ? k : n) + gap,
            result,
            0,
            n + gap,
            initial,
            bias,
            0,
            epilogue,
            mask,
            0,
            n + gap,
            workspace);
        assertArrayEquals(expected, result, kernels.getClass().getSimpleName() + ", gap " + gap);
      }
    }
  }

  private static float[] array(Random random, int length) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    return x;
  }
}
