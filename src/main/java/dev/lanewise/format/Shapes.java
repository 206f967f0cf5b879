package dev.lanewise.format;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Dimensions: their product and their text. */
final class Shapes {
  /** Java arrays end a little before 2^31 elements. */
  static final long MAX_LENGTH = Integer.MAX_VALUE - 8;

  private Shapes() {}

  /** The number of elements, or -1 if a dimension is negative or there are more than fit. */
  static long length(int... shape) {
    boolean empty = false;
    for (int d : shape) {
      if (d < 0) {
        return -1;
      }
      empty |= d == 0;
    }
    if (empty) {
      return 0; // whatever the other dimensions multiply to
    }
    long product = 1;
    for (int d : shape) {
      product *= d; // below 2^31 times below 2^31: no overflow
      if (product > MAX_LENGTH) {
        return -1;
      }
    }
    return product;
  }

  /** As Python writes a tuple: (), (5,), (3, 4). */
  static String text(int... shape) {
    return IntStream.of(shape)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "(", shape.length == 1 ? ",)" : ")"));
  }
}
