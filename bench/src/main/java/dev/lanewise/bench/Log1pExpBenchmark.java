package dev.lanewise.bench;

import dev.lanewise.kernel.math.Elementary;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.VectorActivation;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures log(1 + exp(x)) of 256 values up to 0 by vector code, by scalar code, and in double by
 * the JDK's {@link Math} and by {@link StrictMath}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
public class Log1pExpBenchmark {
  private static final int LENGTH = 256;

  private float[] x;
  private final float[] y = new float[LENGTH];
  private final Nonlinearity softplus = new Nonlinearity(Nonlinearity.Formula.SOFTPLUS);
  private final float[] scratch = new float[Nonlinearity.SCRATCH];

  /** Makes the values, and checks that vector and scalar code agree to the bit. */
  @Setup
  public void prepare() {
    x = Operands.numbers(LENGTH, 1);
    for (int i = 0; i < LENGTH; i++) {
      x[i] = -5 * Math.abs(x[i]);
    }
    vectors();
    for (int i = 0; i < LENGTH; i++) {
      double exact = StrictMath.log1p(StrictMath.exp(x[i]));
      if (y[i] != Elementary.log1pExp(x[i]) || Math.abs(y[i] - exact) > 1e-6 * exact) {
        throw new IllegalStateException(x[i] + ": " + y[i]);
      }
    }
  }

  /** Computes softplus, which has these values, with vectors, and copies the values first. */
  @Benchmark
  public void vectors() {
    System.arraycopy(x, 0, y, 0, LENGTH);
    VectorActivation.activate(softplus, 0, LENGTH, y, y, scratch);
  }

  /** Computes one value at a time. */
  @Benchmark
  public void oneByOne() {
    for (int i = 0; i < LENGTH; i++) {
      y[i] = Elementary.log1pExp(x[i]);
    }
  }

  /** Computes with {@link Math}, whose functions are intrinsics of the JVM. */
  @Benchmark
  public void jdk() {
    for (int i = 0; i < LENGTH; i++) {
      y[i] = (float) Math.log1p(Math.exp(x[i]));
    }
  }

  /** Computes with {@link StrictMath}. */
  @Benchmark
  public void strictMath() {
    for (int i = 0; i < LENGTH; i++) {
      y[i] = (float) StrictMath.log1p(StrictMath.exp(x[i]));
    }
  }
}
