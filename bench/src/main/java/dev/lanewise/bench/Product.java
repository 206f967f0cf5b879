package dev.lanewise.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** One implementation of a matrix product, with its operands where it wants them. */
abstract class Product implements AutoCloseable {
  /** Nanoseconds, of which so many in a row have to be alike. */
  private static final long PIECE = 150_000_000;

  private static final int ALIKE = 7;
  private static final double NEARLY = 0.9;

  /** Of compilation in that time. */
  private static final int FEW_MILLISECONDS = 10;

  /** Nanoseconds; a machine may be too busy for figures that are alike. */
  private static final long LONGEST_WARM_UP = 15_000_000_000L;

  final Shape shape;
  final Operands operands;

  Product(Shape shape) {
    this.shape = shape;
    operands = Operands.of(shape);
  }

  /**
   * The implementation of a name: lanewise, scalar, openblas or netlib. Ours do the {@link Work} of
   * a layer too; a BLAS has no such call.
   */
  static Product of(String implementation, Shape shape, int threads) {
    return switch (implementation) {
      case "lanewise" -> new LanewiseProduct(shape, false, threads);
      case "scalar" -> new LanewiseProduct(shape, true, threads);
      case "openblas" -> new OpenBlasProduct(shape, threads);
      case "netlib" -> new NetlibProduct(shape, threads);
      default ->
          throw new IllegalArgumentException(
              "implementation "
                  + implementation
                  + ": must be lanewise, scalar, openblas or netlib");
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

  /**
   * Computes C until that takes the same time again and again, for the JVM is done with compiling
   * then: small products are interpreted for a second and more.
   */
  final void warmUp() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long end = System.nanoTime() + LONGEST_WARM_UP;
    double[] rates = new double[ALIKE];
    long[] compiled = new long[ALIKE]; // ms
    for (int i = 0; System.nanoTime() < end; i++) {
      long start = System.nanoTime();
      int runs = 0;
      do {
        run();
        runs++;
      } while (System.nanoTime() - start < PIECE);
      long before = compiled[i % ALIKE];
      rates[i % ALIKE] = runs / (double) (System.nanoTime() - start);
      compiled[i % ALIKE] = compiler.getTotalCompilationTime();
      double least = Arrays.stream(rates).min().orElseThrow();
      double most = Arrays.stream(rates).max().orElseThrow();
      if (least > NEARLY * most && compiled[i % ALIKE] - before < FEW_MILLISECONDS) {
        return;
      }
    }
  }

  @Override
  public void close() {}
}
