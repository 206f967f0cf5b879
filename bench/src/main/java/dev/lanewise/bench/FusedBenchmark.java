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
 * Measures the forward pass of a layer, relu(X W + b), by Lanewise in one call and by OpenBLAS as a
 * product and a second pass for bias and ReLU ({@link OpenBlasLayer}).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 5,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Dlanewise.kernels=vector"})
@Warmup(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class FusedBenchmark {
  /** The shape of the product: rows of the batch x outputs x inputs. */
  @Param({
    "NN:100x16x2304",
    "NN:100x80x16",
    "NN:100x7x80",
    "NN:1x512x784",
    "NN:1x16x2304",
    "NN:128x512x784",
    "NN:256x1024x1024",
    "NN:512x512x512",
    "NN:1024x1024x1024",
    "NN:2048x2048x2048"
  })
  public String shape;

  /** The implementation. */
  @Param({"lanewise", "openblas"})
  public String impl;

  private Product product;

  /** Makes the operands, checks the result, and waits until the code is compiled. */
  @Setup
  public void prepare() {
    Shape layer = Shape.of(shape);
    if (layer.orientation() != Orientation.NN) {
      throw new IllegalArgumentException("shape " + shape + ": must be NN, a forward pass");
    }
    product = impl.equals("openblas") ? new OpenBlasLayer(layer) : Product.of(impl, layer, 1);
    product.check();
    product.warmUp();
  }

  /** Ends the threads. */
  @TearDown
  public void close() {
    product.close();
  }

  /**
   * Computes the forward pass of a layer.
   *
   * @param flop counts the operations of the product
   */
  @Benchmark
  public void layer(Flop flop) {
    product.run();
    flop.gigaflop += product.shape.flop() * 1e-9;
  }
}
