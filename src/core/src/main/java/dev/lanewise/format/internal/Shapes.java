package dev.lanewise.format.internal;

import java.util.Arrays;

/** Computes the sizes of arrays. */
public final class Shapes {
  /** The maximum length of a Java array, slightly below 2^31. */
  public static final long MAX_LENGTH = Integer.MAX_VALUE - 8;

  private Shapes() {}

  /**
   * Returns the number of elements of an array in memory.
   *
   * @return the product, or -1 if a dimension is negative or the product exceeds {@link
   *     #MAX_LENGTH}
   */
  public static long length(int... shape) {
    return length(MAX_LENGTH, shape);
  }

  /**
   * Returns the number of elements of an array.
   *
   * @param most the largest allowed number, below 2^63 - 1
   * @return the product, or -1 if a dimension is negative or the product exceeds {@code most}
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
   * {@return a shape as Python writes a tuple, such as {@code ()}, {@code (5,)} or {@code (3, 4)}}
   */
  public static String text(int... shape) {
    String list = Arrays.toString(shape);
    return "(" + list.substring(1, list.length() - 1) + (shape.length == 1 ? ",)" : ")");
  }
}
