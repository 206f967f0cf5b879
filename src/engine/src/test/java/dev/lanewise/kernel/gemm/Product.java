package dev.lanewise.kernel.gemm;

import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.Matrix;
import dev.lanewise.kernel.Matrix.Values;
import dev.lanewise.kernel.NaiveKernels;
import java.util.Arrays;
import java.util.Random;

/** A product with its operands and its expected result, including the cells around it. */
public final class Product {
  final Orientation orientation;
  final int m;
  final int n;
  final int k;
  final Initial initial;
  final Epilogue epilogue;
  final Matrix a;
  final Matrix b;
  private final Matrix bias;
  private final Matrix mask;
  private final Matrix before;
  private final Matrix expected;

  /** Draws the operands, and computes the product by its definition. */
  public Product(
      Orientation orientation,
      int m,
      int n,
      int k,
      Initial initial,
      Epilogue epilogue,
      Values values,
      long seed) {
    this.orientation = orientation;
    this.m = m;
    this.n = n;
    this.k = k;
    this.initial = initial;
    this.epilogue = epilogue;
    Random random = new Random(seed);
    boolean columns = orientation == Orientation.TN;
    a = new Matrix(columns ? k : m, columns ? m : k, random, values);
    boolean transposed = orientation == Orientation.NT;
    b = dense(transposed ? n : k, transposed ? k : n, random, values);
    bias = dense(1, n, random, values);
    mask = dense(m, n, random, values);
    before = dense(m, n, random, values);
    if (initial != Initial.RESULT) {
      before.fill(Float.NaN);
    }
    expected = before.copy();
    NaiveKernels.gemm(orientation, a, b, expected, k, initial, bias, epilogue, mask);
  }

  private static Matrix dense(int rows, int columns, Random random, Values values) {
    return new Matrix(random.nextInt(20), rows, columns, random.nextInt(3), random, values);
  }

  /** Checks a Gemm, which may have been made for a larger product. */
  public void check(String name, Gemm gemm, Workspace workspace) {
    check(name, gemm.b(b.cells, b.offset), workspace, () -> gemm.multiply(m, k));
  }

  /** Checks an NN product with B packed. */
  public void check(String name, Gemm gemm, Workspace workspace, PackedMatrix packed) {
    check(name + ", packed", gemm.b(packed), workspace, () -> gemm.multiply(m, k));
  }

  /** Checks one way to compute the product, with a Gemm for which B is set already. */
  void check(String name, Gemm gemm, Workspace workspace, Runnable way) {
    Matrix result = before.copy();
    Matrix[] read = {a.copy(), b.copy(), bias.copy(), mask.copy()};
    gemm.a(a.cells, a.offset, a.ld).c(result.cells, result.offset);
    epilogue.in(initial.in(gemm, bias.cells, bias.offset), mask.cells, mask.offset);
    gemm.operands.m = m;
    gemm.operands.k = k;
    Arrays.fill(workspace.floats(), Float.NaN);
    way.run();
    expected.assertSameBits(result, name);
    read[0].assertSameBits(a, "A");
    read[1].assertSameBits(b, "B");
    read[2].assertSameBits(bias, "bias");
    read[3].assertSameBits(mask, "mask");
  }

  /** Returns B in the packed layout of some kernels. */
  public PackedMatrix packed(KernelSet kernels) {
    return kernels.pack(n, k, b.cells, b.offset);
  }

  /** Applies the epilogue to the result. */
  void applyEpilogue(Gemm gemm) {
    if (epilogue != Epilogue.NONE) {
      float[] cells = epilogue == Epilogue.RELU ? null : mask.cells;
      ScalarGemm.apply(0, m * n, gemm.operands.c, gemm.operands.cOffset, cells, mask.offset);
    }
  }
}
