package dev.lanewise.bench;

import dev.lanewise.kernel.Aligned;
import dev.lanewise.kernel.Blocks;
import dev.lanewise.kernel.Epilogue;
import dev.lanewise.kernel.Initial;
import dev.lanewise.kernel.Kernels;
import dev.lanewise.kernel.Orientation;
import dev.lanewise.parallel.Team;
import java.util.Arrays;

/**
 * Ours, either twin: one call, or one a thread, each on its rows of C, at whole register tiles and
 * blocks. A stands in rows or in {@link Blocks}, as the inputs of a network may.
 */
final class LanewiseProduct extends Product implements Team.Task {
  private static final int TILE_ROWS = 6;

  /** Whole blocks of 8 rows of A^T, and whole tiles. */
  private static final int BLOCK_ROWS = 24;

  private final Kernels kernels;
  private final Team team;
  private final Initial initial;
  private final Epilogue epilogue;
  private final float[] a;
  private final int lda;
  private final float[] c;
  private final float[][] workspaces; // [threads]

  LanewiseProduct(Shape shape, Kernels kernels, boolean blocks, int threads) {
    super(shape);
    boolean transposed = shape.orientation() == Orientation.TN;
    int rows = transposed ? shape.k() : shape.m();
    int columns = transposed ? shape.m() : shape.k();
    lda = blocks ? -Blocks.step(rows) : shape.lda();
    a = blocks ? new float[(int) Blocks.size(rows, columns)] : operands.a();
    for (int i = 0; i < rows && blocks; i++) {
      for (int j = 0; j < columns; j++) {
        a[Blocks.place(i, j, lda)] = operands.a()[i * shape.lda() + j];
      }
    }
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
    int size = kernels.gemmWorkspace(shape.orientation(), shape.m(), shape.n(), shape.k());
    workspaces = new float[threads][];
    Arrays.setAll(workspaces, thread -> Aligned.floats(size)); // as the library has them
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
        a,
        shape.orientation() == Orientation.TN
            ? Blocks.place(0, from, lda)
            : Blocks.place(from, 0, lda),
        lda,
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
    int tile = lda < 0 ? BLOCK_ROWS : TILE_ROWS;
    int tiles = (shape.m() + tile - 1) / tile;
    return Math.min(shape.m(), tiles * member / team.size() * tile);
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
