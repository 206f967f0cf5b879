package dev.lanewise.kernel;

import dev.lanewise.kernel.simd.Fma;

/**
 * The {@link Updates} of parameters whose state is subnormal, to the same bits, for processors that
 * take 150 cycles for an operation on such numbers. They are not rare: a unit that has died, or an
 * input that is 0 in many rows, has gradients of 0, and then means shrink to subnormal numbers and
 * stay at the least that rounding does not shrink further, 4 times 2^-149 with beta 0.9.
 *
 * <p>Of a gradient of 0 the product of beta and a mean is all that is left. A subnormal number is
 * an integer times 2^-149, and so is the product: rounding to whole numbers gives it, and nothing
 * of that is subnormal. And the weight stays as it is, for what is subtracted is less than a
 * quarter of its last bit. All other parameters follow the formula (38807 of Adam's on an Intel: 16
 * us, 336 if all means are subnormal, so 112).
 */
public final class SubnormalUpdates {
  /** Whether the processor takes long for subnormal numbers; others had better not look. */
  public static final boolean PAY = Processor.isIntel();

  private static final int MAGNITUDE = 0x7fffffff;

  /** Bits of 2^-60: weights of less might change by what is subtracted. */
  private static final int LEAST_WEIGHT = 127 - 60 << 23;

  private static final int LEAST_NORMAL = 0x00800000;

  private static final int INFINITY = 0x7f800000;

  private static final float TWO_23 = 0x1p23f;

  private static final int TWO_23_BITS = Float.floatToRawIntBits(TWO_23);

  /** Below a quarter of the last bit of the least weight, with room for roundings: 2^-87. */
  private static final double LEAST_STEP = 0x1p-87;

  private SubnormalUpdates() {}

