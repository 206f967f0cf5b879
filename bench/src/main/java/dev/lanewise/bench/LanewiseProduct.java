package dev.lanewise.bench;

import dev.lanewise.parallel.Team;
import java.util.function.IntConsumer;

/**
 * A product by Lanewise's scalar or vector kernels, as a program computes it. Each thread has an
 * object of its own, which computes rows of C in whole register tiles. The threads are those of a
 * training step, which the library does not export.
 */
final class LanewiseProduct extends Product implements IntConsumer {
  private static final int TILE_ROWS = 6;

  private final Team team;
  private final float[] c;
  private final dev.lanewise.engine.Product[] products; // [threads]

  LanewiseProduct(Shape shape, boolean scalar, int threads) {
    super(shape);
    choose(scalar);
    team = new Team(threads);
    c = new float[shape.m() * shape.n()];
    products = new dev.lanewise.engine.Product[threads];
    for (int member = 0; member < threads; member++) {
      products[member] =
          product(shape.orientation(), shape.m(), shape.n(), shape.k()).b(operands.b(), 0);
      if (work() == Work.BIAS_RELU) {
        products[member].bias(operands.bias(), 0).relu();
      }
    }
  }

  /** Chooses the kernels of this JVM, which must have computed nothing before. */
  private static void choose(boolean scalar) {
    if (scalar) {
      System.setProperty("lanewise.kernels", "scalar");
    }
    String kernels = dev.lanewise.engine.Product.kernels();
    if (kernels.startsWith("scalar") != scalar) {
      throw new IllegalStateException("expected other kernels than " + kernels);
    }
  }

  private static dev.lanewise.engine.Product product(Orientation orientation, int m, int n, int k) {
    return switch (orientation) {
      case NN -> dev.lanewise.engine.Product.nn(m, n, k);
      case NT -> dev.lanewise.engine.Product.nt(m, n, k);
      case TN -> dev.lanewise.engine.Product.tn(m, n, k);
    };
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
  public void accept(int member) {
    int from = share(member);
    int rows = share(member + 1) - from;
    if (rows > 0) {
      boolean transposed = shape.orientation() == Orientation.TN;
      dev.lanewise.engine.Product product = products[member];
      if (work() == Work.RELU_MASK) {
        product.mask(operands.mask(), from * shape.n());
      }
      product
          .a(operands.a(), transposed ? from : from * shape.lda(), shape.lda())
          .c(c, from * shape.n())
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
