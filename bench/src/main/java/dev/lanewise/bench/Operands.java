package dev.lanewise.bench;

import java.util.Random;

/**
 * The operands of a product, which are the same for every implementation.
 *
 * @param a m x k, or k x m for TN
 * @param b k x n, or n x k for NT
 * @param bias [n]
 * @param mask [m][n], about half of it above 0
 */
record Operands(float[] a, float[] b, float[] bias, float[] mask) {
  static Operands of(Shape shape) {
    return new Operands(
        numbers(shape.m() * shape.k(), 1),
        numbers(shape.k() * shape.n(), 2),
        numbers(shape.n(), 3),
        numbers(shape.m() * shape.n(), 4));
  }

  /** Returns random numbers in [-0.5, 0.5). */
  static float[] numbers(int length, long seed) {
    Random random = new Random(seed);
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = random.nextFloat() - 0.5f;
    }
    return numbers;
  }
}
