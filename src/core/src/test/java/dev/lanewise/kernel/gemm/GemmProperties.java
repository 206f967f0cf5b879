package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.KernelChoice;
import dev.lanewise.kernel.Matrix.Values;
import dev.lanewise.kernel.simd.Lanes;
import dev.lanewise.kernel.simd.WarmUp;
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
 * Each way of computing a product by itself, in a workspace of no more than it asks for: what
 * serves only for a second at a job's start, and plans that no shape has.
 */
class GemmProperties {
  private static final boolean VECTORS = KernelChoice.current().vector();
  private static final WarmUp NONE = new WarmUp(false);

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

  private static float[] workspace(int length) {
    float[] workspace = new float[length];
    Arrays.fill(workspace, Float.NaN);
    return workspace;
  }

  @Property(tries = 1500, shrinking = ShrinkingMode.BOUNDED)
  void narrowProducts(
      @ForAll Orientation orientation,
      @ForAll("sizes") int m,
      @ForAll("sizes") int n,
      @ForAll("sums") int k,
      @ForAll Initial initial,
      @ForAll Epilogue epilogue,
      @ForAll Values values,
      @ForAll long seed) {
    if (!VECTORS) {
      return;
    }
    int rows = m + 3; // whole tiles at least
    Product product = new Product(orientation, rows, n, k, initial, epilogue, values, seed);
    Workspace workspace = new Workspace();
    Gemm gemm = new Gemm(orientation, rows, n, k, workspace, NONE);
    Runnable narrow =
        () -> {
          new NarrowGemm(NONE).multiply(gemm, workspace(NarrowGemm.workspace(k)));
          product.applyEpilogue(gemm);
        };
    product.check("narrow", gemm.b(product.b.cells, product.b.offset), workspace, narrow);
    if (orientation == Orientation.NN) {
      product.check("narrow, packed", gemm.b(panels(product)), workspace, narrow);
    }
  }

  private static PackedMatrix panels(Product product) {
    return PackedMatrix.ofPanels(product.n, product.k, product.b.cells, product.b.offset);
  }

  /** What serves before any vector code is compiled reads panels that are made for vectors. */
  @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
  void scalarProductsOfPanels(
      @ForAll("sizes") int m,
      @ForAll("sizes") int n,
      @ForAll("sums") int k,
      @ForAll Initial initial,
      @ForAll Values values,
      @ForAll long seed) {
    if (!VECTORS) {
      return;
    }
    Product product = new Product(Orientation.NN, m, n, k, initial, Epilogue.NONE, values, seed);
    Workspace workspace = new Workspace();
    Gemm gemm = new Gemm(Orientation.NN, m, n, k, workspace, NONE).b(panels(product));
    int length = ScalarGemm.workspace(Orientation.NN, n);
    product.check(
        "scalar", gemm, workspace, () -> new ScalarGemm(gemm).multiply(workspace(length)));
  }

  /** Of a smaller product than its Gemm was made for, too. */
  @Property(tries = 1500, shrinking = ShrinkingMode.BOUNDED)
  void plansFitTheirWorkspace(
      @ForAll Orientation orientation,
      @ForAll("sizes") int m,
      @ForAll("sizes") int n,
      @ForAll("sums") int k,
      @ForAll Initial initial,
      @ForAll Values values,
      @ForAll long seed) {
    if (!VECTORS) {
      return;
    }
    Random random = new Random(seed);
    Product product = new Product(orientation, m, n, k, initial, Epilogue.NONE, values, seed);
    int most = random.nextInt(3) * random.nextInt(200);
    Workspace workspace = new Workspace();
    Gemm gemm = new Gemm(orientation, m + most, n, k + most, workspace, NONE);
    int length = Plan.workspace(orientation, m + most, n, k + most);
    product.check(
        "vectors",
        gemm.b(product.b.cells, product.b.offset),
        workspace,
        () -> new VectorGemm(gemm, NONE).multiply(workspace(length)));
  }

  /** Panels of every width, A packed or not, many passes and blocks of columns. */
  @Property(tries = 3000, shrinking = ShrinkingMode.BOUNDED)
  void anyPlan(
      @ForAll Orientation orientation,
      @ForAll("sizes") int m,
      @ForAll("sizes") int n,
      @ForAll("sums") int k,
      @ForAll Initial initial,
      @ForAll Values values,
      @ForAll long seed) {
    if (!VECTORS) {
      return;
    }
    Random random = new Random(seed);
    Product product = new Product(orientation, m, n, k, initial, Epilogue.NONE, values, seed);
    Workspace workspace = new Workspace();
    Gemm gemm = new Gemm(orientation, m, n, k, workspace, NONE);
    boolean packed = orientation == Orientation.NN && random.nextBoolean();
    Plan plan = plan(product, packed, random);
    int rows = plan.swapped() ? n : m;
    int columns = plan.swapped() ? m : n;
    int depth = Math.min(k, plan.kc());
    int nr = plan.vectors() * Lanes.LENGTH;
    int ofB = Math.min((columns + nr - 1) / nr * nr, plan.nc()) * depth;
    int ofA = plan.packA() ? Math.min(rows, 2 * Plan.MC) * depth : 0;
    int length = Plan.B + ofB + ofA + Packing.SLACK;
    product.check(
        plan + (packed ? ", packed" : ""),
        packed ? gemm.b(panels(product)) : gemm.b(product.b.cells, product.b.offset),
        workspace,
        () -> new VectorGemm(gemm, plan, null).multiply(workspace(length)));
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
    // The sums of C^T have no place to wait.
    int kc = swapped ? Math.max(1, product.k) : 1 + random.nextInt(product.k + 1);
    int nc = vectors * Lanes.LENGTH * (1 + random.nextInt(3));
    return new Plan(swapped, vectors, packA, packB, kc, nc);
  }
}
