package dev.lanewise.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures matrix products of any shape by Lanewise, OpenBLAS and netlib's VectorBLAS:
 *
 * <pre>java -jar benchmarks.jar GemmBenchmark -p shape=NN:512x512x512 -p impl=lanewise,openblas
 * </pre>
 *
 * Lanewise also does the work of a layer in the measured time: NN adds the bias and applies ReLU,
 * and NT masks the gradient of a ReLU. The others compute the product alone. {@link Compare} prints
 * a table.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 5,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Dlanewise.kernels=vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GemmBenchmark {
  /** Warm-up time per product; all products of a table take 2 s, in which they are compiled. */
  private static final long USE_NANOSECONDS = 100_000_000;

  /** The orientation and m x n x k. */
  @Param({
    "NN:100x16x2304",
    "NN:100x80x16",
    "NN:100x7x80",
    "TN:2304x16x100",
    "TN:16x80x100",
    "TN:80x7x100",
    "NT:100x80x7",
    "NT:100x16x80",
    "NN:128x512x784",
    "TN:784x512x128",
    "NT:128x512x512",
    "NN:256x1024x1024",
    "TN:1024x1024x256",
    "NT:256x1024x1024",
    "NN:1x512x784",
    "NN:1x16x2304",
    "NN:512x512x512",
    "NN:2048x2048x2048"
  })
  public String shape;

  /** The implementation. */
  @Param({"lanewise", "scalar", "openblas", "netlib"})
  public String impl;

  /** Number of threads, which must be 1 for netlib. */
  @Param("1")
  public int threads;

  /** Tells whether other products run first, so that the JVM's profiles have several shapes. */
  @Param("false")
  public boolean mixed;

  private Product product;

  /** Makes the operands, checks the result, and waits until the code is compiled. */
  @Setup
  public void prepare() {
    if (mixed) {
      Shapes.TABLE.forEach(this::use);
    }
    product = Product.of(impl, Shape.of(shape), threads);
    product.check();
    product.warmUp();
  }

  private void use(Shape other) {
    try (Product user = Product.of(impl, other, threads)) {
      long end = System.nanoTime() + USE_NANOSECONDS;
      do {
        user.run();
      } while (System.nanoTime() < end);
    }
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    product.close();
  }

  /**
   * Computes the product.
   *
   * @param flop counts the operations
   */
  @Benchmark
  public void gemm(Flop flop) {
    product.run();
    flop.gigaflop += product.shape.flop() * 1e-9;
  }
}
