package dev.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TilesTest {
  private static final int STEPS = 13; // with no work, with little and with much

  @BeforeEach
  void vectorModule() {
    assumeTrue(Kernels.active() instanceof TieredKernels);
  }

  private static Set<Integer> tiles(
      Orientation orientation, int m, int n, int k, int ldb, Initial initial, Epilogue epilogue) {
    int lda = orientation == Orientation.TN ? m : k;
    return tiles(orientation, m, n, k, lda, ldb, initial, epilogue);
  }

  private static Set<Integer> tiles(
      Orientation orientation,
      int m,
      int n,
      int k,
      int lda,
      int ldb,
      Initial initial,
      Epilogue epilogue) {
    Set<Integer> numbers = new TreeSet<>();
    Tiles tiles =
        new Tiles(
            number -> {
              numbers.add(number);
              return false;
            });
    boolean ready = tiles.areReady(orientation, m, n, k, lda, ldb, initial, epilogue);
    assertEquals(numbers.isEmpty(), ready);
    return numbers;
  }

  @Test
  void whateverAProductNeedsCanBeRehearsed() {
    Random random = new Random(3);
    Set<Integer> numbers = new TreeSet<>();
    for (int i = 0; i < 20000; i++) {
      int m = 1 + random.nextInt(1 << 1 + random.nextInt(9));
      int n = 1 + random.nextInt(1 << 1 + random.nextInt(9));
      int k = 1 + random.nextInt(1 << 1 + random.nextInt(13));
      Orientation orientation = Orientation.values()[i % 3];
      Epilogue epilogue = Epilogue.values()[random.nextInt(3)];
      Initial initial = Initial.values()[random.nextInt(3)];
      int ldb = orientation == Orientation.NT ? k : random.nextInt(4) == 0 ? Kernels.PACKED : n;
      numbers.addAll(tiles(orientation, m, n, k, ldb, initial, epilogue));
      if (BlockedGemm.takesBlocks(orientation, epilogue)) {
        int lda = -Blocks.step(orientation == Orientation.TN ? k : m);
        numbers.addAll(tiles(orientation, m, n, k, lda, n, initial, epilogue));
      }
    }
    assertTrue(numbers.size() > 20);
    Tiles tiles = new Tiles(number -> false);
    for (int number : numbers) {
      assertTrue(number < Tiles.COUNT);
      Rehearsal rehearsal = tiles.rehearsal(number);
      for (int i = 0; i < STEPS; i++) {
        rehearsal.step();
      }
    }
  }

  @Test
  void rowsDecideWhichHeightsAreNeeded() {
    int n = 4 * Lanes.LENGTH;
    Set<Integer> whole = tiles(Orientation.NN, 60, n, 64, n, Initial.BIAS, Epilogue.RELU);
    Set<Integer> rest = tiles(Orientation.NN, 61, n, 64, n, Initial.BIAS, Epilogue.RELU);
    assertTrue(rest.containsAll(whole));
    assertTrue(rest.size() > whole.size());
  }

  @Test
  void sumsOfManyPassesNeedTheTilesOfEachPass() {
    int lanes = Lanes.LENGTH;
    int k = 3 * GemmPlan.kc(lanes);
    int n = lanes - lanes / 3 - 1; // not a whole vector: the second pass takes all rows from a copy
    for (int m = 1; m < 130; m++) {
      int rows = m;
      Set<Integer> narrow = tiles(Orientation.NN, m, n, k, n, Initial.BIAS, Epilogue.NONE);
      Set<Integer> copied = tiles(Orientation.NN, m, lanes, k, lanes, Initial.ZERO, Epilogue.NONE);
      assertTrue(narrow.containsAll(copied), () -> rows + " rows: " + narrow + ", " + copied);
      Set<Integer> masks =
          tiles(Orientation.NN, m, lanes, k, lanes, Initial.ZERO, Epilogue.RELU_MASK);
      assertTrue(masks.containsAll(copied), () -> rows + " rows: " + masks + ", " + copied);
    }
  }
}
