package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.Matrix.Values;
import dev.lanewise.kernel.simd.KernelWarmUps;
import dev.lanewise.kernel.simd.Lanes;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/**
 * Every way to compute a product with vectors gives the bits of the definition, in a workspace of
 * the size that it asks for. This includes ways that are used only in the first second of a job,
 * and plans that are not chosen for any shape.
 */
class GemmProperties {
  private static final KernelWarmUps NONE = new KernelWarmUps(false);

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.frequencyOf(
        Tuple.of(6, Arbitraries.integers().between(1, 18)),
        Tuple.of(4, Arbitraries.integers().between(19, 130)),
        Tuple.of(1, Arbitraries.integers().between(131, 420)));
  }

  @Provide
  Arbitrary<Integer> sums() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.just(0)),
        Tuple.of(8, Arbitraries.integers().between(1, 70)),
        Tuple.of(1, Arbitraries.integers().between(71, 500)));
  }

  @Property(tries = 900, shrinking = ShrinkingMode.BOUNDED)
  void everyWayGivesTheBitsOfTheDefinition(
      @ForAll Orientation orientation,
      @ForAll("sizes") int m,
      @ForAll("sizes") int n,
      @ForAll("sums") int k,
      @ForAll Initial initial,
      @ForAll Epilogue epilogue,
      @ForAll Values values,
      @ForAll long seed) {
    if (KernelChoice.current().vector()) {
      Product product = new Product(orientation, m, n, k, initial, epilogue, values, seed);
      Random random = new Random(seed);
      if (m >= 4) { // there is at least one whole tile
        narrow(product);
      }
      if (orientation == Orientation.NN) {
        scalarFromPanels(product);
      }
      planned(product, random);
      anyPlan(product, random);
    }
  }

  private static Gemm gemm(Product product, int more, Workspace workspace) {
    Gemm gemm =
        new Gemm(
            product.orientation, product.m + more, product.n, product.k + more, workspace, NONE);
    return gemm.b(product.b.cells, product.b.offset);
  }

  private static float[] workspace(int length) {
    float[] workspace = new float[length];
    Arrays.fill(workspace, Float.NaN);
    return workspace;
  }

  private static PackedMatrix panels(Product product) {
    return Gemm.panels(product.n, product.k, product.b.cells, product.b.offset);
  }

  private static void check(
      String name, Product product, Gemm gemm, Workspace workspace, Runnable way) {
    Runnable whole =
        () -> {
          way.run();
          product.applyEpilogue(gemm);
        };
    product.check(name, gemm, workspace, whole);
  }

  private static void narrow(Product product) {
    Workspace workspace = new Workspace();
    Gemm gemm = gemm(product, 0, workspace);
    int length = NarrowGemm.workspace(product.k);
    Runnable narrow = () -> new NarrowGemm(NONE).multiply(gemm.operands, workspace(length));
    check("narrow", product, gemm, workspace, narrow);
    if (product.orientation == Orientation.NN) {
      check("narrow, packed", product, gemm.b(panels(product)), workspace, narrow);
    }
  }

  /**
   * Checks scalar code that reads panels made for vectors, as it does before vector code is
   * compiled.
   */
  private static void scalarFromPanels(Product product) {
    Workspace workspace = new Workspace();
    Gemm gemm = gemm(product, 0, workspace).b(panels(product));
    int length = ScalarGemm.workspace(product.n);
    Runnable scalar = () -> new ScalarGemm(gemm.operands).multiply(workspace(length));
    check("scalar", product, gemm, workspace, scalar);
  }

  /** Checks a Gemm that may have been made for a larger product. */
  private static void planned(Product product, Random random) {
    int more = random.nextInt(3) * random.nextInt(200);
    Workspace workspace = new Workspace();
    Gemm gemm = gemm(product, more, workspace);
    int length = Plan.workspace(product.orientation, product.m + more, product.n, product.k + more);
    Runnable vectors = () -> new VectorGemm(gemm.operands, NONE).multiply(workspace(length));
    check("vectors", product, gemm, workspace, vectors);
  }

  /**
   * Checks a plan with panels of any width, A packed or not, and several passes and blocks of
   * columns.
   */
  private static void anyPlan(Product product, Random random) {
    boolean packed = product.orientation == Orientation.NN && random.nextBoolean();
    Plan plan = plan(product, packed, random);
    int rows = plan.swapped() ? product.n : product.m;
    int columns = plan.swapped() ? product.m : product.n;
    int depth = Math.min(product.k, plan.kc());
    int nr = plan.vectors() * Lanes.LENGTH;
    int ofB = Math.min((columns + nr - 1) / nr * nr, plan.nc()) * depth;
    int ofA = plan.packA() ? Math.min(rows, 2 * Plan.MC) * depth : 0;
    int length = Plan.B + ofB + ofA + Plan.SLACK;
    Workspace workspace = new Workspace();
    Gemm gemm = gemm(product, 0, workspace);
    Runnable vectors = () -> new VectorGemm(gemm.operands, plan, null).multiply(workspace(length));
    String name = plan + (packed ? ", packed" : "");
    check(name, product, packed ? gemm.b(panels(product)) : gemm, workspace, vectors);
  }

  private static Plan plan(Product product, boolean packed, Random random) {
    boolean swapped =
        product.orientation != Orientation.NN
            && product.initial == Initial.ZERO
            && random.nextBoolean();
    int columns = swapped ? product.m : product.n;
    int vectors = packed ? Plan.vectors(product.n) : 1 + random.nextInt(Plan.MOST_VECTORS);
    boolean packA = product.orientation == Orientation.TN && !swapped && random.nextBoolean();
    boolean needed = product.orientation == Orientation.NT || columns % Lanes.LENGTH != 0;
    boolean packB = !packed && (needed || random.nextBoolean());
    // C^T cannot keep sums between passes.
    int kc = swapped ? Math.max(1, product.k) : 1 + random.nextInt(product.k + 1);
    int nc = vectors * Lanes.LENGTH * (1 + random.nextInt(3));
    return new Plan(swapped, vectors, packA, packB, kc, nc);
  }
}
