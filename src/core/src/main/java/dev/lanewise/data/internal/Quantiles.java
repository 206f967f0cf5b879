package dev.lanewise.data.internal;

import java.util.Arrays;

/** Quantiles, computed like {@code numpy.quantile} with its default method ("linear"). */
public final class Quantiles {
  private static final int SAMPLE = 1 << 13;

  /** Four standard deviations of the position of the median in a sample. */
  private static final int SPREAD = 180;

  private Quantiles() {}

  /**
   * Returns a quantile of sorted numbers.
   *
   * @param numbers in ascending order
   * @param count how many of them, at least 1
   * @param share from 0 to 1
   * @return the number at position {@code share (count - 1)}, interpolated between its neighbours
   */
  public static double of(double[] numbers, int count, double share) {
    double place = share * (count - 1);
    int below = (int) Math.floor(place);
    return between(numbers[below], numbers[Math.min(below + 1, count - 1)], place - below);
  }

  private static double between(double a, double b, double t) {
    double difference = b - a;
    double value = t >= 0.5 ? b - difference * (1 - t) : a + difference * t;
    return value + 0.0; // turns -0 into 0
  }

  /**
   * Returns quantiles of numbers in any order, in a fraction of the time of sorting: a sample gives
   * bounds for a quantile, which is then selected among the numbers between the bounds.
   *
   * @param numbers finite
   * @param count how many of them, at least 1
   * @param shares from 0 to 1
   * @return one quantile per share
   */
  public static double[] ofUnsorted(double[] numbers, int count, double... shares) {
    double[] sample = new double[count < 2 * SAMPLE ? 0 : SAMPLE];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = numbers[(int) ((long) i * count / SAMPLE)];
    }
    Arrays.sort(sample);
    double[] quantiles = new double[shares.length];
    for (int s = 0; s < shares.length; s++) {
      double place = shares[s] * (count - 1);
      quantiles[s] = find(numbers, count, sample, (int) Math.floor(place), place);
    }
    return quantiles;
  }

  private static double find(
      double[] numbers, int count, double[] sample, int below, double place) {
    int middle = (int) ((long) below * sample.length / count);
    double low = middle < SPREAD ? Double.NEGATIVE_INFINITY : sample[middle - SPREAD];
    double high =
        middle + SPREAD < sample.length ? sample[middle + SPREAD] : Double.POSITIVE_INFINITY;
    double[] near = new double[sample.length == 0 ? count : SAMPLE];
    int found = 0;
    int less = 0;
    for (int i = 0; i < count; i++) { // without branches, which would be mispredicted
      double x = numbers[i];
      int isLess = (int) (Double.doubleToRawLongBits(x - low) >>> 63);
      int isMore = (int) (Double.doubleToRawLongBits(high - x) >>> 63);
      near = found == near.length ? Arrays.copyOf(near, 2 * found) : near;
      near[found] = x;
      found += 1 - isLess - isMore;
      less += isLess;
    }
    int at = below - less;
    int next = Math.min(at + 1, count - 1 - less);
    if (at < 0 || next >= found) { // the sample was misleading: uses all numbers
      near = Arrays.copyOf(numbers, count);
      found = count;
      at = below;
      next = Math.min(below + 1, count - 1);
    }
    select(near, 0, found - 1, at);
    select(near, at, found - 1, next);
    return between(near[at], near[next], place - below);
  }

  /** Hoare's selection: moves the element of a position there, and smaller numbers before it. */
  private static void select(double[] numbers, int from, int to, int place) {
    int low = from;
    int high = to;
    // After more rounds than usual, sorting is faster.
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
