package dev.lanewise.cli;

import java.util.List;

/**
 * The result of {@link GradientCheck}.
 *
 * @param parameters one per parameter array, from the last layer to the first: W3, b3, W2, b2, W1,
 *     b1
 */
public record GradientCheckResult(List<Parameter> parameters) {
  /** Largest difference that passes, relative to the array's largest numerical gradient. */
  public static final double TOLERANCE = 1e-3;

  /**
   * Difference that float32 rounding explains and that always passes, relative to the largest
   * numerical gradient of all arrays: sixteen unit roundoffs, 2^-20. The slope of a saturated
   * sigmoid needs it: for a sum of 40 it is 4e-18, and 0 in float32. A sum over ten rows whose
   * terms cancel needs it too.
   */
  static final double ROUNDING = 0x1p-20;

  /** Copies the list. */
  public GradientCheckResult {
    parameters = List.copyOf(parameters);
  }

  /** {@return whether every array passed} */
  public boolean passed() {
    return parameters.stream().allMatch(Parameter::passed);
  }

  /**
   * One array of parameters.
   *
   * @param name such as W3 or b3, as in model files
   * @param shape [inputs, outputs] of weights, [outputs] of biases
   * @param elements those that were compared; none if a kink of an activation was too near to all
   *     that were tried
   * @param rounding the largest difference that always passes, from {@link #ROUNDING}
   */
  public record Parameter(
      String name, List<Integer> shape, List<Element> elements, double rounding) {
    /** Copies the lists. */
    public Parameter {
      shape = List.copyOf(shape);
      elements = List.copyOf(elements);
    }

    /**
     * {@return the largest difference, {@code max |analytic - numerical|}, at least 0; NaN if a
     * gradient is}
     */
    public double maxDifference() {
      return max(true);
    }

    /**
     * {@return the largest numerical gradient, {@code max |numerical|}, at least 0; NaN if a
     * gradient is}
     */
    public double maxNumerical() {
      return max(false);
    }

    /**
     * {@return the largest difference relative to the largest numerical gradient: {@code
     * maxDifference / maxNumerical}; 0 if no gradient differs from 0}
     */
    public double relativeDifference() {
      return maxDifference() == 0 ? 0 : maxDifference() / maxNumerical();
    }

    /**
     * {@return whether the array's gradients are right: {@code maxDifference <= max(1e-3
     * maxNumerical, rounding)}, and at least one element was compared}
     */
    public boolean passed() {
      return !elements.isEmpty()
          && maxDifference() <= Math.max(TOLERANCE * maxNumerical(), rounding);
    }

    private double max(boolean difference) {
      double max = 0;
      for (Element element : elements) {
        double subtrahend = difference ? element.analytic() : 0;
        max = Math.max(max, Math.abs(element.numerical() - subtrahend));
      }
      return max;
    }
  }

  /**
   * One element of an array and the two gradients of the loss with respect to it.
   *
   * @param index its place in the array, row-major
   * @param analytic by backpropagation, in float
   * @param numerical by central differences, in double
   */
  public record Element(int index, double analytic, double numerical) {}
}
