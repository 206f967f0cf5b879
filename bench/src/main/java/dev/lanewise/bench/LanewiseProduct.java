package dev.lanewise.bench;

import dev.lanewise.kernel.Epilogue;
import dev.lanewise.kernel.Initial;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Orientation;
import dev.lanewise.parallel.Team;

/** Ours, either twin: one call, or one a thread, each on its rows of C, at whole register tiles. */
final class LanewiseProduct extends Product implements Team.Task {
  private static final int TILE_ROWS = 6;

  private final Kernels kernels;
  private final Team team;
  private final Initial initial;
  private final Epilogue epilogue;
  private final float[] c;
  private final float[][] workspaces; // [threads]

  LanewiseProduct(Shape shape, Kernels kernels, int threads) {
    super(shape);
    this.kernels = kernels;
    team = new Team(threads);
    initial = work() == Work.BIAS_RELU ? Initial.BIAS : Initial.ZERO;
    epilogue =
        switch (work()) {
          case PLAIN -> Epilogue.NONE;
          case BIAS_RELU -> Epilogue.RELU;
          case RELU_MASK -> Epilogue.RELU_MASK;
        };
    c = new float[shape.m() * shape.n()];
    workspaces =
        new float[threads]
            [kernels.gemmWorkspace(shape.orientation(), shape.m(), shape.n(), shape.k())];
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
    if (rows == 0) {
      return;
    }
    kernels.gemm(
        shape.orientation(),
        rows,
        shape.n(),
        shape.k(),
        operands.a(),
        shape.orientation() == Orientation.TN ? from : from * shape.lda(),
        shape.lda(),
        operands.b(),
        0,
        shape.ldb(),
        c,
        from * shape.n(),
        shape.n(),
        initial,
        operands.bias(),
        0,
        epilogue,
        operands.mask(),
        from * shape.n(),
        shape.n(),
        workspaces[member]);
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
