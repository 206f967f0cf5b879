package dev.lanewise.data;

import java.util.Arrays;

/** Quantiles of numbers, as {@code numpy.quantile} computes them by default ("linear"). */
final class Quantiles {
  private Quantiles() {}

  /**
   * A quantile.
   *
   * @param numbers in ascending order, or {@link #arrange arranged} for this share
   * @param count how many of them, at least 1
   * @param share from 0 to 1
   * @return the number at {@code share (count - 1)}, on the line between its neighbours
   */
  static double of(double[] numbers, int count, double share) {
    double place = share * (count - 1);
    int below = (int) Math.floor(place);
    double a = numbers[below];
    double b = numbers[Math.min(below + 1, count - 1)];
    double t = place - below;
    double difference = b - a;
    double value = t >= 0.5 ? b - difference * (1 - t) : a + difference * t;
    return value + 0.0; // no negative zero
  }

  /**
   * Puts those numbers in their places that some quantiles are made of, which takes a fraction of
   * the time of sorting them all.
   *
   * @param numbers not NaN
   * @param count how many of them, at least 1
   * @param shares from 0 to 1, ascending
   */
  static void arrange(double[] numbers, int count, double... shares) {
    int from = 0; // all before are in their places or smaller
    for (double share : shares) {
      int below = (int) Math.floor(share * (count - 1));
      for (int place = below; place <= Math.min(below + 1, count - 1); place++) {
        select(numbers, from, count - 1, place);
        from = place;
      }
    }
  }

  /** Hoare's selection: what belongs to a place goes there, smaller numbers before it. */
  private static void select(double[] numbers, int from, int to, int place) {
    int low = from;
    int high = to;
    // Where the parts do not get smaller as they do on average, sorting is the better way.
    for (int left = 2 * (Integer.SIZE - Integer.numberOfLeadingZeros(to - from + 1));
        low < high;
        left--) {
      if (left == 0) {
        Arrays.sort(numbers, low, high + 1);
        return;
      }
      double pivot = middle(numbers[low], numbers[(low + high) >>> 1], numbers[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (numbers[i] < pivot) {
          i++;
        }
        while (numbers[j] > pivot) {
          j--;
        }
        if (i <= j) {
          double swapped = numbers[i];
          numbers[i++] = numbers[j];
          numbers[j--] = swapped;
        }
      }
      if (place <= j) {
        high = j;
      } else if (place >= i) {
        low = i;
      } else {
        return;
      }
    }
  }

  private static double middle(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
