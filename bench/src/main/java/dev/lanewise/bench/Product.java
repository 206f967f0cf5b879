package dev.lanewise.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** A matrix product by one implementation, with operands in its own layout. */
abstract class Product implements AutoCloseable {
  /** Length of a warm-up period in nanoseconds; consecutive periods must have similar rates. */
  private static final long PIECE = 150_000_000;

  private static final int ALIKE = 7;
  private static final double NEARLY = 0.9;

  /** Longest compilation time within the compared periods. */
  private static final int FEW_MILLISECONDS = 10;

  /** Property: the longest warm-up in seconds, as rates on a busy machine may never be similar. */
  static final String LONGEST_WARM_UP = "lanewise.bench.longest";

  /**
   * Property: whether an unstable rate is measured, too, after a line that begins with its name.
   */
  static final String ALSO_UNSTABLE = "lanewise.bench.unstable";

  final Shape shape;
  final Operands operands;

  Product(Shape shape) {
    this.shape = shape;
    operands = Operands.of(shape);
  }

  /**
   * Returns the implementation with a name: lanewise, scalar, openblas or netlib. Lanewise also
   * does the {@link Work} of a layer, for which a BLAS has no call.
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

  /** Computes C, which is the measured part. */
  abstract void run();

  /** Returns the result of the last run. */
  abstract float[] result();

  /** Returns the operation that is applied to the product. */
  Work work() {
    return Work.PLAIN;
  }

  /** Returns whether the result must be exact to the last bit. */
  boolean exact() {
    return false;
  }

  /** Fails if the result is wrong. */
  final void check() {
    run();
    new Reference(shape, operands, work()).check(result(), exact());
  }

  /**
   * Computes C until its rate is stable, which shows that the JVM has compiled the code. Small
   * products are interpreted for more than a second.
   *
   * @throws IllegalStateException if it does not become stable, so that JMH prints no rate
   */
  final void warmUp() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long end = System.nanoTime() + Integer.getInteger(LONGEST_WARM_UP, 15) * 1_000_000_000L;
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
    if (!Boolean.getBoolean(ALSO_UNSTABLE)) {
      throw new IllegalStateException(
          shape + ": the rate was not stable at the end of the warm-up, so it is not measured");
    }
    System.out.println(ALSO_UNSTABLE + ": " + shape);
  }

  @Override
  public void close() {}
}
