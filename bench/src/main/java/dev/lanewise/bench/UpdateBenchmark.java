package dev.lanewise.bench;

import dev.lanewise.kernel.math.Updates;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the updates of a step as plain loops, and Adam and plain gradient descent also with the
 * Vector API. The comparison shows why the library has only loops. The sizes are those of a layer's
 * biases and of the parameters of 2304-16-80-7 and 784-512-512-10.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 5, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class UpdateBenchmark {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final float BETA_1 = 0.9f;
  private static final float BETA_2 = 0.999f;
  private static final float RATE = 1e-3f;
  private static final float EPSILON = 1e-8f;
  private static final Updates.Averages AVERAGES = Updates.Averages.of(BETA_1, BETA_2, EPSILON);

  /** Number of parameters. */
  @Param({"80", "38807", "669706"})
  public int parameters;

  private float[] gradient;
  private float[] weights;
  private float[] means;
  private float[] squares;
  private float[] zeros;
  private float[] leastMeans;
  private float[] leastSquares;

  /** Makes the operands, and checks that both forms of Adam agree to the bit. */
  @Setup
  public void prepare() {
    gradient = Operands.numbers(parameters, 1);
    weights = Operands.numbers(parameters, 2);
    means = new float[parameters];
    squares = new float[parameters];
    zeros = new float[parameters];
    leastMeans = new float[parameters];
    leastSquares = new float[parameters];
    Arrays.fill(leastMeans, 4 * Float.MIN_NORMAL); // times beta1, it is rounded to itself
    Arrays.fill(leastSquares, 500 * Float.MIN_NORMAL);
    float[] start = weights.clone();
    adam();
    float[] loops = weights.clone();
    System.arraycopy(start, 0, weights, 0, parameters);
    means = new float[parameters];
    squares = new float[parameters];
    adamByVectorApi();
    for (int i = 0; i < S.loopBound(parameters); i++) {
      if (loops[i] != weights[i]) {
        throw new IllegalStateException("parameter " + i + ": " + loops[i] + ", " + weights[i]);
      }
    }
  }

  /** Updates by plain gradient descent. */
  @Benchmark
  public void sgd() {
    Updates.sgd(0, parameters, RATE, gradient, weights);
  }

  /** Updates by plain gradient descent with the Vector API, for whole vectors only. */
  @Benchmark
  public void sgdByVectorApi() {
    FloatVector step = FloatVector.broadcast(S, -RATE);
    for (int i = 0, end = S.loopBound(parameters); i < end; i += S.length()) {
      step.fma(FloatVector.fromArray(S, gradient, i), FloatVector.fromArray(S, weights, i))
          .intoArray(weights, i);
    }
  }

  /** Updates with momentum. */
  @Benchmark
  public void momentum() {
    Updates.momentum(0, parameters, RATE, BETA_1, gradient, weights, means);
  }

  /** Updates with Nesterov's momentum. */
  @Benchmark
  public void nesterov() {
    Updates.nesterov(0, parameters, RATE, BETA_1, gradient, weights, means);
  }

  /** Updates by RMSProp. */
  @Benchmark
  public void rmsProp() {
    Updates.rmsProp(0, parameters, RATE, AVERAGES, gradient, weights, squares);
  }

  /** Updates by Adam. */
  @Benchmark
  public void adam() {
    Updates.adam(
        0, parameters, AVERAGES, RATE, 1, gradient, weights, new float[][] {means, squares});
  }

  /** Updates by Adam with zero gradients and the smallest state, as for dead units. */
  @Benchmark
  public void adamOfDeadUnits() {
    Updates.adam(
        0, parameters, AVERAGES, RATE, 1, zeros, weights, new float[][] {leastMeans, leastSquares});
  }

  /** Updates by Adam with the Vector API, for whole vectors only. */
  @Benchmark
  public void adamByVectorApi() {
    FloatVector step = FloatVector.broadcast(S, -RATE);
    FloatVector beta1 = FloatVector.broadcast(S, BETA_1);
    FloatVector rest1 = FloatVector.broadcast(S, 1 - BETA_1);
    FloatVector beta2 = FloatVector.broadcast(S, BETA_2);
    FloatVector rest2 = FloatVector.broadcast(S, 1 - BETA_2);
    FloatVector correction = FloatVector.broadcast(S, 1);
    FloatVector epsilon = FloatVector.broadcast(S, EPSILON);
    FloatVector rounder = FloatVector.broadcast(S, 0x1.8p-103f);
    for (int i = 0, end = S.loopBound(parameters); i < end; i += S.length()) {
      FloatVector g = FloatVector.fromArray(S, gradient, i);
      FloatVector m = rest1.fma(g, beta1.mul(FloatVector.fromArray(S, means, i)));
      m = m.add(rounder).sub(rounder);
      FloatVector v = rest2.mul(g).fma(g, beta2.mul(FloatVector.fromArray(S, squares, i)));
      v = v.add(rounder).sub(rounder);
      m.intoArray(means, i);
      v.intoArray(squares, i);
      FloatVector ratio = m.div(correction.fma(v.sqrt(), epsilon));
      step.fma(ratio, FloatVector.fromArray(S, weights, i)).intoArray(weights, i);
    }
  }
}
