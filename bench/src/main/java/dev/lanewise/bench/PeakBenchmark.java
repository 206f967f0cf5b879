package dev.lanewise.bench;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
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
 * Measures the peak rate of a core with twelve independent chains of fused multiply-adds without
 * memory access. Twelve chains keep two units with a latency of six cycles busy, and fit into
 * sixteen registers. Each result is the addend of the next step, as in a product; if it were a
 * factor, C2 would copy the addend.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PeakBenchmark {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int ROUNDS = 100_000;
  private static final int CHAINS = 12;

  private float one = 1; // not final, so that the JVM cannot compute the chain when it compiles

  private final float[] sums = new float[S.length() * CHAINS];

  /** Checks that the chains give the same results one at a time. */
  @Setup
  public void check() {
    chains(10, sums);
    for (int i = 0; i < sums.length; i++) {
      float expected = 1 + i / S.length();
      for (int r = 0; r < 10; r++) {
        expected = Math.fma(0.999f, 0.001f, expected);
      }
      if (sums[i] != expected) {
        throw new AssertionError("chain " + i + " is " + sums[i] + ", must be " + expected);
      }
    }
  }

  /**
   * Computes 100000 rounds of twelve multiply-adds.
   *
   * @param flop counts the operations
   * @return the sums, so that they are not optimised away
   */
  @Benchmark
  public float[] fma(Flop flop) {
    chains(ROUNDS, sums);
    flop.gigaflop += 2e-9 * S.length() * CHAINS * ROUNDS;
    return sums;
  }

  /**
   * Computes one chain. Its rate limits products with few outputs, because each output is one chain
   * (1.83 GFLOP/s at 3.66 GHz and 4 cycles).
   *
   * @param flop counts the operations
   * @return the sum, so that it is not optimised away
   */
  @Benchmark
  public float chain(Flop flop) {
    float sum = one;
    for (int r = 0; r < ROUNDS; r++) {
      sum = Math.fma(sum, 0.999f, 0.001f);
    }
    flop.gigaflop += 2e-9 * ROUNDS;
    return sum;
  }

  private static void chains(int rounds, float[] sums) {
    FloatVector x = FloatVector.broadcast(S, 0.999f);
    FloatVector y = FloatVector.broadcast(S, 0.001f);
    FloatVector s0 = FloatVector.broadcast(S, 1f);
    FloatVector s1 = FloatVector.broadcast(S, 2f);
    FloatVector s2 = FloatVector.broadcast(S, 3f);
    FloatVector s3 = FloatVector.broadcast(S, 4f);
    FloatVector s4 = FloatVector.broadcast(S, 5f);
    FloatVector s5 = FloatVector.broadcast(S, 6f);
    FloatVector s6 = FloatVector.broadcast(S, 7f);
    FloatVector s7 = FloatVector.broadcast(S, 8f);
    FloatVector s8 = FloatVector.broadcast(S, 9f);
    FloatVector s9 = FloatVector.broadcast(S, 10f);
    FloatVector s10 = FloatVector.broadcast(S, 11f);
    FloatVector s11 = FloatVector.broadcast(S, 12f);
    for (int r = 0; r < rounds; r++) {
      s0 = x.fma(y, s0);
      s1 = x.fma(y, s1);
      s2 = x.fma(y, s2);
      s3 = x.fma(y, s3);
      s4 = x.fma(y, s4);
      s5 = x.fma(y, s5);
      s6 = x.fma(y, s6);
      s7 = x.fma(y, s7);
      s8 = x.fma(y, s8);
      s9 = x.fma(y, s9);
      s10 = x.fma(y, s10);
      s11 = x.fma(y, s11);
    }
    int l = S.length();
    s0.intoArray(sums, 0);
    s1.intoArray(sums, l);
    s2.intoArray(sums, 2 * l);
    s3.intoArray(sums, 3 * l);
    s4.intoArray(sums, 4 * l);
    s5.intoArray(sums, 5 * l);
    s6.intoArray(sums, 6 * l);
    s7.intoArray(sums, 7 * l);
    s8.intoArray(sums, 8 * l);
    s9.intoArray(sums, 9 * l);
    s10.intoArray(sums, 10 * l);
    s11.intoArray(sums, 11 * l);
  }
}
