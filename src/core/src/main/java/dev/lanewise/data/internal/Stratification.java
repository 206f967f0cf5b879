package dev.lanewise.data.internal;

import dev.lanewise.format.ArgumentException;
import dev.lanewise.format.FormatException;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * Divides rows so that every class gives its share, by the method of the largest remainder: of n
 * rows, t of which are to be taken, a class of c rows gives {@code t c / n} rounded down, and what
 * is still missing comes one each from the classes with the largest remainders, of equal ones the
 * lower number. Each gives its last rows; what is taken and what stays keeps its order. All of it
 * in whole numbers, and without chance.
 */
public final class Stratification {
  private Stratification() {}

  /** The same for rows of a file, whose classes are null if its targets are numbers. */
  public static int[] order(int[] classes, int validation, int test, String file, String targets)
      throws FormatException {
    if (classes == null) {
      throw new FormatException(
          targets, "targets that are numbers, expected classes to stratify by");
    }
    if (validation + test == 0) {
      throw new FormatException(
          file,
          "%s rows for training and nothing to stratify, expected a share for validation, or more"
              + " rows",
          classes.length);
    }
    return order(classes, validation, test);
  }

  /** Rows that stay, then those for validation, then those for test; each part in order. */
  public static int[] order(int[] classes, int validation, int test) {
    int[] outer = order(classes, test);
    int rest = classes.length - test;
    int[] restClasses = new int[rest];
    for (int i = 0; i < rest; i++) {
      restClasses[i] = classes[outer[i]];
    }
    int[] inner = order(restClasses, validation);
    for (int i = 0; i < rest; i++) {
      inner[i] = outer[inner[i]];
    }
    System.arraycopy(inner, 0, outer, 0, rest);
    return outer;
  }

  /** Rows that stay, then those that are taken. */
  private static int[] order(int[] classes, int taken) {
    int[] staying = staying(classes, taken); // of each class
    int[] order = new int[classes.length];
    int at = 0;
    int end = classes.length - taken;
    for (int row = 0; row < classes.length; row++) {
      if (staying[classes[row]]-- > 0) {
        order[at++] = row;
      } else {
        order[end++] = row;
      }
    }
    return order;
  }

  private static int[] staying(int[] classes, int taken) {
    int largest = 0;
    for (int label : classes) {
      largest = Math.max(largest, label);
    }
    int[] staying = new int[largest + 1];
    for (int label : classes) {
      staying[label]++;
    }
    long rows = Math.max(1, classes.length);
    long[] remainders = new long[staying.length]; // largest first: complement and class
    int missing = taken;
    for (int c = 0; c < staying.length; c++) {
      long product = (long) taken * staying[c];
      missing -= (int) (product / rows);
      staying[c] -= (int) (product / rows);
      remainders[c] = rows - product % rows << 32 | c;
    }
    Arrays.sort(remainders);
    for (int i = 0; i < missing; i++) {
      staying[(int) remainders[i]]--;
    }
    return staying;
  }

  /**
   * A share of some rows, rounded down: of the decimal number that is written, for 100 times the
   * double 0.29 is below 29.
   */
  public static int share(double fraction, int rows) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw ArgumentException.of("data: a share of", fraction, "a number from 0 to below 1");
    }
    return BigDecimal.valueOf(fraction).multiply(BigDecimal.valueOf(rows)).intValue();
  }
}
