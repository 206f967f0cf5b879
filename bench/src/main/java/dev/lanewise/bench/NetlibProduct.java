package dev.lanewise.bench;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;

/**
 * A product by netlib's VectorBLAS, the fastest BLAS in Java. VectorBLAS is column-major, so it
 * computes the transposed product, and it uses one thread.
 */
final class NetlibProduct extends Product {
  private final BLAS blas = JavaBLAS.getInstance();
  private final float[] c;

  NetlibProduct(Shape shape, int threads) {
    super(shape);
    if (threads != 1) {
      throw new IllegalArgumentException("netlib on " + threads + " threads: must be 1");
    }
    // Without the vector module netlib uses plain loops, and the comparison would be unfair.
    String name = blas.getClass().getSimpleName();
    if (!name.equals("VectorBLAS")) {
      throw new IllegalStateException("netlib uses " + name + ", must be VectorBLAS");
    }
    c = new float[shape.m() * shape.n()];
  }

  @Override
  void run() {
    blas.sgemm(
        shape.orientation() == Orientation.NT ? "T" : "N",
        shape.orientation() == Orientation.TN ? "T" : "N",
        shape.n(),
        shape.m(),
        shape.k(),
        1f,
        operands.b(),
        shape.ldb(),
        operands.a(),
        shape.lda(),
        0f,
        c,
        shape.n());
  }

  @Override
  float[] result() {
    return c;
  }
}
