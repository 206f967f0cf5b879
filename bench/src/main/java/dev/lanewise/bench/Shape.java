package dev.lanewise.bench;

import dev.lanewise.kernel.Orientation;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A matrix product as the benchmarks name it, such as {@code NN:100x16x2304}: m x n, sum over k.
 */
record Shape(Orientation orientation, int m, int n, int k) {
  private static final Pattern PATTERN = Pattern.compile("(NN|NT|TN):(\\d+)x(\\d+)x(\\d+)");

  static Shape of(String text) {
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "shape " + text + ": must be NN, NT or TN and m x n x k, such as NN:100x16x2304");
    }
    return new Shape(
        Orientation.valueOf(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)),
        Integer.parseInt(matcher.group(4)));
  }

  int lda() {
    return orientation == Orientation.TN ? m : k;
  }

  int ldb() {
    return orientation == Orientation.NT ? k : n;
  }

  double flop() {
    return 2.0 * m * n * k;
  }

  /** Numbers in [-0.5, 0.5), the same for every implementation. */
  static float[] numbers(int length, long seed) {
    Random random = new Random(seed);
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = random.nextFloat() - 0.5f;
    }
    return numbers;
  }

  float[] a() {
    return numbers(m * k, 1);
  }

  float[] b() {
    return numbers(k * n, 2);
  }

  /**
   * Fails unless a result is the product: exactly the chain of the contract, or, for peers, which
   * order their sums otherwise, within the error of a float sum.
   */
  void check(float[] c, boolean exact) {
    float[] a = a();
    float[] b = b();
    // Some thousand outputs, spread over the result, the last row and column among them.
    int rowStep = Math.max(1, m / 40);
    int columnStep = Math.max(1, n / 40);
    for (int i = m - 1; i >= 0; i -= rowStep) {
      for (int j = n - 1; j >= 0; j -= columnStep) {
        float chain = 0;
        double sum = 0;
        for (int p = 0; p < k; p++) {
          float x = orientation == Orientation.TN ? a[p * m + i] : a[i * k + p];
          float y = orientation == Orientation.NT ? b[j * k + p] : b[p * n + j];
          chain = Math.fma(x, y, chain);
          sum += (double) x * y;
        }
        float actual = c[i * n + j];
        boolean right = exact ? actual == chain : Math.abs(actual - sum) <= 1e-6 * (10 + k);
        if (!right) {
          throw new AssertionError(
              this + ": element (" + i + ", " + j + ") is " + actual + ", must be " + chain);
        }
      }
    }
  }
}
