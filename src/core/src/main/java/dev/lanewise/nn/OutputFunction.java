package dev.lanewise.nn;

import dev.lanewise.engine.internal.Objective.Results;
import dev.lanewise.format.internal.EnumLabels;
import dev.lanewise.kernel.KernelSet;
import dev.lanewise.kernel.math.Nonlinearity;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * The function from the outputs of the last layer to results: the inverse of the link function of a
 * generalised linear model (McCullagh and Nelder, "Generalized Linear Models", 1989).
 *
 * <p>A constant describes its function completely; its name is that of an operator of ONNX.
 */
public enum OutputFunction {
  /** {@code exp(x_j) / sum of exp(x)}: the probabilities of classes. */
  SOFTMAX(
      null,
      null,
      null,
      (x, rows, columns, results, offset, scratch) ->
          KernelSet.active().softmax(rows, columns, x, 0, results, offset, scratch)),

  /** {@code 1 / (1 + exp(-x))} of each output: its probability. */
  SIGMOID(
      Nonlinearity::sigmoid,
      Activation.SIGMOID::of,
      p -> p * (1 - p),
      (x, rows, columns, results, offset, scratch) -> {
        // In place, because nobody needs the outputs any more.
        KernelSet.active().activation(Activation.SIGMOID.kernel, 0, rows * columns, x, x, scratch);
        System.arraycopy(x, 0, results, offset, rows * columns);
      }),

  /** The outputs themselves. */
  IDENTITY(
      x -> x,
      x -> x,
      y -> 1,
      (x, rows, columns, results, offset, scratch) ->
          System.arraycopy(x, 0, results, offset, rows * columns));

  /** A function of floats. */
  private interface Rounded {
    float of(float x);
  }

  private final Rounded rounded; // this and the next two: null for a function of whole rows
  private final DoubleUnaryOperator formula;
  private final DoubleUnaryOperator slope;
  final transient Results results;

  OutputFunction(
      Rounded rounded, DoubleUnaryOperator formula, DoubleUnaryOperator slope, Results results) {
    this.rounded = rounded;
    this.formula = formula;
    this.slope = slope;
    this.results = results;
  }

  /** {@return the name, such as softmax} */
  public String label() {
    return EnumLabels.of(this);
  }

  /** {@return the operator of ONNX, such as Softmax, along the outputs of a row} */
  public String operator() {
    return label().substring(0, 1).toUpperCase(Locale.ROOT) + label().substring(1);
  }

  /**
   * {@return the result of an output, with the bits that a predictor gives}
   *
   * @param output an output of the last layer
   * @throws NullPointerException for softmax, whose results depend on all outputs
   */
  public float of(float output) {
    return rounded.of(output);
  }

  /**
   * {@return the result of an output in double: the definition against which the kernel is checked}
   *
   * @param output an output of the last layer
   * @throws NullPointerException for softmax, whose results depend on all outputs
   */
  public double of(double output) {
    return formula.applyAsDouble(output);
  }

  /**
   * {@return the results of a row in double}
   *
   * @param outputs the outputs of the last layer
   */
  public double[] of(double[] outputs) {
    if (formula != null) {
      return Arrays.stream(outputs).map(formula).toArray();
    }
    double largest = Arrays.stream(outputs).max().orElse(0);
    double[] results = new double[outputs.length];
    double sum = 0;
    for (int k = 0; k < results.length; k++) {
      results[k] = StrictMath.exp(outputs[k] - largest);
      sum += results[k];
    }
    for (int k = 0; k < results.length; k++) {
      results[k] /= sum;
    }
    return results;
  }

  /**
   * {@return the derivative of a result with respect to its output}
   *
   * @param result as {@link #of(double)} gives it
   * @throws NullPointerException for softmax, whose results depend on all outputs
   */
  public double slope(double result) {
    return slope.applyAsDouble(result);
  }
}
