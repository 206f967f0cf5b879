package dev.lanewise.format.internal;

import java.util.Arrays;

/** The sizes of arrays. */
public final class Shapes {
  /** The most elements of a Java array, which ends a little before 2^31. */
  public static final long MAX_LENGTH = Integer.MAX_VALUE - 8;

  private Shapes() {}

  /**
   * Returns the number of elements of an array in memory.
   *
   * @param shape the dimensions
   * @return the product, or -1 if a dimension is negative or the product above {@link #MAX_LENGTH}
   */
  public static long length(int... shape) {
    return length(MAX_LENGTH, shape);
  }

  /**
   * Returns the number of elements of an array.
   *
   * @param most the largest number that is allowed, below 2^63 - 1
   * @param shape the dimensions
   * @return the product, or -1 if a dimension is negative or the product too large
   */
  public static long length(long most, int... shape) {
    long product = 1;
    boolean empty = false;
    for (int d : shape) {
      if (d < 0) {
        return -1;
      }
      empty |= d == 0;
      int factor = Math.max(d, 1);
      product = product > most / factor ? most + 1 : product * factor;
    }
    return empty ? 0 : product > most ? -1 : product;
  }

  /**
   * Writes a shape as Python writes a tuple.
   *
   * @param shape the dimensions
   * @return such as {@code ()}, {@code (5,)} or {@code (3, 4)}
   */
  public static String text(int... shape) {
    String list = Arrays.toString(shape);
    return "(" + list.substring(1, list.length() - 1) + (shape.length == 1 ? ",)" : ")");
  }
}
