package dev.lanewise.bench;

import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.math.Nonlinearity;
import dev.lanewise.kernel.math.Nonlinearity.Formula;
import dev.lanewise.kernel.math.ScaledRows;
import dev.lanewise.kernel.math.VectorActivation;
import dev.lanewise.nn.Activation;
import java.util.Locale;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures activations of 256 rows of 256 units, forward and backward, by vector code, by scalar
 * code, and by their definition in double with {@link StrictMath}. It also measures the gradient of
 * the biases, and a step's work on the input factors of a layer with 256 inputs and units.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ActivationBenchmark {
  private static final int UNITS = 256;
  private static final int LENGTH = UNITS * UNITS;
  private static final int INPUTS = 29;

  /** The activation. */
  @Param({"ELU", "SELU", "GELU", "SILU", "MISH", "TANH"})
  public Formula formula;

  private Nonlinearity function;
  private Activation definition;
  private float[] sums;
  private float[] outputs;
  private float[] gradient;
  private float[] weights; // [inputs][units], followed by the factors
  private float[] weightGradient;
  private final float[] scratch = new float[Nonlinearity.SCRATCH];
  private final float[] partialSums = new float[ScaledRows.SCRATCH];

  /** Makes the operands, and checks that vector and scalar code agree to the bit. */
  @Setup
  public void prepare() {
    function = new Nonlinearity(formula);
    definition = Activation.of(formula.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    sums = Operands.numbers(LENGTH, 1);
    outputs = new float[LENGTH];
    gradient = Operands.numbers(LENGTH, 2);
    weights = Operands.numbers(INPUTS * (UNITS + 1), 3);
    weightGradient = Operands.numbers(INPUTS * (UNITS + 1), 4);
    forward();
    for (int i = 0; i < LENGTH; i++) {
      float expected = function.activate(sums[i]);
      boolean isNear = Math.abs(outputs[i] - definition.of(sums[i])) < 1e-6 * (1 + outputs[i]);
      if (expected != outputs[i] || !isNear) {
        throw new IllegalStateException(sums[i] + ": " + expected + ", " + outputs[i]);
      }
    }
  }

  /** Computes outputs with vectors. */
  @Benchmark
  public void forward() {
    VectorActivation.activate(function, 0, LENGTH, sums, outputs, scratch);
  }

  /** Computes gradients with vectors. */
  @Benchmark
  public void backward() {
    float[] kept = function.keepsPreActivations() ? sums : outputs;
    VectorActivation.backward(function, 0, LENGTH, kept, gradient, scratch);
  }

  /** Computes outputs one value at a time. */
  @Benchmark
  public void forwardOneByOne() {
    for (int i = 0; i < LENGTH; i++) {
      outputs[i] = function.activate(sums[i]);
    }
  }

  /** Computes gradients one value at a time. */
  @Benchmark
  public void backwardOneByOne() {
    float[] kept = function.keepsPreActivations() ? sums : outputs;
    for (int i = 0; i < LENGTH; i++) {
      gradient[i] = function.backward(kept[i], gradient[i]);
    }
  }

  /** Computes outputs by the definition. */
  @Benchmark
  public void forwardByStrictMath() {
    for (int i = 0; i < LENGTH; i++) {
      outputs[i] = (float) definition.of(sums[i]);
    }
  }

  /** Computes the gradient of the biases. */
  @Benchmark
  public void columnSums() {
    KernelSet.active().columnSums(UNITS, UNITS, sums, 0, UNITS, outputs, 0);
  }

  /** Computes the gradients of factors and weights, and the product of factors and weights. */
  @Benchmark
  public void inputFactors() {
    int factors = INPUTS * UNITS;
    ScaledRows.gradients(0, INPUTS, UNITS, weights, weightGradient, factors, partialSums);
    ScaledRows.scale(0, INPUTS, UNITS, weights, factors, outputs);
  }
}
