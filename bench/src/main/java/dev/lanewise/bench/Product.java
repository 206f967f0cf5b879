package dev.lanewise.bench;

import dev.lanewise.kernel.Kernels;

/** One implementation of a matrix product, with its operands where it wants them. */
abstract class Product implements AutoCloseable {
  final Shape shape;
  final Operands operands;

  Product(Shape shape) {
    this.shape = shape;
    operands = Operands.of(shape);
  }

  /**
   * The implementation of a name: lanewise, blocks (the same with A in blocks), scalar, openblas or
   * netlib. Ours do the {@link Work} of a layer too; a BLAS has no such call.
   */
  static Product of(String implementation, Shape shape, int threads) {
    return switch (implementation) {
      case "lanewise" -> new LanewiseProduct(shape, Kernels.active(), false, threads);
      case "blocks" -> new LanewiseProduct(shape, Kernels.active(), true, threads);
      case "scalar" -> new LanewiseProduct(shape, Kernels.scalar(), false, threads);
      case "openblas" -> new OpenBlasProduct(shape, threads);
      case "netlib" -> new NetlibProduct(shape, threads);
      default ->
          throw new IllegalArgumentException(
              "implementation "
                  + implementation
                  + ": must be lanewise, blocks, scalar, openblas or netlib");
    };
  }

  /** Computes C: what is timed. */
  abstract void run();

  /** The result of the last run. */
  abstract float[] result();

  /** What is done to the product. */
  Work work() {
    return Work.PLAIN;
  }

  /** Whether the result is promised to the last bit. */
  boolean exact() {
    return false;
  }

  /** Fails unless the result is right. */
  final void check() {
    run();
    new Reference(shape, operands, work()).check(result(), exact());
  }

  @Override
  public void close() {}
}
