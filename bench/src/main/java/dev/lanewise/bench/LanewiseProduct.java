package dev.lanewise.bench;

import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.gemm.Epilogue;
import dev.lanewise.kernel.gemm.Gemm;
import dev.lanewise.kernel.gemm.Initial;
import dev.lanewise.kernel.gemm.Orientation;
import dev.lanewise.kernel.gemm.Workspace;
import dev.lanewise.parallel.Team;

/**
 * A product by Lanewise's scalar or vector kernels. Each thread has one Gemm, which computes rows
 * of C in whole register tiles.
 */
final class LanewiseProduct extends Product implements Team.Task {
  private static final int TILE_ROWS = 6;

  private final Team team;
  private final float[] c;
  private final Gemm[] gemms; // [threads]

  LanewiseProduct(Shape shape, boolean scalar, int threads) {
    super(shape);
    team = new Team(threads);
    c = new float[shape.m() * shape.n()];
    gemms = new Gemm[threads];
    for (int member = 0; member < threads; member++) {
      gemms[member] =
          gemm(shape.orientation(), shape.m(), shape.n(), shape.k(), scalar)
              .from(work() == Work.BIAS_RELU ? Initial.BIAS : Initial.ZERO)
              .then(
                  switch (work()) {
                    case PLAIN -> Epilogue.NONE;
                    case BIAS_RELU -> Epilogue.RELU;
                    case RELU_MASK -> Epilogue.RELU_MASK;
                  })
              .b(operands.b(), 0)
              .bias(operands.bias(), 0);
    }
  }

  /** Returns a Gemm with its own workspace, as each thread of the library has. */
  static Gemm gemm(Orientation orientation, int m, int n, int k, boolean scalar) {
    Workspace workspace = new Workspace();
    return scalar
        ? new Gemm(orientation, m, n, k, workspace, null)
        : Kernels.active().gemm(orientation, m, n, k, workspace);
  }

  @Override
  Work work() {
    return Work.of(shape.orientation());
  }

  @Override
  void run() {
    team.run(this);
  }

  @Override
  public void run(int member) {
    int from = share(member);
    int rows = share(member + 1) - from;
    if (rows > 0) {
      boolean transposed = shape.orientation() == Orientation.TN;
      gemms[member]
          .a(operands.a(), transposed ? from : from * shape.lda(), shape.lda())
          .c(c, from * shape.n())
          .mask(operands.mask(), from * shape.n())
          .multiply(rows, shape.k());
    }
  }

  private int share(int member) {
    int tiles = (shape.m() + TILE_ROWS - 1) / TILE_ROWS;
    return Math.min(shape.m(), tiles * member / team.size() * TILE_ROWS);
  }

  @Override
  float[] result() {
    return c;
  }

  @Override
  boolean exact() {
    return true;
  }

  @Override
  public void close() {
    team.close();
  }
}
