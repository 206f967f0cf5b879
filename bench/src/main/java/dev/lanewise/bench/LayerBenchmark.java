package dev.lanewise.bench;

import dev.lanewise.kernel.KernelSet;
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
 * Measures the passes of a layer in a training step: the forward pass with bias and ReLU fused into
 * the product or in separate passes, and the gradients of inputs, weights and biases.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 5,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Dlanewise.kernels=vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LayerBenchmark {
  /** Rows of the mini-batch, inputs and outputs, separated by {@code x}. */
  @Param({"100x2304x16", "100x16x80", "128x784x512", "128x512x512"})
  public String layer;

  /** {@code lanewise} for the vector kernels, or {@code scalar}. */
  @Param({"lanewise", "scalar"})
  public String impl;

  private int rows;
  private int inputs;
  private int outputs;
  private float[] x; // [rows][inputs]
  private float[] w; // [inputs][outputs]
  private float[] bias; // [outputs]
  private float[] y; // [rows][outputs]
  private float[] dy; // [rows][outputs]
  private float[] dx; // [rows][inputs]
  private float[] dw; // [inputs][outputs]
  private float[] db; // [outputs]
  private dev.lanewise.engine.Product fused;
  private dev.lanewise.engine.Product plain;
  private dev.lanewise.engine.Product inputGradient;
  private dev.lanewise.engine.Product weightGradient;

  /** Makes the operands, and checks one element of each result. */
  @Setup
  public void prepare() {
    String[] sizes = layer.split("x");
    rows = Integer.parseInt(sizes[0]);
    inputs = Integer.parseInt(sizes[1]);
    outputs = Integer.parseInt(sizes[2]);
    x = Operands.numbers(rows * inputs, 1);
    w = Operands.numbers(inputs * outputs, 2);
    bias = Operands.numbers(outputs, 3);
    dy = Operands.numbers(rows * outputs, 4);
    y = new float[rows * outputs];
    dx = new float[rows * inputs];
    dw = new float[inputs * outputs];
    db = new float[outputs];
    LanewiseProduct.choose(impl.equals("scalar"));
    fused = forward().bias(bias, 0).relu();
    plain = forward();
    inputGradient =
        LanewiseProduct.product(Orientation.NT, rows, inputs, outputs)
            .a(dy, 0, outputs)
            .b(w, 0)
            .mask(x, 0)
            .c(dx, 0);
    weightGradient =
        LanewiseProduct.product(Orientation.TN, inputs, outputs, rows)
            .a(x, 0, inputs)
            .b(dy, 0)
            .c(dw, 0);
    check();
  }

  private dev.lanewise.engine.Product forward() {
    return LanewiseProduct.product(Orientation.NN, rows, outputs, inputs)
        .a(x, 0, inputs)
        .b(w, 0)
        .c(y, 0);
  }

  private void check() {
    Flop flop = new Flop();
    separatePasses(flop);
    float[] separate = y.clone();
    fused(flop);
    int i = rows - 1;
    int j = outputs - 1;
    float sum = bias[j];
    for (int p = 0; p < inputs; p++) {
      sum = Math.fma(x[i * inputs + p], w[p * outputs + j], sum);
    }
    require(y[i * outputs + j], sum < 0 ? 0 : sum);
    for (int o = 0; o < y.length; o++) {
      // One adds the bias first and the other last, so the results differ by rounding.
      if (Math.abs(y[o] - separate[o]) > 1e-6 * (10 + inputs)) {
        throw new AssertionError("separate passes differ at " + o);
      }
    }
    backward(flop);
    int input = inputs - 1;
    float gradient = 0;
    for (int p = 0; p < outputs; p++) {
      gradient = Math.fma(dy[i * outputs + p], w[input * outputs + p], gradient);
    }
    require(dx[i * inputs + input], x[i * inputs + input] > 0 ? gradient : 0);
    gradient = 0;
    float biasGradient = 0;
    for (int p = 0; p < rows; p++) {
      gradient = Math.fma(x[p * inputs + input], dy[p * outputs + j], gradient);
      biasGradient += dy[p * outputs + j];
    }
    require(dw[input * outputs + j], gradient);
    require(db[j], biasGradient);
  }

  private static void require(float actual, float expected) {
    if (actual != expected) {
      throw new AssertionError(actual + ", must be " + expected);
    }
  }

  /**
   * Computes Y = relu(X W + b) in one call.
   *
   * @param flop counts the operations of the product
   */
  @Benchmark
  public void fused(Flop flop) {
    fused.multiply(rows, inputs);
    flop.gigaflop += 2e-9 * rows * inputs * outputs;
  }

  /**
   * Computes Y = X W, adds b in a second pass, and applies ReLU in a third.
   *
   * @param flop counts the operations of the product
   */
  @Benchmark
  public void separatePasses(Flop flop) {
    plain.multiply(rows, inputs);
    for (int i = 0; i < rows; i++) {
      int row = i * outputs;
      for (int j = 0; j < outputs; j++) {
        y[row + j] += bias[j];
      }
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = y[i] < 0 ? 0 : y[i];
    }
    flop.gigaflop += 2e-9 * rows * inputs * outputs;
  }

  /**
   * Computes dX = dY W^T, masked by the previous ReLU, dW = X^T dY, and db = column sums of dY.
   *
   * @param flop counts the operations of the two products
   */
  @Benchmark
  public void backward(Flop flop) {
    inputGradient.multiply(rows, outputs);
    weightGradient.multiply(inputs, rows);
    KernelSet.active().columnSums(rows, outputs, dy, 0, outputs, db, 0);
    flop.gigaflop += 4e-9 * rows * inputs * outputs;
  }
}