  /**
   * Whether numbers of a range are subnormal.
   *
   * @param x the array
   * @param offset where the range starts
   * @param length its length
   * @return whether one is
   */
  public static boolean contains(float[] x, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (isSubnormal(Float.floatToRawIntBits(x[i]))) {
        return true;
      }
    }
    return false;
  }

  /**
   * {@link Updates#momentum}, or with {@code nesterov} {@link Updates#nesterov}.
   *
   * @param nesterov which of both
   * @param offset where the range starts, in all three arrays
   * @param length number of parameters
   * @param eta the learning rate
   * @param mu the momentum
   * @param gradient g
   * @param weights w, updated
   * @param velocities u, updated
   */
  public static void momentum(
      boolean nesterov,
      int offset,
      int length,
      float eta,
      float mu,
      float[] gradient,
      float[] weights,
      float[] velocities) {
    if (!(eta * (double) Float.MIN_NORMAL <= LEAST_STEP)) {
      formula(nesterov, offset, length, eta, mu, gradient, weights, velocities);
      return;
    }
    int end = offset + length;
    for (int i = offset; i < end; ) {
      int from = i;
      while (i < end && !rests(gradient[i], weights[i], mu, velocities[i])) {
        i++;
      }
      if (from < i) {
        formula(nesterov, from, i - from, eta, mu, gradient, weights, velocities);
      }
      for (; i < end && rests(gradient[i], weights[i], mu, velocities[i]); i++) {
        velocities[i] = shrunk(mu, velocities[i]);
      }
    }
  }

  private static void formula(
      boolean nesterov,
      int offset,
      int length,
      float eta,
      float mu,
      float[] gradient,
      float[] weights,
      float[] velocities) {
    if (nesterov) {
      Updates.nesterov(offset, length, eta, mu, gradient, weights, velocities);
    } else {
      Updates.momentum(offset, length, eta, mu, gradient, weights, velocities);
    }
  }

  /**
   * {@link Updates#rmsProp}.
   *
   * @param offset where the range starts, in all three arrays
   * @param length number of parameters
   * @param eta the learning rate
   * @param beta what the mean of squares keeps
   * @param rest beta' = 1 - beta, rounded once
   * @param epsilon added to the root
   * @param gradient g
   * @param weights w, updated
   * @param squares v, updated
   */
  public static void rmsProp(
      int offset,
      int length,
      float eta,
      float beta,
      float rest,
      float epsilon,
      float[] gradient,
      float[] weights,
      float[] squares) {
    int end = offset + length;
    for (int i = offset; i < end; ) {
      int from = i;
      while (i < end && !squareRests(gradient[i], weights[i], beta, squares[i])) {
        i++;
      }
      if (from < i) {
        Updates.rmsProp(from, i - from, eta, beta, rest, epsilon, gradient, weights, squares);
      }
      for (; i < end && squareRests(gradient[i], weights[i], beta, squares[i]); i++) {
        squares[i] = shrunk(beta, squares[i]);
      }
    }
  }

  private static boolean squareRests(float gradient, float weight, float beta, float square) {
    return square > 0 && rests(gradient, weight, beta, square);
  }

  /**
   * {@link Updates#adam}.
   *
   * @param offset where the range starts, in all four arrays
   * @param length number of parameters
   * @param beta1 what the mean of gradients keeps
   * @param rest1 beta1' = 1 - beta1, rounded once
   * @param beta2 what the mean of squares keeps
   * @param rest2 beta2' = 1 - beta2, rounded once
   * @param stepSize the learning rate over the bias correction of m
   * @param correction 1 over the root of the bias correction of v
   * @param epsilon added to the corrected root
   * @param gradient g
   * @param weights w, updated
   * @param means m, updated
   * @param squares v, updated
   */
  public static void adam(
      int offset,
      int length,
      float beta1,
      float rest1,
      float beta2,
      float rest2,
      float stepSize,
      float correction,
      float epsilon,
      float[] gradient,
      float[] weights,
      float[] means,
      float[] squares) {
    boolean still = stepSize * (double) Float.MIN_NORMAL / epsilon <= LEAST_STEP;
    int end = offset + length;
    for (int i = offset; i < end; ) {
      int from = i;
      i = still ? active(i, end, beta1, beta2, gradient, weights, means, squares) : end;
      if (from < i) {
        Updates.adam(
            from,
            i - from,
            beta1,
            rest1,
            beta2,
            rest2,
            stepSize,
            correction,
            epsilon,
            gradient,
            weights,
            means,
            squares);
      }
      i = shrink(i, end, beta1, beta2, gradient, weights, means, squares);
    }
  }

  /** Where what follows the formula from a place on ends. */
  private static int active(
      int from,
      int end,
      float beta1,
      float beta2,
      float[] gradient,
      float[] weights,
      float[] means,
      float[] squares) {
    int i = from;
    while (i < end && !rests(gradient[i], weights[i], beta1, means[i], beta2, squares[i])) {
      i++;
    }
    return i;
  }

  /** Shrinks what rests from a place on; gives where that ends. */
  private static int shrink(
      int from,
      int end,
      float beta1,
      float beta2,
      float[] gradient,
      float[] weights,
      float[] means,
      float[] squares) {
    int i = from;
    for (; i < end && rests(gradient[i], weights[i], beta1, means[i], beta2, squares[i]); i++) {
      means[i] = shrunk(beta1, means[i]);
      squares[i] = shrunk(beta2, squares[i]);
    }
    return i;
  }

  /** Whether of Adam's two means one is at rest, and the other, too, or costs nothing. */
  private static boolean rests(
      float gradient, float weight, float beta1, float mean, float beta2, float square) {
    if (gradient != 0 || !isLarge(weight)) {
      return false;
    }
    int m = Float.floatToRawIntBits(mean);
    int v = Float.floatToRawIntBits(square);
    boolean shrinks = isSubnormal(m) && isNumber(shrunk(beta1, mean));
    return v > 0 && isSubnormal(v)
        ? (shrinks || m == 0) && isNumber(shrunk(beta2, square))
        : shrinks && v >= 0 && v < INFINITY;
  }

  private static boolean rests(float gradient, float weight, float beta, float mean) {
    return gradient == 0
        && isLarge(weight)
        && isSubnormal(Float.floatToRawIntBits(mean))
        && isNumber(shrunk(beta, mean));
  }

  /** Whether it is not 0: of products that are, the formula knows the sign. */
  private static boolean isNumber(float product) {
    return (Float.floatToRawIntBits(product) & MAGNITUDE) != 0;
  }

  private static boolean isSubnormal(int bits) {
    int magnitude = bits & MAGNITUDE;
    return magnitude > 0 && magnitude < LEAST_NORMAL;
  }

  private static boolean isLarge(float weight) {
    return (Float.floatToRawIntBits(weight) & MAGNITUDE) >= LEAST_WEIGHT;
  }

  /** Beta times a number that may be subnormal. */
  private static float shrunk(float beta, float x) {
    int bits = Float.floatToRawIntBits(x);
    if (!isSubnormal(bits)) {
      return beta * x;
    }
    // With 2^23 before it the integer is a float, and so is the sum, whose last bit is 1.
    float number = Float.intBitsToFloat(bits & MAGNITUDE | TWO_23_BITS) - TWO_23;
    int product = Float.floatToRawIntBits(Fma.fma(beta, number, TWO_23)) ^ TWO_23_BITS;
    return Float.intBitsToFloat(bits & ~MAGNITUDE | product);
  }
}
